"""Bugs planted in the real code, one at a time: the classic ways to lose somebody's money. The simulator finds each.

A mutation replaces one function from outside, for as long as its `with` lasts. `seeds` is how many the simulator may
take to find it; a mutation that it no longer finds means that the simulator has gone blind there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from msgspec import structs

from kiosk import answers, questions, settlement, sync, watch
from kiosk.answers import Conclusion
from kiosk.errors import NoAnswer, NotNow, Refused, Unreachable
from kiosk.facts import Attempt, Call, Event, Fact, Outcome
from kiosk.ledger.store import Ledger
from kiosk.order import Order, State
from kiosk.ports import Paid, Pending, Refunded, Unpaid
from kiosk.questions import Question


@contextmanager
def planted(owner: Any, name: str, bug: Callable[..., Any]) -> Iterator[None]:
    """`bug(original)` stands in for `owner.name`."""
    original = getattr(owner, name)
    setattr(owner, name, bug(original))
    try:
        yield
    finally:
        setattr(owner, name, original)


Plant = tuple[Any, str, Callable[..., Any]]


@dataclass(frozen=True)
class Mutation:
    """What is done wrong and where, and within how many seeds of 20 orders it is found."""

    seeds: int
    plants: tuple[Plant, ...]

    @contextmanager
    def planted(self) -> Iterator[None]:
        with ExitStack() as stack:
            for plant in self.plants:
                stack.enter_context(planted(*plant))
            yield


def resend_without_look_up(original: Callable[..., Any]) -> Callable[..., Any]:
    def submitting(order: Order, now: datetime, provider: Any, sales: Any) -> Question | Fact:
        part = original(order, now, provider, sales)
        return Question.TOP_UP if part is Question.LOOK_UP else part

    return submitting


def refund_on_time_out(original: Callable[..., Any]) -> Callable[..., Any]:
    def concluded(order: Order, question: Question, attempt: Attempt | None, answer: Any, *rest: Any) -> Conclusion:
        if question is Question.TOP_UP and isinstance(answer, Unreachable):
            answer = Refused(str(answer))
        found: Conclusion = original(order, question, attempt, answer, *rest)
        return found

    return concluded


def rejected_after_unknown_is_proof(original: Callable[..., Any]) -> Callable[..., Any]:
    def refused(order: Order, question: Question, noted: tuple[Fact, ...], said: str, *rest: Any) -> Conclusion:
        if question is Question.TOP_UP:
            settled = answers.refused(order.of(Call.TOP_UP), rest[0], said)
            return Conclusion((*settled, Fact(event=Event.REJECTED, by=order.provider, reason=said)))
        found: Conclusion = original(order, question, noted, said, *rest)
        return found

    return refused


def commit_after_the_call(original: Callable[..., Any]) -> Callable[..., Any]:
    """The attempt goes on record with its answer, and not before it is sent."""
    return lambda *_: None


def deliver_if_paid_through_a_cancel(original: Callable[..., Any]) -> Callable[..., Any]:
    def authorizing(order: Order, now: datetime, tender: Any) -> Question | Fact:
        part = original(order, now, tender)
        return Question.CANCEL if part is Question.EXPIRE else part

    return authorizing


def given_back_is_not_heard(original: Callable[..., Any]) -> Callable[..., Any]:
    """The other half of the last one: a payment that the rail gave back counts as paid."""

    def paid(order: Order, attempt: Attempt | None, answer: Paid, *rest: Any) -> Conclusion:
        found: Conclusion = original(order, attempt, replace(answer, given_back=False), *rest)
        return found

    return paid


def forgotten_close(original: Callable[..., Any]) -> Callable[..., Any]:
    """The customer left, and nobody closes the code."""
    return lambda order, now: Question.ASK


def not_paid_is_unpaid(original: Callable[..., Any]) -> Callable[..., Any]:
    """The other half of the last one: "not paid yet" is taken as proof."""

    def concluded(order: Order, question: Question, attempt: Attempt | None, answer: Any, *rest: Any) -> Conclusion:
        if order.state is State.CANCELLING and isinstance(answer, Pending):
            answer = Unpaid("it was not paid when we asked")
        found: Conclusion = original(order, question, attempt, answer, *rest)
        return found

    return concluded


def event_and_state_apart(original: Callable[..., Any]) -> Callable[..., Any]:
    """Two transactions instead of one: what lies between them is a power cut."""

    def record(self: Ledger, order: Order, *facts: Fact, at: datetime, **how: Any) -> Order:
        later: list[tuple[Any, ...]] = []
        save = self._save
        self._save = lambda *arguments: later.append(arguments)  # type: ignore[method-assign]
        try:
            after: Order = original(self, order, *facts, at=at, **how)
        finally:
            self._save = save  # type: ignore[method-assign]
        with self.database.transaction():
            for arguments in later:
                save(*arguments)
        return after

    return record


def lost_due_time(original: Callable[..., Any]) -> Callable[..., Any]:
    def schedule(self: Ledger, due: Any, due_at: datetime, tries: int) -> None:
        original(self, due, due_at + timedelta(days=3650) if tries == 3 else due_at, tries)

    return schedule


def capture_before_delivery(original: Callable[..., Any]) -> Callable[..., Any]:
    def submitting(order: Order, now: datetime, provider: Any, sales: Any) -> Question | Fact:
        if order.captures_later and not order.of(Call.CAPTURE):
            return Question.CAPTURE
        part: Question | Fact = original(order, now, provider, sales)
        return part

    return submitting


def capture_after_the_hold(original: Callable[..., Any]) -> Callable[..., Any]:
    def bound(order: Order, now: datetime, remotes: Any) -> str:
        told: str = original(order, now, remotes)
        return "" if order.state is State.CAPTURING else told

    return bound


def no_hold(original: Callable[..., Any]) -> Callable[..., Any]:
    def ends(order: Order, now: datetime, remotes: Any) -> datetime:
        patience: datetime = original(structs.replace(order, capture_before=None), now, remotes)
        return patience

    return ends


def late_payment_ignored(original: Callable[..., Any]) -> Callable[..., Any]:
    def looks(order: Order, remotes: Any) -> tuple[Question, ...]:
        return tuple(question for question in original(order, remotes) if question is not Question.ASK)

    return looks


def not_now_is_refusal(original: Callable[..., Any]) -> Callable[..., Any]:
    def no_answer(order: Order, question: Question, attempt: Any, answer: NoAnswer, *rest: Any) -> Conclusion:
        if isinstance(answer, NotNow):
            answer = Refused(str(answer))
        found: Conclusion = original(order, question, attempt, answer, *rest)
        return found

    return no_answer


def another_refund_on_every_retry(original: Callable[..., Any]) -> Callable[..., Any]:
    def reference(order: Order) -> str:
        tried = sum(attempt.outcome is not None for attempt in order.of(Call.REFUND))
        return str(original(order))[:-1] + str(1 + tried % 9)

    return reference


def accepted_is_back(original: Callable[..., Any]) -> Callable[..., Any]:
    """A refund that the rail has only taken on is told as done."""

    def concluded(order: Order, question: Question, attempt: Attempt | None, answer: Any, *rest: Any) -> Conclusion:
        if question in (Question.REFUND, Question.ASK_REFUND) and isinstance(answer, Pending):
            answer = Refunded("R?")
        found: Conclusion = original(order, question, attempt, answer, *rest)
        return found

    return concluded


def no_look_before_a_refund(original: Callable[..., Any]) -> Callable[..., Any]:
    def refunding(order: Order) -> Question:
        part: Question = original(order)
        return Question.REFUND if part is Question.LOOK_UP else part

    return refunding


def unknown_is_done(original: Callable[..., Any]) -> Callable[..., Any]:
    """A lost reply is written down as a delivery."""

    def noted(attempt: Attempt | None, outcome: Outcome, *rest: Any) -> tuple[Fact, ...]:
        said: tuple[Fact, ...] = original(attempt, outcome, *rest)
        if attempt and attempt.call is Call.TOP_UP and outcome is Outcome.UNKNOWN:
            return (*said, Fact(event=Event.DELIVERED, by="acme"))
        return said

    return noted


def charge_every_scan(original: Callable[..., Any]) -> Callable[..., Any]:
    """Whoever scans again is charged again."""

    def part(order: Order, now: datetime, remotes: Any, *, code_here: bool = False) -> Question | Fact | datetime:
        if code_here and order.state is State.AUTHORIZING and order.of(Call.CHARGE):
            return Question.CHARGE
        found: Question | Fact | datetime = original(order, now, remotes, code_here=code_here)
        return found

    return part


def lost_charge_is_none(original: Callable[..., Any]) -> Callable[..., Any]:
    """No answer to a charge is taken for a no: the customer is asked for another code."""

    def concluded(order: Order, question: Question, attempt: Attempt | None, answer: Any, *rest: Any) -> Conclusion:
        if question is Question.CHARGE and isinstance(answer, Unreachable):
            answer = Unreachable(str(answer), sent=False)
        found: Conclusion = original(order, question, attempt, answer, *rest)
        return found

    return concluded


def after_a_crash_nothing_was_charged(original: Callable[..., Any]) -> Callable[..., Any]:
    """A charge without an answer was never sent, or so somebody thought."""

    def payable(order: Order, tender: Any) -> bool:
        answered = tuple(attempt for attempt in order.attempts if attempt.outcome)
        return bool(original(structs.replace(order, attempts=answered), tender))

    return payable


def unconfirmed_is_unpaid(original: Callable[..., Any]) -> Callable[..., Any]:
    """Who has not confirmed when the time is over will not pay any more, or so somebody thought."""

    def cancelling(order: Order, now: datetime) -> Question | Fact:
        if order.of(Call.CHARGE):
            return Fact(event=Event.UNPAID, by=order.tender, reason="not confirmed in time", unpaid_proven=True)
        question: Question = original(order, now)
        return question

    return cancelling


MUTATIONS = {
    "resend without look-up": Mutation(3, ((settlement, "_submitting", resend_without_look_up),)),
    "refund on time-out": Mutation(3, ((sync, "conclude", refund_on_time_out),)),
    "rejected after unknown is proof": Mutation(150, ((answers, "_refused", rejected_after_unknown_is_proof),)),
    "commit after the call": Mutation(3, ((sync, "writes", commit_after_the_call),)),
    "deliver if paid, through a cancel that refunds": Mutation(
        10,
        (
            (settlement, "_authorizing", deliver_if_paid_through_a_cancel),
            (answers, "_paid", given_back_is_not_heard),
        ),
    ),
    "forgotten close": Mutation(
        5, ((settlement, "_cancelling", forgotten_close), (sync, "conclude", not_paid_is_unpaid))
    ),
    "event and state in two transactions": Mutation(12, ((Ledger, "record", event_and_state_apart),)),
    "lost due time": Mutation(3, ((Ledger, "schedule", lost_due_time),)),
    "capture before delivery": Mutation(10, ((settlement, "_submitting", capture_before_delivery),)),
    "capture after capture_before": Mutation(
        80, ((settlement, "_bound_reached", capture_after_the_hold), (settlement, "patience_ends", no_hold))
    ),
    "late payment ignored": Mutation(40, ((watch, "looks", late_payment_ignored),)),
    "NotNow taken as refusal": Mutation(25, ((answers, "_no_answer", not_now_is_refusal),)),
    "another refund reference on every retry": Mutation(
        100, ((questions, "refund_reference", another_refund_on_every_retry),)
    ),
    "accepted taken as given back": Mutation(30, ((sync, "conclude", accepted_is_back),)),
    "no look before a refund": Mutation(12, ((settlement, "_refunding", no_look_before_a_refund),)),
    "every scan is charged": Mutation(10, ((sync, "next_part", charge_every_scan),)),
    "lost charge taken as none": Mutation(80, ((sync, "conclude", lost_charge_is_none),)),
    "after a crash nothing was charged": Mutation(30, ((settlement, "payable", after_a_crash_nothing_was_charged),)),
    "unconfirmed charge taken as unpaid": Mutation(30, ((settlement, "_cancelling", unconfirmed_is_unpaid),)),
    "lost reply taken as delivered": Mutation(3, ((answers, "_noted", unknown_is_done),)),
}
