"""Antom's side of the books: payments and refunds.

    PROCESSING --paid--> SUCCESS --cancelled, which gives back--> CANCELLED
        |----cancelled--> CANCELLED
        `----too late, or refused--> FAIL

A paymentRequestId is one payment for ever. Every change is decided and written in one transaction. It raises Refusal,
in Antom's words, for what may not be.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta, timezone
from typing import Any

from kiosk.sandbox import antom_facts as facts
from kiosk.sandbox.books import Books

Row = dict[str, Any]
CHINA = timezone(timedelta(hours=8))

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS antom_payments (
         id INTEGER PRIMARY KEY, request_id TEXT NOT NULL UNIQUE, token TEXT NOT NULL UNIQUE, request TEXT NOT NULL,
         description TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL, coupon INTEGER NOT NULL,
         by_code INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'PROCESSING', made_at REAL NOT NULL,
         expires_at REAL NOT NULL, pays_at REAL, paid_at REAL, ended_at REAL) STRICT""",
    """CREATE TABLE IF NOT EXISTS antom_refunds (
         id INTEGER PRIMARY KEY, request_id TEXT NOT NULL UNIQUE, payment INTEGER NOT NULL, amount INTEGER NOT NULL,
         currency TEXT NOT NULL, made_at REAL NOT NULL, done_at REAL NOT NULL, fails INTEGER NOT NULL,
         by TEXT NOT NULL) STRICT""",
)
PAYS_BY_ITSELF = """UPDATE antom_payments SET state = 'SUCCESS', paid_at = pays_at
                    WHERE state = 'PROCESSING' AND pays_at <= ? AND pays_at < expires_at"""
TOO_LATE = """UPDATE antom_payments SET state = 'FAIL', ended_at = expires_at
              WHERE state = 'PROCESSING' AND expires_at <= ?"""


class Refusal(Exception):
    """A documented resultCode."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AntomBooks:
    def __init__(self, books: Books) -> None:
        self._books = books
        books.define(*SCHEMA)

    def ordered(self, request_id: str, now: float) -> Row | None:
        """The payment of this number, if there is one."""
        with self._books.writing() as db:
            return _payment(db, now, "request_id", request_id)

    def order(self, wish: Row, now: float, *, coupon: int = 0, pays_at: float | None = None) -> Row:
        """A new payment, or the same again. `coupon` is what the wallet pays of it."""
        request = json.dumps([wish["amount"], wish["currency"]])
        with self._books.writing() as db:
            found = _payment(db, now, "request_id", wish["request_id"])
            if found:
                _check_same(found, request)
                return found
            columns = "request_id, token, request, description, amount, currency, coupon, by_code, made_at, expires_at"
            row = [wish["request_id"], secrets.token_urlsafe(6), request, wish["description"], wish["amount"]]
            row += [wish["currency"], coupon, int(wish["by_code"]), now, wish["expires_at"], pays_at]
            marks = ", ".join("?" * len(row))
            db.execute(f"INSERT INTO antom_payments ({columns}, pays_at) VALUES ({marks})", row)  # noqa: S608
            return _payment(db, now, "request_id", wish["request_id"]) or {}

    def behind(self, token: str, now: float) -> Row | None:
        """For the payer's page."""
        with self._books.writing() as db:
            return _behind(db, token, now)

    def pay(self, token: str, now: float) -> Row | None:
        with self._books.writing() as db:
            found = _behind(db, token, now)
            if found is None or not found["payable"]:
                return found and found | {"paid_now": False}
            db.execute("UPDATE antom_payments SET state = 'SUCCESS', paid_at = ? WHERE token = ?", [now, token])
            return (_behind(db, token, now) or {}) | {"paid_now": True}

    def on_phone(self, number: str, now: float) -> Row:
        """What the payer's phone shows of a payment by payment code."""
        with self._books.writing() as db:
            found = _payment(db, now, "request_id", number) or {}
        state = {"PROCESSING": "CONFIRM", "SUCCESS": "PAID"}.get(found.get("state", ""), "OVER")
        return found | {"state": state, "total": found.get("amount", 0)}

    def confirm(self, number: str, now: float) -> bool:
        """The payer says yes on the phone. False where nothing waits for it any more."""
        with self._books.writing() as db:
            found = _payment(db, now, "request_id", number)
            waits = found is not None and found["state"] == "PROCESSING"
            change = "UPDATE antom_payments SET state = 'SUCCESS', paid_at = ? WHERE request_id = ? AND ?"
            db.execute(change, [now, number, waits])
        return waits

    def payment(self, now: float, request_id: str = "", id: int = 0) -> Row:
        """By our number or by Antom's. Raises Refusal where there is none."""
        with self._books.writing() as db:
            return _known(db, now, request_id, id)

    def cancel(self, now: float, request_id: str, id: int) -> Row:
        """Make it unpayable; what was paid is given back. Until 00:15 in China of the day after."""
        with self._books.writing() as db:
            found = _known(db, now, request_id, id)
            if found["state"] == "CANCELLED":
                return found
            if found["state"] == "FAIL":
                raise Refusal("ORDER_IS_CLOSED")
            if now >= _cancellable_until(found["made_at"]):
                raise Refusal("CANCEL_WINDOW_EXCEED")
            if found["state"] == "SUCCESS":
                if _given_back(db, found["id"]):
                    raise Refusal("ORDER_STATUS_INVALID")
                _refund(db, f"cancel{found['id']}", found, found["amount"], now, now, fails=False, by="cancel")
            change = "UPDATE antom_payments SET state = 'CANCELLED', ended_at = ? WHERE id = ?"
            db.execute(change, [now, found["id"]])
            return found | {"state": "CANCELLED", "ended_at": now}

    def refund(self, wish: Row, now: float, done_at: float, *, fails: bool) -> Row:
        """The same refundRequestId again is the same refund."""
        with self._books.writing() as db:
            found = _one(db, "SELECT * FROM antom_refunds WHERE request_id = ?", [wish["request_id"]])
            payment = _known(db, now, "", wish["payment"])
            if found:
                if (found["payment"], found["amount"]) != (payment["id"], wish["amount"]):
                    raise Refusal("REPEAT_REQ_INCONSISTENT")
                return found
            if payment["state"] != "SUCCESS":
                raise Refusal("ORDER_STATUS_INVALID")
            if now > payment["paid_at"] + facts.REFUND_WITHIN_S:
                raise Refusal("REFUND_WINDOW_EXCEED")
            if wish["currency"] != payment["currency"]:
                raise Refusal("CURRENCY_NOT_SUPPORT")
            if _given_back(db, payment["id"]) + wish["amount"] > payment["amount"]:
                raise Refusal("REFUND_AMOUNT_EXCEED")
            _refund(db, wish["request_id"], payment, wish["amount"], now, done_at, fails=fails, by="refund")
            return _one(db, "SELECT * FROM antom_refunds WHERE request_id = ?", [wish["request_id"]])

    def look_at_refund(self, request_id: str) -> Row:
        with self._books.reading() as db:
            found = _one(db, "SELECT * FROM antom_refunds WHERE request_id = ?", [request_id])
        if not found:
            raise Refusal("REFUND_NOT_EXIST")
        return found

    def refunds_of(self, payment: Row) -> list[Row]:
        return [row for row in self.all_refunds() if row["payment"] == payment["id"]]

    def all_payments(self, now: float) -> list[Row]:
        with self._books.writing() as db:
            _let_time_pass(db, now)
            return [dict(row) for row in db.query("SELECT * FROM antom_payments ORDER BY id")]

    def all_refunds(self) -> list[Row]:
        with self._books.reading() as db:
            return [dict(row) for row in db.query("SELECT * FROM antom_refunds ORDER BY id")]


def _cancellable_until(made_at: float) -> float:
    made = datetime.fromtimestamp(made_at, CHINA)
    return (made.replace(hour=0, minute=15, second=0, microsecond=0) + timedelta(days=1)).timestamp()


def _one(db: Any, query: str, values: list[object]) -> Row:
    return next((dict(row) for row in db.query(query, values)), {})


def _let_time_pass(db: Any, now: float) -> None:
    db.execute(PAYS_BY_ITSELF, [now])
    db.execute(TOO_LATE, [now])


def _payment(db: Any, now: float, column: str, value: object) -> Row | None:
    _let_time_pass(db, now)
    return _one(db, f"SELECT * FROM antom_payments WHERE {column} = ?", [value]) or None  # noqa: S608


def _known(db: Any, now: float, request_id: str, id: int) -> Row:
    """Antom's number counts where both are given."""
    found = _payment(db, now, "id", id) if id else _payment(db, now, "request_id", request_id)
    if not found:
        raise Refusal("ORDER_NOT_EXIST")
    return found


def _check_same(found: Row, request: str) -> None:
    """A repeated wish has the same amount and currency, and its payment has not ended without money."""
    if found["request"] != request:
        raise Refusal("REPEAT_REQ_INCONSISTENT")
    if found["state"] in ("FAIL", "CANCELLED"):
        raise Refusal("ORDER_IS_CLOSED" if found["state"] == "FAIL" else "ORDER_IS_CANCELED")


def _behind(db: Any, token: str, now: float) -> Row | None:
    found = _payment(db, now, "token", token)
    if found is None:
        return None
    state = {"FAIL": "", "CANCELLED": "CLOSED"}.get(found["state"], found["state"])
    names = {"total": found["amount"], "out_trade_no": found["request_id"], "state": state}
    return found | names | {"payable": found["state"] == "PROCESSING"}


def _given_back(db: Any, payment: int) -> int:
    query = "SELECT coalesce(sum(amount), 0) AS total FROM antom_refunds WHERE NOT fails AND payment = ?"
    return int(_one(db, query, [payment])["total"])


def _refund(
    db: Any, number: str, payment: Row, amount: int, now: float, done_at: float, *, fails: bool, by: str
) -> None:
    change = """INSERT INTO antom_refunds (request_id, payment, amount, currency, made_at, done_at, fails, by)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
    db.execute(change, [number, payment["id"], amount, payment["currency"], now, done_at, int(fails), by])
