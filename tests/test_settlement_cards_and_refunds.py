"""Holds, captures and refunds under faults: taken only after delivery, given back once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.errors import Refused
from kiosk.facts import Call, Event, Fact
from kiosk.identifiers import Reference
from kiosk.order import State
from kiosk.simulation.payments import Payment
from kiosk.simulation.remotes import PRICE, Fault
from kiosk.simulation.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


def test_a_card_is_captured_only_after_the_delivery(shop: Shop) -> None:
    """Held, delivered, taken: in this order."""
    shop.provider.takes = timedelta(minutes=10)
    name = shop.sell("card")
    shop.wait(minutes=5)
    assert shop.asked("capture") == 0
    shop.wait(minutes=30)

    assert shop.state(name) is State.COMPLETED
    assert shop.order(name).taken
    assert shop.asked("capture") == 1


def test_nothing_is_sent_to_the_provider_when_the_hold_is_nearly_over(shop: Shop) -> None:
    """The line is down until the hold's last half hour: the hold is voided, nothing is sent any more."""
    shop.card.held_for = timedelta(hours=2)
    shop.provider.weather = lambda asked: "down"
    name = shop.sell("card")
    shop.wait(minutes=80)
    sent_before = shop.asked("top_up")
    shop.wait(minutes=20)
    shop.provider.weather = lambda asked: None
    shop.wait(hours=3)

    assert sent_before
    assert shop.state(name) is State.REFUNDED
    assert shop.provider.delivered(name) == 0
    assert shop.asked("capture") == 0


def test_a_doubt_under_a_hold_reaches_the_clerk_before_the_hold_ends(shop: Shop) -> None:
    """The deadline of the review lies before the authorization's last moment."""
    shop.card.held_for = timedelta(hours=2)
    shop.provider.faults += ["lost"]
    shop.provider.takes = timedelta(days=1)
    name = shop.sell("card")
    shop.wait(minutes=95)

    order = shop.order(name)
    assert order.state is State.REVIEW
    assert order.deadline_at
    assert order.capture_before
    assert shop.clock.now() < order.deadline_at < order.capture_before


@pytest.mark.parametrize("why", ["refused", "expired"])
def test_a_capture_that_is_not_possible_any_more_leaves_the_clerk_a_way_out(shop: Shop, why: str) -> None:
    """Delivered and never taken: a clerk, who may settle it as delivered. Nothing is captured after the hold."""
    shop.card.held_for = timedelta(hours=2)
    fault: Fault = Refused("no") if why == "refused" else "down"
    shop.card.weather = lambda asked: fault if asked == "capture" else None
    name = shop.sell("card")
    shop.wait(hours=3)
    order = shop.order(name)
    assert order.state is State.REVIEW
    assert order.capture_refused
    asked = shop.asked("capture")
    assert shop.decide(name, "resume").state is State.CAPTURING
    shop.wait(hours=1)
    assert shop.asked("capture") == asked

    assert shop.decide(name, "delivered").state is State.COMPLETED


def test_a_lost_capture_is_repeated_and_completes(shop: Shop) -> None:
    """The same capture again is the same capture."""
    shop.card.faults.extend([None, None, "lost"])
    name = shop.sell("card")
    shop.wait(minutes=5)

    assert shop.state(name) is State.COMPLETED
    assert len(set(shop.card.asked("capture"))) == 1
    assert shop.asked("capture") == 2


def test_accepted_is_not_back(shop: Shop) -> None:
    """A refund that was taken on is asked after, not asked for again."""
    shop.wallet.refund_takes = timedelta(hours=5)
    shop.provider.faults += [Refused("unknown SIM")]
    name = shop.sell("wallet")
    shop.wait(hours=4)
    assert shop.state(name) is State.REFUNDING
    shop.wait(hours=2)

    assert shop.state(name) is State.REFUNDED
    assert shop.asked("refund") == 1


def test_every_retry_of_a_refund_carries_the_same_number(shop: Shop) -> None:
    """Lost, dark, down: one refund, one reference, money back once."""
    shop.provider.faults += [Refused("unknown SIM")]
    name = shop.sell("wallet")
    shop.wallet.faults += ["dark", "lost", "down"]
    shop.wait(hours=1)

    assert shop.state(name) is State.REFUNDED
    assert set(shop.wallet.asked("refund")) == {f"{name}R1"}
    assert [payment.back for payment in shop.wallet.payments.values()] == [[f"{name}R1"]]


@pytest.mark.parametrize("takes_h", [0, 1])
def test_a_refund_that_fails_is_a_clerks_and_its_next_try_is_another(shop: Shop, takes_h: int) -> None:
    """Refused at once or later: review; resuming asks for a second refund with a number of its own."""
    shop.wallet.refunds_fail, shop.wallet.refund_takes = True, timedelta(hours=takes_h)
    shop.provider.faults += [Refused("unknown SIM")]
    name = shop.sell("wallet")
    shop.wait(hours=3)
    assert shop.state(name) is State.REVIEW
    shop.wallet.refunds_fail = False
    assert shop.decide(name, "resume").state is State.REFUNDING
    shop.wait(hours=3)

    assert shop.state(name) is State.REFUNDED
    assert [payment.back for payment in shop.wallet.payments.values()] == [[f"{name}R2"]]


def in_doubt(shop: Shop, tender: str = "wallet") -> Reference:
    """An order in review: its top-up was sent, and nobody knows what became of it."""
    name = shop.sell(tender)
    shop.wait(hours=1)
    assert shop.state(name) is State.REVIEW
    return name


def test_a_refund_over_a_doubt_looks_first_and_stops_at_a_delivery(shop: Shop) -> None:
    """The top-up shows up just before the money leaves: back to the clerk, with the number; then it is their word."""
    shop.provider.faults += ["lost"]
    shop.provider.listed_after = timedelta(minutes=90)
    name = in_doubt(shop)
    shop.wait(hours=1)
    shop.decide(name, "refund")
    shop.now()

    order = shop.order(name)
    assert order.state is State.REVIEW
    assert order.delivered_at
    assert "says that the top-up was delivered (number A1)" in order.reason
    assert shop.asked("refund") == 0
    shop.decide(name, "refund")
    shop.now()
    assert shop.state(name) is State.REFUNDED


@pytest.mark.parametrize("fault", [None, "down", "dark", ValueError("a bug")])
def test_a_refund_over_a_doubt_stands_where_nothing_is_found(shop: Shop, fault: Fault) -> None:
    """Absent, or not to be asked: the clerk has ordered it, and one look is enough."""
    shop.provider.faults += ["dark"]
    name = in_doubt(shop)
    looks = shop.asked("look_up")
    shop.provider.faults += [fault]
    shop.decide(name, "refund")
    shop.wait(minutes=5)

    assert shop.state(name) is State.REFUNDED
    assert shop.asked("look_up") == looks + 1
    assert shop.asked("refund") == 1


def test_a_reversed_top_up_can_be_refunded(shop: Shop) -> None:
    """The provider takes a delivered top-up back: its record says no, and the refund goes through."""
    name = shop.sell("wallet")
    shop.now()
    shop.provider.fails = True
    now = shop.clock.now()
    fact = Fact(event=Event.REVERSED, by="airtime", reason="taken back", deadline_at=now + timedelta(hours=4))
    shop.ledger.record(shop.order(name), fact, at=now)
    shop.decide(name, "refund")

    assert shop.now() < 5
    assert shop.state(name) is State.REFUNDED


def test_cash_that_is_not_fetched_comes_before_a_clerk_and_is_never_sent_again(shop: Shop) -> None:
    """Resuming the review of a refund goes on refunding: it does not top up what was to be given back."""
    shop.provider.faults += [Refused("unknown SIM")]
    name = shop.sell("cash")
    shop.wait(hours=47)
    assert shop.state(name) is State.REFUNDING
    shop.wait(hours=2)
    assert shop.state(name) is State.REVIEW
    assert "is to be given back by cash" in shop.order(name).reason
    shop.decide(name, "resume")
    shop.now()

    assert shop.state(name) is State.REFUNDING
    assert shop.asked("top_up") == 1
    assert shop.hand_back(name).state is State.REFUNDED


def test_a_rail_that_needs_no_start_still_has_its_refunds_written_down(shop: Shop) -> None:
    """Every call that changes a rail is on record before it is sent; only cash has no rail."""
    shop.card.starts = False
    shop.provider.faults += [Refused("unknown SIM")]
    name = shop.open("card")
    shop.card.payments[f"{name}P1"] = Payment(shop.order(name).expires_at, paid=PRICE)
    shop.now()

    assert shop.state(name) is State.REFUNDED
    assert [attempt.reference for attempt in shop.order(name).of(Call.REFUND)] == [f"{name}R1"]


def test_every_refund_a_clerk_orders_over_a_doubt_takes_its_own_look(shop: Shop) -> None:
    """A look from before the order was resumed is old news: what was delivered since is seen."""
    shop.provider.faults += ["lost"]
    shop.provider.listed_after = timedelta(hours=4)
    name = in_doubt(shop)
    shop.wallet.faults += [Refused("the account is empty")]
    shop.decide(name, "refund")
    shop.now()
    assert shop.state(name) is State.REVIEW
    shop.wait(hours=4)
    shop.decide(name, "refund")
    shop.now()

    assert shop.state(name) is State.REVIEW
    assert shop.order(name).delivered_at
    assert [payment.back for payment in shop.wallet.payments.values()] == [[]]


def test_a_no_after_a_lost_refund_is_looked_up_and_never_followed_by_another(shop: Shop) -> None:
    """The first refund may be on its way: the rail's "no" to its repetition is no proof that it failed."""
    shop.wallet.refund_takes = timedelta(hours=2)
    shop.provider.faults += [Refused("unknown SIM")]
    name = shop.sell("wallet")
    shop.wallet.faults += ["lost", Refused("in progress")]
    shop.wait(hours=4)

    assert shop.state(name) is State.REFUNDED
    assert shop.wallet.asked("refund") == [f"{name}R1"] * 2
    assert [payment.back for payment in shop.wallet.payments.values()] == [[f"{name}R1"]]


def test_a_no_after_a_lost_refund_that_never_arrived_is_a_clerks_and_the_next_one_is_another(shop: Shop) -> None:
    """The look says that the rail knows of none: now it has failed for good, and the next has a number of its own."""
    shop.provider.faults += [Refused("unknown SIM")]
    name = shop.sell("wallet")
    shop.wallet.faults += ["dark", Refused("the account is empty")]
    shop.wait(hours=1)
    assert shop.state(name) is State.REVIEW
    shop.decide(name, "refund")
    shop.now()

    assert shop.state(name) is State.REFUNDED
    assert shop.wallet.asked("refund") == [f"{name}R1", f"{name}R1", f"{name}R2"]
