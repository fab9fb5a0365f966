"""DT One's DVS API: tops up eSIMs by card number. What is documented and what is inferred: docs/providers.md.

DT One takes each of our references once, whatever becomes of it: the same top-up sent again is refused, and what the
first became is fetched and adopted. It must never send a transaction without a card number: that buys a new eSIM.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import httpx
from msgspec import Meta

from kiosk.abilities import Allowance, Listed, Shown
from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.identifiers import SimNumber
from kiosk.money import Money
from kiosk.plans import Plan, Sim
from kiosk.ports import Absent, Clock, Delivered, NotDelivered, Processing, TopUp
from kiosk.promotions import ProviderPromotion
from kiosk.providers.dtone import answers, codes
from kiosk.providers.dtone.codes import State
from kiosk.providers.dtone.wire import Wire
from kiosk.remote import Remote, Reply, check_address, is_loopback
from kiosk.tables import Seconds, Secret, Table, Text

PREPRODUCTION = "preprod-dvs-api.dtone.com"  # DT One's own sandbox
COURTESY_S = 5.0
SHOWS_WITHIN_S = 3600.0  # ours: how old `lookup/credit-party-benefits` may be is not documented


class Settings(Table, frozen=True, kw_only=True):
    """`[providers.dtone]`"""

    base_url: Text = "https://dvs-api.dtone.com/v1/"
    api_key: Text
    api_secret: Secret
    operator_id: Annotated[int, Meta(ge=1)]
    timeout_s: Seconds = 30.0


def is_live(settings: Settings) -> bool:
    """DT One's pre-production takes no money, and neither does a sandbox on this machine."""
    return not is_loopback(settings.base_url) and httpx.URL(settings.base_url).host != PREPRODUCTION


def build(
    settings: Settings,
    *,
    path: str,
    currency: str,
    state_dir: Path,
    clock: Clock,
    transport: httpx.BaseTransport | None = None,
) -> DtOne:
    """See kiosk.providers. Raises ConfigError. DT One bills in the account's currency: each price says which."""
    check_address(settings.base_url, f"{path}.base_url")
    secret = settings.api_secret.read(f"{path}.api_secret")
    remote = Remote("DT One", settings.base_url, settings.timeout_s, transport, clock)
    return DtOne(remote, (settings.api_key, secret), settings.operator_id, currency, clock)


class DtOne:
    """See ports.Provider, and for what it can do beyond it, abilities.py."""

    repeat_is_lookup = True
    shows_within_s = SHOWS_WITHIN_S

    def __init__(self, remote: Remote, login: tuple[str, str], operator_id: int, currency: str, clock: Clock) -> None:
        self.name = "dtone"
        self._wire = Wire(remote, login, clock)
        self._operator_id, self._currency = str(operator_id), currency
        self._clock = clock

    @property
    def allowance(self) -> Allowance | None:
        return self._wire.allowance

    def sim(self, number: SimNumber) -> Sim:
        """The operator's plans, and what is left on the card where DT One says so at once."""
        plans = self._plans()
        active = True
        try:
            active = self._is_active(number)
            left_mb, until = answers.left_of(self._ask_about(number, "benefits"))
        except Refused:
            raise
        except NoAnswer:  # what is left is a courtesy: without it, the plans can be sold as well
            return Sim(number, self.name, plans, active)
        return Sim(number, self.name, plans, active, left_mb, until, self._clock.now())

    def top_up(self, request: TopUp) -> Delivered | Processing:
        """Order it, or adopt what our reference became; confirm what waits for it; read DT One's record back."""
        reply = self._wire.act("async/transactions", _wish(request))
        if reply.status == 201:
            record = reply.record()
        elif codes.codes_in(reply) == [codes.USED]:
            known = self._known(request)
            if not known:
                return Processing("", "DT One says that our reference is used, and does not list it yet")
            record = known[0]
        else:
            raise codes.refusal(reply)
        if answers.state_of(record) == State.CREATED and not answers.contradiction(record, request):
            record = self._confirmed(record, request)
        return self._read_back(record, request)

    def look_up(self, request: TopUp) -> Delivered | Processing | Absent | NotDelivered:
        """DT One's transactions of our reference. Absent proves nothing: how soon one is listed is not documented."""
        return answers.verdict(self._find(request), request)

    def shown(self, request: TopUp, times: int) -> Shown:
        """See abilities.ShowsTopUps. DT One tells one sum of what is left, of no plan; some operators tell nothing."""
        reply = self._ask_about(request.sim_number, "benefits")
        if reply.status == 200:
            return answers.shown(answers.on_the_sim(reply, self._clock.now()), self._plan(request.plan_id))
        error = codes.refusal(reply)
        if isinstance(error, Refused) and not error.code:
            return Shown(None, f"what the SIM shows cannot be told ({error})")
        raise error

    def balance(self) -> Money:
        """See abilities.HasFloat."""
        reply = self._wire.get("balances")
        if reply.status != 200:
            raise codes.refusal(reply)
        return answers.balance_of(reply, self._currency)

    def listed(self, prefix: str, since: datetime, until: datetime) -> tuple[Listed, ...]:
        """See abilities.Lists. DT One shows 24 hours at a time; both ends of them count."""
        found: dict[int, Listed] = {}
        while since < until:
            end = min(since + timedelta(hours=24), until)
            window = {"from_date": since.isoformat(), "to_date": end.isoformat()}
            for record in self._wire.pages("transactions", **window):
                if (entry := answers.listed(record)).reference.startswith(prefix):
                    found[answers.id_of(record)] = entry
            since = end
        return tuple(found.values())

    def promotions(self) -> tuple[ProviderPromotion, ...]:
        """See abilities.TellsPromotions: those of our operator."""
        records = self._wire.pages("promotions", operator_id=self._operator_id)
        return tuple(found for found in map(answers.promotion_of, records) if found)

    # --- plans ---------------------------------------------------------------------------------------------------

    def _plans(self) -> tuple[Plan, ...]:
        service = str(answers.ESIM)
        records = self._wire.pages("products", type=answers.KIND, service_id=service, operator_id=self._operator_id)
        plans = tuple(plan for plan in map(answers.plan_of, records) if plan)
        if records and not plans:
            raise Unreachable("DT One lists plans, and none of them can be read.", sent=True)
        return plans

    def _plan(self, id: str) -> Plan | None:
        """One plan of the catalogue; None where it is gone, or DT One does not say."""
        try:
            reply = self._wire.get(f"products/{id}")
            return answers.plan_of(reply.record()) if reply.status == 200 else None
        except NoAnswer:
            return None

    def _is_active(self, number: SimNumber) -> bool:
        """Whether the card was ever in use; True where its operator does not say. Refused for a stranger's card."""
        reply = self._ask_about(number, "status")
        if reply.status == 200:
            return reply.record().get("activation_date") is not None
        error = codes.refusal(reply)
        if isinstance(error, Refused) and error.code:
            raise error
        return True

    def _ask_about(self, number: SimNumber, what: str) -> Reply:
        body = {"service_id": answers.ESIM, "credit_party_identifier": {"account_number": number}}
        return self._wire.ask(f"lookup/credit-party-{what}", body, COURTESY_S)

    # --- transactions --------------------------------------------------------------------------------------------

    def _find(self, request: TopUp) -> list[dict[str, Any]]:
        """The transactions with exactly our reference. Never Refused: that would read as a no to the top-up itself."""
        reply = self._wire.get("transactions", external_id=request.reference)
        if reply.status == 404 and codes.codes_in(reply) == [codes.NOT_FOUND]:
            return []
        if reply.status != 200:
            error = codes.refusal(reply)
            raise error if isinstance(error, NotNow | Misconfigured) else reply.odd("without its transactions")
        found = answers.entries(reply, "transactions")
        return [record for record in found if record.get("external_id") == request.reference]

    def _known(self, request: TopUp) -> list[dict[str, Any]]:
        """The same, where DT One has something of ours: whatever goes wrong with looking, the top-up is in doubt."""
        try:
            return self._find(request)
        except NoAnswer as error:
            raise Unreachable(f"DT One has our reference, and did not say more: {error}", sent=True) from None

    def _confirmed(self, record: dict[str, Any], request: TopUp) -> dict[str, Any]:
        """Confirm it; cancel what can no longer be confirmed, which is a definite no. In doubt where neither worked."""
        id = answers.id_of(record)
        try:
            reply = self._wire.act(f"async/transactions/{id}/confirm", {})
            if codes.codes_in(reply) == [codes.CONFIRM_TOO_LATE]:
                reply = self._wire.act(f"transactions/{id}/cancel", {})
        except NoAnswer as error:
            raise Unreachable(f"The transaction {id} waits to be confirmed: {error}", sent=True) from None
        if reply.status == 202:
            return reply.record()
        known = [found for found in self._known(request) if answers.state_of(found) != State.CREATED]
        if not known:
            raise reply.odd("that a transaction of ours cannot be confirmed")
        return known[0]

    def _read_back(self, record: dict[str, Any], request: TopUp) -> Delivered | Processing:
        """What became of a transaction that DT One has taken on. Delivered only by what it lists of it."""
        found = answers.verdict([record], request)
        if isinstance(found, NotDelivered):
            raise Refused(found.reason)
        number = answers.number_of(record)
        try:
            found = answers.verdict(self._find(request), request)
        except NoAnswer as error:  # it is taken on: a look that failed says nothing against it
            return Processing(number, str(error))
        if isinstance(found, NotDelivered):
            raise Refused(found.reason)
        return Processing(number, "taken on, not listed yet") if isinstance(found, Absent) else found


def _wish(request: TopUp) -> dict[str, Any]:
    """The transaction, with the card number that makes it a top-up. Raises Refused."""
    if not request.sim_number.strip():
        raise Refused("Without a card number DT One would sell a new eSIM: nothing was sent.")
    if not (request.plan_id.isascii() and request.plan_id.isdigit()):
        raise Refused("This plan is not one of DT One's: nothing was sent.")
    return {
        "external_id": request.reference,
        "product_id": int(request.plan_id),
        "auto_confirm": True,
        "credit_party_identifier": {"account_number": request.sim_number},
    }
