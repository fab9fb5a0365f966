"""Calls to Airalo: the token, the signature, the rate limits. It knows nothing of plans and orders.

It must never send a call again by itself, but for 401, which says that nothing was done.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from kiosk.abilities import Allowance
from kiosk.ports import Clock
from kiosk.providers.airalo.limits import Limits
from kiosk.providers.airalo.token import fetch
from kiosk.remote import Remote, Reply
from kiosk.tokens import Tokens, token_file


class Wire:
    """One account at Airalo. Threads may share it."""

    def __init__(self, remote: Remote, login: tuple[str, str], state_dir: Path, clock: Clock) -> None:
        self._remote = remote
        self._secret = login[1].encode()
        self._limits = Limits(clock)
        file = token_file(state_dir, "airalo", login[0], remote.base_url)
        self._tokens = Tokens(file, clock, lambda: fetch(remote, login, clock, self._sign, self._limits))

    @property
    def allowance(self) -> Allowance | None:
        return self._remote.allowance

    def get(self, path: str, *, timeout_s: float | None = None) -> Reply:
        """A look: it changes nothing. Any status is a Reply. Raises NoAnswer."""
        return self._send("GET", path, {}, timeout_s=timeout_s)

    def act(self, path: str, body: bytes) -> Reply:
        """A call that changes something: compact JSON, signed. Raises NoAnswer."""
        return self._send(
            "POST", path, {"Content-Type": "application/json", "airalo-signature": self._sign(body)}, body
        )

    def act_by_form(self, path: str, fields: Sequence[tuple[str, str]]) -> Reply:
        """A call that changes something, as multipart: unsigned, since Airalo's own client knows none of this kind."""
        form = httpx.Request("POST", self._remote.base_url, files=[(name, (None, value)) for name, value in fields])
        return self._send("POST", path, {"Content-Type": form.headers["content-type"]}, form.read())

    def _send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        timeout_s: float | None = None,
    ) -> Reply:
        """One call with a token; once more with a fresh one after 401, which says that nothing was done."""
        token = self._tokens.current()
        reply = self._once(method, path, {**headers, **_bearer(token)}, body, timeout_s)
        if reply.status != 401:
            return reply
        fresh = self._tokens.current(refused=token)
        return self._once(method, path, {**headers, **_bearer(fresh)}, body, timeout_s)

    def _once(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None, timeout_s: float | None
    ) -> Reply:
        """One exchange, unless a rate limit forbids it."""
        endpoint = f"{method} {path.partition('?')[0]}"
        self._limits.obey(endpoint)
        changes = body is not None
        reply = self._remote.send(method, path, changes=changes, headers=headers, content=body, timeout_s=timeout_s)
        self._limits.hear(endpoint, reply)
        return reply

    def _sign(self, payload: bytes) -> str:
        """As Airalo's own client does: HMAC-SHA512 over compact JSON in which a slash is written as \\/."""
        return hmac.new(self._secret, payload.replace(b"/", b"\\/"), hashlib.sha512).hexdigest()


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
