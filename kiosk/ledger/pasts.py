"""The top-ups of the last hour, and of this time of day on the days before: a few dozen rows of whatever ledger.

Reads only.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.store import Ledger
from kiosk.peak import Past

DAYS = 14
AROUND = timedelta(hours=1)
READ_MAX = 60
"""The newest ones; more would say the same."""


def pasts(ledger: Ledger, provider: str, now: datetime) -> list[Past]:
    """What was paid for this provider's top-ups within an hour of this time of day, the newest day first.

    An order whose payment came when the customer had left already was never sent, and says nothing.
    """
    windows: list[str] = []
    for days in range(DAYS):
        middle = now - timedelta(days=days)
        windows += [stamp(middle - AROUND), stamp(middle + AROUND)]
    rows = ledger.database.rows(
        f"WITH windows (first, last) AS (VALUES {', '.join(['(?, ?)'] * DAYS)})"
        " SELECT paid_at, delivered_at, state, delivered_at IS NOT NULL"
        "   OR EXISTS (SELECT 1 FROM attempts WHERE order_id = orders.reference AND call = 'top_up') AS sent"
        " FROM windows CROSS JOIN orders WHERE provider = ? AND paid_at >= first AND paid_at < last LIMIT ?",
        (*windows, provider, READ_MAX),
    )
    return [
        Past(
            instant(row["paid_at"]),
            row["delivered_at"] and instant(row["delivered_at"]),
            failed=row["delivered_at"] is None and row["state"] != "SUBMITTING",
        )
        for row in rows
        if row["sent"] or row["state"] == "SUBMITTING"
    ]
