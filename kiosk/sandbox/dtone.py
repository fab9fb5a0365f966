"""DT One's DVS API, version 1, as far as an eSIM top-up needs it. It refuses what the real one refuses.

What follows the documentation to the letter: an `external_id` can be used once, whatever became of it; whether there is
an ICCID decides between a top-up and a new eSIM; the last three digits of the number say how a top-up ends, and when;
the balance moves from available to holding to gone; states, codes, pages and headers.

Where the documentation is silent, the harsher reading stands here: an ICCID that is neither a training SIM, nor one
whose digits say how it ends, nor one that was bought here is declined as invalid, and 1005003 in look-ups; a plan of
another operator is declined as ineligible; an unknown `external_id` is a 404 and not an empty list; a request that was
refused with a code leaves its `external_id` free. Synchronous calls answer at once with whatever the status is by then;
no callback is sent.

Log-in: key "training-key", secret "training-secret". SIMs and products: dtone_facts.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from kiosk.sandbox import dtone_facts as facts
from kiosk.sandbox import dtone_shapes as shapes
from kiosk.sandbox import dtone_wishes as wishes
from kiosk.sandbox.books import Books
from kiosk.sandbox.dtone_books import DtOneBooks, status_of
from kiosk.sandbox.dtone_wire import Refusal, answer, body_of, in_english, logged_in, page_of, refused, with_rates
from kiosk.sandbox.knobs import Knobs
from kiosk.sandbox.limits import Limit, Limiter

ROUTES = Map(
    [
        Rule(f"/dtone/v1{path}", methods=[method], endpoint=endpoint)
        for method, path, endpoint in (
            ("GET", "/products", "products"),
            ("GET", "/products/<int:id>", "product"),
            ("POST", "/<any(async, sync):mode>/transactions", "create"),
            ("POST", "/<any(async, sync):mode>/transactions/<int:id>/confirm", "confirm"),
            ("POST", "/transactions/<int:id>/cancel", "cancel"),
            ("GET", "/transactions", "transactions"),
            ("GET", "/transactions/<int:id>", "transaction"),
            ("GET", "/balances", "balances"),
            ("POST", "/lookup/credit-party-status", "sim_status"),
            ("POST", "/lookup/credit-party-benefits", "sim_benefits"),
            ("GET", "/promotions", "promotions"),
            ("GET", "/promotions/<int:id>", "promotion"),
            ("GET", "/services", "services"),
            ("GET", "/countries", "countries"),
            ("GET", "/operators", "operators"),
            ("GET", "/benefit-types", "benefit_types"),
            ("GET", "/campaigns", "campaigns"),
        )
    ]
)


class DtOne:
    """`handle` answers one request; everything it remembers is in the books."""

    name = "dtone"
    prefixes: tuple[str, ...] = ("/dtone/v1",)
    rejections: tuple[int | str, ...] = tuple(facts.CODES)

    def __init__(self, books: Books, *, limits: bool, clock: Callable[[], datetime]) -> None:
        self.knobs = {
            "list_late_s": "seconds for which GET transactions does not show a new transaction",
            "takes_s": "seconds until a new transaction is final, whatever its number's last digits say",
            "reverses_s": "seconds after which a new transaction that is completed is reversed",
            "stays_created": "true: a new transaction stays CREATED, whatever auto_confirm says",
            "sim_shows_nothing": "true: what is left on a SIM is nothing, whatever was topped up",
            "ends_rejected": f"true: a new transaction is {facts.UNAVAILABLE}",
        }
        self._clock = clock
        self._limiter = Limiter(books) if limits else None
        self._books = DtOneBooks(books)

    def _now(self) -> float:
        return self._clock().timestamp()

    def handle(self, request: Request, knobs: Knobs) -> Response:
        if not logged_in(request):
            return refused(Refusal(1000401))
        if not self._limiter:
            return self._routed(request, knobs)
        allowance = self._limiter.hit([Limit("dtone", *facts.RATE)], self._now())
        if allowance.retry_after_s:
            return with_rates(refused(Refusal(1000429)), allowance)
        return with_rates(self._routed(request, knobs), allowance)

    def _routed(self, request: Request, knobs: Knobs) -> Response:
        try:
            endpoint, found = ROUTES.bind_to_environ(request.environ).match()
        except HTTPException:
            return refused(Refusal(1000404))
        handler: Callable[..., Response] = getattr(self, f"_{endpoint}")
        try:
            return handler(request, knobs, **found)
        except Refusal as refusal:
            return refused(refusal)

    def refuse(self, request: Request, code: int | str) -> Response:
        """Any documented error code, as it is answered when it is rehearsed."""
        return refused(Refusal(int(code)))

    def executed(self) -> list[dict[str, Any]]:
        """Every transaction that was truly taken on, oldest first."""
        now = self._now()
        return [
            row | {"status": status_of(row, now), "created_at": shapes.stamp(row["at"])} for row in self._books.all()
        ]

    def _products(self, request: Request, knobs: Knobs) -> Response:
        return in_english(page_of(request.args, [shapes.product(one) for one in wishes.products_for(request.args)]))

    def _product(self, request: Request, knobs: Knobs, id: int) -> Response:
        if id not in facts.PRODUCTS:
            raise Refusal(1003001)
        return in_english(answer(shapes.product(facts.PRODUCTS[id])))

    def _create(self, request: Request, knobs: Knobs, mode: str) -> Response:
        now = self._now()
        row = self._books.add(wishes.wish_for(body_of(request), self._books.all(), knobs), now)
        return answer(shapes.transaction(row, now, self._first_said(row, now, mode)), 201)

    def _confirm(self, request: Request, knobs: Knobs, mode: str, id: int) -> Response:
        now = self._now()
        row = self._books.confirm(id, now)
        return answer(shapes.transaction(row, now, self._first_said(row, now, mode)), 202)

    @staticmethod
    def _first_said(row: Mapping[str, Any], now: float, mode: str) -> str:
        """An asynchronous call is answered before the operator is asked."""
        asynchronous = mode == "async" and row["confirmed_at"] is not None
        return "CONFIRMED" if asynchronous and not row["outcome"].startswith("REJECTED") else ""

    def _cancel(self, request: Request, knobs: Knobs, id: int) -> Response:
        now = self._now()
        return answer(shapes.transaction(self._books.cancel(id, now), now), 202)

    def _transactions(self, request: Request, knobs: Knobs) -> Response:
        now = self._now()
        shown = [row for row in self._books.all() if row["at"] <= now - knobs.get("list_late_s", 0)]
        found = wishes.search(request.args, shown, now)
        return page_of(request.args, [shapes.transaction(row, now) for row in found])

    def _transaction(self, request: Request, knobs: Knobs, id: int) -> Response:
        return answer(shapes.transaction(self._books.transaction(id), self._now()))

    def _balances(self, request: Request, knobs: Knobs) -> Response:
        available, held = self._books.balance(self._now())
        told: dict[str, Any] = {"id": 1, "unit_type": "CURRENCY", "unit": "USD", "available": shapes.units(available)}
        told |= {"holding": shapes.units(held), "credit_limit": 0.0}
        return page_of(request.args, [told] if request.args.get("unit", "USD") == "USD" else [])

    def _sim_status(self, request: Request, knobs: Knobs) -> Response:
        sim = wishes.asked_sim(body_of(request), self._books.all())
        since = None if sim.kind is facts.SimKind.NEW else "2026-11-01T08:00:00Z"
        return answer({"installation_date": since, "activation_date": since})

    def _sim_benefits(self, request: Request, knobs: Knobs) -> Response:
        body, rows, now = body_of(request), self._books.all(), self._now()
        sim = wishes.asked_sim(body, rows)
        done = [row for row in rows if row["account_number"] == sim.iccid and status_of(row, now) == "COMPLETED"]
        added = [facts.PRODUCTS[row["product_id"]].megabytes for row in done]
        amount = -1 if -1 in added else sim.remaining_mb + sum(added)
        if knobs.get("sim_shows_nothing"):
            return page_of(body, [])
        told = {"type": "DATA", "unit_type": "DATA", "unit": "MB", "amount": amount}
        told |= {"expiration_date": None if sim.kind is facts.SimKind.NEW else shapes.stamp(now + 10 * wishes.DAY_S)}
        return page_of(body, [told | {"country": shapes.country(sim.operator.country)}])

    def _promotions(self, request: Request, knobs: Knobs) -> Response:
        offered = {product.id for product in wishes.products_for(request.args)}
        wanted = request.args.get("product_id", type=int)
        shown = [
            shapes.promotion(id)
            for id, told in facts.PROMOTIONS.items()
            if told[0] in offered and wanted in (None, told[0])
        ]
        return in_english(page_of(request.args, shown))

    def _promotion(self, request: Request, knobs: Knobs, id: int) -> Response:
        if id not in facts.PROMOTIONS:
            raise Refusal(1003201)
        return in_english(answer(shapes.promotion(id)))

    def _services(self, request: Request, knobs: Knobs) -> Response:
        return page_of(request.args, [shapes.service(id) | {"subservices": None} for id in facts.SERVICES])

    def _countries(self, request: Request, knobs: Knobs) -> Response:
        return page_of(request.args, [shapes.country(code) for code in facts.COUNTRIES])

    def _operators(self, request: Request, knobs: Knobs) -> Response:
        country = request.args.get("country_iso_code")
        known = [one for one in facts.OPERATORS.values() if country in (None, one.country)]
        return page_of(request.args, [shapes.operator(one) for one in known])

    def _benefit_types(self, request: Request, knobs: Knobs) -> Response:
        return page_of(request.args, [{"name": name} for name in ("TALKTIME", "DATA", "SMS", "PAYMENT", "CREDITS")])

    def _campaigns(self, request: Request, knobs: Knobs) -> Response:
        return page_of(request.args, [])
