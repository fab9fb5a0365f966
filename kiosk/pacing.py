"""A share of each remote's rate limit is kept for the customer who is standing there. No I/O, no clock of its own.

A remote that says "too often" is asked half as often by all that waits from before; one whose limit is nearly used up
is left alone for a moment. Live orders are never slowed down here, and no other is ever forgotten: each gets a turn.
It proves nothing about any order, and is not kept on disk.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from kiosk.abilities import Allowance

GAP_FIRST_S, GAP_MAX_S, GAP_NONE_S = 2.0, 16.0, 0.5
"""Between two calls of the backlog: after the first "too often"; at most; and what counts as none."""
CALM = timedelta(minutes=5)
"""So long without a "too often", and the backlog is tried twice as fast again."""
NEAR = timedelta(seconds=10)
"""How long the backlog waits where little is left. No vendor says when its window turns: then it is asked anew."""
SPREAD = timedelta(seconds=0.25)
TURN_MAX = timedelta(minutes=10)
"""No order is put off for longer at a time: by then, it may go faster."""


@dataclass(slots=True)
class _Pace:
    gap: timedelta
    free_at: datetime
    """The backlog's next call is made no earlier."""
    last_turn: datetime
    calm_at: datetime
    slowed_at: datetime
    """When the gap last grew."""


@dataclass(slots=True)
class Paces:
    """One pace per remote, by its name. Workers share them."""

    _paces: dict[str, _Pace] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def turn(self, remote: str, now: datetime) -> datetime | None:
        """For an order of the backlog. None: call it now. Otherwise its turn, one after another."""
        with self._lock:
            pace = self._paces.get(remote)
            if pace is None:
                return None
            if now >= pace.free_at:
                pace.free_at = now + pace.gap
                return None
            after_the_last = min(pace.last_turn, now + TURN_MAX) + max(pace.gap, SPREAD)
            pace.last_turn = min(max(pace.free_at, after_the_last), now + TURN_MAX)
            return pace.last_turn

    def too_often(self, remote: str, wait_s: float, now: datetime) -> None:
        """It said so, to whichever order. Several calls that were out at the same time count once."""
        with self._lock:
            pace = self._of(remote, now)
            if now - pace.slowed_at >= pace.gap:
                pace.slowed_at = now
                pace.gap = timedelta(seconds=min(GAP_MAX_S, max(GAP_FIRST_S, pace.gap.total_seconds() * 2)))
            wait = max(timedelta(seconds=wait_s), pace.gap)
            pace.free_at = min(max(pace.free_at, now + wait), now + TURN_MAX)
            pace.calm_at = now + CALM

    def answered(self, remote: str, allowance: Allowance | None, now: datetime) -> None:
        """It answered something else; `allowance` is what it said of its limit."""
        near = allowance is not None and allowance.left <= max(1, allowance.limit // 5)
        with self._lock:
            pace = self._paces.get(remote)
            if near:
                pace = self._of(remote, now)
                pace.free_at = max(pace.free_at, now + NEAR)
            if pace is None or now < pace.calm_at:
                return
            pace.gap, pace.calm_at = pace.gap / 2, now + CALM
            if pace.gap < timedelta(seconds=GAP_NONE_S):
                pace.gap = timedelta(0)
            if not pace.gap and now >= pace.free_at:
                del self._paces[remote]

    def _of(self, remote: str, now: datetime) -> _Pace:
        """Its pace, begun without a gap where there was none."""
        return self._paces.setdefault(remote, _Pace(timedelta(0), now, now, now, now))
