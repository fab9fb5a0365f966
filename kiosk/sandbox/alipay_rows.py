"""The rows of Alipay's books and the statements that change them, each within a transaction of the books."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS alipay_codes (
         token TEXT PRIMARY KEY, out_trade_no TEXT NOT NULL, subject TEXT NOT NULL, total INTEGER NOT NULL,
         coupon INTEGER NOT NULL, made_at REAL NOT NULL, dies_at REAL NOT NULL, pay_within_s REAL NOT NULL,
         pays_at REAL) STRICT""",
    """CREATE TABLE IF NOT EXISTS alipay_trades (
         id INTEGER PRIMARY KEY, out_trade_no TEXT NOT NULL UNIQUE, subject TEXT NOT NULL, total INTEGER NOT NULL,
         coupon INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'WAIT_BUYER_PAY', by_code INTEGER NOT NULL,
         made_at REAL NOT NULL, expires_at REAL NOT NULL, paid_at REAL, closed_at REAL,
         currency TEXT NOT NULL DEFAULT 'CNY') STRICT""",
    """CREATE TABLE IF NOT EXISTS alipay_refunds (
         id INTEGER PRIMARY KEY, out_trade_no TEXT NOT NULL, out_request_no TEXT NOT NULL, refund INTEGER NOT NULL,
         made_at REAL NOT NULL, done_at REAL NOT NULL, by TEXT NOT NULL,
         UNIQUE (out_trade_no, out_request_no)) STRICT""",
)

SCANNED_BY_ITSELF = """INSERT OR IGNORE INTO alipay_trades
    (out_trade_no, subject, total, coupon, state, by_code, made_at, expires_at, paid_at)
    SELECT out_trade_no, subject, total, coupon, 'TRADE_SUCCESS', 0, pays_at, pays_at + pay_within_s, pays_at
    FROM alipay_codes WHERE pays_at <= ? AND pays_at < dies_at"""
TOO_LATE = """UPDATE alipay_trades SET state = 'TRADE_CLOSED', closed_at = expires_at
              WHERE state = 'WAIT_BUYER_PAY' AND expires_at <= ?"""


class Refusal(Exception):
    """A documented sub_code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


REFUND = "SELECT * FROM alipay_refunds WHERE out_trade_no = ? AND out_request_no = ?"


def one(db: Any, query: str, values: list[object]) -> Row:
    return next((dict(row) for row in db.query(query, values)), {})


def let_time_pass(db: Any, now: float) -> None:
    db.execute(SCANNED_BY_ITSELF, [now])
    db.execute(TOO_LATE, [now])


def trade(db: Any, now: float, number: str) -> Row:
    let_time_pass(db, now)
    return one(db, "SELECT * FROM alipay_trades WHERE out_trade_no = ?", [number])


def known(db: Any, now: float, number: str, id: int) -> Row:
    """Alipay's number counts where both are given."""
    found = one(db, "SELECT * FROM alipay_trades WHERE id = ?", [id]) if id else {"out_trade_no": number}
    found = trade(db, now, found.get("out_trade_no", ""))
    if not found:
        raise Refusal("ACQ.TRADE_NOT_EXIST")
    return found


def check_same(found: Row, wish: Row) -> None:
    """A trade that waits may be asked for again, the same. Raises Refusal for everything else."""
    if found["state"] != "WAIT_BUYER_PAY":
        raise Refusal("ACQ.TRADE_HAS_SUCCESS" if found["state"] == "TRADE_SUCCESS" else "ACQ.TRADE_HAS_CLOSE")
    if (found["total"], found["subject"]) != (wish["total"], wish["subject"]):
        raise Refusal("ACQ.CONTEXT_INCONSISTENT")


def insert(db: Any, wish: Row, now: float, expires_at: float, coupon: int, *, by_code: bool) -> None:
    change = """INSERT INTO alipay_trades (out_trade_no, subject, total, coupon, by_code, made_at, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)"""
    row = [wish["out_trade_no"], wish["subject"], wish["total"], coupon, int(by_code), now, expires_at]
    db.execute(change, row)


def pay(db: Any, number: str, now: float) -> None:
    change = "UPDATE alipay_trades SET state = 'TRADE_SUCCESS', paid_at = ? WHERE out_trade_no = ?"
    db.execute(change, [now, number])


def close(db: Any, number: str, now: float) -> None:
    change = """UPDATE alipay_trades SET state = 'TRADE_CLOSED', closed_at = coalesce(closed_at, ?)
                WHERE out_trade_no = ?"""
    db.execute(change, [now, number])


def refund(db: Any, number: str, request: str, amount: int, now: float, done_at: float, by: str) -> None:
    change = """INSERT INTO alipay_refunds (out_trade_no, out_request_no, refund, made_at, done_at, by)
                VALUES (?, ?, ?, ?, ?, ?)"""
    db.execute(change, [number, request, amount, now, done_at, by])


def given_back(db: Any, number: str) -> int:
    query = "SELECT coalesce(sum(refund), 0) AS total FROM alipay_refunds WHERE out_trade_no = ?"
    return int(one(db, query, [number])["total"])


def scanned(db: Any, token: str, now: float) -> Row | None:
    """The trade behind a code, made by this scan where the code is alive and there is none yet."""
    code = one(db, "SELECT * FROM alipay_codes WHERE token = ?", [token])
    if not code:
        return None
    found = trade(db, now, code["out_trade_no"])
    if not found and now < code["dies_at"]:
        insert(db, code, now, now + code["pay_within_s"], code["coupon"], by_code=False)
        found = trade(db, now, code["out_trade_no"])
    state = {"TRADE_SUCCESS": "SUCCESS", "TRADE_CLOSED": "CLOSED"}.get(found.get("state", ""), "")
    payable = found.get("state") == "WAIT_BUYER_PAY"
    shown = {
        "description": code["subject"],
        "currency": found.get("currency", "CNY"),
        "state": state,
        "payable": payable,
    }
    return code | found | shown
