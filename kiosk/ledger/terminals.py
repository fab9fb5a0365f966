"""Who is signed in at which terminal. Coming and going are events; a terminal that gives no sign of life fades."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.seats import DEAD_AFTER
from kiosk.ledger.store import Ledger

SIGNED_IN, SIGNED_OUT, LOCKED = "signed_in", "signed_out", "locked"


@dataclass(frozen=True, slots=True)
class Stay:
    """A clerk at a terminal, and since when."""

    terminal: str
    clerk: str
    since: datetime


def come_to(ledger: Ledger, terminal: str, clerk: str, *, at: datetime) -> Stay:
    """Signed in. Whoever stood at this terminal before does not any more."""
    with ledger.database.transaction():
        ledger.append(at, SIGNED_IN, f"clerk:{clerk}", {"terminal": terminal})
        ledger.database.execute(
            "INSERT OR REPLACE INTO terminals (terminal, clerk, since_at, heartbeat_at) VALUES (?, ?, ?, ?)",
            (terminal, clerk, stamp(at), stamp(at)),
        )
    return Stay(terminal, clerk, at)


def leave(ledger: Ledger, stay: Stay, how: str, *, at: datetime) -> None:
    """Signed out, or locked. Another one who has signed in there since, stays."""
    with ledger.database.transaction():
        ledger.append(at, how, f"clerk:{stay.clerk}", {"terminal": stay.terminal, "since": stamp(stay.since)})
        ledger.database.execute(
            "DELETE FROM terminals WHERE terminal = ? AND clerk = ? AND since_at = ?",
            (stay.terminal, stay.clerk, stamp(stay.since)),
        )


def still_here(ledger: Ledger, stay: Stay, *, at: datetime) -> None:
    ledger.database.jot("UPDATE terminals SET heartbeat_at = ? WHERE terminal = ?", (stamp(at), stay.terminal))


def who_is_where(ledger: Ledger, at: datetime) -> list[Stay]:
    """Everybody who is signed in now, by terminal."""
    rows = ledger.database.rows("SELECT * FROM terminals ORDER BY terminal")
    return [
        Stay(row["terminal"], row["clerk"], instant(row["since_at"]))
        for row in rows
        if abs(at - instant(row["heartbeat_at"])) < DEAD_AFTER
    ]
