"""What may be asked of Reloadly: a wish for a top-up, whose a number is, a search. Reads and checks only.

It raises Refusal, in Reloadly's codes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from kiosk.sandbox import reloadly_facts as facts
from kiosk.sandbox import reloadly_shapes as shapes
from kiosk.sandbox.knobs import Knobs
from kiosk.sandbox.reloadly_books import CENT_PARTS, Row, Wish, status_of
from kiosk.sandbox.reloadly_facts import Operator
from kiosk.sandbox.reloadly_wire import Refusal, flag

SEARCHED_IN = timezone(timedelta(hours=-4))
"""The zone that `startDate` and `endDate` are read in: measured. Times in answers are UTC."""


def operator(id: object) -> Operator:
    """Raises Refusal: OPERATOR_NOT_FOUND."""
    found = facts.OPERATORS.get(int(str(id))) if str(id).isdecimal() and len(str(id)) < 10 else None
    if found is None:
        raise Refusal("OPERATOR_NOT_FOUND")
    return found


def country(iso: str) -> str:
    """Raises Refusal: COUNTRY_NOT_SUPPORTED."""
    if iso.upper() not in facts.COUNTRIES:
        raise Refusal("COUNTRY_NOT_SUPPORTED")
    return iso.upper()


def digits(iso: str, number: object) -> str | None:
    """A phone number as answers have it, international digits without a plus; None where it is none of the country."""
    told = re.sub(r"[\s\-+]", "", str(number))
    code = facts.COUNTRIES[iso].calling_code.removeprefix("+")
    told = told.removeprefix(code) if len(told) == 10 + len(code) else told
    return code + told if re.fullmatch("[2-9][0-9]{9}", told) else None


def detected(iso: str, phone: str) -> Operator:
    """Whose number it is, by its first digits. Raises Refusal: COULD_NOT_AUTO_DETECT_OPERATOR."""
    whole = digits(iso, phone)
    if whole and iso == "MX":
        return facts.OPERATORS[806]
    if whole is None or whole[1:4] not in facts.AREAS:
        raise Refusal("COULD_NOT_AUTO_DETECT_OPERATOR")
    return facts.OPERATORS[facts.AREAS[whole[1:4]]]


def offered(asked: Mapping[str, str], iso: str = "") -> list[Operator]:
    """The operators of a list: those with PINs, data or bundles as it is asked for."""
    return [
        found
        for found in facts.OPERATORS.values()
        if iso in ("", found.country)
        and (not found.bundle or flag(asked, "includeBundles", True))
        and (not found.data or flag(asked, "includeData", True))
        and (not found.pin or flag(asked, "includePin", True))
    ]


def identifier(body: Mapping[str, Any], rows: list[Row]) -> str | None:
    """Our name of a top-up, if it has one. Raises Refusal: INVALID_INPUT_PROVIDED, CUSTOM_IDENTIFIER_ALREADY_USED."""
    told = body.get("customIdentifier")
    if told is None:
        return None
    if not isinstance(told, str) or not 0 < len(told) <= facts.IDENTIFIER_MAX:
        raise Refusal("INVALID_INPUT_PROVIDED", "Maximum length allowed for field customIdentifier is 150")
    if any(row["custom_identifier"] == told for row in rows):
        raise Refusal("CUSTOM_IDENTIFIER_ALREADY_USED")
    return told


def wish_for(body: Mapping[str, Any], rows: list[Row], knobs: Knobs, now: float) -> Wish:
    """What a request for a top-up asks for, and how it will end. The identifier is looked at first: measured."""
    name, sender = identifier(body, rows), None
    for field in ("operatorId", "amount", "recipientPhone"):
        if body.get(field) is None:
            raise Refusal("INVALID_INPUT_PROVIDED", f"Missing required field {field}")
    found = facts.OPERATORS.get(int(str(body["operatorId"]))) if str(body["operatorId"]).isdecimal() else None
    if found is None or not found.active:
        raise Refusal("OPERATOR_UNAVAILABLE_OR_CURRENTLY_INACTIVE")
    phone = _phone(body["recipientPhone"], "INVALID_RECIPIENT_PHONE", found.country)
    if body.get("senderPhone") is not None:
        sender = _phone(body["senderPhone"], "INVALID_SENDER_PHONE")
    local = body.get("useLocalAmount", False)
    amount = _amount(body["amount"], found, local)
    if detected(found.country, phone).network != found.network:
        raise Refusal("OPERATOR_AND_RECIPIENT_PHONE_MISMATCH")
    if code := facts.REFUSED.get(phone[-4:]):
        raise Refusal(code)
    if any(row["phone"] == phone and _was_recharged(row, now) for row in rows):
        raise Refusal("PHONE_RECENTLY_RECHARGED")
    outcome, takes_s = facts.ENDINGS.get(phone[-4:], (facts.SUCCESSFUL, 0.0))
    outcome = facts.FAILED if knobs.get("ends_failed") else facts.REFUNDED if knobs.get("ends_refunded") else outcome
    takes_s = knobs.get("takes_s", takes_s)
    cost = str(cost_of(found, amount, local))
    return Wish(name, found.id, str(amount), local, phone, sender, takes_s, outcome, knobs.get("refunds_s"), cost)


def _was_recharged(row: Row, now: float) -> bool:
    failed = status_of(row, now) in (facts.FAILED, facts.REFUNDED)
    return not failed and now < row["at"] + facts.RECHARGED_S


def _phone(told: Any, code: str, iso: str = "") -> str:
    """The number of `{countryCode, number}`; of the country `iso`, where that is said. Raises Refusal: `code`."""
    there = str(told.get("countryCode", "")).upper() if isinstance(told, dict) else ""
    number = digits(there, told.get("number")) if there in facts.COUNTRIES else None
    if number is None or iso not in ("", there):
        raise Refusal(code)
    return number


def _amount(told: Any, found: Operator, local: Any) -> Decimal:
    """Raises Refusal for an amount that the operator does not take."""
    if type(local) is not bool:
        raise Refusal("INVALID_INPUT_PROVIDED", "useLocalAmount must be true or false")
    try:
        amount = Decimal(str(told))
    except InvalidOperation:
        amount = Decimal(0)
    if not amount.is_finite() or not 0 < amount < 10**6:
        raise Refusal("INVALID_AMOUNT")
    if local:
        if not found.local:
            raise Refusal("LOCAL_AMOUNTS_NOT_SUPPORTED_BY_OPERATOR")
        if not found.local[0] <= amount <= found.local[1]:
            raise Refusal("INVALID_LOCAL_AMOUNT_FOR_OPERATOR")
    elif not found.takes(amount):
        raise Refusal("INVALID_AMOUNT_FOR_OPERATOR")
    return amount


def cost_of(found: Operator, amount: Decimal, local: bool) -> Decimal:
    """What the account is debited: the amount less the discount, and the fees; to five decimals (measured)."""
    sent = amount / found.rate if local else amount
    fees = Decimal(0) if local else sent * found.fee_percent / 100 + found.fee
    return (sent - shapes.discount(found, sent, local) + fees).quantize(CENT_PARTS)


def search(asked: Mapping[str, str], rows: list[Row]) -> list[Row]:
    """The top-ups of a report, oldest first. An identifier is found whatever its case: measured."""
    wanted, since, until = asked.get("customIdentifier"), _moment(asked, "startDate"), _moment(asked, "endDate")
    id, iso, name = asked.get("operatorId"), asked.get("countryCode"), asked.get("operatorName")
    return [
        row
        for row in rows
        if (wanted is None or (row["custom_identifier"] or "").lower() == wanted.lower())
        and (since is None or row["at"] >= since)
        and (until is None or row["at"] <= until)
        and id in (None, str(row["operator_id"]))
        and iso in (None, facts.OPERATORS[row["operator_id"]].country)
        and name in (None, facts.OPERATORS[row["operator_id"]].name)
    ]


def _moment(asked: Mapping[str, str], name: str) -> float | None:
    told = asked.get(name)
    if told is None:
        return None
    try:
        return datetime.strptime(told, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SEARCHED_IN).timestamp()
    except ValueError:
        raise Refusal("INVALID_INPUT_PROVIDED", f"{name} must be like 2026-11-22 00:00:00") from None
