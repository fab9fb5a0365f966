"""The money of a stretch of the chain: reads the orders that money moved for in it, and no others."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from kiosk.ledger.store import Ledger
from kiosk.ledger.tally import MONEY, Purse, Said, Sold, Tally
from kiosk.money import Money
from kiosk.plans import Line

STEP = 20_000
"""Events at once: a first closing after years fits into memory."""
_EVENTS = ", ".join(f"'{event}'" for event in MONEY)
_SQL = f"""
SELECT e.seq, e.event, e.body, o.reference, o.tender, o.plan_title, o.lines, o.total_minor, o.currency
FROM (SELECT DISTINCT order_id AS id FROM events
      WHERE seq > ? AND seq <= ? AND order_id IS NOT NULL AND event IN ({_EVENTS})) AS moved
JOIN orders AS o ON o.reference = moved.id
JOIN events AS e ON e.order_id = moved.id AND e.seq <= ? AND e.event IN ({_EVENTS})
ORDER BY o.reference, e.seq"""


def tally_of(
    ledger: Ledger, after: int, upto: int, named: Callable[[str], str] = str, into: Tally | None = None
) -> Tally:
    """What the events after `after`, up to `upto`, came to; added to `into` where it is given."""
    tally = into or Tally(named)
    for first in range(after, upto, STEP):
        _add(ledger, tally, first, min(first + STEP, upto))
    return tally


def _add(ledger: Ledger, tally: Tally, after: int, upto: int) -> None:
    name, sold, purse = "", Sold("", "", (), Money(0, "USD")), Purse()
    for row in ledger.database.rows(_SQL, (after, upto, upto)):
        if row["reference"] != name:
            lines = msgspec.json.decode(row["lines"], type=tuple[Line, ...])
            total = Money(row["total_minor"], row["currency"])
            name, purse = row["reference"], Purse()
            sold = Sold(row["tender"], row["plan_title"], lines, total)
        said = msgspec.json.decode(row["body"], type=Said)
        tally.see(sold, row["event"], said, purse, counts=row["seq"] > after)
