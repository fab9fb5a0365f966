"""A day, a week from Monday, or a month, by the shop's own calendar. Pure.

Its days have 23 and 25 hours when the clocks change: it is the time between two midnights of the zone, never 24 hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Span(StrEnum):
    """How long it is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """One of them: from `first` on, for as long as `span` says, in `zone`. Made by `period_of`."""

    span: Span
    first: date
    zone: ZoneInfo

    @property
    def next_first(self) -> date:
        """The first day after it."""
        match self.span:
            case Span.DAY:
                return self.first + timedelta(days=1)
            case Span.WEEK:
                return self.first + timedelta(days=7)
            case Span.MONTH:
                return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def since(self) -> datetime:
        """Its first instant."""
        return _midnight(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """The first instant after it."""
        return _midnight(self.next_first, self.zone)

    @property
    def hours(self) -> int:
        return round((self.until - self.since) / timedelta(hours=1))

    @property
    def before(self) -> Period:
        return period_of(self.span, self.first - timedelta(days=1), self.zone)

    @property
    def after(self) -> Period:
        return period_of(self.span, self.next_first, self.zone)

    @property
    def title(self) -> str:
        """`Saturday 28 November 2026`, `Week of 23 to 29 November 2026`, `November 2026`."""
        last = self.next_first - timedelta(days=1)
        match self.span:
            case Span.DAY:
                odd = f" ({self.hours} hours: the clocks changed)" if self.hours != 24 else ""
                return f"{self.first:%A} {self.first.day} {self.first:%B %Y}{odd}"
            case Span.WEEK:
                month = "" if last.month == self.first.month else f" {self.first:%B}"
                year = "" if last.year == self.first.year else f" {self.first:%Y}"
                return f"Week of {self.first.day}{month}{year} to {last.day} {last:%B %Y}"
            case Span.MONTH:
                return f"{self.first:%B %Y}"


def period_of(span: Span, day: date, zone: ZoneInfo) -> Period:
    """The period of this kind in which `day` lies."""
    match span:
        case Span.DAY:
            first = day
        case Span.WEEK:
            first = day - timedelta(days=day.weekday())
        case Span.MONTH:
            first = day.replace(day=1)
    return Period(span, first, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of the day, in UTC. Where the clocks skip midnight, it is the first one that there is."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
