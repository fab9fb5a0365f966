"""The hash chain over the events. `SEQ:HASH` of its head is printed on paper that other people keep."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Any

import msgspec

from kiosk.errors import BadHead
from kiosk.ledger.database import Execute
from kiosk.ledger.rows import stamp

GENESIS = "0" * 64
LINKED = ("seq", "at", "order_id", "event", "by", "body")
EVENT = "INSERT INTO events (seq, at, order_id, event, by, body, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
PRINTED_HEX = 20  # 80 bits: enough that nobody finds a second chain with the same head


class Head(msgspec.Struct, frozen=True):
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


def link(prev: str, seq: int, at: str, order_id: str | None, event: str, by: str, body: str) -> str:
    """The hash of one event: over the one before it and every column, exactly as they stand on disk."""
    return hashlib.sha256(f"{prev}\n{seq}\n{at}\n{order_id or ''}\n{event}\n{by}\n{body}".encode()).hexdigest()


def append(
    execute: Execute, last: Head, at: datetime, event: str, by: str, body: Any, order_id: str | None, seq: int = 0
) -> Head:
    """Bind one more event to the `last` one, within the transaction that has read it. Returns the head from now on."""
    columns = (seq or last.seq + 1, stamp(at), order_id, event, by, msgspec.json.encode(body).decode())
    head = Head(columns[0], link(last.hash, *columns))
    execute(EVENT, (*columns, last.hash, head.hash))
    return head
