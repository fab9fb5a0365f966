"""What is cheaper today, and what a provider gives on top: the owner's promotions and the provider's. Pure.

Of the owner's promotions the best single one is taken off; they never add up. A provider's is in the plan already: it
is told, and takes nothing off.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from kiosk.money import Money
from kiosk.plans import Line, LineKind, Plan


@dataclass(frozen=True, slots=True)
class Promotion:
    """So many percent, or an amount, off some plans (all, where `plans` is empty).

    It runs from the first to the last day inclusive, by the kiosk's own calendar; with `weekdays` (0 is Monday) only
    on these days of the week.
    """

    names: dict[str, str]
    percent: Decimal | None
    amount: Money | None
    first_day: date
    last_day: date
    weekdays: frozenset[int] = frozenset()
    plans: tuple[str, ...] = ()

    def runs(self, today: date) -> bool:
        in_its_days = self.first_day <= today <= self.last_day
        return in_its_days and (not self.weekdays or today.weekday() in self.weekdays)

    def line(self, plan: Plan, price: Money, today: date, language: str) -> Line | None:
        """The discount line for this plan. None where it does not apply today, or would leave nothing to pay."""
        if not self.runs(today) or (self.plans and plan.id not in self.plans):
            return None
        off = price.percent(self.percent) if self.percent is not None else self.amount
        assert off is not None, "config.py lets no promotion through that has neither percent nor amount"
        return Line(LineKind.DISCOUNT, self.name(language), -off) if Money(0, off.currency) < off < price else None

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names["en"]


def best(promotions: Iterable[Promotion], plan: Plan, price: Money, today: date, language: str) -> Line | None:
    """The discount of the promotion that takes most off this plan today; of two alike, the first one's."""
    lines = (promotion.line(plan, price, today, language) for promotion in promotions)
    return min((line for line in lines if line), key=lambda line: line.amount, default=None)


@dataclass(frozen=True, slots=True)
class ProviderPromotion:
    """Something that a provider gives on top, from the first to the last moment, with the plans of these ids.

    `title` is in the provider's own words, of one language.
    """

    id: str
    title: str
    first: datetime
    last: datetime
    plan_ids: tuple[str, ...]


def told_of(told: Iterable[ProviderPromotion], plan: Plan, at: datetime) -> ProviderPromotion | None:
    """What the provider gives on top of this plan at this moment."""
    return next((each for each in told if each.first <= at <= each.last and plan.id in each.plan_ids), None)
