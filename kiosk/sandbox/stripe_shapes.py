"""Stripe's objects as it writes them (API 2026-08-26.dahlia): tests hold each against its published schemas."""

from __future__ import annotations

from typing import Any

Thing = dict[str, Any]

VERSION = "2026-08-26.dahlia"
API_ERROR_SINCE = "2026-05-27"
HOLD_S = 2 * 86_400
"""How long an authorization on a reader holds, as Stripe's Terminal pages say; networks allow more."""
AVAILABLE_S = 2 * 86_400
"""How long money that was taken is pending in the balance (two business days in the US, days here)."""

DECLINES = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "lost_card": "Your card was declined.",
    "stolen_card": "Your card was declined.",
    "call_issuer": "Your card was declined.",
    "incorrect_pin": "Your card was declined.",
    "withdrawal_count_limit_exceeded": "Your card was declined.",
    "pin_try_exceeded": "Your card was declined.",
    "expired_card": "Your card has expired.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
}
OWN_CODE = ("expired_card", "processing_error")
"""Declines that are a code of their own; the others are `card_declined` with a decline_code."""

BAD_CARDS = {
    "4000000000000002": "generic_decline",
    "4000000000009995": "insufficient_funds",
    "4000000000009987": "lost_card",
    "4000000000009979": "stolen_card",
    "4000000000000069": "expired_card",
    "4000000000000119": "processing_error",
}
BAD_ENDINGS = {
    1: "call_issuer",
    5: "generic_decline",
    55: "incorrect_pin",
    65: "withdrawal_count_limit_exceeded",
    75: "pin_try_exceeded",
}
"""The last two digits of an amount that decline every test card; those of 05 are documented, the others remembered."""

BRANDS = (  # by the card's first digits: brand, its application identifier, its name
    ("4", "visa", "A0000000031010", "Visa Credit"),
    ("34", "amex", "A000000025010801", "AMERICAN EXPRESS"),
    ("37", "amex", "A000000025010801", "AMERICAN EXPRESS"),
    ("5", "mastercard", "A0000000041010", "Mastercard"),
    ("2", "mastercard", "A0000000041010", "Mastercard"),
    ("62", "unionpay", "A000000333010102", "UnionPay Credit"),
    ("6", "discover", "A0000001523010", "Discover"),
)


def decline_of(number: str, amount: int) -> str:
    """The decline code of this card for this amount; empty where it is approved."""
    return BAD_CARDS.get(number) or BAD_ENDINGS.get(amount % 100, "")


def brand_of(number: str) -> tuple[str, str, str]:
    found = [row for row in BRANDS if number.startswith(row[0])]
    _, *rest = max(found, key=lambda row: len(row[0]), default=("", "unknown", "A0000000000000", ""))
    return rest[0], rest[1], rest[2]


def intent(id: str, wish: Thing, now: float) -> Thing:
    return {
        "id": id,
        "object": "payment_intent",
        "amount": wish["amount"],
        "amount_capturable": 0,
        "amount_received": 0,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": wish["capture_method"],
        "client_secret": f"{id}_secret_sandbox",
        "confirmation_method": "automatic",
        "created": int(now),
        "currency": wish["currency"],
        "customer": None,
        "description": wish["description"],
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": wish["metadata"],
        "next_action": None,
        "payment_method": None,
        "payment_method_types": ["card_present"],
        "status": "requires_payment_method",
    }


def charge(id: str, paid_by: Thing, number: str, decline: str, now: float, *, held_s: float, how: str) -> Thing:
    """An authorization, or a decline: both are charges. `paid_by` is its intent; the card's number is not in it."""
    return {
        "id": id,
        "object": "charge",
        "amount": paid_by["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "billing_details": {"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
        "captured": False,
        "created": int(now),
        "currency": paid_by["currency"],
        "customer": None,
        "description": paid_by["description"],
        "disputed": False,
        "failure_code": None if not decline else _code(decline),
        "failure_message": DECLINES.get(decline),
        "livemode": False,
        "metadata": paid_by["metadata"],
        "paid": not decline,
        "payment_intent": paid_by["id"],
        "payment_method_details": {
            "type": "card_present",
            "card_present": _card_present(number, now, held_s, how, approved=not decline),
        },
        "refunded": False,
        "status": "failed" if decline else "succeeded",
    }


def _card_present(number: str, now: float, held_s: float, how: str, *, approved: bool) -> Thing:
    brand, application, name = brand_of(number)
    until = {"capture_before": int(now + held_s)} if approved else {}
    return until | {
        "brand": brand,
        "cardholder_name": None,
        "country": "US",
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": "SANDBOX" + number[-4:],
        "funding": "credit",
        "generated_card": None,
        "incremental_authorization_supported": False,
        "last4": number[-4:],
        "network": brand,
        "overcapture_supported": False,
        "preferred_locales": ["en"],
        "read_method": how,
        "receipt": {
            "account_type": "credit",
            "application_cryptogram": "E0E5A3E0A1B1C7D4",
            "application_preferred_name": name,
            "authorization_code": "123456" if approved else None,
            "authorization_response_code": "3030" if approved else "3035",
            "cardholder_verification_method": "approval",
            "dedicated_file_name": application,
            "terminal_verification_results": "0000000000",
            "transaction_status_information": "0000",
        },
    }


def _code(decline: str) -> str:
    return decline if decline in OWN_CODE else "card_declined"


def card_error(decline: str, charge_id: str) -> Thing:
    """As `last_payment_error` of the intent, and as `api_error` of the reader."""
    said: Thing = {"type": "card_error", "code": _code(decline), "message": DECLINES[decline], "charge": charge_id}
    return said | ({} if decline in OWN_CODE else {"decline_code": decline})


def refund(id: str, of: Thing, amount: int, wish: Thing, now: float, status: str) -> Thing:
    return {
        "id": id,
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": of["latest_charge"],
        "created": int(now),
        "currency": of["currency"],
        "metadata": wish["metadata"],
        "payment_intent": of["id"],
        "reason": wish["reason"],
        "receipt_number": None,
        "status": status,
    }


def balance(id: str, type: str, source: Thing, amount: int, fee: int, now: float) -> Thing:
    """What one movement does to our balance at Stripe: positive where it comes in. `source` is a charge or a refund."""
    detail = {"amount": fee, "application": None, "currency": source["currency"], "type": "stripe_fee"}
    return {
        "id": id,
        "object": "balance_transaction",
        "amount": amount,
        "available_on": int(now + AVAILABLE_S),
        "balance_type": "payments",
        "created": int(now),
        "currency": source["currency"],
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [detail | {"description": "Stripe processing fees"}] if fee else [],
        "net": amount - fee,
        "reporting_category": type,
        "source": source["id"],
        "status": "pending",
        "type": type,
    }


def reader(id: str, label: str, location: str | None, device: str = "simulated_wisepos_e") -> Thing:
    return {
        "id": id,
        "object": "terminal.reader",
        "action": None,
        "device_sw_version": "2.42.0.1",
        "device_type": device,
        "ip_address": "192.0.2.17",
        "label": label,
        "last_seen_at": None,
        "livemode": False,
        "location": location,
        "metadata": {},
        "serial_number": f"SIMULATOR-{id[-8:]}",
        "status": "online",
    }


def action(intent_id: str, config: Thing) -> Thing:
    """What the reader is asked to do, as it begins."""
    return {
        "type": "process_payment_intent",
        "status": "in_progress",
        "failure_code": None,
        "failure_message": None,
        "api_error": None,
        "process_payment_intent": {"payment_intent": intent_id, "process_config": config},
    }


def listed(url: str, data: list[Thing], *, has_more: bool = False) -> Thing:
    return {"object": "list", "url": url, "has_more": has_more, "data": data}
