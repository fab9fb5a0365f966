"""A restored ledger is closed until a clerk says yes: nothing is sold from it, and nothing new is sent."""

from __future__ import annotations

from kiosk.errors import NotReopened
from kiosk.ledger.database import Database

RESTORED, REOPENED = "restored", "reopened"


def waits_for_yes(database: Database) -> bool:
    """Whether it was restored, and no clerk has said yes since."""
    rows = database.rows(
        "SELECT event FROM events INDEXED BY events_of_restores"
        " WHERE event IN ('restored', 'reopened') ORDER BY seq DESC LIMIT 1"
    )
    return bool(rows) and rows[0]["event"] == RESTORED


def refuse_unless_open(database: Database) -> None:
    """Raises NotReopened."""
    if waits_for_yes(database):
        raise NotReopened(
            "The ledger was restored, and no clerk has said yes to selling again: kiosk restore --clerk NAME."
        )
