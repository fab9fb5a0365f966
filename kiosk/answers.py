"""What an answer means: the facts that follow from it, and when to ask again. Pure.

Only a definite answer moves an order. A contradiction never does: it goes to a clerk.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from kiosk.costs import another_cost, loss
from kiosk.errors import Forged, Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.facts import PROVES_NOTHING_HAPPENED, Attempt, Call, Event, Fact, Outcome, may_be_lost
from kiosk.order import Order, State
from kiosk.ports import (
    Absent,
    Captured,
    Delivered,
    NotDelivered,
    Paid,
    Pending,
    Processing,
    Refunded,
    Started,
    Unpaid,
)
from kiosk.questions import Question, Yes, present_refund
from kiosk.settlement import QUEUE, escalation
from kiosk.tables import Sales

POLL_S = 2.0
LOOK = timedelta(seconds=10)
FRESH = timedelta(minutes=15)
LOST = "a part of the ledger was lost"
PACE_MAX_S = 3600.0  # a remote that says "in a year" is asked again sooner


class Conclusion(msgspec.Struct, frozen=True):
    """What follows from an answer. No fact and no `ask_at` means: the queue's backoff decides when to ask again."""

    facts: tuple[Fact, ...] = ()
    ask_at: datetime | None = None
    finding: str = ""
    loss: str = ""  # a finding about this one order


def conclude(
    order: Order, question: Question, attempt: Attempt | None, answer: Yes | NoAnswer, now: datetime, sales: Sales
) -> Conclusion:
    """The facts that follow. `attempt` is the one written down before the call, still without an outcome."""
    if isinstance(answer, NoAnswer):
        found = _no_answer(order, question, attempt, answer, now, sales)
        return replace(found, ask_at=now) if question is Question.CHARGE else found  # the code is gone: look at once
    match answer:
        case Paid():
            return _paid(order, attempt, answer, now, sales)
        case Unpaid(proof):
            unpaid = Fact(event=Event.UNPAID, by=order.tender, reason=proof, unpaid_proven=True)
            return Conclusion((*_noted(attempt, Outcome.DONE, now), unpaid))
        case Started(code, expires_at):
            done = _answered(attempt, Outcome.DONE, now)
            noted = Fact(event=Event.NOTED, by=order.tender, attempt=done, code=code, expires_at=expires_at)
            return Conclusion((noted,), now + timedelta(seconds=POLL_S))
        case Pending(ask_at, said):
            taken_on = question in (Question.REFUND, Question.CHARGE)
            outcome = Outcome.ACCEPTED if taken_on else Outcome.DONE
            return Conclusion(
                _noted(attempt, outcome, now, said), _look_at(order, _paced(ask_at, now) or _soon(order, now), now)
            )
        case Captured(number):
            done = _answered(attempt, Outcome.DONE, now)
            return Conclusion((Fact(event=Event.CAPTURED, by=order.tender, number=number, attempt=done),))
        case Refunded(number):
            done = _answered(attempt, Outcome.DONE, now)
            return Conclusion((Fact(event=Event.REFUNDED, by=order.tender, number=number, attempt=done),))
        case Delivered():
            return _delivered(order, attempt, answer, now, sales)
        case Processing(number, said):
            return Conclusion(_noted(attempt, Outcome.ACCEPTED, now, f"{number} {said}".strip()))
        case NotDelivered(reason):
            return _not_delivered(order, reason, now, sales)
        case Absent(evidence):
            return _absent(order, evidence, now, sales)


def _soon(order: Order, now: datetime) -> datetime | None:
    """While a customer stands there with a code, ask at their pace; everything else goes by backoff."""
    at_the_kiosk = order.state is State.AUTHORIZING and now < order.expires_at
    return now + timedelta(seconds=POLL_S) if at_the_kiosk else None


def _look_at(order: Order, ask_at: datetime | None, now: datetime) -> datetime | None:
    """A cancelled payment is looked at often in its first minutes, whatever pace the rail has for closing it."""
    fresh = order.state is State.CANCELLING and abs(now - order.since_at) < FRESH
    return min(ask_at or now + LOOK, now + LOOK) if fresh else ask_at


def _paced(ask_at: datetime | None, now: datetime) -> datetime | None:
    """The remote's own pace, but never "at once": that would turn the queue in place."""
    return ask_at and max(ask_at, now + timedelta(seconds=POLL_S))


def _answered(attempt: Attempt | None, outcome: Outcome, now: datetime, said: str = "") -> Attempt | None:
    return attempt and replace(attempt, outcome=outcome, answered_at=now, answer=said)


def _noted(attempt: Attempt | None, outcome: Outcome, now: datetime, said: str = "") -> tuple[Fact, ...]:
    if attempt is None:
        return ()
    return (Fact(event=Event.NOTED, by=QUEUE, attempt=_answered(attempt, outcome, now, said), remote=said),)


def refused(attempts: Sequence[Attempt], now: datetime, said: str) -> tuple[Fact, ...]:
    """The remote's own record says no: that settles every one of these attempts, whatever was known before."""
    unsettled = (attempt for attempt in attempts if attempt.outcome not in PROVES_NOTHING_HAPPENED)
    return tuple(fact for attempt in unsettled for fact in _noted(attempt, Outcome.REFUSED, now, said))


def _paid(order: Order, attempt: Attempt | None, paid: Paid, now: datetime, sales: Sales) -> Conclusion:
    noted = _noted(attempt, Outcome.DONE, now)
    if paid.amount != order.total:
        reason = f"{order.tender} says that {paid.amount} was paid (number {paid.number}), and {order.total} is due"
        return Conclusion((*noted, escalation(reason, now, sales, order, amount=paid.amount, number=paid.number)))
    fact = Fact(
        event=Event.PAID,
        by=order.tender,
        amount=paid.amount,
        number=paid.number,
        capture_before=paid.capture_before,
        card=paid.card,
    )
    if paid.given_back and order.state is State.AUTHORIZING:
        left = Fact(event=Event.CANCELLED, by=order.tender, reason="paid, and given back by the rail")
        return Conclusion((*noted, left, fact))
    if order.state is State.CANCELLING and may_be_lost(order.of(Call.TOP_UP)) and not paid.given_back:
        reason = f"cancelled, and paid after all (number {paid.number}); {LOST}, so it may be delivered as well"
        return Conclusion((*noted, escalation(reason, now, sales, order, amount=paid.amount, number=paid.number)))
    return Conclusion((*noted, fact))


def _delivered(order: Order, attempt: Attempt | None, answer: Delivered, now: datetime, sales: Sales) -> Conclusion:
    number, wholesale = answer.number, another_cost(order, answer.wholesale)
    if order.state is State.REFUNDING:
        reason = f"a refund was ordered, and {order.provider} says that the top-up was delivered (number {number})"
        return Conclusion((escalation(reason, now, sales, order, said_delivered=True, number=number),))
    done = _answered(attempt, Outcome.DONE, now, number)
    delivered = Fact(event=Event.DELIVERED, by=order.provider, number=number, attempt=done, wholesale=wholesale)
    captured = () if order.captures_later else (Fact(event=Event.CAPTURED, by=QUEUE),)
    return Conclusion((delivered, *captured), loss=loss(order, wholesale))


def _not_delivered(order: Order, reason: str, now: datetime, sales: Sales) -> Conclusion:
    """The provider's own record says no: that settles every attempt which carried this reference."""
    settled = refused(order.of(Call.TOP_UP), now, reason)  # one that was DONE may have been reversed since
    if order.state is State.REFUNDING:
        return Conclusion(settled, now)
    if (
        may_be_lost(order.of(Call.TOP_UP)) and order.tender == "cash"
    ):  # nobody but the till knows whether it was handed back
        reason = f"not delivered ({reason}); {LOST}, and the cash may have been handed back: look at the receipts"
        return Conclusion((*settled, escalation(reason, now, sales, order)))
    return Conclusion((*settled, Fact(event=Event.REJECTED, by=order.provider, reason=reason)))


def _absent(order: Order, evidence: str, now: datetime, sales: Sales) -> Conclusion:
    if order.state is State.REFUNDING:
        return Conclusion((Fact(event=Event.NOTED, by=QUEUE, doubt_checked=True, remote="not in its records"),), now)
    sent_at = max(attempt.sent_at for attempt in order.of(Call.TOP_UP))
    patience = timedelta(minutes=sales.doubt_within_min)
    if now < max(sent_at, order.since_at) + patience:
        return Conclusion()
    reason = f"the top-up may have been sent, and {order.provider} does not list it after {sales.doubt_within_min} min"
    reason += f"; {evidence}" if evidence else ""
    return Conclusion((escalation(reason, now, sales, order),))


def _no_answer(
    order: Order, question: Question, attempt: Attempt | None, answer: NoAnswer, now: datetime, sales: Sales
) -> Conclusion:
    said = str(answer)
    match answer:
        case Refused(again=False):
            return _refused(order, question, _noted(attempt, Outcome.REFUSED, now, said), said, now, sales)
        case Refused(code=code):
            said = f"{code}: {said}" if code else said
            declined = attempt or _declined(order, question)
            return Conclusion(_noted(declined, Outcome.REFUSED, now, said), _soon(order, now))
        case NotNow(retry_after_s=wait_s):
            ask_at = None if wait_s is None else now + timedelta(seconds=min(wait_s, PACE_MAX_S))
            return Conclusion(_noted(attempt, Outcome.NOT_NOW, now, said), _paced(ask_at, now))
        case Misconfigured():
            return Conclusion(_noted(attempt, Outcome.NOT_NOW, now, said), finding=said)
        case Unreachable(sent=sent):
            noted = _noted(attempt, Outcome.UNKNOWN if sent else Outcome.NOT_SENT, now, said)
            if question is Question.LOOK_UP and order.state is State.REFUNDING and not _restored_since(order):
                # The clerk's order stands where the provider cannot be asked.
                noted = (Fact(event=Event.NOTED, by=QUEUE, doubt_checked=True, remote=said),)
            return Conclusion(noted, finding=said if isinstance(answer, Forged) else "")
    raise AssertionError(f"{type(answer).__name__} is not one of the four ways of giving no answer")


def _declined(order: Order, question: Question) -> Attempt | None:
    """The call that had the customer asked for a card, where a look finds for the first time that it was declined."""
    asked = order.of(Call.START) if question is Question.ASK else ()
    return asked[-1] if asked and asked[-1].outcome is Outcome.DONE else None


def _refused(
    order: Order, question: Question, noted: tuple[Fact, ...], said: str, now: datetime, sales: Sales
) -> Conclusion:
    """A definite no: what it ends depends on what was asked."""
    match question:
        case Question.TOP_UP:
            if _earlier_in_doubt(order, Call.TOP_UP):  # a no to the second call is no proof about the first
                return Conclusion(noted)
            return Conclusion((*noted, Fact(event=Event.REJECTED, by=order.provider, reason=said)))
        case Question.START:
            if _earlier_in_doubt(order, Call.START):
                return Conclusion((*noted, Fact(event=Event.CANCELLED, by=QUEUE, reason=said)))
            proof = f"nothing payable was ever shown: {said}"
            return Conclusion((*noted, Fact(event=Event.UNPAID, by=order.tender, reason=proof, unpaid_proven=True)))
        case Question.CAPTURE:
            reason = f"the top-up is delivered, and {order.tender} refuses to take the authorized money: {said}"
            return Conclusion((*noted, escalation(reason, now, sales, order, capture_refused=True)))
        case Question.REFUND if _earlier_in_doubt(order, Call.REFUND):
            return Conclusion(noted)
        case Question.REFUND | Question.ASK_REFUND:
            reason = f"{order.total} is to be given back, and {order.tender} refuses: {said}"
            taken_on = present_refund(order) if question is Question.ASK_REFUND else ()
            failed = refused(taken_on, now, said)  # settled, so that the next one is another
            return Conclusion((*noted, *failed, escalation(reason, now, sales, order)))
        case _:
            return Conclusion(noted)


def _restored_since(order: Order) -> bool:
    """Whether the ledger was restored over the order's present state: no clerk has said anything since."""
    return may_be_lost(order.attempts[order.since_attempt :])


def _earlier_in_doubt(order: Order, call: Call) -> bool:
    """Whether any call but the last one, which has just been refused, may have had an effect."""
    return any(attempt.outcome not in PROVES_NOTHING_HAPPENED for attempt in order.of(call)[:-1])
