"""A simulated bill acceptor as a way to pay: notes wait in escrow, and are stacked or returned. For tests only.

It needs nothing new of the kiosk: what is held in escrow is handed over like a scanned code. The attempt is the durable
record, `charge` stacks, its answer is the credit; after a power cut only `ask` is left, and says which of them it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kiosk.errors import Refused
from kiosk.money import Money
from kiosk.order import Order
from kiosk.ports import Acts, Captured, Paid, Pending, Refunded, Started, Unpaid


@dataclass
class BillAcceptor:
    """See ports.Tender and abilities.ChargesCodes. It gives no change, and has no notes to give back."""

    name: str = "notes"
    acts: Acts = Acts.SCANS_CUSTOMER_CODE
    captures_later: bool = False
    starts: bool = False
    cancels_at_time_out: bool = True
    time_to_pay: timedelta = timedelta(minutes=5)
    held_for: timedelta | None = None
    refund_within_h: int | None = None
    escrow: list[Money] = field(default_factory=list)
    stacked: dict[str, Money] = field(default_factory=dict)
    returned: list[Money] = field(default_factory=list)
    stacking: Callable[[str], None] = lambda moment: None
    """Called "before" and "after" the notes fall into the stacker: a power cut may come out of it."""

    def insert(self, note: Money, due: Money) -> str:
        """A note comes in: returned where it is too much; the handle of what is held, once that is what is due."""
        if sum(held.amount_minor for held in self.escrow) + note.amount_minor > due.amount_minor:
            self.returned.append(note)
            return ""
        self.escrow.append(note)
        return "escrow" if self.held == due else ""

    @property
    def held(self) -> Money:
        return Money(sum(note.amount_minor for note in self.escrow), "USD")

    def give_back(self) -> None:
        """The customer leaves, or the acceptor is switched on with notes in escrow (ID003: POW_UP_BIA)."""
        self.returned += self.escrow
        self.escrow.clear()

    def reads(self, scanned: str) -> bool:
        return scanned == "escrow"

    def charge(self, order: Order, wire: str, payment_code: str, now: datetime) -> Paid | Pending:
        """Stack what is held. It is credited when the acceptor says so, and not before."""
        if self.held != order.total:
            self.give_back()
            raise Refused(f"{order.total} is due, and something else was held: it is returned")
        self.stacking("before")
        self.stacked[wire] = self.held
        self.escrow.clear()
        self.stacking("after")
        return Paid(self.stacked[wire], wire)

    def ask(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        if wire in self.stacked:  # ID003: POW_UP_BIS
            return Paid(self.stacked[wire], wire)
        return (
            Pending(said="held in escrow") if self.escrow else Unpaid("nothing was stacked; what was held is returned")
        )

    def expire(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        return self.cancel(order, wire, now)

    def cancel(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        self.give_back()
        return self.ask(order, wire, now)

    def refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        raise Refused("what is stacked cannot be given back by the acceptor")

    def ask_refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        return self.refund(order, wire, refund, now)

    def start(self, order: Order, wire: str) -> Started:
        return Started()

    def capture(self, order: Order, wire: str) -> Captured:
        return Captured()
