"""What may be sold while the provider does not answer: nothing, unless the owner's `[offline]` rules allow it. Pure.

It must never decide anything about an order that is paid: that one waits, and is delivered or given back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kiosk.errors import ConfigError
from kiosk.money import Money

if TYPE_CHECKING:
    from kiosk.ports import Tender


@dataclass(frozen=True, slots=True)
class Undelivered:
    """What is sold of one provider and not delivered: paid, or being paid. `oldest_at` is the oldest payment."""

    orders: int
    amount: Money
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class OfflineRules:
    """How much the owner lets wait, and by which ways it may be paid, while the provider is away."""

    orders_max: int
    amount_max: Money
    oldest_max: timedelta
    tenders: tuple[str, ...]
    catalogue_max: timedelta = timedelta(0)
    """How old the plans may be by which a SIM is sold that nobody could look at; nothing: none is."""

    def limit_reached(self, waiting: Undelivered, more: Money, now: datetime) -> str:
        """Which limit one sale of `more` would break, in words for the clerk; an empty text where it may be sold."""
        if waiting.orders >= self.orders_max:
            return f"{waiting.orders} orders wait already, and offline.orders_max is {self.orders_max}"
        if waiting.amount + more > self.amount_max:
            return f"{waiting.amount} wait already, and offline.amount_max is {self.amount_max}"
        if waiting.oldest_at and now - waiting.oldest_at >= self.oldest_max:
            hours = self.oldest_max // timedelta(hours=1)
            since = f"{waiting.oldest_at:%Y-%m-%d %H:%M} UTC"
            return f"the oldest order waits since {since}, and offline.oldest_max_h is {hours}"
        return ""


def check_holds(rules: OfflineRules, tenders: Iterable[Tender], longest: timedelta, source: str) -> None:
    """Refuse a card whose hold may end before a top-up that waits `longest` is given up. Raises ConfigError."""
    for tender in tenders:
        if tender.name in rules.tenders and tender.captures_later and (tender.held_for or timedelta(0)) < longest:
            held = "an unknown time" if tender.held_for is None else f"{tender.held_for // timedelta(hours=1)} h"
            raise ConfigError(
                f"{source}: offline.tenders: {tender.name} only holds the money, for {held}, and a top-up may wait"
                f" {longest // timedelta(hours=1)} h; leave it out, or lower sales.deliver_within_h."
            )
