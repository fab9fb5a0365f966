"""Shifts: change money, what goes in and out of the till, counts, and closings that tile the chain.

One till per ledger. What a closing (Z) covers is every event after the closing before it, up to its own: by the events'
numbers, whatever the clocks say. So no payment is lost between two closings, and none stands in both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from kiosk.errors import Illegal, Stale
from kiosk.ledger.carried import Carried
from kiosk.ledger.database import insert
from kiosk.ledger.desk import OPEN_SHIFT, shift_within
from kiosk.ledger.period import tally_of
from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.store import Ledger
from kiosk.ledger.tally import Tally, Totals
from kiosk.money import Money


class Way(StrEnum):
    """What happens at the till besides sales."""

    IN = "in"
    OUT = "out"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift. `till_float` is the change money that it began with; None: nobody told. `z` numbers its closing."""

    id: str
    opened_at: datetime
    opened_by: str
    till_float: Money | None
    closed_at: datetime | None = None
    closed_by: str = ""
    z: int | None = None
    closed_seq: int | None = None


class Move(msgspec.Struct, frozen=True):
    """Cash that went in or out beside the sales, or a count."""

    way: Way
    amount: Money
    reason: str
    by: str
    at: datetime


class Closed(msgspec.Struct, frozen=True, kw_only=True):
    """A closing as it goes on record. `after` is the number of the event before its first one, `head` the chain's then.

    `till_float` None: nobody told. `moves` holds the counts, too: each was made before what was expected was told.
    """

    id: str
    z: int
    after: int
    head: str
    since: datetime
    till_float: Money | None
    counted: Money
    expected: Money
    difference: Money
    reason: str
    moves: tuple[Move, ...]
    totals: Totals
    carried: Carried


@dataclass(frozen=True, slots=True)
class Till:
    """The period since the last closing: its shift (None: none is open), what went in and out, what must be there.

    `after` is the number of the last closing's event, `since` its time; `till_float` counts as nothing where nobody
    told it.
    """

    after: int
    since: datetime
    shift: Shift | None
    moves: tuple[Move, ...]
    totals: Totals
    expected: Money


def current(ledger: Ledger) -> Shift | None:
    """The open shift."""
    return next(_shifts(ledger, f"WHERE id IN ({OPEN_SHIFT})"), None)


def last_closed(ledger: Ledger) -> Shift | None:
    """The shift of the newest closing."""
    return next(_shifts(ledger, "WHERE z IS NOT NULL ORDER BY z DESC LIMIT 1"), None)


def closings(ledger: Ledger, limit: int = 50) -> list[Shift]:
    """The newest ones, the newest first."""
    return list(_shifts(ledger, "WHERE z IS NOT NULL ORDER BY z DESC LIMIT ?", limit))


def closed_shift(ledger: Ledger, z: int) -> Shift:
    """Raises Illegal where there is no such closing."""
    if found := next(_shifts(ledger, "WHERE z = ?", z), None):
        return found
    raise Illegal(f"There is no closing Z {z}. Which there are: kiosk shift list.")


def closing_of(ledger: Ledger, shift: Shift) -> tuple[Closed, str]:
    """What was closed, and the head of the chain with it: `SEQ:HASH`, whole."""
    row = ledger.database.rows("SELECT seq, hash, body FROM events WHERE seq = ?", (shift.closed_seq,))[0]
    return msgspec.json.decode(row["body"], type=Closed), f"{row['seq']}:{row['hash']}"


def open_shift(ledger: Ledger, till_float: Money, by: str, *, at: datetime) -> Shift:
    """Begin a shift with this change money, counted. Raises Illegal where one is open."""
    if till_float.amount_minor < 0:
        raise Illegal(f"The change money cannot be {till_float}: count what is in the till.")
    with ledger.database.transaction():
        if (now := current(ledger)) is not None:
            raise Illegal(
                f"{now.id} is open already, since {now.opened_at:%Y-%m-%d %H:%M} UTC, by {now.opened_by}. Nothing was"
                f" done. {'Close it first.' if now.till_float else 'Its change money is asked for at its closing.'}"
            )
        shift_within(ledger, by, at=at, till_float=till_float)
        found = current(ledger)
    assert found is not None, "it was opened in this transaction"
    return found


def move_cash(ledger: Ledger, way: Way, amount: Money, reason: str, by: str, *, at: datetime) -> Move:
    """Cash goes in or out beside the sales, or was counted. Raises Illegal without a reason, or for no amount."""
    if way is not Way.COUNTED and (amount.amount_minor <= 0 or not reason.strip()):
        raise Illegal("Cash in and out takes an amount above nothing and a reason. Nothing was done.")
    if amount.amount_minor < 0:
        raise Illegal(f"{amount} cannot be in a till. Nothing was done.")
    with ledger.database.transaction() as execute:
        shift = shift_within(ledger, by, at=at)
        row = {"shift": shift, "way": way.value, "amount_minor": amount.amount_minor, "currency": amount.currency}
        row |= {"reason": reason}
        event = "till_counted" if way is Way.COUNTED else "cash_moved"
        head = ledger.append(at, event, by, row)
        insert(execute, "till_moves", row | {"seq": head.seq, "at": stamp(at), "by": by})
    return Move(way, amount, reason, by, at)


def till(ledger: Ledger, currency: str, named: Callable[[str], str] = str, till_float: Money | None = None) -> Till:
    """How the till stands now. `till_float` counts where the shift began without any being told.

    The long part is read without keeping anybody from selling.
    """
    after = _after(ledger)
    before = ledger.head().seq
    tally = tally_of(ledger, after, before, named)
    with ledger.database.snapshot():
        return till_within(ledger, currency, tally, before, after, till_float)


def _after(ledger: Ledger) -> int:
    last = last_closed(ledger)
    return (last and last.closed_seq) or 0


def till_within(
    ledger: Ledger, currency: str, tally: Tally, upto: int, after: int, till_float: Money | None = None
) -> Till:
    """Within a transaction: what was added up to `upto`, and what came since. Raises Stale where that was closed."""
    last, shift = last_closed(ledger), current(ledger)
    if ((last and last.closed_seq) or 0) != after:
        assert last is not None, "somebody has closed since"
        raise Stale(
            f"{last.id} was closed meanwhile by {last.closed_by} at {last.closed_at:%H:%M:%S} UTC: it is Z {last.z}."
            " Nothing of yours was done."
        )
    tally_of(ledger, upto, ledger.head().seq, tally.named, tally)
    moved, totals = moves(ledger, after), tally.totals()
    began = (shift and shift.till_float) or till_float or Money(0, currency)
    expected = began + totals.cash(currency)
    for move in moved:
        if move.way is not Way.COUNTED and move.amount.currency == currency:
            expected += move.amount if move.way is Way.IN else -move.amount
    return Till(after, _since(ledger, last), shift, moved, totals, expected)


def _since(ledger: Ledger, last: Shift | None) -> datetime:
    """When the period began: with the closing before, or with the ledger."""
    if last and last.closed_at:
        return last.closed_at
    return instant(ledger.database.rows("SELECT at FROM events ORDER BY seq LIMIT 1")[0]["at"])


def moves(ledger: Ledger, after: int) -> tuple[Move, ...]:
    """What went in and out of the till, and was counted, since the event of this number."""
    rows = ledger.database.rows("SELECT * FROM till_moves WHERE seq > ? ORDER BY seq", (after,))
    return tuple(
        Move(
            Way(row["way"]),
            Money(row["amount_minor"], row["currency"]),
            row["reason"],
            row["by"],
            instant(row["at"]),
        )
        for row in rows
    )


def _shifts(ledger: Ledger, where: str, *values: object) -> Iterator[Shift]:
    for row in ledger.database.rows(f"SELECT * FROM shifts {where}", values):
        yield _shift(row)


def _shift(row: Mapping[str, Any]) -> Shift:
    told = row["till_float_minor"] is not None
    return Shift(
        id=row["id"],
        opened_at=instant(row["opened_at"]),
        opened_by=row["opened_by"],
        till_float=Money(row["till_float_minor"], row["currency"]) if told else None,
        closed_at=instant(row["closed_at"]) if row["closed_at"] else None,
        closed_by=row["closed_by"],
        z=row["z"],
        closed_seq=row["closed_seq"],
    )
