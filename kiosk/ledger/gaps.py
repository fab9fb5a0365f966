"""The gaps that restores have left in the chain. Each is declared by the event `restored` that follows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from kiosk.errors import BadHead
from kiosk.ledger.chain import Head, parse_head
from kiosk.ledger.reopening import RESTORED
from kiosk.ledger.rows import instant
from kiosk.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class Gap:
    """What a restore declares: the head of the backup, and the newest head known; what lies between is lost.

    `seq` is that of the event `restored` itself; `since` is when the newest event of the backup was recorded, and
    `at` when it was restored: between them lies what is lost.
    """

    seq: int
    since: datetime
    at: datetime
    backup: str
    newest: Head

    @property
    def lost(self) -> range:
        """The numbers of the events that are missing; empty where none is known to be."""
        return range(int(self.backup.partition(":")[0]) + 1, self.seq)


def gap_of(row: dict[str, Any]) -> Gap | None:
    """What this event declares; None where it is no well-formed `restored`."""
    if row["event"] != RESTORED or row["order_id"] is not None:
        return None
    try:
        body = msgspec.json.decode(row["body"])
        since, newest = instant(body["newest_at"]), parse_head(body["newest"])
        return Gap(row["seq"], since, instant(row["at"]), body["backup"], newest)
    except (KeyError, TypeError, ValueError, msgspec.MsgspecError, BadHead):
        return None


def gaps(ledger: Ledger) -> list[Gap]:
    """Every restore on record, oldest first."""
    rows = ledger.database.rows(
        "SELECT * FROM events INDEXED BY events_of_restores"
        " WHERE event IN ('restored', 'reopened') AND event = 'restored' ORDER BY seq"
    )
    return [gap for row in rows if (gap := gap_of(row))]
