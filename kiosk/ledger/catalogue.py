"""What each provider last said of the plans of one kind of SIM, and when: for the hours in which it says nothing.

No part of the chain: what counts for an order stands in its plan and lines. A kind of SIM is a name for those that take
the same plans (`inquiry.kind_of`). Only an answer with plans is kept: a card that takes none speaks for itself alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.store import Ledger
from kiosk.plans import Plan


@dataclass(frozen=True, slots=True)
class Known:
    """The plans of one kind of SIM, as the provider had them at that moment."""

    plans: tuple[Plan, ...]
    at: datetime


def note_plans(ledger: Ledger, provider: str, kind: str, known: Known) -> None:
    """Keep the newest word. A power cut may take it back: the next customer's question brings it again."""
    ledger.database.jot(
        "INSERT OR REPLACE INTO catalogue (provider, kind, at, plans) VALUES (?, ?, ?, ?)",
        (provider, kind, stamp(known.at), msgspec.json.encode(known.plans).decode()),
    )


def plans_known(ledger: Ledger, provider: str, kind: str) -> Known | None:
    """The last word, however old; None where there was none. Raises LedgerError."""
    rows = ledger.database.rows("SELECT at, plans FROM catalogue WHERE provider = ? AND kind = ?", (provider, kind))
    if not rows:
        return None
    return Known(msgspec.json.decode(rows[0]["plans"], type=tuple[Plan, ...]), instant(rows[0]["at"]))
