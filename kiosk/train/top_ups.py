"""Situations in which money was paid and the top-up is not there, or not the right one."""

from __future__ import annotations

from datetime import timedelta

from kiosk.errors import Stale
from kiosk.facts import Event, Fact
from kiosk.ledger.troubles import troubles
from kiosk.order import Order, State
from kiosk.train.cases import Case, Situation, comes_to, line_back, only_noted, printed_again
from kiosk.train.shop import Shop
from kiosk.train.tills import sold_for_cash


def paid_unheard(shop: Shop) -> Case:
    """The phone has paid, and the kiosk gets no word of it from the wallet."""
    order = shop.comes("wechat")
    code = shop.shown_code(order)
    shop.goes_wrong(remote="wechat", endpoint="GET *", down=True)
    shop.pays(code)
    return Case(shop, order.reference)


def waits_for_the_line(shop: Shop) -> Case:
    return Case(shop, _waiting(shop, timedelta(0)).reference)


def waits_for_hours(shop: Shop) -> Case:
    return Case(shop, _waiting(shop, timedelta(hours=3)).reference)


def _waiting(shop: Shop, ago: timedelta) -> Order:
    """Paid so long ago, and the provider takes no top-up."""
    order = shop.comes("cash", ago=ago)
    shop.line_goes()
    shop.colleague_takes(order, ago)
    return shop.until(order.reference, lambda now: bool(now.attempts) or _is_away(shop))


def _is_away(shop: Shop) -> bool:
    """Whether the queue knows that the provider does not answer, and so sends nothing."""
    return any(remote == "airalo" for remote, _ in troubles(shop.house.ledger, shop.house.clock.now()))


def nobody_knows(shop: Shop) -> Case:
    """The provider has topped it up, its answer was lost, and it answers no question since."""
    order = shop.comes("cash")
    shop.goes_wrong(remote="airalo", endpoint="POST orders/topups", lose_reply=True, times=1)
    shop.goes_wrong(remote="airalo", endpoint="GET orders", down=True)
    shop.colleague_takes(order)
    shop.until(order.reference, lambda now: now.in_doubt)
    reason = "the top-up was sent, and the provider has not said in time what became of it"
    while True:
        house = shop.house
        order = shop.order(order.reference)
        asked = Fact(event=Event.ESCALATED, by="queue", reason=reason, deadline_at=house.review_by())
        try:  # the queue would say it after an hour; the clerk who practises does not wait for that
            return Case(shop, house.ledger.record(order, asked, at=house.clock.now()).reference)
        except Stale:
            continue


def went_to_another_card(shop: Shop) -> Case:
    return Case(shop, sold_for_cash(shop, prints=True))


def kept_waiting(case: Case) -> str:
    """It is on its way: nothing was decided over it, and what the customer said is on record."""
    if case.order.state is State.REVIEW:
        return "It waits for your decision now."
    return only_noted(case)


DELIVERED = comes_to(State.COMPLETED, then="The top-up is not delivered yet.")

SITUATIONS = (
    Situation("i-paid", "I paid, and nothing happened", paid_unheard, DELIVERED, line_back),
    Situation("line-down", "It says that it comes later; when?", waits_for_the_line, printed_again, line_back),
    Situation("hours", "I paid three hours ago, and have nothing", waits_for_hours, DELIVERED, line_back),
    Situation("in-doubt", "Did it arrive, or not?", nobody_knows, DELIVERED, line_back),
    Situation("no-patience", "I do not wait; give me my money back", waits_for_the_line, kept_waiting),
    Situation("wrong-card", "I typed the number of another card", went_to_another_card, only_noted),
)
