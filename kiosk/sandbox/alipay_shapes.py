"""The shapes of Alipay's answers, and how they are signed. Pure; it decides nothing.

Signed is the raw JSON text of the inner object, and that has its slashes escaped and Chinese in it, as the real one's
has: whoever writes it anew before verifying gets another text.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from datetime import datetime, timedelta, timezone
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from kiosk.sandbox.alipay_facts import BILL, BUSINESS, GATEWAY

Row = dict[str, Any]
CHINA = timezone(timedelta(hours=8))
BUYER = {"buyer_logon_id": "159****5620", "buyer_user_id": "2088102117955611"}
NOTHING_PAID = {"buyer_pay_amount": "0.00", "invoice_amount": "0.00", "point_amount": "0.00", "receipt_amount": "0.00"}


def china_time(at: float) -> str:
    return datetime.fromtimestamp(at, CHINA).strftime("%Y-%m-%d %H:%M:%S")


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def trade_no(trade: Row) -> str:
    """Alipay's number of a trade: 28 digits."""
    return f"{datetime.fromtimestamp(trade['made_at'], CHINA):%Y%m%d}22001{trade['id']:015}"


def id_in(number: str) -> int:
    """The row behind such a number; 0 where it is none."""
    return int(number[13:]) if number.isdecimal() and len(number) == 28 else 0


def _named(trade: Row) -> Row:
    return {"out_trade_no": trade["out_trade_no"], "trade_no": trade_no(trade)}


def found(trade: Row) -> Row:
    """A trade as a look-up shows it. One that was never paid has no send_pay_date; yuan are not named."""
    shown = _named(trade) | BUYER | {"trade_status": trade["state"], "total_amount": yuan(trade["total"])}
    shown |= {"trans_currency": trade["currency"]} if trade["currency"] != "CNY" else {}
    return shown | (
        _paid(trade) | {"send_pay_date": china_time(trade["paid_at"])} if trade["paid_at"] else NOTHING_PAID
    )


def charged(trade: Row) -> Row:
    """A payment by the payer's code: paid, or (10003) waiting for the password."""
    shown = _named(trade) | BUYER | {"total_amount": yuan(trade["total"])}
    if trade["paid_at"]:
        return shown | _paid(trade) | {"gmt_payment": china_time(trade["paid_at"])}
    return shown | NOTHING_PAID | {"code": "10003", "msg": "order success pay inprocess"}


def _paid(trade: Row) -> Row:
    """A coupon leaves the payer less to pay; total_amount and what the shop receives stay."""
    total, payer = yuan(trade["total"]), yuan(trade["total"] - trade["coupon"])
    fund = [{"fund_channel": "ALIPAYACCOUNT", "amount": payer}]
    return {
        "buyer_pay_amount": payer,
        "receipt_amount": total,
        "invoice_amount": payer,
        "point_amount": "0.00",
        "fund_bill_list": fund,
    }


def cancelled(trade: Row, action: str) -> Row:
    """`action` is missing where there was no trade: then 10000 says nothing."""
    shown = {"out_trade_no": trade["out_trade_no"], "retry_flag": "N"}
    return shown | _named(trade) | {"action": action} if action else shown


def refunded(trade: Row, refund: Row, total_back: int, *, changed: bool) -> Row:
    """`refund_fee` is the sum of all refunds of this trade so far."""
    shown = _named(trade) | BUYER | {"fund_change": "Y" if changed else "N", "refund_fee": yuan(total_back)}
    return shown | {"gmt_refund_pay": china_time(refund["made_at"])}


def refund_found(trade: Row, refund: Row) -> Row:
    """Without a refund: 10000, and not a word."""
    if not refund:
        return {}
    amounts = {"total_amount": yuan(trade["total"]), "refund_amount": yuan(refund["refund"])}
    return _named(trade) | amounts | {"out_request_no": refund["out_request_no"], "refund_status": "REFUND_SUCCESS"}


def refusal(code: str, number: str = "") -> Row:
    """The inner object of a no."""
    if code in GATEWAY:
        gateway, msg = GATEWAY[code]
        return {"code": gateway, "msg": msg, "sub_code": code, "sub_msg": "网关拒绝/请检查请求"}
    if code in BILL:
        said = {"sub_code": f"isp.{code.lower()}", "sub_msg": BILL[code]}
        return {"code": "40004", "msg": "Business Failed"} | said
    shown = {"code": "40004", "msg": "Business Failed", "sub_code": code, "sub_msg": BUSINESS[code]}
    return shown | NOTHING_PAID | ({"out_trade_no": number} if number else {})


def raw(inner: Row) -> str:
    return json.dumps(inner, separators=(",", ":"), ensure_ascii=False).replace("/", "\\/")


def enveloped(key: rsa.RSAPrivateKey, method: str, inner: Row, *, signed: bool = True) -> str:
    """The whole body. What comes before the gateway knows who calls is not signed."""
    text = raw(inner)
    if not signed:
        return f'{{"{_node(method)}":{text}}}'
    signature = b64encode(key.sign(text.encode(), PKCS1v15(), SHA256())).decode()
    return f'{{"{_node(method)}":{text},"sign":"{signature}"}}'


def _node(method: str) -> str:
    return f"{method.replace('.', '_')}_response" if method else "error_response"


def signed_right(key: rsa.RSAPublicKey, fields: Row) -> bool:
    """Whether `sign` is the app's, over all other fields that are not empty, in the order of their names."""
    text = "&".join(f"{name}={fields[name]}" for name in sorted(fields) if name != "sign" and fields[name])
    try:
        key.verify(b64decode(fields.get("sign", ""), validate=True), text.encode(), PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True
