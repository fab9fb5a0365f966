"""The events by which somebody acted or came in, newest first: found by an index of their own among millions.

What the queue and customers do is in the same chain, and is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from kiosk.identifiers import Reference
from kiosk.ledger.rows import instant
from kiosk.ledger.schema_counter import OF_PEOPLE
from kiosk.ledger.store import Ledger

PIECE = 500
"""Rows that are read at a time: whoever stops early has read few."""


def acts_before(ledger: Ledger, seq: int | None = None, order: Reference | None = None) -> Iterator[dict[str, Any]]:
    """Those before event `seq` (None: all), of one order or of all; `body` is decoded, `at` an instant."""
    which, values = f"events INDEXED BY events_of_people WHERE {OF_PEOPLE}", {"order": order}
    if order:
        which = f"events INDEXED BY events_of_order WHERE order_id = :order AND {OF_PEOPLE}"
    while True:
        rows = ledger.database.rows(
            f"SELECT seq, at, order_id, event, by, body FROM {which} AND seq < :before AND by <> 'queue'"
            " ORDER BY seq DESC LIMIT :piece",
            values | {"before": 2**62 if seq is None else seq, "piece": PIECE},
        )
        for row in rows:
            yield row | {"at": instant(row["at"]), "body": msgspec.json.decode(row["body"])}
        if len(rows) < PIECE:
            return
        seq = rows[-1]["seq"]


def configuration_before(ledger: Ledger) -> dict[str, Any]:
    """`config`: the fingerprint that was noted last; `keys`: those of each key, as they were known last. Maybe neither.

    A start that could not read the pepper knew none: what was changed since is named by the next that can.
    """
    rows = ledger.database.rows(
        "SELECT body FROM events INDEXED BY events_of_configurations WHERE event = 'configuration_changed'"
        " ORDER BY seq DESC LIMIT 100"
    )
    noted = [msgspec.json.decode(row["body"]) for row in rows]
    return {"config": noted[0]["config"], "keys": next(filter(None, (n["keys"] for n in noted)), {})} if noted else {}


def note_start(ledger: Ledger, start: dict[str, Any], change: dict[str, Any] | None, *, at: datetime) -> None:
    """What was started, and where the configuration is another one, that; either may be nothing.

    Two that start at once with the same one say so once.
    """
    with ledger.database.transaction():
        if start:
            ledger.append(at, "started", "kiosk", start)
        if change and configuration_before(ledger).get("config") != change["config"]:
            ledger.append(at, "configuration_changed", "kiosk", change)
