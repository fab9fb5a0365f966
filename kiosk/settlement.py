"""What each state does to get its answer. Pure: reads an order and the clock, names the next question or fact.

`next_part` is read top to bottom beside the state diagram. The question is asked by questions.py, without the ledger;
what its answer means is in answers.py. A part is: prepare (commit the intent), perform (the call), conclude (commit
the answer).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from kiosk.errors import Illegal, Misconfigured
from kiosk.facts import PROVES_NOTHING_HAPPENED, Attempt, Call, Event, Fact, Outcome, may_be_lost
from kiosk.order import TRANSITIONS, WAITING, Order, State, advance
from kiosk.ports import Acts, Provider, Tender
from kiosk.questions import Question, Remotes, attempt_at, payable, present_refund, writes
from kiosk.tables import Sales

QUEUE = "queue"
UNPAID = (State.AUTHORIZING, State.CANCELLING)
CLOSE_AGAIN = timedelta(minutes=1)
CAPTURE_MARGIN = timedelta(minutes=30)
CONFIRM = timedelta(seconds=90)
"""For so long at least, a payer may confirm on the phone once the code was scanned, however late that was."""


def next_part(order: Order, now: datetime, remotes: Remotes, *, code_here: bool = False) -> Question | Fact | datetime:
    """What this -ING order does next: ask a remote, or let a fact happen that needs no answer.

    A moment: nobody can be asked before it. `code_here` says that the customer's payment code was scanned just now.
    """
    tender, provider = remotes.of(order)
    if tender.acts is Acts.SCANS_CUSTOMER_CODE and order.state in UNPAID and not payable(order, tender):
        return _uncharged(order, now, code_here)
    if bound := _bound_reached(order, now, remotes):
        too_late = order.state is State.CAPTURING and order.capture_before is not None and now >= order.capture_before
        return escalation(bound, now, remotes.sales, order, capture_refused=too_late)
    match order.state:
        case State.AUTHORIZING:
            return _authorizing(order, now, tender)
        case State.CANCELLING:
            return _cancelling(order, now)
        case State.SUBMITTING:
            return _submitting(order, now, provider, remotes.sales)
        case State.CAPTURING:
            return Question.CAPTURE if not order.taken else Fact(event=Event.CAPTURED, by=QUEUE)
        case State.REFUNDING:
            return _refunding(order)
        case State.REVIEW | State.COMPLETED | State.REFUNDED | State.ABANDONED:
            raise AssertionError(f"{order.reference} is {order.state}: it waits for nothing, and is in no queue")
        case _:
            assert_never(order.state)


def next_call(order: Order, facts: Sequence[Fact], now: datetime, remotes: Remotes) -> tuple[Question, Attempt] | None:
    """The call that changes a remote and is next once `facts` have moved the order on; None where there is none.

    It raises nothing: the facts must go on record, whatever comes after them.
    """
    if not _go_on_waiting(order.state, facts):
        return None
    after = order
    try:
        for fact in facts:
            after = advance(after, fact, now)
        part = next_part(after, now, remotes)
        call = writes(after, part, remotes.of(after)[0]) if isinstance(part, Question) else None
    except (Illegal, Misconfigured):  # found out again, and told, when they are recorded, or when the next part is due
        return None
    return (part, attempt_at(after, call, now)) if call and isinstance(part, Question) else None


def _go_on_waiting(state: State, facts: Sequence[Fact]) -> bool:
    """Whether these facts lead from here to another state that waits for an answer, by the table alone."""
    target: State | None = state
    for fact in facts:
        target = target and TRANSITIONS.get((target, fact.event))
    return target is not state and target in WAITING


def _uncharged(order: Order, now: datetime, code_here: bool) -> Question | Fact | datetime:
    """A wallet that scans shows nothing to pay. One order is charged once: another code is another order."""
    tried = order.of(Call.CHARGE)
    if order.state is State.CANCELLING or tried or now >= order.expires_at:
        why = f"the payment code was not charged: {tried[-1].answer}" if tried else "no payment code was scanned"
        proof = f"nothing payable was ever shown; {why}"
        return Fact(event=Event.UNPAID, by=order.tender, reason=proof, unpaid_proven=True)
    return Question.CHARGE if code_here else order.expires_at


def pay_by(order: Order, call: Call, now: datetime) -> datetime | None:
    """The end of the time to pay that a call puts off: who confirms on the phone is given the time for it."""
    return max(order.expires_at, now + CONFIRM) if call is Call.CHARGE else None


def _authorizing(order: Order, now: datetime, tender: Tender) -> Question | Fact:
    started = order.declined or any(attempt.outcome is Outcome.DONE for attempt in order.of(Call.START))
    if now >= order.expires_at:
        if tender.cancels_at_time_out:
            return Fact(event=Event.CANCELLED, by=QUEUE, reason="the time to pay is over")
        return Question.EXPIRE
    return Question.START if tender.starts and not started else Question.ASK


def _cancelling(order: Order, now: datetime) -> Question:
    """Between two tries to close it, only look: a customer who paid all the same should not wait for the money."""
    tried = order.of(Call.CANCEL)
    answered_at = tried[-1].answered_at if tried and tried[-1].outcome is Outcome.DONE else None
    return Question.ASK if answered_at and now < answered_at + CLOSE_AGAIN else Question.CANCEL


def _submitting(order: Order, now: datetime, provider: Provider, sales: Sales) -> Question | Fact:
    late = now >= deliver_by(order, sales)
    if not order.in_doubt:
        if late:
            return Fact(event=Event.GAVE_UP, by=QUEUE, reason="it could not be delivered in time, and nothing was sent")
        return Question.TOP_UP
    attempts = order.of(Call.TOP_UP)
    lost = may_be_lost(attempts)
    if late:
        sent = "may have been sent before the ledger was restored" if lost else "was sent"
        reason = f"the top-up {sent}, and the provider has not said in time what became of it"
        return escalation(reason, now, sales, order)
    taken_on = any(attempt.outcome is Outcome.ACCEPTED for attempt in attempts)
    refused_again = attempts[-1].outcome is Outcome.REFUSED
    resend = provider.repeat_is_lookup and not (taken_on or refused_again or lost)
    return Question.TOP_UP if resend else Question.LOOK_UP


def _refunding(order: Order) -> Question:
    if order.in_doubt and not order.doubt_checked and not order.delivered_at:
        return Question.LOOK_UP  # the clerk ordered a refund over a top-up in doubt: one last look
    tried = present_refund(order)
    look = tried and tried[-1].outcome in (Outcome.ACCEPTED, Outcome.REFUSED)  # refused: after one that is in doubt
    return Question.ASK_REFUND if look else Question.REFUND


def deliver_by(order: Order, sales: Sales) -> datetime:
    """The last moment to deliver: the owner's limit, or what a held card authorization leaves. Counts from payment,

    and anew when a clerk resumed the order.
    """
    by = max(order.paid_at or order.since_at, order.since_at) + timedelta(hours=sales.deliver_within_h)
    return min(by, order.capture_before - CAPTURE_MARGIN) if order.capture_before else by


def patience_ends(order: Order, now: datetime, remotes: Remotes) -> datetime:
    """When this -ING order is looked at again whatever its remote says: no pace of theirs may hide it for longer."""
    hours, since_at = remotes.sales.refund_within_h, order.since_at
    match order.state:
        case State.AUTHORIZING:
            if now < order.expires_at:
                return order.expires_at
            since_at = max(since_at, order.expires_at)
        case State.SUBMITTING:
            return deliver_by(order, remotes.sales)
        case State.CAPTURING if order.capture_before:
            return order.capture_before
        case State.REFUNDING:
            hours = remotes.of(order)[0].refund_within_h or hours
    return since_at + timedelta(hours=hours)


def _bound_reached(order: Order, now: datetime, remotes: Remotes) -> str:
    """Which limit of patience is reached, in words for the clerk, or an empty text."""
    if order.state is State.CAPTURING and order.taken:
        return ""
    if order.state is not State.SUBMITTING and now >= patience_ends(order, now, remotes):
        since = f"{order.since_at:%Y-%m-%d %H:%M} UTC"
        match order.state:
            case State.REFUNDING:
                return f"{order.total} is to be given back by {order.tender} since {since}, and was not in time"
            case State.CAPTURING if order.capture_before:
                return "the top-up is delivered, and the card's authorization has expired before it was taken"
        return f"{order.tender} has not said for good what became of the payment; {order.state} since {since}"
    reached = [a for a in order.attempts[order.since_attempt :] if a.outcome not in PROVES_NOTHING_HAPPENED]
    if len(reached) >= remotes.attempts_max:
        return f"{len(reached)} calls were made in {order.state}, and none was answered for good"
    return ""


def escalation(reason: str, now: datetime, sales: Sales, order: Order | None = None, **said: object) -> Fact:
    """The fact that puts an order before a clerk: with a reason, and a deadline that a held authorization survives."""
    deadline_at = now + timedelta(hours=sales.review_within_h)
    hold = order.capture_before if order and not order.taken else None
    if hold and now < hold - CAPTURE_MARGIN / 2:
        deadline_at = min(deadline_at, hold - CAPTURE_MARGIN / 2)
    return Fact(event=Event.ESCALATED, by=QUEUE, reason=reason, deadline_at=deadline_at, **said)  # type: ignore[arg-type]
