"""Orders as they were last read or written: what has the same version on disk needs no second reading.

It must never be asked without the version that stands on disk, and never keep what is not committed.
"""

from __future__ import annotations

from threading import Lock

from kiosk.identifiers import Reference
from kiosk.order import Order

KEPT_MAX = 256


class Known:
    """The orders of the last moments. Threads may share it."""

    def __init__(self) -> None:
        self._orders: dict[Reference, Order] = {}
        self._lock = Lock()

    def of(self, reference: Reference, version: int) -> Order | None:
        """The order in this version: every change of an order makes another one."""
        order = self._orders.get(reference)
        return order if order and order.version == version else None

    def keep(self, order: Order) -> None:
        with self._lock:
            self._orders.pop(order.reference, None)
            self._orders[order.reference] = order
            if len(self._orders) > KEPT_MAX:
                del self._orders[next(iter(self._orders))]
