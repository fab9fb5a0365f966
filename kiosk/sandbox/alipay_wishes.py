"""What a merchant may ask of Alipay: the fields of biz_content, checked. Raises Refusal (ACQ.INVALID_PARAMETER)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from kiosk.sandbox import alipay_facts as facts
from kiosk.sandbox.alipay_rows import Refusal, Row
from kiosk.sandbox.alipay_shapes import id_in

OUT_TRADE_NO = r"[0-9A-Za-z_]{1,64}"
OUT_REQUEST_NO = r"\S{1,64}"
PAYMENT_CODE = r"(2[5-9]|30)\d{14,22}"
SPAN = re.compile(r"(\d{1,6})([mhd])")
SPAN_S = {"m": 60, "h": 3600, "d": facts.DAY_S}


def order_wish(body: Mapping[str, Any], *, lives_s: int) -> Row:
    """A new order. `total` in fen; both lives in seconds."""
    total = _fen(body, "total_amount")
    if total > 10_000_000_000:
        raise Refusal("ACQ.TOTAL_FEE_EXCEED")
    return {
        "out_trade_no": _text(body, "out_trade_no", OUT_TRADE_NO),
        "subject": _text(body, "subject", r"(?s).{1,256}"),
        "total": total,
        "code_life_s": _span_s(body, "qr_code_timeout_express", facts.CODE_LIFE_S),
        "pay_within_s": _span_s(body, "timeout_express", lives_s),
    }


def charge_wish(body: Mapping[str, Any]) -> Row:
    """The same with the payer's own code."""
    if body.get("scene") != "bar_code":
        raise _invalid()
    code = _text(body, "auth_code", PAYMENT_CODE)
    return order_wish(body, lives_s=facts.CHARGED_LIFE_S) | {"auth_code": code}


def named(body: Mapping[str, Any]) -> tuple[str, int]:
    """Which trade is meant: by our number, or by Alipay's, which counts where both are given."""
    number, theirs = body.get("out_trade_no") or "", body.get("trade_no") or ""
    if not isinstance(number, str) or not isinstance(theirs, str) or not (number or theirs):
        raise _invalid()
    id = id_in(theirs)
    if theirs and not id:
        raise Refusal("ACQ.TRADE_NOT_EXIST")
    return number, id


def refund_wish(body: Mapping[str, Any]) -> Row:
    """A refund. Without a number of its own it is the one refund of the whole trade."""
    number, id = named(body)
    request = _text(body, "out_request_no", OUT_REQUEST_NO) if "out_request_no" in body else number
    return {"out_trade_no": number, "id": id, "out_request_no": request, "refund": _fen(body, "refund_amount")}


def refund_query(body: Mapping[str, Any]) -> Row:
    number, id = named(body)
    return {"out_trade_no": number, "id": id, "out_request_no": _text(body, "out_request_no", OUT_REQUEST_NO)}


def _invalid() -> Refusal:
    return Refusal("ACQ.INVALID_PARAMETER")


def _text(body: Mapping[str, Any], name: str, pattern: str) -> str:
    text = body.get(name)
    if not isinstance(text, str) or not re.fullmatch(pattern, text):
        raise _invalid()
    return text


def _fen(body: Mapping[str, Any], name: str) -> int:
    """Yuan, a number or text, 0.01 and more, at most two decimals."""
    told = body.get(name)
    if isinstance(told, bool) or not isinstance(told, (int, float, str)):
        raise _invalid()
    try:
        fen = Decimal(str(told)) * 100
    except InvalidOperation:
        raise _invalid() from None
    if not fen.is_finite() or fen != fen.to_integral_value() or fen < 1:
        raise _invalid()
    return int(fen)


def _span_s(body: Mapping[str, Any], name: str, default_s: int) -> int:
    """From 1m to 15d, without decimals, in minutes, hours or days."""
    told = body.get(name)
    if told is None:
        return default_s
    parts = SPAN.fullmatch(told) if isinstance(told, str) else None
    span_s = int(parts[1]) * SPAN_S[parts[2]] if parts else 0
    if not 60 <= span_s <= 15 * facts.DAY_S:
        raise _invalid()
    return span_s
