"""Of which delivered orders the SIM was looked at, and how often one plan went to one SIM. Changes no order."""

from __future__ import annotations

from kiosk.identifiers import Reference
from kiosk.ledger.rows import stamp
from kiosk.ledger.store import Ledger
from kiosk.order import Order


def is_checked(ledger: Ledger, reference: Reference) -> bool:
    """Whether what the SIM shows was answered once."""
    return bool(ledger.database.rows("SELECT 1 FROM orders WHERE reference = ? AND sim_checked = 1", (reference,)))


def note_checked(ledger: Ledger, reference: Reference) -> None:
    """It was. A power cut may take that back: it is asked once more."""
    ledger.database.jot("UPDATE orders SET sim_checked = 1 WHERE reference = ?", (reference,))


def delivered_so_far(ledger: Ledger, order: Order) -> int:
    """How many top-ups of this order's plan we delivered to its SIM until then, its own among them."""
    assert order.delivered_at is not None, "only a delivered order has been"
    row = ledger.database.rows(
        "SELECT count(*) AS times FROM orders"
        " WHERE sim_number = ? AND provider = ? AND plan_id = ? AND delivered_at <= ?",
        (order.sim_number, order.provider, order.plan.id, stamp(order.delivered_at)),
    )[0]
    return int(row["times"])
