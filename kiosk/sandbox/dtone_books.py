"""DT One's side of the books: transactions. What time makes of them is worked out, not stored.

    CREATED --confirmed--> CONFIRMED --> SUBMITTED --> COMPLETED --> REVERSED
       |`----rejected----> REJECTED           `------> DECLINED
       `-----cancelled---> CANCELLED

The balance is not stored either: it is the float less what the transactions hold and have taken. So no crash can make
them disagree. It raises Refusal, in DT One's words, for what may not be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kiosk.sandbox.books import Books, paid_in
from kiosk.sandbox.dtone_facts import CONFIRM_WITHIN_S, FLOAT_CENTS
from kiosk.sandbox.dtone_wire import Refusal

Row = dict[str, Any]

FIRST_ID = 2_240_000_000
CONFIRMED_FOR_S = 1.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS dtone_transactions (
  id INTEGER PRIMARY KEY, external_id TEXT NOT NULL UNIQUE, product_id INTEGER NOT NULL, account_number TEXT,
  mobile_number TEXT, callback_url TEXT, at REAL NOT NULL, confirmed_at REAL, cancelled_at REAL,
  takes_s REAL NOT NULL, outcome TEXT NOT NULL, reverses_s REAL, cost_cents INTEGER NOT NULL) STRICT"""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for, and how it will end: `outcome` after `takes_s`, reversed `reverses_s` later (None: never)."""

    external_id: str
    product_id: int
    account_number: str | None
    mobile_number: str | None
    callback_url: str | None
    confirmed: bool
    takes_s: float
    outcome: str
    reverses_s: float | None
    cost_cents: int


def status_of(row: Row, now: float) -> str:
    """The status of a transaction at this moment."""
    if row["outcome"].startswith("REJECTED"):
        return str(row["outcome"])
    if row["cancelled_at"] is not None:
        return "CANCELLED"
    if row["confirmed_at"] is None:
        return "CREATED"
    waited_s = now - row["confirmed_at"]
    if waited_s < row["takes_s"]:
        return "CONFIRMED" if waited_s < CONFIRMED_FOR_S else "SUBMITTED"
    completed = row["outcome"] == "COMPLETED"
    if completed and row["reverses_s"] is not None and waited_s >= row["takes_s"] + row["reverses_s"]:
        return "REVERSED"
    return str(row["outcome"])


class DtOneBooks:
    def __init__(self, books: Books) -> None:
        self._books = books
        books.define(SCHEMA)

    def add(self, wish: Wish, now: float) -> Row:
        """Take a transaction on; its cost is held from now on. Raises Refusal: 1007001, 1006001."""
        with self._books.writing() as db:
            if list(db.query("SELECT 1 FROM dtone_transactions WHERE external_id = ?", [wish.external_id])):
                raise Refusal(1007001)
            rows = _rows(db)
            available, _ = _balance(rows, now, paid_in(db, "dtone"))
            if available < wish.cost_cents:
                raise Refusal(1006001)
            row: Row = {
                "id": max([FIRST_ID, *(known["id"] for known in rows)]) + 1,
                "external_id": wish.external_id,
                "product_id": wish.product_id,
                "account_number": wish.account_number,
                "mobile_number": wish.mobile_number,
                "callback_url": wish.callback_url,
                "at": now,
                "confirmed_at": now if wish.confirmed else None,
                "cancelled_at": None,
                "takes_s": wish.takes_s,
                "outcome": wish.outcome,
                "reverses_s": wish.reverses_s,
                "cost_cents": wish.cost_cents,
            }
            marks = ", ".join("?" * len(row))
            db.execute(f"INSERT INTO dtone_transactions VALUES ({marks})", list(row.values()))  # noqa: S608 -- marks only
        return row

    def confirm(self, id: int, now: float) -> Row:
        """Raises Refusal: 1008004, 1007002, 1007004, 1007005."""
        with self._books.writing() as db:
            row = _one(db, id)
            if row["cancelled_at"] is not None:
                raise Refusal(1007005)
            if row["confirmed_at"] is not None:
                raise Refusal(1007002)
            if status_of(row, now) != "CREATED" or now >= row["at"] + CONFIRM_WITHIN_S:
                raise Refusal(1007004)
            db.execute("UPDATE dtone_transactions SET confirmed_at = ? WHERE id = ?", [now, id])
            return row | {"confirmed_at": now}

    def cancel(self, id: int, now: float) -> Row:
        """Only what is still CREATED. Raises Refusal: 1008004, 1007005, 1007007."""
        with self._books.writing() as db:
            row = _one(db, id)
            if row["cancelled_at"] is not None:
                raise Refusal(1007005)
            if status_of(row, now) != "CREATED":
                raise Refusal(1007007)
            db.execute("UPDATE dtone_transactions SET cancelled_at = ? WHERE id = ?", [now, id])
            return row | {"cancelled_at": now}

    def transaction(self, id: int) -> Row:
        """Raises Refusal: 1008004."""
        with self._books.reading() as db:
            return _one(db, id)

    def all(self) -> list[Row]:
        """Oldest first."""
        with self._books.reading() as db:
            return _rows(db)

    def balance(self, now: float) -> tuple[int, int]:
        """Available and held, in cents."""
        with self._books.reading() as db:
            return _balance(_rows(db), now, paid_in(db, "dtone"))


def _rows(db: Any) -> list[Row]:
    return [dict(row) for row in db.query("SELECT * FROM dtone_transactions ORDER BY id")]


def _one(db: Any, id: int) -> Row:
    for row in db.query("SELECT * FROM dtone_transactions WHERE id = ?", [id]):
        return dict(row)
    raise Refusal(1008004)


def _balance(rows: list[Row], now: float, paid: int) -> tuple[int, int]:
    held = taken = 0
    for row in rows:
        match status_of(row, now):
            case "CREATED" | "CONFIRMED" | "SUBMITTED":
                held += row["cost_cents"]
            case "COMPLETED":
                taken += row["cost_cents"]
    return FLOAT_CENTS + paid - held - taken, held
