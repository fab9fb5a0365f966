"""Reloadly's side of the books: tokens and top-ups. What time makes of them is worked out, not stored.

    PROCESSING --> SUCCESSFUL --> REFUNDED
              `--> FAILED, REFUNDED

An identifier is recorded with its top-up and is not unique: whether it was used is asked before, and two requests in
flight at once both find that it was not. The balance is not stored either, so no crash can make them disagree.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from kiosk.sandbox.books import Books, paid_in
from kiosk.sandbox.reloadly_facts import FAILED, FLOAT, PROCESSING, REFUNDED, SUCCESSFUL, TOKEN_LIFE_S
from kiosk.sandbox.reloadly_wire import Refusal

Row = dict[str, Any]

FIRST_ID = 4_602_800
CENT_PARTS = Decimal("0.00001")
"""What the account is debited is rounded to five decimals: measured."""

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS reloadly_topups (
         id INTEGER PRIMARY KEY, custom_identifier TEXT, operator_id INTEGER NOT NULL, amount TEXT NOT NULL,
         local INTEGER NOT NULL, phone TEXT NOT NULL, sender TEXT, at REAL NOT NULL, takes_s REAL NOT NULL,
         outcome TEXT NOT NULL, refunds_s REAL, cost TEXT NOT NULL) STRICT""",
    "CREATE TABLE IF NOT EXISTS reloadly_tokens (token TEXT PRIMARY KEY, expires_at REAL NOT NULL) STRICT",
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for, and how it will end: `outcome` after `takes_s`, refunded `refunds_s` later (None: never)."""

    custom_identifier: str | None
    operator_id: int
    amount: str
    local: bool
    phone: str
    sender: str | None
    takes_s: float
    outcome: str
    refunds_s: float | None
    cost: str


def status_of(row: Row, now: float) -> str:
    """The status of a top-up at this moment."""
    waited_s = now - row["at"]
    if waited_s < row["takes_s"]:
        return PROCESSING
    done = row["outcome"] == SUCCESSFUL
    if done and row["refunds_s"] is not None and waited_s >= row["takes_s"] + row["refunds_s"]:
        return REFUNDED
    return str(row["outcome"])


class Rows(list[Row]):
    """Top-ups, the oldest first, and `credit`: all that the account was ever paid in, in USD."""

    credit = FLOAT


class ReloadlyBooks:
    def __init__(self, books: Books) -> None:
        self._books = books
        books.define(*SCHEMA)

    def issue_token(self, now: float) -> str:
        token = f"training.{secrets.token_hex(24)}"
        with self._books.writing() as db:
            db.execute("DELETE FROM reloadly_tokens WHERE expires_at <= ?", [now - TOKEN_LIFE_S])
            db.execute("INSERT INTO reloadly_tokens VALUES (?, ?)", [token, now + TOKEN_LIFE_S])
        return token

    def check_token(self, token: str, now: float) -> None:
        """Raises Refusal: INVALID_TOKEN, TOKEN_EXPIRED."""
        with self._books.reading() as db:
            row = db.execute("SELECT expires_at FROM reloadly_tokens WHERE token = ?", [token]).fetchone()
        if row is None:
            raise Refusal("INVALID_TOKEN")
        if row[0] <= now:
            raise Refusal("TOKEN_EXPIRED")

    def add(self, wish: Wish, now: float) -> Row:
        """Take a top-up on; its cost is debited from now on. Raises Refusal: INSUFFICIENT_BALANCE."""
        with self._books.writing() as db:
            rows = _rows(db)
            if balance(rows, rows.credit, now) < Decimal(wish.cost):
                raise Refusal("INSUFFICIENT_BALANCE")
            id = max([FIRST_ID, *(known["id"] for known in rows)]) + 1
            row: Row = {"id": id} | asdict(wish) | {"local": int(wish.local), "at": now}
            names = ", ".join(row)
            marks = ", ".join(f":{name}" for name in row)
            db.execute(f"INSERT INTO reloadly_topups ({names}) VALUES ({marks})", row)  # noqa: S608 -- our own names
        return row

    def all(self) -> Rows:
        """Oldest first."""
        with self._books.reading() as db:
            return _rows(db)


def _rows(db: Any) -> Rows:
    rows = Rows(dict(row) for row in db.query("SELECT * FROM reloadly_topups ORDER BY id"))
    rows.credit = FLOAT + Decimal(paid_in(db, "reloadly")) / 100
    return rows


def debited(row: Row, now: float) -> Decimal:
    """What of a top-up is taken from the account at this moment: of a failed or refunded one, nothing."""
    return Decimal(0) if status_of(row, now) in (FAILED, REFUNDED) else Decimal(row["cost"])


def balance(rows: Iterable[Row], credit: Decimal, now: float) -> Decimal:
    return credit - sum((debited(row, now) for row in rows), Decimal(0))
