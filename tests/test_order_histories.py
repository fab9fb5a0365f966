"""Any sequence of events: what no order can come to, and how each is rebuilt from its record."""

from __future__ import annotations

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.errors import Illegal
from kiosk.facts import Attempt, Call, Event, Fact, Outcome
from kiosk.order import TRANSITIONS, Order, State, advance, targets
from tests.orders import LATER, NOW, an_order, an_order_in, usd

S = State

unhurried = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
attempts = st.builds(
    Attempt,
    number=st.integers(1, 4),
    call=st.sampled_from(Call),
    reference=st.just("K0700000000001XT1"),
    sent_at=st.just(NOW),
    outcome=st.none() | st.sampled_from(Outcome),
)
flags = st.booleans()


def facts(event: Event) -> st.SearchStrategy[Fact]:
    """Any fact of this event, the absurd ones too."""
    return st.builds(
        Fact,
        event=st.just(event),
        by=st.just("test"),
        reason=st.sampled_from(["", "why", "why"]),
        deadline_at=st.sampled_from([None, LATER, LATER]),
        amount=st.sampled_from([None, usd(1750), usd(1750), usd(1)]),
        number=st.sampled_from(["", "N1"]),
        attempt=st.none() | attempts,
        unpaid_proven=flags,
        capture_refused=flags,
        said_delivered=flags,
        doubt_checked=flags,
    )


def contradictions(order: Order) -> list[str]:
    """Which promises this order breaks."""
    paid, delivered = order.paid is not None, order.delivered_at is not None
    promises = {
        "is refunded only if paid": order.state is not S.REFUNDED or (paid and order.refunded_at is not None),
        "is completed only if paid and delivered": order.state is not S.COMPLETED or (paid and delivered),
        "is never completed with its money given back": order.state is not S.COMPLETED or not order.refunded_at,
        "delivers only what is paid": order.state not in (S.SUBMITTING, S.CAPTURING) or paid,
        "gives back only what is paid": order.state is not S.REFUNDING or paid,
        "gives nothing back twice": order.state is not S.REFUNDING or not order.refunded_at,
        "captures only what is delivered": order.state is not S.CAPTURING or delivered,
        "is abandoned unpaid": order.state is not S.ABANDONED or not paid or order.unpaid_proven,
        "is in review for a reason": order.state is not S.REVIEW or bool(order.reason and order.deadline_at),
        "lists its attempts in order": [a.number for a in order.attempts] == sorted(a.number for a in order.attempts),
    }
    return [promise for promise, kept in promises.items() if not kept]


@unhurried
@given(data=st.data(), captures_later=st.booleans())
def test_no_sequence_of_events_breaks_a_promise(data: st.DataObject, captures_later: bool) -> None:
    """Whatever is said in whatever order: it is refused, or the order is one version further and still makes sense."""
    order = an_order(captures_later=captures_later)
    for _ in range(data.draw(st.integers(1, 12))):
        likely = st.sampled_from(sorted(targets(order.state)))
        fact = data.draw(st.one_of(likely, likely, st.sampled_from(Event)).flatmap(facts))
        try:
            moved = advance(order, fact, NOW)
        except Illegal:
            continue
        assert TRANSITIONS[order.state, fact.event] is moved.state
        assert fact.event not in (Event.REJECTED, Event.GAVE_UP) or not order.in_doubt
        assert fact.event is not Event.RESUMED_SUBMITTING or not (order.delivered_at or order.refund_under_way)
        assert order.paid is None or moved.paid is not None
        assert moved.version == order.version + 1
        assert contradictions(moved) == []
        order = moved


@unhurried
@given(data=st.data(), state=st.sampled_from(State))
def test_a_settled_order_is_left_only_by_a_clerk_or_a_later_word(data: st.DataObject, state: State) -> None:
    """Whatever fact is made up, the queue cannot move what is settled; and a note moves nothing."""
    order = an_order_in(state)
    fact = data.draw(st.sampled_from(Event).flatmap(facts))
    try:
        moved = advance(order, fact, NOW)
    except Illegal:
        return
    later = (Event.FOUND_PAID, Event.FOUND_DELIVERED, Event.REVERSED, Event.REFUND_FAILED, Event.REFUND_ORDERED)

    assert not order.settled or moved.state is state or fact.event in later
    assert moved.state is state or fact.event is not Event.NOTED


@unhurried
@given(data=st.data())
def test_an_order_is_rebuilt_from_its_events_alone(data: st.DataObject) -> None:
    """What stands on disk as JSON is enough to come to the very same order."""
    order = rebuilt = an_order()
    for _ in range(6):
        fact = data.draw(st.sampled_from(sorted(targets(order.state))).flatmap(facts))
        try:
            order = advance(order, fact, NOW)
        except Illegal:
            continue
        rebuilt = advance(rebuilt, msgspec.json.decode(msgspec.json.encode(fact), type=Fact), NOW)

    assert rebuilt == order
    assert msgspec.convert(msgspec.to_builtins(order), Order) == order
