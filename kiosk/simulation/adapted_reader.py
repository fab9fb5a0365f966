"""The card reader of a simulated day: Stripe's real adapter before its sandbox, whose reader is a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kiosk.identifiers import Purpose, Reference, wire_reference
from kiosk.money import Money
from kiosk.order import Order
from kiosk.ports import Started
from kiosk.simulation.adapted_rails import AdaptedRail, RailVendor
from kiosk.simulation.remotes import PRICE, SetClock
from kiosk.simulation.stripe_vendor import STRIPE_BOOKS, STRIPE_CODES, STRIPE_PATHS, stripe_payment, stripe_table

CARD = RailVendor("card", "stripe", stripe_table, STRIPE_PATHS, STRIPE_CODES, STRIPE_BOOKS, stripe_payment)


class AdaptedReader(AdaptedRail):
    """One whose customers hold a card to a reader, a page of the sandbox. It asks for one order's card at a time."""

    def __init__(self, vendor: RailVendor, folder: Path, clock: SetClock, declines: Callable[[], bool]) -> None:
        super().__init__(vendor, folder, clock)
        self.declines = declines
        self._wire.inside("PUT", "/_knobs", {"remote": vendor.remote, "search_late_s": 60})

    def start(self, order: Order, wire: str) -> Started:
        """The code is the rail's own number of it, which the adapter needs; the sandbox counts, and throws no dice."""
        started = self._adapter.start(order, wire)
        self.codes[wire] = started.code
        return started

    def pay(self, order: Reference, amount: Money = PRICE, *, whatever_the_rail_said: bool = False) -> bool:
        """A good card or a bad one, where the reader asks for this order's; taken only where it was a good one."""
        payments, _, readers = self._wire.books(*self.vendor.books)
        action, wire = readers[0]["action"] or {"status": "none"}, wire_reference(order, Purpose.PAYMENT)
        asked = [row["id"] for row in payments if row["metadata"]["order"] == wire]
        if action["status"] != "in_progress" or action["process_payment_intent"]["payment_intent"] not in asked:
            return False
        bad = self.declines()
        return self._wire.post("http://127.0.0.1/reader", act="decline" if bad else "tap") == 303 and not bad
