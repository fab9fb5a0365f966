"""What each provider gives on top at present, as the queue's holder last heard it: for the screens, another process.

No part of the chain: what counts for an order stands in its lines. What nobody has heard for a day is no longer told.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.store import Ledger
from kiosk.promotions import ProviderPromotion

BELIEVED_FOR = timedelta(days=1)


def note_promotions(ledger: Ledger, provider: str, told: tuple[ProviderPromotion, ...], at: datetime) -> None:
    """Keep the newest word. A power cut may take it back: it is asked for again."""
    ledger.database.jot(
        "INSERT OR REPLACE INTO promotions (provider, at, told) VALUES (?, ?, ?)",
        (provider, stamp(at), msgspec.json.encode(told).decode()),
    )


def promotions_heard_at(ledger: Ledger, provider: str) -> datetime | None:
    """When the provider last said it; None where it never did."""
    rows = ledger.database.rows("SELECT at FROM promotions WHERE provider = ?", (provider,))
    return instant(rows[0]["at"]) if rows else None


def promotions_of(ledger: Ledger, provider: str, now: datetime) -> tuple[ProviderPromotion, ...]:
    """What it gives on top at this moment, as far as anybody knows. Raises LedgerError."""
    rows = ledger.database.rows("SELECT at, told FROM promotions WHERE provider = ?", (provider,))
    if not rows or abs(now - instant(rows[0]["at"])) > BELIEVED_FOR:
        return ()
    told = msgspec.json.decode(rows[0]["told"], type=tuple[ProviderPromotion, ...])
    return tuple(each for each in told if each.first <= now <= each.last)
