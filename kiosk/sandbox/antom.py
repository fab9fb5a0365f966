"""Antom (AMS), payments in a store: order codes and payment codes. It refuses what the real one refuses.

It is mounted at `/antom/ams/sandbox/api/v1/payments/...` and, as on the real hosts, without `/antom`: a client whose id
begins with SANDBOX_ calls that path. Signed is the path as it was sent.

Where it departs from the real thing: the order code is an http address of the payer's page (payer.py), so that any
phone can pay; nothing is notified, and Request-Time may be any time. Where the documentation is silent: the cancel of a
payment that has failed is ORDER_IS_CLOSED, and a payment that was cancelled after it was paid keeps its paymentTime.

Client, result codes and time limits: antom_facts.py. Keys: wechat_keys.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from werkzeug.wrappers import Request, Response

from kiosk.sandbox import alipay_facts as alipay
from kiosk.sandbox import antom_facts as facts
from kiosk.sandbox import antom_shapes as shapes
from kiosk.sandbox import antom_wishes as wishes
from kiosk.sandbox.alipay_phone import AlipayPhone, BadCode
from kiosk.sandbox.antom_books import AntomBooks, Refusal
from kiosk.sandbox.books import Books
from kiosk.sandbox.knobs import Knobs
from kiosk.sandbox.wechat_keys import load_private, load_public, training_keys

CALLS = {
    "payments/pay": "pay",
    "payments/inquiryPayment": "inquire",
    "payments/cancel": "cancel",
    "payments/refund": "refund",
    "payments/inquiryRefund": "inquire_refund",
}


class Antom:
    """`handle` answers one request, signed. Everything it remembers is in `books`."""

    name = "antom"
    prefixes: tuple[str, ...] = ("/antom/ams/sandbox/api/v1", "/ams/sandbox/api/v1")
    rejections: tuple[int | str, ...] = facts.CODES

    def __init__(
        self, books: Books, *, clock: Callable[[], datetime], payer_url: str, phone: AlipayPhone | None = None
    ) -> None:
        self.knobs = {
            "pays_by_itself_s": "seconds after which a new order code is paid without anybody's doing",
            "coupon": "true: a coupon pays one hundred of the smallest unit of what is ordered now",
            "refund_takes_s": "seconds until a refund is done; until then it is in process",
            "refund_fails": "true: a new refund ends as FAIL",
            "forged": "true: the answer is signed with another key than Antom's",
        }
        self.books = AntomBooks(books)
        self._phone = phone or AlipayPhone(books)
        self._folder: Path = books.path.parent
        self._clock = clock
        self._payer_url = payer_url

    @cached_property
    def _ours(self) -> rsa.RSAPrivateKey:
        return load_private(training_keys(self._folder).platform_private)

    @cached_property
    def _merchant(self) -> rsa.RSAPublicKey:
        return load_public(training_keys(self._folder).merchant_public)

    @cached_property
    def _anothers(self) -> rsa.RSAPrivateKey:
        return load_private(training_keys(self._folder).merchant_private)

    def now(self) -> float:
        return self._clock().timestamp()

    def handle(self, request: Request, knobs: Knobs) -> Response:
        call = CALLS.get(request.path.partition("/api/v1/")[2], "")
        if objection := self._objection(request, call):
            return self._answer(request, shapes.result(objection), signed=False)
        body = request.get_json(silent=True)
        handler: Callable[..., shapes.Row] = getattr(self, f"_{call}")
        try:
            if not isinstance(body, dict):
                raise Refusal("PARAM_ILLEGAL")
            said = handler(body, knobs, request)
        except Refusal as refusal:
            said = shapes.result(refusal.code)
        return self._answer(request, said, forged=bool(knobs.get("forged")))

    def refuse(self, request: Request, code: int | str) -> Response:
        return self._answer(request, shapes.result(str(code)))

    def _objection(self, request: Request, call: str) -> str:
        """Why this request is not let in, or nothing."""
        if request.method != "POST":
            return "METHOD_NOT_SUPPORTED"
        if not call:
            return "NO_INTERFACE_DEF"
        if request.mimetype != "application/json":
            return "MEDIA_TYPE_NOT_ACCEPTABLE"
        client, time = request.headers.get("Client-Id", ""), request.headers.get("Request-Time", "")
        if client != facts.CLIENT_ID:
            return "INVALID_CLIENT"
        text = shapes.signed_text(request.path, client, time, request.get_data())
        if not time or not shapes.signed_right(self._merchant, request.headers.get("Signature", ""), text):
            return "INVALID_SIGNATURE"
        return ""

    def _pay(self, body: Mapping[str, Any], knobs: Knobs, request: Request) -> shapes.Row:
        now = self.now()
        wish = wishes.pay_wish(body, now)
        if wish["by_code"]:
            return self._charge(wish, now, 100 if knobs.get("coupon") else 0)
        pays_at = now + knobs["pays_by_itself_s"] if "pays_by_itself_s" in knobs else None
        payment = self.books.order(wish, now, coupon=100 if knobs.get("coupon") else 0, pays_at=pays_at)
        if payment["state"] == "SUCCESS":
            return shapes.charged(payment)
        base = self._payer_url or f"http://{request.host}"
        return shapes.ordered(payment, f"{base}/pay/{payment['token']}")

    def _charge(self, wish: shapes.Row, now: float, coupon: int) -> shapes.Row:
        """By the payer's code: paid at once, or when the payer has said yes on the phone."""
        code = wish["payment_code"]
        if not self.books.ordered(wish["request_id"], now):
            confirms = self._confirms(code, wish, now)
            if code != alipay.UNKNOWN_UNPAID:
                self.books.order(wish, now, coupon=coupon, pays_at=None if confirms else now)
        if code in (alipay.UNKNOWN_PAID, alipay.UNKNOWN_UNPAID):
            raise Refusal("UNKNOWN_EXCEPTION")
        self.books.order(wish, now)
        return shapes.charged(self.books.payment(now, wish["request_id"]))

    def _confirms(self, code: str, wish: shapes.Row, now: float) -> bool:
        """Whether the payer is asked on the phone. Raises Refusal where the code pays nothing."""
        if code in facts.REFUSED_CODES:
            raise Refusal(facts.REFUSED_CODES[code])
        if code in alipay.REHEARSED:
            return code == alipay.ASKS_PASSWORD
        try:
            return self._phone.take(code, self.name, wish["request_id"], now)
        except BadCode:
            raise Refusal("INVALID_CODE") from None

    def _inquire(self, body: Mapping[str, Any], knobs: Knobs, request: Request) -> shapes.Row:
        payment = self.books.payment(self.now(), *wishes.named(body))
        return shapes.found(payment, self.books.refunds_of(payment))

    def _cancel(self, body: Mapping[str, Any], knobs: Knobs, request: Request) -> shapes.Row:
        return shapes.cancelled(self.books.cancel(self.now(), *wishes.named(body)))

    def _refund(self, body: Mapping[str, Any], knobs: Knobs, request: Request) -> shapes.Row:
        wish, now = wishes.refund_wish(body), self.now()
        fails = bool(knobs.get("refund_fails"))
        refund = self.books.refund(wish, now, now + knobs.get("refund_takes_s", 1 if fails else 0), fails=fails)
        return shapes.refunded(refund, self.books.payment(now, id=refund["payment"]), now)

    def _inquire_refund(self, body: Mapping[str, Any], knobs: Knobs, request: Request) -> shapes.Row:
        return shapes.refund_found(self.books.look_at_refund(wishes.refund_query(body)), self.now())

    def _answer(self, request: Request, said: object, *, signed: bool = True, forged: bool = False) -> Response:
        """HTTP 200, whatever it says. Who does not know the client cannot sign for it."""
        raw = json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()
        response = Response(raw, content_type="application/json; charset=UTF-8")
        if signed:
            time = shapes.china_time(self.now())
            text = shapes.signed_text(request.path, facts.CLIENT_ID, time, raw)
            response.headers["client-id"], response.headers["response-time"] = facts.CLIENT_ID, time
            response.headers["signature"] = shapes.signature(self._anothers if forged else self._ours, text)
        return response
