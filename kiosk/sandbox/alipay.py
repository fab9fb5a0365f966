"""Alipay's open API, mainland, face to face: one address, `gateway.do`. It refuses what the real one refuses.

It is mounted at `/alipay/gateway.do`; a bill is fetched from the address that was told (alipay_bill.py). A request
comes by GET with everything in its query (python-alipay-sdk), or by POST with biz_content in a form (the vendor's own
library). Knobs name a method: `"endpoint": "* alipay.trade.query"`.

Where it departs from the real thing: `qr_code` is an http address of the payer's page (payer.py), so that any phone can
pay; certificates are not offered (public keys only), and nothing is notified. Where the documentation is silent: a code
that is asked for again is a fresh one with a life of its own; a cancel before anybody has scanned the code is answered
with 10000 and does nothing (a field report); a cancel again tells again what was done.

App, codes and time limits: alipay_facts.py. Keys: wechat_keys.py.
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

from kiosk.sandbox import alipay_facts as facts
from kiosk.sandbox import alipay_shapes as shapes
from kiosk.sandbox import alipay_wishes as wishes
from kiosk.sandbox.alipay_bill import Bills
from kiosk.sandbox.alipay_books import AlipayBooks
from kiosk.sandbox.alipay_phone import AlipayPhone, BadCode
from kiosk.sandbox.alipay_rows import Refusal
from kiosk.sandbox.books import Books
from kiosk.sandbox.knobs import Knobs
from kiosk.sandbox.wechat_keys import load_private, load_public, training_keys

METHODS = {
    "alipay.trade.precreate": "precreate",
    "alipay.trade.pay": "pay",
    "alipay.trade.query": "query",
    "alipay.trade.close": "close",
    "alipay.trade.cancel": "cancel",
    "alipay.trade.refund": "refund",
    "alipay.trade.fastpay.refund.query": "look_at_refund",
    "alipay.data.dataservice.bill.downloadurl.query": "bill",
}
DOWNLOAD = "/alipay/bill/"
NEEDED = ("app_id", "method", "timestamp", "sign")


class Alipay:
    """`handle` answers one request, signed. Everything it remembers is in `books`."""

    name = "alipay"
    prefixes: tuple[str, ...] = ("/alipay",)
    rejections: tuple[int | str, ...] = (*facts.CODES, *facts.BILL)

    def __init__(
        self, books: Books, *, clock: Callable[[], datetime], payer_url: str, phone: AlipayPhone | None = None
    ) -> None:
        self.knobs = {
            "pays_by_itself_s": "seconds after which a code is scanned and paid without anybody's doing",
            "coupon": "true: a coupon pays one yuan of what is ordered now",
            "refund_takes_s": "seconds until a refund is listed; until then it is answered with fund_change N",
            "forged": "true: the answer is signed with another key than Alipay's",
            "cancel_again": "true: a cancel is not done, and is answered with retry_flag Y",
            "says_nothing_moved": "true: a bill without movements is refused, and is no empty file",
        }
        self.books = AlipayBooks(books)
        self._bills = Bills(books, self.books)
        self._phone = phone or AlipayPhone(books)
        self._folder: Path = books.path.parent
        self._clock = clock
        self._payer_url = payer_url

    @cached_property
    def _ours(self) -> rsa.RSAPrivateKey:
        return load_private(training_keys(self._folder).platform_private)

    @cached_property
    def _anothers(self) -> rsa.RSAPrivateKey:
        return load_private(training_keys(self._folder).merchant_private)

    @cached_property
    def _app(self) -> rsa.RSAPublicKey:
        return load_public(training_keys(self._folder).merchant_public)

    def now(self) -> float:
        return self._clock().timestamp()

    def called(self, request: Request) -> str:
        """What knobs may name: all requests have one address, but the fetching of a bill."""
        if request.path.startswith(DOWNLOAD):
            return "bill"
        return _fields(request).get("method", "")

    def handle(self, request: Request, knobs: Knobs) -> Response:
        if request.path.startswith(DOWNLOAD):
            return self._download(request.path.removeprefix(DOWNLOAD))
        fields = _fields(request)
        method = fields.get("method", "")
        if objection := self._objection(fields):
            known = fields.get("app_id") == facts.APP_ID and method in METHODS
            return self._answer(method if known else "", shapes.refusal(objection), signed=False)
        body = _json(fields.get("biz_content", ""))
        number = str(body.get("out_trade_no") or "") if body else ""
        handler: Callable[..., shapes.Row] = getattr(self, f"_{METHODS[method]}")
        try:
            if body is None:
                raise Refusal("ACQ.INVALID_PARAMETER")
            inner = {"code": "10000", "msg": "Success"} | handler(body, knobs, request)
        except Refusal as refusal:
            inner = shapes.refusal(refusal.code, number)
        return self._answer(method, inner, forged=bool(knobs.get("forged")))

    def refuse(self, request: Request, code: int | str) -> Response:
        return self._answer(self.called(request), shapes.refusal(str(code)))

    def _objection(self, fields: Mapping[str, str]) -> str:
        """Why the gateway does not let this request in, or nothing."""
        for name in NEEDED:
            if not fields.get(name):
                return f"isv.missing-{'signature' if name == 'sign' else name.replace('_', '-')}"
        if fields["app_id"] != facts.APP_ID:
            return "isv.invalid-app-id"
        if fields["method"] not in METHODS:
            return "isv.invalid-method"
        if fields.get("sign_type") != "RSA2":
            return "isv.invalid-signature-type"
        if fields.get("charset", "").lower() != "utf-8":
            return "isv.invalid-charset"
        if not shapes.signed_right(self._app, dict(fields)):
            return "isv.invalid-signature"
        if abs(self.now() - _in_china(fields["timestamp"])) > facts.STALE_S:
            return "isv.invalid-timestamp"
        return ""

    def _precreate(self, body: Mapping[str, Any], knobs: Knobs, request: Request) -> shapes.Row:
        wish, now = wishes.order_wish(body, lives_s=facts.TRADE_LIFE_S), self.now()
        pays_at = now + knobs["pays_by_itself_s"] if "pays_by_itself_s" in knobs else None
        token = self.books.show(wish, now, pays_at, 100 if knobs.get("coupon") else 0)
        base = self._payer_url or f"http://{request.host}"
        return {"out_trade_no": wish["out_trade_no"], "qr_code": f"{base}/pay/{token}"}

    def _pay(self, body: Mapping[str, Any], knobs: Knobs, request: Request) -> shapes.Row:
        wish, now = wishes.charge_wish(body), self.now()
        code = wish["auth_code"]
        if not self.books.charged(wish, now) and code != facts.UNKNOWN_UNPAID:
            password = self._asks_password(code, wish, now)
            self.books.charge(wish, now, password=password, coupon=100 if knobs.get("coupon") else 0)
        if code in (facts.UNKNOWN_PAID, facts.UNKNOWN_UNPAID):
            raise Refusal("isp.unknow-error")
        return shapes.charged(self.books.trade(now, wish["out_trade_no"]))

    def _asks_password(self, code: str, wish: shapes.Row, now: float) -> bool:
        """Small amounts are taken at once, unless the phone is to ask. Raises Refusal for a code that pays nothing."""
        if code in facts.REFUSED:
            raise Refusal(facts.REFUSED[code])
        large = wish["total"] > facts.WITHOUT_PASSWORD_FEN
        if code in facts.REHEARSED:
            return large or code == facts.ASKS_PASSWORD
        try:
            return self._phone.take(code, self.name, wish["out_trade_no"], now) or large
        except BadCode:
            raise Refusal("ACQ.PAYMENT_AUTH_CODE_INVALID") from None

    def _query(self, body: Mapping[str, Any], knobs: Knobs, request: Request) -> shapes.Row:
        return shapes.found(self.books.trade(self.now(), *wishes.named(body)))

    def _close(self, body: Mapping[str, Any], knobs: Knobs, request: Request) -> shapes.Row:
        trade = self.books.close(self.now(), *wishes.named(body))
        return {"out_trade_no": trade["out_trade_no"], "trade_no": shapes.trade_no(trade)}

    def _cancel(self, body: Mapping[str, Any], knobs: Knobs, request: Request) -> shapes.Row:
        number, id = wishes.named(body)
        if knobs.get("cancel_again"):
            return {"out_trade_no": number, "retry_flag": "Y"}
        return shapes.cancelled(*self.books.cancel(self.now(), number, id))

    def _refund(self, body: Mapping[str, Any], knobs: Knobs, request: Request) -> shapes.Row:
        wish, now = wishes.refund_wish(body), self.now()
        takes_s = knobs.get("refund_takes_s", 0)
        refund, new = self.books.refund(wish, now, now + takes_s)
        trade = self.books.trade(now, number=refund["out_trade_no"])
        back = sum(row["refund"] for row in self.books.all_refunds() if row["out_trade_no"] == trade["out_trade_no"])
        return shapes.refunded(trade, refund, back, changed=new and not takes_s)

    def _look_at_refund(self, body: Mapping[str, Any], knobs: Knobs, request: Request) -> shapes.Row:
        return shapes.refund_found(*self.books.look_at_refund(self.now(), wishes.refund_query(body)))

    def _bill(self, body: Mapping[str, Any], knobs: Knobs, request: Request) -> shapes.Row:
        base, says_so = f"http://{request.host}", bool(knobs.get("says_nothing_moved"))
        return self._bills.asked(body, self.now(), base, says_so=says_so)

    def _download(self, token: str) -> Response:
        """The address alone lets in: nothing is signed here, as with the real one."""
        file = self._bills.fetched(token, self.now())
        if file is None:
            return Response("<html><body>链接已失效</body></html>", 403, content_type="text/html;charset=utf-8")
        return Response(file, content_type="application/octet-stream")

    def _answer(self, method: str, inner: shapes.Row, *, signed: bool = True, forged: bool = False) -> Response:
        """HTTP 200, whatever it says."""
        body = shapes.enveloped(self._anothers if forged else self._ours, method, inner, signed=signed)
        return Response(body, content_type="text/html;charset=utf-8")


def _fields(request: Request) -> dict[str, str]:
    return {**request.args.to_dict(), **request.form.to_dict()}


def _json(text: str) -> dict[str, Any] | None:
    try:
        body = json.loads(text)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _in_china(timestamp: str) -> float:
    """Seconds since the epoch; 0 where it is no time in China's clothes."""
    try:
        return datetime.strptime(timestamp, "%Y-%m-%d %H:%M:%S").replace(tzinfo=shapes.CHINA).timestamp()
    except ValueError:
        return 0.0
