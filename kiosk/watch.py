"""Looks at settled orders again, for some days: money and top-ups that move behind our back end before a clerk.

It may only record `found_paid`, `found_delivered`, `reversed`, `refund_failed`, what a SIM shows, or a finding. It must
never move money, and never keep a worker from an order that waits.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from kiosk.answers import refused
from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Stale, Unreachable
from kiosk.facts import PROVES_NOTHING_HAPPENED, Call, Event, Fact
from kiosk.floats import Floats
from kiosk.identifiers import grouped_reference
from kiosk.ledger import Ledger
from kiosk.ledger.due import WATCHED_AT_MOST, next_watched, watch_again
from kiosk.ledger.store import WATCHED_AFTER
from kiosk.lines import Lines
from kiosk.order import Order, State
from kiosk.ports import Acts, Clock, Delivered, NotDelivered, Paid
from kiosk.promotion_watch import PromotionWatch
from kiosk.questions import AdapterFailed, Question, Remotes, Yes, answer_to, payable, present_refund, remote_of
from kiosk.readers import Readers
from kiosk.settlement import CAPTURE_MARGIN
from kiosk.simcheck import SimCheck
from kiosk.tables import SyncTable

log = logging.getLogger(__name__)

FIRST_PAUSE = WATCHED_AFTER


def looks(order: Order, remotes: Remotes) -> tuple[Question, ...]:
    """What is worth asking about a settled order. Nobody is asked about cash: a clerk says it."""
    tender, _ = remotes.of(order)
    questions = []
    by_rail = tender.acts is not Acts.CLERK
    if order.state is State.ABANDONED and by_rail and (payable(order, tender) or order.of(Call.CHARGE)):
        questions.append(Question.ASK)
    refunding = any(attempt.outcome not in PROVES_NOTHING_HAPPENED for attempt in present_refund(order))
    if order.state is State.REFUNDED and by_rail and refunding:
        questions.append(Question.ASK_REFUND)
    if order.in_doubt:
        questions.append(Question.LOOK_UP)
    return tuple(questions)


def found(
    order: Order, question: Question, answer: Yes | NoAnswer, now: datetime, remotes: Remotes
) -> tuple[Fact, ...]:
    """What an answer says that the record does not. Nothing where they agree, or where it says nothing."""
    tender, provider = order.tender, order.provider
    deadline_at = now + timedelta(hours=remotes.sales.review_within_h)
    match question, answer:
        case Question.ASK, Paid(amount, number, capture_before, given_back=False, card=card):
            reason = f"{tender} says that {amount} was paid after all (number {number})"
            if capture_before:  # a hold: a clerk must have decided while it lasts
                deadline_at = min(deadline_at, max(now, capture_before - CAPTURE_MARGIN / 2))
            said: dict[str, Any] = {"capture_before": capture_before, "card": card, "deadline_at": deadline_at}
            return (Fact(event=Event.FOUND_PAID, by=tender, reason=reason, amount=amount, number=number, **said),)
        case Question.ASK_REFUND, Refused():
            reason = f"{tender} took the refund on, and says now that it failed: {answer}"
            failed = refused(present_refund(order), now, str(answer))
            return (*failed, Fact(event=Event.REFUND_FAILED, by=tender, reason=reason, deadline_at=deadline_at))
        case Question.LOOK_UP, Delivered(number) if not order.delivered_at:
            reason = f"the order is {order.state}, and {provider} says that the top-up was delivered ({number})"
            found = Event.FOUND_DELIVERED
            return (Fact(event=found, by=provider, reason=reason, number=number, deadline_at=deadline_at),)
        case Question.LOOK_UP, NotDelivered(why):
            failed = refused(order.of(Call.TOP_UP), now, why)
            if order.state is not State.COMPLETED:  # nothing is owed: only the doubt is settled
                return failed
            reason = f"{provider} says that the top-up was not delivered, or was taken back: {why}"
            return (*failed, Fact(event=Event.REVERSED, by=provider, reason=reason, deadline_at=deadline_at))
    return ()


@dataclass(slots=True)
class Watch:
    """Only the holder of the queue's lock has one. One worker at a time looks."""

    ledger: Ledger
    remotes: Remotes
    settings: SyncTable
    clock: Clock
    lines: Lines
    floats: Floats = field(init=False)
    sims: SimCheck = field(init=False)
    promotions: PromotionWatch = field(init=False)
    readers: Readers = field(init=False)
    _looking: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.floats = Floats(self.ledger, self.remotes, self.settings, self.clock)
        self.sims = SimCheck(self.ledger, self.remotes, self.settings, self.lines)
        self.promotions = PromotionWatch(self.ledger, self.remotes, self.clock)
        self.readers = Readers(self.ledger, self.remotes, self.clock)

    def step(self) -> Order | None:
        """Look at the one settled order whose look is due longest; else at floats, promotions. None: at no order."""
        if not self._looking.acquire(blocking=False):
            return None
        try:
            entry = next_watched(self.ledger)
            if entry is None or entry.due_at > self.clock.now():
                self.floats.step()
                self.promotions.step()
                self.readers.step()
                return None
            order = self.ledger.order(entry.reference)
            self._look_at(order, entry.tries)
            return order
        except Stale as error:  # a clerk was faster
            log.info("%s", error)
            return None
        finally:
            self._looking.release()

    def _look_at(self, order: Order, so_far: int) -> None:
        now, heard = self.clock.now(), True
        for question in self._questions(order):
            answer = self._answer(order, question, now)
            heard = heard and not isinstance(answer, Unreachable | NotNow)
            if facts := found(order, question, answer, now, self.remotes):
                log.warning("%s: %s", grouped_reference(order.reference), facts[-1].reason or facts[-1].remote)
                order = self.ledger.record(order, *facts, at=now)
            if not order.settled:
                return
        check_at = self.sims.due_at(order)
        if check_at and now >= check_at:
            try:
                order, check_at = self.sims.look(order, now), None
            except (Unreachable, NotNow):
                heard = False
        ends_at = order.since_at + timedelta(days=self.settings.watch_days)
        ends_at = max(ends_at, check_at or ends_at)
        pause = min(WATCHED_AT_MOST, FIRST_PAUSE * 4 ** min(so_far, 10))
        over = heard and now >= ends_at
        next_at = min(now + pause, ends_at, check_at if check_at and check_at > now else ends_at)
        next_at = max(now + FIRST_PAUSE, next_at)
        watch_again(self.ledger, order.reference, order.version, None if over else next_at, so_far + heard)

    def _questions(self, order: Order) -> tuple[Question, ...]:
        try:
            return looks(order, self.remotes) if self.settings.watch_days else ()
        except Misconfigured:  # a rail or provider that is gone from config.toml: nobody to ask any more
            return ()

    def _answer(self, order: Order, question: Question, now: datetime) -> Yes | NoAnswer:
        remote = remote_of(order, question)
        if self.lines.must_wait(remote, order, now):
            return Unreachable(f"{remote} is away, or has no time for this now", sent=False)
        answer = answer_to(order, question, now, self.remotes)
        if not isinstance(answer, AdapterFailed):  # one order's defect says nothing about the line of the others
            self.lines.hear(remote, answer, now)
        return answer
