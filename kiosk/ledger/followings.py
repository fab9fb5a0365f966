"""What follows from a change of an order's state, within the transaction that records it: papers and messages."""

from __future__ import annotations

from datetime import datetime

from kiosk.ledger.database import Execute
from kiosk.ledger.rows import stamp
from kiosk.notices import kind_of
from kiosk.order import Order, State

PRINTED_AT = {State.COMPLETED: "sale", State.REFUNDED: "refund"}


def queue_papers(execute: Execute, order: Order, at: datetime) -> None:
    """The receipt of a settled order is to be printed: a power cut cannot lose it."""
    if kind := PRINTED_AT.get(order.state):
        execute(
            "INSERT OR IGNORE INTO print_jobs (order_id, kind, status, created_at, changed_at)"
            " VALUES (?, ?, 'queued', ?, ?)",
            (order.reference, kind, stamp(at), stamp(at)),
        )


def queue_message(execute: Execute, order: Order, at: datetime) -> None:
    """Whoever left an address hears of it: once for each kind of message, however often the state comes back."""
    if kind := kind_of(order):
        execute(
            "INSERT OR IGNORE INTO messages (order_id, kind, copy, channel, status, due_at, created_at, changed_at)"
            " SELECT order_id, ?, 0, channel, 'queued', ?, ?, ? FROM contacts WHERE order_id = ?",
            (kind, stamp(at), stamp(at), stamp(at), order.reference),
        )
