"""Messages to customers and where to: rows that are worked like the queue, and addresses that are truly deleted.

An address stands in the table `contacts` and nowhere else: no event, no message row and no backup has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from kiosk.contacts import Channel, Contact
from kiosk.identifiers import Reference, grouped_reference
from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.store import Ledger
from kiosk.notices import MessageKind
from kiosk.order import Order


class Status(StrEnum):
    """How a message stands. `accepted` is the remote's word that it has it; only `arrived` says that it got there."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    ARRIVED = "arrived"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Entry:
    """One message. `doubts` counts the tries after which it may have been sent; `number` is the remote's own."""

    id: int
    order: Reference
    kind: MessageKind
    copy: int
    channel: Channel
    status: Status
    tries: int
    doubts: int
    due_at: datetime | None
    number: str
    reason: str
    created_at: datetime
    changed_at: datetime


def leave_contact(ledger: Ledger, order: Order, contact: Contact, kind: MessageKind | None, *, at: datetime) -> None:
    """The customer wants messages about this order there, and the first one, about `kind`, now.

    A second address takes the place of the first: what is not sent yet goes there, and what was sent is sent again.
    """
    with ledger.database.transaction():
        ledger.database.execute(
            "INSERT OR REPLACE INTO contacts VALUES (?, ?, ?, ?, ?)",
            (order.reference, contact.channel, contact.address, contact.language, stamp(at)),
        )
        if kind:
            _queue(ledger, order.reference, kind, contact.channel, at)


def send_again(ledger: Ledger, order: Order, kind: MessageKind, *, at: datetime) -> Contact | None:
    """Queue one more message because somebody asks for it. Returns where to; None where nobody knows any more."""
    with ledger.database.transaction():
        if contact := contact_of(ledger, order.reference):
            _queue(ledger, order.reference, kind, contact.channel, at)
    return contact


def _queue(ledger: Ledger, order: Reference, kind: MessageKind, channel: Channel, at: datetime) -> None:
    """What waits already is due at once, and not queued twice."""
    found = ledger.database.execute(
        "UPDATE messages SET due_at = ?, channel = ? WHERE order_id = ? AND kind = ? AND status = 'queued'",
        (stamp(at), channel, order, kind),
    )
    if not found:
        ledger.database.execute(
            "INSERT INTO messages (order_id, kind, copy, channel, status, due_at, created_at, changed_at)"
            " SELECT :order, :kind, coalesce(max(copy) + 1, 0), :channel, 'queued', :at, :at, :at"
            " FROM messages WHERE order_id = :order AND kind = :kind",
            {"order": order, "kind": kind, "channel": channel, "at": stamp(at)},
        )


def contact_of(ledger: Ledger, order: Reference) -> Contact | None:
    """Where this order's messages go; None where nobody left an address, or it was deleted since."""
    rows = ledger.database.rows("SELECT channel, address, language FROM contacts WHERE order_id = ?", (order,))
    return Contact(Channel(rows[0]["channel"]), rows[0]["address"], rows[0]["language"]) if rows else None


def messages_of(ledger: Ledger, order: Reference) -> list[Entry]:
    """The order's messages, oldest first."""
    return [
        _entry(row) for row in ledger.database.rows("SELECT * FROM messages WHERE order_id = ? ORDER BY id", (order,))
    ]


def failed_messages(ledger: Ledger, limit: int = 200) -> list[Entry]:
    """The messages that failed and have not been sent again since, the newest first."""
    rows = ledger.database.rows(
        "SELECT * FROM messages AS one WHERE status = 'failed' AND NOT EXISTS (SELECT 1 FROM messages AS later"
        " WHERE later.order_id = one.order_id AND later.id > one.id) ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    return [_entry(row) for row in rows]


# --- for the holder of the queue -----------------------------------------------------------------------------------


def due_messages(ledger: Ledger, at: datetime, limit: int = 50) -> list[Entry]:
    """What is to be sent, or looked at again, the longest due first."""
    rows = ledger.database.rows(
        "SELECT * FROM messages WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?", (stamp(at), limit)
    )
    return [_entry(row) for row in rows]


def look_anew(ledger: Ledger, at: datetime) -> None:
    """What a dead predecessor had in the air is due at once."""
    ledger.database.execute(
        "UPDATE messages SET due_at = ? WHERE status = 'sending' AND due_at > ?", (stamp(at), stamp(at))
    )


def claim_message(ledger: Ledger, entry: Entry, lease: datetime, *, at: datetime) -> bool:
    """Write down that it is about to be sent. False where another one was faster.

    A message that was being sent already may have gone out: that is one doubt more.
    """
    return bool(
        ledger.database.execute(
            "UPDATE messages SET status = 'sending', tries = tries + 1, doubts = doubts + (status = 'sending'),"
            " due_at = ?, changed_at = ? WHERE id = ? AND status = ? AND tries = ?",
            (stamp(lease), stamp(at), entry.id, entry.status, entry.tries),
        )
    )


def put_off(ledger: Ledger, entry: Entry, due_at: datetime, reason: str, *, at: datetime, doubt: bool = False) -> None:
    """It was not sent, or nobody knows (`doubt`): it waits for another try."""
    ledger.database.execute(
        "UPDATE messages SET status = 'queued', doubts = doubts + ?, due_at = ?, reason = ?, changed_at = ?"
        " WHERE id = ?",
        (int(doubt), stamp(due_at), reason, stamp(at), entry.id),
    )


def conclude_message(
    ledger: Ledger,
    entry: Entry,
    status: Status,
    *,
    at: datetime,
    reason: str = "",
    number: str = "",
    due_at: datetime | None = None,
) -> None:
    """Write down what became of it. With `due_at` it is looked at once more; `tries` then counts the looks."""
    ledger.database.execute(
        "UPDATE messages SET status = ?, tries = 0, reason = ?, number = ?, due_at = ?, changed_at = ? WHERE id = ?",
        (status, reason, number or entry.number, due_at and stamp(due_at), stamp(at), entry.id),
    )


def look_later(ledger: Ledger, entry: Entry, due_at: datetime | None) -> None:
    """Nothing is new of a message that was accepted; without `due_at` nobody asks any more."""
    ledger.database.jot(
        "UPDATE messages SET due_at = ?, tries = tries + 1 WHERE id = ?", (due_at and stamp(due_at), entry.id)
    )


def forget_contacts(ledger: Ledger, before: datetime, *, at: datetime) -> int:
    """Delete the addresses that were left before that moment, so that no byte of the ledger's files has them.

    Returns how many. SQLite zeroes what it deletes (secure_delete), but not what it only moves between pages; so all
    pages of the table are given back, and who stays is written anew. The database's `empty_log` does the rest.
    """
    database = ledger.database
    if not database.rows("SELECT 1 FROM contacts WHERE at < ? LIMIT 1", (stamp(before),)):
        return 0
    database.execute("PRAGMA temp_store = MEMORY")  # else those who stay would be written into a file meanwhile
    with database.transaction():
        database.execute("CREATE TEMP TABLE staying AS SELECT * FROM contacts WHERE at >= ?", (stamp(before),))
        gone = database.execute("DELETE FROM contacts")
        gone -= database.execute("INSERT INTO contacts SELECT * FROM staying")
        database.execute("DROP TABLE staying")
        ledger.append(at, "contacts_deleted", "queue", {"count": gone, "left_before": stamp(before)})
    return gone


def _entry(row: dict[str, Any]) -> Entry:
    told = row | {"kind": MessageKind(row["kind"]), "channel": Channel(row["channel"]), "status": Status(row["status"])}
    told |= {"order": Reference(told.pop("order_id")), "due_at": row["due_at"] and instant(row["due_at"])}
    return Entry(**told | {key: instant(row[key]) for key in ("created_at", "changed_at")})


def no_such_contact(order: Order) -> str:
    """Why a message cannot be sent, for a clerk."""
    return f"Nobody left an address for {grouped_reference(order.reference)}, or it was deleted since."
