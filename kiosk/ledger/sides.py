"""What each side of an order says, asked for by a clerk: a request to the queue's holder, and its answers.

Request and answers are events of the ledger's own: they change no order. One request an order is open at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from kiosk.identifiers import Reference
from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.store import Ledger

OPEN = "(payment_at IS NULL OR delivery_at IS NULL)"
"""As it stands in the index."""


class Side(StrEnum):
    """Who is asked: the rail that the money came by, and the provider of the top-up."""

    PAYMENT = "payment"
    DELIVERY = "delivery"


class Proves(StrEnum):
    """What a side's own record says for good; mostly nothing."""

    NOTHING = ""
    PAID = "paid"
    BACK = "back"
    UNPAID = "unpaid"
    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"


@dataclass(frozen=True, slots=True)
class Said:
    """One side's answer, in plain words, and what it proves."""

    words: str
    proves: Proves
    at: datetime


@dataclass(frozen=True, slots=True)
class Sides:
    """One request: who asked, when it was taken up (None: not yet), and each side's word (None: not yet)."""

    id: int
    order: Reference
    by: str
    asked_at: datetime
    taken_at: datetime | None
    payment: Said | None
    delivery: Said | None

    @property
    def open(self) -> bool:
        return self.payment is None or self.delivery is None

    def of(self, side: Side) -> Said | None:
        return self.payment if side is Side.PAYMENT else self.delivery


def ask_sides(ledger: Ledger, order: Reference, *, by: str, at: datetime) -> bool:
    """Have both sides asked. False where that is under way already, and nothing was written."""
    with ledger.database.transaction():
        if ledger.database.rows(f"SELECT 1 FROM inquiries WHERE order_id = ? AND {OPEN}", (order,)):
            return False
        id = ledger.database.rows("SELECT coalesce(max(id), 0) + 1 AS id FROM inquiries")[0]["id"]
        ledger.append(at, "sides_asked", by, {"id": id, "order": order})
        ledger.database.execute(
            "INSERT INTO inquiries (id, order_id, by, asked_at) VALUES (?, ?, ?, ?)", (id, order, by, stamp(at))
        )
    return True


def next_asked(ledger: Ledger) -> Sides | None:
    """The request that has waited longest, taken up before or not."""
    rows = ledger.database.rows(f"SELECT * FROM inquiries WHERE {OPEN} ORDER BY id LIMIT 1")
    return _sides(rows[0]) if rows else None


def take_up(ledger: Ledger, asked: Sides, *, at: datetime) -> None:
    """Somebody works on it: a power cut may take this back, since it is only done again."""
    ledger.database.jot("UPDATE inquiries SET taken_at = ? WHERE id = ?", (stamp(at), asked.id))


def answer_side(ledger: Ledger, asked: Sides, side: Side, said: Said, *, by: str) -> None:
    """What this side says. The first word stands."""
    with ledger.database.transaction():
        changed = ledger.database.execute(
            f"UPDATE inquiries SET {side} = ?, {side}_proves = ?, {side}_at = ? WHERE id = ? AND {side}_at IS NULL",
            (said.words, said.proves, stamp(said.at), asked.id),
        )
        if changed:
            body = {"id": asked.id, "side": side, "words": said.words, "proves": said.proves}
            ledger.append(said.at, "side_answered", by, body)


def sides_of(ledger: Ledger, order: Reference) -> list[Sides]:
    """Every time that this order's sides were asked, the oldest first."""
    return [
        _sides(row) for row in ledger.database.rows("SELECT * FROM inquiries WHERE order_id = ? ORDER BY id", (order,))
    ]


def _sides(row: dict[str, Any]) -> Sides:
    taken_at = instant(row["taken_at"]) if row["taken_at"] else None
    payment, delivery = (_said(row, side) for side in Side)
    return Sides(row["id"], row["order_id"], row["by"], instant(row["asked_at"]), taken_at, payment, delivery)


def _said(row: dict[str, Any], side: Side) -> Said | None:
    at = row[f"{side}_at"]
    return Said(row[side], Proves(row[f"{side}_proves"]), instant(at)) if at else None
