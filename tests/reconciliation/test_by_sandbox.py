"""The real adapters of the rails, and Airalo's, before their sandboxes: bills and list against the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.abilities import BillEntry, HasBill, Listed, Lists
from kiosk.identifiers import Purpose, Reference, wire_reference
from kiosk.ledger.verify import problems
from kiosk.money import Money
from kiosk.order import State
from kiosk.plans import Line, LineKind
from kiosk.reconciliation.day import Books, Report
from kiosk.reconciliation.differences import Kind
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
        self.shop = Shop(folder)
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

    def pay(self, name: Reference) -> None:
        assert self.rail.pay(name)

    def reconcile(self, day: date) -> Report:
        return self.books.reconcile(day)


@pytest.fixture(params=RAILS, ids=lambda vendor: vendor.name)
def till(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Till]:
    made = Till(tmp_path, request.param)
    yield made
    assert list(problems(made.shop.ledger)) == []
    made.shop.close()


def test_two_days_in_order_agree_to_the_cent_by_the_remotes_own_books(till: Till) -> None:
    """Sales on both sides of the rail's own midnight: each bill has its own."""
    start = till.shop.clock.now()
    there = start.astimezone(till.rail.bill_zone)
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    till.sell()
    till.shop.wait(seconds=(midnight - there).total_seconds() - 20)
    till.sell()
    till.shop.wait(hours=1)
    till.sell()
    till.shop.wait(days=2)

    reports = [till.reconcile(there.date() + timedelta(days=days)) for days in (0, 1)]

    assert [report.differences for report in reports] == [[], []]
    assert [report.unanswered for report in reports] == [[], []]
    assert all(report.totals[0].agree for report in reports)
    assert sum(report.totals[0].entries for report in reports) == 3
    assert sum(report.totals[0].theirs_in.amount_minor for report in reports) == 3 * PRICE.amount_minor


def test_a_refund_on_the_rails_own_pages_is_found(till: Till) -> None:
    """Somebody of the shop gave the money back where the kiosk could not see it."""
    name = till.sell()
    order, wire = till.shop.order(name), wire_reference(name, Purpose.PAYMENT)
    till.rail.refund(order, wire, wire_reference(name, Purpose.REFUND), till.shop.clock.now())
    day = till.shop.clock.now().astimezone(till.rail.bill_zone).date()
    till.shop.wait(days=2)

    report = till.reconcile(day)

    assert [difference.kind for difference in report.differences] == [Kind.REFUND_NOT_RECORDED]
    assert report.differences[0].order == till.shop.order(name)


def test_todays_bill_is_not_there_yet_and_says_when(till: Till) -> None:
    """The clerk reads when to try again; what the provider lists is compared all the same."""
    till.sell()

    report = till.reconcile(till.shop.clock.now().astimezone(till.rail.bill_zone).date())

    assert report.differences == []
    assert READY[till.rail.name] in report.unanswered[0]
    assert list(report.top_ups) == ["airalo"]
