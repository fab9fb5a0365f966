"""What DT One's answers look like: products, transactions, promotions, what is left on a SIM. Pure.

Keys and types are those of the OpenAPI document of DVS 1.23.0; a price is a number with a unit beside it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from stdnum import luhn

from kiosk.sandbox import dtone_facts as facts
from kiosk.sandbox.dtone_books import Row, status_of
from kiosk.sandbox.dtone_facts import Operator, Product

NOTHING_REQUIRED: dict[str, Any] = {
    "required_debit_party_identifier_fields": None,
    "required_credit_party_identifier_fields": None,
    "required_sender_fields": None,
    "required_beneficiary_fields": None,
    "required_statement_identifier_fields": None,
    "required_additional_identifier_fields": None,
}


def stamp(at: float) -> str:
    """As in a published answer: nine digits after the point."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S.%f}000Z"


def units(cents: int | None) -> float | None:
    return None if cents is None else cents / 100


def money(cents: int | None, fee_cents: int | None = None, *, fee: bool = False) -> dict[str, Any]:
    told = {"unit_type": "CURRENCY", "unit": "USD", "amount": units(cents)}
    return told | {"fee": units(fee_cents or 0)} if fee else told


def country(code: str) -> dict[str, Any]:
    return {"name": facts.COUNTRIES[code], "iso_code": code, "regions": None}


def operator(found: Operator) -> dict[str, Any]:
    return {"id": found.id, "name": found.name, "country": country(found.country), "regions": None}


def service(id: int) -> dict[str, Any]:
    return {"id": id, "name": facts.SERVICES[id]}


def base(product: Product) -> dict[str, Any]:
    """What of a product stands in a transaction, too."""
    return {
        "id": product.id,
        "name": product.name,
        "description": "",
        "tags": None,
        "type": product.type,
        "service": service(product.service),
        "operator": operator(product.operator),
        "regions": [{"name": facts.COUNTRIES["USA"], "code": "USA"}],
    }


def prices(product: Product) -> dict[str, Any]:
    retail = None if product.retail_cents is None else money(product.retail_cents, fee=True)
    return {"wholesale": money(product.cost_cents, product.fee_cents, fee=True), "retail": retail}


def rates(product: Product) -> dict[str, Any]:
    worth = product.retail_cents or product.cost_cents
    retail = None if product.retail_cents is None else round(worth / product.retail_cents, 15)
    return {"base": 1.0, "wholesale": round(worth / product.cost_cents, 15), "retail": retail}


def benefits(product: Product) -> list[dict[str, Any]]:
    data = product.service == facts.ESIM
    total = product.amount if product.amount == -1 else product.amount + product.bonus
    amount = {"base": product.amount, "promotion_bonus": product.bonus}
    amount |= {"total_excluding_tax": total, "total_including_tax": total}
    kind = {"type": "DATA" if data else "CREDITS", "unit_type": "DATA" if data else "CURRENCY", "unit": product.unit}
    return [kind | {"amount": amount, "additional_information": None}]


def promotions(product: Product) -> list[dict[str, Any]] | None:
    found = [head(id) for id, told in facts.PROMOTIONS.items() if told[0] == product.id]
    return found or None


def head(id: int) -> dict[str, Any]:
    """A promotion as it stands in a product."""
    _, title, description, start, end = facts.PROMOTIONS[id]
    told = {"id": id, "title": title, "description": description, "terms": None}
    return told | {"start_date": start, "end_date": end}


def promotion(id: int) -> dict[str, Any]:
    """A promotion as it stands in their list."""
    product = facts.PRODUCTS[facts.PROMOTIONS[id][0]]
    by = product.operator
    where = {"name": facts.COUNTRIES[by.country], "iso_code": by.country}
    listed = {"id": product.id, "name": product.name, "description": "", "type": product.type}
    return head(id) | {"operator": {"id": by.id, "name": by.name, "country": where}, "products": [listed]}


def product(found: Product) -> dict[str, Any]:
    worth = found.retail_cents or found.cost_cents
    told = base(found) | NOTHING_REQUIRED
    if found.service != facts.ESIM:
        told["required_credit_party_identifier_fields"] = [["mobile_number"]]
    if found.needs_purchaser:
        told["required_additional_identifier_fields"] = [["purchaser_id"]]
    if found.service == facts.ESIM:
        told["pin"] = {"usage_info": None, "validity": None, "terms": None}
    return told | {
        "validity": {"unit": found.validity_unit, "quantity": found.validity},
        "availability_zones": ["INTERNATIONAL"],
        "source": money(worth),
        "destination": money(worth),
        "prices": prices(found),
        "rates": rates(found),
        "benefits": benefits(found),
        "promotions": promotions(found),
    }


def status(message: str) -> dict[str, Any]:
    name = message.partition("-")[0]
    id = facts.CLASSES[name]
    return {
        "id": facts.STATUS_IDS.get(message, id * 10_000),
        "message": message,
        "class": {"id": id, "message": name},
    }


def transaction(row: Row, now: float, said: str = "") -> dict[str, Any]:
    """A transaction at this moment; `said` stands instead of the status it has by now. What is empty is left out."""
    found, message = facts.PRODUCTS[row["product_id"]], said or status_of(row, now)
    told = {
        "id": row["id"],
        "external_id": row["external_id"],
        "creation_date": stamp(row["at"]),
        "confirmation_expiration_date": stamp(row["at"] + facts.CONFIRM_WITHIN_S),
        "status": status(message),
        "product": base(found),
        "prices": prices(found),
        "rates": rates(found),
        "benefits": benefits(found),
        "promotions": promotions(found),
    }
    if row["confirmed_at"] is not None:
        told["confirmation_date"] = stamp(row["confirmed_at"])
    parties = {name: row[name] for name in ("account_number", "mobile_number") if row[name]}
    if parties:
        told["credit_party_identifier"] = parties
    if row["callback_url"]:
        told["callback_url"] = row["callback_url"]
    if message in ("COMPLETED", "REVERSED"):
        told |= {"operator_reference": f"TR{row['id']}", "pin": pin(row)}
        told |= {"metadata": metadata(row, found)} if found.service == facts.ESIM else {}
    return told


def bought(row: Row) -> str:
    """The ICCID of the eSIM that a transaction without one has bought; it ends in no special digits."""
    body = f"894450{row['id']:010d}78"
    return body + str(luhn.calc_check_digit(body))


def pin(row: Row) -> dict[str, Any] | None:
    """A new eSIM is told as a PIN; a top-up has none, but for the numbers that ask for one."""
    account = row["account_number"]
    if account is None:
        return {"code": f"LPA:1$training.example${row['id']}", "serial": bought(row)}
    if facts.SPECIAL.fullmatch(account) and account.endswith("1"):
        return {"code": f"{row['id'] % 10**6:06}", "serial": str(row["id"])}
    return None


def metadata(row: Row, found: Product) -> dict[str, Any]:
    """What has become of the eSIM. Only a new one has a profile."""
    size = {"amount": max(0, found.megabytes), "unit": "MB"}
    left: dict[str, Any] = {"size": size, "validity": {"quantity": abs(found.validity), "unit": found.validity_unit}}
    left |= {"country_set": found.operator.country, "extended_data_policy": {"type": "STANDARD"}}
    if found.megabytes < 0:
        left["extended_data_policy"] = {"type": "UNLIMITED"}
    if row["account_number"] is not None:
        return {"type": "ESIM", "activation_type": "TOP_UP", "balance": left}
    code = f"LPA:1$training.example${row['id']}"
    links = {name: f"https://training.example/{name}/{row['id']}" for name in ("apple", "android", "install")}
    profile = {"iccid": bought(row), "activation_code": code, "apple_universal_link": links["apple"]}
    profile |= {"android_universal_link": links["android"], "installation_url": links["install"]}
    return {"type": "ESIM", "activation_type": "DATA_PLAN", "balance": left, "profile": profile}
