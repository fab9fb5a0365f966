"""A rail's bill of one day against the ledger. Pure.

It must never take a movement of another kiosk for ours, nor call a difference what is still on its way through the
queue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.abilities import BillEntry, Moved
from kiosk.identifiers import Reference, grouped_reference
from kiosk.money import Money
from kiosk.order import Order, State
from kiosk.questions import Question
from kiosk.reconciliation.differences import UNDER_WAY, Day, Difference, Kind, OrderOf, reference_of


@dataclass(frozen=True, slots=True)
class Totals:
    """What came in and went back on a day, by a rail's bill and by the ledger; and what the queue has not heard yet."""

    remote: str
    theirs_in: Money
    ours_in: Money
    theirs_back: Money
    ours_back: Money
    entries: int
    under_way: int

    @property
    def agree(self) -> bool:
        return (self.theirs_in, self.theirs_back) == (self.ours_in, self.ours_back)


def taken_at(order: Order) -> datetime | None:
    """When the ledger learned that the money had moved: a card's moves when it is captured."""
    if order.paid is None:
        return None
    return order.captured_at if order.captures_later else order.paid_at


@dataclass(frozen=True, slots=True)
class Ours:
    """What the ledger says of a rail's day: the orders whose money came in, and those whose money went back by it."""

    taken: Sequence[Order]
    returned: Sequence[Order]


def compare_rail(
    rail: str,
    day: Day,
    bills: Mapping[date, Sequence[BillEntry]],
    ours: Ours,
    order_of: OrderOf,
    kiosk: str,
    zero: Money,
) -> tuple[list[Difference], Totals]:
    """The day's bill against the ledger. `bills` has the days before as well, as far back as its orders were opened."""
    every = by_order((entry for bill in bills.values() for entry in bill), kiosk)
    found: list[Difference] = []
    seen = Seen(rail, zero)
    of_today = by_order(bills[day.on], kiosk)
    for reference, entries in of_today.items():
        order = order_of(reference)
        if order is None:
            seen.theirs(entries)
            found += [_stray(rail, entry) for entry in entries]
        else:
            found += seen.one(order, entries, every[reference])
    for order in ours.taken:
        if not _has(every[order.reference], Moved.IN):
            seen.ours_in += order.paid or zero
            says = f"{_name(order)}: {order.paid} is on record as paid (number {order.payment_number})"
            found.append(Difference(Kind.ORDER_WITHOUT_MONEY, rail, f"{says}, and {rail} has no such payment", order))
    for order in ours.returned:
        if not _has(every[order.reference], Moved.BACK):
            seen.ours_back += order.paid or zero
            says = f"{_name(order)}: {order.paid} is on record as given back, and {rail} has no such refund"
            found.append(Difference(Kind.REFUND_MISSING, rail, says, order, Question.ASK_REFUND))
    return found, seen.totals()


class Seen:
    """Adds a day up while its entries are compared, one order at a time."""

    def __init__(self, rail: str, zero: Money) -> None:
        self.rail, self.zero = rail, zero
        self.theirs_in = self.ours_in = self.theirs_back = self.ours_back = zero
        self.entries = self.under_way = 0

    def totals(self) -> Totals:
        sums = (self.theirs_in, self.ours_in, self.theirs_back, self.ours_back)
        return Totals(self.rail, *sums, self.entries, self.under_way)

    def theirs(self, entries: Iterable[BillEntry]) -> None:
        for entry in entries:
            self.entries += 1
            if entry.amount.currency != self.zero.currency:
                continue  # told as a difference; sums of two currencies say nothing
            if entry.moved is Moved.IN:
                self.theirs_in += entry.amount
            else:
                self.theirs_back += entry.amount

    def one(self, order: Order, today: Sequence[BillEntry], every: Sequence[BillEntry]) -> Iterator[Difference]:
        """What one order's entries of today say that the ledger does not."""
        self.theirs(today)
        under_way = order.state in UNDER_WAY
        came, went = _of(today, Moved.IN), _of(today, Moved.BACK)
        due = order.paid or order.total
        for entry in today:
            if entry.amount != due:
                says = f"{_name(order)}: {self.rail} has {entry.amount} {_WAY[entry.moved]}, and {due} is on record"
                yield Difference(Kind.AMOUNT, self.rail, f"{says} (number {entry.number})", order)
        if came:
            yield from self._came(order, came, every, under_way=under_way)
        if went:
            yield from self._went(order, went, every, under_way=under_way)

    def _came(
        self, order: Order, came: Sequence[BillEntry], every: Sequence[BillEntry], *, under_way: bool
    ) -> Iterator[Difference]:
        numbers = {entry.number for entry in _of(every, Moved.IN)}
        if len(numbers) > 1:
            says = f"{_name(order)} was paid {len(numbers)} times (numbers {', '.join(sorted(numbers))})"
            yield Difference(Kind.PAID_TWICE, self.rail, says, order)
        given_back = bool(_of(every, Moved.BACK))
        if taken_at(order) or (given_back and order.paid is None):
            self.ours_in += order.paid or order.total
        elif under_way:
            self.under_way += 1
            self.ours_in += order.total
        else:
            says = f"{_name(order)} is {order.state}, and {self.rail} has its payment (number {came[0].number})"
            yield Difference(Kind.PAYMENT_NOT_RECORDED, self.rail, says, order, Question.ASK)

    def _went(
        self, order: Order, went: Sequence[BillEntry], every: Sequence[BillEntry], *, under_way: bool
    ) -> Iterator[Difference]:
        numbers = {entry.number for entry in _of(every, Moved.BACK)}
        if len(numbers) > 1:
            says = f"{_name(order)} was given back {len(numbers)} times (numbers {', '.join(sorted(numbers))})"
            yield Difference(Kind.REFUND_TWICE, self.rail, says, order)
        if order.refunded_at or (order.paid is None and order.settled):
            self.ours_back += order.paid or order.total
        elif under_way and order.state in (State.CANCELLING, State.REFUNDING):
            self.under_way += 1
            self.ours_back += order.paid or order.total
        else:
            says = f"{_name(order)} is {order.state}, and {self.rail} gave its money back (number {went[0].number})"
            yield Difference(Kind.REFUND_NOT_RECORDED, self.rail, says, order)


_WAY = {Moved.IN: "coming in", Moved.BACK: "going back"}


def by_order(entries: Iterable[BillEntry], kiosk: str) -> defaultdict[Reference, list[BillEntry]]:
    """The entries of this kiosk by the orders that they stand for."""
    found: defaultdict[Reference, list[BillEntry]] = defaultdict(list)
    for entry in entries:
        if reference := reference_of(entry.reference, kiosk):
            found[reference].append(entry)
    return found


def _stray(rail: str, entry: BillEntry) -> Difference:
    kind = Kind.MONEY_WITHOUT_ORDER if entry.moved is Moved.IN else Kind.REFUND_WITHOUT_ORDER
    says = f"{rail} has {entry.amount} {_WAY[entry.moved]} for {entry.reference} (number {entry.number})"
    return Difference(kind, rail, f"{says}, and the ledger has no such order")


def _of(entries: Iterable[BillEntry], moved: Moved) -> list[BillEntry]:
    return [entry for entry in entries if entry.moved is moved]


def _has(entries: Iterable[BillEntry], moved: Moved) -> bool:
    return any(entry.moved is moved for entry in entries)


def _name(order: Order) -> str:
    return grouped_reference(order.reference)
