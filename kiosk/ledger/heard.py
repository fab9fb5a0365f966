"""When each remote last answered the queue's holder, and when it last did not: for the screens, another process.

No part of the chain, since no order follows from it; jotted down, so that no sale waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class Heard:
    """The last of each; None: never."""

    answered_at: datetime | None
    silent_at: datetime | None


def know(ledger: Ledger, remotes: Iterable[str]) -> None:
    """These may be heard of from now on."""
    for remote in remotes:
        ledger.database.jot("INSERT OR IGNORE INTO heard (remote) VALUES (?)", (remote,))


def note_heard(ledger: Ledger, remote: str, at: datetime, *, answered: bool) -> None:
    """The newest word, or silence, of a remote that is known."""
    column = "answered_at" if answered else "silent_at"
    ledger.database.jot(f"UPDATE heard SET {column} = ? WHERE remote = ?", (stamp(at), remote))


def heard(ledger: Ledger) -> dict[str, Heard]:
    """Of every remote that the queue has had to do with."""
    return {
        row["remote"]: Heard(_at(row["answered_at"]), _at(row["silent_at"]))
        for row in ledger.database.rows("SELECT * FROM heard")
    }


def _at(text: str | None) -> datetime | None:
    return instant(text) if text else None
