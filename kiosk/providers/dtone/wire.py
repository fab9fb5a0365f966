"""Calls to DT One: the log-in, the pages of a list, and the allowance. It knows nothing of plans and transactions."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec

from kiosk.abilities import Allowance
from kiosk.errors import NotNow
from kiosk.ports import Clock
from kiosk.providers.dtone import answers, codes
from kiosk.remote import Remote, Reply

PER_PAGE, PAGES_MAX = 100, 20
PAUSE_S = 1.0  # DT One says when the allowance is used up, and not when there is a new one


class Wire:
    """HTTP Basic: the key is the user, the secret the password. Neither is ever shown."""

    def __init__(self, remote: Remote, login: tuple[str, str], clock: Clock) -> None:
        self._remote = remote
        self._headers = {"Authorization": f"Basic {b64encode(':'.join(login).encode()).decode()}"}
        self._clock = clock
        self._quiet_until: datetime | None = None

    @property
    def allowance(self) -> Allowance | None:
        return self._remote.allowance

    def get(self, path: str, **query: str) -> Reply:
        return self._send("GET", f"{path}?{urlencode(query)}" if query else path, changes=False)

    def ask(self, path: str, body: dict[str, Any], timeout_s: float) -> Reply:
        """A look-up that DT One wants as a POST. It changes nothing."""
        return self._send("POST", path, body, changes=False, timeout_s=timeout_s)

    def act(self, path: str, body: dict[str, Any]) -> Reply:
        """A call that changes something."""
        return self._send("POST", path, body, changes=True)

    def pages(self, path: str, **query: str) -> list[dict[str, Any]]:
        """Every entry of a list. Raises NoAnswer."""
        records: list[dict[str, Any]] = []
        for page in range(1, PAGES_MAX + 1):
            reply = self.get(path, **query, per_page=str(PER_PAGE), page=str(page))
            if reply.status != 200:
                raise codes.refusal(reply)
            found = answers.entries(reply, path)
            records += found
            last = answers.number(reply.headers.get("x-total-pages"))
            if len(found) < PER_PAGE if last is None else page >= last:
                return records
        raise reply.odd(f"with more pages of {path} than can be ours")

    def _send(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        changes: bool,
        timeout_s: float | None = None,
    ) -> Reply:
        """One call. NotNow, and nothing is sent, where DT One has just said that our allowance is used up."""
        if self._quiet_until and self._clock.now() < self._quiet_until:
            raise NotNow("DT One's allowance for us is used up for now.", retry_after_s=PAUSE_S)
        content = None if body is None else msgspec.json.encode(body)
        headers = self._headers if content is None else self._headers | {"Content-Type": "application/json"}
        reply = self._remote.send(method, path, changes=changes, headers=headers, content=content, timeout_s=timeout_s)
        if reply.status == 429 or reply.headers.get("x-ratelimit-remaining", "").strip() == "0":
            self._quiet_until = self._clock.now() + timedelta(seconds=reply.retry_after_s or PAUSE_S)
        return reply
