"""The queue: who is next, when again, and what becomes of an answer that comes late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.errors import Misconfigured, NotNow
from kiosk.facts import Event, Fact, Outcome
from kiosk.identifiers import Reference
from kiosk.ledger import Due, Ledger
from kiosk.ledger.desk import open_findings
from kiosk.order import WAITING, State
from kiosk.questions import Question
from kiosk.settlement import deliver_by
from kiosk.simulation.shop import Shop
from kiosk.steps import Task


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


def note(shop: Shop, name: Reference) -> None:
    """A clerk writes something down, in the middle of a call."""
    fact = Fact(event=Event.NOTED, by="mei", reason="the customer asks", remote="asked at the counter")
    shop.ledger.record(shop.order(name), fact, at=shop.clock.now())


def test_a_note_in_the_middle_of_a_call_loses_no_answer(shop: Shop) -> None:
    """The clerk writes while the top-up is out: its answer goes on top of the note."""
    name = shop.sell()
    due, task = shop.in_flight(name)
    note(shop, name)
    step = shop.land(due, task)

    assert step.order.state is State.COMPLETED
    assert shop.asked("top_up") == 1


def test_a_note_at_every_moment_loses_no_answer(shop: Shop) -> None:
    """The clerk writes again and again, between reading and writing too."""
    name = shop.sell()
    due, task = shop.in_flight(name)
    notes = iter(range(3))

    class Interrupted(Ledger):
        """The ledger, with a clerk who writes between two readings."""

        def __init__(self) -> None:
            self.__dict__ = shop.ledger.__dict__

        def entry(self, reference: Reference) -> Due | None:
            if next(notes, None) is not None:
                note(shop, reference)
            return super().entry(reference)

    note(shop, name)
    shop.queue.ledger = Interrupted()
    shop.land(due, task)

    assert shop.state(name) is State.COMPLETED
    assert shop.order(name).attempts[0].outcome is Outcome.DONE


def test_a_late_payment_is_noted_and_can_only_be_given_back(shop: Shop) -> None:
    """The customer cancels while the rail is asked, and it answers "paid": never delivered."""
    name = shop.open("wallet")
    shop.now()
    shop.wallet.pay(name)
    shop.clock.go_on(seconds=2)
    due, task = shop.in_flight(name)
    answer = shop.queue.perform(task)
    shop.cancel(name)
    shop.queue.conclude(task, answer)
    shop.queue.claims.release(due)

    assert shop.state(name) is State.CANCELLING
    assert "a late answer: Paid W1" in shop.remarks(name)
    shop.now()
    assert shop.state(name) is State.REFUNDED
    assert shop.asked("top_up") == 0


def test_a_late_start_is_written_down_but_shows_no_code(shop: Shop) -> None:
    """The customer leaves before the code is there: the attempt has its outcome, the order stays cancelled."""
    name = shop.open("wallet")
    due, task = shop.in_flight(name)
    shop.cancel(name)
    shop.land(due, task)

    order = shop.order(name)
    assert (order.state, order.code) == (State.CANCELLING, "")
    assert order.attempts[0].outcome is Outcome.DONE
    shop.now()
    assert shop.state(name) is State.ABANDONED


def test_a_delivery_that_shows_after_cash_was_handed_back_comes_before_a_clerk(shop: Shop) -> None:
    """The clerk hands back while the last look is out, and it says delivered: found, never forgotten."""
    shop.provider.faults += ["lost"]
    shop.provider.listed_after = timedelta(minutes=90)
    name = shop.sell("cash")
    shop.wait(minutes=80)
    shop.decide(name, "refund")
    due, task = shop.in_flight(name)
    shop.hand_back(name)
    shop.clock.go_on(minutes=30)
    shop.land(due, task)

    order = shop.order(name)
    assert order.state is State.REVIEW
    assert order.delivered_at
    assert order.refunded_at
    assert "the order is REFUNDED" in order.reason


def test_a_clerk_faster_than_the_queue_leaves_it_nothing_to_do(shop: Shop) -> None:
    """Chosen by the queue, then settled by hand before its part began: no call, no failure."""
    shop.provider.fails = True
    shop.provider.takes = timedelta(minutes=1)
    name = shop.sell("cash")
    shop.wait(minutes=10)
    shop.wait(hours=47)
    shop.clock.go_on(hours=2)
    due = shop.queue.claims.take(first=name)
    assert due
    shop.hand_back(name)

    assert getattr(shop.queue.prepare(due), "question", "") is None
    assert shop.state(name) is State.REFUNDED


def test_an_order_that_waits_for_an_answer_is_always_due(shop: Shop) -> None:
    """Every -ING order has a due time, at every moment of a sale in trouble."""
    shop.provider.faults += ["down", "dark", NotNow("busy")]
    names = [shop.sell("cash"), shop.sell("wallet"), shop.sell("card"), shop.open("wallet")]
    for _ in range(60):
        shop.queue.step()
        shop.clock.go_on(seconds=20)
        waiting = [name for name in names if shop.state(name) in WAITING]
        assert all(shop.ledger.entry(name) for name in waiting)


def test_two_workers_never_take_the_same_order(shop: Shop) -> None:
    """What is taken is nobody else's until it is released; `first` goes before the older ones."""
    older, newer = shop.sell(), shop.sell()
    first = shop.queue.claims.take(first=newer)
    second = shop.queue.claims.take(first=newer)
    third = shop.queue.claims.take(first=newer)
    assert first
    assert second
    shop.queue.claims.release(first)
    again = shop.queue.claims.take()

    assert (first.reference, second.reference, third) == (newer, older, None)
    assert again
    assert again.reference == newer


def waits(shop: Shop, jitter: float, tries: int) -> list[float]:
    """How long the queue waits between the tries of a top-up that cannot be sent."""
    queue = replace(shop.queue, jitter=lambda: jitter)
    shop.provider.weather = lambda asked: "down"
    name = shop.sell()
    waited = []
    for _ in range(tries):
        at = _due_at(shop, name)
        shop.clock.at = max(shop.clock.at, at)
        queue.step(first=name)
        waited.append((_due_at(shop, name) - shop.clock.now()).total_seconds())
    return waited


def _due_at(shop: Shop, name: Reference) -> datetime:
    entry = shop.ledger.entry(name)
    assert entry
    return entry.due_at


def test_the_backoff_grows_to_its_bound_and_is_jittered(shop: Shop) -> None:
    """2, 4, 8 seconds … never more than ten minutes, never less than one second, and not in step."""
    assert waits(shop, 1.0, 11) == [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]
    assert waits(shop, 0.5, 4) == [1, 2, 4, 8]
    assert waits(shop, 0.0, 3) == [1, 1, 1]


def test_a_poisoned_order_does_not_stop_the_others(shop: Shop) -> None:
    """Its adapter is gone from config.toml: it waits with one finding, and the others are delivered."""
    poisoned = shop.sell("wallet")
    healthy = shop.sell("cash")
    del shop.tenders["wallet"]
    shop.wait(minutes=30)

    assert shop.state(poisoned) is State.SUBMITTING
    assert shop.state(healthy) is State.COMPLETED
    assert [finding.reason for finding in open_findings(shop.ledger)] == [
        "Orders wait for wallet, and config.toml has no table [tenders.wallet] any more."
    ]
    shop.tenders["wallet"] = shop.wallet
    shop.wait(minutes=30)
    assert shop.state(poisoned) is State.COMPLETED


def test_wrong_settings_are_one_finding_however_many_orders_meet_them(shop: Shop) -> None:
    """The clerk is told once; nothing is in doubt, and nothing is given back for it."""
    shop.provider.weather = lambda asked: Misconfigured("the client secret is wrong")
    names = [shop.sell() for _ in range(3)]
    shop.wait(minutes=30)

    assert [finding.reason for finding in open_findings(shop.ledger)] == ["the client secret is wrong"]
    assert {shop.state(name) for name in names} == {State.SUBMITTING}
    assert not any(shop.order(name).in_doubt for name in names)


def test_the_next_call_is_written_down_in_one_commit_with_the_answer_before_it(shop: Shop) -> None:
    """Paid, and the top-up about to be sent: one commit, then the call. Delivered, and the capture: likewise."""
    name = shop.open("card")
    shop.queue.step(first=name)
    shop.card.pay(name)
    shop.clock.go_on(seconds=2)
    due = shop.queue.claims.take(first=name)
    assert due
    said: list[str] = []
    shop.ledger.database.connection.set_trace_callback(said.append)
    seen = []
    for part in shop.queue.parts(due):
        if isinstance(part, Task):
            order = shop.order(name)
            seen.append((order.state, part.question, part.attempt in (None, order.attempts[-1]), said.count("COMMIT")))
    shop.ledger.database.connection.set_trace_callback(None)

    assert seen == [
        (State.AUTHORIZING, Question.ASK, True, 0),
        (State.SUBMITTING, Question.TOP_UP, True, 1),
        (State.CAPTURING, Question.CAPTURE, True, 2),
    ]
    assert said.count("COMMIT") == 3
    assert shop.state(name) is State.COMPLETED


def test_an_answer_goes_on_record_though_the_next_remote_is_away(shop: Shop) -> None:
    """The rail says paid while the provider's line is down: paid is on record, and nothing is written down as sent."""
    name = shop.open("wallet")
    shop.queue.step(first=name)
    for _ in range(3):
        shop.queue.lines.breakers.silent("airtime", shop.clock.now())
    shop.wallet.pay(name)
    shop.clock.go_on(seconds=1.9)
    for _ in range(3):
        shop.queue.lines.breakers.silent("airtime", shop.clock.now())
    shop.clock.go_on(seconds=0.1)
    shop.queue.step(first=name)

    assert shop.state(name) is State.SUBMITTING
    assert not shop.order(name).in_doubt
    assert shop.asked("top_up") == 0


@pytest.mark.parametrize("busy", [False, True])
def test_a_remote_that_others_find_away_hides_no_order_beyond_its_deadline(shop: Shop, busy: bool) -> None:
    """Put off again and again because another order has just found nobody there, or too many: a clerk's in time."""
    name = shop.sell()
    by = deliver_by(shop.order(name), shop.sales)
    shop.provider.faults.append("dark")
    shop.now()
    while entry := shop.ledger.entry(name):
        shop.clock.at = max(shop.clock.at, entry.due_at)
        for _ in range(4):
            if busy:
                shop.queue.lines.paces.too_often("airtime", 3600.0, shop.clock.now())
            else:
                shop.queue.lines.breakers.silent("airtime", shop.clock.now())
        shop.now()

    assert shop.state(name) is State.REVIEW
    assert shop.clock.now() == by
