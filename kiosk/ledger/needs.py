"""What needs somebody, one list of it, the most urgent first: page by page, so that nothing of it is ever hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.ledger.rows import instant
from kiosk.ledger.schema import STATE_IS_WAITING
from kiosk.ledger.store import Ledger

NEEDS = f"""
WITH needs AS (
  SELECT 1 AS rank, 'REVIEW' AS kind, reference AS key, deadline_at AS at FROM orders WHERE state = 'REVIEW'
  UNION ALL SELECT 1, 'FINDING', 'F' || id, deadline_at FROM findings WHERE decided_at IS NULL
  UNION ALL SELECT CASE state WHEN 'AUTHORIZING' THEN 2 WHEN 'REFUNDING' THEN 3 ELSE 4 END,
    CASE state WHEN 'AUTHORIZING' THEN 'CASH' WHEN 'REFUNDING' THEN 'BACK' ELSE 'LINE' END, reference, since_at
    FROM orders WHERE {STATE_IS_WAITING}
    AND (state = 'SUBMITTING' OR (tender = 'cash' AND state IN ('AUTHORIZING', 'REFUNDING')))
)
"""
"""By rank, and then by `at`: the deadline of what is to be decided, and since when the others wait."""


@dataclass(frozen=True, slots=True)
class Need:
    """One of them: `key` names the order or finding; `raised`: its deadline is over, and that is on record."""

    kind: str
    key: str
    at: datetime
    raised: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are of a kind, and how many of them were raised."""

    all: int
    raised: int


WITH_RAISED = "needs LEFT JOIN raised ON raised.what = needs.key AND raised.deadline_at = needs.at"


def needs(ledger: Ledger, limit: int, offset: int = 0) -> list[Need]:
    """So many of them, from this place on."""
    rows = ledger.database.rows(
        f"{NEEDS} SELECT kind, key, needs.at AS at, raised.what AS raised FROM {WITH_RAISED}"
        " ORDER BY rank, needs.at, key LIMIT ? OFFSET ?",
        (limit, offset),
    )
    return [Need(row["kind"], row["key"], instant(row["at"]), row["raised"] is not None) for row in rows]


def counts(ledger: Ledger) -> dict[str, Count]:
    """Of every kind that there is."""
    rows = ledger.database.rows(
        f"{NEEDS} SELECT kind, count(*) AS n, count(raised.what) AS raised FROM {WITH_RAISED} GROUP BY kind"
    )
    return {row["kind"]: Count(row["n"], row["raised"]) for row in rows}
