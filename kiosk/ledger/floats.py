"""What is left of our credit with each provider, as the queue's holder last heard it: for the screens, another process.

No part of the chain, since no order follows from it. What nobody has heard for a while is no longer believed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.schema import STATE_IS_WAITING
from kiosk.ledger.store import Ledger
from kiosk.money import Money

BELIEVED_FOR = timedelta(hours=2)
"""Twice the longest pause between two looks that the configuration allows."""


@dataclass(frozen=True, slots=True)
class Float:
    """What the provider said at `at`; `low`: below what the owner wants there to be."""

    left: Money
    at: datetime
    low: bool


def note_float(ledger: Ledger, provider: str, heard: Float) -> None:
    """Keep the newest word. A power cut may take it back: it is asked for again."""
    ledger.database.jot(
        "INSERT OR REPLACE INTO floats (provider, left_minor, currency, at, low) VALUES (?, ?, ?, ?, ?)",
        (provider, heard.left.amount_minor, heard.left.currency, stamp(heard.at), heard.low),
    )


def float_of(ledger: Ledger, provider: str) -> Float | None:
    """The last word, however old; None where there was none."""
    rows = ledger.database.rows("SELECT * FROM floats WHERE provider = ?", (provider,))
    if not rows:
        return None
    return Float(Money(rows[0]["left_minor"], rows[0]["currency"]), instant(rows[0]["at"]), bool(rows[0]["low"]))


def left_to_sell(ledger: Ledger, provider: str, now: datetime) -> Money | None:
    """What can still be bought of this provider: the float, less what is paid and waits for its top-up.

    None where nobody knows. It cannot be exact: other kiosks may buy of the same account, and an order that waits may
    be charged already.
    """
    known = float_of(ledger, provider)
    if known is None or abs(now - known.at) > BELIEVED_FOR:
        return None
    promised = ledger.database.rows(
        "SELECT coalesce(sum(wholesale_minor), 0) AS minor FROM orders"
        f" WHERE {STATE_IS_WAITING} AND state = 'SUBMITTING' AND provider = ? AND wholesale_currency = ?",
        (provider, known.left.currency),
    )[0]["minor"]
    return known.left - Money(promised, known.left.currency)
