"""What Reloadly has on offer: countries, operators, whose a number is, rates, commissions, promotions. Looks only.

Each function answers one endpoint of ENDPOINTS. It raises Refusal, in Reloadly's codes.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from werkzeug.wrappers import Request, Response

from kiosk.sandbox import reloadly_facts as facts
from kiosk.sandbox import reloadly_shapes as shapes
from kiosk.sandbox import reloadly_wishes as wishes
from kiosk.sandbox.reloadly_facts import Operator
from kiosk.sandbox.reloadly_wire import Refusal, answer, body_of, flag, number, page_of

ENDPOINTS = (
    ("GET", "/countries", "countries"),
    ("GET", "/countries/<iso>", "country"),
    ("GET", "/operators", "operators"),
    ("GET", "/operators/<int:id>", "operator"),
    ("GET", "/operators/countries/<iso>", "operators_of"),
    ("GET", "/operators/auto-detect/phone/<phone>/countries/<iso>", "detect"),
    ("POST", "/operators/fx-rate", "fx_rate"),
    ("GET", "/operators/commissions", "commissions"),
    ("GET", "/operators/<int:id>/commissions", "commission"),
    ("GET", "/promotions", "promotions"),
    ("GET", "/promotions/<int:id>", "promotion"),
    ("GET", "/promotions/country-codes/<iso>", "promotions_of"),
    ("GET", "/promotions/operators/<int:id>", "promotions_by"),
)


def _shown(request: Request, found: Operator) -> dict[str, Any]:
    asked = request.args
    return shapes.operator(found, suggested=flag(asked, "suggestedAmounts"), mapped=flag(asked, "suggestedAmountsMap"))


def countries(request: Request) -> Response:
    return answer([shapes.country(iso) for iso in facts.COUNTRIES])


def country(request: Request, iso: str) -> Response:
    return answer(shapes.country(wishes.country(iso)))


def operators(request: Request) -> Response:
    return page_of(request.args, [_shown(request, found) for found in wishes.offered(request.args)], 200, 1000)


def operators_of(request: Request, iso: str) -> Response:
    """A list, and no page."""
    return answer([_shown(request, found) for found in wishes.offered(request.args, wishes.country(iso))])


def operator(request: Request, id: int) -> Response:
    return answer(_shown(request, wishes.operator(id)))


def detect(request: Request, phone: str, iso: str) -> Response:
    return answer(_shown(request, wishes.detected(wishes.country(iso), phone)))


def fx_rate(request: Request) -> Response:
    """What arrives of an amount."""
    body = body_of(request)
    found, amount = wishes.operator(body.get("operatorId")), body.get("amount")
    if not isinstance(amount, int | float) or amount <= 0:
        raise Refusal("INVALID_AMOUNT")
    told = {"id": found.id, "name": found.name, "fxRate": number(Decimal(str(amount)) * found.rate)}
    return answer(told | {"currencyCode": facts.COUNTRIES[found.country].currency})


def commissions(request: Request) -> Response:
    return page_of(request.args, [shapes.commission(found) for found in facts.OPERATORS.values()], 200, 1000)


def commission(request: Request, id: int) -> Response:
    return answer(shapes.commission(wishes.operator(id)))


def promotions(request: Request) -> Response:
    return page_of(request.args, [shapes.promotion(id) for id in facts.PROMOTIONS], 200, 200)


def promotion(request: Request, id: int) -> Response:
    if id not in facts.PROMOTIONS:
        raise Refusal("RESOURCE_NOT_FOUND")
    return answer(shapes.promotion(id))


def promotions_of(request: Request, iso: str) -> Response:
    there = wishes.country(iso)
    ids = [id for id, told in facts.PROMOTIONS.items() if facts.OPERATORS[told[0]].country == there]
    return answer([shapes.promotion(id) for id in ids])


def promotions_by(request: Request, id: int) -> Response:
    wanted = wishes.operator(id).id
    return answer([shapes.promotion(one) for one, told in facts.PROMOTIONS.items() if told[0] == wanted])
