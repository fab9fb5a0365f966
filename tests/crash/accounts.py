"""Books against books: the ledger, the provider's own, the rail's own, the till and the paper.

It must never ask the kiosk what happened outside: only those who were there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.identifiers import Purpose, Reference, grouped_reference, wire_reference
from kiosk.ledger import Ledger
from kiosk.ledger.verify import problems
from kiosk.order import WAITING, Order, State
from tests.world import World

EVERYTHING = 1_000_000
TITLES = (
    "Top-up receipt",
    "Paid, top-up to follow",
    "Refund receipt",
    "Cash back",
    "In review",
    "Cancelled",
    "To be paid",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One order, as those outside have it in their books."""

    paid: bool
    back: int
    delivered: int
    payable: bool = False


class Accounts:
    """All books, as they stand at this moment."""

    def __init__(self, kiosk: World, ledger: Ledger, till: set[Reference], handed_back: set[Reference]) -> None:
        self.ledger, self.till, self.handed_back = ledger, till, handed_back
        self.orders = {order.reference: order for order in ledger.orders(limit=EVERYTHING)}
        self.top_ups = Counter(row["description"] for row in kiosk.delivered())
        self.payments = {row["out_trade_no"]: row for row in kiosk.books("wechat/payments")}
        self.refunds = Counter(row["out_trade_no"] for row in kiosk.books("wechat/refunds") if not row["fails"])
        self.paper = list(kiosk.twin.receipts)

    def entry(self, order: Order) -> Entry:
        name = order.reference
        delivered = self.top_ups[wire_reference(name, Purpose.TOP_UP)]
        if order.tender == "cash":
            return Entry(name in self.till, int(name in self.handed_back), delivered)
        payment = self.payments.get(wire_reference(name, Purpose.PAYMENT))
        if payment is None:
            return Entry(False, 0, delivered)
        paid, payable = payment["paid_at"] is not None, payment["state"] == "NOTPAY"
        return Entry(paid, self.refunds[payment["out_trade_no"]], delivered, payable)

    def disagreements(self) -> Iterator[str]:
        """What must not be so at any moment, however the kiosk has just died."""
        for order in self.orders.values():
            for wrong in (*_broken(self.entry(order)), *self._broken_state(order, self.entry(order))):
                yield f"{grouped_reference(order.reference)} ({order.tender}, {order.state}): {wrong}"
        yield from self._strangers()
        yield from problems(self.ledger)

    def at_the_end(self) -> Iterator[str]:
        """What must not be so once the faults are over and everything has had its time."""
        yield from self.disagreements()
        for order in self.orders.values():
            entry = self.entry(order)
            for wrong in _wrong_at_the_end(order, entry):
                yield f"{grouped_reference(order.reference)} ({order.tender}): {wrong}"
        yield from self._paper()

    def _broken_state(self, order: Order, entry: Entry) -> Iterator[str]:
        match order.state:
            case state if state in WAITING and self.ledger.entry(order.reference) is None:
                yield "it waits, and is in no queue"
            case State.REVIEW if not (order.reason and order.deadline_at):
                yield "in review without a reason or a deadline"
            case State.COMPLETED if not (entry.paid and entry.delivered == 1):
                yield f"completed: {entry}"
            case State.REFUNDED if entry.back != 1:
                yield f"refunded: {entry}"
        if order.paid and not entry.paid:
            yield "a payment is on record that nobody made"

    def _strangers(self) -> Iterator[str]:
        """Whatever left the kiosk was written down before."""
        for purpose, wires in ((Purpose.TOP_UP, self.top_ups), (Purpose.PAYMENT, self.payments)):
            ours = {wire_reference(name, purpose) for name in self.orders}
            for stranger in wires.keys() - ours:
                yield f"{stranger} is in the books of a remote, and the ledger knows no such order"

    def _paper(self) -> Iterator[str]:
        """A receipt comes out once by itself, and tells only what is so."""
        told = Counter(receipt for text in self.paper for receipt in _receipts(text))
        for (title, name), times in told.items():
            if times > 1:
                yield f"{name}: {times} papers say {title!r}"
        for title, name in told:
            order = self.orders.get(Reference(name.replace("-", "")))
            if order is None:
                yield f"{name} is on paper, and not in the ledger"
            elif title == "Top-up receipt" and not self.entry(order).delivered:
                yield f"{name}: the paper says that it was delivered"


def _broken(entry: Entry) -> Iterator[str]:
    if entry.delivered > 1:
        yield f"delivered {entry.delivered} times"
    if entry.back > 1:
        yield f"given back {entry.back} times"
    if entry.delivered and entry.back:
        yield "delivered and given back, and no clerk wanted that"
    if (entry.delivered or entry.back) and not entry.paid:
        yield "delivered or given back, and never paid"


def _wrong_at_the_end(order: Order, entry: Entry) -> Iterator[str]:
    match order.state:
        case State.ABANDONED if entry.paid:
            yield f"abandoned, and paid: {entry}"
        case State.REFUNDED if not entry.paid:
            yield f"refunded, and never paid: {entry}"
        case state if state in WAITING or state is State.REVIEW:
            yield f"still {state}: {order.reason}"
    if entry.paid and entry.delivered + entry.back != 1:
        yield f"paid, and neither delivered nor given back: {entry}"


def _receipts(text: str) -> Iterator[tuple[str, str]]:
    """The title and reference of each receipt on the paper: one that was broken off is on the paper of the next."""
    title = ""
    for line in map(str.strip, text.splitlines()):
        title = line if line in TITLES else title
        if found := re.fullmatch(r"Reference +(\w{3}(?:-\w{4}){3})", line):
            yield title, found[1]
