"""What a merchant may ask of WeChat Pay: the fields of an order and of a refund, checked. Raises Refusal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kiosk.sandbox.wechat_books import Refusal
from kiosk.sandbox.wechat_keys import APPID, MCHID

DAY_S = 86_400
OUT_TRADE_NO = r"[0-9A-Za-z_\-|*]{6,32}"
OUT_REFUND_NO = r"[0-9A-Za-z_\-|*@]{1,64}"
NOTIFY_URL = r"https://[^?\s]{1,247}"
ORDER_TEXTS = {"description": r"(?s).{1,127}", "out_trade_no": OUT_TRADE_NO}
NATIVE_TEXTS = {"notify_url": NOTIFY_URL}
OVERSEAS_TEXTS = {"merchant_category_code": r"\d{4}"}
AUTH_CODE = r"1[0-5]\d{16}"


def order_wish(body: Mapping[str, Any], *, overseas: bool) -> dict[str, Any]:
    """A new order. In the mainland the currency may be left out: CNY."""
    _check_order(body, NATIVE_TEXTS | ({"trade_type": "NATIVE"} if overseas else {}), overseas=overseas)
    if len(str(body.get("attach") or "")) > 128:
        raise Refusal("PARAM_ERROR", "attach is longer than 128 characters.")
    return dict(body) | {"amount": _amount(body, ("total",), overseas=overseas)}


def charge_wish(body: Mapping[str, Any], *, overseas: bool) -> tuple[dict[str, Any], str]:
    """An order by payment code, without the code, and the code. The mainland wants to know the shop as well."""
    _check_order(body, {"trade_type": "MICROPAY"} if overseas else {}, overseas=overseas)
    payer, scene = body.get("payer"), body.get("scene_info")
    _check_text(payer if isinstance(payer, dict) else {}, "auth_code", AUTH_CODE)
    store = scene.get("store_info") if isinstance(scene, dict) else None
    if not overseas and not (isinstance(store, dict) and (store.get("id") or store.get("out_id"))):
        raise Refusal("PARAM_ERROR", "scene_info.store_info needs id or out_id.")
    wish = {name: value for name, value in body.items() if name != "payer"}
    return wish | {"amount": _amount(body, ("total",), overseas=overseas)}, str(body["payer"]["auth_code"])


def _check_order(body: Mapping[str, Any], more: Mapping[str, str], *, overseas: bool) -> None:
    _check_who(body)
    for name, pattern in (ORDER_TEXTS | dict(more) | (OVERSEAS_TEXTS if overseas else {})).items():
        _check_text(body, name, pattern)


def refund_wish(body: Mapping[str, Any], *, overseas: bool) -> dict[str, Any]:
    """A refund of an order, named by our number or by WeChat Pay's."""
    if overseas:
        _check_who(body)
    _check_text(body, "out_refund_no", OUT_REFUND_NO)
    if bool(body.get("out_trade_no")) == bool(body.get("transaction_id")):
        raise Refusal("PARAM_ERROR", "One of out_trade_no and transaction_id is needed.")
    return dict(body) | {"amount": _amount(body, ("refund", "total"), overseas=overseas)}


def expiry_of(wish: Mapping[str, Any], now: float) -> float:
    """The last moment to pay: 7 days unless the wish says, and a minute at least. One that has passed stays so."""
    told = wish.get("time_expire")
    if told is None:
        return now + 7 * DAY_S
    try:
        at = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or at.timestamp() > now + 90 * DAY_S:
        raise Refusal("PARAM_ERROR", "time_expire must be an RFC 3339 time with offset, within the next 90 days.")
    return at.timestamp() if at.timestamp() <= now else max(at.timestamp(), now + 60)


def _check_who(body: Mapping[str, Any]) -> None:
    if body.get("mchid") != MCHID:
        raise Refusal("PARAM_ERROR", "mchid is missing, or is not the merchant who signed.")
    if body.get("appid") != APPID:
        raise Refusal("APPID_MCHID_NOT_MATCH", "appid is missing, or does not belong to this merchant.")


def _check_text(body: Mapping[str, Any], name: str, pattern: str) -> None:
    text = body.get(name)
    if not isinstance(text, str) or not re.fullmatch(pattern, text):
        raise Refusal("PARAM_ERROR", f"{name} is missing or not as documented.")


def _amount(body: Mapping[str, Any], names: tuple[str, ...], *, overseas: bool) -> dict[str, Any]:
    """Whole numbers of the smallest unit, and a currency."""
    amount = body.get("amount")
    if not isinstance(amount, dict):
        raise Refusal("PARAM_ERROR", "amount is missing.")
    for name in names:
        if type(amount.get(name)) is not int or amount[name] < 1:
            raise Refusal("PARAM_ERROR", f"amount.{name} must be a whole number, 1 or more, of the smallest unit.")
    currency = amount.get("currency", None if overseas else "CNY")
    if not isinstance(currency, str) or not re.fullmatch("[A-Z]{3}", currency) or not (overseas or currency == "CNY"):
        raise Refusal("PARAM_ERROR", "amount.currency is missing or not one that is taken here.")
    return amount | {"currency": currency}
