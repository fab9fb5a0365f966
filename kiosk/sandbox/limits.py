"""Rate limits over a sliding window, counted in the books so that two processes share them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from kiosk.sandbox.books import Books

SCHEMA = "CREATE TABLE IF NOT EXISTS hits (bucket TEXT NOT NULL, at REAL NOT NULL) STRICT"
INDEX = "CREATE INDEX IF NOT EXISTS hits_by_bucket ON hits (bucket, at)"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in so many seconds, for everything that shares the `bucket`."""

    bucket: str
    count: int
    window_s: float


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of the tightest limit; `retry_after_s` is above zero where the request is one too many."""

    limit: int
    remaining: int
    retry_after_s: int = 0


class Limiter:
    def __init__(self, books: Books) -> None:
        self._books = books
        books.define(SCHEMA, INDEX)

    def hit(self, limits: list[Limit], now: float) -> Allowance:
        """Count one request against all its limits. One that is refused is not counted, as with the real thing."""
        with self._books.writing() as db:
            found: list[Allowance] = []
            for limit in limits:
                db.execute("DELETE FROM hits WHERE bucket = ? AND at <= ?", [limit.bucket, now - limit.window_s])
                rows = db.execute(
                    "SELECT at FROM hits WHERE bucket = ? ORDER BY at DESC LIMIT ?", [limit.bucket, limit.count]
                ).fetchall()
                wait = max(1, math.ceil(rows[-1][0] + limit.window_s - now)) if len(rows) >= limit.count else 0
                found.append(Allowance(limit.count, max(0, limit.count - len(rows) - 1), wait))
            tightest = max(found, key=lambda allowance: (allowance.retry_after_s, -allowance.remaining))
            if not tightest.retry_after_s:
                for limit in limits:
                    db.execute("INSERT INTO hits VALUES (?, ?)", [limit.bucket, now])
            return tightest
