"""What Reloadly's answers look like: operators, top-ups, promotions, commissions. Pure.

Keys and types are those of the answers in the vendor's own SDKs and of its OpenAPI document (docs/providers.md).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from kiosk.sandbox import reloadly_facts as facts
from kiosk.sandbox.reloadly_books import Row, Rows, balance, debited, status_of
from kiosk.sandbox.reloadly_facts import Operator
from kiosk.sandbox.reloadly_wire import number, stamp

SYMBOLS = {"USD": "$", "MXN": "$"}


def country(iso: str) -> dict[str, Any]:
    found = facts.COUNTRIES[iso]
    told = {"isoName": iso, "name": found.name, "currencyCode": found.currency, "currencyName": found.currency_name}
    told |= {"currencySymbol": SYMBOLS[found.currency], "flag": f"https://training.example/{iso.lower()}.svg"}
    return told | {"callingCodes": [found.calling_code]}


def operator(found: Operator, *, suggested: bool = False, mapped: bool = False) -> dict[str, Any]:
    there = facts.COUNTRIES[found.country]
    local = found.local or (None, None)
    amounts = [Decimal(amount) for amount in found.fixed]
    hints = _suggestions(found) if suggested or mapped else []
    told: dict[str, Any] = {"id": found.id, "operatorId": found.id, "name": found.name, "bundle": found.bundle}
    told |= {"data": found.data, "comboProduct": False, "pin": found.pin, "supportsLocalAmounts": bool(found.local)}
    told |= {"supportsGeographicalRechargePlans": False, "denominationType": "FIXED" if found.fixed else "RANGE"}
    told |= {"senderCurrencyCode": "USD", "senderCurrencySymbol": "$", "destinationCurrencyCode": there.currency}
    told |= {"destinationCurrencySymbol": SYMBOLS[there.currency], "commission": number(found.discount)}
    told |= {"internationalDiscount": number(found.discount), "localDiscount": 0, "mostPopularAmount": None}
    told |= {"mostPopularLocalAmount": None, "minAmount": number(found.least), "maxAmount": number(found.most)}
    told |= {"localMinAmount": number(local[0]), "localMaxAmount": number(local[1])}
    told |= {"country": {"isoName": found.country, "name": there.name}}
    told |= {"fx": {"rate": number(found.rate), "currencyCode": there.currency}, "logoUrls": []}
    told |= {"fixedAmounts": [number(amount) for amount in amounts]}
    told |= {"fixedAmountsDescriptions": {amount: words for amount, words in found.fixed.items() if words}}
    told |= {"localFixedAmounts": [], "localFixedAmountsDescriptions": {}}
    told |= {"suggestedAmounts": [number(hint) for hint in hints] if suggested else []}
    told |= {"suggestedAmountsMap": {str(hint): number(hint * found.rate) for hint in hints} if mapped else {}}
    told |= {"geographicalRechargePlans": [], "fees": _fees(found)}
    told |= {"promotions": [promotion(id) for id, one in facts.PROMOTIONS.items() if one[0] == found.id]}
    return told | {"status": "ACTIVE" if found.active else "INACTIVE"}


def _suggestions(found: Operator) -> list[Decimal]:
    if found.least is None or found.most is None:
        return []
    return [Decimal(amount) for amount in (5, 10, 20, 30, 50) if found.least <= amount <= found.most]


def _fees(found: Operator) -> dict[str, Any]:
    told = {"international": number(found.fee), "internationalPercentage": number(found.fee_percent)}
    return told | {"local": 0, "localPercentage": 0}


def commission(found: Operator) -> dict[str, Any]:
    told: dict[str, Any] = {"percentage": number(found.discount), "internationalPercentage": number(found.discount)}
    named = {"id": found.id, "operatorId": found.id, "name": found.name, "countryCode": found.country}
    named |= {"data": found.data, "bundle": found.bundle, "status": found.active}
    return told | {"localPercentage": 0, "updatedAt": "2026-10-01 06:57:06", "operator": named}


def promotion(id: int) -> dict[str, Any]:
    operator_id, title, second, description, start, end, amounts = facts.PROMOTIONS[id]
    told = {"id": id, "promotionId": id, "operatorId": operator_id, "title": title, "title2": second}
    told |= {"description": description, "startDate": start, "endDate": end, "denominations": amounts}
    return told | {"localDenominations": None}


def top_up(row: Row, rows: Rows, now: float, *, listed: bool = False, silent: bool = False) -> dict[str, Any]:
    """A top-up at this moment. In a list it has no balance; `silent` leaves its status out, as older answers did."""
    found, amount = facts.OPERATORS[row["operator_id"]], Decimal(row["amount"])
    currency = facts.COUNTRIES[found.country].currency
    sent = amount / found.rate if row["local"] else amount
    told: dict[str, Any] = {"transactionId": row["id"]} | ({} if silent else {"status": status_of(row, now)})
    told |= {"operatorTransactionId": None, "customIdentifier": row["custom_identifier"]}
    told |= {"recipientPhone": row["phone"], "recipientEmail": None, "senderPhone": row["sender"]}
    told |= {"countryCode": found.country, "operatorId": found.id, "operatorName": found.name}
    told |= {"discount": number(discount(found, sent, bool(row["local"]))), "discountCurrencyCode": "USD"}
    told |= {"requestedAmount": number(amount), "requestedAmountCurrencyCode": currency if row["local"] else "USD"}
    told |= {"deliveredAmount": number(sent * found.rate), "deliveredAmountCurrencyCode": currency}
    told |= {
        "transactionDate": stamp(row["at"]),
        "fee": number(found.fee),
        "pinDetail": pin(row) if found.pin else None,
    }
    return told | {"balanceInfo": None if listed else _balance_info(row, rows, now)}


def discount(found: Operator, sent: Decimal, local: bool) -> Decimal:
    """What is taken off, in USD: nothing in the local currency, nor where there is a fee in percent (measured)."""
    return Decimal(0) if local or found.fee_percent else round(sent * found.discount / 100, 5)


def _balance_info(row: Row, rows: Rows, now: float) -> dict[str, Any]:
    before = balance((one for one in rows if one["id"] < row["id"]), rows.credit, now)
    cost = debited(row, now)
    told = {"oldBalance": number(before), "newBalance": number(before - cost), "cost": number(cost)}
    return told | {"currencyCode": "USD", "currencyName": "US Dollar", "updatedAt": stamp(row["at"])}


def pin(row: Row) -> dict[str, Any]:
    told = {"serial": str(row["id"] % 10**6), "info1": "DIAL *611", "info2": "DIAL *611", "info3": "DIAL *611"}
    return told | {"value": None, "code": f"7737{row['id']:011d}", "ivr": "1-888-888-8888", "validity": "30 days"}


def status(row: Row, rows: Rows, now: float) -> dict[str, Any]:
    """The live state of a top-up: no top-up in it while that is PROCESSING."""
    said = status_of(row, now)
    code = "TOPUP_TRANSACTION_FAILED" if said == facts.FAILED else None
    told = {"code": code, "message": facts.CODES[code][1] if code else None, "status": said}
    return told | {"transaction": None if said == facts.PROCESSING else top_up(row, rows, now)}
