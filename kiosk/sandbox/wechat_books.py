"""WeChat Pay's side of the books: payments, the codes that were shown for them, refunds.

    NOTPAY --paid--> SUCCESS --refunded--> REFUND
       `----closed--> CLOSED

Every change is decided and written in one transaction. It raises Refusal, in WeChat Pay's words, for what may not be.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from kiosk.sandbox.books import Books

Row = dict[str, Any]
CODE_LIFE_S = 2 * 3600
YEAR_S = 365 * 86_400
REFUND_TAKES_S = 60.0
"""A refund is done after this, or at the second look, whichever is first."""

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS wechat_payments (
         id INTEGER PRIMARY KEY, out_trade_no TEXT NOT NULL UNIQUE, request TEXT NOT NULL, description TEXT NOT NULL,
         attach TEXT, total INTEGER NOT NULL, currency TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'NOTPAY',
         created_at REAL NOT NULL, expires_at REAL NOT NULL, pays_at REAL, paid_at REAL, closed_at REAL) STRICT""",
    """CREATE TABLE IF NOT EXISTS wechat_codes (
         token TEXT PRIMARY KEY, out_trade_no TEXT NOT NULL, dies_at REAL NOT NULL) STRICT""",
    """CREATE TABLE IF NOT EXISTS wechat_refunds (
         id INTEGER PRIMARY KEY, out_refund_no TEXT NOT NULL UNIQUE, out_trade_no TEXT NOT NULL,
         refund INTEGER NOT NULL, created_at REAL NOT NULL, looks INTEGER NOT NULL DEFAULT 0,
         fails INTEGER NOT NULL DEFAULT 0, done_at REAL) STRICT""",
    """CREATE TABLE IF NOT EXISTS wechat_pay_codes (
         code TEXT PRIMARY KEY, confirm INTEGER NOT NULL, made_at REAL NOT NULL, out_trade_no TEXT UNIQUE) STRICT""",
    "CREATE TABLE IF NOT EXISTS wechat_coupons (out_trade_no TEXT PRIMARY KEY, saves INTEGER NOT NULL) STRICT",
)

# A payment that was to pay itself by now has done so, whoever looks first; one with a refund shows as REFUND; and a
# payer who was to confirm on the phone has two minutes for it.
GIVE_UP = "UPDATE wechat_payments SET state = 'PAYERROR' WHERE state = 'USERPAYING' AND expires_at <= ?"
PAY_ITSELF = """UPDATE wechat_payments SET state = 'SUCCESS', paid_at = pays_at
                WHERE state = 'NOTPAY' AND pays_at <= ? AND pays_at <= expires_at"""
PAYMENT = """SELECT *, CASE WHEN EXISTS (SELECT 1 FROM wechat_refunds AS refund WHERE NOT fails
                                          AND refund.out_trade_no = payment.out_trade_no)
                            THEN 'REFUND' ELSE state END AS trade_state,
                    EXISTS (SELECT 1 FROM wechat_pay_codes AS code
                            WHERE code.out_trade_no = payment.out_trade_no) AS scanned,
                    coalesce((SELECT saves FROM wechat_coupons AS coupon
                              WHERE coupon.out_trade_no = payment.out_trade_no), 0) AS coupon
             FROM wechat_payments AS payment"""


class Refusal(Exception):
    """A documented error code, and what it says."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class WechatBooks:
    def __init__(self, books: Books) -> None:
        self._books = books
        books.define(*SCHEMA)

    def order(self, asked: Row, expires_at: float, now: float, pays_at: float | None) -> str:
        """The token of a fresh code for this order, which is new or the same again."""
        number, request = asked["out_trade_no"], json.dumps(asked, sort_keys=True)
        with self._books.writing() as db:
            found = payment_in(db, now, "out_trade_no", number)
            if found:
                _same_again(found, request, now)
            elif expires_at <= now:
                raise Refusal("PARAM_ERROR", "time_expire has passed.")
            else:
                columns = "out_trade_no, request, description, attach, total, currency, created_at, expires_at, pays_at"
                amount = asked["amount"]["total"], asked["amount"]["currency"]
                row = [number, request, asked["description"], asked.get("attach"), *amount, now, expires_at, pays_at]
                db.execute(f"INSERT INTO wechat_payments ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
            token = secrets.token_urlsafe(6)
            db.execute("INSERT INTO wechat_codes VALUES (?, ?, ?)", [token, number, now + CODE_LIFE_S])
            return token

    def give_coupon(self, number: str, saves: int) -> None:
        """The payer of this order has a coupon: so much of it is the wallet's to pay."""
        with self._books.writing() as db:
            db.execute("INSERT OR REPLACE INTO wechat_coupons VALUES (?, ?)", [number, saves])

    def payment(self, now: float, *, number: str = "", id: int = 0) -> Row:
        """By our number or by WeChat Pay's. Raises Refusal where there is none."""
        with self._books.writing() as db:
            found = payment_in(db, now, "out_trade_no", number) if number else payment_in(db, now, "id", id)
        if found is None:
            raise Refusal("ORDER_NOT_EXIST", "The order does not exist.")
        return found

    def close(self, number: str, now: float, after_s: float) -> None:
        """Make it unpayable for ever. A paid one stays paid; closing twice is told, and harmless."""
        with self._books.writing() as db:
            found = payment_in(db, now, "out_trade_no", number)
            if found is None:
                raise Refusal("ORDER_NOT_EXIST", "The order does not exist.")
            if found["state"] == "SUCCESS":
                raise Refusal("ORDERPAID", "The order is paid: it cannot be closed.")
            if found["state"] == "CLOSED":
                raise Refusal("ORDERCLOSED", "The order is closed already.")
            if now < found["created_at"] + after_s:
                raise Refusal("INVALID_REQUEST", f"An order cannot be closed in its first {after_s:g} seconds.")
            change = "UPDATE wechat_payments SET state = 'CLOSED', closed_at = ? WHERE id = ?"
            db.execute(change, [now, found["id"]])

    def behind(self, token: str, now: float) -> Row | None:
        """The payment behind a code, with `payable` and the code's own `dies_at`; None where nobody knows the code."""
        with self._books.writing() as db:
            return _behind(db, token, now)

    def pay(self, token: str, now: float) -> Row | None:
        """The payer says yes. `paid_now` in what comes back says whether that is what paid it."""
        with self._books.writing() as db:
            found = _behind(db, token, now)
            if found is None or not found["payable"]:
                return found and found | {"paid_now": False}
            db.execute("UPDATE wechat_payments SET state = 'SUCCESS', paid_at = ? WHERE id = ?", [now, found["id"]])
            return (_behind(db, token, now) or {}) | {"paid_now": True}

    def refund(self, payment: Row, number: str, amount: int, now: float, *, fails: bool) -> Row:
        """Give back. The same number again is the same refund. Raises Refusal."""
        with self._books.writing() as db:
            found = one(db, "SELECT * FROM wechat_refunds WHERE out_refund_no = ?", [number])
            if found:
                if (found["out_trade_no"], found["refund"]) != (payment["out_trade_no"], amount):
                    raise Refusal("INVALID_REQUEST", "This out_refund_no was used for another refund.")
                return found
            if payment["state"] != "SUCCESS" or now > payment["paid_at"] + YEAR_S:
                raise Refusal("INVALID_REQUEST", "The order is not paid, or was paid over a year ago.")
            given = "SELECT coalesce(sum(refund), 0) AS total FROM wechat_refunds WHERE NOT fails AND out_trade_no = ?"
            if one(db, given, [payment["out_trade_no"]])["total"] + amount > payment["total"]:
                raise Refusal("INVALID_REQUEST", "The refund is more than what is left of the order.")
            change = """INSERT INTO wechat_refunds (out_refund_no, out_trade_no, refund, created_at, fails)
                        VALUES (?, ?, ?, ?, ?)"""
            db.execute(change, [number, payment["out_trade_no"], amount, now, int(fails)])
            return one(db, "SELECT * FROM wechat_refunds WHERE out_refund_no = ?", [number])

    def look_at_refund(self, now: float, *, number: str = "", id: int = 0) -> Row:
        """A refund, and one look counted. Raises Refusal where there is none."""
        with self._books.writing() as db:
            db.execute("UPDATE wechat_refunds SET looks = looks + 1 WHERE out_refund_no = ? OR id = ?", [number, id])
            change = "UPDATE wechat_refunds SET done_at = ? WHERE done_at IS NULL AND (looks > 1 OR created_at <= ?)"
            db.execute(change, [now, now - REFUND_TAKES_S])
            found = one(db, "SELECT * FROM wechat_refunds WHERE out_refund_no = ? OR id = ?", [number, id])
        if not found:
            raise Refusal("RESOURCE_NOT_EXISTS", "The refund does not exist.")
        return found

    def all_payments(self, now: float) -> list[Row]:
        with self._books.writing() as db:
            for sweep in (PAY_ITSELF, GIVE_UP):
                db.execute(sweep, [now])
            return [dict(row) for row in db.query(f"{PAYMENT} ORDER BY id")]

    def all_refunds(self) -> list[Row]:
        with self._books.reading() as db:
            return [dict(row) for row in db.query("SELECT * FROM wechat_refunds ORDER BY id")]


def one(db: Any, query: str, values: list[object]) -> Row:
    """The first row of a query; empty where there is none."""
    return next((dict(row) for row in db.query(query, values)), {})


def payment_in(db: Any, now: float, column: str, value: object) -> Row | None:
    """A payment as it stands now, whoever was to do something to it meanwhile."""
    db.execute(PAY_ITSELF, [now])
    db.execute(GIVE_UP, [now])
    return one(db, f"{PAYMENT} WHERE {column} = ?", [value]) or None


def _behind(db: Any, token: str, now: float) -> Row | None:
    code = one(db, "SELECT * FROM wechat_codes WHERE token = ?", [token])
    if not code:
        return None
    found = payment_in(db, now, "out_trade_no", code["out_trade_no"]) or {}
    payable = found["state"] == "NOTPAY" and now < min(found["expires_at"], code["dies_at"])
    return found | {"payable": payable, "dies_at": code["dies_at"]}


def _same_again(found: Row, request: str, now: float) -> None:
    """The same order asked for again is a fresh code; anything else is refused."""
    if found["state"] == "SUCCESS":
        raise Refusal("ORDERPAID", "The order is paid already.")
    if found["state"] == "CLOSED":
        raise Refusal("ORDERCLOSED", "The order is closed.")
    if found["request"] != request:
        raise Refusal("OUT_TRADE_NO_USED", "This out_trade_no was used with other parameters.")
    if now >= found["expires_at"]:
        raise Refusal("INVALID_REQUEST", "The order has expired.")
