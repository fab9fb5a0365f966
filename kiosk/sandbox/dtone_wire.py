"""How DT One reads requests and words its answers. No business here: only log-in, envelopes, pages and headers."""

from __future__ import annotations

import hmac
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.wrappers import Request, Response

from kiosk.sandbox.dtone_facts import API_KEY, API_SECRET, CODES
from kiosk.sandbox.limits import Allowance

PER_PAGE, PER_PAGE_MAX = 50, 100


class Refusal(Exception):
    """One of DT One's documented codes; `detail` stands instead of its usual words."""

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(detail or CODES[code][1])
        self.code = code


def answer(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")


def refused(refusal: Refusal) -> Response:
    return answer({"errors": [{"code": refusal.code, "message": str(refusal)}]}, CODES[refusal.code][0])


def logged_in(request: Request) -> bool:
    """HTTP Basic: the key is the user, the secret the password."""
    given = request.authorization
    if given is None or given.type != "basic":
        return False
    pairs = ((given.username, API_KEY), (given.password, API_SECRET))
    return all(hmac.compare_digest((told or "").encode(), known.encode()) for told, known in pairs)


def body_of(request: Request) -> Mapping[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refusal(1000400, "The body must be a JSON object.")
    return body


def whole(asked: Mapping[str, Any], name: str, default: int | None = None) -> int | None:
    """A whole number of the query, or None. Raises Refusal."""
    text = str(asked.get(name, ""))
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and 0 < int(text[:10]) < 2**31):
        raise Refusal(1000400, f"{name} must be a positive integer.")
    return int(text)


def page_of(asked: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> Response:
    """One page of a list, by `page` and `per_page` of a query or a body; the headers say how many there are."""
    page, size = whole(asked, "page", 1) or 1, whole(asked, "per_page", PER_PAGE) or PER_PAGE
    if size > PER_PAGE_MAX:
        raise Refusal(1000400, f"per_page must be {PER_PAGE_MAX} at most.")
    pages = math.ceil(len(found) / size)
    response = answer(found[(page - 1) * size : page * size])
    told: dict[str, object] = {"X-Total": len(found), "X-Total-Pages": pages, "X-Per-Page": size, "X-Page": page}
    told |= {"X-Next-Page": page + 1 if page < pages else "", "X-Prev-Page": page - 1 if page > 1 else ""}
    response.headers.extend({name: str(value) for name, value in told.items()})
    return response


def in_english(response: Response) -> Response:
    """The headers of what could be had in several languages."""
    response.headers["Content-Language"] = "en"
    response.headers["Vary"] = "Accept-Language"
    return response


def with_rates(response: Response, allowance: Allowance) -> Response:
    response.headers["X-Ratelimit-Limit"] = str(allowance.limit)
    response.headers["X-Ratelimit-Remaining"] = str(0 if allowance.retry_after_s else allowance.remaining)
    return response
