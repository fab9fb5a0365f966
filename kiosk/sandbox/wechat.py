"""WeChat Pay, version 3, Native: overseas (`/v3/global/...`) and mainland. It refuses what the real one refuses.

It is mounted twice: at `/v3`, as on the real hosts, and at `/wechat/v3`. What is signed is the path as it was sent, so
a merchant whose base address is `http://127.0.0.1:PORT/wechat` signs `/wechat/v3/...`.

Where it departs from the real thing: `code_url` is an http address of the payer's page (payer.py) and not weixin://, so
that any phone can pay; payment codes come from phone.py; nothing is notified. Where the documentation is silent:
closing an overseas order in its first five minutes, or revoking one in its first 15 seconds, is INVALID_REQUEST.

Merchant, app, serial and keys: wechat_keys.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from kiosk.sandbox import wechat_shapes as shapes
from kiosk.sandbox.books import Books
from kiosk.sandbox.knobs import Knobs
from kiosk.sandbox.wechat_bill import bill
from kiosk.sandbox.wechat_books import Refusal, WechatBooks
from kiosk.sandbox.wechat_certificates import certificates
from kiosk.sandbox.wechat_codes import PaymentCodes
from kiosk.sandbox.wechat_keys import APPID, MCHID, MERCHANT_SERIAL, PLATFORM_KEY_ID, authorization_of, verifies
from kiosk.sandbox.wechat_routes import ROUTES
from kiosk.sandbox.wechat_signatures import STATEMENT, UNSIGNED, Signatures, sha1
from kiosk.sandbox.wechat_wishes import charge_wish, expiry_of, order_wish, refund_wish

STALE_S = 300
CLOSE_AFTER_S = 300.0


class Wechat:
    """`handle` answers one request, signed. Everything it remembers is in `books`."""

    name = "wechat"
    prefixes: tuple[str, ...] = ("/wechat/v3", "/v3")
    rejections: tuple[int | str, ...] = tuple(shapes.STATUS)

    def __init__(self, books: Books, *, clock: Callable[[], datetime], payer_url: str) -> None:
        self.knobs = {
            "pays_by_itself_s": "seconds after which a new order is paid without anybody's doing",
            "close_after_s": "seconds for which an order cannot be closed (overseas 300, mainland 0)",
            "refund_fails": "true: a new refund ends as ABNORMAL",
            "coupon": "true: the payer of a new order has a coupon for a third of it",
            "forged": "true: executed, and the answer is signed with a key that is not WeChat Pay's",
            "rotated": "true: the answer is signed with the next platform certificate",
        }
        self.books, self.codes = WechatBooks(books), PaymentCodes(books)
        self._folder: Path = books.path.parent
        self._clock = clock
        self._payer_url = payer_url

    @cached_property
    def _signatures(self) -> Signatures:
        return Signatures(self._folder)

    def now(self) -> float:
        return self._clock().timestamp()

    def handle(self, request: Request, knobs: Knobs) -> Response:
        """Every answer is signed over its raw body, errors too; 204 has an empty one."""
        return self._signatures.sign(self._handled(request, knobs), request, knobs, self.now())

    def _handled(self, request: Request, knobs: Knobs) -> Response:
        path = "/" + request.path.partition("/v3/")[2]
        try:
            endpoint, found = ROUTES.bind("sandbox").match(path, request.method)
        except HTTPException:
            return self._error("RESOURCE_NOT_EXISTS", "There is no such address.")
        if objection := self._objection(request):
            return self._error("SIGN_ERROR", objection)
        handler: Callable[..., Response] = getattr(self, f"_{endpoint}")
        try:
            return handler(request, knobs, path.startswith("/global/"), **found)
        except Refusal as refusal:
            return self._error(refusal.code, str(refusal))

    def refuse(self, request: Request, code: int | str) -> Response:
        return self._signatures.sign(self._error(str(code), "Rehearsed."), request, {}, self.now())

    def _objection(self, request: Request) -> str:
        """What is wrong with the merchant's signature, or nothing."""
        fields = authorization_of(request.headers.get("Authorization", ""))
        if (fields.get("mchid"), fields.get("serial_no")) != (MCHID, MERCHANT_SERIAL):
            return "Authorization is missing or not of this scheme, merchant and serial number."
        timestamp, nonce = fields.get("timestamp", ""), fields.get("nonce_str", "")
        if not timestamp.isdecimal() or abs(self.now() - int(timestamp)) > STALE_S:
            return "The timestamp is more than five minutes off."
        lines = (request.method, _path_as_sent(request), timestamp, nonce)
        if not verifies(
            self._signatures.merchant, fields.get("signature", ""), *map(str.encode, lines), request.get_data()
        ):
            return "The signature does not match."
        if request.headers.get("Wechatpay-Serial", PLATFORM_KEY_ID) != PLATFORM_KEY_ID:
            return "Wechatpay-Serial is not the id of a platform key of ours."
        return ""

    def _create(self, request: Request, knobs: Knobs, overseas: bool) -> Response:
        wish = order_wish(_json(request), overseas=overseas)
        now = self.now()
        pays_at = now + knobs["pays_by_itself_s"] if "pays_by_itself_s" in knobs else None
        token = self.books.order(wish, expiry_of(wish, now), now, pays_at)
        if knobs.get("coupon"):
            self.books.give_coupon(wish["out_trade_no"], wish["amount"]["total"] // 3)
        base = self._payer_url or f"http://{request.host}"
        return self._answer({"code_url": f"{base}/pay/{token}"})

    def _look(self, request: Request, knobs: Knobs, overseas: bool, number: str = "", id: str = "") -> Response:
        _check_merchant(request.args)
        payment = self.books.payment(self.now(), number=number, id=shapes.id_in(id))
        if id and payment["state"] != "SUCCESS":
            raise Refusal("ORDER_NOT_EXIST", "The order does not exist.")
        return self._answer(shapes.trade(payment, overseas=overseas))

    def _close(self, request: Request, knobs: Knobs, overseas: bool, number: str) -> Response:
        _check_merchant(_json(request))
        self.books.close(number, self.now(), knobs.get("close_after_s", CLOSE_AFTER_S if overseas else 0))
        return self._answer(None, 204)

    def _refund(self, request: Request, knobs: Knobs, overseas: bool) -> Response:
        wish = refund_wish(_json(request), overseas=overseas)
        now = self.now()
        id = shapes.id_in(str(wish.get("transaction_id", "")))
        try:
            payment = self.books.payment(now, number=str(wish.get("out_trade_no") or ""), id=id)
        except Refusal as refusal:
            raise Refusal("RESOURCE_NOT_EXISTS", str(refusal)) from None
        amount = wish["amount"]
        if (amount["total"], amount["currency"]) != (payment["total"], payment["currency"]):
            raise Refusal("PARAM_ERROR", "amount.total and amount.currency must be those of the order.")
        fails = bool(knobs.get("refund_fails"))
        refund = self.books.refund(payment, wish["out_refund_no"], amount["refund"], now, fails=fails)
        return self._answer(shapes.refund_accepted(refund, payment, overseas=overseas))

    def _look_at_refund(
        self, request: Request, knobs: Knobs, overseas: bool, number: str = "", id: str = ""
    ) -> Response:
        if overseas:
            _check_merchant(request.args)
        refund = self.books.look_at_refund(self.now(), number=number, id=shapes.id_in(id))
        payment = self.books.payment(self.now(), number=refund["out_trade_no"])
        return self._answer(shapes.refund_found(refund, payment, overseas=overseas))

    # --- by payment code -----------------------------------------------------------------------------------------

    def _charge(self, request: Request, knobs: Knobs, overseas: bool) -> Response:
        wish, code = charge_wish(_json(request), overseas=overseas)
        payment = self.codes.charge(wish, code, self.now())
        if knobs.get("coupon"):
            self.books.give_coupon(wish["out_trade_no"], wish["amount"]["total"] // 3)
        return self._answer(shapes.trade(payment, overseas=overseas))

    def _reverse(self, request: Request, knobs: Knobs, overseas: bool, number: str) -> Response:
        body = _json(request)
        _check_merchant(body)
        if not overseas and body.get("appid") != APPID:
            raise Refusal("PARAM_ERROR", "appid is missing.")
        self.codes.reverse(number, self.now())
        return self._answer(None, 204) if overseas else self._answer({"mchid": MCHID, "out_trade_no": number})

    # --- certificates and bills ----------------------------------------------------------------------------------

    def _certificates(self, request: Request, knobs: Knobs, overseas: bool) -> Response:
        return self._answer(certificates(self._folder))

    def _statements(self, request: Request, knobs: Knobs, overseas: bool) -> Response:
        _check_merchant(request.args)
        text = bill(self.books, _day(request.args.get("date"), "%Y%m%d"), self.now(), overseas=True)
        return Response(text, content_type="text/plain", headers={STATEMENT: sha1(text)})

    def _trade_bill(self, request: Request, knobs: Knobs, overseas: bool) -> Response:
        day = _day(request.args.get("bill_date"), "%Y-%m-%d")
        text = bill(self.books, day, self.now(), overseas=False)
        address = f"{request.root_url.rstrip('/')}{request.path.partition('/v3/')[0]}/v3/billdownload/file?token={day}"
        return self._answer({"hash_type": "SHA1", "hash_value": sha1(text), "download_url": address})

    def _bill_file(self, request: Request, knobs: Knobs, overseas: bool) -> Response:
        text = bill(self.books, _day(request.args.get("token"), "%Y-%m-%d"), self.now(), overseas=False)
        return Response(text, content_type="text/plain", headers={UNSIGNED: "yes"})

    def _error(self, code: str, message: str) -> Response:
        return self._answer({"code": code, "message": message}, shapes.STATUS[code])

    def _answer(self, body: object, status: int = 200) -> Response:
        raw = b"" if body is None else json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
        return Response(raw, status, content_type="application/json; charset=utf-8")


def _json(request: Request) -> Mapping[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refusal("PARAM_ERROR", "The body must be a JSON object.")
    return body


def _check_merchant(fields: Mapping[str, Any]) -> None:
    if fields.get("mchid") != MCHID:
        raise Refusal("PARAM_ERROR", "mchid is missing, or is not the merchant who signed.")


def _day(text: str | None, form: str) -> date:
    try:
        return datetime.strptime(text or "", form).date()  # noqa: DTZ007 - a day of the bill's own zone
    except ValueError:
        raise Refusal("PARAM_ERROR", "The day of the bill is missing or no day.") from None


def _path_as_sent(request: Request) -> str:
    """With its query, exactly as it stood in the request line; an in-process caller has no request line."""
    sent = request.environ.get("RAW_URI")
    if sent:
        return re.sub(r"^https?://[^/]+", "", str(sent))
    query = request.query_string.decode()
    return quote(request.path) + (f"?{query}" if query else "")
