"""Reloadly's airtime API: tops up SIMs by their US phone number. What is documented and inferred: docs/providers.md.

Reloadly records our reference with every top-up that it takes on and refuses it from then on; but of two requests in
flight at once it carries out both. So a top-up is sent once per call and never again by itself; what became of it is
looked up in Reloadly's report. Where our reference is refused as used, what is recorded is adopted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import httpx
import msgspec
from msgspec import Meta

from kiosk.abilities import Allowance, Listed
from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.identifiers import SimNumber, is_phone
from kiosk.money import Money
from kiosk.plans import Plan, Sim
from kiosk.ports import Absent, Clock, Delivered, NotDelivered, Processing, TopUp
from kiosk.promotions import ProviderPromotion
from kiosk.providers.reloadly import answers, codes, plans
from kiosk.providers.reloadly.answers import Record
from kiosk.providers.reloadly.wire import Wire
from kiosk.remote import Remote, Reply, check_address, is_loopback, plain
from kiosk.tables import Amount, Seconds, Secret, Table, Text

COUNTRY = "US"
SANDBOX = "topups-sandbox.reloadly.com"  # Reloadly's own
PAGES_MAX, LISTED_PAGES_MAX = 20, 400
STEPS = ("10.00", "20.00", "30.00", "50.00")


class Settings(Table, frozen=True, kw_only=True):
    """`[providers.reloadly]`"""

    base_url: Text = "https://topups.reloadly.com/"
    auth_url: Text = "https://auth.reloadly.com/"
    client_id: Text
    client_secret: Secret
    steps: Annotated[list[Amount], Meta(min_length=1)] = msgspec.field(default_factory=lambda: list(STEPS))
    steps_of: dict[str, list[Amount]] = msgspec.field(default_factory=dict)
    also: dict[str, list[int]] = msgspec.field(default_factory=dict)
    timeout_s: Seconds = 30.0


def is_live(settings: Settings) -> bool:
    """Reloadly's own sandbox takes no money, and neither does one on this machine."""
    return not is_loopback(settings.base_url) and httpx.URL(settings.base_url).host != SANDBOX


def build(
    settings: Settings,
    *,
    path: str,
    currency: str,
    state_dir: Path,
    clock: Clock,
    transport: httpx.BaseTransport | None = None,
) -> Reloadly:
    """See kiosk.providers. Raises ConfigError. Reloadly bills in the account's currency: each operator says which."""
    check_address(settings.base_url, f"{path}.base_url")
    check_address(settings.auth_url, f"{path}.auth_url")
    secret = settings.client_secret.read(f"{path}.client_secret")
    remote, auth = (
        Remote("Reloadly", url, settings.timeout_s, transport, clock) for url in (settings.base_url, settings.auth_url)
    )
    steps = {"": settings.steps, **settings.steps_of}
    offers = {id: tuple(map(Decimal, amounts)) for id, amounts in steps.items()}
    return Reloadly(Wire(remote, auth, (settings.client_id, secret), state_dir, clock), offers, settings.also)


class Reloadly:
    """See ports.Provider, and for what it can do beyond it, abilities.py.

    `steps` are the amounts to offer where an operator takes any, by its number, "" for all others; `also` are further
    operators whose plans the numbers of one take: Reloadly lists a network's data as an operator of its own.
    """

    repeat_is_lookup = False

    def __init__(self, wire: Wire, steps: Mapping[str, tuple[Decimal, ...]], also: Mapping[str, list[int]]) -> None:
        self.name = "reloadly"
        self._wire, self._steps, self._also = wire, steps, also

    @property
    def allowance(self) -> Allowance | None:
        return self._wire.allowance

    def sim(self, number: SimNumber) -> Sim:
        """Whose number it is, and the plans that it takes. What is left on it, Reloadly does not know."""
        if not is_phone(number):
            raise Refused("Reloadly knows SIMs by their phone number alone: this is a card number.", code="unknown_sim")
        found = self._operator(f"operators/auto-detect/phone/{number[1:]}/countries/{COUNTRY}")
        if found.get("status", "ACTIVE") != "ACTIVE":
            raise NotNow("Reloadly cannot top up numbers of this mobile network for now.")
        others = [self._operator(f"operators/{id}") for id in self._also.get(str(plans.operator_id(found)), ())]
        offered = [plan for record in (found, *others) for plan in self._plans(record)]
        return Sim(number, self.name, tuple(offered), network=plain(found.get("name") or "", 60))

    def top_up(self, request: TopUp) -> Delivered | Processing:
        """Order it once, then read Reloadly's own record of it back. Where our reference is used, adopt what it was."""
        reply = self._wire.act("topups-async", _wish(request))
        if reply.status == 200:
            id = answers.id_of(reply.record())
            if not id:
                raise reply.odd("without the number of the top-up")
            return self._read_back(id, request)
        if codes.code_in(reply) != codes.USED:
            raise codes.refusal(reply)
        found = self._adopted(request)
        if isinstance(found, NotDelivered):
            raise Refused(found.reason)
        unlisted = Processing("", "Reloadly says that our reference is used, and does not list it yet")
        return unlisted if isinstance(found, Absent) else found

    def look_up(self, request: TopUp) -> Delivered | Processing | Absent | NotDelivered:
        """Reloadly's report of our reference; of what is not settled in it, the live state.

        Absent proves nothing while the request may be in flight, and how soon a top-up is listed is not documented.
        """
        found = self._listed_as_ours(request)
        live = [self._live(record) if answers.is_open(record) else record for record in found]
        return answers.verdict(live, request)

    def balance(self) -> Money:
        """See abilities.HasFloat."""
        reply = self._wire.get("accounts/balance")
        if reply.status != 200:
            raise codes.refusal(reply)
        return answers.balance_of(reply)

    def listed(self, prefix: str, since: datetime, until: datetime) -> tuple[Listed, ...]:
        """See abilities.Lists. In which zone Reloadly reads the dates is not documented: a day more on each side."""
        day = timedelta(days=1)
        window = {"startDate": f"{since - day:%Y-%m-%d %H:%M:%S}", "endDate": f"{until + day:%Y-%m-%d %H:%M:%S}"}
        records = self._wire.pages("topups/reports/transactions", LISTED_PAGES_MAX, **window)
        found = {answers.id_of(record): answers.listed(record) for record in records}
        return tuple(entry for entry in found.values() if entry.reference.startswith(prefix))

    def promotions(self) -> tuple[ProviderPromotion, ...]:
        """See abilities.TellsPromotions: those of US operators, with the plans that their words name."""
        reply = self._wire.get(f"promotions/country-codes/{COUNTRY}")
        if reply.status != 200:
            raise codes.refusal(reply)
        told = reply.json()
        entries = told.get("content") if isinstance(told, dict) else told
        if not isinstance(entries, list):
            raise reply.odd("without its promotions")
        records = [entry for entry in entries if isinstance(entry, dict) and plans.operator_id(entry)][:PAGES_MAX]
        ids = {plans.operator_id(record) for record in records}
        offered = {id: self._plans(self._operator(f"operators/{id}")) for id in ids}
        found = [answers.promotion_of(record, offered[plans.operator_id(record)]) for record in records]
        return tuple(promotion for promotion in found if promotion)

    # --- operators -----------------------------------------------------------------------------------------------

    def _operator(self, path: str) -> dict[str, Any]:
        reply = self._wire.get(path)
        if reply.status != 200:
            raise codes.refusal(reply)
        found = reply.record()
        if not plans.operator_id(found):
            raise reply.odd("without a mobile network")
        return found

    def _plans(self, record: Record) -> tuple[Plan, ...]:
        return plans.plans_of(record, self._steps.get(str(plans.operator_id(record)), self._steps[""]))

    # --- top-ups -------------------------------------------------------------------------------------------------

    def _read_back(self, id: int, request: TopUp) -> Delivered | Processing:
        """What became of a top-up that Reloadly has taken on. Delivered only by its record."""
        number = str(id)
        try:
            live = self._live({"transactionId": id})
        except NoAnswer as error:  # it is taken on: a look that failed says nothing against it
            return Processing(number, str(error))
        found = answers.verdict([live], request)
        if isinstance(found, NotDelivered):
            raise Refused(found.reason)
        return Processing(number, plain(live.get("status"), 40)) if isinstance(found, Absent) else found

    def _adopted(self, request: TopUp) -> Delivered | Processing | Absent | NotDelivered:
        """The same, where Reloadly has our reference: whatever goes wrong with looking, the top-up is in doubt."""
        try:
            return self.look_up(request)
        except NoAnswer as error:
            raise Unreachable(f"Reloadly has our reference, and did not say more: {error}", sent=True) from None

    def _listed_as_ours(self, request: TopUp) -> list[Record]:
        """Every page of the report, compared exactly: Reloadly's own search ignores the case."""
        try:
            found = self._wire.pages("topups/reports/transactions", PAGES_MAX, customIdentifier=request.reference)
        except Refused as error:  # never a no to the top-up itself
            raise Unreachable(f"Reloadly does not say what became of it: {error}", sent=True) from None
        ours = {answers.id_of(each): each for each in found if each.get("customIdentifier") == request.reference}
        return list(ours.values())

    def _live(self, record: Record) -> Record:
        """A top-up with its state of this moment. Never Refused: that would read as a no to the top-up itself."""
        reply = self._wire.get(f"topups/{answers.id_of(record)}/status")
        if reply.status != 200:
            error = codes.refusal(reply)
            raise error if isinstance(error, NotNow | Misconfigured) else _odd(reply)
        return answers.with_status(record, reply)


def _odd(reply: Reply) -> Unreachable:
    return reply.odd("without the state of a top-up that it has")


def _wish(request: TopUp) -> dict[str, Any]:
    """The top-up as Reloadly wants it. Raises Refused for what cannot be one."""
    if not is_phone(request.sim_number):
        raise Refused("Reloadly tops up phone numbers alone: nothing was sent.")
    wanted = plans.asked(request.plan_id)
    return {
        "operatorId": wanted.operator_id,
        "amount": float(wanted.amount),
        "useLocalAmount": wanted.local,
        "customIdentifier": request.reference,
        "recipientPhone": {"countryCode": COUNTRY, "number": request.sim_number[1:]},
    }
