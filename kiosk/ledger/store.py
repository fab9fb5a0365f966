"""The ledger's door: open it, record what happened, read orders and what is due.

`record` is the only way to change an order: it re-reads the order and the chain's head, and writes event, order and
what follows from them in one transaction. It never calls anything outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from kiosk.errors import LedgerError, Stale, UnknownOrder
from kiosk.facts import Event, Fact
from kiosk.identifiers import Reference, grouped_reference
from kiosk.ledger.chain import GENESIS, Head, append
from kiosk.ledger.database import Database, Execute, insert
from kiosk.ledger.followings import queue_message, queue_papers
from kiosk.ledger.genesis import refuse_another
from kiosk.ledger.hold import Hold
from kiosk.ledger.known import Known
from kiosk.ledger.place import refuse_unless_room
from kiosk.ledger.reopening import Reopening
from kiosk.ledger.rows import assignment, attempt_row, changed, instant, order_of, row_of, stamp
from kiosk.ledger.schema import STATE_IS_WAITING
from kiosk.order import SETTLED, Order, State, advance, open_order

if TYPE_CHECKING:
    import sqlite_utils

WATCHED_AFTER = timedelta(minutes=15)
PHONE_ENDS = "sim_number BETWEEN '+' AND '+9' AND sim_number LIKE '%' || :sim"


class Due(msgspec.Struct, frozen=True):
    """One entry of the queue: which order, when it is due, how often it was tried in this state."""

    reference: Reference
    due_at: datetime
    tries: int
    version: int


class Ledger:
    """One ledger file. Threads may share it; processes each open their own."""

    def __init__(self, path: Path, *, mode: str, kiosk: str, at: datetime) -> None:
        """Open the ledger, or make it. Raises WrongLedger where its genesis is another, LedgerGone where it is gone."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        genesis = {"mode": mode, "kiosk": kiosk}
        self._hold, self._known = Hold(path), Known()
        try:
            self._hold.refuse_unless_whole()
            self.database = Database(path, at)
            self.reopening = Reopening(self.database)
            with self.database.transaction():
                if not self.database.rows("SELECT 1 FROM events LIMIT 1"):
                    self.append(at, "genesis", "kiosk", genesis)
            refuse_another(self.database, genesis)
            self._hold.made()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if hasattr(self, "database"):
            self.database.close()
        self._hold.release()

    # --- writing ---------------------------------------------------------------------------------------------

    def open_order(self, order: Order, by: str, *, due_at: datetime, told: str = "") -> Order:
        """Write a new order; `told` is for its timeline. Raises Illegal (lines), LedgerError (it may not be sold)."""
        open_order(order)
        refuse_unless_room(self.path)
        body = {"event": Event.OPENED.value, "by": by, "order": order} | ({"remote": told} if told else {})
        with self.database.transaction() as execute:
            self.reopening.refuse_if_awaited()
            append(execute, self.head(), order.opened_at, Event.OPENED.value, by, body, order.reference)
            insert(execute, "orders", row_of(order) | {"due_at": stamp(due_at)})
        self._known.keep(order)
        return order

    def record(self, order: Order, *facts: Fact, at: datetime, due_at: datetime | None = None, tries: int = 0) -> Order:
        """Let `facts` happen to `order`, in this order, in one transaction. Returns the order as it is now.

        `due_at` is when the queue looks next; without it a new -ING state is due at once, and a note changes nothing.
        Raises Stale where somebody else was faster, Illegal where the machine forbids it.
        """
        with self.database.transaction() as execute:
            before, head = self._now(execute, order)
            current = before
            for fact in facts:
                current = advance(current, fact, at)
                head = append(execute, head, at, fact.event.value, fact.by, fact, order.reference)
                if fact.attempt:
                    insert(execute, "attempts", attempt_row(order.reference, fact.attempt), "OR REPLACE")
            self._save(execute, before, current, at, due_at, tries)
        self._known.keep(current)
        return current

    def _save(
        self, execute: Execute, before: Order, after: Order, at: datetime, due_at: datetime | None, tries: int
    ) -> None:
        """Write the columns that have changed, and no others: an index whose column stands still is left alone."""
        row = changed(before, after)
        if after.state is State.REVIEW:
            row |= {"due_at": after.deadline_at and stamp(after.deadline_at), "tries": 0, "watch_at": None}
        elif after.settled and not before.settled:
            row |= {"due_at": None, "tries": 0, "watch_at": stamp(at + WATCHED_AFTER)}
        elif not after.settled and (due_at or after.state is not before.state):
            row |= {"due_at": stamp(due_at or at), "tries": tries, "watch_at": None}
        execute(assignment("orders", tuple(row), "reference"), (*row.values(), after.reference))
        if after.state is not before.state:
            queue_papers(execute, after, at)
            queue_message(execute, after, at)

    def schedule(self, due: Due, due_at: datetime, tries: int) -> None:
        """Put the order off: nothing happened that goes on record. Does nothing if the order has moved on."""
        self.database.jot(
            "UPDATE orders SET due_at = ?, tries = ? WHERE reference = ? AND version = ? AND due_at IS NOT NULL",
            (stamp(due_at), tries, due.reference, due.version),
        )

    def append(self, at: datetime, event: str, by: str, body: Any, order_id: str | None = None, seq: int = 0) -> Head:
        """Append one event to the chain, within a transaction. For the ledger's own events, and for `record`.

        Only `restored` may leave a gap, by its own `seq`.
        """
        return append(self.database.connection.execute, self.head(), at, event, by, body, order_id, seq)

    def _now(self, execute: Execute, order: Order) -> tuple[Order, Head]:
        """The order and the chain's head as they stand on disk, within a transaction. Raises Stale, UnknownOrder."""
        seq, newest, version = execute(
            "SELECT seq, hash, (SELECT version FROM orders WHERE reference = ?) FROM events ORDER BY seq DESC LIMIT 1",
            (order.reference,),
        ).fetchone()
        now = self._order(order.reference, version)
        if now.version != order.version:
            raise Stale(self._what_happened_since(order))
        return now, Head(seq, newest)

    # --- reading ---------------------------------------------------------------------------------------------

    def head(self) -> Head:
        """The newest event's number and hash."""
        rows = self.database.rows("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1")
        return Head(rows[0]["seq"], rows[0]["hash"]) if rows else Head(0, GENESIS)

    def newest_at(self) -> datetime:
        """When the newest event was recorded."""
        return instant(self.database.rows("SELECT at FROM events ORDER BY seq DESC LIMIT 1")[0]["at"])

    def order(self, reference: Reference) -> Order:
        """One order. Raises UnknownOrder."""
        versions = self.database.rows("SELECT version FROM orders WHERE reference = ?", (reference,))
        return self._order(reference, versions[0]["version"] if versions else None)

    def order_of(self, due: Due) -> Order:
        """The order as it was when this entry was read, or as it is now: `record` sees whether it still is."""
        return self._order(due.reference, due.version)

    def _order(self, reference: Reference, version: int | None) -> Order:
        if version is None:
            raise UnknownOrder(f"There is no order {grouped_reference(reference)} in this ledger.")
        if known := self._known.of(reference, version):
            return known
        rows = self.database.rows("SELECT * FROM orders WHERE reference = ?", (reference,))
        order = order_of(rows[0], self.attempts(reference))
        self._known.keep(order)
        return order

    def attempts(self, reference: str) -> list[dict[str, Any]]:
        """The order's attempts, oldest first."""
        rows = self.database.rows("SELECT * FROM attempts WHERE order_id = ? ORDER BY number", (reference,))
        return [dict(row) for row in rows]

    def entry(self, reference: Reference) -> Due | None:
        """The order's entry in the queue, or None where it waits for no remote."""
        rows = self.database.rows(
            "SELECT reference, due_at, tries, version FROM orders"
            " WHERE reference = ? AND due_at IS NOT NULL AND state <> 'REVIEW'",
            (reference,),
        )
        return _due(rows[0]) if rows else None

    def next_due(self, limit: int, *, opened_after: datetime | None = None) -> list[Due]:
        """The -ING orders that are due first, oldest promise first. REVIEW waits for a clerk, not for the queue.

        With `opened_after` only the orders of the customers who are standing there, however many others wait.
        """
        which = f"INDEXED BY orders_waiting WHERE {STATE_IS_WAITING}"
        if opened_after is not None:  # what is due and no clerk's is waiting: said so, SQLite makes no list of states
            which = (
                "INDEXED BY orders_open WHERE due_at IS NOT NULL AND opened_at > :opened_after AND state <> 'REVIEW'"
            )
        rows = self.database.rows(
            f"SELECT reference, due_at, tries, version FROM orders {which} ORDER BY due_at, opened_at LIMIT :limit",
            {"opened_after": opened_after and stamp(opened_after), "limit": limit},
        )
        return [_due(row) for row in rows]

    def events(self, order_id: str | None = None) -> Iterator[dict[str, Any]]:
        """The events of one order, or all of them, oldest first; `body` is decoded."""
        where, values = ("WHERE order_id = ?", (order_id,)) if order_id else ("", ())
        for row in self.database.rows(f"SELECT * FROM events {where} ORDER BY seq", values):
            yield dict(row) | {"body": msgspec.json.decode(row["body"])}

    def orders(self, states: Sequence[State] = (), sim: str = "", limit: int = 1000) -> list[Order]:
        """The newest orders, of these states and this SIM: whole number, last six digits, a phone's last four."""
        conditions, values = [], {"sim": sim, "limit": limit}
        if states:
            values |= {f"state{number}": state.value for number, state in enumerate(states)}
            conditions += [] if set(states) & set(SETTLED) else ["due_at IS NOT NULL"]
            conditions.append(f"state IN ({', '.join(f':state{number}' for number in range(len(states)))})")
        if sim:
            conditions.append({4: PHONE_ENDS, 5: PHONE_ENDS, 6: "sim_last6 = :sim"}.get(len(sim), "sim_number = :sim"))
        rows = self.tables["orders"].rows_where(
            " AND ".join(conditions) or None, values, order_by="opened_at DESC", limit=limit
        )
        return [order_of(row, self.attempts(row["reference"])) for row in rows]

    @property
    def tables(self) -> sqlite_utils.Database:
        """The same file through sqlite-utils, for lists: comfortable, and too slow for the hot path."""
        from sqlite_utils import Database  # costs 170 ms: only where something is listed

        return Database(self.database.connection)

    def _what_happened_since(self, order: Order) -> str:
        rows = self.database.rows(
            "SELECT at, event, by FROM events WHERE order_id = ? ORDER BY seq LIMIT -1 OFFSET ?",
            (order.reference, order.version),
        )
        if not rows:
            raise LedgerError(f"{grouped_reference(order.reference)} is newer in memory than in the ledger.")
        weighty = [row for row in rows if row["event"] != Event.NOTED] or rows  # the first is who was faster
        shown = weighty[:1] + weighty[1:][-2:]
        told = "; ".join(f"{row['event']} by {row['by']} at {instant(row['at']):%H:%M:%S} UTC" for row in shown)
        return f"{grouped_reference(order.reference)} has moved on meanwhile: {told}."


def _due(row: Mapping[str, Any]) -> Due:
    return Due(Reference(row["reference"]), instant(row["due_at"]), row["tries"], row["version"])
