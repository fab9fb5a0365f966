"""A merchant who signs as Antom's documentation says, by hand, and believes only what Antom has signed."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, unquote_plus

import httpx
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from kiosk.sandbox.antom_facts import CLIENT_ID
from kiosk.sandbox.wechat_keys import load_private, load_public, training_keys

NUMBER = "K077Q3F9XKD2MWBP1"
REFUND = "K077Q3F9XKD2MWBR1"
PATH = "/antom/ams/sandbox/api/v1/payments/"


class Client:
    """Talks to a sandbox. `tamper` stands in the place of the next signatures."""

    def __init__(self, http: httpx.Client, folder: Path, clock: Callable[[], datetime]) -> None:
        keys = training_keys(folder)
        self.private, self.theirs = load_private(keys.merchant_private), load_public(keys.platform_public)
        self.http, self._clock, self.tamper = http, clock, ""

    def raw(self, call: str, body: object, **headers: str) -> httpx.Response:
        content, time = json.dumps(body).encode(), self._clock().isoformat()
        client = headers.get("client_id", CLIENT_ID)
        text = f"POST {PATH}{call}\n{client}.{time}.".encode() + content
        signed = b64encode(self.private.sign(text, PKCS1v15(), SHA256())).decode()
        told = {"Client-Id": client, "Request-Time": time, "Content-Type": "application/json; charset=UTF-8"}
        told["Signature"] = self.tamper or f"algorithm=RSA256,keyVersion=1,signature={quote_plus(signed)}"
        return self.http.post(PATH + call, content=content, headers=told)

    def call(self, call: str, body: object) -> dict[str, Any]:
        """Raises InvalidSignature where Antom did not sign exactly this."""
        answer = self.raw(call, body)
        text = f"POST {PATH}{call}\n{CLIENT_ID}.{answer.headers['response-time']}.".encode() + answer.content
        signed = unquote_plus(answer.headers["signature"].partition(",signature=")[2])
        self.theirs.verify(b64decode(signed), text, PKCS1v15(), SHA256())
        found: dict[str, Any] = answer.json()
        return found

    def order(self, number: str = NUMBER, **changes: Any) -> dict[str, Any]:
        return self.call("pay", wish(number) | changes)

    def code(self, number: str = NUMBER) -> str:
        details = self.order(number)["orderCodeForm"]["codeDetails"]
        return next(str(detail["codeValue"]) for detail in details if detail["displayType"] == "TEXT")

    def inquire(self, number: str = NUMBER) -> dict[str, Any]:
        return self.call("inquiryPayment", {"paymentRequestId": number})

    def state(self, number: str = NUMBER) -> str:
        found = self.inquire(number)
        return str(found.get("paymentStatus") or found["result"]["resultCode"])

    def cancel(self, number: str = NUMBER) -> str:
        return str(self.call("cancel", {"paymentRequestId": number})["result"]["resultCode"])

    def refund(self, cents: int = 2600, number: str = REFUND, currency: str = "USD") -> str:
        amount = {"currency": currency, "value": str(cents)}
        wish = {"refundRequestId": number, "paymentId": self.inquire()["paymentId"], "refundAmount": amount}
        return str(self.call("refund", wish)["result"]["resultCode"])

    def look_at_refund(self, number: str = REFUND) -> str:
        found = self.call("inquiryRefund", {"refundRequestId": number})
        return str(found.get("refundStatus") or found["result"]["resultCode"])


def wish(number: str = NUMBER) -> dict[str, Any]:
    """26 dollars, to be paid within five minutes after noon."""
    amount = {"currency": "USD", "value": "2600"}
    store = {"referenceStoreId": "S1", "storeName": "Desk 7", "storeMCC": "4814"}
    merchant = {"referenceMerchantId": "M1", "merchantMCC": "4814", "merchantName": "Shop", "store": store}
    return {
        "productCode": "IN_STORE_PAYMENT",
        "paymentRequestId": number,
        "paymentAmount": amount,
        "paymentMethod": {"paymentMethodType": "CONNECT_WALLET"},
        "paymentFactor": {"inStorePaymentScenario": "OrderCode"},
        "paymentExpiryTime": "2026-11-22T20:05:00+08:00",
        "paymentNotifyUrl": "https://example.com/antom",
        "order": {"orderDescription": "Travel data", "orderAmount": amount, "merchant": merchant},
    }
