"""What a receipt printer makes of a byte stream: ESC/POS read by the printer's manual, and not by our encoder.

What it does not know lands in `unknown`, what would open a cash drawer is counted; it must never be kinder than paper.
"""

from __future__ import annotations

_CODE_PAGES = {0: "cp437", 2: "cp850", 16: "cp1252", 19: "cp858"}
_TAKES = {  # how many bytes follow the two of the command
    **dict.fromkeys((b"\x1b@", b"\x1c&", b"\x1c."), 0),
    **dict.fromkeys((b"\x1bt", b"\x1bE", b"\x1ba", b"\x1bd", b"\x1b!", b"\x1d!", b"\x1dr"), 1),
    b"\x1bp": 3,
}


class Paper:
    """What has been printed: the interpreter of the byte stream. `answers` is what the printer has to say."""

    def __init__(self) -> None:
        self.receipts: list[str] = []
        self.qr: list[str] = []
        self.unknown: list[bytes] = []
        self.drawer_kicks = 0
        self.widest = 0
        self.answers = b""
        self._buffer = b""
        self._lines: list[str] = []
        self._reset()

    def feed(self, data: bytes) -> None:
        """Print as much as is complete."""
        self._buffer += data
        while self._buffer and (taken := self._step(self._buffer)):
            self._buffer = self._buffer[taken:]

    def switch_off(self) -> None:
        """What was not printed yet is lost; what stands on the paper stays there."""
        self._buffer = b""
        self._reset()

    @property
    def torn(self) -> str:
        """What was printed of a receipt that never came to its end."""
        return "\n".join(self._lines)

    def _reset(self) -> None:
        self._chinese, self._page, self._scale = False, "cp437", 1
        self._run, self._line, self._cells, self._symbol = b"", "", 0, b""

    def _step(self, data: bytes) -> int:
        """Work the first command or byte of text. How many bytes that was; 0 where more must come first."""
        if data[0] == 0x0A:
            self._end_line()
            return 1
        if data[0] >= 0x20:
            self._run += data[:1]
            return 1
        name = data[:2]
        if len(data) < 2:
            return 0
        if name == b"\x1d(":
            return self._long(data)
        if name == b"\x1dV":
            size = 4 if data[2:3] in (b"A", b"B") else 3
        elif name in _TAKES:
            size = 2 + _TAKES[name]
        else:
            self.unknown.append(name)
            return 1
        if len(data) < size:
            return 0
        self._command(name, data[2:size])
        return size

    def _long(self, data: bytes) -> int:
        """GS ( x pL pH …: only the QR code of GS ( k is known here."""
        if len(data) < 5 or len(data) < (size := 5 + int.from_bytes(data[3:5], "little")):
            return 0
        body = data[5:size]
        if data[2:3] != b"k" or body[:1] != b"1":
            self.unknown.append(data[:size])
        elif body[1:3] == b"P0":
            self._symbol = body[3:]
        elif body[1:3] == b"Q0":
            self.qr.append(self._symbol.decode())
        return size

    def _command(self, name: bytes, values: bytes) -> None:
        if name == b"\x1d!":
            self._decode()
            self._scale = (values[0] >> 4) + 1
        elif name == b"\x1bt":
            self._decode()
            self._page = _CODE_PAGES.get(values[0], "ascii")
        elif name in (b"\x1c&", b"\x1c."):
            self._decode()
            self._chinese = name == b"\x1c&"
        elif name == b"\x1b@":
            self._reset()
        elif name == b"\x1bp":
            self.drawer_kicks += 1
        elif name == b"\x1dr":
            self.answers += b"\x00"
        elif name in (b"\x1dV", b"\x1bd"):
            if self._run or self._line:
                self._end_line()
            self.receipts.append(self.torn)
            self._lines = []

    def _decode(self) -> None:
        self._cells += len(self._run) * self._scale
        self._line += self._run.decode("gb18030" if self._chinese else self._page, "replace")
        self._run = b""

    def _end_line(self) -> None:
        self._decode()
        self.widest = max(self.widest, self._cells)
        if self._line or self._lines:
            self._lines.append(self._line)
        self._line, self._cells = "", 0
