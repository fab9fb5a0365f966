"""What a merchant may ask of Antom: the fields of a wish, checked. Raises Refusal (PARAM_ILLEGAL).

Every scalar is a text, numbers and truth values too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kiosk.sandbox import antom_facts as facts
from kiosk.sandbox.antom_books import Refusal, Row
from kiosk.sandbox.antom_shapes import id_in

NUMBER = r"[0-9A-Za-z_]{1,64}"
MERCHANT = (
    ("merchant", "referenceMerchantId"),
    ("merchant", "merchantMCC"),
    ("merchant", "merchantName"),
    ("merchant", "store", "referenceStoreId"),
    ("merchant", "store", "storeName"),
    ("merchant", "store", "storeMCC"),
)
TERMINAL = (("env", "storeTerminalId"), ("env", "storeTerminalRequestTime"))


def pay_wish(body: Mapping[str, Any], now: float) -> Row:
    """A payment by an order code (ours, to be scanned), or by the code of the payer, as paymentFactor says."""
    scenario = _text(body, "paymentFactor", "inStorePaymentScenario", pattern="OrderCode|PaymentCode")
    by_code = scenario == "PaymentCode"
    _text(body, "productCode", pattern="IN_STORE_PAYMENT")
    _text(body, "paymentNotifyUrl", pattern=r"https://\S{1,2040}")
    _text(body, "paymentMethod", "paymentMethodType", pattern="CONNECT_WALLET")
    for path in MERCHANT + (TERMINAL if by_code else ()):
        _text(body, "order", *path, pattern=r"(?s).{1,256}")
    amount, currency = amount_of(body, "paymentAmount")
    if amount_of(body, "order", "orderAmount") != (amount, currency):
        raise _illegal()
    return {
        "request_id": _text(body, "paymentRequestId", pattern=NUMBER),
        "description": _text(body, "order", "orderDescription", pattern=r"(?s).{1,256}"),
        "amount": amount,
        "currency": currency,
        "by_code": by_code,
        "payment_code": _text(body, "paymentMethod", "paymentMethodId", pattern=r"\S{1,128}") if by_code else "",
        "expires_at": _expiry(body, now, facts.CHARGED_S if by_code else facts.EXPIRY_S),
    }


def named(body: Mapping[str, Any]) -> tuple[str, int]:
    """Which payment is meant: by our number, or by Antom's, which counts where both are given."""
    if body.get("paymentId"):
        id = id_in(_text(body, "paymentId", pattern=NUMBER))
        if not id:
            raise Refusal("ORDER_NOT_EXIST")
        return "", id
    return _text(body, "paymentRequestId", pattern=NUMBER), 0


def refund_wish(body: Mapping[str, Any]) -> Row:
    amount, currency = amount_of(body, "refundAmount")
    payment = id_in(_text(body, "paymentId", pattern=NUMBER))
    if not payment:
        raise Refusal("ORDER_NOT_EXIST")
    number = _text(body, "refundRequestId", pattern=NUMBER)
    return {"request_id": number, "payment": payment, "amount": amount, "currency": currency}


def refund_query(body: Mapping[str, Any]) -> str:
    return _text(body, "refundRequestId", pattern=NUMBER)


def amount_of(body: Mapping[str, Any], *path: str) -> tuple[int, str]:
    """Whole units of the smallest kind, as a text, and a currency."""
    value = _text(body, *path, "value", pattern=r"[1-9]\d{0,10}")
    return int(value), _text(body, *path, "currency", pattern="[A-Z]{3}")


def _illegal() -> Refusal:
    return Refusal("PARAM_ILLEGAL")


def _text(body: Any, *path: str, pattern: str) -> str:
    for name in path:
        body = body.get(name) if isinstance(body, Mapping) else None
    if not isinstance(body, str) or not re.fullmatch(pattern, body):
        raise _illegal()
    return body


def _expiry(body: Mapping[str, Any], now: float, default_s: int) -> float:
    told = body.get("paymentExpiryTime")
    if told is None:
        return now + default_s
    try:
        at = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not now < at.timestamp() < now + facts.EXPIRY_MAX_S:
        raise _illegal()
    return at.timestamp()
