"""One seed's days at one kiosk: the real ledger, settlement and queue, and everything that may befall them.

The parts of steps are taken one by one, by several workers, with customers, a clerk and a second connection in between;
so what happens in the middle of a call is explored without threads. A violation tells its seed and its story.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import NoReturn

from kiosk.errors import UnknownOrder
from kiosk.identifiers import Reference, grouped_reference
from kiosk.order import Order, State
from kiosk.plans import Line, LineKind, Sim
from kiosk.ports import Acts
from kiosk.sale import open_sale
from kiosk.simulation.books import Violation
from kiosk.simulation.history import History
from kiosk.simulation.machine import Machine
from kiosk.simulation.outside import Outside
from kiosk.simulation.people import People
from kiosk.simulation.power import PowerCut
from kiosk.simulation.remotes import PRICE
from kiosk.simulation.trouble import Trouble

TURNS_PER_ORDER = 44
CONCERNED = 0.2
"""How often somebody does something to the very order that a worker is in the middle of."""
AT_ONCE = 0.8
"""How often whoever pays by a code on the phone has it ready."""
SETTLED_WITHIN = timedelta(hours=96)
"""Once the faults stop, no order waits for longer than this, and the watch has seen what there is to see."""
ROUNDS_MAX = 12


class Day:
    """Call `run` once. Two days of one seed and size are the same, fault by fault."""

    def __init__(self, folder: Path, seed: int, orders: int) -> None:
        self.seed, self.orders = seed, orders
        self.dice = Random(seed)  # noqa: S311 - a seed makes it repeat
        self.outside = Outside(self.dice, folder)
        self.machine = Machine(folder, self.dice, self.outside.clock, self.outside.remotes)
        self.history = History(self._now)
        self.trouble = Trouble(self.dice, self.machine, self.outside, self.history)
        self.people = People(self.dice, self._now, self.outside.books, self.history.order, self.scan)
        self.names: list[Reference] = []
        self.ended: Counter[str] = Counter()
        """Where the orders stood when the faults were over, before clerks settled what was theirs."""

    def _now(self) -> datetime:
        return self.machine.clock.now()

    @property
    def struck(self) -> Counter[str]:
        """Every fault so far, by kind."""
        return self.outside.weather.struck + Counter(
            {"answered twice": self.machine.answered_twice, "unpaid, then paid": len(self.outside.books.contradicted)}
        )

    def run(self) -> Counter[str]:
        """Live through it. Returns the faults that struck, by kind; raises Violation."""
        self.machine.mains.fails = self.dice.choice([0.0, 0.005, 0.02])
        for _ in range(self.orders * TURNS_PER_ORDER):
            self._with_power(self._turn)
        self.machine.mains.fails, self.machine.wall_off_by = 0.0, timedelta(0)
        self.outside.weather.clear()
        self.history.all("calm")
        self._wait()
        self._look_at_the_end()
        self.ended.update(order.state.value for order in self.machine.counter.orders(limit=1_000_000))
        self._clerks_end_it()
        self._look_at_the_end()
        self.machine.switch_off()
        return self.struck

    def _clerks_end_it(self) -> None:
        """No review is a dead end: clerks who go by the evidence settle every one."""
        for _ in range(ROUNDS_MAX):
            waiting = self.machine.counter.orders([State.REVIEW], limit=1_000_000)
            if not waiting:
                return
            for order in waiting:
                self.people.decide(self.machine.counter, order)
            self._wait()
        self._fail(waiting[0].reference, f"no clerk can settle it: {waiting[0].reason}")

    # --- one turn ------------------------------------------------------------------------------------------------

    def _turn(self) -> None:
        """Somebody does something, or time goes on."""
        dice = self.dice.random()
        if dice < 0.62:
            self._work()
        elif dice < 0.8:
            self._people()
        elif dice < 0.95:
            self._time()
        elif dice < 0.975 or not self.names:
            self._open()
        else:
            self.trouble.strike()

    def _work(self) -> None:
        worker = self.dice.choice(self.machine.workers)
        try:
            due = self.machine.part(worker, self.history.part)
        except Violation as wrong:
            self._fail(worker.due.reference if worker.due else None, str(wrong))
        if due:
            self._check(due.reference)
            if self.dice.random() < CONCERNED:
                self._act(due.reference)
        elif not worker.live_only and (seen := self.machine.queue.watch.step()):
            self.history.order(seen, f"looked at again: {seen.state}")
            self._check(seen.reference)

    def _people(self) -> None:
        if not self.names:
            return
        self._act(self.dice.choice(self.names[-8:] if self.dice.random() < 0.8 else self.names))

    def _act(self, name: Reference) -> None:
        self.people.act(self.machine.counter, self.machine.counter.order(name))
        self._check(name)

    def scan(self, name: Reference, code: str) -> bool:
        """A customer holds a code under the scanner."""
        return self.machine.scan(name, code)

    def _time(self) -> None:
        """A moment, or on to what is due next; sometimes a long while with nobody at work."""
        dice, true = self.dice, self.outside.clock
        moment = self.machine.next_moment()
        if dice.random() < 0.6 and moment and moment > self.machine.clock.now():
            true.at += min(moment - self.machine.clock.now(), timedelta(hours=1))
        else:
            true.go_on(seconds=dice.choice([1, 2, 5, 20, 60] if dice.random() < 0.93 else [400, 4000, 20000]))
        self.outside.arrive()

    def _open(self) -> None:
        tender = self.dice.choice([*self.outside.remotes.tenders])
        provider = self.dice.choice([*self.outside.providers.values()])
        order = open_sale(
            self.machine.counter,
            Sim(provider.card, provider.name, (provider.plan,)),
            provider.plan,
            (Line(LineKind.PLAN, provider.plan.title, PRICE),),
            self.outside.remotes.tenders[tender],
            kiosk="T07",
            language="en",
            by="customer",
            at=self.machine.clock.now(),
            choose=self.dice.choice,
        )
        self.names.append(order.reference)
        self.history.order(order, f"opened: {tender}, {provider.name}")
        if self.outside.remotes.tenders[tender].acts is Acts.SCANS_CUSTOMER_CODE and self.dice.random() < AT_ONCE:
            self._act(order.reference)

    # --- power, time, and the end --------------------------------------------------------------------------------

    def _with_power(self, act: Callable[[], None]) -> None:
        """Do it; where the power is cut in its middle, go on with what the disk has."""
        old = self.machine.mains.path
        try:
            act()
        except PowerCut:
            self.outside.weather.struck["power cut"] += 1
            self.history.all("the power is cut")
            self.machine.restart(lambda: self.machine.mains.clean_up(old))
            self.names = [name for name in self.names if self._known(name)]
            for name in self.names:
                if name in self.outside.books.till:  # the clerk has that cash in hand: is it on record?
                    self._with_power(lambda name=name: self.people.take_cash(self.machine.counter, name))  # type: ignore[misc]
                self._check(name)

    def _known(self, name: Reference) -> bool:
        try:
            return bool(self.machine.counter.order(name))
        except UnknownOrder:
            return False

    def _wait(self) -> None:
        """Let time go on from one due moment to the next, with one worker that ends every step."""
        clock, true = self.machine.clock, self.outside.clock
        clock.heard("any remote", true.now())
        end = clock.now() + SETTLED_WITHIN
        self._end_what_is_begun()
        while (moment := self.machine.next_moment()) and moment <= end:
            true.at += max(moment - clock.now(), timedelta(0))
            self.outside.arrive()
            steps = 0
            while step := self.machine.queue.step():
                self.history.part(step, None)
                if self._somebody_stands_there(step.order):
                    self.people.act(self.machine.counter, step.order)
                    self._end_what_is_begun()
                self._check(step.order.reference)
                steps += 1
                if steps > 100 * self.orders:
                    self._fail(step.order.reference, "the queue turns, and no time passes")
        true.at += max(end - clock.now(), timedelta(0))

    def _end_what_is_begun(self) -> None:
        for worker in [*self.machine.workers]:
            while worker.due:
                self.machine.part(worker, self.history.part)

    def _somebody_stands_there(self, order: Order) -> bool:
        """When all is calm, people end what they have begun: they pay or leave, and a clerk hands cash back."""
        if order.state is State.REFUNDING:
            return order.tender == "cash"
        return order.state is State.AUTHORIZING and self.dice.random() < CONCERNED

    # --- what must hold, and the story ---------------------------------------------------------------------------

    def _check(self, name: Reference) -> None:
        self.machine.latest = max(self.machine.latest, self.machine.clock.now())
        for wrong in self.outside.books.broken(self.machine.ledger, name, self.machine.latest):
            self._fail(name, wrong)

    def _look_at_the_end(self) -> None:
        for name, wrong in self.outside.books.wrong_at_the_end(self.machine.ledger):
            self._fail(name, wrong)

    def _fail(self, name: Reference | None, wrong: str) -> NoReturn:
        raise self.violation(name, wrong)

    def violation(self, name: Reference | None, wrong: str) -> Violation:
        """What is wrong, with the seed, the story of that order, and the command that shows it again."""
        story = self.history.of(name)
        what = f"{grouped_reference(name)}: {wrong}" if name else wrong
        again = f"kiosk simulate --seeds 1 --from {self.seed} --orders {self.orders}"
        return Violation("\n".join([f"seed {self.seed}: {what}", *story, f"Again: {again}"]))
