"""Situations with cash at the counter."""

from __future__ import annotations

from datetime import timedelta

from kiosk.identifiers import Reference, SimNumber
from kiosk.order import State
from kiosk.printing import print_receipt
from kiosk.train.cases import Case, Situation, comes_to, printed_again
from kiosk.train.shop import SIM, Shop

NOT_TAKEN = "The cash is not on record yet."


def waits_for_cash(shop: Shop) -> Case:
    return Case(shop, shop.comes("cash").reference)


def came_too_late(shop: Shop) -> Case:
    """The time to pay was over a minute ago."""
    over = shop.house.tenders["cash"].time_to_pay + timedelta(minutes=1)
    return Case(shop, shop.reaches(shop.comes("cash", ago=over), State.ABANDONED).reference)


def was_taken(shop: Shop) -> Case:
    """By the colleague, who has gone since."""
    return Case(shop, sold_for_cash(shop, prints=True))


def was_refused(shop: Shop) -> Case:
    """The provider does not top this card up; the cash is the customer's."""
    order = shop.comes("cash")
    shop.goes_wrong(remote="airalo", endpoint="POST orders/topups", reject=73, times=1)
    shop.colleague_takes(order)
    return Case(shop, shop.reaches(order, State.REFUNDING).reference)


def sold_for_cash(shop: Shop, *, prints: bool, sim: SimNumber = SIM) -> Reference:
    """An order that the colleague has sold and that was delivered, with its receipt or without."""
    order = shop.comes("cash", sim)
    shop.colleague_takes(order)
    order, house = shop.reaches(order, State.COMPLETED), shop.house
    if prints:
        print_receipt(house.ledger, house.config, house.printer, order, house.clock)
    return order.reference


def cash_taken(case: Case) -> str:
    return "" if case.order.paid and "paid" in case.decided() else NOT_TAKEN


def decided_on_late_cash(case: Case) -> str:
    """Either way is good: deliver it now, or hand it back."""
    order = case.order
    match order.state:
        case State.COMPLETED | State.REFUNDED:
            return ""
        case State.ABANDONED:
            return NOT_TAKEN
        case State.REVIEW:
            return "The cash is on record, and the order waits for your decision."
        case State.REFUNDING:
            return "You have ordered it to be given back, and the customer has no cash in hand yet."
    return "The queue is at it: one moment."


SITUATIONS = (
    Situation("cash", "I want to pay in cash", waits_for_cash, cash_taken),
    Situation("too-little", "Are 20 dollars enough?", waits_for_cash, cash_taken),
    Situation("late-payment", "I had to fetch the money; here it is", came_too_late, decided_on_late_cash),
    Situation("already-taken", "Your colleague has my cash; do I pay again?", was_taken, printed_again),
    Situation(
        "hand-back",
        "It was refused; I want my cash back",
        was_refused,
        comes_to(State.REFUNDED, then="The customer has no cash in hand yet."),
    ),
)
