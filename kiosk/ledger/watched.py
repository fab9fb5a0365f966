"""Settled orders that are looked at again: when, and how often they were. Changes no order."""

from __future__ import annotations

from datetime import datetime

from kiosk.identifiers import Reference
from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.store import Due, Ledger


def next_watched(ledger: Ledger) -> Due | None:
    """The settled order that is looked at next: when, and how many looks it has had (`tries`)."""
    rows = ledger.database.rows(
        "SELECT reference, watch_at, tries, version FROM orders WHERE watch_at IS NOT NULL ORDER BY watch_at LIMIT 1"
    )
    return (
        Due(rows[0]["reference"], instant(rows[0]["watch_at"]), rows[0]["tries"], rows[0]["version"]) if rows else None
    )


def watch_again(ledger: Ledger, reference: Reference, version: int, at: datetime | None, looks: int) -> None:
    """Look again `at`; None ends the watch. Does nothing if the order has moved on."""
    ledger.database.execute(
        "UPDATE orders SET watch_at = ?, tries = ? WHERE reference = ? AND version = ? AND watch_at IS NOT NULL",
        (None if at is None else stamp(at), looks, reference, version),
    )
