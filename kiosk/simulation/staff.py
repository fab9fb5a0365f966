"""The clerks of a simulated month: cash through a real drawer, reviews, refunds, shifts, counts and closings.

Everything that they do to the ledger is done as the counter does it; what they do to the drawer, the ledger never sees.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from kiosk import closing
from kiosk.abilities import BillEntry, Moved
from kiosk.decisions import decide, hand_back
from kiosk.errors import Illegal, Stale
from kiosk.facts import Event
from kiosk.identifiers import Purpose, Reference, wire_reference
from kiosk.ledger.shifts import Way, closing_of
from kiosk.money import Money
from kiosk.order import Order, State
from kiosk.sale import take_cash
from kiosk.simulation.audit import Audit, Closing
from kiosk.simulation.drawer import CHANGE, Drawer, NoChange, tendered, worth
from kiosk.simulation.people import People
from kiosk.simulation.premises import Premises
from kiosk.simulation.told import CASH

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.ledger.closing import Count

CLERKS = ("clerk:mei", "clerk:ana", "clerk:sam")
SAFE_ABOVE = Money(70_000, "USD")
TO_THE_SAFE = Money(40_000, "USD")
COUNTS_MAX = 30
FORGETS = 0.1
"""How often nobody tells the change money when a shift begins: it is told at its closing."""


class Staff:
    """One till, one clerk at a time."""

    def __init__(self, dice: Random, premises: Premises, audit: Audit) -> None:
        self.dice, self.premises, self.audit = dice, premises, audit
        self.told = premises.outside.told
        self.drawer = Drawer()
        self.by = CLERKS[0]
        self.began_with, self.forgot = 0, False
        self.planted = self.miscount = 0
        """By so much somebody has changed the drawer in this shift, and will count wrong."""
        self.counting = False
        """The drawer is counted, and not closed yet."""
        self.not_again: set[Reference] = set()
        """Orders that somebody has planted something on: nobody gives those back."""
        self.recounts = self.in_a_row = 0

    @property
    def house(self) -> House:
        """What the closing needs of the house."""
        config = SimpleNamespace(currency="USD", promotions=(), prices=SimpleNamespace(charges=()))
        premises = self.premises
        return cast("House", SimpleNamespace(ledger=premises.counter, clock=premises.clock, config=config))

    # --- cash ----------------------------------------------------------------------------------------------------

    def take_cash(self, name: Reference) -> None:
        """A customer puts notes on the counter. Where it cannot be put on record they get them back."""
        counter, now = self.premises.counter, self.premises.clock.now()
        order = counter.order(name)
        if order.state not in (State.AUTHORIZING, State.CANCELLING, State.ABANDONED):
            return
        pieces = tendered(order.total, self.dice)
        self.drawer.put(pieces)
        change = worth(pieces) - order.total
        self._give(change)
        try:
            review_by = now + timedelta(hours=4)
            take_cash(counter, order, worth(pieces), by=self.by, at=now, review_by=review_by)
        except (Illegal, Stale):
            self._give(order.total)
            return
        self._journal(Moved.IN, order, Purpose.PAYMENT)
        self.premises.outside.books.till.add(name)
        self.told.cash_came(name)
        if self.drawer.count() > SAFE_ABOVE:
            self._to_the_safe()

    def _give(self, amount: Money) -> None:
        """Out of the drawer; change is fetched where it gives out."""
        for _ in range(100):
            try:
                self.drawer.give(amount)
            except NoChange:
                self.drawer.put(CHANGE)
                closing.move(self.house, Way.IN, worth(CHANGE), "change from the safe", self.by)
            else:
                return
        raise AssertionError(f"no drawer can give {amount}")

    def _to_the_safe(self) -> None:
        try:
            self.drawer.give(TO_THE_SAFE)
        except NoChange:
            return
        closing.move(self.house, Way.OUT, TO_THE_SAFE, "into the safe", self.by)

    def _journal(self, way: Moved, order: Order, purpose: Purpose) -> None:
        wire, at = wire_reference(order.reference, purpose), self.premises.true.at
        self.audit.bills[CASH].append(BillEntry(way, wire, f"{way}{wire}", order.total, at))

    # --- what waits for a clerk ----------------------------------------------------------------------------------

    def round(self) -> None:
        """Look at what waits for a clerk: cash that is to go back, reviews."""
        counter = self.premises.counter
        for order in counter.orders([State.REFUNDING, State.REVIEW], limit=10_000):
            try:
                if order.state is State.REVIEW:
                    self._decide(order)
                elif order.tender == CASH:
                    hand_back(counter, order, by=self.by, at=self.premises.clock.now())
                    self._handed_back(order)
            except (Stale, Illegal):
                continue  # somebody was faster

    def _handed_back(self, order: Order) -> None:
        self._give(order.total)
        self._journal(Moved.BACK, order, Purpose.REFUND)
        self.told.handed_back(order.reference)

    def _decide(self, order: Order) -> None:
        """By the evidence of both sides, as the clerks of the simulated days do."""
        premises = self.premises
        people = People(self.dice, premises.clock.now, premises.outside.books, lambda _, __: None, premises.scan)
        people.decide(premises.counter, order)
        *_, last = premises.counter.events(order.reference)
        event = last["event"]
        if event == Event.SETTLED_RETURNED and premises.counter.order(order.reference).shift and order.tender != CASH:
            self._handed_back(order)
        elif event == Event.SETTLED_RETURNED:
            self.told.seen_back(order.reference)
        elif event in (Event.SETTLED_DELIVERED, Event.RESUMED_CAPTURING):
            self.told.topped_up(order.reference)

    def refund(self, name: Reference) -> None:
        """The customer comes back, and wants the money."""
        counter = self.premises.counter
        order = counter.order(name)
        if order.state is State.COMPLETED and name not in self.not_again:
            decide(counter, order, "refund", by=self.by, reason="the customer asks", at=self.premises.clock.now())

    # --- shifts --------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Another clerk brings to the bank what is more than change money, counts the rest, and begins."""
        self.by = CLERKS[(CLERKS.index(self.by) + 1) % len(CLERKS)]
        self.drawer.to_the_bank()
        self.began_with = self.drawer.count().amount_minor
        self.forgot = self.dice.random() < FORGETS
        if not self.forgot:
            closing.open_till(self.house, Money(self.began_with, "USD"), self.by)

    def count(self) -> Count:
        """Blind: what is in the drawer goes on record before anybody is told what should be."""
        self.counting = True
        pieces, counted = self.drawer.pieces, self.drawer.count() + Money(self.miscount, "USD")
        words = ", ".join(f"{many} x {piece}" for piece, many in pieces.items() if many)
        told = Money(self.began_with, "USD") if self.forgot else None
        return closing.count(self.house, counted, self.by, pieces=words, till_float=told)

    def close(self, counted: Count) -> bool:
        """Close with this count; False where cash has moved since, and it must be counted once more."""
        reason = "counted twice" if counted.difference.amount_minor else ""
        held = self.drawer.count().amount_minor
        try:
            shift = closing.close(self.house, counted, reason, self.by)
        except Stale:
            self.recounts, self.in_a_row = self.recounts + 1, self.in_a_row + 1
            assert self.in_a_row < COUNTS_MAX, "a closing is always possible, and this one never is"
            return False
        self.in_a_row, self.counting = 0, False
        closed, _ = closing_of(self.premises.counter, shift)
        done = Closing(closed, self.premises.true.at, self.began_with, held, self.miscount, self.planted)
        self.audit.closings.append(done)
        self.planted = self.miscount = 0
        return True
