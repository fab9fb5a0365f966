"""The kiosk of a simulated month: the real ledger and queue, worked on from one due moment to the next.

What may come between two parts of a step the simulated days (`day.py`) explore; here whole months are lived through.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from kiosk.clock import SteadyClock
from kiosk.identifiers import Reference
from kiosk.ledger import Ledger
from kiosk.ledger.due import next_watched
from kiosk.payment_codes import PaymentCode
from kiosk.simulation.month_outside import MonthOutside
from kiosk.sync import Queue
from kiosk.tables import SyncTable

KIOSK = "T07"
STEPS_MAX = 5_000
WATCHED_DAYS = 1
"""Each look at a settled order costs what a look at a waiting one does; what comes later the reconciliation finds."""
MOMENT = timedelta(seconds=1)


class Premises:
    """Goes on and off. People act through a second connection, as the screens and the counter do."""

    def __init__(self, folder: Path, outside: MonthOutside, dice: Random) -> None:
        self.path, self.outside, self.dice = folder / "ledger.db", outside, dice
        self.true = outside.clock
        self.skew = timedelta(0)
        """How far the wall clock is from the true time."""
        self.switch_on()

    def switch_on(self) -> None:
        """The ledger as the disk has it, and a new holder of the queue."""
        self.clock = SteadyClock(lambda: self.true.now() + self.skew, lambda: self.true.now().timestamp())
        self.ledger, self.counter = self._opened(), self._opened()
        self.clock.not_before(self.ledger.newest_at())
        self.queue = Queue(
            self.ledger, self.outside.remotes, SyncTable(watch_days=WATCHED_DAYS), self.clock, self.dice.random
        )

    def _opened(self) -> Ledger:
        ledger = Ledger(self.path, mode="training", kiosk=KIOSK, at=self.clock.now())
        ledger.database.execute("PRAGMA synchronous = OFF")  # nobody cuts this machine's own power
        return ledger

    def switch_off(self) -> None:
        for ledger in (self.ledger, self.counter):
            ledger.close()

    def restart(self) -> None:
        """Off, and on again with what the disk has."""
        self.switch_off()
        self.switch_on()

    def scan(self, name: Reference, code: str) -> bool:
        """A customer's code comes in, and its whole step is done. False where somebody is at work on the order."""
        due = self.queue.claims.claim(name)
        if due:
            for _ in self.queue.parts(due, PaymentCode(code)):
                pass
        return due is not None

    def work_until(self, at: datetime) -> None:
        """Do what is due, each at its moment, until this true time. Nobody idles in between, as threads would."""
        turns = 0
        while (moment := self._next()) and moment <= at:
            turns = turns + 1 if moment == self.true.at else 0
            assert turns < STEPS_MAX, "the queue turns, and no time passes"
            if moment > self.true.at:
                self.true.at = moment
                self.outside.arrive()
            if self.queue.step() is None:  # due, and nobody may take it yet
                self.true.at += MOMENT
        self.true.at = max(self.true.at, at)
        self.outside.arrive()

    def _next(self) -> datetime | None:
        """When, by the true clock, the queue or the watch has something to do."""
        entries = [*self.ledger.next_due(1), next_watched(self.ledger)]
        off_by = self.clock.now() - self.true.at
        moments = [entry.due_at - off_by for entry in entries if entry]
        return max(min(moments), self.true.at) if moments else None
