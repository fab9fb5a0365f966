"""Years of sales at one kiosk, with the books of a rail in its zone and a provider's list, as they would be. By seed.

Payments around midnight, learned late or through a clock that is off; refunds on the next day; customers who leave,
pay and get it back. The ledger, the bill and the list agree unless somebody plants a difference.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import structs

from kiosk.abilities import BillEntry, Listed, Moved
from kiosk.identifiers import CROCKFORD, Purpose, Reference, new_reference, wire_reference
from kiosk.money import Money
from kiosk.order import Order, State
from kiosk.plans import Line, LineKind
from kiosk.reconciliation.differences import Day, Difference
from kiosk.reconciliation.money import Ours, Totals, compare_rail, taken_at
from kiosk.reconciliation.top_ups import compare_provider
from tests.orders import an_order

RAIL, PROVIDER = "wechat", "airalo"
SHANGHAI, MIAMI = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
FIRST = date(2026, 1, 5)
ZERO = Money(0, "USD")

Moments = dict[date, list[tuple[datetime, Order]]]


@dataclass(slots=True)
class Year:
    """One kiosk's orders, and what the rail and the provider have of them."""

    days: int
    seed: int
    zone: ZoneInfo = SHANGHAI
    """Where the rail's days begin and end."""
    orders: dict[Reference, Order] = field(default_factory=dict)
    bill: list[BillEntry] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)

    def __post_init__(self) -> None:
        dice = random.Random(self.seed)  # noqa: S311 - a seed makes it repeat
        for number in range(self.days):
            start = Day(FIRST + timedelta(days=number), MIAMI).start
            for _ in range(dice.randint(0, 8)):
                self._sell(start + timedelta(seconds=dice.uniform(0, 86_400)), dice)
            if number % 3 == 0:  # near the rail's midnight, whichever that is here
                rails = Day(FIRST + timedelta(days=number), self.zone).end
                self._sell(rails - timedelta(seconds=dice.uniform(-30, 90)), dice)

    def _sell(self, opened_at: datetime, dice: random.Random) -> None:
        amount = Money(dice.randrange(500, 6000), "USD")
        reference = new_reference("K07", lambda _: dice.choice(CROCKFORD))
        order = structs.replace(
            an_order(reference=reference, opened_at=opened_at, since_at=opened_at, tender=RAIL, provider=PROVIDER),
            lines=(Line(LineKind.PLAN, "a plan", amount),),
            total=amount,
            captures_later=dice.random() < 0.2,
        )
        paid_at = opened_at + timedelta(seconds=dice.uniform(5, 60))
        late = timedelta(hours=dice.uniform(0, 60)) if dice.random() < 0.05 else timedelta(seconds=dice.uniform(0, 3))
        learned_at = paid_at + late + timedelta(seconds=dice.uniform(-60, 60))  # and a clock that is off
        fate = dice.random()
        if fate < 0.05:
            self.orders[reference] = structs.replace(order, state=State.ABANDONED)
            return
        order = structs.replace(order, paid=amount, paid_at=learned_at, payment_number=f"P{reference}")
        if fate < 0.12:
            self._give_back(order, paid_at, learned_at, dice)
            return
        taken = learned_at + timedelta(seconds=30) if order.captures_later else None
        delivered_at = learned_at + timedelta(seconds=20)
        self.orders[reference] = structs.replace(
            order, state=State.COMPLETED, delivered_at=delivered_at, captured_at=taken, delivery_number=f"A{reference}"
        )
        moved_at = paid_at + (taken - learned_at if taken else timedelta(0)) + (late if taken else timedelta(0))
        self._enter(Moved.IN, order, Purpose.PAYMENT, moved_at)
        top_up = wire_reference(reference, Purpose.TOP_UP)
        self.listed.append(Listed(top_up, f"A{reference}", "completed", delivered_at - timedelta(seconds=5)))

    def _give_back(self, order: Order, paid_at: datetime, learned_at: datetime, dice: random.Random) -> None:
        later = timedelta(hours=dice.choice([0.01, 0.1, 5, 30]))
        self.orders[order.reference] = structs.replace(order, state=State.REFUNDED, refunded_at=learned_at + later)
        if order.captures_later:  # a hold that is let go moves nothing
            return
        self._enter(Moved.IN, order, Purpose.PAYMENT, paid_at)
        self._enter(Moved.BACK, order, Purpose.REFUND, max(paid_at, learned_at + later - timedelta(seconds=2)))

    def _enter(self, moved: Moved, order: Order, purpose: Purpose, at: datetime) -> None:
        wire = wire_reference(order.reference, purpose)
        self.bill.append(BillEntry(moved, wire, f"{moved}{order.reference}", order.total, at))

    # --- what is compared ----------------------------------------------------------------------------------------

    def reconciled(self) -> Iterator[tuple[date, list[Difference], Totals]]:
        """Each day as `kiosk reconcile` sees it."""
        bills, lists = defaultdict(list), defaultdict(list)
        for entry in self.bill:
            bills[entry.at.astimezone(self.zone).date()].append(entry)
        for one in self.listed:
            assert one.at
            lists[one.at.astimezone(MIAMI).date()].append(one)
        taken, returned, delivered = (
            self._by_day(lambda order: taken_at(order)),
            self._by_day(lambda order: order.refunded_at if taken_at(order) else None),
            self._by_day(lambda order: order.delivered_at),
        )
        for number in range(self.days + 5):
            on = FIRST + timedelta(days=number)
            before = [on - timedelta(days=back) for back in range(5)]
            rail_day, day = Day(on, self.zone), Day(on, MIAMI)
            ours = Ours(within(taken, rail_day), within(returned, rail_day))
            known = {each: bills[each] for each in before}
            differences, totals = compare_rail(RAIL, rail_day, known, ours, self.orders.get, "K07", ZERO)
            around = [one for each in (*before, on + timedelta(days=1)) for one in lists[each]]
            differences += compare_provider(PROVIDER, day, around, within(delivered, day), self.orders.get, "K07")
            yield on, differences, totals

    def _by_day(self, at: Callable[[Order], datetime | None]) -> Moments:
        found: Moments = defaultdict(list)
        for order in self.orders.values():
            if moment := at(order):
                found[moment.date()].append((moment, order))
        return found


def within(moments: Moments, day: Day) -> list[Order]:
    """The orders that the ledger is asked for: those of the day's own time."""
    since, until = day.ours
    around = [day.on + timedelta(days=days) for days in (-1, 0, 1)]
    return [order for each in around for moment, order in moments.get(each, ()) if since <= moment < until]
