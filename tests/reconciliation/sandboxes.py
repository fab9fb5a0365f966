"""A till whose rail and provider are real adapters before their sandboxes, with bill and list. One rail at a time."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.decisions import decide
from kiosk.identifiers import Purpose, Reference, wire_reference
from kiosk.order import State
from kiosk.plans import Line, LineKind
from kiosk.reconciliation.day import Books, Report
from kiosk.sale import open_sale
from kiosk.simulation.adapted_rails import ALIPAY, WECHAT, RailVendor
from kiosk.simulation.adapted_reader import CARD
from kiosk.simulation.adapters import AIRALO
from kiosk.simulation.billed import ANTOM_REPORTED, ReaderWithBill, WithBill, WithList
from kiosk.simulation.remotes import PRICE
from kiosk.simulation.shop import Shop

RAILS = (WECHAT, ALIPAY, ANTOM_REPORTED, CARD)
READY = {"wechat": "10:00 in China", "alipay_cn": "09:00 in China", "alipay": "00:00 in China", "card": "00:00 UTC"}
MIAMI = ZoneInfo("America/New_York")


class Till:
    def __init__(self, folder: Path, vendor: RailVendor) -> None:
        self.shop, self.folder = Shop(folder), folder
        self.rail = (ReaderWithBill if vendor is CARD else WithBill)(vendor, folder, self.shop.clock)
        self.provider = WithList(AIRALO, folder, self.shop.clock, timedelta(0))
        self.shop.tenders = {vendor.name: self.rail}
        self.shop.providers = {"airalo": self.provider}
        self.shop.restart()
        self.books = Books(self.shop.ledger, self.shop.queue.remotes, self.shop.clock, "T07", MIAMI, "USD")

    def sell(self) -> Reference:
        """One sale, paid and delivered."""
        shop, plan = self.shop, self.provider.plan
        order = open_sale(
            shop.ledger,
            self.provider.sim(self.provider.card),
            plan,
            (Line(LineKind.PLAN, plan.title, PRICE),),
            self.rail,
            kiosk="T07",
            language="en",
            by="customer",
            at=shop.clock.now(),
            choose=shop.random.choice,
        )
        shop.now()
        self.pay(order.reference)
        shop.wait(seconds=30)
        assert shop.state(order.reference) is State.COMPLETED
        return order.reference

    def give_back_by_hand(self, name: Reference) -> None:
        """Somebody of the shop gives the money back on the rail's own pages, where the kiosk cannot see it."""
        order, wire = self.shop.order(name), wire_reference(name, Purpose.PAYMENT)
        self.rail.refund(order, wire, wire_reference(name, Purpose.REFUND), self.shop.clock.now())

    def refund(self, name: Reference) -> None:
        """A clerk gives a delivered order back."""
        decide(self.shop.ledger, self.shop.order(name), "refund", by="mei", reason="asked", at=self.shop.clock.now())
        self.shop.wait(minutes=5)
        assert self.shop.state(name) is State.REFUNDED

    def pay(self, name: Reference) -> None:
        assert self.rail.pay(name)

    def reconcile(self, day: date) -> Report:
        return self.books.reconcile(day)
