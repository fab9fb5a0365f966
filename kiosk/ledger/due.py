"""When orders are looked at next, many at a time; and settled ones that are looked at again. Changes no order."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.identifiers import Reference
from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.schema import STATE_IS_WAITING
from kiosk.ledger.store import Due, Ledger
from kiosk.money import Money
from kiosk.offline import Undelivered

WATCHED_AT_MOST = timedelta(days=1)
"""A settled order is looked at once a day at least, until its watch ends."""


def wake(ledger: Ledger, remote: str, at: datetime) -> None:
    """A remote that was away answers again: whatever waits for it is due, the oldest first."""
    ledger.database.execute(
        f"UPDATE orders SET due_at = :at WHERE {STATE_IS_WAITING} AND due_at > :at AND"
        " ((provider = :remote AND state = 'SUBMITTING')"
        "  OR (tender = :remote AND state IN ('CANCELLING', 'CAPTURING', 'REFUNDING')))",
        {"at": stamp(at), "remote": remote},
    )


def undelivered(ledger: Ledger, provider: str, currency: str) -> Undelivered:
    """What of this provider is paid and not delivered, or is being paid at this moment."""
    row = ledger.database.rows(
        "SELECT count(*) AS orders, coalesce(sum(total_minor), 0) AS minor, min(paid_at) AS oldest FROM orders"
        f" WHERE {STATE_IS_WAITING} AND provider = ? AND currency = ? AND state IN ('AUTHORIZING', 'SUBMITTING')",
        (provider, currency),
    )[0]
    return Undelivered(row["orders"], Money(row["minor"], currency), instant(row["oldest"]) if row["oldest"] else None)


def make_due(ledger: Ledger, at: datetime, *, beyond: timedelta) -> None:
    """Look now, rather than too late: at the calls that somebody had in flight, and at what is due later than `beyond`

    from now, as after a clock that went back.
    """
    ledger.database.execute(
        f"UPDATE orders SET due_at = :at WHERE {STATE_IS_WAITING} AND due_at > :at AND (due_at > :beyond"
        " OR reference IN (SELECT order_id FROM attempts WHERE outcome IS NULL))",
        {"at": stamp(at), "beyond": stamp(at + beyond)},
    )
    ledger.database.execute(
        "UPDATE orders SET watch_at = :at WHERE watch_at > :beyond",
        {"at": stamp(at), "beyond": stamp(at + WATCHED_AT_MOST)},
    )


def unpaid_tenders(ledger: Ledger) -> frozenset[str]:
    """The ways to pay by which an order is being paid at this moment, or is not proven unpaid yet."""
    rows = ledger.database.rows(
        f"SELECT DISTINCT tender FROM orders WHERE {STATE_IS_WAITING} AND state IN ('AUTHORIZING', 'CANCELLING')"
    )
    return frozenset(row["tender"] for row in rows)


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
    ledger.database.jot(
        "UPDATE orders SET watch_at = ?, tries = ? WHERE reference = ? AND version = ? AND watch_at IS NOT NULL",
        (None if at is None else stamp(at), looks, reference, version),
    )
