"""Alipay's side of the books: codes that are shown, trades, refunds.

    (a code, and no trade) --scanned--> WAIT_BUYER_PAY --paid--> TRADE_SUCCESS --given back in full--> TRADE_CLOSED
                                             `----closed, or too late----> TRADE_CLOSED

A code alone is no trade: until somebody scans it nobody knows its out_trade_no. Every change is decided and written in
one transaction. It raises Refusal, in Alipay's words, for what may not be.
"""

from __future__ import annotations

import secrets

from kiosk.sandbox import alipay_facts as facts
from kiosk.sandbox import alipay_rows as rows
from kiosk.sandbox.alipay_rows import Row
from kiosk.sandbox.books import Books


class AlipayBooks:
    def __init__(self, books: Books) -> None:
        self._books = books
        books.define(*rows.SCHEMA)

    # --- a code that is shown ------------------------------------------------------------------------------------

    def show(self, wish: Row, now: float, pays_at: float | None, coupon: int) -> str:
        """The token of a fresh code. Nothing is known of its out_trade_no before it is scanned."""
        token = secrets.token_urlsafe(6)
        with self._books.writing() as db:
            found = rows.trade(db, now, wish["out_trade_no"])
            if found:
                rows.check_same(found, wish)
            row = [token, wish["out_trade_no"], wish["subject"], wish["total"], coupon, now]
            row += [now + wish["code_life_s"], wish["pay_within_s"], pays_at]
            db.execute("INSERT INTO alipay_codes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        return token

    def behind(self, token: str, now: float) -> Row | None:
        """Somebody scans a code: that makes the trade. For the payer's page; None where nobody knows the code."""
        with self._books.writing() as db:
            return rows.scanned(db, token, now)

    def pay(self, token: str, now: float) -> Row | None:
        """The payer says yes."""
        with self._books.writing() as db:
            found = rows.scanned(db, token, now)
            if found is None or not found["payable"]:
                return found and found | {"paid_now": False}
            rows.pay(db, found["out_trade_no"], now)
            return (rows.scanned(db, token, now) or {}) | {"paid_now": True}

    # --- a code that was scanned off a phone -----------------------------------------------------------------------

    def charged(self, wish: Row, now: float) -> Row:
        """The trade that this wish has made before; empty where there is none. Raises Refusal."""
        with self._books.writing() as db:
            found = rows.trade(db, now, wish["out_trade_no"])
            if found:
                rows.check_same(found, wish)
            return found

    def charge(self, wish: Row, now: float, *, password: bool, coupon: int) -> Row:
        """A trade of a payer who is known: paid at once, or waiting for the password."""
        with self._books.writing() as db:
            found = rows.trade(db, now, wish["out_trade_no"])
            if found:
                rows.check_same(found, wish)
                return found
            rows.insert(db, wish, now, now + wish["pay_within_s"], coupon, by_code=True)
            if not password:
                rows.pay(db, wish["out_trade_no"], now)
            return rows.trade(db, now, wish["out_trade_no"])

    def confirm(self, number: str, now: float) -> bool:
        """The payer types the password. False where there is nothing to confirm any more."""
        with self._books.writing() as db:
            found = rows.trade(db, now, number)
            waits = bool(found) and found["state"] == "WAIT_BUYER_PAY"
            if waits:
                rows.pay(db, number, now)
        return waits

    def on_phone(self, number: str, now: float) -> Row:
        """What the payer's phone shows of it."""
        with self._books.writing() as db:
            found = rows.trade(db, now, number)
        state = {"WAIT_BUYER_PAY": "CONFIRM", "TRADE_SUCCESS": "PAID"}.get(found.get("state", ""), "OVER")
        return found | {"state": state, "description": found.get("subject", "")}

    # --- what a merchant asks ------------------------------------------------------------------------------------

    def trade(self, now: float, number: str = "", id: int = 0) -> Row:
        """By our number or by Alipay's. Raises Refusal where there is none."""
        with self._books.writing() as db:
            return rows.known(db, now, number, id)

    def close(self, now: float, number: str, id: int) -> Row:
        """Make an unpaid trade unpayable; it never gives back."""
        with self._books.writing() as db:
            found = rows.known(db, now, number, id)
            if found["state"] != "WAIT_BUYER_PAY":
                raise rows.Refusal("ACQ.TRADE_STATUS_ERROR")
            rows.close(db, found["out_trade_no"], now)
            return found

    def cancel(self, now: float, number: str, id: int) -> tuple[Row, str]:
        """The trade and what was done: "close", "refund", or nothing where there is no trade (yet)."""
        with self._books.writing() as db:
            try:
                found = rows.known(db, now, number, id)
            except rows.Refusal:
                return {"out_trade_no": number}, ""
            if now > found["made_at"] + facts.CANCEL_WITHIN_S:
                raise rows.Refusal("ACQ.TRADE_CANCEL_TIME_OUT")
            if found["state"] == "TRADE_SUCCESS":
                left = found["total"] - rows.given_back(db, found["out_trade_no"])
                rows.refund(db, found["out_trade_no"], f"cancel{found['id']}", left, now, now, "cancel")
            rows.close(db, found["out_trade_no"], now)
            return rows.trade(db, now, found["out_trade_no"]), "refund" if found["paid_at"] else "close"

    def refund(self, wish: Row, now: float, done_at: float) -> tuple[Row, bool]:
        """The refund, and whether it is a new one. The same out_request_no and amount again is the same refund."""
        with self._books.writing() as db:
            trade = rows.known(db, now, wish["out_trade_no"], wish["id"])
            number, again = (
                trade["out_trade_no"],
                rows.one(db, rows.REFUND, [trade["out_trade_no"], wish["out_request_no"]]),
            )
            if again:
                if again["refund"] != wish["refund"]:
                    raise rows.Refusal("ACQ.DISCORDANT_REPEAT_REQUEST")
                return again, False
            if trade["state"] != "TRADE_SUCCESS":
                raise rows.Refusal("ACQ.TRADE_HAS_CLOSE" if trade["closed_at"] else "ACQ.TRADE_STATUS_ERROR")
            if now > trade["paid_at"] + facts.REFUND_WITHIN_S:
                raise rows.Refusal("ACQ.TRADE_HAS_FINISHED")
            if rows.given_back(db, number) + wish["refund"] > trade["total"]:
                raise rows.Refusal("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL")
            rows.refund(db, number, wish["out_request_no"], wish["refund"], now, done_at, "refund")
            if rows.given_back(db, number) == trade["total"]:
                rows.close(db, number, now)
            return rows.one(db, rows.REFUND, [number, wish["out_request_no"]]), True

    def look_at_refund(self, now: float, wish: Row) -> tuple[Row, Row]:
        """A trade and one refund of it; an empty one where it is not listed."""
        with self._books.writing() as db:
            trade = rows.known(db, now, wish["out_trade_no"], wish["id"])
            found = rows.one(db, rows.REFUND, [trade["out_trade_no"], wish["out_request_no"]])
        listed = found and max(found["done_at"], found["made_at"] + facts.LISTED_AFTER_S) <= now
        return trade, found if listed else {}

    def all_codes(self) -> list[Row]:
        """What was shown, scanned or not."""
        with self._books.reading() as db:
            return [dict(row) for row in db.query("SELECT * FROM alipay_codes ORDER BY made_at, token")]

    def all_trades(self, now: float) -> list[Row]:
        with self._books.writing() as db:
            rows.let_time_pass(db, now)
            return [dict(row) for row in db.query("SELECT * FROM alipay_trades ORDER BY id")]

    def all_refunds(self) -> list[Row]:
        with self._books.reading() as db:
            return [dict(row) for row in db.query("SELECT * FROM alipay_refunds ORDER BY id")]
