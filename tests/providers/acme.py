"""Acme, a provider that there is not: an adapter written against kiosk/ports.py alone, as an exercise.

Acme's API: `GET sims/ICCID` lists plans; `PUT topups/REFERENCE` orders one, and the same again is the same top-up;
`GET topups/REFERENCE` says what became of it. It refuses in the form {"error": "…"}, and bills in dollars.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import msgspec

from kiosk.errors import BadMoney, Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.identifiers import SimNumber
from kiosk.money import Money
from kiosk.plans import Plan, Sim
from kiosk.ports import Absent, Clock, Delivered, NotDelivered, Processing, TopUp
from kiosk.remote import Remote, Reply, check_address, is_loopback, plain
from kiosk.tables import Seconds, Secret, Table, Text

NO = {"unknown_sim": "it does not know this SIM", "no_such_plan": "it does not sell this plan"}


class Settings(Table, frozen=True, kw_only=True):
    """`[providers.acme]`"""

    base_url: Text = "https://api.acme.example/v1/"
    api_key: Secret
    timeout_s: Seconds = 20.0


def is_live(settings: Settings) -> bool:
    return not is_loopback(settings.base_url)


def build(
    settings: Settings,
    *,
    path: str,
    currency: str,
    state_dir: Path,
    clock: Clock,
    transport: httpx.BaseTransport | None = None,
) -> Acme:
    check_address(settings.base_url, f"{path}.base_url")
    key = settings.api_key.read(f"{path}.api_key")
    return Acme(Remote("Acme", settings.base_url, settings.timeout_s, transport, clock), key)


class Acme:
    """See ports.Provider."""

    repeat_is_lookup = True

    def __init__(self, remote: Remote, key: str) -> None:
        self.name = "acme"
        self._remote, self._headers = remote, {"X-Api-Key": key}

    def sim(self, number: SimNumber) -> Sim:
        reply = self._remote.send("GET", f"sims/{number}", changes=False, headers=self._headers)
        offered = reply.record().get("plans") if reply.status == 200 else None
        if not isinstance(offered, list):
            raise refusal(reply)
        return Sim(number, self.name, tuple(plan for plan in map(plan_of, offered) if plan))

    def top_up(self, request: TopUp) -> Delivered | Processing:
        body = msgspec.json.encode({"iccid": request.sim_number, "plan": request.plan_id})
        headers = self._headers | {"Content-Type": "application/json"}
        reply = self._remote.send("PUT", f"topups/{request.reference}", changes=True, headers=headers, content=body)
        if reply.status not in (200, 201):
            raise refusal(reply)
        found = verdict(reply, request)  # a PUT answers with Acme's own record, so nothing need be read back
        if isinstance(found, NotDelivered):
            raise Refused(found.reason)
        return found

    def look_up(self, request: TopUp) -> Delivered | Processing | Absent | NotDelivered:
        reply = self._remote.send("GET", f"topups/{request.reference}", changes=False, headers=self._headers)
        if reply.status == 200:
            return verdict(reply, request)
        if reply.status == 404 and reply.record().get("error") == "no_such_topup":
            return Absent()
        error = refusal(reply)
        raise reply.odd("without the top-up") if isinstance(error, Refused) else error  # never a no


def plan_of(told: Any) -> Plan | None:
    """One plan, or None where it cannot be read: then it is not sold."""
    try:
        cost = Money.parse(told["price"], "USD")
        return Plan(str(told["id"]), plain(told["name"]), int(told["mb"]), int(told["days"]), cost)
    except (KeyError, TypeError, ValueError, BadMoney):
        return None


def verdict(reply: Reply, request: TopUp) -> Delivered | Processing | NotDelivered:
    told = reply.record()
    ours = {"reference": request.reference, "iccid": request.sim_number, "plan": request.plan_id}
    if {key: told.get(key) for key in ours} != ours:
        return Processing(said="Acme has our reference with another card or plan")
    number = plain(told.get("number"), 40)
    if told.get("state") == "failed":
        return NotDelivered("Acme's own record says that it failed.")
    return Delivered(number) if told.get("state") == "done" else Processing(number, plain(told.get("state"), 40))


def refusal(reply: Reply) -> NoAnswer:
    try:
        error = reply.record().get("error")
    except Unreachable as odd:
        return odd
    if error in NO and reply.status == 422:
        return Refused(f"Acme refuses: {NO[error]}.", code="unknown_sim" if error == "unknown_sim" else "")
    if error in ("no_credit", "too_many"):
        return NotNow(f"Acme cannot do it for now ({error}).", retry_after_s=reply.retry_after_s)
    return Misconfigured("Acme refuses our api_key.") if reply.status == 401 else reply.odd("with an error")
