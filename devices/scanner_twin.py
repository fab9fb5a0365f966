"""A simulated scanner on a serial line of its own (a pty): for training, for tests, and for a shop that waits for one.

It sends bytes as scanners do: at the line's own pace or at once, in pieces, framed as set up, and its cable can be
pulled. It must never be kinder than a real one: what nobody reads is lost when the line is opened anew.
"""

from __future__ import annotations

import os
import termios
import time
import tty
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

SUFFIXES = {"cr": b"\r", "lf": b"\n", "crlf": b"\r\n", "tab": b"\t", "etx": b"\x03", "none": b""}
BITS_A_BYTE = 10
"""On the line: a start bit, eight, and a stop bit."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a scanner is set up. `baud` 0 sends at once; `piece` 0 in one write, else so many bytes and a pause."""

    suffix: str = "cr"
    prefix: str = ""
    baud: int = 0
    piece: int = 0
    pause_s: float = 0.02

    def framed(self, text: str) -> bytes:
        """`etx` stands for STX before and ETX behind. A GS in the text may be written <GS>."""
        head = b"\x02" if self.suffix == "etx" else b""
        return head + (self.prefix + text.replace("<GS>", "\x1d")).encode() + SUFFIXES[self.suffix]


class ScannerTwin:
    """A scanner whose line is at `path` while the context is open; `link` is a name for it that stays the same."""

    def __init__(self, manner: Manner = Manner(), link: Path | None = None) -> None:
        self.manner = manner
        self.path = Path()
        self._link = link
        self._ends: tuple[int, int] | None = None

    def __enter__(self) -> Self:
        self.plug()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pull()

    def plug(self) -> None:
        """Put the cable in. The line may have another path than before, as with USB; the link leads to it."""
        if self._ends is not None:
            return
        ours, theirs = os.openpty()
        tty.setraw(theirs, termios.TCSANOW)
        self._ends, self.path = (ours, theirs), Path(os.ttyname(theirs))
        if self._link is not None:
            self._link.parent.mkdir(parents=True, exist_ok=True, mode=0o700)  # training may not have run yet
            self._link.unlink(missing_ok=True)
            self._link.symlink_to(self.path)

    def pull(self) -> None:
        """Pull the cable out: the line is gone from the machine, whoever had it open."""
        if self._ends is None:
            return
        if self._link is not None:
            self._link.unlink(missing_ok=True)
        for end in self._ends:
            os.close(end)
        self._ends = None

    def scan(self, text: str) -> None:
        """Send one code, framed."""
        self.send(self.manner.framed(text))

    def send(self, raw: bytes) -> None:
        """Send bytes as they are. Where nobody reads, or the cable is out, they are lost."""
        piece = self.manner.piece or (1 if self.manner.baud else len(raw) or 1)
        pause_s = self.manner.pause_s if self.manner.piece else 0.0
        if self.manner.baud:
            pause_s += piece * BITS_A_BYTE / self.manner.baud
        for start in range(0, len(raw), piece):
            if self._ends is None:
                return
            with suppress(OSError):
                os.write(self._ends[0], raw[start : start + piece])
            if pause_s and start + piece < len(raw):
                time.sleep(pause_s)
