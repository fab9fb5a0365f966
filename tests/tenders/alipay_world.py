"""An Alipay that answers as told and signs it as python-alipay-sdk does, and the tender in front of it."""

from __future__ import annotations

import json
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
from alipay import AliPay
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from msgspec import structs

from kiosk.money import Money
from kiosk.order import Order
from kiosk.plans import Line, LineKind
from kiosk.ports import Paid, Pending, Refunded, Tender, Unpaid
from kiosk.tenders import build
from tests.providers.fakes import FixedClock, Script, Step
from tests.tenders.wechat_world import OPENED, REFUND, START, WIRE
from tests.tenders.wechat_world import ORDER as IN_DOLLARS

APP_ID = "2021000000000001"
PRICE = Money(16_800, "CNY")
ORDER = structs.replace(IN_DOLLARS, tender="alipay", total=PRICE, lines=(Line(LineKind.PLAN, "5 GB", PRICE),))
PAID = Paid(PRICE, "2026112222001400000000000001")
QUERY, PRECREATE, CLOSE, CANCEL, REFUND_CALL, REFUND_QUERY = (
    f"alipay.trade.{name}" for name in ("query", "precreate", "close", "cancel", "refund", "fastpay.refund.query")
)
__all__ = ["OPENED", "REFUND", "START", "WIRE"]


def pem_pair() -> tuple[str, str]:
    key = generate_private_key(65537, 2048)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(), public.decode()


OURS, THEIRS = pem_pair(), pem_pair()


def library(private: str = OURS[0], public: str = THEIRS[1]) -> AliPay:
    return AliPay(appid=APP_ID, app_private_key_string=private, alipay_public_key_string=public)


SIGNER = library(THEIRS[0], OURS[1])


def said(code: str = "10000", **inner: Any) -> httpx.Response:
    """The inner object of an answer; the rail gives it its name and signs it."""
    return httpx.Response(200, json={"code": code, "msg": "…", **inner})


def no(sub_code: str, code: str = "40004") -> httpx.Response:
    return said(code, sub_code=sub_code, sub_msg="不行")


def trade(state: str, **changed: Any) -> httpx.Response:
    record = {"out_trade_no": WIRE, "trade_no": PAID.number, "trade_status": state, "total_amount": "168.00"}
    if state in ("TRADE_SUCCESS", "TRADE_FINISHED"):
        record["send_pay_date"] = "2026-11-22 20:00:10"
    return said(**record | changed)


GIVEN_BACK = trade("TRADE_CLOSED", send_pay_date="2026-11-22 20:00:10")
UNKNOWN = no("ACQ.TRADE_NOT_EXIST")


class Rail(Script):
    """Answers each API method as told, under its name and signed; what is no JSON goes out as it is."""

    def __init__(self, clock: FixedClock) -> None:
        super().__init__()
        self.clock = clock
        self.signer = SIGNER
        self.signs = self.tells_time = True

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        method = request.url.params["method"]
        named = httpx.Request(request.method, f"http://rail/{method}")
        try:
            response = super().handle_request(named)
        finally:
            self.asked[-1] = request
        if self.tells_time:
            response.headers["date"] = format_datetime(self.clock.now(), usegmt=True)
        if response.status_code != 200 or "json" not in response.headers.get("content-type", ""):
            return response
        inner = json.dumps(response.json(), ensure_ascii=False).replace("/", "\\/")
        sign = f', "sign":"{self.signer._sign(inner)}"' if self.signs else ""
        body = f'{{"{method.replace(".", "_")}_response": {inner}{sign}}}'
        return httpx.Response(200, headers={"date": response.headers.get("date", "")}, text=body)


class World:
    """A rail that answers as told, and the tender in front of it."""

    def __init__(self, tmp_path: Path) -> None:
        self.clock = FixedClock()
        self.rail = Rail(self.clock)
        (tmp_path / "private.pem").write_text(OURS[0])
        (tmp_path / "public.pem").write_text(THEIRS[1])
        self.table = {
            "base_url": "http://127.0.0.1:1/alipay",
            "app_id": APP_ID,
            "private_key": {"file": str(tmp_path / "private.pem")},
            "alipay_public_key": {"file": str(tmp_path / "public.pem")},
        }
        self.tender = self.built()

    def built(self, *, training: bool = True, currency: str = "CNY", **changed: Any) -> Tender:
        return build(
            "alipay",
            self.table | changed,
            path="config.toml: tenders.alipay",
            training=training,
            currency=currency,
            state_dir=Path("unused"),
            clock=self.clock,
            transport=self.rail,
        )

    def on(self, method: str, *steps: Step) -> World:
        self.rail.on(f"POST /{method}", *steps)
        return self

    def ask(self, order: Order = ORDER) -> Paid | Unpaid | Pending:
        return self.tender.ask(order, WIRE, self.clock.now())

    def expire(self) -> Paid | Unpaid | Pending:
        return self.tender.expire(ORDER, WIRE, self.clock.now())

    def cancel(self) -> Paid | Unpaid | Pending:
        return self.tender.cancel(ORDER, WIRE, self.clock.now())

    def refund(self) -> Refunded | Pending:
        order = structs.replace(ORDER, payment_number=PAID.number)
        return self.tender.refund(order, WIRE, REFUND, self.clock.now())

    def ask_refund(self, order: Order = ORDER) -> Refunded | Pending:
        return self.tender.ask_refund(order, WIRE, REFUND, self.clock.now())

    @property
    def called(self) -> list[str]:
        return [request.url.params["method"].removeprefix("alipay.trade.") for request in self.rail.asked]

    def wish(self, number: int = -1) -> dict[str, Any]:
        """The biz_content of a call."""
        form = dict(parse_qsl(self.rail.asked[number].content.decode()))
        wish: dict[str, Any] = json.loads(form["biz_content"])
        return wish
