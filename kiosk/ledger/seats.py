"""Seats: which screen stands where, and at which step its customer is. A dead one is taken over, a live one refused."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.errors import SeatTaken
from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.store import Ledger

DEAD_AFTER = timedelta(seconds=30)
NOBODY_YET = ("welcome", "closed", "counter")
"""The steps without a visit: on sale, out of service, and a clerk in the place of a customer."""


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
            "INSERT OR REPLACE INTO seats (seat, pid, step, language, taken_at, heartbeat_at, step_at)"
            " VALUES (:seat, :pid, 'welcome', '', :at, :at, :at)",
            {"seat": seat, "pid": pid, "at": stamp(at)},
        )


def sign_of_life(ledger: Ledger, seat: str, *, at: datetime) -> None:
    ledger.database.jot("UPDATE seats SET heartbeat_at = ? WHERE seat = ?", (stamp(at), seat))


def step_to(ledger: Ledger, seat: str, step: str, language: str, *, at: datetime) -> None:
    """Where the customer is: for the clerk who assists. Nothing of the customer's own stands in it.

    With the visit ends what staff was called for.
    """
    ledger.database.jot(
        "UPDATE seats SET step_at = CASE WHEN step = :step THEN step_at ELSE :at END,"
        " step = :step, language = :language WHERE seat = :seat",
        {"step": step, "language": language, "seat": seat, "at": stamp(at)},
    )
    if step in NOBODY_YET:
        ledger.database.jot("UPDATE seats SET called_at = NULL, coming = '' WHERE seat = ?", (seat,))


@dataclass(frozen=True, slots=True)
class Called:
    """Staff was called to a seat; `coming` is who has answered, or nobody yet."""

    at: datetime
    coming: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """One screen: the step and the language of its customer, whether staff was called there, and since when they are at

    that step.
    """

    name: str
    step: str
    language: str
    alive: bool
    called: Called | None
    step_at: datetime | None = None


def call_staff(ledger: Ledger, seat: str, *, at: datetime) -> None:
    """Light the counter. Whoever calls again has called since the first time."""
    ledger.database.jot("UPDATE seats SET called_at = ? WHERE seat = ? AND called_at IS NULL", (stamp(at), seat))


def come(ledger: Ledger, seat: str, by: str, *, at: datetime) -> bool:
    """Somebody is on the way to this seat. False where nobody waits there, or another one is on the way already.

    Who answered which call, and when, stands in the chain: the seat forgets it with the visit.
    """
    waits = "seat = ? AND called_at IS NOT NULL AND coming = ''"
    with ledger.database.transaction():
        rows = ledger.database.rows(f"SELECT called_at FROM seats WHERE {waits}", (seat,))
        if rows:
            ledger.database.execute("UPDATE seats SET coming = ? WHERE seat = ?", (by, seat))
            ledger.append(at, "staff_came", by, {"seat": seat, "called_at": rows[0]["called_at"]})
    return bool(rows)


def seats(ledger: Ledger, at: datetime) -> list[Seat]:
    """All of them: where staff is called comes first, the longest wait before the others."""
    rows = ledger.database.rows("SELECT * FROM seats ORDER BY called_at IS NULL, called_at, seat")
    return [
        Seat(
            row["seat"],
            row["step"],
            row["language"],
            abs(at - instant(row["heartbeat_at"])) < DEAD_AFTER,
            Called(instant(row["called_at"]), row["coming"]) if row["called_at"] else None,
            instant(row["step_at"]) if row["step_at"] else None,
        )
        for row in rows
    ]


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
