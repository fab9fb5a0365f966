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

from devices.paper import Paper

_REAL_TIME = re.compile(rb"\x10\x04([\x01-\x04])")  # DLE EOT n works wherever it stands, even inside data
_POLL_S = 0.02


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
