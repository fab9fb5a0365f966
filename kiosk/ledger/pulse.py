"""Whether the ledger can be sold from at this moment: read, written, with room for what follows, and open for sale."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from kiosk.errors import LedgerBroken
from kiosk.ledger.place import refuse_unless_room
from kiosk.ledger.store import Ledger


def refuse_unless_well(ledger: Ledger) -> None:
    """Write as an order would be written: what stands there already. Raises LedgerError with the cause."""
    refuse_unless_room(ledger.path)
    with ledger.database.transaction():
        ledger.reopening.refuse_if_awaited()
        ledger.database.execute("UPDATE migrations SET name = name WHERE number = 1")


def refuse_unless_whole(path: Path) -> None:
    """Read the whole file, on a connection of its own: seconds for a great one. Raises LedgerBroken."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError:  # locked, or gone: no word about what stands in it
        return
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise LedgerBroken(f"{path} is damaged: {found}. Stop selling, and restore a backup: kiosk restore FILE.")
