"""A simulated receipt printer on a real TCP port or a real pty: for training, for tests, and for a shop that waits for

its printer. What it prints and answers is decided in twin_engine.py; here are its sockets.
"""

from __future__ import annotations

import os
import select
import socket
import struct
import termios
import tty
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

from devices.paper import Paper
from devices.twin_engine import Engine, Knobs

_POLL_S = 0.02


class Twin:
    """What both doors share. After the context, everything that was sent is printed."""

    def __init__(self, knobs: Knobs) -> None:
        self.engine = Engine(knobs)
        self._closing = Event()
        self._thread = Thread(target=self._serve, name="printer twin", daemon=True)

    @property
    def knobs(self) -> Knobs:
        return self.engine.knobs

    @property
    def paper(self) -> Paper:
        return self.engine.paper

    @property
    def raw(self) -> bytes:
        return self.engine.raw

    @property
    def receipts(self) -> list[str]:
        """The text of each receipt that came to its cut, as it reads on the paper."""
        return list(self.paper.receipts)

    @property
    def qr(self) -> list[str]:
        return list(self.paper.qr)

    def load_paper(self) -> None:
        """A new roll: what was held is printed."""
        self.engine.turn(paper=True, runs_out_after=None)

    def turn(self, **knobs: object) -> None:
        self.engine.turn(**knobs)

    def well(self) -> None:
        """All as at first."""
        self.engine.turn(**asdict(Knobs()))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.switch_off()

    def switch_off(self) -> None:
        """Nobody answers from now on."""
        self._closing.set()
        self._thread.join()

    def _serve(self) -> None:
        raise NotImplementedError


class PrinterTwin(Twin):
    """A printer that listens on 127.0.0.1:`port` (0: one that is free) while the context is open.

    One connection at a time, as printers do. `hangs_up` closes its own direction at once, and goes on reading.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        *,
        paper: bool = True,
        silent: bool = False,
        reset_after: int | None = None,
        runs_out_after: int | None = None,
        hangs_up: bool = False,
        port: int = 0,
    ) -> None:
        super().__init__(Knobs(paper, silent=silent, reset_after=reset_after, runs_out_after=runs_out_after))
        self.hangs_up = hangs_up
        self._listener = socket.create_server((self.host, port))
        self._listener.settimeout(_POLL_S)
        self.port: int = self._listener.getsockname()[1]

    def switch_off(self) -> None:
        super().switch_off()
        self._listener.close()

    def _serve(self) -> None:
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
        if self.hangs_up:
            connection.shutdown(socket.SHUT_WR)
        while True:
            if not self.hangs_up and (said := self.engine.say()):
                connection.sendall(said)
            size = self.engine.reads()
            ready = select.select([connection], [], [], _POLL_S)[0] if size else self._closing.wait(_POLL_S)
            if self._closing.is_set() and not (size and ready):
                return
            if not (size and ready):
                continue
            if not (heard := connection.recv(size)):
                return
            if not self.engine.take(heard):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return  # to close without lingering resets
            if self.knobs.baud:
                self._closing.wait(_POLL_S)


class PtyTwin(Twin):
    """A printer on a serial line (a pty) at `path`; `link` is a name for it that stays the same."""

    def __init__(self, knobs: Knobs | None = None, link: Path | None = None) -> None:
        super().__init__(knobs or Knobs())
        self._link = link
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs, termios.TCSANOW)
        self.path = Path(os.ttyname(self._theirs))
        if link is not None:
            link.unlink(missing_ok=True)
            link.symlink_to(self.path)

    def stop_flow(self) -> None:
        """XOFF: the line stops in the kernel of who writes, where it is set up for that."""
        os.write(self._ours, b"\x13")

    def go_on(self) -> None:
        """XON."""
        os.write(self._ours, b"\x11")

    def switch_off(self) -> None:
        """The cable is pulled: the line is gone from the machine, whoever had it open."""
        if self._closing.is_set():
            return
        super().switch_off()
        if self._link is not None:
            self._link.unlink(missing_ok=True)
        for end in (self._ours, self._theirs):
            os.close(end)

    def _serve(self) -> None:
        while True:
            if said := self.engine.say():
                os.write(self._ours, said)
            size = self.engine.reads()
            ready = select.select([self._ours], [], [], _POLL_S)[0] if size else self._closing.wait(_POLL_S)
            if self._closing.is_set() and not (size and ready):
                return
            if not (size and ready):
                continue
            self.engine.take(os.read(self._ours, size))
            if self.knobs.baud:
                self._closing.wait(_POLL_S)
