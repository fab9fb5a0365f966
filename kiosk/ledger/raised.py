"""What was not decided in time is raised to the supervisor: once for each deadline, by whoever sees it first.

It changes no order. An event of the ledger's own says it, of an order in review and of a finding alike.
"""

from __future__ import annotations

from datetime import datetime

from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.store import Ledger

AT_ONCE = 100
LATE = """
SELECT reference AS what, deadline_at FROM orders WHERE state = 'REVIEW' AND deadline_at <= :now
 AND NOT EXISTS (SELECT 1 FROM raised WHERE what = orders.reference AND raised.deadline_at = orders.deadline_at)
UNION ALL
SELECT 'F' || id, deadline_at FROM findings WHERE decided_at IS NULL AND deadline_at <= :now
 AND NOT EXISTS (SELECT 1 FROM raised WHERE what = 'F' || findings.id AND raised.deadline_at = findings.deadline_at)
LIMIT :limit
"""


def raise_late(ledger: Ledger, *, by: str, at: datetime) -> int:
    """Raise what is late, and was not raised yet. Returns how much of it there was, at most so much at once."""
    values = {"now": stamp(at), "limit": AT_ONCE}
    if not ledger.database.rows(LATE, values):
        return 0
    with ledger.database.transaction():
        late = ledger.database.rows(LATE, values)  # somebody else may have been faster
        for row in late:
            ledger.append(at, "raised", by, row)
            ledger.database.execute(
                "INSERT INTO raised VALUES (?, ?, ?, ?)", (row["what"], row["deadline_at"], stamp(at), by)
            )
    return len(late)


def raisings(ledger: Ledger, what: str) -> list[tuple[datetime, str]]:
    """Each time that this order or finding was raised: when, and by whom."""
    rows = ledger.database.rows("SELECT at, by FROM raised WHERE what = ? ORDER BY at", (what,))
    return [(instant(row["at"]), row["by"]) for row in rows]
