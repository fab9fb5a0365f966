"""What a clerk may decide about an order in review, and cash back. The machine says whether; this says how."""

from __future__ import annotations

from datetime import datetime

from kiosk.errors import Illegal
from kiosk.facts import Call, Event, Fact, refused_for_good
from kiosk.hearsay import written
from kiosk.identifiers import grouped_reference
from kiosk.ledger import Ledger, desk
from kiosk.money import Money
from kiosk.order import TRANSITIONS, Order, State, targets
from kiosk.supervision import supervised

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


GIVES_BACK = (Event.REFUND_ORDERED, Event.SETTLED_RETURNED, Event.RESUMED_REFUNDING)


def decide(
    ledger: Ledger,
    order: Order,
    verb: str,
    *,
    to: State | None = None,
    by: str,
    reason: str,
    at: datetime,
    second: str = "",
    supervisor: str = "",
    above: Money | None = None,
) -> Order:
    """Record a clerk's decision. Above the amount `above`, money goes back only by a `second` clerk's word as well;

    after the deadline it takes a `supervisor`, unless `by` is one. Raises Illegal, naming what may be decided, where
    the state does not allow it, or where somebody's word is missing.
    """
    event = RESUMED[to or where_it_stood(ledger, order)] if verb == "resume" else VERBS[verb]
    if event not in targets(order.state):
        allowed = [verb for verb, event in VERBS.items() if event in targets(order.state)]
        if order.state is State.REVIEW:
            allowed.insert(0, "resume")
        name = grouped_reference(order.reference)
        raise Illegal(f"{name} is {order.state}; a clerk may decide: {', '.join(allowed) or 'nothing'}.")
    by = supervised(ledger, order.deadline_at if order.state is State.REVIEW else None, by, supervisor, at)
    if event in GIVES_BACK:
        by = both(by, second, order.paid or order.total, above)
    return ledger.record(order, Fact(event=event, by=by, reason=written(reason)), at=at)


def both(by: str, second: str, amount: Money, above: Money | None) -> str:
    """Who gives this amount back, as it goes on record. Raises Illegal where it takes two clerks, and there is one."""
    small = above is None or (amount.currency == above.currency and amount <= above)
    if second and second in by.split(", "):
        raise Illegal("The second clerk must be another one. Nothing was done.")
    if not second and not small:
        raise Illegal(f"Giving back {amount} takes two clerks, as all above {above} does: add --second NAME.")
    return f"{by}, {second}" if second else by


def hand_back(
    ledger: Ledger,
    order: Order,
    *,
    by: str,
    at: datetime,
    second: str = "",
    supervisor: str = "",
    above: Money | None = None,
) -> Order:
    """A clerk has handed cash back: for cash, or because a rail has refused for good to give its payment back.

    Raises Illegal where nothing is to be handed back, or where it takes two clerks, or a supervisor.
    """
    name, amount = grouped_reference(order.reference), order.paid or order.total
    in_cash = order.tender == "cash"
    if not (order.state is State.REFUNDING if in_cash else order.state is State.REVIEW):
        raise Illegal(f"{name} ({order.tender}) is {order.state}: there is no cash to hand back.")
    if not in_cash and not refused_for_good(order.of(Call.REFUND)):
        raise Illegal(
            f"{name}: {order.tender} has not refused for good to give it back. Let it: kiosk decide {name} refund"
        )
    by = supervised(ledger, None if in_cash else order.deadline_at, by, supervisor, at)
    by = both(by, second, amount, above)
    event, reason = (Event.REFUNDED, "") if in_cash else (Event.SETTLED_RETURNED, "handed back in cash")
    shift = desk.shift_of(ledger, by, at=at)
    return ledger.record(order, Fact(event=event, by=by, amount=amount, shift=shift, reason=reason), at=at)


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
