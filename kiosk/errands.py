"""What the queue's holder does for the counter, beside the queue: asks both sides of an order, raises what is late.

It is worked in a thread of its own, so that no customer's order waits for a clerk's question.
"""

from __future__ import annotations

from kiosk.ledger.raised import raise_late
from kiosk.sides import AskSides
from kiosk.sync import Queue


class Errands:
    """Only the holder of the queue's lock has one."""

    def __init__(self, queue: Queue) -> None:
        self._ledger, self._clock = queue.ledger, queue.clock
        self._sides = AskSides(queue.ledger, queue.remotes, queue.clock, queue.lines)

    def step(self) -> object | None:
        """Do the next one. None: there is nothing to do."""
        return self._sides.step() or raise_late(self._ledger, by="queue", at=self._clock.now()) or None
