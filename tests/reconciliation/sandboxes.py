"""A till whose rail and provider are real adapters before their sandboxes, with bill and list. One rail at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.abilities import BillEntry, HasBill, Listed, Lists
from kiosk.decisions import decide
from kiosk.identifiers import Purpose, Reference, wire_reference
from kiosk.money import Money
from kiosk.order import State
from kiosk.plans import Line, LineKind
from kiosk.reconciliation.day import Books, Report
from kiosk.sale import open_sale
from kiosk.simulation.adapted_rails import ALIPAY, ANTOM, WECHAT, AdaptedRail, RailVendor
from kiosk.simulation.adapted_reader import CARD, AdaptedReader
from kiosk.simulation.adapters import AIRALO, Adapted
from kiosk.simulation.alipay_vendor import antom_table
from kiosk.simulation.remotes import PRICE, SetClock
from kiosk.simulation.shop import Shop

ANTOM_REPORTED = replace(ANTOM, table=lambda folder: antom_table(folder) | {"reports": str(folder)})
RAILS = (WECHAT, ALIPAY, ANTOM_REPORTED, CARD)
READY = {"wechat": "10:00 in China", "alipay_cn": "09:00 in China", "alipay": "00:00 in China", "card": "00:00 UTC"}
MIAMI = ZoneInfo("America/New_York")


class WithBill(AdaptedRail):
    """An adapter in the simulation's clothes, with its bill in the shop's own currency."""

    def __init__(self, vendor: RailVendor, folder: Path, clock: SetClock) -> None:
        super().__init__(vendor, folder, clock)
        self._folder = folder

    @property
    def bill_zone(self) -> ZoneInfo:
        assert isinstance(self._adapter, HasBill)
        return self._adapter.bill_zone

    @property
    def bill_account(self) -> str:
        assert isinstance(self._adapter, HasBill)
        return self._adapter.bill_account

    def bill(self, day: date) -> tuple[BillEntry, ...]:
        assert isinstance(self._adapter, HasBill)
        if self.vendor.remote == "antom":
            self._fetch(day)
        entries = self._adapter.bill(day)
        assert {entry.amount.currency for entry in entries} <= {self.vendor.currency}
        return tuple(replace(each, amount=Money(each.amount.amount_minor, PRICE.currency)) for each in entries)

    def _fetch(self, day: date) -> None:
        """What the owner does: the day's report from Antom's dashboard into the folder."""
        name = f"transactionItems_{day:%Y%m%d}_000.csv"
        file = self._wire.inside("GET", f"/antom/v1/settlements/M1/{day:%Y%m%d}/{name}")
        if file != b"There is no such file.":
            (self._folder / name).write_bytes(file)


class ReaderWithBill(WithBill, AdaptedReader):
    """The same of the card reader."""

    def __init__(self, vendor: RailVendor, folder: Path, clock: SetClock) -> None:
        AdaptedReader.__init__(self, vendor, folder, clock, lambda: False)


class WithList(Adapted):
    """Airalo's adapter in the simulation's clothes, with its list."""

    def listed(self, prefix: str, since: datetime, until: datetime) -> tuple[Listed, ...]:
        assert isinstance(self._adapter, Lists)
        return self._adapter.listed(prefix, since, until)


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
