"""The present hour of each provider, kept for some minutes: the queue asks for it with every pause."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kiosk.ledger import Ledger
from kiosk.ledger.pasts import pasts
from kiosk.peak import Hour, hour_of

KEPT_FOR = timedelta(minutes=5)


@dataclass(slots=True)
class Hours:
    """Workers of one process share it; two that look at once see the same."""

    ledger: Ledger
    _kept: dict[str, tuple[datetime, Hour]] = field(default_factory=dict)

    def present(self, provider: str, now: datetime) -> Hour:
        """What this provider is like now. Raises LedgerError."""
        kept = self._kept.get(provider)
        if kept is None or abs(now - kept[0]) >= KEPT_FOR:
            kept = self._kept[provider] = (now, hour_of(pasts(self.ledger, provider, now), now))
        return kept[1]
