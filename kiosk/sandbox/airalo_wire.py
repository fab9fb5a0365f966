"""How Airalo reads requests and words its answers. No business here: only forms, envelopes and headers."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from werkzeug.wrappers import Request, Response

from kiosk.sandbox.airalo_facts import CLIENT_SECRET, REASONS
from kiosk.sandbox.limits import Allowance

SUCCESS = {"message": "success"}
SERVER_ERROR = "<!DOCTYPE html><html><head><title>Server Error</title></head><body>500 | Server Error</body></html>"


def fields_of(request: Request) -> dict[str, str]:
    """The fields of a form, multipart or not, or of a JSON object: the real API takes all three."""
    if request.is_json:
        payload = request.get_json(silent=True)
        found = payload if isinstance(payload, dict) else {}
        return {name: str(value) for name, value in found.items() if value is not None}
    return request.form.to_dict()


def list_of(request: Request, name: str) -> list[str]:
    """A field with several values: `name[]` in a form, a list in JSON."""
    if request.is_json:
        payload = request.get_json(silent=True)
        found = payload.get(name) if isinstance(payload, dict) else None
        return [str(one) for one in found] if isinstance(found, list) else []
    indexed = [value for key, value in request.form.items(multi=True) if key.startswith(f"{name}[")]
    return indexed or request.form.getlist(name)


def signed_well(request: Request) -> bool:
    """Whether `airalo-signature` is right, where there is one: hex HMAC-SHA512 over compact JSON, "/" as "\\/"."""
    signature = request.headers.get("airalo-signature")
    if signature is None:
        return True
    payload = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    text = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).replace("/", "\\/")
    expected = hmac.new(CLIENT_SECRET.encode(), text.encode(), hashlib.sha512).hexdigest()
    return hmac.compare_digest(expected, signature)


def answer(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")


def done(data: object, meta: dict[str, Any] = SUCCESS, **more: object) -> Response:
    return answer({"data": data, **more, "meta": meta})


def failed(status: int, message: str) -> Response:
    return answer({"data": [], "meta": {"message": message}}, status)


def not_found() -> Response:
    return failed(404, "messages.resource_not_found")


def refused(code: int, detail: str) -> Response:
    """A business error: 422 with a code and a reason; only the IP allow list (89) is a 403."""
    return answer({"code": code, "reason": REASONS[code].format(detail)}, 403 if code == 89 else 422)


def invalid(request: Request, fields: dict[str, str]) -> Response:
    """A validation error. Whoever does not accept JSON gets a page of HTML and a 500 for it: measured (BUG-001)."""
    if "application/json" not in request.headers.get("Accept", ""):
        return Response(SERVER_ERROR, 500, content_type="text/html; charset=utf-8")
    return answer({"data": fields, "meta": {"message": "the parameter is invalid"}}, 422)


def required(request: Request, names: list[str]) -> Response:
    return invalid(request, {name: f"The {name.replace('_', ' ')} field is required." for name in names})


def with_rates(response: Response, allowance: Allowance) -> Response:
    response.headers["x-ratelimit-limit"] = str(allowance.limit)
    response.headers["x-ratelimit-remaining"] = str(0 if allowance.retry_after_s else allowance.remaining)
    if allowance.retry_after_s:
        response.headers["Retry-After"] = str(allowance.retry_after_s)
    return response
