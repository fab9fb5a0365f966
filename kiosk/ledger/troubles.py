"""What is wrong with a remote at this moment, as the queue's holder last had it: for the screens, another process.

No part of the chain, since no money follows from it. A trouble that nobody has seen for a while is no longer believed:
whoever wrote it down may have ended, or asks that remote nothing any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.store import Ledger

BELIEVED_FOR = timedelta(minutes=15)
"""Longer than the queue's longest pause between two probes, with a time-out."""


class Trouble(StrEnum):
    """`away`: nothing comes back from it. `clock`: it tells another time than ours. `reader`: its reader is off."""

    AWAY = "away"
    CLOCK = "clock"
    READER = "reader"


def note_trouble(ledger: Ledger, remote: str, trouble: Trouble, at: datetime) -> None:
    """It is so at this moment (still, or from now on)."""
    ledger.database.execute(
        "INSERT INTO troubles (remote, trouble, since, seen_at) VALUES (:remote, :trouble, :at, :at)"
        " ON CONFLICT (remote, trouble) DO UPDATE SET seen_at = :at",
        {"remote": remote, "trouble": trouble.value, "at": stamp(at)},
    )


def end_trouble(ledger: Ledger, remote: str, trouble: Trouble) -> None:
    """It is over."""
    ledger.database.execute("DELETE FROM troubles WHERE remote = ? AND trouble = ?", (remote, trouble.value))


def troubles(ledger: Ledger, now: datetime | None = None) -> set[tuple[str, Trouble]]:
    """Which remotes have which trouble; with `now` only what is still believed."""
    rows = ledger.database.rows("SELECT remote, trouble, seen_at FROM troubles")
    return {
        (row["remote"], Trouble(row["trouble"]))
        for row in rows
        if now is None or abs(now - instant(row["seen_at"])) <= BELIEVED_FOR
    }
