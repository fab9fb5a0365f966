"""Settings that change daily: the value now, in a table, and each change an event of the chain beside it.

A row without a value was set back: it is as configured, again, since then. Read by every process, each second.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from kiosk.errors import Stale
from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.store import Ledger

Value = str | bool | int
EVENT = "setting_changed"


@dataclass(frozen=True, slots=True)
class Changed:
    """A setting that was changed: its value (None: as configured, again), since when, and by whom (`clerk:mei`)."""

    key: str
    value: Value | None
    at: datetime
    by: str


def changed_settings(ledger: Ledger) -> dict[str, Changed]:
    """All that were ever changed, by their keys. Raises LedgerError."""
    rows = ledger.database.rows("SELECT * FROM settings ORDER BY key")
    return {
        row["key"]: Changed(
            row["key"],
            None if row["value"] is None else msgspec.json.decode(row["value"], type=Value),
            instant(row["changed_at"]),
            row["changed_by"],
        )
        for row in rows
    }


def put_setting(
    ledger: Ledger, key: str, value: Value | None, *, seen: Changed | None, by: str, at: datetime, reason: str = ""
) -> None:
    """Change it, within a transaction. `seen` is how the clerk saw it.

    Raises Stale, with who was faster and what they did, where it is another one by now.
    """
    now = changed_settings(ledger).get(key)
    if now != seen:
        raise Stale(_faster(key, now))
    body = {"key": key, "from": now.value if now else None, "to": value} | ({"reason": reason} if reason else {})
    ledger.append(at, EVENT, by, body)
    ledger.database.execute(
        "INSERT OR REPLACE INTO settings VALUES (?, ?, ?, ?)",
        (key, None if value is None else msgspec.json.encode(value).decode(), stamp(at), by),
    )


def _faster(key: str, now: Changed | None) -> str:
    if now is None:  # a restored ledger
        return f"{key} is as configured meanwhile. Nothing of yours was done: look at it again."
    did = "set it back to what is configured" if now.value is None else f"set it to {told(now.value)}"
    who = now.by.removeprefix("clerk:")
    return f"{who} was faster: {did} at {now.at:%H:%M:%S} UTC ({key}). Nothing of yours was done: look at it again."


def told(value: Value) -> str:
    """A value as it is written: `off`, `75`, a message."""
    return ("on" if value else "off") if isinstance(value, bool) else str(value)
