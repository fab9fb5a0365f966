"""Situations in which money is to go back, or has gone back already."""

from __future__ import annotations

from kiosk.decisions import decide
from kiosk.facts import Call, refused_for_good
from kiosk.order import State
from kiosk.sale import cancel
from kiosk.train.cases import Case, Situation, comes_to, printed_again
from kiosk.train.shop import COLLEAGUE, SECOND_SIM, Shop
from kiosk.train.tills import cash_taken, sold_for_cash


def sold_by_phone(shop: Shop) -> Case:
    """Paid by WeChat Pay, and delivered."""
    order = shop.comes("wechat")
    shop.pays(shop.shown_code(order))
    return Case(shop, shop.reaches(order, State.COMPLETED).reference)


def gave_up_and_gone_back(shop: Shop) -> Case:
    """The provider has refused the card: the money has gone back to the phone by itself."""
    order = shop.comes("wechat")
    shop.goes_wrong(remote="airalo", endpoint="POST orders/topups", reject=73, times=1)
    shop.pays(shop.shown_code(order))
    return Case(shop, shop.reaches(order, State.REFUNDED).reference)


def refused_for_ever(shop: Shop) -> Case:
    """The colleague has ordered a refund, and the wallet cannot carry it out."""
    case = sold_by_phone(shop)
    shop.goes_wrong(remote="wechat", endpoint="POST *refunds*", refund_fails=True)
    order, house = case.order, shop.house
    decide(house.ledger, order, "refund", by=COLLEAGUE, reason="not used", at=house.clock.now())
    shop.until(order.reference, lambda now: now.state is State.REVIEW and refused_for_good(now.of(Call.REFUND)))
    return case


def paid_twice(shop: Shop) -> Case:
    """The customer left the code on the screen for cash, and the phone has paid it all the same."""
    first = shop.comes("wechat", SECOND_SIM)
    code = shop.shown_code(first)
    house = shop.house
    cancel(house.ledger, shop.order(first.reference), by="customer", at=house.clock.now())
    shop.pays(code)
    shop.reaches(first, State.REFUNDED)
    return Case(shop, first.reference, sold_for_cash(shop, prints=True, sim=SECOND_SIM))


def declined(shop: Shop) -> Case:
    """The bank has declined the card; the customer has chosen cash instead."""
    first = shop.comes("card")
    shop.until(first.reference, lambda now: bool(now.of(Call.START)) and now.of(Call.START)[-1].outcome is not None)
    shop.holds_card("decline")
    shop.until(first.reference, lambda now: bool(now.declined))
    house = shop.house
    cancel(house.ledger, shop.order(first.reference), by="customer", at=house.clock.now())
    shop.reaches(first, State.ABANDONED)
    return Case(shop, shop.comes("cash").reference, first.reference)


GIVEN_BACK = "The money is not back yet."

SITUATIONS = (
    Situation(
        "refund",
        "I do not need it any more; my money back, please",
        sold_by_phone,
        comes_to(State.REFUNDED, then=GIVEN_BACK),
    ),
    Situation("gone-back", "It failed; where is my money?", gave_up_and_gone_back, printed_again),
    Situation(
        "refund-refused",
        "Your refund has not come to my phone",
        refused_for_ever,
        comes_to(State.REFUNDED, then=GIVEN_BACK),
    ),
    Situation("paid-twice", "I paid twice", paid_twice, printed_again),
    Situation("declined", "My card was declined; I pay in cash", declined, cash_taken),
)
