"""A month's closings against the books of those outside: to the cent, and item by item where they are not the same.

For every closing and every way to pay

    what the closing says = what moved at the rail since the closing before
                            + what had moved before that one, and the kiosk was told of only since
                            - what has moved, and the kiosk has not been told of yet
                            + what a card only holds yet, and the kiosk has been told of  (and the same let go, taken)

The first term is the rail's own bill (the drawer's own pieces, for cash), with its times. The others are single
payments: each has a reference, stands in the bill, and was told at one moment or never, which `told.py` knows without
the ledger. What was untold at one closing must be in a later one: at the end of the month nothing is left but what
somebody has planted, what came and went by the rail's own hand, and holds that the rail has let go.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from kiosk.abilities import BillEntry, Moved
from kiosk.identifiers import Reference, grouped_reference
from kiosk.ledger.shifts import Closed
from kiosk.ledger.tally import Figure, Totals
from kiosk.money import Money
from kiosk.plans import Line, LineKind
from kiosk.reconciliation.differences import reference_of
from kiosk.simulation.told import Told

PROMISED = (LineKind.DISCOUNT, LineKind.BONUS)
CHARGED = (LineKind.TAX, LineKind.FEE)
Sums = Counter[tuple[str, str]]
"""Cents by table and name."""
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Closing:
    """One closing as it lies on paper, and outside it: when it truly was, what was in the drawer before and then."""

    closed: Closed
    at: datetime
    began_with: int
    held: int
    miscounted: int = 0
    """By so much the clerk counted wrong."""
    planted: int = 0
    """By so much the drawer is over (below nothing: short), as somebody has planted it in this shift."""

    @property
    def over(self) -> int:
        """What a count must find, in cents."""
        return self.planted + self.miscounted


@dataclass(slots=True)
class Item:
    """One payment, or one refund, on its rail's bill: the first entry of it, and when the kiosk was told."""

    name: Reference
    way: Moved
    at: datetime | None = None
    amount: int = 0
    told_at: datetime | None = None


@dataclass(slots=True)
class Audit:
    """`bills` by tender; the drawer's own, for cash. `planted` names the entries that no closing may contain."""

    told: Told
    kiosk: str
    closings: list[Closing] = field(default_factory=list)
    bills: dict[str, list[BillEntry]] = field(default_factory=lambda: defaultdict(list))
    planted: set[tuple[str, Moved]] = field(default_factory=set)
    """References, as they are on the bill, of what was planted there, came in or went back."""
    crossed: int = 0
    """Items that stood between two closings: moved before one, told after it."""
    compared: int = 0

    def wrong(self) -> Iterator[str]:
        """Everything that is not the same, as sentences. Nothing, where all is."""
        tenders = sorted({cart.tender for cart in self.told.carts.values()} | self.bills.keys())
        items = {tender: self._items(tender) for tender in tenders}
        before = NEVER
        for closing in self.closings:
            for tender in tenders:
                yield from self._tender(closing, tender, items[tender], before)
            yield from self._tables(closing, before)
            yield from self._undelivered(closing)
            yield from _till(closing)
            before = closing.at
        for tender in tenders:
            yield from self._left(tender, items[tender])

    # --- one way to pay ------------------------------------------------------------------------------------------

    def _items(self, tender: str) -> list[Item]:
        """Every entry of the bill that stands for one of our orders, and what was told of others."""
        found: dict[tuple[Reference, Moved], Item] = {}
        strays: list[Item] = []
        for entry in sorted(self.bills[tender], key=lambda entry: entry.at):
            name = reference_of(entry.reference, self.kiosk)
            assert name, f"{tender} has a bill of somebody else: {entry.reference}"
            item = Item(name, entry.moved, entry.at, entry.amount.amount_minor)
            if name not in self.told.carts or (name, entry.moved) in found:
                strays.append(item)
                continue
            item.told_at = self._told_at(item, tender)
            found[name, entry.moved] = item
            if extra := item.amount - self.told.carts[name].total.amount_minor:
                strays.append(Item(name, entry.moved, entry.at, extra))
                item.amount -= extra
        for item in self._said(tender):
            found.setdefault((item.name, item.way), item)
        return [*found.values(), *strays]

    def _said(self, tender: str) -> Iterator[Item]:
        """What the kiosk was told of this way to pay, whether it is in the bill or not."""
        for name, cart in self.told.carts.items():
            amount = cart.total.amount_minor
            if cart.tender == tender and name in self.told.came:
                yield Item(name, Moved.IN, None, amount, self.told.came[name])
            if name in self.told.went and self.told.went[name][1] == tender:
                yield Item(name, Moved.BACK, None, amount, self.told.went[name][0])

    def _told_at(self, item: Item, tender: str) -> datetime | None:
        if item.way is Moved.IN:
            return self.told.came.get(item.name)
        at, way = self.told.went.get(item.name, (None, ""))
        return at if way == tender else None

    def _tender(self, closing: Closing, tender: str, items: Sequence[Item], before: datetime) -> Iterator[str]:
        for way, told in ((Moved.IN, closing.closed.totals.taken), (Moved.BACK, closing.closed.totals.given_back)):
            heard, untold = _heard(way, items, closing.at)
            self.crossed += untold
            due = heard - _heard(way, items, before)[0]
            said = _figure(told, tender)
            self.compared += 1
            if said != due:
                wrong = f"{tender} {way}: the closing says {_dollars(said)}, and the books outside {_dollars(due)}"
                yield f"Z {closing.closed.z}: {wrong}"

    def _left(self, tender: str, items: Sequence[Item]) -> Iterator[str]:
        """What is not explained when the month is over."""
        by_name: dict[Reference, list[Item]] = defaultdict(list)
        for item in items:
            if item.told_at is None or item.at is None:
                by_name[item.name].append(item)
        for name, left in by_name.items():
            left = [item for item in left if (name, item.way) not in self.planted]
            ways = {item.way for item in left}
            by_itself = ways == {Moved.IN, Moved.BACK} and all(item.told_at is None for item in left)
            cart = self.told.carts.get(name)
            let_go = cart and cart.holds and all(item.at is None for item in left)
            let_go = let_go and (ways == {Moved.IN, Moved.BACK} or name in self.told.not_taken)
            if left and not (by_itself or let_go):
                what = ", ".join(f"{item.way} {_dollars(item.amount)}" for item in left)
                where = "told, and in no bill" if left[0].at is None else "in the bill, and never told"
                yield f"{grouped_reference(name)} ({tender}): {what} {where}"

    # --- the other tables ----------------------------------------------------------------------------------------

    def _tables(self, closing: Closing, before: datetime) -> Iterator[str]:
        """By plan, promotion, tax and fee: from what each customer remembers of the sale."""
        due: Sums = Counter()
        for name, at in self.told.came.items():
            if before < at <= closing.at:
                cart = self.told.carts[name]
                due["plans", cart.plan] += cart.total.amount_minor
                _add(due, "promotions", cart.lines, PROMISED)
                _add(due, "charges", cart.lines, CHARGED)
        for name, (at, _) in self.told.went.items():
            if before < at <= closing.at:
                _add(due, "charges_given_back", self.told.carts[name].lines, CHARGED)
        said = _sums_of(closing.closed.totals)
        for line in sorted(due.keys() | said.keys()):
            self.compared += 1
            if said[line] != due[line]:
                figures = f"{_dollars(said[line])}, and the customers {_dollars(due[line])}"
                yield f"Z {closing.closed.z}: {', '.join(line)}: the closing says {figures}"

    def _undelivered(self, closing: Closing) -> Iterator[str]:
        """What had come in and was neither delivered nor back."""
        at, due = closing.at, 0
        for name, came in self.told.came.items():
            delivered, (went, _) = self.told.delivered.get(name), self.told.went.get(name, (None, ""))
            if came <= at and not (delivered and delivered <= at) and not (went and went <= at):
                due += self.told.carts[name].total.amount_minor
        said = sum(figure.amount.amount_minor for figure in closing.closed.carried.undelivered)
        self.compared += 1
        if said != due:
            yield f"Z {closing.closed.z}: {_dollars(said)} taken and not delivered, and outside it is {_dollars(due)}"


def _heard(way: Moved, items: Sequence[Item], at: datetime) -> tuple[int, int]:
    """What the kiosk had been told by then, from the bill: less what it had not, and what was only held, more. How many

    of the bill it had not been told of.
    """
    moved = untold = ahead = crossed = 0
    for item in items:
        if item.way is not way:
            continue
        in_bill = item.at is not None and item.at <= at
        told = item.told_at is not None and item.told_at <= at
        moved += item.amount if in_bill else 0
        untold += item.amount if in_bill and not told else 0
        ahead += item.amount if told and not in_bill else 0
        crossed += in_bill and not told
    return moved - untold + ahead, crossed


def _till(closing: Closing) -> Iterator[str]:
    """The drawer: counted piece by piece outside, expected by the closing."""
    closed, z = closing.closed, closing.closed.z
    if closed.counted.amount_minor != closing.held + closing.miscounted:
        yield f"Z {z}: {closed.counted} counted, and {_dollars(closing.held + closing.miscounted)} was"
    if (closed.till_float or Money(0, "USD")).amount_minor != closing.began_with:
        yield f"Z {z}: it began with {closed.till_float}, and the drawer with {_dollars(closing.began_with)}"
    if closed.difference.amount_minor != closing.over:
        yield f"Z {z}: {closed.difference} over or short, and the drawer is {_dollars(closing.over)}"


def _figure(figures: Sequence[Figure], name: str) -> int:
    return sum(figure.amount.amount_minor for figure in figures if figure.name == name)


def _add(sums: Sums, table: str, lines: Sequence[Line], kinds: Sequence[LineKind]) -> None:
    for line in lines:
        if line.kind in kinds:
            sums[table, line.name] += line.amount.amount_minor


def _sums_of(totals: Totals) -> Sums:
    found: Sums = Counter()
    for table in ("plans", "promotions", "charges", "charges_given_back"):
        for figure in getattr(totals, table):
            found[table, figure.name] += figure.amount.amount_minor
    return found


def _dollars(minor: int) -> str:
    return str(Money(minor, "USD"))
