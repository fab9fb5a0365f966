"""Which worker works on which order: who is next in the queue, and never two at the same one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from kiosk.identifiers import Reference
from kiosk.ledger import Due, Ledger
from kiosk.ledger.due import make_due
from kiosk.ports import Clock

LIVE = timedelta(minutes=15)
"""For so long after an order was opened, its customer is taken to be standing there."""
WENT_BACK = timedelta(minutes=1)


@dataclass(slots=True)
class Claims:
    """Workers of one process share it."""

    ledger: Ledger
    clock: Clock
    longest_pause: timedelta
    _busy: set[Reference] = field(default_factory=set)
    _seen: datetime | None = None
    _choosing: Lock = field(default_factory=Lock)

    def take(self, *, first: Reference | None = None, live_only: bool = False) -> Due | None:
        """The order to work on next, marked so that no second worker takes it until `release`.

        The customers who are standing there come first, whatever waits from before; then the oldest promise.
        """
        with self._choosing:
            now = self.clock.now()
            if self._seen and now < self._seen - WENT_BACK:  # what is due seems far off
                self.look_anew()
            self._seen = now
            for due in self._in_turn(first, now, live_only):
                if due.due_at <= now and due.reference not in self._busy:
                    self._busy.add(due.reference)
                    return due
        return None

    def claim(self, reference: Reference) -> Due | None:
        """This order, due or not. None where somebody works on it already, or it waits for no remote."""
        with self._choosing:
            due = self.ledger.entry(reference)
            if due is None or reference in self._busy:
                return None
            self._busy.add(reference)
            return due

    def _in_turn(self, first: Reference | None, now: datetime, live_only: bool) -> Iterator[Due]:
        limit = len(self._busy) + 1
        if first and (entry := self.ledger.entry(first)):
            yield entry
        yield from self.ledger.next_due(limit, opened_after=now - LIVE)
        if not live_only:
            yield from self.ledger.next_due(limit)

    def release(self, due: Due) -> None:
        with self._choosing:
            self._busy.discard(due.reference)

    def look_anew(self) -> None:
        """For a new holder of the queue, and a clock that went back: what was in flight, or seems far off, is due."""
        make_due(self.ledger, self.clock.now(), beyond=self.longest_pause)
