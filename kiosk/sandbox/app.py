"""The sandbox as one WSGI application: the remotes under their prefixes, and what rehearsals and tests look at.

    /airalo/v2/...            the Airalo Partner API (airalo.py)
    /dtone/v1/...             DT One's DVS API (dtone.py)
    /reloadly/auth/..., /reloadly/topups/...   Reloadly's log-in and its airtime API (reloadly.py)
    /wechat/v3/..., /v3/...   WeChat Pay, overseas and mainland (wechat.py)
    /antom/ams/sandbox/api/v1/..., /ams/...    Antom: Alipay outside China (antom.py)
    /antom/v1/settlements/... its report of a day, as its dashboard hands it out (antom_report.py)
    /alipay/gateway.do        Alipay, mainland, face to face (alipay.py)
    /twilio/2010-04-01/...    Twilio: SMS (twilio.py)
    /stripe/v1/...            Stripe: a card on a Terminal reader (stripe.py)
    /pay/...                  the payer's page behind a code that was shown (payer.py)
    /phone/messages           the SMS that customers have got (inbox.py)
    /phone/WALLET             the customer's phone, which shows a payment code to be scanned (phone.py)
    /reader/...               the simulated card reader (stripe_page.py)
    /_knobs                   faults to rehearse: GET, PUT, DELETE (knobs.py)
    /_health                  which remotes stand here
    /_books/airalo/orders     what was truly executed, whatever the caller got to see of it
    /_books/airalo/refunds    which requests for credit were taken on
    /_books/dtone/transactions and /_books/reloadly/topups, likewise
    /_books/wechat/payments   and /_books/wechat/refunds, likewise
    /_books/antom/payments    and /_books/antom/refunds, likewise
    /_books/alipay/trades     and /_books/alipay/refunds, likewise; /_books/alipay/codes are shown, and no trades yet
    /_books/twilio/messages   which SMS were taken on
    /_books/stripe/payments   and /_books/stripe/refunds, /_books/stripe/readers, likewise

It never answers for a remote that it does not know: anything else is a 404 in Airalo's words.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from kiosk.sandbox.airalo import Airalo
from kiosk.sandbox.alipay import Alipay
from kiosk.sandbox.alipay_phone import AlipayPhone
from kiosk.sandbox.antom import Antom
from kiosk.sandbox.antom_report import PREFIX as REPORTS
from kiosk.sandbox.antom_report import reports_page
from kiosk.sandbox.books import Books
from kiosk.sandbox.dtone import DtOne
from kiosk.sandbox.inbox import PATH as INBOX
from kiosk.sandbox.inbox import inbox_page
from kiosk.sandbox.knobs import Knobs, OneAddress, Panel, Remote, ReplyLost
from kiosk.sandbox.payer import PREFIX, Wallet, payers_page
from kiosk.sandbox.phone import PREFIX as PHONE
from kiosk.sandbox.phone import Phone, phone_page
from kiosk.sandbox.reloadly import Reloadly
from kiosk.sandbox.stripe import Stripe
from kiosk.sandbox.stripe_page import PREFIX as READER
from kiosk.sandbox.stripe_page import readers_page
from kiosk.sandbox.twilio import Twilio
from kiosk.sandbox.wechat import Wechat

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

GARBAGE = "<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>"
BROKEN = "<!DOCTYPE html><html><head><title>Server Error</title></head><body><h1>{}</h1></body></html>"


def utc_now() -> datetime:
    return datetime.now(UTC)


def application(
    books: Path,
    *,
    limits: bool = True,
    clock: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], None] = time.sleep,
    payer_url: str = "",
) -> Application:
    """The sandbox on the books at `books` (made if absent). `limits=False` lifts the remotes' rate limits.

    `payer_url` (http://HOST:PORT) is what phones reach the sandbox at; without it, what the caller called it.
    """
    opened = Books(books)
    airalo, dtone = Airalo(opened, limits=limits, clock=clock), DtOne(opened, limits=limits, clock=clock)
    reloadly = Reloadly(opened, limits=limits, clock=clock, sleep=sleep)
    wechat = Wechat(opened, clock=clock, payer_url=payer_url)
    alipay, antom, alipay_phone = _of_one_phone(opened, clock, payer_url)
    stripe, twilio = Stripe(opened, clock=clock), Twilio(opened, clock=clock)
    executed: dict[str, Callable[[], object]] = {
        "airalo/orders": airalo.executed,
        "airalo/refunds": airalo.credit_requests,
        "dtone/transactions": dtone.executed,
        "reloadly/topups": reloadly.executed,
        "wechat/payments": lambda: wechat.books.all_payments(wechat.now()),
        "wechat/refunds": wechat.books.all_refunds,
        "alipay/codes": alipay.books.all_codes,
        "alipay/trades": lambda: alipay.books.all_trades(alipay.now()),
        "alipay/refunds": alipay.books.all_refunds,
        "antom/payments": lambda: antom.books.all_payments(antom.now()),
        "antom/refunds": antom.books.all_refunds,
        "twilio/messages": twilio.received,
        **stripe.executed(),
    }
    remotes: tuple[Remote, ...] = (airalo, dtone, reloadly, wechat, alipay, antom, stripe, twilio)
    made = Application(opened, remotes, (wechat, alipay, antom), stripe, executed, sleep)
    made.phones = {"wechat": wechat.codes, "alipay": alipay_phone}
    made.clock, made.received = clock, twilio.received
    return made


def _of_one_phone(books: Books, clock: Callable[[], datetime], payer_url: str) -> tuple[Alipay, Antom, AlipayPhone]:
    """The two gateways of Alipay, and the wallet whose codes both of them charge."""
    phone = AlipayPhone(books)
    alipay = Alipay(books, clock=clock, payer_url=payer_url, phone=phone)
    antom = Antom(books, clock=clock, payer_url=payer_url, phone=phone)
    phone.rails = {"alipay": alipay.books, "antom": antom.books}
    return alipay, antom, phone


class Application:
    """Made by `application`."""

    phones: Mapping[str, Phone]
    clock: Callable[[], datetime]
    received: Callable[[], Iterable[dict[str, Any]]]

    def __init__(
        self,
        books: Books,
        remotes: tuple[Remote, ...],
        wallets: tuple[Wallet, ...],
        stripe: Stripe,
        executed: Mapping[str, Callable[[], object]],
        sleep: Callable[[float], None],
    ) -> None:
        self._remotes = {remote.name: remote for remote in remotes}
        self._wallets, self._stripe, self._executed, self._sleep = wallets, stripe, executed, sleep
        self._antom = next(remote for remote in remotes if isinstance(remote, Antom))
        self._panel = Panel(books, self._remotes)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._answer(Request(environ))(environ, start_response)

    def books(self, name: str) -> Any:
        """What /_books/NAME shows, for whoever is in the same process."""
        return self._executed[name]()

    def _answer(self, request: Request) -> Response:
        for remote in self._remotes.values():
            for prefix in remote.prefixes:
                if request.path.startswith(prefix + "/"):
                    return self._rehearse(remote, request, request.path.removeprefix(prefix + "/"))
        if request.path.startswith(REPORTS):
            return reports_page(self._antom, request)
        if request.path.startswith(PREFIX):
            return payers_page(self._wallets, request)
        if request.path == INBOX:
            return inbox_page(self.received())
        if request.path.startswith(PHONE + "/"):
            return phone_page(self.phones, self.clock().timestamp(), request)
        if request.path == READER or request.path.startswith(READER + "/"):
            return readers_page(self._stripe, request)
        if read := self._executed.get(request.path.removeprefix("/_books/")):
            return _json(read())
        match request.path:
            case "/_knobs":
                return self._panel.handle(request)
            case "/_health":
                return _json({"name": "topup-kiosk sandbox", "remotes": list(self._remotes)})
        return _json({"data": [], "meta": {"message": "messages.resource_not_found"}}, 404)

    def _rehearse(self, remote: Remote, request: Request, path: str) -> Response:
        """Let the remote handle it, with whatever fault is rehearsed before or after."""
        called = remote.called(request) if isinstance(remote, OneAddress) else path
        knobs = self._panel.take(remote.name, f"{request.method} {called}")
        self._sleep(knobs.get("delay_s", 0))
        if knobs.get("down"):
            raise ReplyLost("The sandbox was told to be down; nothing was executed.")
        if status := knobs.get("fail_before"):
            return _failed(status)
        if code := knobs.get("reject"):
            return remote.refuse(request, code)
        return _seen(remote.handle(request, knobs), knobs)


def _seen(response: Response, knobs: Knobs) -> Response:
    """What the caller gets to see of an answer. It was executed, whatever is said here."""
    if knobs.get("lose_reply"):
        raise ReplyLost("The sandbox was told to lose this answer; the request was executed.")
    if status := knobs.get("fail_after"):
        return _failed(status)
    return Response(GARBAGE, content_type="text/html; charset=utf-8") if knobs.get("garbage") else response


def _failed(status: int) -> Response:
    response = Response(BROKEN.format(status), status, content_type="text/html; charset=utf-8")
    if status in (429, 503):
        response.headers["Retry-After"] = "1"
    return response


def _json(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
