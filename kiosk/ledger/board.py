"""What stands on the counter's board and nowhere else: how deep the queue is, today's money, when a remote last spoke.

Reads only, once a second: each by an index, so that a million settled orders cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.schema import STATE_IS_WAITING
from kiosk.ledger.store import Ledger
from kiosk.money import Money
from kiosk.order import State


@dataclass(frozen=True, slots=True)
class Depth:
    """How many orders stand in this state, and since when the oldest does."""

    orders: int
    oldest: datetime


def depths(ledger: Ledger) -> dict[State, Depth]:
    """The queue, by state. What is in review is no part of it."""
    rows = ledger.database.rows(
        f"SELECT state, count(*) AS orders, min(since_at) AS oldest FROM orders WHERE {STATE_IS_WAITING} GROUP BY state"
    )
    return {State(row["state"]): Depth(row["orders"], instant(row["oldest"])) for row in rows}


def due_since(ledger: Ledger) -> datetime | None:
    """When the queue should have looked at the order that is due longest, or will; None where none waits for it."""
    rows = ledger.database.rows(
        f"SELECT due_at FROM orders INDEXED BY orders_waiting WHERE {STATE_IS_WAITING} ORDER BY due_at LIMIT 1"
    )
    return instant(rows[0]["due_at"]) if rows else None


@dataclass(frozen=True, slots=True)
class Takings:
    """What was paid since a moment, in the shop's currency, and what was given back."""

    sold: int
    taken: Money
    returned: int
    given_back: Money


def takings(ledger: Ledger, providers: Iterable[str], since: datetime, currency: str) -> Takings:
    """Of orders at these providers. What was paid before, and given back since, counts as given back."""
    sold, taken = 0, 0
    for provider in providers:
        row = ledger.database.rows(
            "SELECT count(*) AS orders, coalesce(sum(paid_minor), 0) AS minor FROM orders INDEXED BY orders_paid"
            " WHERE paid_at IS NOT NULL AND provider = ? AND paid_at >= ? AND paid_currency = ?",
            (provider, stamp(since), currency),
        )[0]
        sold, taken = sold + row["orders"], taken + row["minor"]
    back = ledger.database.rows(
        "SELECT count(*) AS orders, coalesce(sum(paid_minor), 0) AS minor FROM orders INDEXED BY orders_refunded"
        " WHERE refunded_at IS NOT NULL AND refunded_at >= ? AND paid_currency = ?",
        (stamp(since), currency),
    )[0]
    return Takings(sold, Money(taken, currency), back["orders"], Money(back["minor"], currency))
