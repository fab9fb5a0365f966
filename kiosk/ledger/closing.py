"""Closes a shift: what was counted against what must be there, in one transaction. It is closed once, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kiosk.errors import Illegal, Stale
from kiosk.ledger.carried import carried
from kiosk.ledger.desk import shift_within
from kiosk.ledger.period import tally_of
from kiosk.ledger.rows import stamp
from kiosk.ledger.shifts import Closed, Shift, Till, closed_shift, till_within
from kiosk.ledger.store import Ledger
from kiosk.money import Money


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted, and how the till stood then. `till_float` is what the clerk says of a shift that had none."""

    counted: Money
    till: Till
    till_float: Money | None = None

    @property
    def difference(self) -> Money:
        """Below nothing: short; above: over."""
        return self.counted - self.till.expected


def close_shift(
    ledger: Ledger, count: Count, *, reason: str, by: str, at: datetime, named: Callable[[str], str] = str
) -> Shift:
    """Close it, with the totals of its period; its paper is queued. What is open goes on, and is told.

    Raises Stale where somebody else has closed meanwhile, or where cash came or went since the count; Illegal where a
    difference has no reason.
    """
    if count.difference.amount_minor and not reason.strip():
        raise Illegal("A difference needs a reason, which goes on record. Nothing was closed.")
    currency, after = count.counted.currency, count.till.after
    seen = ledger.head().seq
    tally = tally_of(ledger, after, seen, named)
    with ledger.database.transaction() as execute:
        now = till_within(ledger, currency, tally, seen, after, count.till_float)
        if now.expected != count.till.expected:
            raise Stale("Cash came or went since it was counted. Count once more. Nothing was closed.")
        id = shift_within(ledger, by, at=at)
        number = ledger.database.rows("SELECT coalesce(max(z), 0) + 1 AS z FROM shifts")[0]["z"]
        body = _body(ledger, id, number, now, count, reason)
        head = ledger.append(at, "shift_closed", by, body)
        execute(
            "UPDATE shifts SET closed_at = ?, closed_by = ?, z = ?, closed_seq = ? WHERE id = ?",
            (stamp(at), by, number, head.seq, id),
        )
        execute(
            "INSERT INTO print_jobs (z, kind, status, created_at, changed_at) VALUES (?, 'closing', 'queued', ?, ?)",
            (number, stamp(at), stamp(at)),
        )
    return closed_shift(ledger, number)


def _body(ledger: Ledger, id: str, number: int, now: Till, count: Count, reason: str) -> Closed:
    return Closed(
        id=id,
        z=number,
        after=now.after,
        head=str(ledger.head()),
        since=now.since,
        till_float=(now.shift and now.shift.till_float) or count.till_float,
        counted=count.counted,
        expected=now.expected,
        difference=count.difference,
        reason=reason,
        moves=now.moves,
        totals=now.totals,
        carried=carried(ledger),
    )
