"""How much data a trip takes, by three questions; and the cheapest plan on offer that holds it. Pure.

The figures are rough on purpose, and shown with their working; docs/estimate.md says where they are from.
It must never recommend what is not sold now, nor say that a plan is enough when it is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kiosk.offers import Offer
from kiosk.plans import Plan

DAYS = (3, 7, 14, 30)
"""How long a trip may be, to choose from."""

SPARE = Decimal("1.2")
"""A fifth more than expected: who runs out stands without a map."""

SHARED_GB = Decimal("1.0")
"""A day, for a computer or a second phone on the same SIM."""


class Use(StrEnum):
    """What somebody mostly does, the least first. Whoever does more does what stands before it, too."""

    MAPS = "maps"
    SOCIAL = "social"
    VIDEO = "video"


DAILY_GB = {Use.MAPS: Decimal("0.3"), Use.SOCIAL: Decimal("0.8"), Use.VIDEO: Decimal("2.0")}


@dataclass(frozen=True, slots=True)
class Trip:
    """What the customer has said of it. `shared`: another device goes through the phone."""

    days: int
    use: Use
    shared: bool = False

    @property
    def daily_gb(self) -> Decimal:
        return DAILY_GB[self.use] + (SHARED_GB if self.shared else 0)

    @property
    def need_gb(self) -> Decimal:
        """With what is to spare."""
        return self.days * self.daily_gb * SPARE

    def is_held_by(self, plan: Plan) -> bool:
        return plan.data_mb is None or plan.data_mb >= self.need_gb * 1024


class Why(StrEnum):
    """Why this plan and no other."""

    CHEAPEST = "cheapest"
    MOST_DATA = "most_data"
    LONGEST = "longest"


@dataclass(frozen=True, slots=True)
class Advice:
    """A plan, and why it is this one: CHEAPEST of those that hold the trip; else MOST_DATA of those that last as

    long; else the LONGEST there is. The last two do not hold it, which must be said.
    """

    offer: Offer
    why: Why


def advice(offers: Iterable[Offer], trip: Trip) -> Advice | None:
    """None where nothing that is sold now is counted in data."""
    sold = [offer for offer in offers if offer.sold and not offer.plan.is_credit]
    lasting = [offer for offer in sold if offer.plan.days >= trip.days]
    if holding := [offer for offer in lasting if trip.is_held_by(offer.plan)]:
        return Advice(min(holding, key=lambda offer: offer.price), Why.CHEAPEST)
    if lasting:
        return Advice(max(lasting, key=_much_for_little), Why.MOST_DATA)
    longest = max((offer.plan.days for offer in sold), default=0)
    last = [offer for offer in sold if offer.plan.days == longest]
    return Advice(max(last, key=_much_for_little), Why.LONGEST) if last else None


def _much_for_little(offer: Offer) -> tuple[float, int]:
    data_mb = offer.plan.data_mb
    return (float("inf") if data_mb is None else data_mb, -offer.price.amount_minor)
