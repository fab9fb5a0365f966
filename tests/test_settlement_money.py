"""Payments under faults: what was paid is delivered, given back, or in front of a clerk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.errors import Illegal, Refused
from kiosk.money import Money
from kiosk.order import State
from kiosk.simulation.remotes import PRICE
from kiosk.simulation.shop import Shop
from kiosk.tables import Sales


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


def test_a_payment_in_the_last_second_is_delivered(shop: Shop) -> None:
    """Paid just before the code's end and not seen until after: the time-out closes, finds it, and delivers."""
    name = shop.open("wallet")
    shop.now()
    shop.wallet.weather = lambda asked: "down" if asked == "ask" else None
    shop.wait(minutes=4, seconds=59)
    shop.wallet.pay(name)
    shop.wait(minutes=10)

    assert shop.state(name) is State.COMPLETED
    assert shop.provider.delivered(name) == 1


def test_an_unpaid_code_is_closed_at_its_end(shop: Shop) -> None:
    """Nobody pays: closed at the rail, abandoned here, and the provider never hears of it."""
    name = shop.open("wallet")
    shop.wait(minutes=6)
    shop.wallet.pay(name)
    shop.wait(hours=1)

    assert shop.state(name) is State.ABANDONED
    assert shop.order(name).unpaid_proven
    assert shop.asked("expire") == 1
    assert shop.asked("top_up") == 0


@pytest.mark.parametrize("gives_back", [True, False])
def test_cancelled_but_paid_is_given_back_and_never_delivered(shop: Shop, gives_back: bool) -> None:
    """Payment wins over the cancellation, and gives the money back, once."""
    shop.wallet.cancel_gives_back = gives_back
    name = shop.open("wallet")
    shop.now()
    shop.wallet.pay(name)
    shop.cancel(name)
    shop.wait(hours=1)

    assert shop.state(name) is State.REFUNDED
    assert [len(payment.back) for payment in shop.wallet.payments.values()] == [1]
    assert shop.asked("top_up") == 0


@pytest.mark.parametrize("amount", [Money(1799, "USD"), Money(1800, "CNY"), Money(1801, "USD")])
def test_another_amount_never_goes_forward(shop: Shop, amount: Money) -> None:
    """Less, more, or another currency: a clerk, with both amounts."""
    name = shop.open("wallet")
    shop.now()
    shop.wallet.pay(name, amount)
    shop.wait(hours=1)

    order = shop.order(name)
    assert order.state is State.REVIEW
    assert f"{amount} was paid" in order.reason
    assert f"{PRICE} is due" in order.reason
    assert shop.asked("top_up") == 0


def test_another_amount_is_on_record_and_goes_back_as_it_came(shop: Shop) -> None:
    """What was paid is neither lost nor called unpaid, and no clerk can deliver for it."""
    name = shop.open("wallet")
    shop.now()
    shop.wallet.pay(name, Money(1799, "USD"))
    shop.wait(minutes=10)

    assert shop.order(name).paid == Money(1799, "USD")
    for verb, to in (("unpaid", None), ("resume", State.SUBMITTING)):
        with pytest.raises(Illegal):
            shop.decide(name, verb, to)
    shop.decide(name, "refund")
    shop.wait(hours=1)
    assert shop.state(name) is State.REFUNDED


def test_no_top_up_is_sent_while_a_refund_is_under_way(shop: Shop) -> None:
    """A refund whose outcome nobody knows stands against a second thought."""
    name = shop.open("wallet")
    shop.now()
    shop.wallet.pay(name)
    shop.provider.weather = lambda asked: Refused("no such plan")
    shop.wallet.weather = lambda asked: "lost" if asked == "refund" else None
    shop.wallet.refund_takes = timedelta(days=30)
    shop.wait(days=4)

    assert shop.state(name) is State.REVIEW
    with pytest.raises(Illegal, match="a refund was sent"):
        shop.decide(name, "resume", State.SUBMITTING)


def test_paid_and_given_back_by_the_rail_never_delivers(shop: Shop) -> None:
    """A rail that gave it back by itself, before the order was cancelled here, ends the sale."""
    name = shop.open("wallet")
    shop.now()
    shop.wallet.pay(name)
    next(iter(shop.wallet.payments.values())).back.append("rail")
    shop.wait(hours=1)

    assert shop.state(name) is State.REFUNDED
    assert shop.asked("top_up") == 0


def test_a_start_that_is_refused_ends_the_order(shop: Shop) -> None:
    """Nothing payable was ever shown."""
    shop.wallet.faults += [Refused("this merchant is closed")]
    name = shop.open("wallet")
    shop.now()

    assert shop.state(name) is State.ABANDONED


def test_a_refused_start_after_a_lost_one_is_no_proof_of_unpaid(shop: Shop) -> None:
    """The first call may have made the payment known: it is cancelled at the rail first."""
    shop.wallet.faults += ["lost", Refused("used already")]
    name = shop.open("wallet")
    shop.wait(minutes=2)

    assert shop.state(name) is State.ABANDONED
    assert shop.asked("cancel") == 1


def test_a_lost_reply_to_the_start_shows_nothing_and_closes_at_expiry(shop: Shop) -> None:
    """No code was received, so none is shown; the rail is told at the end."""
    shop.wallet.weather = lambda asked: "lost" if asked == "start" else None
    name = shop.open("wallet")
    shop.wait(minutes=4)
    assert shop.order(name).code == ""
    shop.wait(minutes=20)

    assert shop.state(name) is State.ABANDONED


def test_a_rail_that_never_knew_the_order_is_asked_in_growing_steps(shop: Shop) -> None:
    """After the code's end nobody stands there: no hammering, and the proof of unpaid is waited for."""
    shop.wallet.weather = lambda asked: "dark" if asked == "start" else None
    name = shop.open("wallet")
    shop.wait(minutes=20)

    assert shop.state(name) is State.ABANDONED
    assert shop.asked("expire") < 15


@pytest.mark.parametrize("cancelled", [True, False])
def test_a_rail_that_is_gone_for_days_brings_a_clerk(shop: Shop, cancelled: bool) -> None:
    """The customer may have paid: that does not wait for ever in silence."""
    name = shop.open("wallet")
    shop.now()
    shop.wallet.weather = lambda asked: "down"
    if cancelled:
        shop.cancel(name)
    shop.wait(hours=10)

    assert shop.state(name) is State.REVIEW
    assert "has not said for good" in shop.order(name).reason


@pytest.mark.parametrize("clock_off_by_h", [0, -30])
def test_a_code_that_cannot_be_closed_is_a_clerks_after_so_many_tries(shop: Shop, clock_off_by_h: int) -> None:
    """Each try is answered, and none settles anything: the bound counts tries, wherever the clock stands."""
    shop.sales = Sales(refund_within_h=1000)
    shop.restart()
    shop.wallet.unknown_until_scanned, shop.wallet.time_to_pay = True, timedelta(days=20)
    name = shop.open("wallet")
    shop.now()
    shop.cancel(name)
    shop.clock.go_on(hours=clock_off_by_h)
    shop.now()
    shop.wait(hours=25)

    assert shop.state(name) is State.REVIEW
    assert "50 calls were made in CANCELLING" in shop.order(name).reason
