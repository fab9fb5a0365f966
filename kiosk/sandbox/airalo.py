"""The Airalo Partner API, version 2, as far as a top-up needs it. It refuses what the real one refuses.

What follows the documentation to the letter: there is no deduplication (two equal POSTs are two top-ups and two
debits); a POST of a top-up answers without the ICCID; validity and price are strings in lists and numbers in POST
answers; `filter[...]` are LIKE searches, in which % and _ are wildcards.

Where the documentation is silent, the harsher reading stands here: `filter[iccid]` does not find top-ups (their `sims`
is empty in the documented example); any ICCID that is not a training SIM is a 404; a wrong `airalo-signature` is
refused (code 43). Usage comes from a cache of an hour, as in Airalo's own sandbox. Error code 53 executes nothing here;
to rehearse one that was executed, use the knobs `lose_reply` or `fail_after`.

Log-in: client_id "training-client", client_secret "training-secret". SIMs and plans: airalo_facts.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from kiosk.sandbox import airalo_facts as facts
from kiosk.sandbox import airalo_shapes as shapes
from kiosk.sandbox.airalo_books import AiraloBooks, InsufficientCredit
from kiosk.sandbox.airalo_facts import SIMS, Sim, SimKind
from kiosk.sandbox.airalo_orders import included, order_list
from kiosk.sandbox.airalo_wire import (
    SUCCESS,
    answer,
    done,
    failed,
    fields_of,
    invalid,
    list_of,
    not_found,
    refused,
    required,
    signed_well,
    with_rates,
)
from kiosk.sandbox.books import Books
from kiosk.sandbox.knobs import Knobs
from kiosk.sandbox.limits import Limit, Limiter

ROUTES = Map(
    [
        Rule("/airalo/v2/token", methods=["POST"], endpoint="token"),
        Rule("/airalo/v2/sims/<iccid>/topups", methods=["GET"], endpoint="top_ups"),
        Rule("/airalo/v2/sims/<iccid>/packages", methods=["GET"], endpoint="history"),
        Rule("/airalo/v2/sims/<iccid>/usage", methods=["GET"], endpoint="usage"),
        Rule("/airalo/v2/orders/topups", methods=["POST"], endpoint="submit"),
        Rule("/airalo/v2/orders", methods=["GET"], endpoint="orders"),
        Rule("/airalo/v2/orders/<int:id>", methods=["GET"], endpoint="order"),
        Rule("/airalo/v2/balance", methods=["GET"], endpoint="balance"),
        Rule("/airalo/v2/refund", methods=["POST"], endpoint="refund"),
    ]
)


class Airalo:
    """`handle` answers one request; everything it remembers is in the books."""

    name = "airalo"
    prefixes: tuple[str, ...] = ("/airalo/v2",)
    rejections: tuple[int | str, ...] = tuple(facts.REASONS)

    def __init__(self, books: Books, *, limits: bool, clock: Callable[[], datetime]) -> None:
        self.knobs = {
            "list_late_s": "seconds for which GET orders does not show a new order",
            "sim_shows_nothing": "true: neither history nor usage of a SIM shows its top-ups",
        }
        self._clock = clock
        self._limiter = Limiter(books) if limits else None
        self._books = AiraloBooks(books, self._now())

    def _now(self) -> float:
        return self._clock().timestamp()

    def handle(self, request: Request, knobs: Knobs) -> Response:
        try:
            endpoint, found = ROUTES.bind_to_environ(request.environ).match()
        except HTTPException:
            return not_found()
        if not self._limiter:
            return self._authenticated(endpoint, request, knobs, found)
        allowance = self._limiter.hit(_limits(endpoint, found), self._now())
        if allowance.retry_after_s:
            return with_rates(answer({"message": "Too Many Attempts."}, 429), allowance)
        return with_rates(self._authenticated(endpoint, request, knobs, found), allowance)

    def _authenticated(self, endpoint: str, request: Request, knobs: Knobs, found: Mapping[str, Any]) -> Response:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if endpoint != "token" and not (scheme == "Bearer" and self._books.knows_token(token, self._now())):
            reason = "Authentication failed. This could be due to an expired token, please generate a new token."
            return answer({"code": 401, "reason": reason}, 401)
        if not signed_well(request):
            return refused(43, "The airalo-signature does not match.")
        handler: Callable[..., Response] = getattr(self, f"_{endpoint}")
        return handler(request, knobs, **found)

    def refuse(self, request: Request, code: int | str) -> Response:
        """Any documented error code, as it is answered when it is rehearsed."""
        return refused(int(code), "Rehearsed.")

    def executed(self) -> list[dict[str, Any]]:
        """Every top-up that was truly made, oldest first."""
        return [order | {"created_at": shapes.stamp(order["at"])} for order in self._books.all_orders()]

    def credit_requests(self) -> list[dict[str, Any]]:
        """Every refund request that was taken on, oldest first."""
        return self._books.all_refunds()

    def _token(self, request: Request, knobs: Knobs) -> Response:
        fields = fields_of(request)
        if missing := [name for name in ("client_id", "client_secret", "grant_type") if not fields.get(name)]:
            return required(request, missing)
        if fields["grant_type"] != "client_credentials":
            return invalid(request, {"grant_type": "The selected grant type is invalid."})
        if fields["client_id"] != facts.CLIENT_ID:
            return invalid(request, {"client_id": "The selected client id is invalid."})
        if fields["client_secret"] != facts.CLIENT_SECRET:
            return failed(401, "Client authentication failed")
        token = self._books.issue_token(self._now())
        return done({"token_type": "Bearer", "expires_in": facts.TOKEN_LIFE_S, "access_token": token})

    def _top_ups(self, request: Request, knobs: Knobs, iccid: str) -> Response:
        sim = SIMS.get(iccid)
        if sim is None:
            return not_found()
        if sim.kind is SimKind.RECYCLED:
            return refused(73, iccid)
        if sim.kind is SimKind.NO_TOP_UPS:
            return answer({"data": []})
        offers = [shapes.offered(package) for package in facts.CATALOGUE.values()]
        return answer({"pricing": shapes.PRICING, "data": offers})

    def _submit(self, request: Request, knobs: Knobs) -> Response:
        fields = fields_of(request)
        if missing := [name for name in ("iccid", "package_id") if not fields.get(name)]:
            return required(request, missing)
        iccid, package_id = fields["iccid"], fields["package_id"]
        if objection := _objection(request, iccid, package_id):
            return objection
        description = fields.get("description") or f"Topup ({iccid})"
        try:
            order = self._books.add_order(iccid, package_id, description, self._now())
        except InsufficientCredit:
            return refused(11, "please top up your balance.")
        return done(shapes.submitted(order))

    def _orders(self, request: Request, knobs: Knobs) -> Response:
        return order_list(request, self._books, self._now() - knobs.get("list_late_s", 0))

    def _order(self, request: Request, knobs: Knobs, id: int) -> Response:
        order = self._books.order(id)
        if order is None:
            return failed(401, "This action is unauthorized.")
        return done(shapes.listed(order, included(request)))

    def _history(self, request: Request, knobs: Knobs, iccid: str) -> Response:
        sim = SIMS.get(iccid)
        if sim is None:
            return not_found()
        if sim.kind is SimKind.RECYCLED:
            return refused(73, iccid)
        return answer({"pricing": shapes.PRICING, "data": self._packages(sim, knobs)})

    def _usage(self, request: Request, knobs: Knobs, iccid: str) -> Response:
        sim = SIMS.get(iccid)
        if sim is None:
            return not_found()
        told = self._books.usage_told(iccid, self._now() - facts.USAGE_CACHE_S)
        if told is None:
            recycled = sim.kind is SimKind.RECYCLED
            told = shapes.RECYCLED_USAGE if recycled else shapes.usage(self._packages(sim, knobs))
            self._books.tell_usage(iccid, told, self._now())
        return done(told)

    def _packages(self, sim: Sim, knobs: Knobs) -> list[dict[str, Any]]:
        orders = [] if knobs.get("sim_shows_nothing") else self._books.orders_of(sim.iccid)
        return shapes.history(sim, self._books.opened_at(), orders, self._now())

    def _balance(self, request: Request, knobs: Knobs) -> Response:
        available = {"amount": shapes.number(self._books.balance_cents()), "currency": "USD"}
        return done({"balances": {"name": "balance", "availableBalance": available}})

    def _refund(self, request: Request, knobs: Knobs) -> Response:
        """A request for a human at Airalo. Accepting it gives nothing back yet."""
        iccids, fields = list_of(request, "iccids"), fields_of(request)
        reason, notes, email = (fields.get(name, "") for name in ("reason", "notes", "email"))
        if not iccids:
            return failed(422, "The iccids field is required.")
        if foreign := [iccid for iccid in iccids if iccid not in SIMS]:
            return failed(422, f"The following ICCIDs do not belong to your company: {', '.join(foreign)}")
        if len(iccids) > 5:
            return invalid(request, {"iccids": "The iccids may not have more than 5 items."})
        if reason not in facts.REFUND_REASONS.split(", "):
            allowed = f"It must be one of the following: {facts.REFUND_REASONS}"
            return invalid(request, {"reason": f"The selected reason is invalid. {allowed}"})
        if reason == "OTHERS" and not notes:
            return invalid(request, {"notes": "The notes field is required when reason is OTHERS."})
        if len(notes) > facts.NOTES_MAX:
            return invalid(request, {"notes": f"The notes may not be greater than {facts.NOTES_MAX} characters."})
        if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
            return invalid(request, {"email": "The email must be a valid email address."})
        id = self._books.add_refund(iccids, reason, notes, self._now())
        data = {"refund_id": str(id), "created_at": shapes.stamp(self._now())[:16]}
        return answer({"data": data, "meta": SUCCESS}, 202)


def _objection(request: Request, iccid: str, package_id: str) -> Response | None:
    """Why this SIM does not take this package, or None."""
    sim = SIMS.get(iccid)
    if sim is None:
        return not_found()
    if sim.kind is SimKind.RECYCLED:
        return refused(73, iccid)
    if code := facts.ERROR_PACKAGES.get(package_id.removesuffix("-topup")):
        return refused(code, package_id)
    if package_id not in facts.CATALOGUE:
        return invalid(request, {"package_id": "invalid topup package"})
    return refused(23, "") if sim.kind is SimKind.NO_TOP_UPS else None


def _limits(endpoint: str, found: Mapping[str, Any]) -> list[Limit]:
    rates = [*facts.RATES.get(endpoint, []), facts.SANDBOX_RATE]
    return [Limit(f"{endpoint} {found.get(by, '')} {window_s:g}", count, window_s) for count, window_s, by in rates]
