"""Faults that anyone can rehearse. Set by HTTP, kept in the books; they clear themselves after `times` requests.

A rule is one JSON object, put to `/_knobs`:

    {"remote": "airalo", "endpoint": "POST orders/topups", "lose_reply": true, "times": 1}

`endpoint` is a shell pattern over "METHOD path" or over the path alone, below the remote's prefix (/airalo/v2/,
/dtone/v1/, /reloadly/topups/, /wechat/v3/; of Alipay the API's method stands in the path's place); without it the
rule holds for all. Several faults may stand in one rule; a rule put again for the same remote and endpoint replaces the
first. A fault never changes what was executed, only what the caller sees of it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, Protocol, runtime_checkable

from werkzeug.wrappers import Request, Response

from kiosk.sandbox.books import Books

Knobs = Mapping[str, Any]
"""The knobs that are turned for one request, by name. Empty where nothing is rehearsed."""

COMMON = {
    "delay_s": "seconds to wait before anything else",
    "down": "true: the socket is closed before anything is executed",
    "fail_before": "an HTTP status from 400 to 599, answered without executing",
    "reject": "one of the remote's documented error codes, answered without executing",
    "fail_after": "an HTTP status from 400 to 599 (true: 500), answered after executing",
    "lose_reply": "true: executed, then the socket is closed without a byte of answer",
    "garbage": "true: executed, then answered with HTTP 200 and a page of HTML",
}

SCHEMA = """
CREATE TABLE IF NOT EXISTS knobs (
  id INTEGER PRIMARY KEY,
  remote TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  turned TEXT NOT NULL,
  times INTEGER,
  fired INTEGER NOT NULL DEFAULT 0,
  UNIQUE (remote, endpoint)
) STRICT"""


class ReplyLost(Exception):
    """No answer goes back for this request: the server shell closes the socket, an in-process caller sees this."""


class Remote(Protocol):
    """One API that the sandbox stands in for, mounted under each of its `prefixes`."""

    name: str
    prefixes: tuple[str, ...]
    rejections: tuple[int | str, ...]
    knobs: dict[str, str]
    """The knobs of this remote alone: name and what it does. One that ends in _s takes seconds, any other true."""

    def handle(self, request: Request, knobs: Knobs) -> Response: ...

    def refuse(self, request: Request, code: int | str) -> Response: ...


@runtime_checkable
class OneAddress(Protocol):
    """A remote with one address for everything: what is called stands in the request."""

    def called(self, request: Request) -> str: ...


class BadKnob(Exception):
    """What was put is not a rule. The text says what is allowed."""


class Panel:
    """All knobs of all remotes."""

    def __init__(self, books: Books, remotes: Mapping[str, Remote]) -> None:
        self._books = books
        self._remotes = remotes
        books.define(SCHEMA)

    def take(self, remote: str, endpoint: str) -> Knobs:
        """The knobs that are turned for this request. Each rule that fires is counted, and clears when used up."""
        if not any(_fits(rule, endpoint) for rule in self._rules(remote)):
            return {}
        turned: dict[str, Any] = {}
        with self._books.writing() as db:
            for rule in db.query("SELECT * FROM knobs WHERE remote = ? ORDER BY id", [remote]):
                if _fits(rule, endpoint):
                    turned |= json.loads(rule["turned"])
                    db.execute("UPDATE knobs SET fired = fired + 1 WHERE id = ?", [rule["id"]])
            db.execute("DELETE FROM knobs WHERE fired >= times")
        return turned

    def _rules(self, remote: str | None = None) -> list[dict[str, Any]]:
        with self._books.reading() as db:
            return list(db.query("SELECT * FROM knobs WHERE remote = coalesce(?, remote) ORDER BY id", [remote]))

    def put(self, body: object) -> None:
        """Set one rule, or a list of them. Raises BadKnob."""
        for rule in body if isinstance(body, list) else [body]:
            remote, endpoint, times, turned = self._checked(rule)
            with self._books.writing() as db:
                db.execute(
                    "INSERT OR REPLACE INTO knobs (remote, endpoint, turned, times) VALUES (?, ?, ?, ?)",
                    [remote, endpoint, json.dumps(turned), times],
                )

    def _checked(self, rule: object) -> tuple[str, str, int | None, dict[str, Any]]:
        if not isinstance(rule, dict):
            raise BadKnob("A rule is a JSON object with a remote and at least one knob.")
        turned = dict(rule)
        remote = self._remotes.get(str(turned.pop("remote", "")))
        if remote is None:
            raise BadKnob(f"remote must be one of: {', '.join(self._remotes)}.")
        endpoint, times = turned.pop("endpoint", "*"), turned.pop("times", None)
        if not isinstance(endpoint, str) or not endpoint:
            raise BadKnob('endpoint must be a pattern such as "POST orders/topups", "sims/*" or "*".')
        if times is not None and (type(times) is not int or times < 1):
            raise BadKnob("times must be a whole number, 1 or more.")
        if not turned:
            raise BadKnob(f"A rule needs at least one knob: {_allowed(remote)}.")
        return remote.name, endpoint, times, {name: _value(remote, name, value) for name, value in turned.items()}

    def handle(self, request: Request) -> Response:
        """GET shows the rules, PUT sets one or several, DELETE clears them all."""
        match request.method:
            case "PUT":
                try:
                    self.put(request.get_json(force=True, silent=True))
                except BadKnob as bad:
                    return _json(400, {"message": str(bad)})
            case "DELETE":
                with self._books.writing() as db:
                    db.execute("DELETE FROM knobs")
            case "GET":
                pass
            case _:
                return _json(405, {"message": "GET, PUT or DELETE."})
        shown = [
            {"remote": rule["remote"], "endpoint": rule["endpoint"], **json.loads(rule["turned"])}
            | {"times": rule["times"], "fired": rule["fired"]}
            for rule in self._rules()
        ]
        return _json(200, {"knobs": shown})


def _fits(rule: Mapping[str, Any], endpoint: str) -> bool:
    path = endpoint.partition(" ")[2]
    return fnmatchcase(endpoint, rule["endpoint"]) or fnmatchcase(path, rule["endpoint"])


def _allowed(remote: Remote) -> str:
    return "; ".join(f"{name} ({what})" for name, what in (COMMON | remote.knobs).items())


def _value(remote: Remote, name: str, value: Any) -> Any:
    """The value as it is kept. Raises BadKnob where it is not one that this knob takes."""
    if name not in COMMON | remote.knobs:
        raise BadKnob(f"{name} is not a knob of {remote.name}; allowed are: {_allowed(remote)}.")
    if name == "fail_after" and value is True:
        return 500
    if name.endswith("_s"):
        good = type(value) in (int, float) and math.isfinite(value) and value >= 0
    elif name.startswith("fail_"):
        good = type(value) is int and 400 <= value <= 599
    elif name == "reject":
        good = type(value) in (int, str) and value in remote.rejections
    else:
        good = value is True
    if not good:
        codes = f": {', '.join(map(str, remote.rejections))}" if name == "reject" else ""
        raise BadKnob(f"{name} must be {(COMMON | remote.knobs)[name]}{codes}.")
    return value


def _json(status: int, body: object) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
