"""The hash chain over the events. `SEQ:HASH` of its head is printed on paper that other people keep."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from kiosk.errors import BadHead
from kiosk.ledger.database import Database
from kiosk.ledger.rows import stamp

GENESIS = "0" * 64
PRINTED_HEX = 20  # 80 bits: enough that nobody finds a second chain with the same head


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain stands: the last event's number and hash."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash[:PRINTED_HEX]}"


def parse_head(text: str) -> Head:
    """The head as it stands on paper, of whose hash only the beginning is printed. Raises BadHead."""
    seq, _, printed = text.strip().partition(":")
    if not re.fullmatch(r"\d{1,15}", seq, re.ASCII) or not re.fullmatch(r"[0-9a-fA-F]{8,64}", printed):
        raise BadHead(f"{text!r} is not the head of a ledger; it looks like 1234:0123456789abcdef0123.")
    return Head(int(seq), printed.lower())


def link(prev: str, row: Mapping[str, Any]) -> str:
    """The hash of one event: over the one before it and every column, exactly as they stand on disk."""
    fields = (prev, row["seq"], row["at"], row["order_id"] or "", row["event"], row["by"], row["body"])
    return hashlib.sha256("\n".join(map(str, fields)).encode()).hexdigest()


def append(
    database: Database, last: Head, at: datetime, event: str, by: str, body: Any, order_id: str | None, seq: int = 0
) -> Head:
    """Bind one more event to the `last` one, within the transaction that has read it. Returns the head from now on."""
    row: dict[str, Any] = {
        "seq": seq or last.seq + 1,
        "at": stamp(at),
        "order_id": order_id,
        "event": event,
        "by": by,
        "body": msgspec.json.encode(body).decode(),
        "prev": last.hash,
    }
    row["hash"] = link(last.hash, row)
    database.insert("events", row)
    return Head(row["seq"], row["hash"])
