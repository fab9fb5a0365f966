"""What may be asked of DT One: a wish for a transaction, a question about a SIM, a search. Reads and checks only.

It raises Refusal, in DT One's words. What the schema of the OpenAPI document does not allow is 1000400.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from kiosk.sandbox import dtone_facts as facts
from kiosk.sandbox import dtone_shapes as shapes
from kiosk.sandbox.dtone_books import Row, Wish, status_of
from kiosk.sandbox.dtone_facts import Product, Sim, SimKind
from kiosk.sandbox.dtone_wire import Refusal, whole
from kiosk.sandbox.knobs import Knobs

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
DAY_S = 86_400.0


def text(body: Mapping[str, Any], name: str, length_max: int) -> str:
    found = body.get(name)
    if not isinstance(found, str) or not found.strip() or len(found) > length_max:
        raise Refusal(1000400, f"{name} must be a text of 1 to {length_max} characters.")
    return found


def party(body: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The account number (the ICCID) and the mobile number of `credit_party_identifier`, where they are given."""
    found = body.get("credit_party_identifier")
    if found is None:
        return None, None
    if not isinstance(found, dict) or not found:
        raise Refusal(1000400, "credit_party_identifier must be an object that is not empty.")
    mobile = found.get("mobile_number")
    if mobile is not None and not (isinstance(mobile, str) and E164.fullmatch(mobile)):
        raise Refusal(1005003)
    return text(found, "account_number", 90) if "account_number" in found else None, mobile


def wish_for(body: Mapping[str, Any], rows: list[Row], knobs: Knobs) -> Wish:
    """What a request for a transaction asks for, and how it will end."""
    external_id, product_id = text(body, "external_id", 40), body.get("product_id")
    if type(product_id) is not int or product_id < 1:
        raise Refusal(1000400, "product_id must be a positive integer.")
    confirmed = body.get("auto_confirm", False)
    if type(confirmed) is not bool:
        raise Refusal(1000400, "auto_confirm must be a boolean.")
    account, mobile = party(body)
    product = facts.PRODUCTS.get(product_id)
    if product is None:
        raise Refusal(1003001)
    if product.service != facts.ESIM and mobile is None:
        raise Refusal(1005003)
    if product.needs_purchaser and not body.get("additional_identifier"):
        raise Refusal(1000400, "additional_identifier is required by this product.")
    outcome, takes_s = ending(product, account if product.service == facts.ESIM else mobile, rows)
    return Wish(
        external_id,
        product_id,
        account,
        mobile,
        text(body, "callback_url", 2000) if "callback_url" in body else None,
        confirmed and not knobs.get("stays_created"),
        knobs.get("takes_s", takes_s),
        facts.UNAVAILABLE if knobs.get("ends_rejected") else outcome,
        knobs.get("reverses_s"),
        product.cost_cents + product.fee_cents,
    )


def ending(product: Product, number: str | None, rows: list[Row]) -> tuple[str, float]:
    """How a transaction ends, and after how many seconds."""
    if number is None:  # nothing to top up: a new eSIM is bought
        return "COMPLETED", 0.0
    if found := facts.special(number):
        return found
    if product.service != facts.ESIM:
        return "COMPLETED", 0.0
    sim = sim_of(number, rows)
    if sim is None:
        return "DECLINED-INVALID-CREDIT-PARTY", 0.0
    return ("COMPLETED" if sim.operator == product.operator else "DECLINED-INELIGIBLE-CREDIT-PARTY"), 0.0


def sim_of(iccid: str, rows: list[Row]) -> Sim | None:
    """A training SIM, one whose digits say how it ends, or one that was bought here."""
    if iccid in facts.SIMS:
        return facts.SIMS[iccid]
    if facts.special(iccid):
        return Sim(iccid, SimKind.ACTIVE)
    for row in rows:
        product = facts.PRODUCTS[row["product_id"]]
        if row["account_number"] is None and product.service == facts.ESIM and shapes.bought(row) == iccid:
            return Sim(iccid, SimKind.NEW, product.operator, max(0, product.megabytes))
    return None


def asked_sim(body: Mapping[str, Any], rows: list[Row]) -> Sim:
    """The SIM that a look-up asks about."""
    if body.get("service_id") != facts.ESIM:
        raise Refusal(1000400 if type(body.get("service_id")) is not int else 1005004)
    account, _ = party(body)
    if account is None:
        raise Refusal(1000400, "credit_party_identifier is required.")
    sim = sim_of(account, rows)
    if sim is None:
        raise Refusal(1005003)
    if sim.kind is SimKind.SILENT:
        raise Refusal(1007500)
    return sim


def products_for(asked: Mapping[str, str]) -> list[Product]:
    """The products of a search. Raises Refusal for a country, service or operator that there is not."""
    service, operator = whole(asked, "service_id"), whole(asked, "operator_id")
    country, kinds = asked.get("country_iso_code"), asked.get("benefit_types", "").split(",")
    if service is not None and service not in facts.SERVICES:
        raise Refusal(1005004)
    if country is not None and country not in facts.COUNTRIES:
        raise Refusal(1005005)
    if operator is not None and operator not in facts.OPERATORS:
        raise Refusal(1005006)
    return [
        product
        for product in facts.PRODUCTS.values()
        if asked.get("type", product.type) == product.type
        and service in (None, product.service)
        and country in (None, product.operator.country)
        and operator in (None, product.operator.id)
        and (kinds == [""] or shapes.benefits(product)[0]["type"] in kinds)
    ]


def search(asked: Mapping[str, str], rows: list[Row], now: float) -> list[Row]:
    """The transactions of a search, oldest first; the last 24 hours where neither dates nor an id are given."""
    external_id, since, until = asked.get("external_id"), _moment(asked, "from_date"), _moment(asked, "to_date")
    if since is not None and (until if until is not None else now) - since > DAY_S:
        raise Refusal(1000400, "The window between from_date and to_date can not exceed 24 hours.")
    if external_id is None and since is None:
        since = (until if until is not None else now) - DAY_S
    status_id, account = whole(asked, "status_id"), asked.get("credit_party_account_number")
    found = [
        row
        for row in rows
        if external_id in (None, row["external_id"])
        and account in (None, row["account_number"])
        and (since is None or row["at"] >= since)
        and (until is None or row["at"] <= until)
        and status_id in (None, shapes.status(status_of(row, now))["id"])
    ]
    if external_id is not None and not found:
        raise Refusal(1008004)
    return found


def _moment(asked: Mapping[str, str], name: str) -> float | None:
    told = asked.get(name)
    if told is None:
        return None
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        raise Refusal(1000400, f"{name} must be a date and time.") from None
    return at.replace(tzinfo=at.tzinfo or UTC).timestamp()
