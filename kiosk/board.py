"""The counter's board: what needs a human first, and how everything else stands. Only read; a thread may do it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.daily import standing_words
from kiosk.identifiers import Reference, grouped_reference
from kiosk.ledger import board as rows
from kiosk.ledger.desk import findings_named
from kiosk.ledger.floats import Float, float_of
from kiosk.ledger.heard import Heard, heard
from kiosk.ledger.messages import failed_messages
from kiosk.ledger.needs import counts, needs
from kiosk.ledger.roster import HOW, Owned, owned
from kiosk.ledger.seats import seats
from kiosk.ledger.terminals import who_is_where
from kiosk.ledger.troubles import Trouble, troubles
from kiosk.order import Order
from kiosk.printing import papers_to_see_to
from kiosk.telling import step_words

if TYPE_CHECKING:
    from kiosk.assembly import House

TROUBLE_WORDS = {
    Trouble.AWAY: "DOES NOT ANSWER",
    Trouble.CLOCK: "TELLS ANOTHER TIME",
    Trouble.READER: "ITS READER IS OFF",
}
SHOWN = 100
"""Rows of a page: nobody scrolls through more. The other pages are counted, and one row away."""


OVERDUE = timedelta(minutes=1)
"""What is due that long was looked at by nobody: a queue that is worked puts off what it cannot settle."""


class Kind(StrEnum):
    """What a row asks of a human, in the order of their urgency."""

    CALL = "CALL"
    REVIEW = "REVIEW"
    FINDING = "FINDING"
    CASH = "CASH"
    BACK = "BACK"
    LINE = "LINE"
    NEXT = "NEXT"
    BEFORE = "BEFORE"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that needs somebody: `key` names the seat, finding or order; `by` is its deadline.

    NEXT and BEFORE are the ways to the pages beside this one.
    """

    kind: Kind
    key: str
    words: str
    by: datetime | None = None
    late: bool = False
    raised: bool = False
    order: Reference | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How one thing stands: its name, in words, and whether that is well."""

    name: str
    words: str
    well: bool


@dataclass(frozen=True, slots=True)
class Board:
    """Everything, as it stood at `at`: one page of rows, and how many there are of each kind on all pages."""

    at: datetime
    rows: tuple[Row, ...]
    counts: Mapping[Kind, int]
    raised: int
    page: int
    standings: tuple[Standing, ...]


def read_board(house: House, page: int = 0) -> Board:
    """As it stands now; the last page where there are not so many. Raises LedgerError."""
    now = house.clock.now()
    calls = list(_calls(house, now))
    counted = counts(house.ledger)
    all = sum(count.all for count in counted.values())
    page = max(0, min(page, (all - 1) // SHOWN))
    rows = (*calls, *_needing(house, page, now), *_other_pages(page, all))
    known = {Kind(kind): count.all for kind, count in counted.items()} | {Kind.CALL: len(calls)}
    raised = sum(count.raised for count in counted.values())
    return Board(now, rows, known, raised, page, tuple(_standings(house)))


def _calls(house: House, now: datetime) -> Iterator[Row]:
    for seat in seats(house.ledger, now):
        if seat.called:
            answer = f"{seat.called.coming} is on the way" if seat.called.coming else "calls staff"
            words = f"Seat {seat.name}: {answer}, {step_words(seat.step)}, {ago(seat.called.at, now)}"
            yield Row(Kind.CALL, seat.name, words)


def _needing(house: House, page: int, now: datetime) -> Iterator[Row]:
    """What is to be decided by its deadline; then cash, and what waits for the line, the longest wait first."""
    found = needs(house.ledger, SHOWN, page * SHOWN)
    of_kind = [need.key for need in found if need.kind == Kind.FINDING]
    findings = {finding.name: finding for finding in findings_named(house.ledger, of_kind)}
    for need in found:
        kind = Kind(need.kind)
        if finding := findings.get(need.key):
            of = f" {grouped_reference(finding.order)}" if finding.order else ""
            words = f"{finding.name}{of}  {finding.kind}: {finding.reason}"
            yield Row(kind, need.key, words, need.at, need.at < now, need.raised, finding.order)
        elif kind is not Kind.FINDING:  # it was decided between two looks
            order = house.ledger.order(Reference(need.key))
            if kind is Kind.REVIEW:
                yield Row(kind, need.key, f"{_named(order)}  {order.reason}", need.at, need.at < now, need.raised)
            else:
                yield Row(kind, need.key, f"{_named(order)}  {ago(need.at, now)}")


def _other_pages(page: int, all: int) -> Iterator[Row]:
    if after := max(0, all - (page + 1) * SHOWN):
        yield Row(Kind.NEXT, "page", f"{after} more: Enter shows the next {min(after, SHOWN)}")
    if page:
        yield Row(Kind.BEFORE, "page", f"{page * SHOWN} before: Enter shows the {SHOWN} before these")


def _named(order: Order) -> str:
    return f"{grouped_reference(order.reference)}  {order.total}"


def _standings(house: House) -> Iterator[Standing]:
    now, config = house.clock.now(), house.config
    if set_by_hand := standing_words(house):
        yield Standing("Settings", set_by_hand, well=False)
    yield from _people(house, now)
    yield printer_standing(house)
    away, last = troubles(house.ledger, now), heard(house.ledger)
    for remote in [*config.file.providers, *(name for name in config.file.tenders if name != "cash")]:
        said = [TROUBLE_WORDS[trouble] for name, trouble in sorted(away) if name == remote]
        yield Standing(remote, "; ".join((*said, heard_words(last.get(remote), now))), not said)
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
    words = f"{sum(depth.orders for depth in deep.values())} wait ({parts}), oldest {ago(oldest, now)}"
    due = rows.due_since(house.ledger)
    if due is None or now - due < OVERDUE:
        return Standing("Queue", words, well=True)
    words += f". NOBODY HAS WORKED IT, {ago(due, now)} it was due: start `kiosk run` or `kiosk sync`"
    return Standing("Queue", words, well=False)


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


def heard_words(last: Heard | None, now: datetime) -> str:
    """When it last answered. That nobody has asked it for hours is no trouble."""
    if last is None or (last.answered_at is None and last.silent_at is None):
        return "nobody has asked it yet"
    answered = f"answered {ago(last.answered_at, now)}" if last.answered_at else "never answered yet"
    newest = last.silent_at and (last.answered_at is None or last.silent_at > last.answered_at)
    return f"no answer {ago(last.silent_at, now)}, {answered}" if newest and last.silent_at else answered


def float_words(left: Float, now: datetime) -> str:
    """What is left, and when that was said."""
    return f"{'LOW: ' if left.low else ''}{left.left}, said {ago(left.at, now)}"


def ago(since: datetime, now: datetime) -> str:
    """`0:45 ago`, `3 h ago`, `2 d ago`."""
    seconds = max(0, round((now - since).total_seconds()))
    if seconds < 3600:
        return f"{seconds // 60}:{seconds % 60:02d} ago"
    return f"{seconds // 3600} h ago" if seconds < 48 * 3600 else f"{seconds // 86400} d ago"
