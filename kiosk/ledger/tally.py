"""What a stretch of events came to in money: taken and given back, by tender, plan, promotion, tax and fee. Pure.

It follows each order's money from event to event, so whatever stretches the chain is cut into, their sums add up to the
whole. No clock is asked: only an event's place in the chain says where it belongs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from kiosk.facts import Event
from kiosk.money import Money
from kiosk.plans import Line, LineKind

TAKES = (Event.PAID, Event.FOUND_PAID, Event.ESCALATED)
"""Those of them that carry an amount: escalated does where another one was paid than was due."""
GIVES_BACK = (Event.REFUNDED, Event.SETTLED_RETURNED)
MONEY = (*TAKES, *GIVES_BACK, Event.SETTLED_UNPAID, Event.REFUND_FAILED)
CASH = "cash"


class Figure(msgspec.Struct, frozen=True):
    """One line of a table: so many, and what they came to."""

    name: str
    count: int
    amount: Money


class Totals(msgspec.Struct, frozen=True):
    """Every table of a period. A name stands twice where money of two currencies goes by it."""

    taken: tuple[Figure, ...] = ()
    given_back: tuple[Figure, ...] = ()
    plans: tuple[Figure, ...] = ()
    promotions: tuple[Figure, ...] = ()
    charges: tuple[Figure, ...] = ()
    charges_given_back: tuple[Figure, ...] = ()

    def cash(self, currency: str) -> Money:
        """What the till has more by it: cash taken less cash handed back."""
        taken = sum_of((one for one in self.taken if one.name == CASH), currency)
        return taken - sum_of((one for one in self.given_back if one.name == CASH), currency)


def sum_of(figures: Iterable[Figure], currency: str) -> Money:
    """Of those in this currency."""
    amounts = (figure.amount for figure in figures if figure.amount.currency == currency)
    return sum(amounts, Money(0, currency))


@dataclass(frozen=True, slots=True)
class Sold:
    """What an order was opened with, and stays."""

    tender: str
    plan: str
    lines: tuple[Line, ...]
    total: Money


class Said(msgspec.Struct, frozen=True):
    """What an event says of money."""

    amount: Money | None = None
    shift: str = ""


@dataclass(slots=True)
class Purse:
    """One order's money as its events go on: what came last, what of it we still hold."""

    paid: Money | None = None
    held: Money | None = None


Table = dict[tuple[str, str], list[int]]


def _table() -> Table:
    return defaultdict(lambda: [0, 0])


@dataclass(slots=True)
class Tally:
    """Adds up. `named` says how a promotion, tax or fee is called here: an order has it in its customer's language."""

    named: Callable[[str], str] = str
    taken: Table = field(default_factory=_table)
    given_back: Table = field(default_factory=_table)
    plans: Table = field(default_factory=_table)
    promotions: Table = field(default_factory=_table)
    charges: Table = field(default_factory=_table)
    charges_given_back: Table = field(default_factory=_table)

    def see(self, sold: Sold, event: str, said: Said, purse: Purse, *, counts: bool) -> None:
        """One more event of an order. Where it does not count, it only tells what the order's money was before."""
        before = purse.held
        if event in TAKES and said.amount:
            purse.paid = purse.held = said.amount
            if counts:
                self._sell(sold, before, -1)
                self._sell(sold, said.amount, 1)
        elif event in GIVES_BACK:
            purse.held = None
            if counts:
                self._give_back(sold, CASH if said.shift else sold.tender, before, 1)
        elif event == Event.SETTLED_UNPAID:
            purse.held = None
            if counts:
                self._sell(sold, before, -1)
        elif event == Event.REFUND_FAILED and before is None:
            purse.held = purse.paid
            if counts:
                self._give_back(sold, sold.tender, purse.paid, -1)

    def _sell(self, sold: Sold, amount: Money | None, sign: int) -> None:
        if amount is None:
            return
        _add(self.taken, sold.tender, amount, sign)
        _add(self.plans, sold.plan, amount, sign)
        for line in sold.lines if amount == sold.total else ():
            if line.kind in (LineKind.DISCOUNT, LineKind.BONUS):
                _add(self.promotions, self.named(line.name), line.amount, sign)
        self._charge(self.charges, sold, amount, sign)

    def _give_back(self, sold: Sold, way: str, amount: Money | None, sign: int) -> None:
        if amount is not None:
            _add(self.given_back, way, amount, sign)
            self._charge(self.charges_given_back, sold, amount, sign)

    def _charge(self, table: Table, sold: Sold, amount: Money, sign: int) -> None:
        """Taxes and fees, of what was paid as it was due."""
        for line in sold.lines if amount == sold.total else ():
            if line.kind in (LineKind.TAX, LineKind.FEE):
                _add(table, self.named(line.name), line.amount, sign)

    def totals(self) -> Totals:
        """What it has come to so far, the largest first."""
        names = Totals.__struct_fields__
        return Totals(**{name: _figures(getattr(self, name)) for name in names})


def _add(table: Table, name: str, amount: Money, sign: int) -> None:
    entry = table[name, amount.currency]
    entry[0] += sign
    entry[1] += sign * amount.amount_minor


def _figures(table: Mapping[tuple[str, str], list[int]]) -> tuple[Figure, ...]:
    found = [
        Figure(name, count, Money(minor, currency))
        for (name, currency), (count, minor) in table.items()
        if count or minor
    ]
    return tuple(sorted(found, key=lambda one: (-abs(one.amount.amount_minor), one.name)))
