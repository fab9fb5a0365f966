"""The machine's clock, the only one that reads the time. Everything else is given it."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """See ports.Clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)
