"""What a receipt printer makes of a byte stream: ESC/POS read by the printer's manual, and not by our encoder.

What it does not know lands in `unknown`, what would open a cash drawer is counted; it must never be kinder than paper.
photo.py draws what is on it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

_CODE_PAGES = {0: "cp437", 2: "cp850", 9: "cp1252", 16: "cp1252", 19: "cp858"}
_TAKES = {  # how many bytes follow the two of the command
    **dict.fromkeys((b"\x1b@", b"\x1c&", b"\x1c."), 0),
    **dict.fromkeys((b"\x1bt", b"\x1bE", b"\x1ba", b"\x1bd", b"\x1bJ", b"\x1bM", b"\x1b!", b"\x1d!", b"\x1dr"), 1),
    **dict.fromkeys((b"\x1dL", b"\x1dW"), 2),
    b"\x1bp": 3,
}
_FONT_A, _FONT_B = 12, 9  # dots of a letter; half a hanzi has 12 in both


@dataclass(frozen=True, slots=True)
class Style:
    bold: bool = False
    scale: int = 1
    small: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a line; `dots` is how wide it prints."""

    text: str
    style: Style
    dots: int


@dataclass(frozen=True, slots=True)
class Area:
    """Where on the paper: dots from the left edge, how many dots wide (0: all there are), and whether in its middle."""

    margin: int = 0
    dots: int = 0
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    pieces: tuple[Text, ...]
    area: Area


@dataclass(frozen=True, slots=True)
class Picture:
    """One bit a dot, rows of whole bytes; `scale` is how many dots of paper one takes each way."""

    data: bytes
    bytes_wide: int
    scale: int
    area: Area


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code that the printer draws by itself."""

    text: str
    module: int
    area: Area


@dataclass(frozen=True, slots=True)
class Feed:
    dots: int


Printed = Line | Picture | Code | Feed


class Paper:
    """What has been printed: the interpreter of the byte stream. `answers` is what the printer has to say.

    `receipts` are the texts of what came to its cut, `sheets` the same with pictures and fonts.
    """

    def __init__(self) -> None:
        self.receipts: list[str] = []
        self.sheets: list[tuple[Printed, ...]] = []
        self.qr: list[str] = []
        self.pictures: list[Picture] = []
        self.unknown: list[bytes] = []
        self.drawer_kicks = 0
        self.widest = 0
        self.answers = b""
        self._buffer = b""
        self._sheet: list[Printed] = []
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
        lines = ["".join(piece.text for piece in line.pieces) for line in self._sheet if isinstance(line, Line)]
        return "\n".join(lines).lstrip("\n")

    def _reset(self) -> None:
        self._chinese, self._page, self._style, self._area = False, "cp437", Style(), Area()
        self._code_dots, self._symbol = 3, b""
        self._run, self._pieces = b"", list[Text]()

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
        if name == b"\x1dv":
            return self._raster(data)
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
        elif body[1:2] == b"C":
            self._code_dots = body[2]
        elif body[1:3] == b"Q0":
            self.qr.append(self._symbol.decode())
            self._sheet.append(Code(self.qr[-1], self._code_dots, self._area))
        return size

    def _raster(self, data: bytes) -> int:
        """GS v 0 m xL xH yL yH …: only at the beginning of a line."""
        if len(data) < 8:
            return 0
        wide, rows = int.from_bytes(data[4:6], "little"), int.from_bytes(data[6:8], "little")
        if len(data) < (size := 8 + wide * rows):
            return 0
        if data[2:3] != b"0" or data[3] not in (0, 3) or self._run or self._pieces:
            self.unknown.append(data[:8])
        else:
            self.pictures.append(Picture(data[8:size], wide, 2 if data[3] else 1, self._area))
            self._sheet.append(self.pictures[-1])
        return size

    def _command(self, name: bytes, values: bytes) -> None:
        self._decode()
        match name:
            case b"\x1d!":
                self._style = replace(self._style, scale=(values[0] >> 4) + 1)
            case b"\x1bE":
                self._style = replace(self._style, bold=bool(values[0] & 1))
            case b"\x1bM":
                self._style = replace(self._style, small=bool(values[0] & 1))
            case b"\x1ba":
                self._area = replace(self._area, centred=values[0] in (1, 49))
            case b"\x1dL":
                self._area = replace(self._area, margin=int.from_bytes(values, "little"))
            case b"\x1dW":
                self._area = replace(self._area, dots=int.from_bytes(values, "little"))
            case b"\x1bt":
                self._page = _CODE_PAGES.get(values[0], "ascii")
            case b"\x1c&" | b"\x1c.":
                self._chinese = name == b"\x1c&"
            case b"\x1b@":
                self._reset()
            case b"\x1bp":
                self.drawer_kicks += 1
            case b"\x1dr":
                self.answers += b"\x00"
            case b"\x1bJ":
                self._sheet.append(Feed(values[0]))
            case b"\x1dV" | b"\x1bd":
                self._cut()

    def _cut(self) -> None:
        if self._pieces:
            self._end_line()
        self.receipts.append(self.torn)
        self.sheets.append(tuple(self._sheet))
        self._sheet = []

    def _decode(self) -> None:
        """What was read since the fonts changed last becomes letters."""
        if not self._run:
            return
        text = self._run.decode("gb18030" if self._chinese else self._page, "replace")
        narrow = _FONT_B if self._style.small else _FONT_A
        wide = sum(len(char.encode("gb18030", "replace")) > 1 for char in text) if self._chinese else 0
        dots = (wide * 2 * _FONT_A + (len(text) - wide) * narrow) * self._style.scale
        self._pieces.append(Text(text, self._style, dots))
        self._run = b""

    def _end_line(self) -> None:
        self._decode()
        self.widest = max(self.widest, -(-sum(piece.dots for piece in self._pieces) // _FONT_A))
        self._sheet.append(Line(tuple(self._pieces), self._area))
        self._pieces = []
