"""The shapes of Antom's answers, and its signature. Pure; it decides nothing."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from kiosk.sandbox.antom_facts import RESULTS

Row = dict[str, Any]
CHINA = timezone(timedelta(hours=8))
SIGNATURE = "algorithm=RSA256,keyVersion=1,signature="


def china_time(at: float) -> str:
    return datetime.fromtimestamp(at, CHINA).isoformat(timespec="seconds")


def result(code: str) -> Row:
    words = code.replace("_", " ").lower()
    return {"result": {"resultStatus": RESULTS[code], "resultCode": code, "resultMessage": words}}


def payment_id(payment: Row) -> str:
    """Antom's number of a payment."""
    return f"{datetime.fromtimestamp(payment['made_at'], CHINA):%Y%m%d}194010800100188{payment['id']:012}"


def id_in(number: str) -> int:
    """The row behind such a number; 0 where it is none."""
    return int(number[-12:]) if number.isdecimal() and len(number) == 35 else 0


def amount(minor: int, currency: str) -> Row:
    return {"currency": currency, "value": str(minor)}


def _named(payment: Row) -> Row:
    return {"paymentRequestId": payment["request_id"], "paymentId": payment_id(payment)}


def ordered(payment: Row, code: str) -> Row:
    """The answer to a wish for an order code: in process, with the code as text and as a picture."""
    details = [
        {"codeValueType": "QRCODE", "displayType": "MIDDLEIMAGE", "codeValue": f"{code}.png"},
        {"codeValueType": "QRCODE", "displayType": "TEXT", "codeValue": code},
    ]
    form = {"expireTime": china_time(payment["expires_at"]), "codeDetails": details}
    return result("PAYMENT_IN_PROCESS") | _dated(payment) | {"orderCodeForm": form}


def _dated(payment: Row) -> Row:
    money = amount(payment["amount"], payment["currency"])
    return _named(payment) | {"paymentAmount": money, "paymentCreateTime": china_time(payment["made_at"])}


def charged(payment: Row) -> Row:
    """The answer to a wish with the payer's code: paid, or in process while the payer is asked."""
    if payment["state"] != "SUCCESS":
        return result("PAYMENT_IN_PROCESS") | _dated(payment)
    return result("SUCCESS") | _dated(payment) | {"paymentTime": china_time(payment["paid_at"])}


def found(payment: Row, refunds: list[Row]) -> Row:
    """A payment as a look-up shows it: the result says only that the look-up worked."""
    shown = result("SUCCESS") | _dated(payment) | {"paymentStatus": payment["state"]}
    if payment["paid_at"]:
        paid = amount(payment["amount"] - payment["coupon"], payment["currency"])
        shown |= {"paymentTime": china_time(payment["paid_at"]), "actualPaymentAmount": paid}
    if refunds:
        shown["transactions"] = [_transaction(refund) for refund in refunds]
    return shown


def _transaction(refund: Row) -> Row:
    return {
        "transactionType": "CANCEL" if refund["by"] == "cancel" else "REFUND",
        "transactionStatus": "FAIL" if refund["fails"] else "SUCCESS",
        "transactionRequestId": refund["request_id"],
        "transactionId": refund_id(refund),
        "transactionAmount": amount(refund["amount"], refund["currency"]),
        "transactionTime": china_time(refund["made_at"]),
    }


def cancelled(payment: Row) -> Row:
    return result("SUCCESS") | _named(payment) | {"cancelTime": china_time(payment["ended_at"])}


def refund_id(refund: Row) -> str:
    return f"{datetime.fromtimestamp(refund['made_at'], CHINA):%Y%m%d}194010801000288{refund['id']:012}"


def refunded(refund: Row, payment: Row, now: float) -> Row:
    shown = result("SUCCESS" if refund["done_at"] <= now else "REFUND_IN_PROCESS")
    names = {"refundRequestId": refund["request_id"], "refundId": refund_id(refund), "paymentId": payment_id(payment)}
    return shown | names | {"refundAmount": amount(refund["amount"], refund["currency"])}


def refund_found(refund: Row, now: float) -> Row:
    status = "PROCESSING" if refund["done_at"] > now else "FAIL" if refund["fails"] else "SUCCESS"
    names = {"refundRequestId": refund["request_id"], "refundId": refund_id(refund), "refundStatus": status}
    return result("SUCCESS") | names | {"refundAmount": amount(refund["amount"], refund["currency"])}


def signed_text(path: str, client_id: str, time: str, body: bytes) -> bytes:
    """What is signed, both ways. The path is the request's, in answers too."""
    return f"POST {path}\n{client_id}.{time}.".encode() + body


def signature(key: rsa.RSAPrivateKey, text: bytes) -> str:
    """As it stands in the header."""
    return SIGNATURE + quote_plus(b64encode(key.sign(text, PKCS1v15(), SHA256())).decode())


def signed_right(key: rsa.RSAPublicKey, header: str, text: bytes) -> bool:
    head, _, signed = header.partition("signature=")
    if "algorithm=RSA256" not in head:
        return False
    try:
        key.verify(b64decode(unquote_plus(signed), validate=True), text, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True
