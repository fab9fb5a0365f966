"""Remotes of a few lines with books of their own, for the real queue (shop.py).

A fault is named for where it strikes: "down" before anything left, "dark" on the way there, "lost" on the way back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from kiosk.errors import Refused, Unreachable
from kiosk.identifiers import Iccid, Purpose, Reference, wire_reference
from kiosk.money import Money
from kiosk.order import Order
from kiosk.plans import Plan, Sim
from kiosk.ports import (
    Absent,
    Acts,
    Captured,
    Delivered,
    NotDelivered,
    Paid,
    Pending,
    Processing,
    Refunded,
    Started,
    TopUp,
    Unpaid,
)

NOON = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
PRICE = Money(1800, "USD")
PLAN = Plan("us-10gb-30d", "10 GB for 30 days", 10240, 30, Money(1000, "USD"))
CARD = Iccid("8901260862291477122")

Fault = str | Exception | None


class SetClock:
    """A clock that stands until it is told to go on."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def go_on(self, **how_long: float) -> None:
        self.at += timedelta(**how_long)


@dataclass
class Remote:
    """What all remotes share: the calls they got, and the faults that strike the next ones."""

    clock: SetClock
    faults: deque[Fault] = field(default_factory=deque)
    weather: Callable[[str], Fault] = lambda asked: None
    calls: list[tuple[str, str]] = field(default_factory=list)

    def strike(self, asked: str, reference: str) -> Fault:
        """The fault of this call. Raises it where nothing reaches the remote."""
        self.calls.append((asked, reference))
        fault = self.faults.popleft() if self.faults else self.weather(asked)
        if isinstance(fault, Exception):
            raise fault
        if fault in ("down", "dark"):
            raise Unreachable(f"{asked}: nothing came back", sent=fault == "dark")
        return fault

    def asked(self, *names: str) -> list[str]:
        """The references of the calls of these names, in order."""
        return [reference for name, reference in self.calls if name in names]


def lose(fault: Fault) -> None:
    """The reply is lost, after the remote has done its work."""
    if fault == "lost":
        raise Unreachable("the reply was lost", sent=True)


@dataclass
class FakeProvider(Remote):
    """Executes each top-up it gets; with `repeat_is_lookup` only the first of one reference."""

    name: str = "airtime"
    repeat_is_lookup: bool = False
    takes: timedelta = timedelta(0)
    listed_after: timedelta = timedelta(0)
    fails: bool = False
    executed: list[tuple[str, datetime]] = field(default_factory=list)

    def sim(self, iccid: Iccid) -> Sim:
        return Sim(iccid, self.name, (PLAN,))

    def top_up(self, request: TopUp) -> Delivered | Processing:
        fault = self.strike("top_up", request.reference)
        known = any(reference == request.reference for reference, _ in self.executed)
        if not (self.repeat_is_lookup and known):
            self.executed.append((request.reference, self.clock.now()))
        lose(fault)
        found = self._record_of(request.reference)
        if isinstance(found, NotDelivered):
            raise Refused(found.reason)
        return Processing("accepted") if isinstance(found, Absent) else found

    def look_up(self, request: TopUp) -> Delivered | Processing | Absent | NotDelivered:
        fault = self.strike("look_up", request.reference)
        lose(fault)
        return self._record_of(request.reference)

    def _record_of(self, reference: str) -> Delivered | Processing | Absent | NotDelivered:
        now = self.clock.now()
        ages = [now - at for name, at in self.executed if name == reference and now - at >= self.listed_after]
        if not ages:
            return Absent()
        if max(ages) < self.takes:
            return Processing("A1", "in progress")
        return NotDelivered("the network refused it") if self.fails else Delivered("A1")

    def delivered(self, order: Order | Reference) -> int:
        """How often the SIM was topped up for this order, by the provider's own books."""
        wire = wire_reference(_reference(order), Purpose.TOP_UP)
        return 0 if self.fails else sum(reference == wire for reference, _ in self.executed)


@dataclass
class Payment:
    """One payment in a rail's books. `back` holds the references that gave money back, "rail" for a cancel."""

    expires_at: datetime
    paid: Money | None = None
    closed: bool = False
    captured: bool = False
    back: list[str] = field(default_factory=list)
    wanted_back: dict[str, datetime] = field(default_factory=dict)


@dataclass
class FakeWallet(Remote):
    """Shows a code; the customer pays it at once, late, or never."""

    name: str = "wallet"
    acts: Acts = Acts.SHOWS_CODE
    captures_later: bool = False
    starts: bool = True
    cancels_at_time_out: bool = False
    cancel_gives_back: bool = False
    time_to_pay: timedelta = timedelta(minutes=5)
    refund_within_h: int | None = None
    refund_takes: timedelta = timedelta(0)
    refunds_fail: bool = False
    held_for: timedelta | None = None
    payments: dict[str, Payment] = field(default_factory=dict)

    def start(self, order: Order, wire: str) -> Started:
        fault = self.strike("start", wire)
        self.payments.setdefault(wire, Payment(order.expires_at))
        lose(fault)
        return Started(f"wallet://{wire}", order.expires_at)

    def pay(self, order: Reference, amount: Money = PRICE) -> None:
        """The customer pays, where the code can still be paid."""
        payment = self.payments.get(wire_reference(order, Purpose.PAYMENT))
        if payment and not payment.closed and not payment.paid and self.clock.now() < payment.expires_at:
            payment.paid = amount

    def ask(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        fault = self.strike("ask", wire)
        lose(fault)
        return self._standing(order, wire)

    def _standing(self, order: Order, wire: str) -> Paid | Unpaid | Pending:
        payment, now = self.payments.get(wire), self.clock.now()
        if payment is None:
            known_too_late = now > order.expires_at + timedelta(minutes=2)
            return Unpaid("unknown after its expiry") if known_too_late else Pending(said="unknown")
        if payment.paid:
            held_until = now + self.held_for if self.held_for else None
            return Paid(payment.paid, "W1", order.capture_before or held_until, given_back=bool(payment.back))
        return Unpaid("closed") if payment.closed else Pending()

    def expire(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        fault = self.strike("expire", wire)
        if payment := self.payments.get(wire):
            payment.closed = True
        lose(fault)
        return self._standing(order, wire)

    def cancel(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        fault = self.strike("cancel", wire)
        if payment := self.payments.get(wire):
            payment.closed = True
            if payment.paid and self.cancel_gives_back and not payment.back:
                payment.back.append("rail")
        lose(fault)
        return self._standing(order, wire)

    def capture(self, order: Order, wire: str) -> Captured:
        fault = self.strike("capture", wire)
        self.payments[wire].captured = True
        lose(fault)
        return Captured("C1")

    def refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        fault = self.strike("refund", refund)
        payment = self.payments[wire]
        if "rail" not in payment.back and refund not in payment.wanted_back:
            payment.wanted_back[refund] = self.clock.now()
        lose(fault)
        return self._refund_of(payment, refund)

    def ask_refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        fault = self.strike("ask_refund", refund)
        lose(fault)
        return self._refund_of(self.payments[wire], refund)

    def _refund_of(self, payment: Payment, refund: str) -> Refunded | Pending:
        if "rail" in payment.back or refund in payment.back:
            return Refunded("R1")
        if self.clock.now() < payment.wanted_back[refund] + self.refund_takes:
            return Pending(said="accepted")
        if self.refunds_fail:
            raise Refused("the refund failed")
        payment.back.append(refund)
        return Refunded("R1")


@dataclass
class FakeCard(FakeWallet):
    """A reader: paying only holds the money, until it is captured."""

    name: str = "card"
    acts: Acts = Acts.READER
    captures_later: bool = True
    held_for: timedelta | None = timedelta(days=5)


def _reference(order: Order | Reference) -> Reference:
    return order.reference if isinstance(order, Order) else order
