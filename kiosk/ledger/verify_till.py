"""Are shifts, the till and the closings what the events say? A part of verify.py, which reads the chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from kiosk.ledger.shifts import Closed
from kiosk.ledger.store import Ledger
from kiosk.ledger.tally import MONEY, Figure, Purse, Said, Sold, Tally
from kiosk.order import Order

UNTOLD = {"till_float_minor": None, "currency": None}
OPEN: dict[str, Any] = {"closed_at": None, "closed_by": "", "z": None, "closed_seq": None}


@dataclass(slots=True)
class TillSaid:
    """What the events say of shifts and of the till, and the money since the last closing."""

    shifts: dict[str, dict[str, Any]] = field(default_factory=dict)
    moves: dict[int, dict[str, Any]] = field(default_factory=dict)
    purses: dict[str, Purse] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    closed_at: int = 0

    def money(self, order: Order, row: dict[str, Any]) -> None:
        """An order's event."""
        if row["event"] in MONEY:
            sold = Sold(order.tender, order.plan.title, order.lines, order.total)
            said = msgspec.json.decode(row["body"], type=Said)
            self.tally.see(sold, row["event"], said, self.purses.setdefault(order.reference, Purse()), counts=True)

    def replay(self, row: dict[str, Any], body: dict[str, Any]) -> Iterator[str]:
        """An event of the till's own."""
        match row["event"]:
            case "shift_opened":
                began = {"opened_at": row["at"], "opened_by": row["by"]}
                self.shifts[body["id"]] = UNTOLD | body | began | OPEN
            case "cash_moved" | "till_counted":
                self.moves[row["seq"]] = body | {"seq": row["seq"], "at": row["at"], "by": row["by"]}
            case "shift_closed":
                closed = {"closed_at": row["at"], "closed_by": row["by"], "z": body["z"], "closed_seq": row["seq"]}
                self.shifts[body["id"]] |= closed
                yield from self._close(msgspec.convert(body, Closed), row["seq"])

    def _close(self, closed: Closed, seq: int) -> Iterator[str]:
        said = self.tally.totals()
        if closed.after != self.closed_at:
            yield f"Z {closed.z} begins after event {closed.after}, and the closing before ends at {self.closed_at}."
        elif not (_alike(closed.totals.taken, said.taken) and _alike(closed.totals.given_back, said.given_back)):
            yield f"Z {closed.z} has other totals than its events."
        self.tally, self.closed_at = Tally(), seq


def _alike(one: tuple[Figure, ...], other: tuple[Figure, ...]) -> bool:
    return set(one) == set(other)


def compare_till(ledger: Ledger, said: TillSaid) -> Iterator[str]:
    """Every row of the tables against the events."""
    shifts = {row["id"]: dict(row) for row in ledger.database.rows("SELECT * FROM shifts")}
    for id in sorted(shifts.keys() | said.shifts.keys()):
        if shifts.get(id) != said.shifts.get(id):
            yield f"The shift {id} is not what the events say: opened, changed or removed behind the ledger's back."
    moves = {row["seq"]: dict(row) for row in ledger.database.rows("SELECT * FROM till_moves")}
    for seq in sorted(moves.keys() | said.moves.keys()):
        if moves.get(seq) != said.moves.get(seq):
            yield f"Cash in or out, or a count (event {seq}), is not what the events say: changed behind its back."
