"""A receipt printer that speaks ESC/POS, over whichever link; and a folder that stands in for one.

Each job opens, asks, prints and closes; every call has a deadline, and what does not come back is left behind. Silence
means that nobody knows: it must never be taken for "there is paper" or "it is printed". What is sent to a printer
without paper prints by itself later: so it is asked first, and a job is never sent twice from here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from devices.behind import Aside, Stuck
from devices.encode import can_say, escpos
from devices.links import Link
from devices.profiles import Profile
from devices.talk import END_OF_JOB, LATE_S, Owed, Talk
from kiosk.errors import DeviceError
from kiosk.paper import Condition, PrinterState
from kiosk.plain import plain
from kiosk.receipt import Document

ASK_WAIT_S = 0.5  # a printer that answers does so within milliseconds; most that do not, never do
LOOK_MAX_S = 3.0
CLOSE_S = 2.0
"""So long after its deadline a job may still take to ask for the reason and to close."""


@dataclass(slots=True)
class _Sent:
    """Whether bytes of the job may have reached the printer, for who waits for the thread that sends them."""

    begun: bool = False


class EscposPrinter:
    """One job at a time. `open_link` opens the way to the printer by an instant of time.monotonic(), or raises OSError.

    `timeout_s` is for the whole of one receipt.
    """

    def __init__(
        self,
        name: str,
        open_link: Callable[[float], Link],
        profile: Profile,
        timeout_s: float,
        *,
        ask_wait_s: float = ASK_WAIT_S,
        late_s: float = LATE_S,
    ) -> None:
        self.name, self.columns = name, profile.columns
        self._open, self._profile = open_link, profile
        self._timeout_s, self._ask_wait_s = timeout_s, ask_wait_s
        self.grace_s = 4 * ask_wait_s + CLOSE_S
        self._lock = Lock()
        self._aside: Aside[bool] = Aside(name)
        self._looks: Aside[PrinterState] = Aside(name)
        self._owed = Owed(late_s)
        self._has_answered = profile.answers

    def can_say(self, document: Document) -> bool:
        """Whether every letter of it can be printed, as the printer's own or in a picture."""
        return can_say(document, self._profile)

    def print(self, document: Document) -> bool:
        """True where the printer said that the whole job is through. Raises DeviceError."""
        job, sent = escpos(document, self._profile), _Sent()
        if not self._lock.acquire(timeout=self._timeout_s):
            raise DeviceError(f"The {self.name} is busy with another receipt.", sent=False)
        until = time.monotonic() + self._timeout_s
        try:
            return self._aside.run(lambda: self._printed(job, until, sent), self._timeout_s + self.grace_s)
        except Stuck as stuck:
            again = " again" if not stuck.begun else ""
            looked = " Look at the paper." if sent.begun else ""
            raise DeviceError(f"The {self.name} hangs{again}; it was left alone.{looked}", sent=sent.begun) from None
        finally:
            self._lock.release()

    def look(self) -> PrinterState:
        """How it is now; unknown while it prints."""
        if not self._lock.acquire(blocking=False):
            return PrinterState(Condition.UNKNOWN, "it is printing")
        within_s = min(self._timeout_s, LOOK_MAX_S)
        try:
            return self._looks.run(lambda: self._seen(time.monotonic() + within_s), within_s + self.grace_s)
        except Stuck:
            return PrinterState(Condition.AWAY, "it hangs; it was left alone")
        except OSError as error:
            return PrinterState(Condition.AWAY, _why(error))
        finally:
            self._lock.release()

    # --- in the thread that may be left behind -----------------------------------------------------------------------

    def _seen(self, until: float) -> PrinterState:
        link = self._open(until)
        try:
            wait_s = max(self._ask_wait_s, until - time.monotonic()) if self._has_answered else self._ask_wait_s
            condition = Talk(link, self._owed, self._ask_wait_s).condition(wait_s)
        finally:
            link.close(forget=link.left() > 0)
        if condition is Condition.UNKNOWN and self._has_answered:
            return PrinterState(Condition.AWAY, "it does not answer")
        self._has_answered |= condition is not Condition.UNKNOWN
        return PrinterState(condition)

    def _printed(self, job: bytes, until: float, sent: _Sent) -> bool:
        try:
            link = self._open(until)
        except OSError as error:
            raise DeviceError(f"The {self.name} cannot be reached: {_why(error)}.", sent=False) from None
        with self._closing(link):
            talk = Talk(link, self._owed, self._ask_wait_s)
            with self._told(sent):
                talks = self._may_print(talk, until)
                confirms = talks and talk.answers_at_end((time.monotonic() + until) / 2)
                self._send(link, job + END_OF_JOB if confirms else job, until, sent)
                if confirms and talk.ended(until):
                    return True
                if talks:
                    self._ask_what_happened(talk)
                if link.left():
                    raise DeviceError(f"The {self.name} has not taken the whole receipt. Look at the paper.", sent=True)
        return False

    @contextmanager
    def _closing(self, link: Link) -> Iterator[None]:
        """What a failed job has left on the line must not print by itself later."""
        forget = True
        try:
            yield
            forget = False
        finally:
            link.close(forget=forget)

    @contextmanager
    def _told(self, sent: _Sent) -> Iterator[None]:
        """A broken line, in words for the clerk."""
        try:
            yield
        except OSError as error:
            when, look = ("", " Look at the paper.") if sent.begun else (" before the receipt", "")
            raise DeviceError(f"The {self.name} broke off{when}: {_why(error)}.{look}", sent=sent.begun) from None

    def _may_print(self, talk: Talk, until: float) -> bool:
        """Whether the printer answers. One that is known to answer may be busy with another kiosk: it gets its time."""
        known = self._has_answered
        condition = talk.condition(max(self._ask_wait_s, until - time.monotonic()) if known else self._ask_wait_s)
        if not condition.prints:
            raise DeviceError(f"Nothing was sent to the {self.name}: {condition}.", sent=False)
        if condition is Condition.UNKNOWN and known:
            raise DeviceError(f"The {self.name} does not answer; nothing was sent.", sent=False)
        self._has_answered |= condition is not Condition.UNKNOWN
        return condition is not Condition.UNKNOWN

    def _send(self, link: Link, job: bytes, until: float, sent: _Sent) -> None:
        if time.monotonic() >= until:  # who waited for it has been told that it failed
            raise DeviceError(f"The {self.name} was too slow; nothing was sent.", sent=False)
        sent.begun = True
        taken = link.write(job, until)
        sent.begun = taken > 0
        if taken < len(job):
            look = " Look at the paper." if taken else ""
            raise DeviceError(f"The {self.name} does not take the receipt.{look}", sent=taken > 0)

    def _ask_what_happened(self, talk: Talk) -> None:
        """It answers, and has not said that it is through. Raises DeviceError where it tells why, or went silent."""
        condition = talk.condition(self._ask_wait_s)
        if condition is Condition.OUT:
            raise DeviceError(f"The {self.name} ran out of paper; with paper in, it may go on.", sent=True)
        if condition is Condition.UNKNOWN:
            raise DeviceError(f"The {self.name} went silent. Look at the paper.", sent=True)
        if not condition.prints:
            raise DeviceError(f"The {self.name} stopped: {condition}. Look at the paper.", sent=True)


def _why(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__


class FolderPrinter:
    """A folder that takes each receipt as NAME.escpos and NAME.txt. It is made where there is none."""

    def __init__(self, path: Path, profile: Profile) -> None:
        self.name, self.columns = f"printer at {path}", profile.columns
        self._path, self._profile = path, profile

    def can_say(self, document: Document) -> bool:
        """Whether every letter of it can be printed, as the printer's own or in a picture."""
        return can_say(document, self._profile)

    def print(self, document: Document) -> bool:
        """True: the receipt is in the folder. Raises DeviceError."""
        try:
            self._put(document, escpos(document, self._profile))
        except OSError as error:
            raise DeviceError(f"The {self.name} cannot be written: {_why(error)}.", sent=False) from None
        return True

    def look(self) -> PrinterState:
        try:
            self._path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            return PrinterState(Condition.AWAY, _why(error))
        return PrinterState(Condition.READY)

    def _put(self, document: Document, job: bytes) -> None:
        self._path.mkdir(parents=True, exist_ok=True)
        number = sum(1 for _ in self._path.glob("*.escpos")) + 1
        while True:  # another process may have taken the number
            try:
                with (self._path / f"{number:05d}-{document.kind}.escpos").open("xb") as file:
                    file.write(job)
                break
            except FileExistsError:
                number += 1
        text = plain(document, self._profile.columns)
        (self._path / f"{number:05d}-{document.kind}.txt").write_text(text, encoding="utf-8")
