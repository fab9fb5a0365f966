"""What Airalo says of its rate limits, and who must wait for it. It knows no request but by its endpoint's name."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock

from kiosk.errors import NotNow
from kiosk.ports import Clock
from kiosk.remote import Reply

PAUSE_S = 1.0
"""Airalo says when an allowance is used up, and not when there is a new one: its shortest window is a second."""
UNSAID_S = 10.0
"""After a 429 that does not say how long."""


class Limits:
    """What Airalo has said of its rate limits. They hold for each endpoint, and where it names a SIM, for each SIM."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, datetime] = {}
        self._lock = Lock()

    def obey(self, endpoint: str) -> None:
        """Raises NotNow where Airalo has just said that this endpoint takes nothing more for now."""
        now = self._clock.now()
        with self._lock:
            until = self._until.get(endpoint, now)
        if now < until:
            wait_s = (until - now).total_seconds()
            raise NotNow("Airalo is asked too often for now: nothing was sent.", retry_after_s=wait_s)

    def hear(self, endpoint: str, reply: Reply) -> None:
        """Learn from `Retry-After` and `x-ratelimit-remaining`."""
        if reply.status == 429:
            wait_s = reply.retry_after_s if reply.retry_after_s is not None else UNSAID_S
        elif reply.headers.get("x-ratelimit-remaining", "").strip() == "0":
            wait_s = PAUSE_S
        else:
            return
        now = self._clock.now()
        with self._lock:
            self._until = {which: until for which, until in self._until.items() if now < until}
            self._until[endpoint] = now + timedelta(seconds=wait_s)
