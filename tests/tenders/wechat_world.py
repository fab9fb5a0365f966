"""A WeChat Pay that answers as told and signs it, and the tender in front of it."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from wechatpayv3.utils import rsa_sign

from kiosk.facts import Attempt, Call, Outcome
from kiosk.identifiers import Reference, SimNumber
from kiosk.money import Money
from kiosk.order import Order
from kiosk.plans import Line, LineKind, Plan
from kiosk.ports import Paid, Pending, Refunded, Tender, Unpaid
from kiosk.tenders import build
from tests.providers.fakes import FixedClock, Script, Step, answer

OURS, THEIRS = generate_private_key(65537, 2048), generate_private_key(65537, 2048)
WIRE, REFUND = "T077Q3F9XKD2MWBP1", "T077Q3F9XKD2MWBR1"
NATIVE = "POST /wechat/v3/global/transactions/native"
QUERY = f"GET /wechat/v3/global/transactions/out-trade-no/{WIRE}"
CLOSE = f"POST /wechat/v3/global/transactions/out-trade-no/{WIRE}/close"
REFUNDS, REFUND_QUERY = "POST /wechat/v3/global/refunds", f"GET /wechat/v3/global/refunds/out-refund-no/{REFUND}"
OPENED = FixedClock().at
STATEMENTS = "GET /wechat/v3/global/statements"
PRICE = Money(1800, "USD")

START = Attempt(1, Call.START, WIRE, OPENED, Outcome.DONE, OPENED)
ORDER = Order(
    reference=Reference("T077Q3F9XKD2MWB"),
    sim_number=SimNumber("8901260862291477122"),
    provider="airalo",
    tender="wechat",
    language="zh",
    plan=Plan("us-5gb", "5 GB", 5120, 30, Money(1250, "USD")),
    lines=(Line(LineKind.PLAN, "5 GB", PRICE),),
    total=PRICE,
    captures_later=False,
    opened_at=OPENED,
    expires_at=OPENED + timedelta(minutes=5),
    since_at=OPENED,
    attempts=(START,),
)


class Rail(Script):
    """Answers as told, and signs what it answers with WeChat Pay's key and its own clock."""

    def __init__(self, clock: FixedClock) -> None:
        super().__init__()
        self.clock = clock
        self.signs = True

    def statement(self, text: bytes, sha1: str = "") -> None:
        """A bill, whose hash is signed in the place of its text."""
        told = sha1 or hashlib.sha1(text, usedforsecurity=False).hexdigest()
        self.on(STATEMENTS, httpx.Response(200, content=text, headers={"Wechatpay-Statement-Sha1": told}))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        stamp = str(int(self.clock.now().timestamp()))
        told = response.headers.get("Wechatpay-Statement-Sha1")
        if self.signs:
            signed = f'{{"sha1":"{told}"}}' if told else response.text
            response.headers["Wechatpay-Signature"] = rsa_sign(THEIRS, f"{stamp}\nN1\n{signed}\n")
            response.headers.update(
                {"Wechatpay-Timestamp": stamp, "Wechatpay-Nonce": "N1", "Wechatpay-Serial": "PUB_1"}
            )
        return response


class World:
    """A rail that answers as told, and the tender in front of it."""

    def __init__(self, tmp_path: Path) -> None:
        self.clock = FixedClock()
        self.rail = Rail(self.clock)
        private = OURS.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = THEIRS.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (tmp_path / "private.pem").write_bytes(private)
        (tmp_path / "public.pem").write_bytes(public)
        self.table = {
            "base_url": "http://127.0.0.1:1/wechat",
            "mchid": "1900000199",
            "appid": "wx8888888888888888",
            "serial_no": "5157F09EFDC096DE",
            "private_key": {"file": str(tmp_path / "private.pem")},
            "platform_public_key_id": "PUB_1",
            "platform_public_key": {"file": str(tmp_path / "public.pem")},
            "notify_url": "https://shop.example/notify",
            "merchant_category_code": "4814",
        }
        self.tender = self.built()

    def built(self, *, training: bool = True, **changed: Any) -> Tender:
        return build(
            "wechat",
            self.table | changed,
            path="config.toml: tenders.wechat",
            training=training,
            currency="USD",
            state_dir=Path("unused"),
            clock=self.clock,
            transport=self.rail,
        )

    def on(self, call: str, *steps: Step) -> World:
        self.rail.on(call, *steps)
        return self

    def ask(self) -> Paid | Unpaid | Pending:
        return self.tender.ask(ORDER, WIRE, self.clock.now())

    def expire(self, order: Order = ORDER) -> Paid | Unpaid | Pending:
        return self.tender.expire(order, WIRE, self.clock.now())

    def refund(self) -> Refunded | Pending:
        return self.tender.refund(ORDER, WIRE, REFUND, self.clock.now())


def trade(state: str, **changed: Any) -> httpx.Response:
    amount = {"total": 1800, "currency": "USD", "payer_total": 12_000, "payer_currency": "CNY"}
    said = {"out_trade_no": WIRE, "trade_state": state, "id": "4200001", "amount": amount}
    return answer(200, said | changed)


def error(status: int, code: str, **headers: str) -> httpx.Response:
    return answer(status, {"code": code, "message": "no"}, **headers)


def refund_record(status: str, **changed: Any) -> httpx.Response:
    said = {"id": "5030", "out_refund_no": REFUND, "status": status, "amount": {"refund": 1800, "currency": "USD"}}
    return answer(200, said | changed)


PAID = Paid(PRICE, "4200001")
UNKNOWN = error(404, "ORDER_NOT_EXIST")
