"""Questions to an ESC/POS printer, and which of its bytes answers which.

Answers are told apart by their fixed bits (Epson's ESC/POS reference): DLE EOT 0xx1xx10, GS r 0xx0xxxx; unasked status
(GS a) begins with 0xx1xx00 and has three bytes more. Two questions of one kind have answers alike: so nothing more is
asked while an answer is owed that may still come. Silence is never taken for a yes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import Enum

from devices.links import Link
from kiosk.paper import Condition

END_OF_JOB = b"\x1dr\x01"  # GS r 1: answered only once all before it has been worked
LATE_S = 5.0
"""An answer that has not come for so long does not come any more: the printer was switched off, or never answers."""


class Kind(Enum):
    STATUS = "DLE EOT"
    END = "GS r"


@dataclass(slots=True)
class Owed:
    """The answers that a printer has not given yet, and when each was asked for. It outlives a connection: a print
    server passes late ones on to the next."""

    late_s: float = LATE_S
    since: dict[Kind, float] = field(default_factory=dict)
    ends: bool = False
    """Whether it has ever answered GS r."""

    def forget_old(self) -> None:
        for kind, asked in list(self.since.items()):
            if time.monotonic() - asked >= self.late_s:
                del self.since[kind]


class Talk:
    """One conversation over one link."""

    def __init__(self, link: Link, owed: Owed, ask_wait_s: float) -> None:
        self._link, self._owed, self._ask_wait_s = link, owed, ask_wait_s
        self._unasked = 0

    def condition(self, first_wait_s: float) -> Condition:
        """How the printer is, by its own words. The first answer may take `first_wait_s`. Raises OSError."""
        paper = self._status(4, first_wait_s)
        if paper is None:
            return Condition.UNKNOWN
        printer = self._status(1, self._ask_wait_s)
        offline = printer is not None and printer & 0x08
        cause = (self._status(2, self._ask_wait_s) or 0) if offline else 0
        if cause & 0x04:
            return Condition.COVER
        if paper & 0x60 or cause & 0x20:
            return Condition.OUT
        if cause & 0x40:
            return Condition.ERROR
        if offline:
            return Condition.OFFLINE
        return Condition.NEAR_END if paper & 0x0C else Condition.READY

    def answers_at_end(self, until: float) -> bool:
        """Whether it answers GS r: at once, while it has nothing to print. Raises OSError.

        One that is known to, and still owes the answer of a job that broke off, is given its time until then: the next
        receipt could claim nothing otherwise.
        """
        if self._owed.ends:
            self._quiet(Kind.END, until)
        return self._ask(Kind.END, END_OF_JOB, self._ask_wait_s) is not None

    def ended(self, until: float) -> bool:
        """Whether it has answered the END_OF_JOB that was sent with the job, by then. Raises OSError."""
        self._owed.since[Kind.END] = time.monotonic()
        return self._answer(Kind.END, until) is not None

    def _status(self, number: int, within_s: float) -> int | None:
        return self._ask(Kind.STATUS, b"\x10\x04" + bytes([number]), within_s)

    def _ask(self, kind: Kind, question: bytes, within_s: float) -> int | None:
        until = time.monotonic() + within_s
        if not self._quiet(kind, until) or self._link.write(question, until) < len(question):
            return None
        self._owed.since[kind] = time.monotonic()
        return self._answer(kind, until)

    def _quiet(self, kind: Kind, until: float) -> bool:
        """Take what is there already, and what is owed, so that it answers nothing that is asked from now on."""
        while heard := self._link.read(0.0):
            self._sorted(heard)
        while (asked := self._owed.since.get(kind)) is not None and time.monotonic() < until:
            self._sorted(self._link.read(min(until, asked + self._owed.late_s)))
            self._owed.forget_old()
        return kind not in self._owed.since

    def _answer(self, kind: Kind, until: float) -> int | None:
        while heard := self._link.read(until):
            if found := self._sorted(heard)[kind]:
                return found[-1]
        return None

    def _sorted(self, heard: bytes) -> dict[Kind, list[int]]:
        """Which of these bytes answer what. None of them is owed any more."""
        found: dict[Kind, list[int]] = {kind: [] for kind in Kind}
        for byte in heard:
            if self._unasked:
                self._unasked -= 1
            elif byte & 0x93 == 0x10:
                self._unasked = 3
            elif byte & 0x93 == 0x12:
                found[Kind.STATUS].append(byte)
            elif byte & 0x90 == 0:
                found[Kind.END].append(byte)
        for kind in (kind for kind, bytes_ in found.items() if bytes_):
            self._owed.since.pop(kind, None)
        self._owed.ends |= bool(found[Kind.END])
        return found
