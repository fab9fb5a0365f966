"""The remotes' own books against the ledger: what must hold for one order after every step, and for all at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.facts import Call, Event
from kiosk.identifiers import Purpose, Reference, wire_reference
from kiosk.ledger import Ledger
from kiosk.ledger.verify import problems
from kiosk.order import WAITING, Order, State
from kiosk.simulation.adapted_rails import AdaptedRail, AdaptedScanner
from kiosk.simulation.adapters import Adapted
from kiosk.simulation.payments import Payment
from kiosk.simulation.rails import FakeScanner, FakeWallet
from kiosk.simulation.remotes import FakeProvider

LONGEST_PAUSE = timedelta(days=8)
BY_A_CLERK = (Event.REFUND_ORDERED, Event.SETTLED_RETURNED)


class Violation(AssertionError):
    """A payment is in two places, or in none. The text is the whole story, with the seed that repeats it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One order, as those outside have it in their books."""

    paid: bool
    back: int
    back_under_way: bool
    payable: bool
    captured: bool
    delivered: int
    executed: int
    by_hand: bool


class Books:
    """What every rail, every provider and the till have on record."""

    def __init__(
        self, wallets: Mapping[str, FakeWallet | AdaptedRail], providers: Mapping[str, FakeProvider | Adapted]
    ) -> None:
        self.wallets, self.providers = wallets, providers
        self.contradicted: set[Reference] = set()
        """Orders that a rail took money for after it had said that it would not."""
        self.till: set[Reference] = set()
        """Orders whose cash a clerk has in hand, or has had."""
        self.bounced: set[Reference] = set()
        """Orders whose refund the rail had confirmed, and took back since."""

    def payment(self, order: Order) -> Payment | None:
        wallet = self.wallets.get(order.tender)
        return wallet.payment(wire_reference(order.reference, Purpose.PAYMENT)) if wallet else None

    def charged(self, order: Order) -> int:
        """How often a scanned code was charged for this order."""
        rail = self.wallets.get(order.tender)
        wire = wire_reference(order.reference, Purpose.PAYMENT)
        return rail.charged.count(wire) if isinstance(rail, FakeScanner | AdaptedScanner) else 0

    def entry(self, order: Order) -> Entry:
        name, provider, payment = order.reference, self.providers[order.provider], self.payment(order)
        wire = wire_reference(name, Purpose.TOP_UP)
        delivered = provider.delivered(order)
        executed = sum(reference == wire for reference, _ in provider.executed)
        by_hand = int(order.tender != "cash" and bool(order.shift))  # out of a till, as the ledger tells the clerk
        if order.tender == "cash":
            back = int(order.refunded_at is not None)
            return Entry(name in self.till, back, False, False, False, delivered, executed, bool(by_hand))
        if payment is None:
            return Entry(False, by_hand, False, False, False, delivered, executed, bool(by_hand))
        now = self.wallets[order.tender].clock.now()
        payable = not payment.closed and now < payment.expires_at
        wanted = bool(payment.open_refunds)
        back = len(payment.back) + by_hand
        return Entry(
            payment.paid is not None, back, wanted, payable, payment.captured, delivered, executed, bool(by_hand)
        )

    def broken(self, ledger: Ledger, name: Reference, latest: datetime) -> Iterator[str]:
        """What must never be seen of one order, whatever the moment. `latest` is the latest time the kiosk ever saw."""
        order = ledger.order(name)
        entry = self.entry(order)
        if (times := self.charged(order)) > 1:
            yield f"charged {times} times"
        if entry.delivered > 1:
            yield f"delivered {entry.delivered} times"
        if entry.back > 1:
            yield f"given back {entry.back} times"
        if entry.delivered and entry.back and not _ordered_by_a_clerk(ledger, name):
            yield "delivered and given back, and no clerk ordered it"
        if entry.delivered and not entry.paid:
            yield "delivered without a payment"
        if entry.captured and not entry.executed:
            yield "captured before it was delivered"
        yield from self._broken_state(ledger, order, entry, latest)

    def _broken_state(self, ledger: Ledger, order: Order, entry: Entry, latest: datetime) -> Iterator[str]:
        match order.state:
            case state if state in WAITING:
                due = ledger.entry(order.reference)
                if due is None or due.due_at > latest + LONGEST_PAUSE:
                    yield f"{state} waits for nothing"
            case State.REVIEW if not (order.reason and order.deadline_at):
                yield "in review without a reason or a deadline"
            case State.COMPLETED:
                if not (entry.paid and entry.executed):
                    yield "completed without a payment or a delivery"
                if order.captures_later and not (entry.captured or order.capture_refused):
                    yield "completed, and the money was never taken"
            case State.ABANDONED if not (order.paid or order.reference in self.contradicted):
                if entry.paid and not entry.back:
                    yield "abandoned, and its money is taken"
                elif entry.payable and (order.code or self.charged(order)) and not _by_a_clerk(ledger, order):
                    yield "abandoned, and its code can still be paid"
            case State.REFUNDED if entry.back != 1 and order.reference not in self.bounced:
                yield f"refunded, and given back {entry.back} times"

    def wrong_at_the_end(self, ledger: Ledger) -> Iterator[tuple[Reference | None, str]]:
        """What must hold of all orders when the faults are over, the watch has looked, and nothing is due."""
        for order in ledger.orders(limit=1_000_000):
            entry = self.entry(order)
            for wrong in _wrong_at_the_end(order, entry):
                yield order.reference, wrong
        for row in ledger.database.rows("SELECT order_id FROM events WHERE event = 'rejected'"):
            order = ledger.order(row["order_id"])
            wires = {attempt.reference for attempt in order.of(Call.TOP_UP)}
            if not wires & self.providers[order.provider].refused:
                yield order.reference, "taken as rejected, and the provider never refused it"
        for problem in problems(ledger):
            yield None, problem


def _wrong_at_the_end(order: Order, entry: Entry) -> Iterator[str]:
    match order.state:
        case State.COMPLETED:
            if entry.delivered != 1:
                yield f"completed, and delivered {entry.delivered} times"
        case State.REFUNDED:
            if not entry.paid or entry.back != 1:
                yield f"refunded, and given back {entry.back} times"
            if entry.delivered and not order.delivered_at:
                yield "refunded and delivered, and nobody was told"
        case State.ABANDONED:
            if entry.paid and not entry.back:
                yield "abandoned, and paid"
            if entry.delivered:
                yield "abandoned, and delivered"
        case State.REVIEW:
            pass
        case _:
            yield f"still {order.state}"


def _by_a_clerk(ledger: Ledger, order: Order) -> bool:
    return any(row["event"] == Event.SETTLED_UNPAID for row in ledger.events(order.reference))


def _ordered_by_a_clerk(ledger: Ledger, name: Reference) -> bool:
    return any(row["event"] in BY_A_CLERK for row in ledger.events(name))
