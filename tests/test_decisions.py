"""What a clerk may decide about an order in review."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.decisions import RESUMED, VERBS, decide, hand_back, where_it_stood
from kiosk.errors import Illegal, Stale
from kiosk.facts import Attempt, Call, Event, Fact, Outcome
from kiosk.ledger import Ledger
from kiosk.money import Money
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


ABOVE = Money(1000, "USD")


@pytest.mark.parametrize(("verb", "to"), [("refund", None), ("returned", None), ("resume", S.REFUNDING)])
def test_giving_much_back_takes_two_clerks(ledger: Ledger, verb: str, to: State | None) -> None:
    """One alone is told so, the same one twice is one; both stand on record."""
    order = reviewed(ledger, S.REFUNDING if to else S.SUBMITTING)

    def decided(second: str, above: Money | None = ABOVE) -> Order:
        return decide(ledger, order, verb, to=to, by="clerk:mei", reason="seen", at=NOW, second=second, above=above)

    with pytest.raises(Illegal, match=r"takes two clerks, as all above 10\.00 USD"):
        decided("")
    with pytest.raises(Illegal, match="must be another one"):
        decided("clerk:mei")
    decided("clerk:li")

    assert list(ledger.events(order.reference))[-1]["by"] == "clerk:mei, clerk:li"


def test_what_is_small_or_not_given_back_takes_one_clerk(ledger: Ledger) -> None:
    """The limit itself is not above it; deciding that it was delivered gives nothing back."""
    small, delivered = (
        reviewed(ledger, S.SUBMITTING),
        ledger.record(recorded(ledger, S.SUBMITTING, 2), a_fact(E.ESCALATED), at=NOW),
    )

    def by_one(order: Order, verb: str, above: Money) -> Order:
        return decide(ledger, order, verb, by="clerk:mei", reason="seen", at=NOW, above=above)

    assert by_one(small, "refund", small.total).state is S.REFUNDING
    assert by_one(delivered, "delivered", ABOVE).state is S.COMPLETED


def test_an_amount_of_another_currency_takes_two_clerks(ledger: Ledger) -> None:
    """The shop has changed its currency since: nobody compares the two by number."""
    order = reviewed(ledger, S.SUBMITTING)

    with pytest.raises(Illegal, match="takes two clerks"):
        decide(ledger, order, "refund", by="clerk:mei", reason="seen", at=NOW, above=Money(99999, "CNY"))


# --- cash for what a rail does not give back -------------------------------------------------------------------------


def to_give_back(ledger: Ledger, *outcomes: Outcome | None) -> Order:
    """A wallet's order in review, its refunds answered like this."""
    order = recorded(ledger, S.REFUNDING)
    for number, outcome in enumerate(outcomes, start=1):
        attempt = Attempt(number, Call.REFUND, f"{order.reference}R{number}", NOW, outcome)
        order = ledger.record(order, Fact(event=E.NOTED, by="queue", attempt=attempt), at=NOW)
    return ledger.record(order, a_fact(E.ESCALATED), at=NOW)


@pytest.mark.parametrize(
    "outcomes", [(Outcome.REFUSED,), (Outcome.NOT_SENT, Outcome.REFUSED), (Outcome.REFUSED, Outcome.NOT_NOW)]
)
def test_cash_is_handed_back_where_the_rail_has_refused_for_good(ledger: Ledger, outcomes: tuple[Outcome, ...]) -> None:
    """Out of a till, by name: the shift has it, and the order is settled."""
    order = hand_back(ledger, to_give_back(ledger, *outcomes), by="clerk:mei", at=NOW)
    last = list(ledger.events(order.reference))[-1]

    assert (order.state, order.shift) == (S.REFUNDED, "S1")
    assert (last["event"], last["by"], last["body"]["reason"]) == (
        "settled_returned",
        "clerk:mei",
        "handed back in cash",
    )


@pytest.mark.parametrize(
    "outcomes",
    [(), (None,), (Outcome.UNKNOWN,), (Outcome.ACCEPTED,), (Outcome.REFUSED, Outcome.UNKNOWN), (Outcome.NOT_SENT,)],
)
def test_no_cash_goes_back_while_the_rail_may_still_give_it_back(
    ledger: Ledger, outcomes: tuple[Outcome | None, ...]
) -> None:
    """Never asked, no answer, taken on, a later one in doubt: not twice. The machine itself stands against it."""
    order = to_give_back(ledger, *outcomes)
    out_of_the_till = Fact(event=E.SETTLED_RETURNED, by="clerk:mei", reason="handed back", shift="S1")

    with pytest.raises(Illegal, match="has not refused for good"):
        hand_back(ledger, order, by="clerk:mei", at=NOW)
    with pytest.raises(Illegal, match="give it back a second time"):
        ledger.record(order, out_of_the_till, at=NOW)
    assert ledger.order(order.reference).state is S.REVIEW


def test_cash_back_takes_two_clerks_as_well(ledger: Ledger) -> None:
    """Whatever the way, the money leaves the shop."""
    order = to_give_back(ledger, Outcome.REFUSED)

    with pytest.raises(Illegal, match="takes two clerks"):
        hand_back(ledger, order, by="clerk:mei", at=NOW, above=ABOVE)
    assert hand_back(ledger, order, by="clerk:mei", at=NOW, second="clerk:li", above=ABOVE).state is S.REFUNDED
