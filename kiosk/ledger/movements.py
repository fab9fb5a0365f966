"""The orders whose money moved, or whose top-up was delivered, within a time: what a day's books are compared with.

Reads only. It looks at every order once, which a command that runs once a day may.
"""

from __future__ import annotations

from datetime import datetime

from kiosk.identifiers import Reference
from kiosk.ledger.rows import stamp
from kiosk.ledger.store import Ledger
from kiosk.order import Order

TAKEN_AT = "CASE WHEN captures_later THEN captured_at ELSE paid_at END"
RECONCILIATION = "reconciliation"


def taken(ledger: Ledger, tender: str, since: datetime, until: datetime) -> list[Order]:
    """What was paid by this tender; what it only holds counts from when it was captured. Raises LedgerError."""
    return _orders(ledger, "tender", tender, TAKEN_AT, since, until)


def returned(ledger: Ledger, tender: str, since: datetime, until: datetime) -> list[Order]:
    """What this tender gave back: no hold that was only let go, nor what a clerk says was given back by hand."""
    by_hand = "SELECT 1 FROM events WHERE order_id = orders.reference AND event = 'settled_returned'"
    return _orders(
        ledger, "tender", tender, "refunded_at", since, until, f"AND {TAKEN_AT} IS NOT NULL AND NOT EXISTS ({by_hand})"
    )


def delivered(ledger: Ledger, provider: str, since: datetime, until: datetime) -> list[Order]:
    """What this provider delivered; not what a clerk says was delivered. Raises LedgerError."""
    by_hand = "SELECT 1 FROM events WHERE order_id = orders.reference AND event = 'settled_delivered'"
    return _orders(ledger, "provider", provider, "delivered_at", since, until, f"AND NOT EXISTS ({by_hand})")


def told_of(ledger: Ledger, reason: str) -> bool:
    """Whether there was a finding of the reconciliation with these words, decided or not."""
    rows = ledger.database.rows("SELECT 1 FROM findings WHERE kind = ? AND reason = ?", (RECONCILIATION, reason))
    return bool(rows)


def _orders(
    ledger: Ledger, remote: str, name: str, moved_at: str, since: datetime, until: datetime, more: str = ""
) -> list[Order]:
    rows = ledger.database.rows(
        f"SELECT reference FROM orders WHERE {remote} = ? AND {moved_at} >= ? AND {moved_at} < ? {more}"
        " ORDER BY opened_at",
        (name, stamp(since), stamp(until)),
    )
    return [ledger.order(Reference(row["reference"])) for row in rows]
