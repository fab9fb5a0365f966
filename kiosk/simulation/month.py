"""A month of trade, by seed: every closing equals the books of those outside, every planted difference is found.

And nothing else is.

Customers come day and night and pay by everything there is, the real adapters before their sandboxes among it; lines
fail, remotes are away, the clock is off, the kiosk is restarted. Three clerks a day take over from each other in the
middle of it: the late shift begins before midnight and ends after it, one of them in the night in which the clocks
change. Each counts a drawer whose pieces the simulation moves by itself, and closes with the counter's own closing.

What a closing (Z) covers goes by the ledger's events, what a rail's bill covers by the rail's clock; so at a closing
some payments are on the other side: taken at the rail, and not heard of yet. `audit.py` says how each is accounted
for, one by one, from the bills, the drawer and what was said at the ports (`told.py`), never from the ledger; over the
month nothing may be left. The day's reconciliation runs every night on the day before, as `kiosk reconcile` does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from kiosk.abilities import HasBill
from kiosk.ledger.closing import Count
from kiosk.ledger.verify import problems
from kiosk.reconciliation.day import Books as DayBooks
from kiosk.reconciliation.differences import Difference
from kiosk.simulation.agenda import Agenda
from kiosk.simulation.audit import Audit
from kiosk.simulation.customers import Customers
from kiosk.simulation.month_outside import NEW_YORK, REAL, MonthOutside
from kiosk.simulation.planting import KINDS, Planting, Verdict, compared, is_news
from kiosk.simulation.premises import KIOSK, Premises
from kiosk.simulation.staff import Staff

BUSY = (1, 1, 1, 1, 1, 2, 4, 6, 8, 9, 10, 10, 10, 9, 9, 9, 10, 10, 9, 7, 5, 4, 3, 2)
"""How many come at each hour of the day, in proportion."""
SHIFTS = (time(6, 30), time(14, 30), time(21, 45))
"""When a clerk takes over. The third goes home in the morning."""
PAYS_IN_AT, RECONCILED_AT = time(9), time(23, 30)
SETTLES_WITHIN = timedelta(hours=96)
EVERY = timedelta(minutes=20)
"""How often a clerk looks at what waits."""
AGAIN = timedelta(minutes=4)  # books that gave no answer are asked for


@dataclass(frozen=True, slots=True)
class Lived:
    """What a month came to. `wrong` is all that was not as it must be, as sentences."""

    orders: int
    ended: Counter[str]
    closings: int
    compared: int
    crossed: int
    recounts: int
    faults: Counter[str]
    planted: Counter[str]
    verdict: Verdict
    wrong: list[str]


@dataclass(slots=True)
class Month:
    """Call `run` once. Two months of one seed and size are the same."""

    folder: Path
    seed: int
    first: date
    days: int
    orders: int
    plants: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 2))
    share: float = REAL
    """So many of the sales go through real adapters."""
    zone: ZoneInfo = NEW_YORK
    tell: Callable[[str], object] = str
    """Hears a line a day."""
    dice: Random = field(init=False)
    agenda: Agenda = field(init=False, default_factory=Agenda)
    differences: list[Difference] = field(init=False, default_factory=list)
    restarts: int = field(init=False, default=0)
    outside: MonthOutside = field(init=False)
    premises: Premises = field(init=False)
    audit: Audit = field(init=False)
    staff: Staff = field(init=False)
    customers: Customers = field(init=False)
    planting: Planting = field(init=False)

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)  # noqa: S311 - a seed makes it repeat
        self.outside = MonthOutside(self.dice, self.folder, self._at(0, time(6)), self.share)
        self.premises = Premises(self.folder, self.outside, self.dice)
        self.audit = Audit(self.outside.told, KIOSK)
        self.staff = Staff(self.dice, self.premises, self.audit)
        self.customers = Customers(self.dice, self.agenda, self.premises, self.staff)
        self.planting = Planting(self.dice, self.customers, self.staff, self.audit)

    def run(self) -> Lived:
        """Live through it, and compare."""
        self._plan()
        self._go_on()
        self._calm_down()
        self._read_the_bills()
        wrong = [*self.audit.wrong(), *problems(self.premises.ledger)]
        wrong += [f"{self.staff.drawer.count()} in the drawer"] if self.staff.drawer.count().amount_minor < 0 else []
        ended = Counter(order.state.value for order in self.premises.counter.orders(limit=1_000_000))
        self.premises.switch_off()
        planted = Counter(each.what for each in self.planting.done)
        return Lived(
            orders=len(self.customers.names),
            ended=ended,
            closings=len(self.audit.closings),
            compared=self.audit.compared,
            crossed=self.audit.crossed,
            recounts=self.staff.recounts,
            faults=self.outside.weather.struck + Counter({"restart": self.restarts}),
            planted=planted,
            verdict=compared(self.planting.done, self.audit, self.differences),
            wrong=wrong,
        )

    # --- what is going to happen ---------------------------------------------------------------------------------

    def _at(self, day: int, at: time) -> datetime:
        """A moment of the shop's own day, as an instant."""
        return datetime.combine(self.first + timedelta(days=day), at, self.zone).astimezone(UTC)

    def _plan(self) -> None:
        self.staff.begin()
        begin, end = self._at(0, SHIFTS[0]), self._at(self.days, SHIFTS[0])
        hours = int((end - begin) / timedelta(hours=1))
        for _ in range(self.orders):
            self.agenda.put(self._a_moment(begin, hours), self.customers.come)
        for hour in range(hours):
            self.agenda.put(begin + timedelta(hours=hour), self._an_hour_begins)
        for number in range(int((end - begin) / EVERY)):
            self.agenda.put(begin + number * EVERY, self.staff.round)
        for day in range(self.days):
            self.agenda.put(self._at(day, PAYS_IN_AT), self.outside.pay_in)
            for change in SHIFTS:
                if (day, change) != (0, SHIFTS[0]):
                    late = timedelta(minutes=self.dice.choice([0, 0, 1, 7, 25]))
                    self.agenda.put(self._at(day, change) + late, self._count)
            if day:
                self.agenda.put(self._at(day, RECONCILED_AT), partial(self._reconcile, day - 1))
        self._plan_the_plants()

    def _a_moment(self, begin: datetime, hours: int) -> datetime:
        """Rather at noon than at night, by the clock on the wall."""
        while True:
            at = begin + timedelta(hours=self.dice.uniform(0, hours))
            if self.dice.random() * max(BUSY) < BUSY[at.astimezone(self.zone).hour]:
                return at

    def _plan_the_plants(self) -> None:
        for what, times in self.plants.items():
            for _ in range(times):
                at = self._at(0, time(10)) + timedelta(hours=self.dice.uniform(0, (self.days - 1) * 24))
                self.agenda.put(at, partial(self._plant, what))

    def _plant(self, what: str) -> None:
        """Later, where there is nothing yet to do it to; not when the month is over."""
        over = self.premises.true.at > self._at(self.days, SHIFTS[0])
        if not over and not self.planting.plant(what):
            self.agenda.put(self.premises.true.at + timedelta(minutes=35), partial(self._plant, what))

    def _an_hour_begins(self) -> None:
        dice = self.dice
        self.outside.weather_turns()
        if dice.random() < 0.04:
            self.restarts += 1
            self.premises.restart()
        if dice.random() < 0.2:
            self.premises.skew = timedelta(seconds=dice.uniform(-45, 45))

    # --- as it happens -------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        while coming := self.agenda.next():
            at, act = coming
            self.premises.work_until(at)
            act()

    def _count(self) -> None:
        """Trade goes on between the count and the closing."""
        counted = self.staff.count()
        at = self.premises.true.at + timedelta(seconds=self.dice.uniform(5, 50))
        self.agenda.put(_end_of_minute(at), partial(self._close, counted))

    def _close(self, counted: Count) -> None:
        """In the last half second of a minute: the bills know no halves, and nothing moves in it."""
        if not self.staff.close(counted):
            self._count()
            return
        self.premises.true.at += timedelta(seconds=0.5)
        self.staff.begin()

    def _reconcile(self, day: int, told: Sequence[Difference] = ()) -> None:
        """A remote that was just asked too often is silent even in fine weather: then all is asked again later."""
        since = self.premises.true.at
        with self.outside.fine_weather():
            report = self._books().reconcile(self.first + timedelta(days=day))
        found = (each for each in report.differences if not is_news(each, self.outside.told, since))
        told = list({difference.says: difference for difference in (*told, *found)}.values())
        if report.unanswered:
            assert all(" for now" in sentence for sentence in report.unanswered), report.unanswered
            self.agenda.put(self.premises.true.at + AGAIN, partial(self._reconcile, day, told))
            return
        self.differences += told
        closings, orders = len(self.audit.closings), len(self.customers.names)
        self.tell(f"{report.day}: {orders:,} orders, {closings} closings, {len(self.differences)} differences")

    def _books(self) -> DayBooks:
        premises = self.premises
        return DayBooks(premises.ledger, premises.queue.remotes, premises.clock, KIOSK, self.zone, "USD")

    # --- the end -------------------------------------------------------------------------------------------------

    def _calm_down(self) -> None:
        """No more customers and no more faults: what is open ends, and clerks settle what is theirs."""
        self.outside.weather.clear()
        self.premises.skew = timedelta(0)
        end = self.premises.true.at + SETTLES_WITHIN
        while self.premises.true.at < end:
            self.premises.work_until(self.premises.true.at + timedelta(hours=1))
            self.staff.round()
            self._go_on()
        for day in range(self.days - 1, self.days + 3):
            self._reconcile(day)
            assert self.agenda.next() is None, "books that are silent though nothing is broken any more"
        self.staff.round()
        self.premises.work_until(_end_of_minute(self.premises.true.at + timedelta(hours=12)))
        assert self.staff.close(self.staff.count())

    def _read_the_bills(self) -> None:
        """All of them, from the day before the month until the last thing happened, whatever zone a rail's days are."""
        days = (self.premises.true.at.date() - self.first).days
        self.premises.true.at += timedelta(days=3)
        for name, rail in self.outside.wallets.items():
            assert isinstance(rail, HasBill)
            for day in range(-1, days + 2):
                self.audit.bills[name] += rail.bill(self.first + timedelta(days=day))


def _end_of_minute(at: datetime) -> datetime:
    return at.replace(second=59, microsecond=500_000) if at.second < 59 else _end_of_minute(at + timedelta(seconds=2))
