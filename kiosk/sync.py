"""Works the queue. The queue is the orders in -ING states; recovery after a power cut is "work the queue".

`Queue.step` does one due order's next part without thread, sleep or randomness of its own: clock and jitter come from
outside. Its `parts` can be taken one by one (the simulator does): `prepare` commits the intent, `perform` makes the
call without the ledger, `conclude` commits the answer. holder.py is the thin shell of threads and real time around it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec.structs import replace

from kiosk.answers import conclude
from kiosk.breaker import backoff
from kiosk.claims import Claims
from kiosk.costs import KIND as COST
from kiosk.errors import Illegal, LedgerError, Misconfigured, NoAnswer, NotNow, Stale
from kiosk.facts import Attempt, Call, Event, Fact
from kiosk.hearsay import kept
from kiosk.identifiers import Reference, grouped_reference
from kiosk.late import conclude_late
from kiosk.ledger import Due, Ledger
from kiosk.ledger.desk import open_finding_once
from kiosk.lines import Lines
from kiosk.order import WAITING, Order
from kiosk.payment_codes import PaymentCode
from kiosk.ports import Clock
from kiosk.questions import AdapterFailed, Question, Remotes, Yes, answer_to, attempt_at, remote_of, writes
from kiosk.settlement import QUEUE, escalation, next_call, next_part, patience_ends, pay_by
from kiosk.steps import Step, Task
from kiosk.tables import SyncTable
from kiosk.watch import Watch

log = logging.getLogger(__name__)

Jitter = Callable[[], float]
"""A number from 0 to 1: seeded in the simulator, random in the shop."""


@dataclass(slots=True)
class Queue:
    """Only the holder of the queue's lock has one. Workers of one process share it."""

    ledger: Ledger
    remotes: Remotes
    settings: SyncTable
    clock: Clock
    jitter: Jitter
    lines: Lines = field(init=False)
    claims: Claims = field(init=False)
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.lines = Lines(self.ledger, self.remotes, self.settings.backoff_first_s, self.clock)
        self.claims = Claims(self.ledger, self.clock, timedelta(seconds=self.settings.backoff_max_s))
        self.claims.look_anew()
        self.watch = Watch(self.ledger, self.remotes, self.settings, self.clock, self.lines)

    def step(self, *, first: Reference | None = None, live_only: bool = False) -> Step | None:
        """Do the next part of one due order, `first` before the others; else look at a settled one. None: idle."""
        due = self.claims.take(first=first, live_only=live_only)
        if due is None:
            seen = None if first or live_only else self.watch.step()
            return Step(seen, seen.state, None) if seen else None
        done: Step | None = None
        for part in self.parts(due):
            done = part if isinstance(part, Step) else None
        return done

    def parts(self, due: Due, payment_code: PaymentCode | None = None) -> Iterator[Task | Yes | NoAnswer | Step]:
        """One step, part by part: each task written down, the remote's answer, what was done. Ends in a Step.

        A scanned `payment_code` lives as long as the step: where nothing is charged by it now, it is gone.

        Whatever comes between two parts, a power cut too, must leave every payment in exactly one place.
        """
        try:
            part = self.prepare(due, payment_code)
            while isinstance(part, Task):
                yield part
                answer = self.perform(part)
                yield answer
                step = self.conclude(part, answer, go_on=True)
                part = step.then or step
            yield part
        except Stale as error:  # a clerk or a customer was faster: the order is due again, as it is now
            log.info("%s", error)
            order = self.ledger.order(due.reference)
            yield Step(order, order.state, None)
        except LedgerError:
            raise
        except Exception as error:
            log.exception("%s cannot be worked on", grouped_reference(due.reference))
            yield self._put_off(due, error)
        finally:
            self.claims.release(due)

    def prepare(self, due: Due, payment_code: PaymentCode | None = None) -> Task | Step:
        """Decide what is next, and write it down if it changes a remote. A fact that needs no answer ends the step."""
        now = self.clock.now()
        order = self.ledger.order_of(due)
        if order.state not in WAITING:  # a clerk was faster
            return Step(order, order.state, None)
        part = next_part(order, now, self.remotes, code_here=payment_code is not None)
        if isinstance(part, datetime):
            self.ledger.schedule(due, part, due.tries)
            return Step(order, order.state, None)
        if isinstance(part, Fact):
            return Step(self._record(order, (part,), now), order.state, None)
        call = writes(order, part, self.remotes.tenders[order.tender])
        if wait := self._must_wait(order, due, part, call, now):
            self.ledger.schedule(due, *wait)
            return Step(order, order.state, None)
        if call:
            task = self._intend(order, (), part, attempt_at(order, call, now), now, due.tries)
            return replace(task, payment_code=payment_code) if part is Question.CHARGE else task
        return Task(order, due, part, None)

    def _must_wait(
        self, order: Order, due: Due, part: Question, call: Call | None, now: datetime
    ) -> tuple[datetime, int] | None:
        """Until when, and how many tries it has had by then; None where it may be asked now."""
        remote = remote_of(order, part)
        if call and self.ledger.reopening.is_awaited():  # restored, and no clerk has said yes: only look
            return self._later(due.tries, now), due.tries
        if turn_at := self.lines.turn(remote, order, now):
            return self._at_most(order, turn_at, now), due.tries
        if probe_at := self.lines.may_call(remote, now):
            return self._at_most(order, max(probe_at, self._later(due.tries, now)), now), due.tries + 1
        return None

    def _at_most(self, order: Order, at: datetime, now: datetime) -> datetime:
        """This moment, but none after the order's patience ends: no pace of a remote hides it for longer."""
        ends_at = patience_ends(order, now, self.remotes)
        return min(at, ends_at) if ends_at > now else at

    def _intend(
        self, order: Order, facts: tuple[Fact, ...], part: Question, attempt: Attempt, now: datetime, tries: int = 0
    ) -> Task:
        """Write a call down before it is sent, in one commit with the facts that led to it."""
        lease = now + timedelta(seconds=self.settings.lease_s)
        expires_at = pay_by(order, attempt.call, now)
        noted = Fact(event=Event.NOTED, by=QUEUE, attempt=attempt, expires_at=expires_at)
        order = self.ledger.record(order, *facts, noted, at=now, due_at=lease, tries=tries)
        return Task(order, Due(order.reference, lease, tries, order.version), part, attempt)

    def perform(self, task: Task) -> Yes | NoAnswer:
        """Make the call."""
        now = self.clock.now()
        if task.attempt and now >= task.due.due_at:  # the machine slept in between: the deadlines may be over by now
            return NotNow("it was written down, and not sent in time")
        return answer_to(task.order, task.question, now, self.remotes, task.payment_code)

    def conclude(self, task: Task, answer: Yes | NoAnswer, *, go_on: bool = False) -> Step:
        """Write the answer down, and when to ask again. A late answer is noted, never dropped.

        Only who will make the next call at once may say `go_on`: it is written down as well.
        """
        self._hear(task, answer)
        present = task
        while True:
            try:
                if present.order.state is task.order.state:
                    return self._conclude(present, answer, go_on)
                return self._note_late(task, present.order, answer)
            except Stale as error:  # somebody else has written meanwhile: the answer goes on top of that
                log.info("%s", error)
                order = self.ledger.order(task.order.reference)
                present = replace(task, order=order, due=self.ledger.entry(order.reference) or present.due)

    def _conclude(self, task: Task, answer: Yes | NoAnswer, go_on: bool) -> Step:
        order, now = task.order, self.clock.now()
        conclusion = conclude(order, task.question, task.attempt, answer, now, self.remotes.sales)
        if conclusion.finding:
            self._report(conclusion.finding, now)
        if conclusion.loss:
            self._report(conclusion.loss, now, COST, order.reference)
        go_on = go_on and not self.ledger.reopening.is_awaited()
        following = next_call(order, conclusion.facts, now, self.remotes) if go_on else None
        if following and not self.lines.must_wait(remote_of(order, following[0]), order, now):
            then = self._intend(order, conclusion.facts, *following, now)
            return Step(then.order, order.state, task.question, then)
        tries = task.due.tries + 1
        ask_at = conclusion.ask_at or self._later(task.due.tries, now, remote_of(order, task.question))
        ask_at = self._at_most(order, ask_at, now)
        if not conclusion.facts:
            self.ledger.schedule(task.due, ask_at, tries)
            return Step(order, order.state, task.question)
        return Step(self._record(order, conclusion.facts, now, ask_at, tries), order.state, task.question)

    def _note_late(self, task: Task, order: Order, answer: Yes | NoAnswer) -> Step:
        """The order moved on while the call was out: keep what was said, and let the present state ask for itself."""
        now, sales = self.clock.now(), self.remotes.sales
        earlier = conclude(task.order, task.question, task.attempt, answer, now, sales)
        late = conclude_late(order, earlier, answer, now, sales)
        return Step(self.ledger.record(order, *late.facts, at=now), task.order.state, task.question)

    def _put_off(self, due: Due, error: Exception) -> Step:
        """An order that cannot be worked on is a clerk's, and stands in nobody's way."""
        now, order = self.clock.now(), self.ledger.order(due.reference)
        if entry := self.ledger.entry(due.reference):
            self.ledger.schedule(entry, max(entry.due_at, self._later(entry.tries, now)), entry.tries + 1)
        name, ours = grouped_reference(due.reference), isinstance(error, Misconfigured)
        self._report(str(error) if ours else f"{name} cannot be worked on: {error!r}", now)
        return Step(order, order.state, None)

    def _record(
        self, order: Order, facts: tuple[Fact, ...], now: datetime, ask_at: datetime | None = None, tries: int = 0
    ) -> Order:
        """Record; where the facts move the order, the new state is due at once, whatever `ask_at` says."""
        if any(fact.event is not Event.NOTED for fact in facts):
            ask_at, tries = None, 0
        try:
            return self.ledger.record(order, *facts, at=now, due_at=ask_at, tries=tries)
        except Illegal as error:  # an answer that contradicts what is on record: never forward, always to a clerk
            log.warning("%s", error)
            noted = tuple(fact for fact in facts if fact.event is Event.NOTED)
            escalated = escalation(f"an answer contradicts the record: {error}", now, self.remotes.sales, order)
            return self.ledger.record(order, *noted, escalated, at=now)

    def _later(self, tries: int, now: datetime, remote: str = "") -> datetime:
        first_s, max_s = self.settings.backoff_first_s, self.settings.backoff_max_s
        return now + backoff(min(max_s, max(first_s, self.lines.pause_s(remote, now))), max_s, tries, self.jitter())

    def _hear(self, task: Task, answer: Yes | NoAnswer) -> None:
        """What was said, or not, tells of the line. One order's defect says nothing about the line of the others."""
        if not isinstance(answer, AdapterFailed):
            self.lines.hear(remote_of(task.order, task.question), answer, self.clock.now())
        if trouble := self.lines.clock_trouble:
            self._report(trouble, self.clock.now())

    def _report(self, reason: str, now: datetime, kind: str = "settings", about: Reference | None = None) -> None:
        """One open finding for one reason, however many orders meet it."""
        deadline_at = now + timedelta(hours=self.remotes.sales.review_within_h)
        open_finding_once(self.ledger, kind, kept(reason), at=now, deadline_at=deadline_at, order=about)
