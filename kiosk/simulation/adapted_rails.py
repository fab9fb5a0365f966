"""The real tenders of a simulated day: the kiosk's own adapters, each before its rail's sandbox, in one process.

For the rest of the simulation they are what `rails.FakeWallet` is; their books are the sandbox's own. A rail is one
`RailVendor` in `RAILS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, TypeVar

import httpx
from msgspec import structs

from kiosk.abilities import ChargesCodes
from kiosk.identifiers import Purpose, Reference, wire_reference
from kiosk.money import Money
from kiosk.order import Order
from kiosk.ports import Captured, Paid, Pending, Refunded, Started, Unpaid
from kiosk.simulation.alipay_vendor import (
    ALIPAY_CALLS,
    ALIPAY_CODES,
    ANTOM_CALLS,
    ANTOM_CODES,
    alipay_payment,
    alipay_scan_table,
    alipay_table,
    antom_payment,
    antom_scan_table,
    antom_table,
)
from kiosk.simulation.payments import Payment
from kiosk.simulation.remotes import PRICE, Fault, SetClock
from kiosk.simulation.wechat_vendor import (
    WECHAT_CODES,
    WECHAT_PATHS,
    wechat_payment,
    wechat_scan_table,
    wechat_table,
)
from kiosk.simulation.wire import Wire
from kiosk.tenders import build

Rows = Sequence[Mapping[str, Any]]
Answer = TypeVar("Answer", bound=Paid | Unpaid | Pending)


@dataclass(frozen=True, slots=True)
class RailVendor:
    """What the simulation has to know of a rail's sandbox to pay there, and to read its books."""

    name: str
    """Of the tender."""
    remote: str
    """Of its stand-in in the sandbox."""
    table: Callable[[Path], dict[str, Any]]
    """Its table of config.toml; keys and secrets go into this folder, where the sandbox's books are, too."""
    calls: tuple[tuple[str, str], ...]
    """Patterns of "METHOD path", and what such a request asks for in the weather's words; anything else is a look.

    Where a rail has one path for everything, the method that is called stands behind it.
    """
    codes: tuple[int | str, int | str]
    """Of the documented ones: a definite no, and credentials that do not serve."""
    books: tuple[str, ...]
    """Of the sandbox, by name."""
    payment: Callable[[str, Sequence[Rows]], Payment | None]
    """One payment in these books, by our reference."""
    phone: str = ""
    """Where it charges the code on the customer's phone: the wallet on the sandbox's phone."""
    currency: str = PRICE.currency
    """What it takes. Amounts are the same in number: these days know no exchange."""


WECHAT_BOOKS = ("wechat/payments", "wechat/refunds")
WECHAT = RailVendor("wechat", "wechat", wechat_table, WECHAT_PATHS, WECHAT_CODES, WECHAT_BOOKS, wechat_payment)
WECHAT_SCAN = RailVendor(
    "wechat_scan", "wechat", wechat_scan_table, WECHAT_PATHS, WECHAT_CODES, WECHAT_BOOKS, wechat_payment, phone="wechat"
)
ANTOM_BOOKS = ("antom/payments", "antom/refunds")
ANTOM = RailVendor("alipay", "antom", antom_table, ANTOM_CALLS, ANTOM_CODES, ANTOM_BOOKS, antom_payment)
ANTOM_SCAN = RailVendor(
    "alipay_scan", "antom", antom_scan_table, ANTOM_CALLS, ANTOM_CODES, ANTOM_BOOKS, antom_payment, phone="alipay"
)
ALIPAY_BOOKS = ("alipay/trades", "alipay/refunds", "alipay/codes")
ALIPAY = RailVendor(
    "alipay_cn", "alipay", alipay_table, ALIPAY_CALLS, ALIPAY_CODES, ALIPAY_BOOKS, alipay_payment, currency="CNY"
)
ALIPAY_SCAN = replace(ALIPAY, name="alipay_cn_scan", table=alipay_scan_table, phone="alipay")
RAILS = (WECHAT, WECHAT_SCAN, ANTOM, ANTOM_SCAN, ALIPAY, ALIPAY_SCAN)


class AdaptedRail:
    """One adapter and its sandbox."""

    def __init__(self, vendor: RailVendor, folder: Path, clock: SetClock) -> None:
        from kiosk.sandbox.app import application  # 200 ms: only for the days that have it

        self.vendor, self.name, self.clock = vendor, vendor.name, clock
        table = vendor.table(folder)
        sandbox = application(folder / f"{self.name}.db", limits=False, clock=clock.now, sleep=lambda _: None)
        self._wire = Wire(sandbox, clock, vendor.remote, vendor.codes, self._asked)
        self._adapter = build(
            self.name,
            table,
            path="simulation",
            training=True,
            currency=vendor.currency,
            state_dir=folder,
            clock=clock,
            transport=self._wire,
        )
        of = self._adapter
        self.acts, self.starts, self.captures_later, self.held_for = of.acts, of.starts, of.captures_later, of.held_for
        self.cancels_at_time_out, self.refund_within_h = of.cancels_at_time_out, of.refund_within_h
        self.time_to_pay: timedelta = of.time_to_pay
        self.codes: dict[str, str] = {}
        """What the customer of each payment sees, or has shown, by our reference."""

    def _asked(self, request: httpx.Request) -> str:
        call = f"{request.method} {request.url.path} {request.url.params.get('method', '')}".rstrip()
        return next((name for pattern, name in self.vendor.calls if fnmatchcase(call, pattern)), "ask")

    # --- the port ------------------------------------------------------------------------------------------------

    def start(self, order: Order, wire: str) -> Started:
        """The code that is told has no chance in it: two days of one seed are the same."""
        started = self._adapter.start(self._abroad(order), wire)
        self.codes[wire] = started.code
        return Started(f"{self.name}://{wire}" if started.code else "", started.expires_at)

    def ask(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        return self._home(self._adapter.ask(self._abroad(order), wire, now))

    def expire(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        return self._home(self._adapter.expire(self._abroad(order), wire, now))

    def cancel(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        return self._home(self._adapter.cancel(self._abroad(order), wire, now))

    def capture(self, order: Order, wire: str) -> Captured:
        return self._adapter.capture(self._abroad(order), wire)

    def refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        return self._adapter.refund(self._abroad(order), wire, refund, now)

    def ask_refund(self, order: Order, wire: str, refund: str, now: datetime) -> Refunded | Pending:
        return self._adapter.ask_refund(self._abroad(order), wire, refund, now)

    def _abroad(self, order: Order) -> Order:
        """The order as the rail has it: in its own currency."""
        paid = order.paid and Money(order.paid.amount_minor, self.vendor.currency)
        return structs.replace(order, total=Money(order.total.amount_minor, self.vendor.currency), paid=paid)

    def _home(self, answer: Answer) -> Answer:
        if isinstance(answer, Paid):
            return replace(answer, amount=Money(answer.amount.amount_minor, PRICE.currency))
        return answer

    # --- the weather, the people, and the books --------------------------------------------------------------------

    def under(self, weather: Callable[[str], Fault], late_by: Callable[[], timedelta]) -> None:
        """From now on every request meets this weather."""
        self._wire.weather, self._wire.late_by = weather, late_by

    def arrive(self) -> None:
        self._wire.arrive()

    @property
    def under_way(self) -> Sequence[object]:
        """Requests that were given up, and may still arrive."""
        return self._wire.under_way

    def pay(self, order: Reference, amount: Money = PRICE, *, whatever_the_rail_said: bool = False) -> bool:
        """The customer pays what the sandbox shows for it. A sandbox never takes money after it has said that it will

        not: that is for the simulated rails alone.
        """
        code = self.codes.get(wire_reference(order, Purpose.PAYMENT))
        return bool(code) and not whatever_the_rail_said and self._wire.post(str(code), answer="pay") == 200

    def bounce(self, order: Reference) -> bool:
        """No sandbox takes a refund back."""
        return False

    def payment(self, wire: str) -> Payment | None:
        """What the sandbox has on record of it."""
        return self.vendor.payment(wire, self._wire.books(*self.vendor.books))


class AdaptedScanner(AdaptedRail):
    """One that charges the code on the customer's phone, which is a page of the sandbox."""

    def __init__(self, vendor: RailVendor, folder: Path, clock: SetClock, must_confirm: Callable[[], bool]) -> None:
        super().__init__(vendor, folder, clock)
        self.must_confirm = must_confirm

    def show_code(self) -> str:
        """What the customer's phone shows now."""
        confirm = "yes" if self.must_confirm() else "no"
        address = self._wire.page(f"/phone/{self.vendor.phone}", confirm=confirm)
        return address.rpartition("/")[2]

    def reads(self, scanned: str) -> bool:
        assert isinstance(self._adapter, ChargesCodes)
        return self._adapter.reads(scanned)

    def charge(self, order: Order, wire: str, payment_code: str, now: datetime) -> Paid | Pending:
        assert isinstance(self._adapter, ChargesCodes)
        self.codes[wire] = f"http://127.0.0.1/phone/{self.vendor.phone}/{payment_code}"
        answer = self._adapter.charge(self._abroad(order), wire, payment_code, now)
        return self._home(answer)

    @property
    def charged(self) -> list[str]:
        """The references that the sandbox has a payment of: each once."""
        return [wire for wire in self.codes if self.payment(wire)]


def adapted(folder: Path, clock: SetClock, must_confirm: Callable[[], bool]) -> list[AdaptedRail]:
    """All real rails of one day."""
    return [
        AdaptedScanner(vendor, folder, clock, must_confirm) if vendor.phone else AdaptedRail(vendor, folder, clock)
        for vendor in RAILS
    ]
