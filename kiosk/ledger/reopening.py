"""A restored ledger is closed until a clerk says yes: nothing is sold from it, and nothing new is sent."""

from __future__ import annotations

from kiosk.errors import NotReopened
from kiosk.ledger.database import Database

RESTORED, REOPENED = "restored", "reopened"


class Reopening:
    """The clerk's yes. Once it is there it stays as long as anybody has the ledger open, and is not looked for again:

    only a restore takes it back, and a restore holds the ledger alone (hold.py).
    """

    def __init__(self, database: Database) -> None:
        self._database, self._open = database, False

    def is_awaited(self) -> bool:
        """Whether the ledger was restored, and no clerk has said yes since."""
        if not self._open:
            rows = self._database.rows(
                "SELECT event FROM events INDEXED BY events_of_restores"
                " WHERE event IN ('restored', 'reopened') ORDER BY seq DESC LIMIT 1"
            )
            self._open = not rows or rows[0]["event"] != RESTORED
        return not self._open

    def refuse_if_awaited(self) -> None:
        """Raises NotReopened."""
        if self.is_awaited():
            raise NotReopened(
                "The ledger was restored, and no clerk has said yes to selling again: kiosk restore --clerk NAME."
            )
