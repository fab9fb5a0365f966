"""What is open at a closing, and is carried over into the next shift: told by name, never hidden. Reads only."""

from __future__ import annotations

import msgspec

from kiosk.ledger.desk import open_findings
from kiosk.ledger.store import Ledger
from kiosk.ledger.tally import Figure
from kiosk.money import Money

NAMED = 20
"""So many are named one by one; of the others it is told how many there are."""


class Carried(msgspec.Struct, frozen=True):
    """`undelivered`: money taken and not yet delivered nor given back, by state. `unpaid` orders wait for their money.

    Reviews and findings by name, the first of them; how many there are stands beside.
    """

    undelivered: tuple[Figure, ...] = ()
    unpaid: int = 0
    reviews: tuple[str, ...] = ()
    reviews_count: int = 0
    findings: tuple[str, ...] = ()
    findings_count: int = 0


def carried(ledger: Ledger) -> Carried:
    """At this moment. What is settled is not read."""
    rows = ledger.database.rows(
        "SELECT state, paid_currency AS currency, count(*) AS orders, sum(paid_minor) AS minor"
        " FROM orders INDEXED BY orders_open WHERE due_at IS NOT NULL AND delivered_at IS NULL AND refunded_at IS NULL"
        " GROUP BY state, paid_currency ORDER BY state"
    )
    reviews = ledger.database.rows(
        "SELECT reference FROM orders INDEXED BY orders_open WHERE due_at IS NOT NULL AND state = 'REVIEW'"
        " ORDER BY deadline_at"
    )
    findings = open_findings(ledger)
    return Carried(
        tuple(
            Figure(row["state"], row["orders"], Money(row["minor"], row["currency"])) for row in rows if row["currency"]
        ),
        sum(row["orders"] for row in rows if not row["currency"] and row["state"] != "REVIEW"),
        tuple(row["reference"] for row in reviews[:NAMED]),
        len(reviews),
        tuple(f"{finding.name} {finding.kind}" for finding in findings[:NAMED]),
        len(findings),
    )
