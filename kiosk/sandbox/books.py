"""The sandbox's own books: one SQLite file that survives a restart, safe with threads and with two processes.

Every use has a connection for itself, so nothing is shared but the file. One that was used without an error is kept for
the next use, as opening costs more than most of them; never across a fork, nor where the file was replaced. It never
holds real money: a power cut may cost a rehearsal, and that is all.
"""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

BUSY_S = 30.0
Which = tuple[int, int, int]
"""The process, and the file: device and inode. No other file gets that inode while a connection holds this one."""
PAID_IN = "CREATE TABLE IF NOT EXISTS paid_in (remote TEXT NOT NULL, cents INTEGER NOT NULL)"


class Books:
    """One file. `reading` and `writing` each give a database for the length of a `with`."""

    def __init__(self, path: Path) -> None:
        """Raises OSError where there can be no such file."""
        self.path = path
        self._idle: list[tuple[Which, Database]] = []
        weakref.finalize(self, _close, self._idle)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()
        self.define(PAID_IN)

    @contextmanager
    def reading(self) -> Iterator[Database]:
        file = self.path.stat()
        which = os.getpid(), file.st_dev, file.st_ino
        db = self._kept(which) or self._opened()
        try:
            yield db
        except BaseException:
            db.conn.close()  # whatever was half read with it
            raise
        self._idle.append((which, db))

    def _kept(self, which: Which) -> Database | None:
        """One that nobody uses now. Threads may meet here: each `pop` is one's own."""
        while self._idle:
            try:
                of, db = self._idle.pop()
            except IndexError:  # another thread was faster
                return None
            if of == which:
                return db
            db.conn.close()
        return None

    def _opened(self) -> Database:
        connection = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA synchronous = OFF")  # a restart is survived either way; see the docstring
        return Database(connection)

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


def _close(idle: list[tuple[Which, Database]]) -> None:
    for _, db in idle:
        db.conn.close()


def paid_in(db: Database, remote: str) -> int:
    """What this provider was ever paid in beside the float that it began with, in cents."""
    return int(db.execute("SELECT coalesce(sum(cents), 0) FROM paid_in WHERE remote = ?", [remote]).fetchone()[0])
