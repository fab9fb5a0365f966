"""The simulated kiosk itself: the real ledger on mains that fail, the real queue, and workers that stop in mid-step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from kiosk.clock import SteadyClock
from kiosk.errors import NoAnswer, Unreachable
from kiosk.facts import Call
from kiosk.identifiers import Reference
from kiosk.ledger import Due
from kiosk.ledger.due import next_watched
from kiosk.payment_codes import PaymentCode
from kiosk.ports import Clock
from kiosk.questions import WRITES, Question, Remotes, Yes, remote_of
from kiosk.settlement import CAPTURE_MARGIN
from kiosk.simulation.books import Violation
from kiosk.simulation.power import Mains, MortalLedger
from kiosk.steps import Step, Task
from kiosk.sync import Queue
from kiosk.tables import SyncTable

WORKERS = 3


@dataclass(slots=True)
class Worker:
    """One worker of the queue, and the step that it is in the middle of."""

    live_only: bool
    once: bool = False
    """It came with a scanned code, and goes when that is seen to."""
    due: Due | None = None
    task: Task | None = None
    answer: Yes | NoAnswer | None = None
    parts: Iterator[Task | Yes | NoAnswer | Step] = field(default_factory=lambda: iter(()))


class Machine:
    """Goes on and off; in between, `part` takes one worker one part further."""

    def __init__(self, folder: Path, dice: Random, true: Clock, remotes: Remotes) -> None:
        self.dice, self.true, self.remotes = dice, true, remotes
        self.wall_off_by = timedelta(0)
        """How far somebody has set the wall clock from the true time."""
        self.latest = true.now()
        self.answered_twice = 0
        self.mains = Mains(folder, dice)
        self.switch_on()

    def switch_on(self) -> None:
        """The ledger as the disk has it, a second connection for people, and a new holder of the queue."""
        self.clock = SteadyClock(lambda: self.true.now() + self.wall_off_by, lambda: self.true.now().timestamp())
        now = self.clock.now()
        self.ledger, self.counter = MortalLedger(self.mains, now), MortalLedger(self.mains, now)
        self.clock.not_before(self.ledger.newest_at())
        self.queue = Queue(self.ledger, self.remotes, SyncTable(), self.clock, self.dice.random)
        self.workers = [Worker(live_only=number == 0) for number in range(WORKERS)]

    def switch_off(self) -> None:
        for ledger in (self.ledger, self.counter):
            ledger.close()

    def restart(self, tidy: Callable[[], None] = lambda: None) -> None:
        """Off, and on again with what the disk has."""
        self.switch_off()
        tidy()
        self.switch_on()

    def scan(self, name: Reference, code: str) -> bool:
        """A customer's code comes in: a worker of its own sees to it. False where somebody is at work on the order."""
        due = self.queue.claims.claim(name)
        if due:
            parts = self.queue.parts(due, PaymentCode(code))
            self.workers.append(Worker(live_only=True, once=True, due=due, parts=parts))
        return due is not None

    def part(self, worker: Worker, tell: Callable[[Step | Task | str, Due], None]) -> Due | None:
        """Take this worker one part further. Returns the entry it works on; None where it found nothing to do."""
        if worker.due is None:
            worker.due = self.queue.claims.take(live_only=worker.live_only)
            if worker.due is None:
                return None
            worker.parts = self.queue.parts(worker.due)
        due = worker.due
        if worker.task and worker.answer is None:
            self._may_be_sent(worker.task)
        part = next(worker.parts)
        if isinstance(part, Task):
            worker.task, worker.answer = part, None
            tell(part, due)
        elif isinstance(part, Step):
            tell(part, due)
            self._answer_twice(worker)
            worker.parts, worker.due, worker.task, worker.answer = iter(()), None, None, None
            if worker.once:
                self.workers.remove(worker)
        else:
            worker.answer = part
            if worker.task and not isinstance(part, Unreachable):
                self.clock.heard(remote_of(worker.task.order, worker.task.question), self.true.now())
            tell(f"{worker.task.question if worker.task else ''}: {part!r}", due)
        return due

    def _answer_twice(self, worker: Worker) -> None:
        """A remote, or the network before it, repeats itself."""
        if worker.task and worker.answer and self.dice.random() < 0.02:
            self.answered_twice += 1
            self.queue.conclude(worker.task, worker.answer)
        for _ in worker.parts:
            raise AssertionError("a step ends a worker's parts")

    def _may_be_sent(self, task: Task) -> None:
        """What must never be sent, whoever asks for it."""
        order, now = task.order, self.clock.now()
        by_hand = order.tender == "cash" and task.question is not Question.TOP_UP
        if task.attempt is None and task.question in WRITES and not by_hand:
            raise Violation(f"{task.question} is sent, and was not written down before")
        if task.question is Question.CHARGE and len(order.of(Call.CHARGE)) > 1:
            raise Violation("an order is charged a second time")
        if task.question is Question.REFUND and order.in_doubt and not (order.doubt_checked or order.delivered_at):
            raise Violation("a refund is sent over a top-up in doubt, and nobody has looked it up")
        if order.capture_before and task.attempt and now < task.due.due_at:
            if task.question is Question.CAPTURE and now >= order.capture_before + timedelta(minutes=5):
                raise Violation("the card's money is taken after its authorization has expired")
            if task.question is Question.TOP_UP and now >= order.capture_before - CAPTURE_MARGIN / 2:
                raise Violation("a top-up is sent, and the card's authorization is about to expire")

    def next_moment(self) -> datetime | None:
        """When the queue or the watch has something to do."""
        entries = [*self.ledger.next_due(1), next_watched(self.ledger)]
        return min((entry.due_at for entry in entries if entry), default=None)
