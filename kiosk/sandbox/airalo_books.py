"""Airalo's side of the books: tokens, orders, refund requests, and the date on which the training SIMs were sold.

The balance is not stored: it is the float less every order. So no crash can make the two disagree.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from kiosk.sandbox.airalo_facts import CATALOGUE, FLOAT_CENTS, TOKEN_LIFE_S
from kiosk.sandbox.books import Books, paid_in

FIRST_ID = 9000

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS airalo_orders (
         id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, iccid TEXT NOT NULL, package_id TEXT NOT NULL,
         description TEXT NOT NULL, at REAL NOT NULL, status TEXT NOT NULL, net_cents INTEGER NOT NULL) STRICT""",
    "CREATE INDEX IF NOT EXISTS airalo_orders_by_iccid ON airalo_orders (iccid)",
    "CREATE TABLE IF NOT EXISTS airalo_tokens (token TEXT PRIMARY KEY, expires_at REAL NOT NULL) STRICT",
    """CREATE TABLE IF NOT EXISTS airalo_refunds (
         id INTEGER PRIMARY KEY, iccids TEXT NOT NULL, reason TEXT NOT NULL, notes TEXT NOT NULL, at REAL NOT NULL)
       STRICT""",
    "CREATE TABLE IF NOT EXISTS airalo_usage (iccid TEXT PRIMARY KEY, told TEXT NOT NULL, at REAL NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS airalo_opened (at REAL NOT NULL) STRICT",
)


class InsufficientCredit(Exception):
    """The float does not cover the order. Nothing was written."""


class AiraloBooks:
    def __init__(self, books: Books, now: float) -> None:
        self._books = books
        books.define(*SCHEMA)
        with books.writing() as db:
            db.execute("INSERT INTO airalo_opened SELECT ? WHERE NOT EXISTS (SELECT 1 FROM airalo_opened)", [now])

    def opened_at(self) -> float:
        with self._books.reading() as db:
            return float(db.execute("SELECT at FROM airalo_opened").fetchone()[0])

    def issue_token(self, now: float) -> str:
        """A fresh token. Its full stop keeps the vendor's own SDK from taking it for something encrypted."""
        token = f"training.{secrets.token_hex(24)}"
        with self._books.writing() as db:
            db.execute("DELETE FROM airalo_tokens WHERE expires_at <= ?", [now])
            db.execute("INSERT INTO airalo_tokens VALUES (?, ?)", [token, now + TOKEN_LIFE_S])
        return token

    def knows_token(self, token: str, now: float) -> bool:
        with self._books.reading() as db:
            query = "SELECT 1 FROM airalo_tokens WHERE token = ? AND expires_at > ?"
            return db.execute(query, [token, now]).fetchone() is not None

    def balance_cents(self) -> int:
        with self._books.reading() as db:
            return _balance(db)

    def add_order(self, iccid: str, package_id: str, description: str, now: float) -> dict[str, Any]:
        """Execute one top-up and debit the float. Two equal calls are two top-ups. Raises InsufficientCredit."""
        net = CATALOGUE[package_id].net_cents
        with self._books.writing() as db:
            if _balance(db) < net:
                raise InsufficientCredit
            id = db.execute("SELECT coalesce(max(id), ?) + 1 FROM airalo_orders", [FIRST_ID]).fetchone()[0]
            code = f"{datetime.fromtimestamp(now, UTC):%Y%m%d}-{id:06}"
            row = [id, code, iccid, package_id, description, now, "completed", net]
            db.execute("INSERT INTO airalo_orders VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
            return _rows(db.query("SELECT * FROM airalo_orders WHERE id = ?", [id]))[0]

    def order(self, id: int) -> dict[str, Any] | None:
        with self._books.reading() as db:
            return next(iter(_rows(db.query("SELECT * FROM airalo_orders WHERE id = ?", [id]))), None)

    def orders_of(self, iccid: str) -> list[dict[str, Any]]:
        """The top-ups of one SIM, oldest first."""
        with self._books.reading() as db:
            return _rows(db.query("SELECT * FROM airalo_orders WHERE iccid = ? ORDER BY id", [iccid]))

    def all_orders(self) -> list[dict[str, Any]]:
        with self._books.reading() as db:
            return _rows(db.query("SELECT * FROM airalo_orders ORDER BY id"))

    def search(self, where: Mapping[str, object], limit: int, page: int) -> tuple[int, list[dict[str, Any]]]:
        """How many orders meet every condition (SQL with one `?` each), and one page of them, newest first."""
        conditions = " AND ".join(where) or "1"
        values = list(where.values())
        with self._books.reading() as db:
            total = db.execute(f"SELECT count(*) FROM airalo_orders WHERE {conditions}", values).fetchone()[0]  # noqa: S608 -- conditions are constants of airalo.py
            query = f"SELECT * FROM airalo_orders WHERE {conditions} ORDER BY id DESC LIMIT ? OFFSET ?"  # noqa: S608
            return total, _rows(db.query(query, [*values, limit, (page - 1) * limit]))

    def usage_told(self, iccid: str, since: float) -> dict[str, Any] | None:
        """What was last said of the usage of this SIM, unless that is older than `since`."""
        with self._books.reading() as db:
            row = db.execute("SELECT told FROM airalo_usage WHERE iccid = ? AND at > ?", [iccid, since]).fetchone()
        return dict(json.loads(row[0])) if row else None

    def tell_usage(self, iccid: str, told: Mapping[str, Any], now: float) -> None:
        with self._books.writing() as db:
            db.execute("INSERT OR REPLACE INTO airalo_usage VALUES (?, ?, ?)", [iccid, json.dumps(told), now])

    def all_refunds(self) -> list[dict[str, Any]]:
        """Every refund request that was taken on, oldest first."""
        with self._books.reading() as db:
            return _rows(db.query("SELECT * FROM airalo_refunds ORDER BY id"))

    def add_refund(self, iccids: list[str], reason: str, notes: str, now: float) -> int:
        with self._books.writing() as db:
            row = [",".join(iccids), reason, notes, now]
            db.execute("INSERT INTO airalo_refunds (iccids, reason, notes, at) VALUES (?, ?, ?, ?)", row)
            return int(db.execute("SELECT last_insert_rowid()").fetchone()[0])


def _rows(found: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in found]


def _balance(db: Any) -> int:
    spent = db.execute("SELECT coalesce(sum(net_cents), 0) FROM airalo_orders").fetchone()[0]
    return FLOAT_CENTS + paid_in(db, "airalo") - int(spent)
