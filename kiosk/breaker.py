"""A circuit breaker per remote: a dead one costs one probe, and not a queue of time-outs. No I/O, no clock of its own.

It knows nothing of orders, and proves nothing about them: it only says who may call now. It is not kept on disk, since
a restart may find the line up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

OPENS_AFTER = 3
"""So many calls in a row without an answer, from whichever orders, say that the remote is away."""
PROBE_MAX_S = 30.0
"""A line that comes back is noticed within this time."""


def backoff(first_s: float, max_s: float, tries: int, jitter: float) -> timedelta:
    """How long to leave an order alone after so many tries: doubling, with full jitter, so that none march in step."""
    ceiling_s = min(max_s, first_s * 2 ** min(tries, 20))
    return timedelta(seconds=max(first_s / 2, ceiling_s * jitter))


@dataclass(slots=True)
class _Line:
    silent: int = 0
    probe_at: datetime | None = None


@dataclass(slots=True)
class Breakers:
    """One breaker per remote, by its name. Workers share them."""

    first_s: float
    _lines: dict[str, _Line] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def may_call(self, remote: str, now: datetime) -> datetime | None:
        """None: call it. Otherwise the moment of the next probe, until which nobody calls.

        Where the probe is due, the one who asks is it, and everybody else waits for what becomes of it.
        """
        with self._lock:
            line = self._lines.get(remote)
            if line is None or line.probe_at is None:
                return None
            if now < line.probe_at:
                return line.probe_at
            line.probe_at = now + self._pause(line)
            return None

    def answered(self, remote: str) -> bool:
        """It spoke, whatever it said: the line is up. True where it was away until now."""
        with self._lock:
            line = self._lines.pop(remote, None)
        return line is not None and line.probe_at is not None

    def silent(self, remote: str, now: datetime) -> bool:
        """It did not speak. True where it is taken to be away."""
        with self._lock:
            line = self._lines.setdefault(remote, _Line())
            line.silent += 1
            if line.silent >= OPENS_AFTER:
                line.probe_at = now + self._pause(line)
            return line.probe_at is not None

    def _pause(self, line: _Line) -> timedelta:
        return timedelta(seconds=min(PROBE_MAX_S, self.first_s * 2 ** min(20, max(0, line.silent - OPENS_AFTER))))
