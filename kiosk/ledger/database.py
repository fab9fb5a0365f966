"""One SQLite file, opened the careful way. Errors of SQLite become ours here, and nowhere else."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk.errors import LedgerBroken, LedgerBusy, LedgerError, WrongLedger
from kiosk.ledger.place import Place
from kiosk.ledger.rows import insertion, stamp
from kiosk.ledger.schema import MIGRATIONS

Execute = Callable[[str, tuple[Any, ...]], sqlite3.Cursor]
"""One statement with its values, within a transaction."""
BUSY_S = 10.0
PRAGMAS = ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
FULL = 2  # https://sqlite.org/pragma.html#pragma_synchronous


def insert(execute: Execute, table: str, row: Mapping[str, Any], how: str = "") -> None:
    """Write one row, within a transaction. `how` is OR REPLACE, or nothing."""
    execute(insertion(table, tuple(row), how), tuple(row.values()))


class Translated:
    """SQLite's errors within it become ours, with the file's name and what to do."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, sqlite3.DatabaseError):
            raise _ours(error, self._path) from error


class Turn(Translated):
    """One thread at a time, and SQLite's errors become ours."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._lock.release()
        if error:
            super().__exit__(kind, error, trace)


def _ours(error: sqlite3.DatabaseError, path: Path) -> LedgerError:
    match error:
        case sqlite3.OperationalError() | sqlite3.ProgrammingError() if "locked" in str(error) or "busy" in str(error):
            return LedgerBusy(f"{path} has been locked by another program for {BUSY_S:.0f} s; close it.")
        case sqlite3.OperationalError() if error.sqlite_errorname == "SQLITE_FULL":
            return LedgerError(
                f"The disk is full: {path} cannot be written. Free some space; nothing recorded is lost."
            )
        case sqlite3.OperationalError() if error.sqlite_errorname.startswith("SQLITE_READONLY"):
            return LedgerError(f"{path} cannot be written: the disk or the file is read-only. Make it writable again.")
        case sqlite3.OperationalError() | sqlite3.ProgrammingError():
            return LedgerError(f"{path} cannot be used: {error}. Check the disk and the permissions.")
        case sqlite3.IntegrityError():
            return LedgerError(f"{path} refuses this entry: {error}.")
    return LedgerBroken(f"{path} is damaged: {error}. Stop selling, and restore a backup.")


class Transaction:
    """BEGIN … COMMIT, rolled back on any error. What is within may write by `Database.execute`, or faster by what this

    gives: SQLite's own, since the turn is taken and the file was looked for.
    """

    def __init__(self, database: Database, begin: str) -> None:
        self._database, self._begin = database, begin

    def __enter__(self) -> Execute:
        self._turn, self._connection = self._database.turn, self._database.connection
        self._turn.__enter__()
        try:
            self._database.place.refuse_if_gone()
            self._connection.execute(self._begin)
        except BaseException as error:
            self._turn.__exit__(type(error), error, error.__traceback__)
            raise
        return self._connection.execute

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        failed = error
        try:
            self._end(well=error is None)
        except BaseException as refused:
            failed = refused
            raise
        finally:
            self._turn.__exit__(kind, failed, trace)

    def _end(self, *, well: bool) -> None:
        try:
            if well:
                self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


class Database:
    """A connection that threads may share: one statement or one transaction at a time."""

    def __init__(self, path: Path, at: datetime) -> None:
        self.path = path
        self.turn, self.place = Turn(path), Place(path)
        with self.turn:
            self.connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            self._prepare()
            self._migrate(at)
            self.place.remember()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        with self.turn:
            self.path.chmod(0o600)
            self.connection.row_factory = sqlite3.Row
            self._write_ahead()
            for pragma in PRAGMAS:
                self.connection.execute(f"PRAGMA {pragma}")

    def _write_ahead(self) -> None:
        """Switch the journal. Two programs may meet here at their first start, and SQLite does not wait for that."""
        give_up_at = time.monotonic() + BUSY_S
        while True:
            try:
                self.connection.execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError:
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(0.01)

    def close(self) -> None:
        with self.turn:
            self.connection.close()

    def rows(self, sql: str, parameters: Mapping[str, Any] | tuple[Any, ...] = ()) -> list[dict[str, Any]]:
        """Read. Raises LedgerError."""
        with self.turn:
            return [dict(row) for row in self.connection.execute(sql, parameters)]

    def execute(self, sql: str, parameters: Mapping[str, Any] | tuple[Any, ...] = ()) -> int:
        """Write, within `transaction()` or as a transaction of its own. Returns how many rows changed."""
        with self.turn:
            if not self.connection.in_transaction:
                self.place.refuse_if_gone()
            return self.connection.execute(sql, parameters).rowcount

    def jot(self, sql: str, parameters: Mapping[str, Any] | tuple[Any, ...] = ()) -> None:
        """Write what a power cut may take back, because it is only done again. Outside a transaction.

        The file stays whole, and the next commit takes this one along to the disk; nobody waits for the disk here.
        """
        with self.turn:
            self.place.refuse_if_gone()
            waits = self.connection.execute("PRAGMA synchronous").fetchone()[0] == FULL
            if waits:
                self.connection.execute("PRAGMA synchronous=NORMAL")
            try:
                self.connection.execute(sql, parameters)
            finally:
                if waits:
                    self.connection.execute("PRAGMA synchronous=FULL")

    def transaction(self) -> Transaction:
        """BEGIN IMMEDIATE … COMMIT, rolled back on any error. Never held across a call to a remote."""
        return Transaction(self, "BEGIN IMMEDIATE")

    def snapshot(self) -> Transaction:
        """Several reads of one and the same moment; other connections go on writing meanwhile."""
        return Transaction(self, "BEGIN")

    def changes(self) -> int:
        """A number that is another one as soon as another connection has written."""
        return int(self.rows("PRAGMA data_version")[0]["data_version"])

    def empty_log(self) -> bool:
        """Write the log into the file and cut it to nothing. False where somebody reads just now; nobody waits here."""
        with self.turn:
            self.connection.execute("PRAGMA busy_timeout = 20")
            try:
                return not self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()["busy"]
            except sqlite3.OperationalError:  # somebody writes just now
                return False
            finally:
                self.connection.execute(f"PRAGMA busy_timeout = {BUSY_S * 1000:.0f}")

    def _migrate(self, at: datetime) -> None:
        """All that is missing, in one transaction: whatever happens, the ledger is of one version and whole."""
        with self.transaction():
            self.execute(
                "CREATE TABLE IF NOT EXISTS migrations"
                " (number INTEGER PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL) STRICT"
            )
            done = {row["number"] for row in self.rows("SELECT number FROM migrations")}
            if done and (newest := max(done)) > len(MIGRATIONS):
                raise WrongLedger(f"{self.path} was written by a newer kiosk (step {newest}); install that version.")
            for number, (name, script) in enumerate(MIGRATIONS, start=1):
                if number not in done:
                    for statement in _statements(script):
                        self.execute(statement)
                    self.execute("INSERT INTO migrations VALUES (?, ?, ?)", (number, name, stamp(at)))


def _statements(script: str) -> Iterator[str]:
    """The script's statements one by one: `executescript` would commit behind the transaction's back."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
