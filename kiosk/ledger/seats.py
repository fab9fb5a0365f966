"""Seats: which screen stands where, and at which step its customer is. A dead one is taken over, a live one refused."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

from kiosk.errors import SeatTaken
from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.store import Ledger

DEAD_AFTER = timedelta(seconds=30)


def take_seat(ledger: Ledger, seat: str, pid: int, *, at: datetime) -> None:
    """Sit down. Raises SeatTaken where a living process sits there that has given a sign of life lately."""
    with ledger.database.transaction():
        for row in ledger.database.rows("SELECT * FROM seats WHERE seat = ? AND pid <> ?", (seat, pid)):
            if abs(at - instant(row["heartbeat_at"])) < DEAD_AFTER and _lives(row["pid"]):
                raise SeatTaken(
                    f"Seat {seat} is taken by process {row['pid']}, since {row['taken_at'][:19]} UTC. "
                    "Use that kiosk, or give this one another --seat."
                )
        ledger.database.execute(
            "INSERT OR REPLACE INTO seats VALUES (?, ?, 'welcome', '', ?, ?)", (seat, pid, stamp(at), stamp(at))
        )


def sign_of_life(ledger: Ledger, seat: str, *, at: datetime) -> None:
    ledger.database.jot("UPDATE seats SET heartbeat_at = ? WHERE seat = ?", (stamp(at), seat))


def step_to(ledger: Ledger, seat: str, step: str, language: str) -> None:
    """Where the customer is: for the clerk who assists. Nothing of the customer's own stands in it."""
    ledger.database.jot("UPDATE seats SET step = ?, language = ? WHERE seat = ?", (step, language, seat))


def leave_seat(ledger: Ledger, seat: str, pid: int) -> None:
    ledger.database.execute("DELETE FROM seats WHERE seat = ? AND pid = ?", (seat, pid))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
