"""What a report counts, read from the owner's own views (schema_views.py): what SQL says there is what it says.

Reads only, each by an index of a moment: a day costs what the day has, however many years stand before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from kiosk.identifiers import Reference
from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class SoldRow:
    """Orders paid within the time, of one tender, plan and provider, by the currencies of sale and of cost.

    `taxed` have taxes or fees in them; `waiting` are neither delivered nor given back yet; of the `settled` ones the
    margin can be told.
    """

    tender: str
    provider: str
    plan: str
    currency: str
    cost_currency: str
    orders: int
    paid_minor: int
    taxed: int
    taxes_and_fees_minor: int
    waiting: int
    waiting_minor: int
    settled: int
    margin_minor: int


@dataclass(frozen=True, slots=True)
class OrderRow:
    """What one order that was paid came to. No `cost_minor`: not delivered; no `margin_minor`: it cannot be told."""

    currency: str
    cost_currency: str
    paid_minor: int
    taxes_and_fees_minor: int
    returned_minor: int
    cost_minor: int | None
    margin_minor: int | None


@dataclass(frozen=True, slots=True)
class BackRow:
    """Money that was given back within the time, by its cause."""

    cause: str
    currency: str
    cost_currency: str
    orders: int
    returned_minor: int


@dataclass(frozen=True, slots=True)
class CostRow:
    """Top-ups that were delivered within the time: what they cost us."""

    currency: str
    cost_currency: str
    orders: int
    cost_minor: int


@dataclass(frozen=True, slots=True)
class FailureRow:
    """What failed within the time."""

    kind: str
    cause: str
    times: int


@dataclass(frozen=True, slots=True)
class UseRow:
    """Orders paid within the time on which this promotion was, by the name that it had in the order's language."""

    kind: str
    promotion: str
    language: str
    currency: str
    orders: int
    paid_minor: int
    off_minor: int
    settled: int
    margin_minor: int


SOLD = """SELECT tender, provider, plan, currency, cost_currency, count(*) AS orders, sum(paid_minor) AS paid_minor,
  count(*) FILTER (WHERE taxes_and_fees_minor <> 0) AS taxed, sum(taxes_and_fees_minor) AS taxes_and_fees_minor,
  count(*) FILTER (WHERE delivered_at IS NULL AND refunded_at IS NULL) AS waiting,
  coalesce(sum(paid_minor) FILTER (WHERE delivered_at IS NULL AND refunded_at IS NULL), 0) AS waiting_minor,
  count(margin_minor) AS settled, coalesce(sum(margin_minor), 0) AS margin_minor
  FROM sales WHERE paid_at >= :since AND paid_at < :until GROUP BY 1, 2, plan_id, 3, 4, 5"""
BACK = """SELECT cause, currency, cost_currency, count(*) AS orders, sum(returned_minor) AS returned_minor
  FROM refunds WHERE refunded_at >= :since AND refunded_at < :until GROUP BY 1, 2, 3"""
COST = """SELECT currency, cost_currency, count(*) AS orders, sum(cost_minor) AS cost_minor
  FROM deliveries WHERE delivered_at >= :since AND delivered_at < :until GROUP BY 1, 2"""
TIMES = """SELECT paid_at, seconds FROM deliveries
  WHERE paid_at >= :since AND paid_at < :until AND seconds IS NOT NULL"""
FAILED = """SELECT kind, cause, count(*) AS times FROM failures WHERE at >= :since AND at < :until
  GROUP BY 1, 2 ORDER BY times DESC, 1, 2"""
USED = """WITH used AS MATERIALIZED (SELECT * FROM promotion_use WHERE paid_at >= :since AND paid_at < :until)
  SELECT used.kind, used.promotion, used.language, sales.currency, count(*) AS orders,
  sum(sales.paid_minor) AS paid_minor, sum(used.off_minor) AS off_minor,
  count(sales.margin_minor) AS settled, coalesce(sum(sales.margin_minor), 0) AS margin_minor
  FROM used JOIN sales ON sales.reference = used.reference GROUP BY 1, 2, 3, 4"""


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of one stretch of time. Each raises LedgerError."""

    ledger: Ledger
    since: datetime
    until: datetime

    @property
    def _between(self) -> dict[str, str]:
        return {"since": stamp(self.since), "until": stamp(self.until)}

    def sold(self) -> list[SoldRow]:
        return [SoldRow(**row) for row in self.ledger.database.rows(SOLD, self._between)]

    def given_back(self) -> list[BackRow]:
        return [BackRow(**row) for row in self.ledger.database.rows(BACK, self._between)]

    def costs(self) -> list[CostRow]:
        return [CostRow(**row) for row in self.ledger.database.rows(COST, self._between)]

    def failed(self) -> list[FailureRow]:
        return [FailureRow(**row) for row in self.ledger.database.rows(FAILED, self._between)]

    def used(self) -> list[UseRow]:
        return [UseRow(**row) for row in self.ledger.database.rows(USED, self._between)]

    def times(self) -> Iterator[tuple[datetime, float]]:
        """When each was paid, and after how many seconds it was delivered."""
        for row in self.ledger.database.rows(TIMES, self._between):
            yield instant(row["paid_at"]), row["seconds"]


def came_to(ledger: Ledger, reference: Reference) -> OrderRow | None:
    """One order, by the view of sales. None where nothing was paid. Raises LedgerError."""
    columns = ", ".join(OrderRow.__dataclass_fields__)
    rows = ledger.database.rows(f"SELECT {columns} FROM sales WHERE reference = ?", (reference,))
    return OrderRow(**rows[0]) if rows else None
