"""What a sale in benchmarks/ledger.py is compared with: each makes a call that does its work once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from dbos import DBOS
from persistqueue import SQLiteAckQueue

EVENT = "x" * 700  # one row as long as an event's


def raw(folder: Path) -> Callable[[], object]:
    connection = sqlite3.connect(folder / "raw.db", isolation_level=None)
    for statement in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, b)",
    ):
        connection.execute(statement)
    return lambda: connection.execute("INSERT INTO t (b) VALUES (?)", (EVENT,))


def persist_queue(folder: Path) -> Callable[[], object]:
    queue = SQLiteAckQueue(str(folder / "queue"), auto_commit=True)
    order = {"order": EVENT}

    def cycle() -> None:
        queue.put(order)
        queue.ack(queue.get())

    return cycle


@DBOS.step()
def step(name: str, said: str) -> str:
    return said


@DBOS.workflow()
def three_steps(said: str) -> str:
    for name in ("start", "top_up", "capture"):
        said = step(name, said)
    return said


def dbos(folder: Path, journal: str) -> Callable[[], object]:
    """DBOS comes with SQLite's rollback journal ("delete"); a write-ahead log ("wal") makes it faster."""
    path = folder / f"dbos-{journal}.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode={journal}")
    settings: Any = {"name": "benchmark", "system_database_url": f"sqlite:///{path}", "log_level": "ERROR"}
    DBOS(config={**settings, "run_admin_server": False})
    DBOS.launch()
    return lambda: three_steps(json.dumps({"order": EVENT[:200]}))


def no_dbos() -> None:
    """End it: there is one in a process."""
    DBOS.destroy()
