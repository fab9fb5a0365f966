"""Alipay on the customer's phone: the payment codes that it shows, for both of Alipay's gateways.

Each code is good for one payment, and for a minute. A payer who refuses has only closed the app: what waits goes on
waiting, until its own time is over.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Protocol

from kiosk.sandbox import alipay_facts as facts
from kiosk.sandbox.books import Books

Row = dict[str, Any]

SCHEMA = """CREATE TABLE IF NOT EXISTS alipay_pay_codes (
              code TEXT PRIMARY KEY, confirm INTEGER NOT NULL, made_at REAL NOT NULL, rail TEXT, number TEXT) STRICT"""


class Charged(Protocol):
    """A gateway's books, as the phone sees them: a row has what phone.py says."""

    def on_phone(self, number: str, now: float) -> Row: ...

    def confirm(self, number: str, now: float) -> bool: ...


class BadCode(Exception):
    """A code that pays nothing: unknown, used, or too old."""


class AlipayPhone:
    """`rails` are the books of the gateways that charge its codes, by name."""

    def __init__(self, books: Books) -> None:
        self.rails: Mapping[str, Charged] = {}
        self._books = books
        books.define(SCHEMA)

    def show_code(self, *, confirm: bool, now: float) -> str:
        """A new code of 18 digits, which begins as Alipay's do."""
        code = f"28{secrets.randbelow(10**15) + 10**15:016}"
        with self._books.writing() as db:
            db.execute("INSERT INTO alipay_pay_codes VALUES (?, ?, ?, NULL, NULL)", [code, int(confirm), now])
        return code

    def behind_code(self, code: str, now: float) -> Row | None:
        found = self._row(code)
        if found is None:
            return None
        if not found["rail"]:
            return {"state": "WAITING" if now < found["made_at"] + facts.PAYMENT_CODE_LIFE_S else "OVER"}
        return self.rails[found["rail"]].on_phone(found["number"], now)

    def answer(self, code: str, *, pays: bool, now: float) -> bool:
        """The payer's word. Whether anything was waiting for it."""
        found = self._row(code)
        if found is None or not found["rail"]:
            return False
        rail, number = self.rails[found["rail"]], found["number"]
        return rail.confirm(number, now) if pays else rail.on_phone(number, now)["state"] == "CONFIRM"

    def take(self, code: str, rail: str, number: str, now: float) -> bool:
        """A gateway takes the code for its payment `number`. Whether the payer must confirm. Raises BadCode."""
        with self._books.writing() as db:
            change = "UPDATE alipay_pay_codes SET rail = ?, number = ? WHERE code = ? AND rail IS NULL AND made_at > ?"
            db.execute(change, [rail, number, code, now - facts.PAYMENT_CODE_LIFE_S])
        found = self._row(code)
        if found is None or (found["rail"], found["number"]) != (rail, number):
            raise BadCode
        return bool(found["confirm"])

    def _row(self, code: str) -> Row | None:
        with self._books.reading() as db:
            rows = db.query("SELECT * FROM alipay_pay_codes WHERE code = ?", [code])
            return next((dict(row) for row in rows), None)
