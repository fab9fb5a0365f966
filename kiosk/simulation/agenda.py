"""What is going to happen, and when: the one list that everybody in a simulated month writes into."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count


class Agenda:
    """In the order of time; what was written first is done first."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = count()

    def put(self, at: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._heap, (at, next(self._numbers), act))

    def next(self) -> tuple[datetime, Callable[[], None]] | None:
        """What comes next, taken off the list; None: nothing does."""
        if not self._heap:
            return None
        at, _, act = heapq.heappop(self._heap)
        return at, act
