"""Wallets whose code we scan, under faults: at most one charge an order, and nobody pays for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from kiosk.errors import Misconfigured, NotNow, Refused, Unreachable
from kiosk.facts import Call, Event, Fact, Outcome
from kiosk.order import State
from kiosk.questions import Question, attempt_at
from kiosk.simulation.shop import Shop
from kiosk.steps import Task
from kiosk.watch import looks


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


def test_a_scanned_code_pays_and_delivers(shop: Shop) -> None:
    """The usual sale: the charge goes on record before it is sent, and the rest follows."""
    name = shop.open("scanner")
    shop.scan(name)
    shop.now()

    (charge,) = shop.order(name).of(Call.CHARGE)
    assert shop.state(name) is State.COMPLETED
    assert (charge.reference, charge.outcome) == (f"{name}P1", Outcome.DONE)
    assert shop.scanner.charged == [f"{name}P1"]


def test_before_the_scan_nobody_is_asked(shop: Shop) -> None:
    """The rail knows nothing of the order, and the holder of the queue may change meanwhile."""
    name = shop.open("scanner")
    shop.restart()
    shop.clock.go_on(days=-1)
    shop.wait(days=1, minutes=4)

    assert shop.state(name) is State.AUTHORIZING
    assert shop.scanner.calls == []


@pytest.mark.parametrize("cancelled", [True, False])
def test_an_order_whose_code_never_came_is_proven_unpaid(shop: Shop, cancelled: bool) -> None:
    """Nothing payable was ever shown: no call is needed to know that."""
    name = shop.open("scanner")
    if cancelled:
        shop.cancel(name)
    shop.wait(minutes=6)

    order = shop.order(name)
    assert order.state is State.ABANDONED
    assert order.unpaid_proven
    assert "no payment code was scanned" in order.reason
    assert shop.scanner.calls == []


def test_the_payer_confirms_on_the_phone(shop: Shop) -> None:
    """Taken on is not paid: it is asked about, and delivered once it is."""
    shop.scanner.must_confirm = lambda: True
    name = shop.open("scanner")
    shop.scan(name)
    shop.wait(seconds=10)
    waiting = shop.order(name)
    shop.scanner.pay(name)
    shop.wait(seconds=10)

    assert (waiting.state, waiting.of(Call.CHARGE)[0].outcome) == (State.AUTHORIZING, Outcome.ACCEPTED)
    assert shop.state(name) is State.COMPLETED
    assert shop.asked("charge") == 1


def test_who_scans_at_the_last_moment_has_time_to_confirm(shop: Shop) -> None:
    """The end of the time to pay is put off, and then it ends for good."""
    shop.scanner.must_confirm = lambda: True
    name = shop.open("scanner")
    shop.wait(minutes=4, seconds=58)
    shop.scan(name)
    shop.wait(seconds=80)
    shop.scanner.pay(name)
    shop.wait(seconds=10)

    assert shop.state(name) is State.COMPLETED


@pytest.mark.parametrize(("minutes", "cancels"), [(2, 0), (20, 1)])
def test_who_never_confirms_pays_nothing(shop: Shop, minutes: int, cancels: int) -> None:
    """The rail itself gives the payer up, or the time to pay ends it: then the charge is cancelled there."""
    shop.scanner.must_confirm, shop.scanner.confirms_for = (lambda: True), timedelta(minutes=minutes)
    name = shop.open("scanner")
    shop.scan(name)
    shop.wait(minutes=10)

    assert shop.state(name) is State.ABANDONED
    assert shop.asked("cancel") == cancels
    assert shop.asked("top_up") == 0


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Refused("this code is used"), Outcome.REFUSED),
        (Refused("not enough money", again=True), Outcome.REFUSED),
        (NotNow("too many calls", retry_after_s=30), Outcome.NOT_NOW),
        (Misconfigured("the merchant is closed"), Outcome.NOT_NOW),
        (Unreachable("no connection", sent=False), Outcome.NOT_SENT),
    ],
)
def test_a_charge_that_did_nothing_ends_the_order(shop: Shop, fault: Exception, outcome: Outcome) -> None:
    """A code is charged once, and so is an order: the customer shows another code to another order."""
    shop.scanner.faults.append(fault)
    name = shop.open("scanner")
    shop.scan(name)
    shop.now()

    order = shop.order(name)
    assert order.state is State.ABANDONED
    assert order.unpaid_proven
    assert order.of(Call.CHARGE)[0].outcome is outcome
    assert str(fault) in order.reason
    assert shop.asked("charge") == 1


@pytest.mark.parametrize("fault", ["lost", "dark", "late"])
def test_a_lost_reply_is_asked_about_and_never_charged_again(shop: Shop, fault: str) -> None:
    """The money may be taken: only the rail knows."""
    shop.scanner.faults.append(fault)
    shop.scanner.late_by = lambda: timedelta(seconds=30)
    name = shop.open("scanner")
    shop.scan(name)
    shop.wait(minutes=12)

    paid = fault != "dark"
    assert shop.state(name) is (State.COMPLETED if paid else State.ABANDONED)
    assert len(shop.scanner.charged) == int(paid)
    assert shop.asked("charge") == 1


def test_after_a_crash_the_code_is_gone_and_the_rail_is_asked(shop: Shop) -> None:
    """Written down, and the power went before it was sent: it is never sent by anybody."""
    name = shop.open("scanner")
    parts = shop.scanned(name)
    assert isinstance(next(parts), Task)
    del parts
    shop.restart()
    shop.wait(minutes=10)

    assert shop.state(name) is State.ABANDONED
    assert shop.asked("charge") == 0
    assert shop.asked("ask") >= 1


def test_a_second_scan_charges_nothing(shop: Shop) -> None:
    """While the first one is out, and after it."""
    shop.scanner.must_confirm = lambda: True
    name = shop.open("scanner")
    parts = shop.scanned(name)
    next(parts)
    meanwhile = list(shop.scanned(name))
    list(parts)
    shop.scan(name)
    shop.scanner.pay(name)
    shop.scan(name)
    shop.wait(seconds=10)

    assert meanwhile == []
    assert shop.state(name) is State.COMPLETED
    assert shop.scanner.charged == [f"{name}P1"]


def test_a_customer_who_leaves_while_the_charge_is_out_gets_it_back(shop: Shop) -> None:
    """Cancelled is on record, the payment wins, and the money goes back."""
    name = shop.open("scanner")
    parts = shop.scanned(name)
    next(parts)
    shop.cancel(name)
    list(parts)
    shop.wait(hours=1)

    assert shop.state(name) is State.REFUNDED
    assert [len(payment.back) for payment in shop.scanner.payments.values()] == [1]
    assert shop.asked("top_up") == 0


def test_a_code_that_comes_after_the_cancel_is_not_charged(shop: Shop) -> None:
    """Whoever is first on disk wins."""
    name = shop.open("scanner")
    shop.cancel(name)
    shop.scan(name)
    shop.now()

    assert shop.state(name) is State.ABANDONED
    assert shop.asked("charge") == 0


def test_a_code_that_comes_too_late_is_not_charged(shop: Shop) -> None:
    """The time to pay is over, and the queue has not got round to it yet."""
    name = shop.open("scanner")
    shop.clock.go_on(minutes=6)
    shop.scan(name)

    assert shop.state(name) is State.ABANDONED
    assert shop.asked("charge") == 0


def test_while_the_rail_is_away_the_order_waits_for_another_scan(shop: Shop) -> None:
    """Nothing is written down, nothing sent: the customer may scan again."""
    for _ in range(20):
        shop.queue.lines.breakers.silent("scanner", shop.clock.now())
    name = shop.open("scanner")
    shop.scan(name)

    assert shop.order(name).version == 1
    shop.queue.lines.breakers.answered("scanner")
    shop.scan(name)
    shop.now()
    assert shop.state(name) is State.COMPLETED


def test_an_order_that_a_clerk_resumes_is_not_charged_again(shop: Shop) -> None:
    """Its code was refused; whatever a clerk decides, one order has one charge."""
    shop.scanner.faults.append(Refused("this code is used"))
    name = shop.open("scanner")
    list(shop.scanned(name))
    order = shop.order(name)
    at, by = shop.clock.now(), "queue"
    order = shop.ledger.record(
        order, Fact(event=Event.ESCALATED, by=by, reason="a test", deadline_at=at + timedelta(hours=1)), at=at
    )
    shop.decide(name, "resume", State.AUTHORIZING)
    shop.scan(name)
    shop.now()

    assert shop.state(name) is State.ABANDONED
    assert shop.asked("charge") == 1


def test_a_restored_ledger_asks_what_its_lost_part_may_have_charged(shop: Shop) -> None:
    """A LOST charge is one that may have been made."""
    name = shop.open("scanner")
    order, now = shop.order(name), shop.clock.now()
    lost = replace(attempt_at(order, Call.CHARGE, now), outcome=Outcome.LOST)
    shop.ledger.record(order, Fact(event=Event.NOTED, by="kiosk restore", attempt=lost), at=now, due_at=now)
    shop.scan(name)
    shop.wait(minutes=10)

    assert shop.asked("charge") == 0
    assert shop.asked("ask") >= 1
    assert shop.state(name) is State.ABANDONED


def test_the_watch_asks_about_every_charge_and_about_no_order_without_one(shop: Shop) -> None:
    """A refusal is looked at once more; where no code ever came there is nothing to ask."""
    shop.scanner.faults.append(Refused("this code is used"))
    charged, never = shop.open("scanner"), shop.open("scanner")
    shop.scan(charged)
    shop.wait(minutes=6)

    assert looks(shop.order(charged), shop.queue.remotes) == (Question.ASK,)
    assert looks(shop.order(never), shop.queue.remotes) == ()
