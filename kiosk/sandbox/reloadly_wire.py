"""How Reloadly reads requests and words its answers. No business here: envelopes, pages, times."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from werkzeug.wrappers import Request, Response

from kiosk.sandbox.reloadly_facts import CODES

ACCEPTED = ("*/*", "application/*", "application/json", "application/com.reloadly.topups-v1+json")


class Refusal(Exception):
    """One of Reloadly's codes; `said` stands instead of its usual words."""

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(said or CODES[code][1])
        self.code = code


class NoSuchPath(Exception):
    """Not an answer of Reloadly's own, but of what it is built with: another shape."""


def stamp(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}"


def number(value: Decimal | None) -> float | int | None:
    """As a JSON number."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def answer(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")


def refused(refusal: Refusal, path: str, now: float) -> Response:
    told = {"timeStamp": stamp(now), "message": str(refusal), "path": path, "errorCode": refusal.code}
    return answer(told | {"infoLink": None, "details": []}, CODES[refusal.code][0])


def no_such_path(path: str, now: float) -> Response:
    told = {"timestamp": datetime.fromtimestamp(now, UTC).isoformat(), "status": 404, "error": "Not Found"}
    return answer(told | {"message": "No message available", "path": path}, 404)


def acceptable(request: Request) -> bool:
    """Whether the caller takes what is sent here."""
    asked = request.headers.get("Accept", "*/*")
    return any(kind.split(";")[0].strip() in ACCEPTED for kind in asked.split(","))


def body_of(request: Request) -> Mapping[str, Any]:
    if not request.is_json:
        raise Refusal("UNSUPPORTED_MEDIA_TYPE")
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refusal("INVALID_REQUEST")
    return body


def flag(asked: Mapping[str, str], name: str, default: bool = False) -> bool:
    return asked.get(name, str(default)).lower() == "true"


def page_of(asked: Mapping[str, str], found: Sequence[object], usual: int, most: int) -> Response:
    """One page of a list. Pages are numbered from 1; page 0 is page 1, too."""
    page, size = max(1, _whole(asked, "page", 1)), min(most, _whole(asked, "size", usual))
    content = list(found[(page - 1) * size : page * size])
    pages = -(-len(found) // size)
    order = {"sorted": True, "unsorted": False, "empty": False}
    pageable = {"sort": order, "pageNumber": page, "pageSize": size, "offset": (page - 1) * size}
    told = {"content": content, "pageable": pageable | {"paged": True, "unpaged": False}, "totalPages": pages}
    told |= {"totalElements": len(found), "last": page >= pages, "sort": order, "first": page == 1}
    told |= {"numberOfElements": len(content), "size": size, "number": page, "empty": not content}
    return answer(told)


def _whole(asked: Mapping[str, str], name: str, default: int) -> int:
    text = asked.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refusal("INVALID_INPUT_PROVIDED", f"Invalid value for {name}")
    return int(text) or default
