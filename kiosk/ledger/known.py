"""Orders as they were last read or written: what has the same version on disk needs no second reading.

It must never be asked without the version that stands on disk, and never keep what is not committed.
"""

from __future__ import annotations

from threading import Lock
from typing import Any

from kiosk.identifiers import Reference
from kiosk.ledger.rows import Row, course_of
from kiosk.order import Order

KEPT_MAX = 256


class Known:
    """The orders of the last moments, each with its row. Threads may share it."""

    def __init__(self) -> None:
        self._orders: dict[Reference, tuple[Order, Row]] = {}
        self._lock = Lock()

    def of(self, reference: Reference, version: int) -> Order | None:
        """The order in this version: every change of an order makes another one."""
        order, _ = self._orders.get(reference, (None, None))
        return order if order and order.version == version else None

    def changed(self, before: Order, row: Row) -> dict[str, Any]:
        """What stands in `row`, the course of an order, that did not stand in the row of the order before."""
        order, said = self._orders.get(before.reference, (None, None))
        if said is None or order is not before:
            said = course_of(before)
        return {column: value for column, value in row.items() if value != said[column]}

    def keep(self, order: Order, row: Row) -> None:
        with self._lock:
            self._orders.pop(order.reference, None)
            self._orders[order.reference] = order, row
            if len(self._orders) > KEPT_MAX:
                del self._orders[next(iter(self._orders))]
