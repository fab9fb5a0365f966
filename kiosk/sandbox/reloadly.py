"""Reloadly's airtime API, as far as a top-up of a phone number needs it. It refuses what the real one refuses.

Mounted twice: `/reloadly/auth` for auth.reloadly.com, `/reloadly/topups` for topups.reloadly.com.

What follows the documentation, or what integrators measured, to the letter: an identifier that is recorded is refused
from then on, whatever else the request says; what was refused leaves no record; **two requests with one identifier
that are in flight at once are both carried out** (the knob `held_s` makes that easy to see); the search for an
identifier ignores its case; a number that was topped up is refused for two minutes; an asynchronous top-up is
PROCESSING at first and its status has no top-up in it; what the account is debited, to five decimals.

Where they are silent, the harsher reading stands here: a number of another network is refused; a report lists no
balance; only the training log-in is known. A synchronous call answers at once with whatever the status is by then.

Log-in: client_id "training-client", client_secret "training-secret". Operators and numbers: reloadly_facts.py.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from kiosk.sandbox import reloadly_catalogue as catalogue
from kiosk.sandbox import reloadly_facts as facts
from kiosk.sandbox import reloadly_shapes as shapes
from kiosk.sandbox import reloadly_wishes as wishes
from kiosk.sandbox.books import Books
from kiosk.sandbox.knobs import Knobs
from kiosk.sandbox.limits import Limit, Limiter
from kiosk.sandbox.reloadly_books import ReloadlyBooks, Row, balance, status_of
from kiosk.sandbox.reloadly_wire import (
    NoSuchPath,
    Refusal,
    acceptable,
    answer,
    body_of,
    no_such_path,
    number,
    page_of,
    refused,
    stamp,
)

AUTH, TOPUPS = "/reloadly/auth", "/reloadly/topups"
ROUTES = Map(
    [Rule(f"{AUTH}/oauth/token", methods=["POST"], endpoint="token")]
    + [
        Rule(f"{TOPUPS}{path}", methods=[method], endpoint=endpoint)
        for method, path, endpoint in (
            *catalogue.ENDPOINTS,
            ("GET", "/accounts/balance", "balance"),
            ("POST", "/topups", "create"),
            ("POST", "/topups-async", "create_async"),
            ("GET", "/topups/<int:id>/status", "status"),
            ("GET", "/topups/reports/transactions", "report"),
            ("GET", "/topups/reports/transactions/<int:id>", "report_of"),
        )
    ]
)


class Reloadly:
    """`handle` answers one request; everything it remembers is in the books."""

    name = "reloadly"
    prefixes: tuple[str, ...] = (AUTH, TOPUPS)
    rejections: tuple[int | str, ...] = tuple(facts.CODES)

    def __init__(
        self, books: Books, *, limits: bool, clock: Callable[[], datetime], sleep: Callable[[float], None]
    ) -> None:
        self.knobs = {
            "list_late_s": "seconds for which the report does not show a new top-up",
            "takes_s": "seconds for which a new top-up is PROCESSING, whatever its number's last digits say",
            "held_s": "seconds between the look at the identifier and the execution",
            "refunds_s": "seconds after which a new top-up that is SUCCESSFUL is REFUNDED",
            "ends_failed": "true: a new top-up ends FAILED",
            "ends_refunded": "true: a new top-up ends REFUNDED",
            "tells_no_status": "true: what the report lists has no status, as in older answers",
        }
        self._clock, self._sleep = clock, sleep
        self._limiter = Limiter(books) if limits else None
        self._books = ReloadlyBooks(books)

    def _now(self) -> float:
        return self._clock().timestamp()

    def handle(self, request: Request, knobs: Knobs) -> Response:
        path = request.path.removeprefix(AUTH).removeprefix(TOPUPS)
        try:
            return self._routed(request, knobs)
        except Refusal as refusal:
            return refused(refusal, path, self._now())
        except NoSuchPath:
            return no_such_path(path, self._now())

    def _routed(self, request: Request, knobs: Knobs) -> Response:
        try:
            endpoint, found = ROUTES.bind_to_environ(request.environ).match()
        except MethodNotAllowed:
            raise Refusal("METHOD_NOT_SUPPORTED") from None
        except HTTPException:
            raise NoSuchPath from None
        if self._limiter and (left := self._limiter.hit([Limit("reloadly", *facts.RATE)], self._now())).retry_after_s:
            response = self.refuse(request, "RATE_LIMIT_REACHED")
            response.headers["Retry-After"] = str(left.retry_after_s)
            return response
        if endpoint != "token":
            self._check(request)
        if look := getattr(catalogue, endpoint, None):
            answered: Response = look(request, **found)
            return answered
        handler: Callable[..., Response] = getattr(self, f"_{endpoint}")
        return handler(request, knobs, **found)

    def refuse(self, request: Request, code: int | str) -> Response:
        """Any code, as it is answered when it is rehearsed."""
        path = request.path.removeprefix(AUTH).removeprefix(TOPUPS)
        return refused(Refusal(str(code)), path, self._now())

    def executed(self) -> list[dict[str, Any]]:
        """Every top-up that was truly taken on, oldest first."""
        now = self._now()
        return [row | {"status": status_of(row, now), "created_at": stamp(row["at"])} for row in self._books.all()]

    # --- who asks ------------------------------------------------------------------------------------------------

    def _check(self, request: Request) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refusal("MISSING_TOKEN")
        self._books.check_token(token, self._now())
        if not acceptable(request):
            raise Refusal("MEDIA_TYPE_NOT_ACCEPTABLE")

    def _token(self, request: Request, knobs: Knobs) -> Response:
        body = body_of(request)
        if body.get("grant_type") != "client_credentials":
            raise Refusal("INVALID_REQUEST")
        pairs = ((body.get("client_id"), facts.CLIENT_ID), (body.get("client_secret"), facts.CLIENT_SECRET))
        if not all(hmac.compare_digest(str(told).encode(), known.encode()) for told, known in pairs):
            raise Refusal("INVALID_CREDENTIALS")
        audience = str(body.get("audience"))
        if audience not in facts.AUDIENCES and urlsplit(audience).path != TOPUPS:
            raise Refusal("INVALID_AUDIENCE")
        told = {"access_token": self._books.issue_token(self._now()), "scope": facts.SCOPE}
        return answer(told | {"expires_in": facts.TOKEN_LIFE_S, "token_type": "Bearer"})

    def _balance(self, request: Request, knobs: Knobs) -> Response:
        rows, now = self._books.all(), self._now()
        told = {"balance": number(balance(rows, rows.credit, now)), "frozenBalance": None, "currencyCode": "USD"}
        told |= {"currencyName": "US Dollar", "updatedAt": stamp(rows[-1]["at"] if rows else now)}
        return answer(told | {"lowBalanceThreshold": 25, "maxLowBalanceThreshold": 0})

    # --- top-ups -------------------------------------------------------------------------------------------------

    def _executed(self, request: Request, knobs: Knobs) -> Row:
        """The look at the identifier and the execution are not one: what is in flight meanwhile is carried out, too."""
        wish = wishes.wish_for(body_of(request), self._books.all(), knobs, self._now())
        self._sleep(knobs.get("held_s", 0))
        return self._books.add(wish, self._now())

    def _create(self, request: Request, knobs: Knobs) -> Response:
        row = self._executed(request, knobs)
        return answer(shapes.top_up(row, self._books.all(), self._now()))

    def _create_async(self, request: Request, knobs: Knobs) -> Response:
        return answer({"transactionId": self._executed(request, knobs)["id"]})

    def _status(self, request: Request, knobs: Knobs, id: int) -> Response:
        rows = self._books.all()
        return answer(shapes.status(_one(rows, id), rows, self._now()))

    def _report(self, request: Request, knobs: Knobs) -> Response:
        rows, now = self._books.all(), self._now()
        shown = [row for row in wishes.search(request.args, rows) if row["at"] <= now - knobs.get("list_late_s", 0)]
        silent = bool(knobs.get("tells_no_status"))
        listed = [shapes.top_up(row, rows, now, listed=True, silent=silent) for row in shown]
        return page_of(request.args, listed, 200, 500)

    def _report_of(self, request: Request, knobs: Knobs, id: int) -> Response:
        rows = self._books.all()
        return answer(shapes.top_up(_one(rows, id), rows, self._now()))


def _one(rows: list[Row], id: int) -> Row:
    """Raises Refusal: TRANSACTION_NOT_FOUND."""
    for row in rows:
        if row["id"] == id:
            return row
    raise Refusal("TRANSACTION_NOT_FOUND")
