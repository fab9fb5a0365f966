"""Stripe's side of the books: its objects as it shows them, and the idempotency keys it remembers for a day.

What only the sandbox knows of an object (a plug that is pulled, a refund that will fail) stands in it under names with
an underscore first, which `shown` leaves out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kiosk.sandbox.books import Books
from kiosk.sandbox.stripe_shapes import Thing, reader
from kiosk.sandbox.stripe_wishes import Refusal

READER = "tmr_3T0TrainingReader1"
"""The reader that is there from the start: what training mode sells by."""
KEY_LIFE_S = 24 * 3600.0
PREFIXES = {
    "payment_intent": "pi",
    "charge": "ch",
    "refund": "re",
    "balance_transaction": "txn",
    "terminal.reader": "tmr",
    "terminal.location": "tml",
}

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS stripe_objects (
         number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, parent TEXT NOT NULL,
         body TEXT NOT NULL CHECK (json_valid(body))) STRICT""",
    "CREATE INDEX IF NOT EXISTS stripe_kinds ON stripe_objects (kind, parent)",
    """CREATE TABLE IF NOT EXISTS stripe_keys (
         key TEXT PRIMARY KEY, asked TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, at REAL NOT NULL
       ) STRICT""",
)


class StripeBooks:
    def __init__(self, books: Books) -> None:
        self._books = books
        books.define(*SCHEMA)
        with self.desk() as desk:
            if not desk.all("terminal.reader"):
                desk.put(reader(READER, "Training reader", None))

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """One request's work: everything inside happens, or nothing does."""
        with self._books.writing() as db:
            yield Desk(db)


class Desk:
    """The books, open for one request."""

    def __init__(self, db: Any) -> None:
        self._db = db

    def new_id(self, kind: str) -> str:
        (made,) = next(iter(self._db.execute("SELECT coalesce(max(number), 0) + 1 FROM stripe_objects")))
        return f"{PREFIXES[kind]}_3T0KioskSandbox{made:08}"

    def put(self, thing: Thing) -> Thing:
        parent = str(thing.get("payment_intent") or "")
        self._db.execute(
            "INSERT INTO stripe_objects (id, kind, parent, body) VALUES (:id, :kind, :parent, :body)"
            " ON CONFLICT (id) DO UPDATE SET body = :body",
            {"id": thing["id"], "kind": thing["object"], "parent": parent, "body": json.dumps(thing)},
        )
        return thing

    def get(self, kind: str, id: str, param: str = "") -> Thing:
        """Raises Refusal where there is none."""
        for row in self._db.query("SELECT body FROM stripe_objects WHERE kind = ? AND id = ?", [kind, id]):
            found: Thing = json.loads(row["body"])
            return found
        param = param or kind.rpartition(".")[2].removeprefix("payment_")
        raise Refusal(f"No such {kind}: '{id}'", code="resource_missing", status=404, param=param, begun=False)

    def all(self, kind: str, parent: str | None = None) -> list[Thing]:
        """Newest first; of one payment intent where `parent` says so."""
        query = "SELECT body FROM stripe_objects WHERE kind = ? AND parent = coalesce(?, parent) ORDER BY number DESC"
        return [json.loads(row["body"]) for row in self._db.query(query, [kind, parent])]

    # --- idempotency keys ---------------------------------------------------------------------------------------

    def remembered(self, key: str, asked: str, now: float) -> tuple[int, str] | None:
        """What was answered under this key within a day. Raises Refusal where it was asked something else."""
        self._db.execute("DELETE FROM stripe_keys WHERE at <= ?", [now - KEY_LIFE_S])
        for row in self._db.query("SELECT * FROM stripe_keys WHERE key = ?", [key]):
            if row["asked"] != asked:
                raise Refusal(
                    "Keys for idempotent requests can only be used with the same parameters they were first used"
                    f" with. Try using a key other than '{key}' if you meant to execute a different request.",
                    type="idempotency_error",
                    begun=False,
                )
            return row["status"], row["body"]
        return None

    def remember(self, key: str, asked: str, status: int, body: str, now: float) -> None:
        self._db.execute("INSERT INTO stripe_keys VALUES (?, ?, ?, ?, ?)", [key, asked, status, body, now])


def shown(thing: Any) -> Any:
    """As Stripe shows it."""
    if isinstance(thing, dict):
        return {name: shown(value) for name, value in thing.items() if not name.startswith("_")}
    return [shown(each) for each in thing] if isinstance(thing, list) else thing
