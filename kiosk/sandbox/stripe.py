"""Stripe's API, version 1, as a card on a Terminal reader needs it. It refuses what the real one refuses.

Mounted at `/stripe/v1`: a caller whose base address is `http://127.0.0.1:PORT/stripe` asks for `/v1/...` as always. It
knows payment intents of `card_present`, charges, refunds, locations, readers, and the test helper that presents a card;
`/reader/...` (stripe_page.py) is what a customer sees of the reader. Everything else is a 404.

Idempotency keys are kept as documented: for 24 hours, with the first status and body, errors included; not where the
parameters were refused before anything began. No webhook is sent, and there is no rate limit but the rehearsed one.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from kiosk.sandbox import stripe_endpoints as endpoints
from kiosk.sandbox import stripe_intents as intents
from kiosk.sandbox import stripe_reader as readers
from kiosk.sandbox import stripe_shapes as shapes
from kiosk.sandbox import stripe_wishes as wishes
from kiosk.sandbox.books import Books
from kiosk.sandbox.knobs import Knobs
from kiosk.sandbox.stripe_books import Desk, StripeBooks, shown
from kiosk.sandbox.stripe_shapes import Thing
from kiosk.sandbox.stripe_wishes import Refusal, Wish

KEY = "sk_test_training"
PREFIX = "/stripe/v1"
REJECTIONS: dict[int | str, tuple[int, str]] = {
    "terminal_reader_timeout": (400, wishes.INVALID),
    "terminal_reader_busy": (400, wishes.INVALID),
    "terminal_reader_offline": (400, wishes.INVALID),
    "intent_invalid_state": (400, wishes.INVALID),
    "payment_intent_unexpected_state": (400, wishes.INVALID),
    "charge_expired_for_capture": (400, wishes.INVALID),
    "charge_already_refunded": (400, wishes.INVALID),
    "amount_too_small": (400, wishes.INVALID),
    "resource_missing": (404, wishes.INVALID),
    "api_key_expired": (401, wishes.INVALID),
    "more_permissions_required": (403, wishes.INVALID),
    "idempotency_key_in_use": (409, "idempotency_error"),
    "lock_timeout": (429, wishes.INVALID),
    "rate_limit": (429, wishes.INVALID),
    "api_error": (500, "api_error"),
}


class Stripe:
    """`handle` answers one request. Everything it remembers is in `books`."""

    name = "stripe"
    prefixes: tuple[str, ...] = (PREFIX,)
    rejections: tuple[int | str, ...] = tuple(REJECTIONS)

    def __init__(self, books: Books, *, clock: Callable[[], datetime]) -> None:
        self.knobs = {
            "taps_by_itself_s": "seconds after which a card is held to the reader without anybody's doing",
            "authorizes_s": "seconds for which a card is being authorized, and the reader busy",
            "holds_s": "seconds for which an authorization holds (2 days)",
            "times_out": "true: executed, then answered with terminal_reader_timeout",
            "breaks_inside": "true: not executed, answered with a 500 that the idempotency key remembers",
            "search_late_s": "seconds after which a new intent can be found by searching",
            "refund_pends_s": "seconds for which a new refund is pending",
            "refund_fails": "true: a new refund is pending, and fails",
        }
        self.books = StripeBooks(books)
        self._clock = clock

    def now(self) -> float:
        return self._clock().timestamp()

    def handle(self, request: Request, knobs: Knobs) -> Response:
        version = request.headers.get("Stripe-Version", shapes.VERSION)
        try:
            _check_caller(request, version)
            status, body, replayed = self._answer(request, version, knobs)
        except Refusal as refusal:
            status, body, replayed = refusal.status, json.dumps({"error": shown(refusal.body)}), False
        if version < shapes.API_ERROR_SINCE:
            body = json.dumps(_without_api_error(json.loads(body)))
        return self._response(status, body, version, replayed=replayed)

    def refuse(self, request: Request, code: int | str) -> Response:
        status, type = REJECTIONS[code]
        error = {"type": type, "message": "Rehearsed."} | ({} if code == "api_error" else {"code": code})
        return self._response(status, json.dumps({"error": error}), shapes.VERSION)

    def _answer(self, request: Request, version: str, knobs: Knobs) -> tuple[int, str, bool]:
        """The status, the body, and whether both come out of an idempotency key's memory."""
        try:
            endpoint, found = endpoints.ROUTES.bind("sandbox").match(
                "/" + request.path.partition(PREFIX + "/")[2], request.method
            )
        except HTTPException:
            said = f"Unrecognized request URL ({request.method}: {request.path})."
            raise Refusal(said, status=404, begun=False) from None
        source = request.form if request.method == "POST" else request.args
        wish = wishes.of_version(wishes.parsed(source.items(multi=True)), version)
        key = request.headers.get("Idempotency-Key", "") if request.method == "POST" else ""
        if len(key) > 255:
            raise Refusal("Idempotency-Key is longer than 255 characters.", type="idempotency_error", begun=False)
        asked, now = json.dumps([request.path, wish], sort_keys=True), self.now()
        with self.books.desk() as desk:
            if key and (known := desk.remembered(key, asked, now)):
                return *known, True
            status, body, begun = self._executed(desk, endpoint, found, wish, now, knobs)
            if key and begun:
                desk.remember(key, asked, status, body, now)
        return status, body, False

    def _executed(
        self, desk: Desk, endpoint: str, found: Mapping[str, Any], wish: Wish, now: float, knobs: Knobs
    ) -> tuple[int, str, bool]:
        handler: Callable[..., Thing] = getattr(endpoints, endpoint)
        try:
            if knobs.get("breaks_inside"):
                raise Refusal("An unknown error occurred.", status=500, type="api_error")
            thing = handler(desk, wish, now, knobs, **found)
            if knobs.get("times_out"):
                raise readers.timed_out()
        except Refusal as refusal:
            return refusal.status, json.dumps({"error": shown(refusal.body)}), refusal.begun
        return 200, json.dumps(shown(endpoints.expanded(desk, thing, wish))), True

    def _response(self, status: int, body: str, version: str, *, replayed: bool = False) -> Response:
        response = Response(body, status, content_type="application/json")
        response.headers["Request-Id"] = f"req_sandbox{int(self.now() * 1000)}"
        response.headers["Stripe-Version"] = version
        if replayed:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    # --- what truly happened -----------------------------------------------------------------------------------------

    def executed(self) -> dict[str, Callable[[], object]]:
        """The books that anybody may read, by their address."""
        return {
            "stripe/payments": self.all_payments,
            "stripe/refunds": self.all_refunds,
            "stripe/readers": self.all_readers,
        }

    def all_payments(self) -> list[Thing]:
        """Every intent as it stands, oldest first, its charge in it."""
        with self.books.desk() as desk:
            found = [intents.look(desk, each["id"], self.now()) for each in reversed(desk.all("payment_intent"))]
            return [shown(endpoints.expanded(desk, each, {"expand": ["latest_charge"]})) for each in found]

    def all_readers(self) -> list[Thing]:
        with self.books.desk() as desk:
            return [shown(readers.look(desk, each["id"], self.now())) for each in desk.all("terminal.reader")]

    def all_refunds(self) -> list[Thing]:
        with self.books.desk() as desk:
            found = reversed(desk.all("refund"))
            return [shown(intents.look_at_refund(desk, each, self.now())) for each in found]


def _check_caller(request: Request, version: str) -> None:
    """The secret key, as a bearer token or as the user name of basic authentication. Raises Refusal."""
    kind, _, told = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "basic":
        told = base64.b64decode(told + "==", validate=False).decode("utf-8", "replace").partition(":")[0]
    if not told:
        raise Refusal("You did not provide an API key.", status=401, begun=False)
    if told != KEY:
        raise Refusal(f"Invalid API Key provided: {told[:8]}****{told[-4:]}", status=401, begun=False)
    if not re.fullmatch(r"20\d\d-\d\d-\d\d(\.[a-z]+)?", version):
        raise Refusal(f"Invalid Stripe API version: {version}", begun=False)


def _without_api_error(thing: Any) -> Any:
    """A reader's action as it was before the version that added it."""
    if isinstance(thing, dict):
        return {name: _without_api_error(value) for name, value in thing.items() if name != "api_error"}
    return [_without_api_error(each) for each in thing] if isinstance(thing, list) else thing
