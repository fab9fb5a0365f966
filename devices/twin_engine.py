"""The inside of a simulated receipt printer: bytes in, paper and answers out, and every way in which it can misbehave.

It reads ESC/POS by the printer's manual and not by our encoder, and must never be kinder than a real one: what comes
while it has no paper is held and printed later, a question of GS r is answered only once all before it is printed, and
what stands in its buffer is lost when it is switched off.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from threading import Lock

from devices.paper import Paper

_REAL_TIME = re.compile(rb"\x10\x04([\x01-\x04])")  # DLE EOT n works wherever it stands, even inside data
_BEGUN = (b"\x10\x04", b"\x10")
_UNASKED = b"\x10\x00\x00\x00"  # what GS a makes it say by itself
BUFFER = 64 * 1024


@dataclass(slots=True)
class Knobs:
    """What can be turned while it runs. What is to happen `…_after` so many bytes happens once."""

    paper: bool = True
    near_end: bool = False
    cover_open: bool = False
    error: bool = False
    silent: bool = False
    wrong: bool = False
    """Its answers have bits that no answer has."""
    chatty: bool = False
    """It says its state unasked, too, between the answers."""
    late_s: float = 0.0
    hang: bool = False
    """It neither reads nor answers."""
    baud: int = 0
    """How fast it reads; 0 is at once."""
    hang_after: int | None = None
    reset_after: int | None = None
    runs_out_after: int | None = None


@dataclass(slots=True)
class Engine:
    """Thread-safe. Its doors (twin.py) carry bytes in by `take` while it `reads`, and out what it has to `say`."""

    knobs: Knobs = field(default_factory=Knobs)
    paper: Paper = field(default_factory=Paper)
    raw: bytes = b""
    _held: bytes = b""
    _begun: bytes = b""
    _answers: list[tuple[float, bytes]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    @property
    def stopped(self) -> bool:
        return not self.knobs.paper or self.knobs.cover_open or self.knobs.error

    def reads(self) -> int:
        """How many bytes it takes in a fiftieth of a second."""
        if self.knobs.hang or len(self._held) >= BUFFER:
            return 0
        return max(1, self.knobs.baud // 500) if self.knobs.baud else 4096

    def take(self, data: bytes) -> bool:
        """Work what comes. False: it has reset itself in the middle, and what it held is lost."""
        with self._lock:
            self.raw += data
            whole = True
            if self.knobs.reset_after is not None:
                data, whole = data[: self.knobs.reset_after], len(data) <= self.knobs.reset_after
                self.knobs.reset_after = self.knobs.reset_after - len(data) if whole else None
            if self.knobs.hang_after is not None:
                self.knobs.hang_after -= len(data)
                if self.knobs.hang_after < 0:
                    self.knobs.hang, self.knobs.hang_after = True, None
            self._work(self._begun + data)
            if not whole:
                self._lose()
            return whole

    def say(self) -> bytes:
        """What it has to say by now."""
        with self._lock:
            if self.knobs.hang:
                return b""
            now = time.monotonic()
            due = b"".join(answer for at, answer in self._answers if at <= now)
            self._answers = [(at, answer) for at, answer in self._answers if at > now]
            return due

    def turn(self, **knobs: object) -> None:
        """Set knobs; what was held is printed when nothing stands against it any more."""
        with self._lock:
            for name, value in knobs.items():
                setattr(self.knobs, name, value)
            held, self._held = self._held, b""
            self._print(held)

    def lose(self) -> None:
        """As when it is switched off: what it held or was about to say is gone."""
        with self._lock:
            self._lose()

    def _lose(self) -> None:
        self._held, self._begun, self._answers = b"", b"", []
        self.paper.switch_off()

    def _work(self, data: bytes) -> None:
        """Answer what is asked in real time, print or hold the rest. A question that is not whole yet waits."""
        for match in _REAL_TIME.finditer(data):
            self._answer(bytes([0xFF if self.knobs.wrong else self._status(match[1][0])]))
        data = _REAL_TIME.sub(b"", data)
        self._begun = next((end for end in _BEGUN if data.endswith(end)), b"")
        self._print(data.removesuffix(self._begun))

    def _answer(self, said: bytes) -> None:
        if not self.knobs.silent:
            unasked = _UNASKED if self.knobs.chatty else b""
            self._answers.append((time.monotonic() + self.knobs.late_s, unasked + said))

    def _print(self, data: bytes) -> None:
        """Print what the paper takes, and hold the rest."""
        if self.stopped:
            self._held += data
            return
        left = self.knobs.runs_out_after
        if left is not None and len(data) > left:
            self.knobs.paper, self.knobs.runs_out_after = False, None
            self._held, data = data[left:], data[:left]
        elif left is not None:
            self.knobs.runs_out_after = left - len(data)
        self.paper.feed(data)
        if self.paper.answers:
            said, self.paper.answers = self.paper.answers, b""
            self._answer(b"\xff" * len(said) if self.knobs.wrong else said)

    def _status(self, number: int) -> int:
        """An answer to DLE EOT, by Epson's reference: 0xx1xx10 and what it asks for."""
        knobs = self.knobs
        return (
            0x12
            | {
                1: 0x08 * self.stopped,
                2: 0x04 * knobs.cover_open | 0x20 * (not knobs.paper) | 0x40 * knobs.error,
                3: 0x20 * knobs.error,
                4: 0x60 * (not knobs.paper) | 0x0C * (knobs.near_end or not knobs.paper),
            }[number]
        )
