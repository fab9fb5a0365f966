"""The shapes of WeChat Pay's answers in both dialects, overseas and mainland. Pure; it decides nothing.

Overseas (pay.weixin.qq.com, api_external chapters 3_1_2, 5_1_11, 5_1_12) WeChat Pay's own number is `id`, a refund
that is accepted says nothing of its status, and the payer pays in another currency than the order's.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from kiosk.sandbox.wechat_keys import APPID, MCHID

Row = dict[str, Any]
CHINA = timezone(timedelta(hours=8))
FEN_PER_CENT = 7.1
RATE = {"type": "SETTLEMENT_RATE", "rate": int(FEN_PER_CENT * 10**8)}

STATUS = {
    "PARAM_ERROR": 400,
    "INVALID_REQUEST": 400,
    "APPID_MCHID_NOT_MATCH": 400,
    "MCH_NOT_EXISTS": 400,
    "ORDERPAID": 400,
    "ORDERCLOSED": 400,
    "AUTH_CODE_INVALID": 400,
    "AUTHCODEEXPIRE": 400,
    "USERPAYING": 400,
    "NO_STATEMENT_EXIST": 400,
    "STATEMENT_CREATING": 400,
    "SIGN_ERROR": 401,
    "NO_AUTH": 403,
    "OUT_TRADE_NO_USED": 403,
    "NOT_ENOUGH": 403,
    "TRADE_ERROR": 403,
    "ORDER_NOT_EXIST": 404,
    "RESOURCE_NOT_EXISTS": 404,
    "FREQUENCY_LIMITED": 429,
    "SYSTEM_ERROR": 500,
    "BANK_ERROR": 500,
}
"""Every error code that may be answered or rehearsed, and its HTTP status."""

DESCRIPTIONS = {
    "NOTPAY": "Not paid",
    "SUCCESS": "Paid",
    "REFUND": "Refunded",
    "CLOSED": "Closed",
    "USERPAYING": "The payer is entering the password",
    "PAYERROR": "The payment failed",
    "REVOKED": "Revoked",
}


def china_time(at: float) -> str:
    return datetime.fromtimestamp(at, CHINA).isoformat(timespec="seconds")


def transaction_id(payment: Row) -> str:
    """WeChat Pay's number of a payment: 28 digits."""
    return f"4200{payment['id']:024}"


def refund_id(refund: Row) -> str:
    return f"5030{refund['id']:025}"


def id_in(number: str) -> int:
    """The row behind one of the two numbers above; 0 where it is neither."""
    return int(number[4:]) if number.isdecimal() and len(number) in (28, 29) else 0


def _payers(minor: int, currency: str, overseas: bool) -> tuple[int, str]:
    """What the wallet takes: yuan, whatever the order's currency."""
    return (round(minor * FEN_PER_CENT), "CNY") if overseas and currency != "CNY" else (minor, currency)


def trade(payment: Row, *, overseas: bool) -> Row:
    """An order as a look-up shows it. An unpaid one has neither number nor payer."""
    state = payment["trade_state"]
    amount = {"total": payment["total"], "currency": payment["currency"]}
    shown = {
        "appid": APPID,
        "mchid": MCHID,
        "out_trade_no": payment["out_trade_no"],
        "trade_state": state,
        "trade_state_desc": DESCRIPTIONS[state],
        "amount": amount,
    }
    if payment["attach"] is not None:
        shown["attach"] = payment["attach"]
    if payment["paid_at"] is None:
        return shown
    payer_total, payer_currency = _payers(payment["total"] - payment["coupon"], payment["currency"], overseas)
    shown |= {
        "id" if overseas else "transaction_id": transaction_id(payment),
        "trade_type": "MICROPAY" if payment["scanned"] else "NATIVE",
        "bank_type": "OTHERS",
        "success_time": china_time(payment["paid_at"]),
        "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
        "amount": amount | {"payer_total": payer_total, "payer_currency": payer_currency},
    }
    if overseas:
        shown["amount"]["exchange_rate"] = RATE
    if saves := payment["coupon"]:
        shown["promotion_detail"] = [{"promotion_id": "109519", "scope": "GLOBAL", "type": "COUPON", "amount": saves}]
    return shown


def refund_accepted(refund: Row, payment: Row, *, overseas: bool) -> Row:
    """The answer to a wish for a refund. Overseas it has no status: it must be looked up."""
    if not overseas:
        return refund_found(refund, payment, overseas=False)
    return {
        "id": refund_id(refund),
        "out_refund_no": refund["out_refund_no"],
        "create_time": china_time(refund["created_at"]),
        "amount": _refund_amount(refund, payment, overseas=True),
    }


def refund_found(refund: Row, payment: Row, *, overseas: bool) -> Row:
    done = refund["done_at"] is not None
    shown = {
        "id" if overseas else "refund_id": refund_id(refund),
        "out_refund_no": refund["out_refund_no"],
        "transaction_id": transaction_id(payment),
        "out_trade_no": payment["out_trade_no"],
        "channel": "ORIGINAL",
        "recv_account" if overseas else "user_received_account": "Balance",
        "create_time": china_time(refund["created_at"]),
        "status": "PROCESSING" if not done else "ABNORMAL" if refund["fails"] else "SUCCESS",
        "amount": _refund_amount(refund, payment, overseas=overseas),
    }
    if done and not refund["fails"]:
        shown["success_time"] = china_time(refund["done_at"])
    return shown


def _refund_amount(refund: Row, payment: Row, *, overseas: bool) -> Row:
    theirs = max(0, refund["refund"] - payment["coupon"])
    payer_refund, payer_currency = _payers(theirs, payment["currency"], overseas)
    amount = {"refund": refund["refund"], "currency": payment["currency"], "payer_refund": payer_refund}
    if overseas:
        return amount | {"payer_currency": payer_currency, "exchange_rate": RATE}
    settled = {"settlement_refund": refund["refund"], "settlement_total": payment["total"]}
    settled["discount_refund"] = refund["refund"] - theirs
    return amount | {"total": payment["total"], "payer_total": payment["total"] - payment["coupon"], **settled}
