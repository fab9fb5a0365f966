"""A report's figures: read for a period and for the one before it, and added up. Only reads.

Money is counted when it moved: sold when it was paid, given back when it was given back, cost when the top-up was
delivered; so the days add up to the month. Amounts of two currencies are never added, and never converted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from statistics import median
from zoneinfo import ZoneInfo

from kiosk.config import Config
from kiosk.ledger import Ledger
from kiosk.ledger.reports import BackRow, CostRow, Counts, FailureRow, SoldRow
from kiosk.money import Money
from kiosk.reports.effects import Effect, effects
from kiosk.reports.period import Period

FAST = 0.95
"""So many of a hundred are no slower than the time that is told of the slowest five."""


@dataclass(frozen=True, slots=True)
class Sum:
    """So many of this name, and what they come to."""

    name: str
    orders: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Margin:
    """What was paid and given back in one currency for top-ups whose cost is in another, or in the same."""

    paid: Money
    given_back: Money
    cost: Money

    @property
    def margin(self) -> Money | None:
        """What is left. None where the cost is in another currency: nobody here knows a rate."""
        same = self.paid.currency == self.cost.currency
        return self.paid - self.given_back - self.cost if same else None


@dataclass(frozen=True, slots=True)
class HourTimes:
    """The top-ups that were paid in this hour of the day, and within how many seconds they were delivered."""

    hour: int
    top_ups: int
    median_s: float
    slow_s: float


@dataclass(frozen=True, slots=True)
class Totals:
    """What is compared with the period before: money by currency, and how often something failed."""

    sold: tuple[Sum, ...]
    given_back: tuple[Sum, ...]
    margins: tuple[Margin, ...]
    failures: int


@dataclass(frozen=True, slots=True)
class Report:
    """One period, read at `at`. Where it is not over yet, the one before is read up to the same moment in it."""

    period: Period
    at: datetime
    totals: Totals
    before: Totals
    by_tender: tuple[Sum, ...]
    by_plan: tuple[Sum, ...]
    by_provider: tuple[Sum, ...]
    taxes_and_fees: tuple[Sum, ...]
    waiting: tuple[Sum, ...]
    given_back: tuple[Sum, ...]
    times: tuple[HourTimes, ...]
    failures: tuple[FailureRow, ...]
    effects: tuple[Effect, ...]

    @property
    def so_far(self) -> bool:
        return self.at < self.period.until


def read_report(
    ledger: Ledger, config: Config, period: Period, now: datetime, tell: Callable[[int], None] = lambda _: None
) -> Report:
    """As it stands at `now`; `tell` gets how many percent are read. Raises LedgerError."""
    counts = Counts(ledger, period.since, period.until)
    earlier = Counts(ledger, period.before.since, _same_moment(period, now))
    with ledger.database.snapshot():  # the kiosk may be selling meanwhile
        sold = counts.sold()
        tell(25)
        back, costs, failed = counts.given_back(), counts.costs(), counts.failed()
        tell(40)
        times = hour_times(counts.times(), period.zone)
        tell(55)
        used = counts.used()
        tell(75)
        before = totals(earlier.sold(), earlier.given_back(), earlier.costs(), earlier.failed())
    return Report(
        period,
        now,
        totals(sold, back, costs, failed),
        before,
        by_tender=sums((row.tender, row.currency, row.orders, row.paid_minor) for row in sold),
        by_plan=sums((row.plan, row.currency, row.orders, row.paid_minor) for row in sold),
        by_provider=sums((row.provider, row.currency, row.orders, row.paid_minor) for row in sold),
        taxes_and_fees=sums(("", row.currency, row.taxed, row.taxes_and_fees_minor) for row in sold if row.taxed),
        waiting=sums(("", row.currency, row.waiting, row.waiting_minor) for row in sold if row.waiting),
        given_back=sums((row.cause, row.currency, row.orders, row.returned_minor) for row in back),
        times=times,
        failures=tuple(failed),
        effects=effects(used, sold, config.promotions),
    )


def _same_moment(period: Period, now: datetime) -> datetime:
    """Until when the period before is read: as long as the present one has lasted, and no longer than it did."""
    before = period.before
    return before.until if now >= period.until else min(before.until, before.since + (now - period.since))


def totals(sold: list[SoldRow], back: list[BackRow], costs: list[CostRow], failed: list[FailureRow]) -> Totals:
    return Totals(
        sums(("", row.currency, row.orders, row.paid_minor) for row in sold),
        sums(("", row.currency, row.orders, row.returned_minor) for row in back),
        _margins(sold, back, costs),
        sum(row.times for row in failed),
    )


def sums(rows: Iterable[tuple[str, str, int, int]]) -> tuple[Sum, ...]:
    """By name and currency, what comes to most first."""
    orders: defaultdict[tuple[str, str], int] = defaultdict(int)
    minor: defaultdict[tuple[str, str], int] = defaultdict(int)
    for name, currency, count, amount_minor in rows:
        orders[name, currency] += count
        minor[name, currency] += amount_minor
    found = [Sum(name, orders[name, currency], Money(minor[name, currency], currency)) for name, currency in orders]
    return tuple(sorted(found, key=lambda each: (each.amount.currency, -each.amount.amount_minor, each.name)))


def _margins(sold: list[SoldRow], back: list[BackRow], costs: list[CostRow]) -> tuple[Margin, ...]:
    """One for each currency of sale and each currency of cost."""
    minor: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for sale in sold:
        minor[sale.currency, sale.cost_currency][0] += sale.paid_minor
    for refund in back:
        minor[refund.currency, refund.cost_currency][1] += refund.returned_minor
    for cost in costs:
        minor[cost.currency, cost.cost_currency][2] += cost.cost_minor
    return tuple(
        Margin(Money(paid, currency), Money(given_back, currency), Money(spent, bought_in))
        for (currency, bought_in), (paid, given_back, spent) in sorted(minor.items())
    )


def hour_times(times: Iterable[tuple[datetime, float]], zone: ZoneInfo) -> tuple[HourTimes, ...]:
    """By the hour of the day in the zone in which they were paid; an hour without top-ups is left out."""
    by_hour: defaultdict[int, list[float]] = defaultdict(list)
    for paid_at, seconds in times:
        by_hour[paid_at.astimezone(zone).hour].append(seconds)
    return tuple(
        HourTimes(hour, len(spans), median(spans), sorted(spans)[ceil(FAST * len(spans)) - 1])
        for hour, spans in sorted(by_hour.items())
    )
