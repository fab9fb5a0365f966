"""Calls to Reloadly: the token, the pages of a list, and its rate limit. It knows nothing of plans and top-ups.

It must never send a call again by itself, but for 401, which says that nothing was done.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec

from kiosk.abilities import Allowance
from kiosk.errors import Misconfigured, NotNow, Unreachable
from kiosk.ports import Clock
from kiosk.providers.reloadly import codes
from kiosk.remote import Remote, Reply
from kiosk.tokens import Kept, Tokens, kept_of, token_file

ACCEPT = "application/com.reloadly.topups-v1+json"
JSON = {"Content-Type": "application/json"}
LIFE_MAX_S = 86_400  # 60 days live, an hour or a day in their sandbox: the shorter one is safe
PER_PAGE = 100


class Wire:
    """One account at Reloadly: `auth` gives tokens for what stands at `remote`. Threads may share it."""

    def __init__(self, remote: Remote, auth: Remote, login: tuple[str, str], state_dir: Path, clock: Clock) -> None:
        self._remote, self._auth, self._login, self._clock = remote, auth, login, clock
        file = token_file(state_dir, "reloadly", login[0], remote.base_url)
        self._tokens = Tokens(file, clock, self._fetch)
        self._quiet_until: datetime | None = None

    @property
    def allowance(self) -> Allowance | None:
        return self._remote.allowance

    def get(self, path: str, **query: str) -> Reply:
        """A look: it changes nothing. Any status is a Reply. Raises NoAnswer."""
        return self._send("GET", f"{path}?{urlencode(query)}" if query else path, None)

    def act(self, path: str, body: Mapping[str, Any]) -> Reply:
        """A call that changes something. Raises NoAnswer."""
        return self._send("POST", path, msgspec.json.encode(body))

    def pages(self, path: str, pages_max: int, **query: str) -> list[dict[str, Any]]:
        """Every entry of a list, whose pages are numbered from 1. Raises NoAnswer."""
        records: list[dict[str, Any]] = []
        for page in range(1, pages_max + 1):
            reply = self.get(path, **query, size=str(PER_PAGE), page=str(page))
            if reply.status != 200:
                raise codes.refusal(reply)
            told = reply.record()
            found, last = told.get("content"), told.get("last")
            if not isinstance(found, list):
                raise reply.odd("without its list")
            records += [entry for entry in found if isinstance(entry, dict)]
            if len(found) < PER_PAGE if last is None else last is not False:
                return records
        raise reply.odd("with more pages than can be ours")

    def _send(self, method: str, path: str, body: bytes | None) -> Reply:
        """One call with a token; once more with a fresh one after 401, which says that nothing was done."""
        token = self._tokens.current()
        reply = self._once(method, path, token, body)
        return self._once(method, path, self._tokens.current(refused=token), body) if reply.status == 401 else reply

    def _once(self, method: str, path: str, token: str, body: bytes | None) -> Reply:
        headers = {"Authorization": f"Bearer {token}", "Accept": ACCEPT} | ({} if body is None else JSON)
        return self._exchange(self._remote, method, path, body, headers)

    def _exchange(
        self, remote: Remote, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Reply:
        """One exchange. NotNow, and nothing is sent, where Reloadly has just said that it is asked too often."""
        if self._quiet_until and self._clock.now() < self._quiet_until:
            wait_s = (self._quiet_until - self._clock.now()).total_seconds()
            raise NotNow("Reloadly is asked too often for now: nothing was sent.", retry_after_s=wait_s)
        changes = body is not None and remote is self._remote
        reply = remote.send(method, path, changes=changes, headers=headers, content=body)
        if reply.status == 429:
            wait_s = codes.TOO_OFTEN_S if reply.retry_after_s is None else reply.retry_after_s
            self._quiet_until = self._clock.now() + timedelta(seconds=wait_s)
        return reply

    def _fetch(self) -> Kept:
        """A fresh token, for the address that it will be shown to. Raises NoAnswer, as Tokens asks for."""
        asked = {"client_id": self._login[0], "client_secret": self._login[1], "grant_type": "client_credentials"}
        asked["audience"] = self._remote.base_url.rstrip("/")
        try:
            reply = self._exchange(self._auth, "POST", "oauth/token", msgspec.json.encode(asked), JSON)
            if reply.status == 200:
                return kept_of(reply, reply.record(), self._clock, LIFE_MAX_S)
        except Unreachable as error:
            raise Unreachable(f"No access token: {error}", sent=False) from None
        if reply.status in (400, 401, 403):
            why = codes.MEANINGS.get(codes.code_in(reply), (None, "check client_id and client_secret"))[1]
            raise Misconfigured(f"Reloadly gives no access token: {why}.")
        if reply.status == 429:
            raise codes.refusal(reply)
        raise Unreachable(f"Reloadly gave no access token (HTTP {reply.status}).", sent=False)
