"""The sandbox's own books: one SQLite file that survives a restart, safe with threads and with two processes.

Every use opens its own connection and closes it, so nothing is shared but the file. It never holds real money: a
power cut may cost a rehearsal, and that is all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database

BUSY_S = 30.0
PAID_IN = "CREATE TABLE IF NOT EXISTS paid_in (remote TEXT NOT NULL, cents INTEGER NOT NULL)"


class Books:
    """One file. `reading` and `writing` each give a database for the length of a `with`."""

    def __init__(self, path: Path) -> None:
        """Raises OSError where there can be no such file."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()
        self.define(PAID_IN)

    @contextmanager
    def reading(self) -> Iterator[Database]:
        with closing(sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")  # a restart is survived either way; see the docstring
            yield Database(connection)

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """Everything inside happens, or nothing does. Writers wait for each other."""
        with self.reading() as db:
            db.conn.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.conn.execute("ROLLBACK")
                raise
            db.conn.execute("COMMIT")

    def define(self, *statements: str) -> None:
        """Create what is not there yet. Each remote defines its own tables."""
        with self.writing() as db:
            for statement in statements:
                db.execute(statement)

    def pay_in(self, remote: str, cents: int) -> None:
        """The owner has sent a provider money: the float is so much larger from now on."""
        with self.writing() as db:
            db.execute("INSERT INTO paid_in VALUES (?, ?)", [remote, cents])


def paid_in(db: Database, remote: str) -> int:
    """What this provider was ever paid in beside the float that it began with, in cents."""
    return int(db.execute("SELECT coalesce(sum(cents), 0) FROM paid_in WHERE remote = ?", [remote]).fetchone()[0])
