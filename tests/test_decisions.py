"""What a clerk may decide about an order in review."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.decisions import RESUMED, VERBS, decide, where_it_stood
from kiosk.errors import Illegal, Stale
from kiosk.facts import Event
from kiosk.ledger import Ledger
from kiosk.order import WAITING, Order, State
from tests.orders import NOW, PATHS, a_fact, a_ledger, opened, recorded

E, S = Event, State


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = a_ledger(tmp_path)
    yield made
    made.close()


def by_mei(ledger: Ledger, order: Order, verb: str, to: State | None = None) -> Order:
    return decide(ledger, order, verb, to=to, by="clerk:mei", reason="seen at the rail", at=NOW)


def reviewed(ledger: Ledger, state: State, event: Event = E.ESCALATED) -> Order:
    """An order of cash in review, out of `state`; a rail that is never called writes no attempts."""
    return ledger.record(recorded(ledger, state, tender="cash"), a_fact(event), at=NOW)


@pytest.mark.parametrize("state", WAITING)
def test_an_order_resumes_where_it_stood(ledger: Ledger, state: State) -> None:
    """Above all: a refund stays a refund, and a customer who left is never asked to pay again."""
    order = reviewed(ledger, state)

    assert where_it_stood(ledger, order) is state
    assert by_mei(ledger, order, "resume").state is state


@pytest.mark.parametrize(
    ("state", "event", "resumed"),
    [
        (S.COMPLETED, E.REVERSED, S.SUBMITTING),
        (S.COMPLETED, E.FOUND_DELIVERED, S.CAPTURING),
        (S.REFUNDED, E.REFUND_FAILED, S.REFUNDING),
        (S.ABANDONED, E.FOUND_PAID, S.SUBMITTING),
    ],
)
def test_a_settled_order_resumes_where_the_outside_fact_leaves_it(
    ledger: Ledger, state: State, event: Event, resumed: State
) -> None:
    """What was undone outside is done again; what was found is carried on from."""
    assert by_mei(ledger, reviewed(ledger, state, event), "resume").state is resumed


def test_money_that_arrives_after_the_customer_left_goes_back(ledger: Ledger) -> None:
    """They may have paid in another way since: a cancelled order is never delivered by a mere resume."""
    order = opened(ledger)
    for event in (E.CANCELLED, E.UNPAID, E.FOUND_PAID):
        order = ledger.record(order, a_fact(event), at=NOW)

    assert by_mei(ledger, order, "resume").state is S.REFUNDING


def test_an_order_resumed_twice_stands_where_it_last_waited(ledger: Ledger) -> None:
    """The last -ING state counts, not the first."""
    order = reviewed(ledger, S.SUBMITTING)
    order = by_mei(ledger, order, "refund")
    order = ledger.record(order, a_fact(E.ESCALATED), at=NOW)

    assert by_mei(ledger, order, "resume").state is S.REFUNDING


def test_the_clerk_may_name_another_state(ledger: Ledger) -> None:
    """As long as no guard forbids it."""
    order = reviewed(ledger, S.SUBMITTING)

    with pytest.raises(Illegal, match="it is paid"):
        by_mei(ledger, order, "resume", S.AUTHORIZING)
    assert by_mei(ledger, order, "resume", S.CAPTURING).state is S.CAPTURING


@pytest.mark.parametrize(
    ("verb", "state"),
    [("refund", S.REFUNDING), ("delivered", S.COMPLETED), ("returned", S.REFUNDED)],
)
def test_a_decision_is_recorded_with_name_and_reason(ledger: Ledger, verb: str, state: State) -> None:
    """Who decided, and why, stands in the chain."""
    order = by_mei(ledger, reviewed(ledger, S.SUBMITTING), verb)
    last = list(ledger.events(order.reference))[-1]

    assert order.state is state
    assert (last["event"], last["by"], last["body"]["reason"]) == (VERBS[verb], "clerk:mei", "seen at the rail")


def test_an_unpaid_order_is_settled_as_unpaid(ledger: Ledger) -> None:
    """The clerk has seen at the rail that nothing came."""
    assert by_mei(ledger, reviewed(ledger, S.AUTHORIZING), "unpaid").state is S.ABANDONED


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (S.SUBMITTING, "a clerk may decide: nothing."),
        (S.COMPLETED, "a clerk may decide: refund."),
        (S.REFUNDED, "a clerk may decide: nothing."),
    ],
)
def test_what_may_be_decided_is_named(ledger: Ledger, state: State, allowed: str) -> None:
    """A clerk who asks for too much reads what is possible."""
    order = opened(ledger)
    for event in PATHS[state]:
        order = ledger.record(order, a_fact(event), at=NOW)

    with pytest.raises(Illegal, match=allowed):
        by_mei(ledger, order, "unpaid")
    with pytest.raises(Illegal, match=allowed):
        by_mei(ledger, order, "resume")


def test_a_decision_on_what_moved_on_is_not_recorded(ledger: Ledger) -> None:
    """Two clerks cannot decide the same review."""
    order = reviewed(ledger, S.SUBMITTING)
    by_mei(ledger, order, "refund")

    with pytest.raises(Stale, match="refund_ordered by clerk:mei"):
        by_mei(ledger, order, "delivered")


def test_every_waiting_state_can_be_resumed() -> None:
    """No -ING state is without its way back."""
    assert RESUMED.keys() == set(WAITING)
