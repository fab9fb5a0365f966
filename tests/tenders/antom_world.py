"""An Antom that answers as told and signs it, and the tender in front of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import httpx
from msgspec import structs

from kiosk.money import Money
from kiosk.ports import Paid, Pending, Refunded, Tender, Unpaid
from kiosk.tenders import build
from kiosk.tenders.antom.gateway import signed_text
from kiosk.tenders.rsa_keys import private_key, signature
from tests.providers.fakes import FixedClock, Script, Step
from tests.tenders.alipay_world import OURS, THEIRS
from tests.tenders.wechat_world import ORDER as BY_WECHAT
from tests.tenders.wechat_world import PRICE, REFUND, WIRE

CLIENT = "5Y00000000000001"
ORDER = structs.replace(BY_WECHAT, tender="alipay")
PAID = Paid(PRICE, "20261122194010800100188000000000001")
PAY, INQUIRE, CANCEL, REFUND_CALL, INQUIRE_REFUND = "pay", "inquiryPayment", "cancel", "refund", "inquiryRefund"
CODE = "https://qr.alipay.com/28140abc"
SIGNER = private_key(THEIRS[0], "")


def said(code: str = "SUCCESS", status: str = "S", **record: Any) -> httpx.Response:
    result = {"resultStatus": status, "resultCode": code, "resultMessage": "so it is"}
    return httpx.Response(200, json={"result": result, **record})


def no(code: str) -> httpx.Response:
    return said(code, "F")


def money(minor: int = 1800, currency: str = "USD") -> dict[str, str]:
    return {"currency": currency, "value": str(minor)}


def payment(status: str, **changed: Any) -> httpx.Response:
    record = {"paymentRequestId": WIRE, "paymentId": PAID.number, "paymentAmount": money(), "paymentStatus": status}
    if status.upper() == "SUCCESS":
        record["paymentTime"] = "2026-11-22T20:00:10+08:00"
    return said(**record | changed)


def gone_back(minor: int = 1800, status: str = "SUCCESS", kind: str = "REFUND") -> dict[str, Any]:
    return {"transactions": [{"transactionType": kind, "transactionStatus": status, "transactionAmount": money(minor)}]}


def code_form(**changed: Any) -> httpx.Response:
    details = [
        {"displayType": "BIGIMAGE", "codeValue": "https://global.alipay.com/x.png"},
        {"displayType": "TEXT", "codeValue": CODE},
    ]
    form = {"expireTime": "2026-11-22T20:05:00+08:00", "codeDetails": details}
    return said("PAYMENT_IN_PROCESS", "U", **{"paymentRequestId": WIRE, "orderCodeForm": form, **changed})


def refund_record(status: str, **changed: Any) -> httpx.Response:
    return said(
        **{"refundRequestId": REFUND, "refundId": "R9", "refundStatus": status, "refundAmount": money()} | changed
    )


UNKNOWN = no("ORDER_NOT_EXIST")
GIVEN_BACK = payment("CANCELLED", paymentTime="2026-11-22T20:00:10+08:00")


class Rail(Script):
    """Answers each call as told, and signs what it answers with Antom's key and its own clock."""

    def __init__(self, clock: FixedClock) -> None:
        super().__init__()
        self.clock = clock
        self.signer, self.signs, self.client = SIGNER, True, CLIENT

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if self.signs:
            time = self.clock.now().isoformat(timespec="seconds")
            text = signed_text(request.url.path, self.client, time, response.content)
            signed = f"algorithm=RSA256,keyVersion=2,signature={quote_plus(signature(self.signer, text))}"
            response.headers.update({"response-time": time, "client-id": self.client, "signature": signed})
        return response


class World:
    """A rail that answers as told, and the tender in front of it."""

    def __init__(self, tmp_path: Path) -> None:
        self.clock = FixedClock()
        self.rail = Rail(self.clock)
        (tmp_path / "private.pem").write_text(OURS[0])
        (tmp_path / "public.pem").write_text(THEIRS[1])
        self.table = {
            "kind": "antom",
            "base_url": "http://127.0.0.1:1/antom",
            "client_id": CLIENT,
            "private_key": {"file": str(tmp_path / "private.pem")},
            "antom_public_key": {"file": str(tmp_path / "public.pem")},
            "notify_url": "https://shop.example/notify",
            "merchant_id": "M1",
            "merchant_name": "Shop",
            "merchant_category_code": "4814",
            "store_id": "S1",
            "store_name": "Desk 7",
        }
        self.tender = self.built()

    def built(self, *, training: bool = True, **changed: Any) -> Tender:
        return build(
            "alipay",
            self.table | changed,
            path="config.toml: tenders.alipay",
            training=training,
            currency="USD",
            state_dir=Path("unused"),
            clock=self.clock,
            transport=self.rail,
        )

    def on(self, call: str, *steps: Step) -> World:
        self.rail.on(f"POST /antom/ams/api/v1/payments/{call}", *steps)
        return self

    def ask(self) -> Paid | Unpaid | Pending:
        return self.tender.ask(ORDER, WIRE, self.clock.now())

    def expire(self) -> Paid | Unpaid | Pending:
        return self.tender.expire(ORDER, WIRE, self.clock.now())

    def cancel(self) -> Paid | Unpaid | Pending:
        return self.tender.cancel(ORDER, WIRE, self.clock.now())

    def refund(self, paid: Money | None = None) -> Refunded | Pending:
        order = structs.replace(ORDER, paid=paid or PRICE, payment_number=PAID.number)
        return self.tender.refund(order, WIRE, REFUND, self.clock.now())

    def ask_refund(self) -> Refunded | Pending:
        return self.tender.ask_refund(ORDER, WIRE, REFUND, self.clock.now())

    @property
    def called(self) -> list[str]:
        return [request.url.path.rpartition("/")[2] for request in self.rail.asked]

    def wish(self, number: int = -1) -> dict[str, Any]:
        wish: dict[str, Any] = json.loads(self.rail.asked[number].content)
        return wish
