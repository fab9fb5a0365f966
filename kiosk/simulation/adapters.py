"""The real providers of a simulated day: the kiosk's own adapters, each before its vendor's sandbox, in one process.

For the rest of the simulation they are what `remotes.FakeProvider` is; their books are the sandbox's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from kiosk.abilities import Allowance, TellsAllowance
from kiosk.errors import Refused
from kiosk.identifiers import Purpose, SimNumber, wire_reference
from kiosk.money import Money
from kiosk.order import Order
from kiosk.plans import Plan, Sim
from kiosk.ports import Absent, Delivered, NotDelivered, Processing, TopUp
from kiosk.providers import build
from kiosk.simulation.remotes import Fault, SetClock
from kiosk.simulation.wire import Wire

FAILED = ("CREATED", "REJECTED", "CANCELLED", "DECLINED", "REVERSED", "FAILED", "REFUNDED")
"""How a status begins that is no top-up."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """What the simulation has to know of a vendor's sandbox to trade with it."""

    name: str
    table: dict[str, Any]
    card: str
    plan: Plan
    change: str
    """How the request that tops up ends: method and path."""
    codes: tuple[int | str, int | str]
    """Of the documented ones: a definite no, and credentials that do not serve."""
    listed: str
    """The sandbox's books; each row has `reference` as the name of our reference there."""
    reference: str


AIRALO = Vendor(
    "airalo",
    {"base_url": "http://127.0.0.1/airalo/v2/", "client_id": "training-client"},
    "8901260862291477122",
    Plan("change-7days-1gb-topup", "1 GB - 7 Days", 1024, 7, Money(360, "USD")),
    "/orders/topups",
    (34, 89),
    "airalo/orders",
    "description",
)
DTONE = Vendor(
    "dtone",
    {"base_url": "http://127.0.0.1/dtone/v1/", "api_key": "training-key", "operator_id": 9901},
    "8901260744102835179",
    Plan("50101", "USA 1 GB", 1024, 7, Money(360, "USD")),
    "/async/transactions",
    (1003001, 1000401),
    "dtone/transactions",
    "external_id",
)
RELOADLY = Vendor(
    "reloadly",
    {
        "base_url": "http://127.0.0.1/reloadly/topups/",
        "auth_url": "http://127.0.0.1/reloadly/auth/",
        "client_id": "training-client",
    },
    "+13055550142",
    Plan("801-10.00", "10.00 USD", 0, 0, Money(970, "USD")),
    "/topups-async",
    ("PHONE_BANNED_BY_OPERATOR", "NOT_AUTHORIZED"),
    "reloadly/topups",
    "custom_identifier",
)
SECRETS = {"airalo": "client_secret", "dtone": "api_secret", "reloadly": "client_secret"}


class Adapted:
    """One adapter and its sandbox. What it lists late, and takes its time for, `slowly` says."""

    def __init__(self, vendor: Vendor, folder: Path, clock: SetClock, slowly: timedelta) -> None:
        from kiosk.sandbox.app import application  # 200 ms: only for the days that have it
        from kiosk.sandbox.books import Books

        self.vendor, self.name, self.clock = vendor, vendor.name, clock
        self.card, self.plan = SimNumber(vendor.card), vendor.plan
        path = folder / f"{self.name}.db"
        self._books = Books(path)
        sandbox = application(path, limits=False, clock=clock.now, sleep=lambda _: None)
        self._wire = Wire(sandbox, clock, self.name, vendor.codes, self._asked)
        late = {"list_late_s": slowly.total_seconds()}
        self._wire.inside("PUT", "/_knobs", {"remote": self.name, "endpoint": "GET *", **late})
        secret = folder / f"{self.name}-secret"
        secret.write_text("training-secret")
        self._adapter = build(
            self.name,
            {**vendor.table, SECRETS[self.name]: {"file": str(secret)}},
            path="simulation",
            training=True,
            currency="USD",
            state_dir=folder,
            clock=clock,
            transport=self._wire,
        )
        self.repeat_is_lookup = self._adapter.repeat_is_lookup
        self.refused: set[str] = set()
        """The references of what it has refused, as `FakeProvider` keeps them."""

    def _asked(self, request: httpx.Request) -> str:
        return "top_up" if f"{request.method} {request.url.path}".endswith(self.vendor.change) else "look_up"

    def pay_in(self, cents: int) -> None:
        """The owner sends the provider money."""
        self._books.pay_in(self.name, cents)

    # --- the port ------------------------------------------------------------------------------------------------

    @property
    def allowance(self) -> Allowance | None:
        return self._adapter.allowance if isinstance(self._adapter, TellsAllowance) else None

    def sim(self, number: SimNumber) -> Sim:
        return self._adapter.sim(number)

    def top_up(self, request: TopUp) -> Delivered | Processing:
        try:
            return self._adapter.top_up(request)
        except Refused:
            self.refused.add(request.reference)
            raise

    def look_up(self, request: TopUp) -> Delivered | Processing | Absent | NotDelivered:
        found = self._adapter.look_up(request)
        if isinstance(found, NotDelivered):
            self.refused.add(request.reference)
        return found

    # --- the weather, and the books --------------------------------------------------------------------------------

    def under(self, weather: Callable[[str], Fault], late_by: Callable[[], timedelta]) -> None:
        """From now on every request meets this weather."""
        self._wire.weather, self._wire.late_by = weather, late_by

    def arrive(self) -> None:
        self._wire.arrive()

    @property
    def executed(self) -> list[tuple[str, datetime]]:
        """Every top-up that the vendor has carried out, or is carrying out."""
        (rows,) = self._wire.books(self.vendor.listed)
        return [
            (row[self.vendor.reference], datetime.fromtimestamp(row["at"], UTC))
            for row in rows
            if not row["status"].startswith(FAILED)
        ]

    def delivered(self, order: Order) -> int:
        """How often the SIM was topped up for this order, by the sandbox's own books."""
        wire = wire_reference(order.reference, Purpose.TOP_UP)
        return sum(reference == wire for reference, _ in self.executed)

    def take_back(self, order: Order) -> bool:
        """No vendor takes a top-up back at our wish."""
        return False
