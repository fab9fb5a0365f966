"""What hands do to a sale: open it, take cash, hand it back, leave; and who was faster."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

from kiosk.decisions import hand_back
from kiosk.errors import Illegal, Refused, Stale
from kiosk.identifiers import parse_reference
from kiosk.money import Money
from kiosk.order import State
from kiosk.plans import PriceList
from kiosk.ports import Tender
from kiosk.sale import cancel, change_for, plan_of, take_cash
from kiosk.simulation.remotes import CARD, PLAN, PRICE
from kiosk.simulation.shop import Shop
from kiosk.tenders.cash import Cash, Settings


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


def test_a_new_order_is_due_when_its_tender_wants_it(shop: Shop) -> None:
    """A rail is told at once; for cash the queue only waits for the time to be over."""
    wallet, cash = shop.open("wallet"), shop.open("cash")
    told, waiting = shop.ledger.entry(wallet), shop.ledger.entry(cash)

    assert told
    assert waiting
    assert told.due_at == shop.clock.now()
    assert waiting.due_at == shop.order(cash).expires_at == shop.clock.now() + timedelta(minutes=30)
    assert parse_reference(wallet) == wallet


def test_cash_nobody_took_ends_the_order(shop: Shop) -> None:
    """At the end of the time to pay: abandoned, and nothing was sent."""
    name = shop.open("cash")
    shop.wait(minutes=31)

    assert shop.state(name) is State.ABANDONED
    assert shop.asked("top_up") == 0


def test_cash_taken_too_late_is_a_clerks_to_decide(shop: Shop) -> None:
    """The drawer has the money: on record, in review, and delivered only if the clerk says so."""
    name = shop.open("cash")
    shop.wait(minutes=31)
    order = shop.take_cash(name)
    shop.wait(hours=1)

    assert order.paid == PRICE
    assert shop.state(name) is State.REVIEW
    assert shop.asked("top_up") == 0
    shop.decide(name, "resume")
    shop.now()
    assert shop.state(name) is State.COMPLETED


def test_cash_taken_on_a_cancelled_order_goes_back(shop: Shop) -> None:
    """The customer left, the clerk took the money all the same: to be handed back, never delivered."""
    name = shop.open("cash")
    shop.cancel(name)
    shop.take_cash(name)
    shop.wait(hours=1)

    assert shop.state(name) is State.REFUNDING
    assert shop.hand_back(name).state is State.REFUNDED
    assert shop.asked("top_up") == 0


def test_two_clerks_take_the_cash_of_an_order_once(shop: Shop) -> None:
    """The second one is told who was faster, or that it is paid."""
    name = shop.open("cash")
    seen = shop.order(name)
    shop.take_cash(name)
    now = shop.clock.now()

    with pytest.raises(Stale, match="paid by mei"):
        take_cash(shop.ledger, seen, PRICE, by="jo", at=now, review_by=now)
    with pytest.raises(Illegal, match="SUBMITTING"):
        shop.take_cash(name)


def test_cash_is_handed_back_once(shop: Shop) -> None:
    """Two clerks at two counters: one of them hands it back."""
    shop.provider.faults += [Refused("unknown SIM")]
    name = shop.sell("cash")
    shop.now()
    seen = shop.order(name)
    shop.hand_back(name)

    with pytest.raises(Stale, match="refunded by mei"):
        hand_back(shop.ledger, seen, by="jo", at=shop.clock.now())
    with pytest.raises(Illegal, match="no cash to hand back"):
        shop.hand_back(name)


def test_what_was_paid_by_a_rail_is_never_handed_back_from_the_drawer(shop: Shop) -> None:
    """A wallet's refund goes back by the wallet, and cash is not taken for its order."""
    shop.provider.faults += [Refused("unknown SIM")]
    name = shop.sell("wallet")
    shop.land(*shop.in_flight(name))
    assert shop.state(name) is State.REFUNDING

    with pytest.raises(Illegal, match="no cash to hand back"):
        shop.hand_back(name)
    with pytest.raises(Illegal, match="paid by wallet, not with cash"):
        shop.take_cash(name)


def test_a_paid_order_cannot_be_left(shop: Shop) -> None:
    """Whoever cancels on an old screen is told that it was paid meanwhile."""
    name = shop.open("cash")
    seen = shop.order(name)
    shop.take_cash(name)

    with pytest.raises(Stale, match="paid"):
        cancel(shop.ledger, seen, by="customer", at=shop.clock.now())
    with pytest.raises(Illegal):
        shop.cancel(name)


def test_the_change_is_exact_and_too_little_is_refused() -> None:
    """What is missing is named."""
    assert change_for(PRICE, Money(2000, "USD")) == Money(200, "USD")
    with pytest.raises(Illegal, match=r"2\.00 USD is missing"):
        change_for(PRICE, Money(1600, "USD"))


def test_only_a_plan_of_this_sim_with_a_price_is_sold(shop: Shop) -> None:
    """A plan we buy in a currency without a price is not offered, and the others are named."""
    sim = shop.provider.sim(CARD)
    ours, theirs = (
        PriceList(currency=currency, fixed={}, margin_percent=Decimal(30), round_up_to_minor=50)
        for currency in ("USD", "EUR")
    )

    assert plan_of(sim, PLAN.id, ours) is PLAN
    with pytest.raises(Refused, match=PLAN.id):
        plan_of(sim, "another", ours)
    with pytest.raises(Refused, match="none"):
        plan_of(sim, PLAN.id, theirs)


def test_cash_above_the_shops_limit_is_not_sold(shop: Shop) -> None:
    """Whoever asks for it, on the screen or on the command line; up to the limit it is."""
    for limit, sold in ((Money(PRICE.amount_minor - 1, "USD"), False), (PRICE, True)):
        shop.tenders["cash"] = cast(Tender, Cash(Settings(), amount_max=limit))
        if sold:
            assert shop.state(shop.open("cash")) is State.AUTHORIZING
        else:
            with pytest.raises(Illegal, match=r"a sale may come to 17\.99 USD, and this one comes to 18\.00 USD"):
                shop.open("cash")

    assert len(shop.ledger.orders()) == 1
