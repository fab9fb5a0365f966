"""What top-ups are like at this hour: how long they take, how often they fail, by what the ledger knows. Pure.

It decides nothing about any order. It says what a customer may expect, and how slowly to ask a provider that is busy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

KNOWN_MIN = 5
"""Fewer top-ups than this say nothing."""
SHARE = 0.8
"""So many of ten are delivered within the time that is told."""
SLOW = timedelta(minutes=3)
"""What takes longer is worth a word: a customer would leave the kiosk before."""
FAILING = 0.25
LOOKS = 10
"""So often a bad hour's top-up is looked at, at most, within the time that it takes."""
PAUSE_S, PAUSE_MAX_S = 10.0, 120.0
"""Where many fail, and where they take very long."""
JUST_NOW = timedelta(hours=1)
"""What happened since says more than the days before."""


@dataclass(frozen=True, slots=True)
class Past:
    """A top-up that was paid: delivered after some time; or `failed`, for good; or neither, so far."""

    paid_at: datetime
    delivered_at: datetime | None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Hour:
    """What to expect now: `minutes` until a top-up is delivered (0: as quick as always), and whether many fail."""

    minutes: int = 0
    failing: bool = False

    @property
    def pause_s(self) -> float:
        """The queue's shortest pause between two calls for one order; 0 in an hour like any other."""
        by_time_s = min(PAUSE_MAX_S, self.minutes * 60 / LOOKS)
        return max(by_time_s, PAUSE_S) if self.failing else by_time_s


USUAL = Hour()


def hour_of(pasts: Sequence[Past], now: datetime) -> Hour:
    """Of the top-ups of the last hour, where they are enough to tell; else of this time of day, on the days before."""
    recent = [past for past in pasts if now - past.paid_at < JUST_NOW]
    told = recent if len(recent) >= KNOWN_MIN else pasts
    if len(told) < KNOWN_MIN:
        return USUAL
    failed = sum(past.failed for past in told)
    spans = sorted((past.delivered_at or now) - past.paid_at for past in told if not past.failed)
    span = spans[min(len(spans) - 1, ceil(SHARE * len(spans)) - 1)] if spans else timedelta(0)
    return Hour(_minutes(span) if span > SLOW else 0, failed >= FAILING * len(told))


def usual(pasts: Sequence[Past]) -> timedelta | None:
    """Within what time eight of ten were delivered; None where too few are known to tell."""
    spans = sorted(past.delivered_at - past.paid_at for past in pasts if past.delivered_at)
    return spans[ceil(SHARE * len(spans)) - 1] if len(spans) >= KNOWN_MIN else None


def _minutes(span: timedelta) -> int:
    """In words of a clerk: to the minute up to ten, then to five."""
    minutes = ceil(span / timedelta(minutes=1))
    return minutes if minutes <= 10 else 5 * ceil(minutes / 5)
