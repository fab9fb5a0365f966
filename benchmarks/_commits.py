"""The commits of a sale: how many and why, and the same rows once more by bare sqlite3."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from _sale import ELSEWHERE, forget, sale, shop_in

from kiosk.identifiers import Reference
from kiosk.ledger.database import PRAGMAS
from kiosk.simulation.shop import Shop

REASONS = {
    "opened": "the order is on record before anything can be paid",
    "paid": "the money that came in",
    "delivered": "the provider's own record of the top-up",
    "captured": "the money was taken",
    "intent": "written down before it is sent",
    "answer": "the answer, before it is acted upon",
}
MOMENT = ("a moment", ())


class Commits:
    """Counts commits by what SQLite is told, and by the marks in the write-ahead log itself: they must agree.

    What is only jotted down (synchronous=NORMAL) is no commit that anybody waits for.
    """

    def __init__(self, shop: Shop) -> None:
        self.database, self.path = shop.ledger.database, shop.ledger.path
        self.events: list[int] = []
        """How many events each commit wrote."""
        self._jotted, self._within, self._waits, self._last = 0, False, True, ""

    def __enter__(self) -> Commits:
        self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.database.execute("PRAGMA wal_autocheckpoint = 0")
        self.database.connection.set_trace_callback(self._heard)
        return self

    def __exit__(self, *_: object) -> None:
        self.database.connection.set_trace_callback(None)
        assert commit_marks(self.path) == len(self.events) + self._jotted
        self.database.execute("PRAGMA wal_autocheckpoint = 1000")

    def _heard(self, statement: str) -> None:
        match statement.split()[0]:
            case "BEGIN":
                self._within = True
                self.events.append(0)
            case "COMMIT":
                self._within = False
            case "PRAGMA" if "=" in statement:
                self._waits = statement.endswith("FULL")
            case "INSERT" if "INTO events" in statement and statement != self._last:  # its trigger is told as well
                self.events[-1] += 1
            case "UPDATE" if not self._within and self._waits:
                self.events.append(0)
            case "UPDATE" if not self._within:
                self._jotted += 1
        self._last = statement


def commit_marks(path: Path) -> int:
    """Frames of the write-ahead log that end a commit (https://sqlite.org/fileformat2.html#the_write_ahead_log)."""
    log = path.with_name(path.name + "-wal").read_bytes()
    page = struct.unpack(">I", log[8:12])[0]
    return sum(struct.unpack(">I", log[at + 4 : at + 8])[0] > 0 for at in range(32, len(log), 24 + page))


def reasons(shop: Shop, name: Reference, commits: Commits) -> list[str]:
    """Why each commit of this sale was made, from the events that it wrote. A commit without one is a defect."""
    events = shop.ledger.events(name)
    told = [", ".join(reason(next(events)) for _ in range(count)) for count in commits.events]
    assert all(told), f"a commit without a reason: {told}"
    assert not list(events)
    return told


def reason(row: dict[str, Any]) -> str:
    attempt = row["body"].get("attempt")
    if row["event"] == "noted":
        return f"{attempt['call']}: {REASONS['answer' if attempt['outcome'] else 'intent']}"
    return f"{row['event']}: {REASONS[row['event']]}"


class Recorded:
    """A connection that notes what is written in transactions, and lets everything through."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection, self.sales = connection, []

    def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
        if sql.split()[0] in ("BEGIN", "COMMIT", "INSERT", "UPDATE") and self.connection.in_transaction | (
            sql == "BEGIN IMMEDIATE"
        ):
            self.sales[-1].append((sql, parameters))
        return self.connection.execute(sql, parameters)

    def a_moment(self) -> None:
        self.sales[-1].append(MOMENT)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)


def same_rows(folder: Path, tender: str, times: int) -> Callable[[], object]:
    """Each call writes the next sale of so many that were made before, statement by statement, by bare sqlite3.

    Where somebody else took a moment in the sale, it waits for a moment, which is no part of its time either.
    """
    shop = shop_in(folder / f"same-{tender}")
    database = shop.ledger.database
    with closing(sqlite3.connect(folder / f"{tender}.db")) as copy:
        database.connection.backup(copy)
    recorded = Recorded(database.connection)
    database.connection = recorded  # type: ignore[assignment] # it lets everything through
    ELSEWHERE.instead = recorded.a_moment
    for _ in range(times):
        recorded.sales.append([])
        sale(shop, tender)
        forget(shop)
    ELSEWHERE.instead = None
    shop.close()
    return written(folder / f"{tender}.db", recorded.sales)


def written(path: Path, recorded: list[list[tuple[str, Any]]]) -> Callable[[], object]:
    """Each call writes one of them into this file."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", *PRAGMAS):
        connection.execute(f"PRAGMA {pragma}")
    sales = iter(recorded)

    def write() -> None:
        for sql, parameters in next(sales):
            if (sql, parameters) == MOMENT:
                ELSEWHERE.moment()
            else:
                connection.execute(sql, parameters)

    return write
