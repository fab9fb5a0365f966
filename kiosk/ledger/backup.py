"""A copy of the ledger while it is in use, by SQLite's own backup. The copy is checked before it gets its name.

No customer's address is in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from kiosk.errors import LedgerBroken, LedgerError
from kiosk.ledger.chain import Head
from kiosk.ledger.database import Translated
from kiosk.ledger.store import Ledger

PAGES = 1000


def back_up(ledger: Ledger, target: Path, progress: Callable[[int, int], None] = lambda done, total: None) -> Head:
    """Copy the ledger to `target`, a new file. Returns the head of the copy; `progress` hears of pages done and total.

    Raises LedgerError where the file exists or cannot be written, LedgerBroken where the copy is not whole.
    """
    if target.exists():
        raise LedgerError(f"{target} exists already; a backup never overwrites another. Choose a new name.")
    unfinished = target.with_name(target.name + ".unfinished")
    try:
        head = _copy(ledger, unfinished, progress)
        unfinished.rename(target)
    except OSError as error:
        raise LedgerError(f"{target} cannot be written: {error.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return head


def _copy(ledger: Ledger, path: Path, progress: Callable[[int, int], None]) -> Head:
    path.unlink(missing_ok=True)
    path.touch(0o600)
    with Translated(path), closing(sqlite3.connect(path)) as copy, closing(sqlite3.connect(ledger.path)) as original:
        original.backup(copy, pages=PAGES, progress=lambda _, left, total: progress(total - left, total))
        copy.execute("PRAGMA secure_delete=ON")
        copy.execute("DELETE FROM contacts")  # a backup may be kept for longer than customers were told
        copy.commit()
        copy.execute("PRAGMA journal_mode=DELETE")  # one file alone, without a log beside it
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise LedgerBroken(f"The copy is not whole ({found}); the ledger itself may be damaged. Run kiosk verify.")
        row = copy.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    return Head(row[0], row[1])
