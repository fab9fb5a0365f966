"""Simulated rails: a wallet whose code is known at once, one that knows nothing before the scan, one that scans the

customer's own code, a card on a reader.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kiosk.errors import Refused
from kiosk.identifiers import Purpose, Reference, wire_reference
from kiosk.money import Money
from kiosk.order import Order
from kiosk.ports import Acts, Captured, Paid, Pending, Refunded, Started, Unpaid
from kiosk.simulation.payments import Payment
from kiosk.simulation.remotes import PRICE, Remote

UNKNOWN_FOR = timedelta(minutes=2)
"""A code that the rail does not know yet may still be scanned so long after its expiry: the rail's own margin."""


@dataclass
class FakeWallet(Remote):
    """Shows a code; the customer pays it at once, late, or never."""

    name: str = "wallet"
    acts: Acts = Acts.SHOWS_CODE
    captures_later: bool = False
    starts: bool = True
    cancels_at_time_out: bool = False
    cancel_gives_back: bool = False
    unknown_until_scanned: bool = False
    time_to_pay: timedelta = timedelta(minutes=5)
    refund_within_h: int | None = None
    refund_takes: timedelta = timedelta(0)
    refunds_fail: bool = False
    held_for: timedelta | None = None
    payments: dict[str, Payment] = field(default_factory=dict)
    giving_back: list[Payment] = field(default_factory=list)
    """Those with a refund that was taken on and is not done."""

    def start(self, order: Order, wire: str) -> Started:
        self.change("start", wire, lambda: self._open(wire))
        return Started(f"wallet://{wire}", self.payments[wire].expires_at)

    def _open(self, wire: str) -> None:
        self.payments.setdefault(wire, Payment(self.clock.now() + self.time_to_pay))

    def pay(self, order: Reference, amount: Money = PRICE, *, whatever_the_rail_said: bool = False) -> bool:
        """The customer pays, where the code can still be paid; or where the rail had said that it cannot."""
        payment, now = self.payments.get(wire_reference(order, Purpose.PAYMENT)), self.clock.now()
        if payment is None or payment.paid:
            return False
        if whatever_the_rail_said or not (payment.closed or now >= payment.expires_at):
            self._take_money(payment, amount)
            return True
        return False

    def _take_money(self, payment: Payment, amount: Money) -> None:
        now = self.clock.now()
        payment.paid = amount
        payment.held_until = now + self.held_for if self.held_for else None
        payment.moved_at = None if self.captures_later else now

    def payment(self, wire: str) -> Payment | None:
        """What is on record of it."""
        return self.payments.get(wire)

    def bounce(self, order: Reference) -> bool:
        """The rail takes the refund of this order back. Whether it does such a thing at all."""
        payment = self.payments[wire_reference(order, Purpose.PAYMENT)]
        payment.failed.update(payment.back)
        payment.back.clear()
        return True

    def ask(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        self.read("ask", wire)
        return self._standing(order, wire, now)

    def _standing(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        payment = self.payments.get(wire)
        if payment and payment.paid:
            return Paid(payment.paid, "W1", payment.held_until, given_back=bool(payment.back))
        if payment is None or (self.unknown_until_scanned and not payment.closed):
            slower = min(now, self.clock.now())  # as a real rail's adapter has it: a clock that is off proves nothing
            known_too_late = slower > order.expires_at + UNKNOWN_FOR
            return Unpaid("unknown after its expiry") if known_too_late else Pending(said="unknown")
        return Unpaid("closed") if payment.closed else Pending()

    def expire(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        self.change("expire", wire, lambda: self._close(wire, gives_back=False))
        return self._standing(order, wire, now)

    def cancel(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        self.change("cancel", wire, lambda: self._close(wire, gives_back=self.cancel_gives_back))
        return self._standing(order, wire, now)

    def _close(self, wire: str, *, gives_back: bool) -> None:
        payment = self.payments.get(wire)
        if payment is None or (self.unknown_until_scanned and not payment.paid):
            return  # a code that nobody has scanned cannot be closed
        payment.closed = True
        if payment.paid and gives_back and not self._promised(payment):
            payment.back.append("rail")
            payment.back_at = self.clock.now()

    def capture(self, order: Order, wire: str) -> Captured:
        payment = self.payments[wire]
        if payment.held_until and self.clock.now() >= payment.held_until:
            self.read("capture", wire)
            raise Refused("the authorization has expired")
        self.change("capture", wire, lambda: self._capture(payment))
        return Captured("C1")

    def _capture(self, payment: Payment) -> None:
        payment.captured, payment.moved_at = True, payment.moved_at or self.clock.now()

    def refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        payment = self.payments[wire]
        self.change("refund", refund, lambda: self._want_back(payment, refund))
        if refund not in payment.wanted_back and "rail" not in payment.back:
            self.refused.add(refund)
            raise Refused("it was given back already, or is being given back")
        return self._refund_of(payment, refund)

    def _want_back(self, payment: Payment, refund: str) -> None:
        if "rail" not in payment.back and not self._promised(payment):
            payment.wanted_back.setdefault(refund, self.clock.now())
            self.giving_back.append(payment)

    @staticmethod
    def _promised(payment: Payment) -> bool:
        """A rail gives back no more than was paid."""
        return bool(payment.back or payment.wanted_back.keys() - payment.failed)

    def ask_refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        self.read("ask_refund", refund)
        payment = self.payments[wire]
        if refund not in payment.wanted_back and "rail" not in payment.back:
            raise Refused("no such refund")
        return self._refund_of(payment, refund)

    def _refund_of(self, payment: Payment, refund: str) -> Refunded | Pending:
        self._go_on_refunding(payment)
        if "rail" in payment.back or refund in payment.back:
            return Refunded("R1")
        if refund in payment.failed:
            raise Refused("the refund failed")
        return Pending(said="accepted")

    def arrive(self) -> None:
        """A refund that was taken on is done when its time has come, whether anybody asks or not."""
        super().arrive()
        for payment in self.giving_back:
            self._go_on_refunding(payment)
        self.giving_back = [payment for payment in self.giving_back if payment.open_refunds]

    def _go_on_refunding(self, payment: Payment) -> None:
        for refund, at in payment.wanted_back.items():
            open_still = refund not in payment.failed and refund not in payment.back
            if open_still and self.clock.now() >= at + self.refund_takes:
                payment.failed.add(refund) if self.refunds_fail else payment.back.append(refund)
                payment.back_at = self.clock.now()


CODE_LIVES = timedelta(minutes=1)
"""How long a code that a wallet shows can be charged."""


@dataclass
class FakeScanner(FakeWallet):
    """Takes the money by the code on the customer's phone: at once, or when the payer has confirmed there.

    Codes are of its own making (`show_code`), and each can be charged once. That a second charge under one reference
    takes the money a second time is worse than what real rails do; so nobody can miss it.
    """

    name: str = "scanner"
    acts: Acts = Acts.SCANS_CUSTOMER_CODE
    starts: bool = False
    cancels_at_time_out: bool = True
    cancel_gives_back: bool = True
    must_confirm: Callable[[], bool] = lambda: False
    confirms_for: timedelta = timedelta(minutes=2)
    """How long the payer may take to confirm on the phone."""
    shown: dict[str, datetime] = field(default_factory=dict)
    charged: list[str] = field(default_factory=list)
    """The references that money was taken for, or that a payer was asked to confirm; once for each time."""

    def show_code(self) -> str:
        """What the customer's phone shows now."""
        code = f"13{len(self.shown):016}"
        self.shown[code] = self.clock.now()
        return code

    def reads(self, scanned: str) -> bool:
        return len(scanned) == 18 and scanned.startswith("13") and scanned.isdecimal()

    def charge(self, order: Order, wire: str, payment_code: str, now: datetime) -> Paid | Pending:
        self.change("charge", wire, lambda: self._take(wire, order.total, payment_code))
        found = self._standing(order, wire, now)
        if isinstance(found, Unpaid) or wire not in self.payments:
            self.refused.add(wire)
            raise Refused(f"the code {payment_code} is not valid any more")
        return found

    def _take(self, wire: str, amount: Money, code: str) -> None:
        now, shown_at = self.clock.now(), self.shown.pop(code, None)
        known = self.payments.get(wire)
        if shown_at is None or now > shown_at + CODE_LIVES or (known and known.closed):
            return
        payment = Payment(now + self.confirms_for)
        if not self.must_confirm():
            self._take_money(payment, amount)
        self.payments[wire] = payment
        self.charged.append(wire)

    def _standing(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        payment = self.payments.get(wire)
        if payment and not payment.paid and self.clock.now() >= payment.expires_at:
            return Unpaid("the payer did not confirm in time")
        return super()._standing(order, wire, now)


@dataclass
class FakeCard(FakeWallet):
    """A reader: paying only holds the money, until it is captured."""

    name: str = "card"
    acts: Acts = Acts.READER
    captures_later: bool = True
    held_for: timedelta | None = timedelta(days=5)
