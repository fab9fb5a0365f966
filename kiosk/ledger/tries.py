"""How often a wrong PIN was given, by clerk and terminal: on disk, so that a restart forgives nothing.

No part of the chain, since nothing follows from it but a delay.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class Tries:
    """So many wrong ones since the last right one, and when the last of them was."""

    wrong: int
    last_at: datetime


def tries_of(ledger: Ledger, clerk: str, terminal: str) -> Tries | None:
    """None where the last PIN was right, or there was none."""
    rows = ledger.database.rows("SELECT * FROM pin_tries WHERE clerk = ? AND terminal = ?", (clerk, terminal))
    return Tries(rows[0]["wrong"], instant(rows[0]["last_at"])) if rows else None


def count_try(ledger: Ledger, clerk: str, terminal: str, *, at: datetime) -> None:
    """One more that is wrong until it is known to be right. Within a transaction, or one of its own."""
    ledger.database.execute(
        "INSERT INTO pin_tries VALUES (:clerk, :terminal, 1, :at)"
        " ON CONFLICT (clerk, terminal) DO UPDATE SET wrong = wrong + 1, last_at = :at",
        {"clerk": clerk, "terminal": terminal, "at": stamp(at)},
    )


def forget_tries(ledger: Ledger, clerk: str, terminal: str) -> None:
    """The right PIN was given."""
    ledger.database.execute("DELETE FROM pin_tries WHERE clerk = ? AND terminal = ?", (clerk, terminal))
