"""The counter's board: what needs a human first, and how everything else stands. Only read; a thread may do it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.daily import standing_words
from kiosk.identifiers import Reference, grouped_reference
from kiosk.ledger import board as rows
from kiosk.ledger.desk import open_findings
from kiosk.ledger.floats import Float, float_of
from kiosk.ledger.messages import failed_messages
from kiosk.ledger.roster import HOW, Owned, owned
from kiosk.ledger.seats import seats
from kiosk.ledger.terminals import who_is_where
from kiosk.ledger.troubles import Trouble, troubles
from kiosk.order import Order, State
from kiosk.printing import papers_to_see_to

if TYPE_CHECKING:
    from kiosk.assembly import House

TROUBLE_WORDS = {
    Trouble.AWAY: "DOES NOT ANSWER",
    Trouble.CLOCK: "TELLS ANOTHER TIME",
    Trouble.READER: "ITS READER IS OFF",
}
SHOWN = 100
"""Rows of each kind: nobody scrolls through more."""
READ = 1000


class Kind(StrEnum):
    """What a row asks of a human, in the order of their urgency."""

    CALL = "CALL"
    REVIEW = "REVIEW"
    FINDING = "FINDING"
    CASH = "CASH"
    BACK = "BACK"
    LINE = "LINE"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that needs somebody: `key` names the seat, finding or order; `by` is its deadline."""

    kind: Kind
    key: str
    words: str
    by: datetime | None = None
    late: bool = False
    order: Reference | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How one thing stands: its name, in words, and whether that is well."""

    name: str
    words: str
    well: bool


@dataclass(frozen=True, slots=True)
class Board:
    """Everything, as it stood at `at`."""

    at: datetime
    rows: tuple[Row, ...]
    standings: tuple[Standing, ...]

    def count(self, kind: Kind) -> int:
        return sum(row.kind is kind for row in self.rows)


def read_board(house: House) -> Board:
    """As it stands now. Raises LedgerError."""
    now = house.clock.now()
    return Board(now, (*_calls(house, now), *_to_decide(house, now), *_orders(house, now)), tuple(_standings(house)))


def _calls(house: House, now: datetime) -> Iterator[Row]:
    for seat in seats(house.ledger, now):
        if seat.called:
            answer = f"{seat.called.coming} is on the way" if seat.called.coming else "calls staff"
            yield Row(Kind.CALL, seat.name, f"Seat {seat.name}: {answer}, at {seat.step}, {ago(seat.called.at, now)}")


def _to_decide(house: House, now: datetime) -> list[Row]:
    """Orders in review and open findings, the nearest deadline first."""
    found = [
        Row(Kind.REVIEW, order.reference, f"{_named(order)}  {order.reason}", order.deadline_at)
        for order in house.ledger.orders([State.REVIEW], limit=READ)
    ]
    for finding in open_findings(house.ledger)[:SHOWN]:
        of = f" {grouped_reference(finding.order)}" if finding.order else ""
        words = f"{finding.name}{of}  {finding.kind}: {finding.reason}"
        found.append(Row(Kind.FINDING, finding.name, words, finding.deadline_at, order=finding.order))
    dated = [replace(row, late=bool(row.by and row.by < now)) for row in found]
    return sorted(dated, key=lambda row: row.by or now)[: 2 * SHOWN]


def _orders(house: House, now: datetime) -> Iterator[Row]:
    """Cash to take, cash to hand back, and what waits for the line; the longest wait first."""
    for kind, state, tender in (
        (Kind.CASH, State.AUTHORIZING, "cash"),
        (Kind.BACK, State.REFUNDING, "cash"),
        (Kind.LINE, State.SUBMITTING, ""),
    ):
        waiting = house.ledger.orders([state], limit=SHOWN)
        for order in sorted(waiting, key=lambda order: order.since_at):
            if order.tender == tender or not tender:
                yield Row(kind, order.reference, f"{_named(order)}  {ago(order.since_at, now)}")


def _named(order: Order) -> str:
    return f"{grouped_reference(order.reference)}  {order.total}"


def _standings(house: House) -> Iterator[Standing]:
    now, config = house.clock.now(), house.config
    if set_by_hand := standing_words(house):
        yield Standing("Settings", set_by_hand, well=False)
    yield from _people(house, now)
    yield printer_standing(house)
    away = troubles(house.ledger, now)
    for remote in [*config.file.providers, *(name for name in config.file.tenders if name != "cash")]:
        said = [TROUBLE_WORDS[trouble] for name, trouble in sorted(away) if name == remote]
        yield Standing(remote, ", ".join(said) or "no trouble heard", not said)
        if left := float_of(house.ledger, remote):
            yield Standing(f"{remote} float", float_words(left, now), not left.low)
    yield _queue(house, now)
    if papers := papers_to_see_to(house.ledger, config, house.clock):
        yield Standing("Receipts", f"{len(papers)} of the last day did not come out, or nobody knows", well=False)
    if failed := failed_messages(house.ledger):
        yield Standing("Messages", f"{len(failed)} failed", well=False)
    midnight = datetime.combine(now.astimezone(config.zone).date(), time(), config.zone).astimezone(UTC)
    day = rows.takings(house.ledger, config.file.providers, midnight, config.currency)
    words = f"{day.sold} paid, {day.taken}; {day.returned} given back, {day.given_back}"
    yield Standing("Today", words, well=True)


def _people(house: House, now: datetime) -> Iterator[Standing]:
    stays = ", ".join(f"{stay.clerk} at {stay.terminal}" for stay in who_is_where(house.ledger, now))
    yield Standing("Signed in", stays or "nobody", well=True)
    if owned(house.ledger) is not Owned.YES:
        yield Standing("Owner", f"none. {HOW}", well=False)


def _queue(house: House, now: datetime) -> Standing:
    deep = rows.depths(house.ledger)
    if not deep:
        return Standing("Queue", "empty", well=True)
    oldest = min(depth.oldest for depth in deep.values())
    parts = ", ".join(f"{depth.orders} {state}" for state, depth in sorted(deep.items()))
    return Standing(
        "Queue", f"{sum(depth.orders for depth in deep.values())} wait ({parts}), oldest {ago(oldest, now)}", True
    )


def printer_standing(house: House) -> Standing:
    """How the printer is, as far as is known without waiting for it."""
    if house.config.file.printer.kind == "none" and house.printer is None:
        return Standing("Printer", "none is configured", well=True)
    state = house.paper_watch.glance()
    if state is None:
        return Standing("Printer", "is being asked", well=True)
    words = (
        "ready" if state.condition.name == "READY" else str(state.condition) + (f": {state.why}" if state.why else "")
    )
    return Standing("Printer", words, state.condition.prints)


def float_words(left: Float, now: datetime) -> str:
    """What is left, and when that was said."""
    return f"{'LOW: ' if left.low else ''}{left.left}, said {ago(left.at, now)}"


def ago(since: datetime, now: datetime) -> str:
    """`0:45 ago`, `3 h ago`, `2 d ago`."""
    seconds = max(0, round((now - since).total_seconds()))
    if seconds < 3600:
        return f"{seconds // 60}:{seconds % 60:02d} ago"
    return f"{seconds // 3600} h ago" if seconds < 48 * 3600 else f"{seconds // 86400} d ago"
