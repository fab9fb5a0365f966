"""A simulated receipt printer on a real TCP port: for training, for tests, and for a shop that waits for its printer.

It reads ESC/POS by the printer's manual and not by our encoder: what it does not know lands in `unknown`, what would
open a cash drawer is counted. It can run out of paper, keep silent, and break off; it must never be kinder than paper.
"""

from __future__ import annotations

import re
import socket
import struct
from contextlib import suppress
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

_CODE_PAGES = {0: "cp437", 2: "cp850", 16: "cp1252", 19: "cp858"}
_REAL_TIME = re.compile(rb"\x10\x04([\x01-\x04])")  # DLE EOT n works wherever it stands, even inside data
_TAKES = {  # how many bytes follow the two of the command
    **dict.fromkeys((b"\x1b@", b"\x1c&", b"\x1c."), 0),
    **dict.fromkeys((b"\x1bt", b"\x1bE", b"\x1ba", b"\x1bd", b"\x1b!", b"\x1d!", b"\x1dr"), 1),
    b"\x1bp": 3,
}
_POLL_S = 0.02


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


class PrinterTwin:
    """A printer that listens on 127.0.0.1:`port` while the context is open. After it, everything sent is printed.

    `silent` answers no question; `reset_after` breaks the connection after so many bytes, as a cut cable does not
    but a printer that is switched off does; `runs_out_after` ends the roll after so many. Without paper it holds what
    comes until `load_paper`.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        *,
        paper: bool = True,
        silent: bool = False,
        reset_after: int | None = None,
        runs_out_after: int | None = None,
    ) -> None:
        self.raw = b""
        self.paper = Paper()
        self._has_paper = paper
        self._silent = silent
        self._reset_after = reset_after
        self._left = runs_out_after
        self._held = b""
        self._lock = Lock()
        self._closing = Event()
        self._listener = socket.create_server((self.host, 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = Thread(target=self._serve, name="printer twin", daemon=True)

    @property
    def receipts(self) -> list[str]:
        """The text of each receipt that came to its cut, as it reads on the paper."""
        return list(self.paper.receipts)

    @property
    def qr(self) -> list[str]:
        return list(self.paper.qr)

    def load_paper(self) -> None:
        """A new roll: what was held is printed."""
        with self._lock:
            self._has_paper, self._left = True, None
            held, self._held = self._held, b""
            self._print(held)

    def __enter__(self) -> Self:
        self._listener.settimeout(_POLL_S)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.switch_off()

    def switch_off(self) -> None:
        """Nobody answers at its port from now on."""
        self._closing.set()
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        """One connection at a time, as printers do."""
        while True:
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                if self._closing.is_set():
                    return
                continue
            with connection, suppress(OSError):
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        connection.settimeout(_POLL_S)
        unread = b""
        while True:
            try:
                heard = connection.recv(4096)
            except TimeoutError:
                if self._closing.is_set():
                    return
                continue
            if not heard:
                return
            self.raw += heard
            if self._reset_after is not None and len(self.raw) > self._reset_after:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return  # to close without lingering resets
            unread = self._take(connection, unread + heard)

    def _take(self, connection: socket.socket, data: bytes) -> bytes:
        """Answer what is asked in real time, print or hold the rest. Gives back a question that is not whole yet."""
        asked = [match[1] for match in _REAL_TIME.finditer(data)]
        data = _REAL_TIME.sub(b"", data)
        unread = next((end for end in (b"\x10\x04", b"\x10") if data.endswith(end)), b"")
        data = data.removesuffix(unread) if unread else data
        with self._lock:
            answer = b"".join(self._status(number) for number in asked)
            self._print(data)
            answer, self.paper.answers = answer + self.paper.answers, b""
        if not self._silent:
            connection.sendall(answer)
        return unread

    def _print(self, data: bytes) -> None:
        """Print what the paper takes, and hold the rest."""
        if self._has_paper and self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                self._held, data = data[self._left :], data[: self._left]
                self._has_paper = False
                self.paper.feed(data)
                return
        if self._has_paper:
            self.paper.feed(data)
        else:
            self._held += data

    def _status(self, number: bytes) -> bytes:
        """An answer to DLE EOT: 0xx1xx10, and bits that say "out"."""
        out = {b"\x01": 0x08, b"\x02": 0x20, b"\x04": 0x60}.get(number, 0)
        return bytes([0x12 | (0 if self._has_paper else out)])
