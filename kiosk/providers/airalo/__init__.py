"""Airalo, Partner API v2: tops up SIMs by card number. What is documented and what is inferred: docs/providers.md.

Airalo does not notice a reference used twice: the same top-up sent again is a second top-up. So this module sends a
top-up once per call and never again by itself; what became of it is looked up in Airalo's list of orders.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import msgspec

from kiosk.abilities import Allowance, Listed, Shown
from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused
from kiosk.identifiers import SimNumber
from kiosk.money import Money
from kiosk.plans import Sim
from kiosk.ports import Absent, Clock, Delivered, NotDelivered, Processing, TopUp
from kiosk.providers.airalo import answers, records
from kiosk.providers.airalo.wire import Wire
from kiosk.remote import Remote, Reply, check_address, is_loopback, plain
from kiosk.tables import Seconds, Secret, Table, Text

USAGE_TIMEOUT_S = 5.0
USAGE_AGE = timedelta(minutes=20)  # Airalo answers the usage from a cache of that age
PAGES_MAX = 20
NOTES_MAX = 255
LISTED_PAGES_MAX = 400


class Settings(Table, frozen=True, kw_only=True):
    """`[providers.airalo]`"""

    base_url: Text = "https://partners-api.airalo.com/v2/"
    client_id: Text
    client_secret: Secret
    timeout_s: Seconds = 30.0


def is_live(settings: Settings) -> bool:
    """Airalo's own sandbox has the live address too (a switch of the account); ours is on this machine."""
    return not is_loopback(settings.base_url)


def build(
    settings: Settings,
    *,
    path: str,
    currency: str,
    state_dir: Path,
    clock: Clock,
    transport: httpx.BaseTransport | None = None,
) -> Airalo:
    """See kiosk.providers. Raises ConfigError. Airalo bills in USD whatever the kiosk's `currency` is."""
    check_address(settings.base_url, f"{path}.base_url")
    secret = settings.client_secret.read(f"{path}.client_secret")
    remote = Remote("Airalo", settings.base_url, settings.timeout_s, transport, clock)
    return Airalo(Wire(remote, (settings.client_id, secret), state_dir, clock), clock)


class Airalo:
    """See ports.Provider, and for what it can do beyond it, abilities.py."""

    repeat_is_lookup = False
    shows_within_s = USAGE_AGE.total_seconds()

    def __init__(self, wire: Wire, clock: Clock) -> None:
        self.name = "airalo"
        self._wire = wire
        self._clock = clock

    @property
    def allowance(self) -> Allowance | None:
        return self._wire.allowance

    def sim(self, number: SimNumber) -> Sim:
        """The plans this card takes; what is left on it only where Airalo says so at once."""
        reply = self._wire.get(f"sims/{number}/topups")
        if reply.status != 200:
            raise answers.refusal(reply)
        plans = answers.plans_of(reply)
        try:
            usage = self._wire.get(f"sims/{number}/usage", timeout_s=USAGE_TIMEOUT_S)
            active, left_mb, until = answers.left_of(usage)
        except NoAnswer:  # what is left is a courtesy: without it, the plans can be sold as well
            return Sim(number, self.name, plans)
        return Sim(number, self.name, plans, active, left_mb, until, self._clock.now() - USAGE_AGE)

    def top_up(self, request: TopUp) -> Delivered | Processing:
        """Order it once, then read Airalo's own record of it back. Accepted but not yet listed is Processing."""
        wish = {"package_id": request.plan_id, "iccid": request.sim_number, "description": request.reference}
        reply = self._wire.act("orders/topups", msgspec.json.encode(wish))
        if not 200 <= reply.status < 300:
            raise answers.refusal(reply)
        accepted = reply.record().get("data")
        if not isinstance(accepted, dict):
            raise reply.odd("without an order")
        number = records.number_of(accepted) if accepted.get("package_id") == request.plan_id else ""
        try:
            found = self._find(request)
        except NoAnswer as error:  # the order is accepted: a look that failed says nothing against it
            return Processing(number, str(error))
        if isinstance(found, NotDelivered):
            raise Refused(found.reason)
        if isinstance(found, Absent):
            return Processing(number, "accepted, not listed yet")
        return replace(found, wholesale=answers.cost_of(accepted)) if isinstance(found, Delivered) and number else found

    def look_up(self, request: TopUp) -> Delivered | Processing | Absent | NotDelivered:
        """Search Airalo's orders for our reference; where it is not among them, say what the SIM itself shows."""
        found = self._find(request)
        return Absent(self._second_evidence(request)) if isinstance(found, Absent) else found

    def shown(self, request: TopUp, times: int) -> Shown:
        """Airalo's list of packages on the SIM: no reference of ours in it, so all of this plan are counted."""
        reply = self._wire.get(f"sims/{request.sim_number}/packages", timeout_s=USAGE_TIMEOUT_S)
        count = answers.packages_of(reply, request.plan_id)
        return Shown(count >= times, f"the SIM shows {count} of this plan")

    def balance(self) -> Money:
        """What is left of our credit at Airalo."""
        return answers.balance_of(self._wire.get("balance"))

    def request_credit(self, request: TopUp, why: str) -> str:
        """Ask people at Airalo for the price of a failed top-up. They decide later, and pay in credit. Their number."""
        notes = plain(f"{request.reference}: {why}".encode("ascii", "replace").decode(), NOTES_MAX)
        fields = [("iccids[]", request.sim_number), ("reason", "TOP_UP_PACKAGE_FAILURE"), ("notes", notes)]
        reply = self._wire.act_by_form("refund", fields)
        if reply.status != 202:
            raise answers.no_credit(reply)
        return answers.credit_number_of(reply)

    def _find(self, request: TopUp) -> Delivered | Processing | Absent | NotDelivered:
        """Every page of the list, compared exactly. Absent proves nothing: it may be listed late."""
        listed = self._orders({"filter[description]": request.reference}, PAGES_MAX)
        return records.verdict([record for record in listed if records.ours(record, request)], request)

    def listed(self, prefix: str, since: datetime, until: datetime) -> tuple[Listed, ...]:
        """See abilities.Lists. Airalo filters by whole days, of a zone it does not name: a day more on each side."""
        day = timedelta(days=1)
        span = f"{since - day:%Y-%m-%d} - {until + day:%Y-%m-%d}"
        orders = self._orders({"filter[description]": prefix, "filter[created_at]": span}, LISTED_PAGES_MAX)
        return tuple(entry for record in orders if (entry := records.listed(record)).reference.startswith(prefix))

    def _orders(self, filters: dict[str, str], pages_max: int) -> list[dict[str, Any]]:
        """Every page of the list of orders."""
        found: list[dict[str, Any]] = []
        for page in range(1, pages_max + 1):
            query = filters | {"include": "status", "limit": "50", "page": str(page)}
            reply = self._wire.get(f"orders?{urlencode(query)}")
            told = self._told(reply)
            found += [record for record in told["data"] if isinstance(record, dict)]
            meta = told.get("meta")
            last_page = answers.whole(meta.get("last_page")) if isinstance(meta, dict) else None
            if page >= (last_page or 1):
                return found
        raise reply.odd("with more pages of orders than can be ours")

    def _second_evidence(self, request: TopUp) -> str:
        """What the SIM itself shows. It carries no reference of ours, so it proves nothing; a clerk may judge by it."""
        try:
            return self.shown(request, 1).evidence
        except NoAnswer as error:
            return f"what the SIM shows could not be read ({error})"

    def _told(self, reply: Reply) -> dict[str, Any]:
        """A page of orders. A look-up is never Refused: that would read as a no to the top-up itself."""
        if reply.status != 200:
            error = answers.refusal(reply)
            if isinstance(error, Misconfigured) or (isinstance(error, NotNow) and reply.status == 429):
                raise error
            raise reply.odd("without its list of orders")
        told = reply.record()
        if not isinstance(told.get("data"), list):
            raise reply.odd("without its list of orders")
        return told
