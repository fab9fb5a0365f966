"""What each side says of an order, asked now because a clerk wants to know: only look-ups, in plain words.

It never makes a call that changes a remote. What an answer proves goes the way that such an answer always goes: of a
settled order as the watch has it, of one that waits as the queue has it. An order in review stays with its clerk.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Stale, Unreachable
from kiosk.facts import PROVES_NOTHING_HAPPENED, Call
from kiosk.hearsay import kept
from kiosk.ledger import Ledger
from kiosk.ledger.sides import Proves, Said, Side, Sides, answer_side, next_asked, take_up
from kiosk.lines import Lines
from kiosk.order import WAITING, Order
from kiosk.ports import Absent, Acts, Clock, Delivered, NotDelivered, Paid, Pending, Processing, Refunded, Unpaid
from kiosk.questions import AdapterFailed, Question, Remotes, Yes, answer_to, payable, present_refund, remote_of
from kiosk.watch import found, looks

log = logging.getLogger(__name__)


def questions(order: Order, side: Side, remotes: Remotes) -> tuple[Question, ...]:
    """What this side can be asked of the order; nothing where there is nobody to ask, or nothing was sent there."""
    tender, _ = remotes.of(order)
    if side is Side.DELIVERY:
        return (Question.LOOK_UP,) if order.of(Call.TOP_UP) else ()
    if tender.acts is Acts.CLERK:
        return ()
    asked = [Question.ASK] if order.paid or payable(order, tender) else []
    if any(attempt.outcome not in PROVES_NOTHING_HAPPENED for attempt in present_refund(order)):
        asked.append(Question.ASK_REFUND)
    return tuple(asked)


def unasked(order: Order, side: Side) -> str:
    """Why nobody is asked."""
    if side is Side.DELIVERY:
        return f"Nothing was ever sent to {order.provider}."
    if order.tender == "cash":
        return "Cash: nobody can be asked. The till and the receipts know."
    return f"Nothing that could be paid was ever shown, so {order.tender} is not asked."


def told(question: Question, answer: Yes | NoAnswer) -> tuple[str, Proves]:
    """What it said, for a clerk, and what that proves."""
    match answer:
        case Paid(amount, number, given_back=back):
            since = ", and has gone back since" if back else ""
            return f"{amount} was paid (number {number}){since}", Proves.BACK if back else Proves.PAID
        case Unpaid(proof):
            return f"it was not paid: {proof}", Proves.UNPAID
        case Refunded(number):
            return f"the money is back {_number(number)}".strip(), Proves.BACK
        case Delivered(number):
            return f"the top-up was delivered {_number(number)}".strip(), Proves.DELIVERED
        case NotDelivered(reason):
            return f"the top-up was not delivered: {reason}", Proves.NOT_DELIVERED
    return _told_nothing_final(question, answer), Proves.NOTHING


def _told_nothing_final(question: Question, answer: Yes | NoAnswer) -> str:
    match answer:
        case Pending(said=said):
            what = "the refund is under way" if question is Question.ASK_REFUND else "no payment so far"
            return f"{what} {said}".strip()
        case Processing(said=said):
            return f"it has the top-up, and has not delivered it yet {said}".strip()
        case Absent(evidence):
            return "it has no such top-up on record" + (f"; {evidence}" if evidence else "")
        case Refused():
            return f"it says no: {answer}"
        case NotNow():
            return f"it has no time for this now: {answer}"
        case Unreachable():
            return f"no answer: {answer}"
        case Misconfigured():
            return f"it cannot be asked: {answer}"
    raise AssertionError(f"{type(answer).__name__} is no answer to {question}")


def _number(number: str) -> str:
    return f"(number {number})" if number else ""


@dataclass(slots=True)
class AskSides:
    """Only the holder of the queue's lock has one."""

    ledger: Ledger
    remotes: Remotes
    clock: Clock
    lines: Lines

    def step(self) -> Sides | None:
        """Answer the request that has waited longest. None: nobody asks."""
        asked = next_asked(self.ledger)
        if asked is None:
            return None
        take_up(self.ledger, asked, at=self.clock.now())
        order = self.ledger.order(asked.order)
        for side in Side:
            if asked.of(side) is None:
                words, proves = self._ask(order, side)
                answer_side(self.ledger, asked, side, Said(kept(words), proves, self.clock.now()), by="queue")
        return asked

    def _ask(self, order: Order, side: Side) -> tuple[str, Proves]:
        """Where a side is asked two things, the last one that proves something counts: the refund of a payment."""
        try:
            asked = questions(order, side, self.remotes)
        except Misconfigured as error:  # it is gone from config.toml
            return str(error), Proves.NOTHING
        answers = [told(question, self._answer(order, question)) for question in asked]
        words = "; ".join(words for words, _ in answers) or unasked(order, side)
        proofs = [proves for _, proves in answers if proves]
        return words, proofs[-1] if proofs else Proves.NOTHING

    def _answer(self, order: Order, question: Question) -> Yes | NoAnswer:
        remote, now = remote_of(order, question), self.clock.now()
        if self.lines.may_call(remote, now):
            return Unreachable("it has not answered for a while, and is asked again in a moment", sent=False)
        answer = answer_to(order, question, now, self.remotes)
        if not isinstance(answer, AdapterFailed):
            self.lines.hear(remote, answer, now)
        try:
            self._conclude(order, question, answer, now)
        except Stale as error:  # it has moved on meanwhile: the answer is told all the same
            log.info("%s", error)
        return answer

    def _conclude(self, order: Order, question: Question, answer: Yes | NoAnswer, now: datetime) -> None:
        """Nothing is decided here: the watch's facts, or the queue's own look."""
        if order.settled and question in looks(order, self.remotes):
            if facts := found(order, question, answer, now, self.remotes):
                self.ledger.record(order, *facts, at=now)
            return
        waits = order.state in WAITING and not isinstance(answer, NoAnswer)
        if waits and (entry := self.ledger.entry(order.reference)):
            self.ledger.schedule(entry, min(entry.due_at, now), entry.tries)
