"""The people around a simulated kiosk: customers who pay, leave, or pay too late; a clerk who goes by the evidence.

They act through a second connection to the ledger, as the screens and the counter do.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from kiosk.decisions import decide, hand_back
from kiosk.errors import Illegal, Stale
from kiosk.facts import Call, Event, Fact
from kiosk.identifiers import Reference
from kiosk.ledger import Ledger
from kiosk.order import WAITING, Order, State
from kiosk.sale import cancel, take_cash, try_again
from kiosk.simulation.adapted_rails import AdaptedScanner
from kiosk.simulation.books import Books, Entry
from kiosk.simulation.rails import FakeScanner

Verb = tuple[str, State | None]


class People:
    """What they do is drawn by seed. `tell` writes it into the history."""

    def __init__(
        self,
        dice: Random,
        now: Callable[[], datetime],
        books: Books,
        tell: Callable[[Order, str], None],
        scan: Callable[[Reference, str], bool],
    ) -> None:
        self.dice, self.now, self.books, self.tell, self.scan = dice, now, books, tell, scan

    def act(self, ledger: Ledger, order: Order) -> None:
        """One deed at one order, by what the order looked like a moment ago: they may be too late."""
        try:
            match order.state:
                case State.AUTHORIZING:
                    self._at_the_kiosk(ledger, order)
                case State.CANCELLING | State.ABANDONED:
                    self._too_late(ledger, order)
                case State.REFUNDING if order.tender == "cash":
                    hand_back(ledger, order, by="mei", at=self.now())
                case State.REVIEW if self.dice.random() < 0.3:
                    self.decide(ledger, order)
                case State.COMPLETED | State.REFUNDED if self.dice.random() < 0.05:
                    self._after_the_sale(ledger, order)
                case state if state in WAITING and self.dice.random() < 0.1:
                    note = Fact(event=Event.NOTED, by="mei", remote="the customer asks")
                    ledger.record(order, note, at=self.now())
        except (Stale, Illegal) as error:
            self.tell(order, f"too late: {error}")

    def _at_the_kiosk(self, ledger: Ledger, order: Order) -> None:
        deed = self.dice.choice(["pay"] * 7 + ["leave", "look"])
        if deed == "pay":
            self.pay(ledger, order)
        elif deed == "leave":
            self.tell(order, "the customer leaves")
            cancel(ledger, order, by="customer", at=self.now())

    def _too_late(self, ledger: Ledger, order: Order) -> None:
        if self.dice.random() < 0.2:
            self.pay(ledger, order)
        elif self.dice.random() < 0.02 and order.tender != "cash":
            self.tell(order, "paid, although the rail had said that it cannot be")
            if self.books.wallets[order.tender].pay(order.reference, order.total, whatever_the_rail_said=True):
                self.books.contradicted.add(order.reference)

    def pay(self, ledger: Ledger, order: Order) -> None:
        """Whoever stands there does the next thing towards paying."""
        if order.tender == "cash":
            self.books.till.add(order.reference)
            self.take_cash(ledger, order.reference)
        elif isinstance(rail := self.books.wallets[order.tender], FakeScanner | AdaptedScanner):
            self._show_code(order, rail)
        elif order.declined:
            self.tell(order, "the customer tries again")
            try_again(ledger, order, by="customer", at=self.now())
        elif order.code:  # only who has seen a code can pay it
            self.tell(order, "the customer pays")
            rail.pay(order.reference, order.total)

    def _show_code(self, order: Order, rail: FakeScanner | AdaptedScanner) -> None:
        """They hold a code under the scanner, an old one at times, or twice; or confirm on the phone what is asked."""
        if order.of(Call.CHARGE) and self.dice.random() < 0.8:
            self.tell(order, "the payer confirms")
            rail.pay(order.reference, order.total)
            return
        code = "130000000000000000" if self.dice.random() < 0.1 else rail.show_code()
        for _ in range(self.dice.choice([1, 1, 1, 2])):
            taken = self.scan(order.reference, code)
            self.tell(order, f"a code is scanned{'' if taken else ', and nobody takes it'}")

    def take_cash(self, ledger: Ledger, name: Reference) -> None:
        """The clerk has the cash in hand and puts it on record; where that cannot be, the customer gets it back."""
        order, now = ledger.order(name), self.now()
        if order.paid:
            return
        self.tell(order, "the clerk takes cash")
        try:
            take_cash(ledger, order, order.total, by="mei", at=now, review_by=now + timedelta(hours=4))
        except Illegal:
            self.books.till.discard(name)

    def _after_the_sale(self, ledger: Ledger, order: Order) -> None:
        """A clerk gives back a delivered order; a provider takes a top-up back; a rail, a refund."""
        payment, entry = self.books.payment(order), self.books.entry(order)
        if order.state is State.COMPLETED and self.dice.random() < 0.5:
            self.tell(order, "a clerk orders a refund after the sale")
            decide(ledger, order, "refund", by="mei", reason="the customer asks", at=self.now())
        elif order.state is State.COMPLETED and entry.delivered and not entry.back:
            if self.books.providers[order.provider].take_back(order):
                self.tell(order, "the provider takes the top-up back")
        elif payment and order.state is State.REFUNDED and "rail" not in payment.back and not entry.by_hand:
            self._bounce(order)

    def _bounce(self, order: Order) -> None:
        if self.books.wallets[order.tender].bounce(order.reference):
            self.tell(order, "the rail takes its refund back")
            self.books.bounced.add(order.reference)

    def decide(self, ledger: Ledger, order: Order) -> None:
        """A clerk looks at both sides, and decides what fits: the first that the machine allows."""
        entry = self.books.entry(order)
        if order.tender != "cash" and not (entry.delivered or entry.back) and self.dice.random() < 0.3:
            with suppress(Illegal):
                hand_back(ledger, order, by="mei", at=self.now())
                self.tell(order, "the rail does not give it back: the clerk does, in cash")
                return
        for verb, to in self._verdicts(order, entry):
            try:
                self._decide(ledger, order, verb, to)
            except Illegal:
                continue
            return

    def _decide(self, ledger: Ledger, order: Order, verb: str, to: State | None) -> None:
        now = self.now()
        decide(ledger, order, verb, to=to, by="mei", reason="seen to", at=now)
        self.tell(order, f"a clerk decides: {verb} {to or ''}")

    def _verdicts(self, order: Order, entry: Entry) -> list[Verb]:
        if entry.back:
            return [("returned", None), ("resume", State.CANCELLING)]
        if entry.delivered and entry.paid:
            return [("delivered", None), ("resume", State.CAPTURING), ("resume", None), ("resume", State.CANCELLING)]
        if entry.paid:
            again: list[Verb] = [("resume", None)] if self.dice.random() < 0.3 else []
            return [*again, ("refund", None), ("resume", State.CANCELLING), ("resume", State.AUTHORIZING)]
        if order.paid is None and not entry.payable:
            return [("unpaid", None), ("resume", State.CANCELLING)]
        return [("resume", State.CANCELLING), ("resume", None)]
