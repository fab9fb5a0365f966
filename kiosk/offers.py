"""The plans as they are offered to a customer today: price, what it was before the promotion, price per unit. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from kiosk.config import Config
from kiosk.money import Money
from kiosk.plans import Plan, Sim
from kiosk.promotions import Promotion, ProviderPromotion, best, told_of


class Unit(StrEnum):
    """What the price is compared by: unlimited plans by the day, credit by nothing, others by the gigabyte."""

    GB = "GB"
    DAY = "day"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Offer:
    """One plan at today's price, before taxes and fees. `was` is the price without the promotion, where one runs.

    It is shown where it is not `sold`, too: our float does not cover it now. `bonus`: the provider gives more with it.
    """

    plan: Plan
    price: Money
    was: Money | None
    unit: Unit
    unit_price: Money
    sold: bool = True
    bonus: bool = False


def covers(left: Money | None, plan: Plan) -> bool:
    """Whether what is left of our float buys this plan. Yes, where nobody knows: the provider says it soon enough."""
    return left is None or left.currency != plan.wholesale.currency or plan.wholesale <= left


def offers(
    config: Config,
    sim: Sim,
    at: datetime,
    left: Money | None = None,
    told: Sequence[ProviderPromotion] = (),
    promotions: Sequence[Promotion] | None = None,
) -> tuple[Offer, ...]:
    """Every plan of the SIM that we have a price for, the cheapest first.

    `left` is what is left of our float; `told` is what the provider gives on top; `promotions` are the shop's own
    that count (None: all that are configured).
    """
    running = config.promotions if promotions is None else promotions
    found = [
        _offer(config, plan, at, running, covers(left, plan), told_of(told, plan, at) is not None)
        for plan in sim.plans
        if config.prices.sells(plan)
    ]
    return tuple(sorted(found, key=lambda offer: offer.price))


def _offer(config: Config, plan: Plan, at: datetime, promotions: Sequence[Promotion], sold: bool, bonus: bool) -> Offer:
    today = at.astimezone(config.zone).date()
    full = config.prices.retail(plan)
    discount = best(promotions, plan, full, today, "en")
    price = full + discount.amount if discount else full
    unit, per = _unit(plan)
    each = (Decimal(price.amount_minor) / per).to_integral_value(ROUND_HALF_UP)
    return Offer(plan, price, full if discount else None, unit, Money(int(each), price.currency), sold, bonus)


def _unit(plan: Plan) -> tuple[Unit, Decimal]:
    """What its price is compared by, and how much of that is in it."""
    if plan.is_credit:
        return Unit.WHOLE, Decimal(1)
    return (Unit.DAY, Decimal(max(1, plan.days))) if plan.data_mb is None else (Unit.GB, Decimal(plan.data_mb) / 1024)
