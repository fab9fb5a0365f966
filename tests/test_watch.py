"""Settled orders are looked at again: what moves behind our back ends before a clerk, with a reason and a deadline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.errors import Refused
from kiosk.identifiers import Purpose, Reference, wire_reference
from kiosk.ledger.due import next_watched
from kiosk.ledger.verify import problems
from kiosk.order import State
from kiosk.simulation.remotes import PRICE
from kiosk.simulation.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


def settled(shop: Shop, tender: str, state: State) -> Reference:
    """An order by this tender that has come to rest in this state."""
    name = shop.open(tender) if state is State.ABANDONED else shop.sell(tender)
    shop.wait(minutes=31 if tender == "cash" else 14)
    assert shop.state(name) is state
    return name


def test_a_payment_after_the_kiosk_gave_up_is_found_and_goes_to_a_clerk(shop: Shop) -> None:
    """The rail said closed, and then paid: an ABANDONED order is no longer forgotten."""
    name = settled(shop, "wallet", State.ABANDONED)

    shop.wallet.payments[wire_reference(name, Purpose.PAYMENT)].paid = PRICE
    shop.wait(hours=1)

    order = shop.order(name)
    assert order.state is State.REVIEW
    assert order.paid == PRICE
    assert "paid after all" in order.reason
    assert order.deadline_at
    assert list(problems(shop.ledger)) == []


def test_a_top_up_that_is_taken_back_later_goes_to_a_clerk(shop: Shop) -> None:
    """The provider's own record says no, a day after it said yes."""
    name = settled(shop, "wallet", State.COMPLETED)

    shop.wait(hours=20)
    shop.provider.fails = True
    shop.wait(hours=25)

    order = shop.order(name)
    assert order.state is State.REVIEW
    assert order.delivered_at is None
    assert not order.in_doubt


def test_a_refund_that_fails_after_all_goes_to_a_clerk_and_is_sent_anew_under_another_name(shop: Shop) -> None:
    """The first reference has failed for good; a clerk's order sends a second one."""
    shop.provider.faults.append(Refused("no such plan"))
    name = settled(shop, "wallet", State.REFUNDED)
    payment = shop.wallet.payments[wire_reference(name, Purpose.PAYMENT)]

    payment.back.clear()
    shop.wallet.refunds_fail = True
    shop.wait(hours=1)
    reviewed = shop.order(name)
    shop.wallet.refunds_fail = False
    shop.decide(name, "resume", State.REFUNDING)
    shop.wait(hours=1)

    assert reviewed.state is State.REVIEW
    assert shop.state(name) is State.REFUNDED
    assert payment.back == [wire_reference(name, Purpose.REFUND, 2)]


def test_a_refund_given_back_by_hand_after_it_failed_twice_is_not_asked_about_again(shop: Shop) -> None:
    """An earlier call of that refund was never answered; it failed with the one that was."""
    shop.provider.faults.append(Refused("no such plan"))
    shop.wallet.faults.extend([None, None, "dark"])
    name = settled(shop, "wallet", State.REFUNDED)
    payment = shop.wallet.payments[wire_reference(name, Purpose.PAYMENT)]

    payment.failed.update(payment.back)
    payment.back.clear()
    shop.wait(hours=1)
    failed = shop.state(name)
    shop.decide(name, "returned")
    shop.wait(days=4)

    assert failed is State.REVIEW
    assert shop.state(name) is State.REFUNDED


def test_an_order_that_is_no_longer_settled_is_not_watched(shop: Shop) -> None:
    """A clerk gives a sale back while the rail is away: the order waits for the rail, and the watch lets go of it."""
    name = settled(shop, "wallet", State.COMPLETED)
    shop.wallet.weather = lambda asked: "down"
    shop.decide(name, "refund")

    shop.wait(hours=1)

    assert shop.state(name) is State.REFUNDING
    assert next_watched(shop.ledger) is None


def test_a_top_up_that_arrives_after_a_refund_goes_to_a_clerk(shop: Shop) -> None:
    """A clerk gave back what was in doubt, and the provider lists it hours later: visible, never lost."""
    name = shop.open("wallet")
    shop.queue.step(first=name)
    shop.wallet.pay(name)
    shop.provider.weather = lambda asked: "dark"
    shop.wait(hours=5)
    shop.decide(name, "refund")
    shop.wait(minutes=10)
    refunded = shop.state(name)

    shop.provider.weather = lambda asked: None
    shop.provider.executed.append((wire_reference(name, Purpose.TOP_UP), shop.clock.now()))
    shop.wait(hours=2)

    assert refunded is State.REFUNDED
    assert shop.state(name) is State.REVIEW
    assert shop.events(name)[-1] == "found_delivered"


def test_the_watch_ends_after_its_days_and_asks_less_and_less(shop: Shop) -> None:
    """Three days, a handful of looks; then the remotes hear no more of it."""
    settled(shop, "wallet", State.ABANDONED)
    before = shop.asked("ask")

    shop.wait(days=4)
    looks = shop.asked("ask") - before
    shop.wait(days=10)

    assert 4 <= looks <= 8
    assert shop.asked("ask") - before == looks


def test_the_watch_outlasts_a_line_that_is_down(shop: Shop) -> None:
    """A week without a line hides nothing: the last look is one that was answered."""
    name = settled(shop, "wallet", State.ABANDONED)
    shop.wallet.payments[wire_reference(name, Purpose.PAYMENT)].paid = PRICE

    shop.wallet.weather = lambda asked: "down"
    shop.wait(days=7)
    shop.wallet.weather = lambda asked: None
    shop.wait(days=1)

    assert shop.state(name) is State.REVIEW


def test_nobody_is_asked_about_cash_and_settled_orders_of_nothing_sent(shop: Shop) -> None:
    """An abandoned cash order has no rail."""
    settled(shop, "cash", State.ABANDONED)
    before = shop.asked("ask", "look_up", "ask_refund")

    shop.wait(days=4)

    assert shop.asked("ask", "look_up", "ask_refund") == before
