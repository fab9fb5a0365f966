"""What a clerk may decide about an order in review. The machine's table and guards say whether; this says how."""

from __future__ import annotations

from datetime import datetime

from kiosk.errors import Illegal
from kiosk.facts import Event, Fact
from kiosk.identifiers import grouped_reference
from kiosk.ledger import Ledger
from kiosk.order import TRANSITIONS, Order, State, targets

VERBS = {
    "refund": Event.REFUND_ORDERED,
    "delivered": Event.SETTLED_DELIVERED,
    "returned": Event.SETTLED_RETURNED,
    "unpaid": Event.SETTLED_UNPAID,
}
RESUMED = {
    State.AUTHORIZING: Event.RESUMED_AUTHORIZING,
    State.CANCELLING: Event.RESUMED_CANCELLING,
    State.SUBMITTING: Event.RESUMED_SUBMITTING,
    State.CAPTURING: Event.RESUMED_CAPTURING,
    State.REFUNDING: Event.RESUMED_REFUNDING,
}


def decide(
    ledger: Ledger, order: Order, verb: str, *, to: State | None = None, by: str, reason: str, at: datetime
) -> Order:
    """Record a clerk's decision. Raises Illegal, naming what may be decided, where the state does not allow it."""
    event = RESUMED[to or where_it_stood(ledger, order)] if verb == "resume" else VERBS[verb]
    if event not in targets(order.state):
        allowed = [verb for verb, event in VERBS.items() if event in targets(order.state)]
        if order.state is State.REVIEW:
            allowed.insert(0, "resume")
        name = grouped_reference(order.reference)
        raise Illegal(f"{name} is {order.state}; a clerk may decide: {', '.join(allowed) or 'nothing'}.")
    return ledger.record(order, Fact(event=event, by=by, reason=reason), at=at)


def where_it_stood(ledger: Ledger, order: Order) -> State:
    """The state that an order in review goes back to, unless the clerk names another."""
    state, stood, left = State.AUTHORIZING, State.AUTHORIZING, False
    for row in ledger.events(order.reference):
        target = TRANSITIONS.get((state, Event(row["event"])), state)
        stood = state if target is State.REVIEW and state is not State.REVIEW else stood
        state, left = target, left or target is State.CANCELLING
    if stood in RESUMED:
        return stood
    if stood is State.REFUNDED or left:  # who left may have paid in another way since
        return State.REFUNDING
    return State.CAPTURING if order.delivered_at else State.SUBMITTING
