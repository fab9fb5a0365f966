"""Rails that keep a bill, and providers that list what they did: what a month is closed and reconciled against.

The real adapters have theirs from their sandboxes; the simulated ones write their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.abilities import BillEntry, HasBill, Listed, Lists, Moved
from kiosk.money import Money
from kiosk.simulation.adapted_rails import ANTOM, ANTOM_SCAN, AdaptedRail, AdaptedScanner, RailVendor
from kiosk.simulation.adapted_reader import AdaptedReader
from kiosk.simulation.adapters import Adapted
from kiosk.simulation.alipay_vendor import antom_scan_table, antom_table
from kiosk.simulation.payments import Payment
from kiosk.simulation.rails import FakeCard, FakeScanner, FakeWallet
from kiosk.simulation.remotes import PRICE, FakeProvider, SetClock

ANTOM_REPORTED = replace(ANTOM, table=lambda folder: antom_table(folder) | {"reports": str(folder)})
ANTOM_SCAN_REPORTED = replace(ANTOM_SCAN, table=lambda folder: antom_scan_table(folder) | {"reports": str(folder)})
"""Antom's bill is a report that the owner fetches."""


class WithBill(AdaptedRail):
    """An adapter in the simulation's clothes, with its bill in the shop's own currency.

    Each has a sandbox of its own, and so an account of its own.
    """

    def __init__(self, vendor: RailVendor, folder: Path, clock: SetClock) -> None:
        super().__init__(vendor, folder, clock)
        self._folder = folder

    @property
    def bill_zone(self) -> ZoneInfo:
        assert isinstance(self._adapter, HasBill)
        return self._adapter.bill_zone

    @property
    def bill_account(self) -> str:
        return self.name

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


class ScannerWithBill(WithBill, AdaptedScanner):
    """The same of a wallet whose codes are scanned."""

    def __init__(self, vendor: RailVendor, folder: Path, clock: SetClock, must_confirm: Callable[[], bool]) -> None:
        AdaptedScanner.__init__(self, vendor, folder, clock, must_confirm)
        self._folder = folder


class ReaderWithBill(WithBill, AdaptedReader):
    """The same of the card reader."""

    def __init__(
        self, vendor: RailVendor, folder: Path, clock: SetClock, declines: Callable[[], bool] = lambda: False
    ) -> None:
        AdaptedReader.__init__(self, vendor, folder, clock, declines)
        self._folder = folder


class WithList(Adapted):
    """A provider's adapter in the simulation's clothes, with its list."""

    def listed(self, prefix: str, since: datetime, until: datetime) -> tuple[Listed, ...]:
        assert isinstance(self._adapter, Lists)
        return self._adapter.listed(prefix, since, until)


@dataclass
class OwnBill(FakeWallet):
    """A simulated rail's bill. What it says besides its payments, or hides, somebody has planted."""

    bill_zone: ZoneInfo = field(default=ZoneInfo("UTC"))
    strays: list[BillEntry] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    """Numbers of entries that are not told."""
    altered: dict[str, Money] = field(default_factory=dict)
    """Amounts that are told instead, by the entry's number."""

    @property
    def bill_account(self) -> str:
        return self.name

    def bill(self, day: date) -> tuple[BillEntry, ...]:
        self.read("bill", day.isoformat())
        entries = [entry for wire, payment in self.payments.items() for entry in _entries(wire, payment)]
        told = (entry for entry in (*entries, *self.strays) if entry.at.astimezone(self.bill_zone).date() == day)
        return tuple(
            replace(entry, amount=self.altered.get(entry.number, entry.amount))
            for entry in told
            if entry.number not in self.hidden
        )


def _entries(wire: str, payment: Payment) -> Iterator[BillEntry]:
    """A hold that was let go has not moved, and is in no bill."""
    if payment.paid and payment.moved_at:
        yield BillEntry(Moved.IN, wire, f"I{wire}", payment.paid, payment.moved_at)
        if payment.back and payment.back_at:
            by = wire if payment.back[0] == "rail" else payment.back[0]
            yield BillEntry(Moved.BACK, by, f"B{wire}", payment.paid, payment.back_at)


@dataclass
class BilledWallet(OwnBill):
    """A wallet with a bill."""


@dataclass
class BilledScanner(OwnBill, FakeScanner):
    """A wallet that scans, with a bill."""


@dataclass
class BilledCard(OwnBill, FakeCard):
    """A card reader with a bill."""


@dataclass
class ListedProvider(FakeProvider):
    """A simulated provider with a list of its own."""

    unlisted: set[str] = field(default_factory=set)
    """References that it has charged, and does not list."""

    def listed(self, prefix: str, since: datetime, until: datetime) -> tuple[Listed, ...]:
        self.read("listed", prefix)
        return tuple(
            Listed(reference, f"A{number}", "completed", at)
            for number, (reference, at) in enumerate(self.executed)
            if since <= at < until and reference.startswith(prefix) and reference not in self.unlisted
        )


def of_vendor(vendor: RailVendor, folder: Path, clock: SetClock, must_confirm: Callable[[], bool]) -> WithBill:
    """A rail's adapter with its bill."""
    if vendor.phone:
        return ScannerWithBill(vendor, folder, clock, must_confirm)
    return WithBill(vendor, folder, clock)
