"""WeChat Pay's side of payment codes: what a phone shows, the charge, the payer's word, the revoke.

    USERPAYING --paid--> SUCCESS --revoked--> REVOKED (and given back)
       `--refused, or two minutes--> PAYERROR --revoked--> REVOKED

Each code is good for one charge, and for a minute. It raises Refusal, in WeChat Pay's words, for what may not be.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from kiosk.sandbox.books import Books
from kiosk.sandbox.wechat_books import Refusal, one, payment_in

Row = dict[str, Any]
CODE_LIFE_S = 60.0
CONFIRM_S = 120.0
REVERSE_AFTER_S = 15.0
PHONE = {"USERPAYING": "CONFIRM", "SUCCESS": "PAID"}


class PaymentCodes:
    def __init__(self, books: Books) -> None:
        self._books = books

    # --- the phone -----------------------------------------------------------------------------------------------

    def show_code(self, *, confirm: bool, now: float) -> str:
        """A new code of 18 digits; its payer must `confirm` on the phone, or need not."""
        code = f"1{secrets.randbelow(6)}{secrets.randbelow(10**16):016}"
        with self._books.writing() as db:
            db.execute("INSERT INTO wechat_pay_codes VALUES (?, ?, ?, NULL)", [code, int(confirm), now])
        return code

    def behind_code(self, code: str, now: float) -> Row | None:
        """What the phone shows for this code; None where it has shown no such one."""
        with self._books.writing() as db:
            found = one(db, "SELECT * FROM wechat_pay_codes WHERE code = ?", [code])
            if not found:
                return None
            if not found["out_trade_no"]:
                return {"state": "WAITING" if now < found["made_at"] + CODE_LIFE_S else "OVER"}
            payment = payment_in(db, now, "out_trade_no", found["out_trade_no"]) or {}
        return payment | {"state": PHONE.get(payment["state"], "OVER")}

    def answer(self, code: str, *, pays: bool, now: float) -> bool:
        """The payer's word on the phone. Whether it was in time."""
        with self._books.writing() as db:
            found = one(db, "SELECT * FROM wechat_pay_codes WHERE code = ?", [code])
            payment = payment_in(db, now, "out_trade_no", found.get("out_trade_no") or "")
            if payment is None or payment["state"] != "USERPAYING":
                return False
            change = "UPDATE wechat_payments SET state = ?, paid_at = ? WHERE id = ?"
            db.execute(change, ["SUCCESS" if pays else "PAYERROR", now if pays else None, payment["id"]])
        return True

    # --- the merchant --------------------------------------------------------------------------------------------

    def charge(self, wish: Row, code: str, now: float) -> Row:
        """Take the money by this code, at once or when the payer has said yes."""
        number, amount = wish["out_trade_no"], wish["amount"]
        with self._books.writing() as db:
            known = payment_in(db, now, "out_trade_no", number)
            if known:
                raise Refusal(
                    "ORDERPAID" if known["state"] == "SUCCESS" else "OUT_TRADE_NO_USED", "This number is taken."
                )
            shown = one(db, "SELECT * FROM wechat_pay_codes WHERE code = ?", [code])
            if not shown or shown["out_trade_no"]:
                raise Refusal("AUTH_CODE_INVALID", "Each code can be used once. Refresh and try again.")
            if now >= shown["made_at"] + CODE_LIFE_S:
                raise Refusal("AUTHCODEEXPIRE", "The code has expired. Refresh and try again.")
            paid_at = None if shown["confirm"] else now
            state = "USERPAYING" if shown["confirm"] else "SUCCESS"
            columns = "out_trade_no, request, description, total, currency, state, created_at, expires_at, paid_at"
            row = [number, json.dumps(wish, sort_keys=True), wish["description"], amount["total"], amount["currency"]]
            db.execute(
                f"INSERT INTO wechat_payments ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                [*row, state, now, now + CONFIRM_S, paid_at],
            )
            db.execute("UPDATE wechat_pay_codes SET out_trade_no = ? WHERE code = ?", [number, code])
            return payment_in(db, now, "out_trade_no", number) or {}

    def reverse(self, number: str, now: float) -> None:
        """Make it unpayable for ever; what was paid goes back at once."""
        with self._books.writing() as db:
            found = payment_in(db, now, "out_trade_no", number)
            if found is None or not found["scanned"]:
                raise Refusal("ORDER_NOT_EXIST", "There is no order by payment code of this number.")
            if found["state"] == "REVOKED":
                return
            if now < found["created_at"] + REVERSE_AFTER_S:
                raise Refusal("INVALID_REQUEST", "An order cannot be revoked in its first 15 seconds.")
            if found["trade_state"] == "REFUND":
                raise Refusal("INVALID_REQUEST", "The order is being refunded: it cannot be revoked.")
            db.execute("UPDATE wechat_payments SET state = 'REVOKED', closed_at = ? WHERE id = ?", [now, found["id"]])
