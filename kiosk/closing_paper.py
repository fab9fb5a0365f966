"""Closings and readings (X) as papers, for the printer and the screen. In English, as everything behind the counter.

A reading leaves out what must be in the till: whoever counts must not know it. Only a supervisor's has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from kiosk.identifiers import Reference, grouped_reference
from kiosk.ledger.carried import Carried, carried
from kiosk.ledger.chain import PRINTED_HEX
from kiosk.ledger.shifts import Closed, Move, Shift, Till, Way, closing_of
from kiosk.ledger.tally import CASH, Figure, Totals, sum_of
from kiosk.money import Money
from kiosk.printing import shop_of
from kiosk.receipt import Block, Document, Paragraph, Row
from kiosk.slips import Closing, Sums, closing
from kiosk.texts import SOURCE, printable, texts

if TYPE_CHECKING:
    from kiosk.assembly import House

NOT_TOLD = "not told"
STATES = {"SUBMITTING": "to be delivered", "REFUNDING": "to be given back", "REVIEW": "in review"}
WAYS = {Way.IN: "Cash in", Way.OUT: "Cash out", Way.COUNTED: "Counted"}


def z_paper(house: House, shift: Shift) -> Document:
    """The paper of a closing, from the event that closed it: the same whenever it is asked for."""
    closed, head = closing_of(house.ledger, shift)
    seq, _, hash = head.partition(":")
    paper = Closing(
        shift=shift.id,
        clerk=_who(shift.closed_by),
        opened_at=closed.since,
        closed_at=shift.closed_at,
        sums=tuple(_sums(closed.totals)),
        number=closed.z,
        till=(Row("Events", f"{closed.after + 1} to {shift.closed_seq}"), *_closed_till(house, closed)),
        carried=tuple(_carried(closed.carried)),
    )
    return _paper(house, paper, f"{seq}:{hash[:PRINTED_HEX]}")


def x_paper(house: House, till: Till, by: str, *, with_expected: bool) -> Document:
    """The same figures in the middle of a shift; what must be in the till by a supervisor's word alone."""
    rows: list[Block] = [_began(till.shift.till_float if till.shift else None)]
    if with_expected:
        rows += _flows(till.totals, till.expected.currency)
    rows += _moves(house, till.moves)
    rows += [_row("Must be in the till", till.expected, bold=True)] if with_expected else []
    paper = Closing(
        shift=till.shift.id if till.shift else "none is open",
        clerk=_who(by),
        opened_at=till.since,
        closed_at=None,
        sums=tuple(_sums(till.totals, blind="" if with_expected else CASH)),
        till=tuple(rows),
        carried=tuple(_carried(carried(house.ledger), blind=not with_expected)),
    )
    return _paper(house, paper, str(house.ledger.head()))


def told_figures(till: Till, *, with_expected: bool) -> dict[str, Any]:
    """A reading's figures for a script: as blind as its paper."""
    told: dict[str, Any] = {"since": till.since.isoformat(), "promotions": msgspec.to_builtins(till.totals.promotions)}
    if with_expected:
        return {**told, **msgspec.to_builtins(till.totals), "expected": msgspec.to_builtins(till.expected)}
    seen = {"taken": till.totals.taken, "given_back": till.totals.given_back}
    return told | {key: [msgspec.to_builtins(one) for one in all if one.name != CASH] for key, all in seen.items()}


def _paper(house: House, paper: Closing, head: str) -> Document:
    config = house.config
    return closing(paper, shop_of(config, SOURCE), head, texts(SOURCE), config.zone, house.clock.now())


def _who(by: str) -> str:
    return by.removeprefix("clerk:")


def in_words(amount: Money) -> str:
    return texts(SOURCE).money(amount)


def difference_words(difference: Money) -> tuple[str, str]:
    """`Short`, `Over` or `Exact`, and by how much."""
    if not difference.amount_minor:
        return "Exact", in_words(difference)
    return ("Short", in_words(-difference)) if difference.amount_minor < 0 else ("Over", in_words(difference))


def _row(key: str, amount: Money, *, bold: bool = False) -> Row:
    return Row(printable(key), in_words(amount), bold=bold)


def _began(told: Money | None) -> Row:
    return Row("Change money", in_words(told) if told else NOT_TOLD)


def _closed_till(house: House, closed: Closed) -> Iterator[Block]:
    yield _began(closed.till_float)
    yield from _flows(closed.totals, closed.expected.currency)
    yield from _moves(house, _but_the_last_count(closed.moves))
    yield _row("Must be in the till", closed.expected)
    yield _row("Counted", closed.counted)
    yield Row(*difference_words(closed.difference), bold=True)
    if closed.reason:
        yield Paragraph(printable(f"Reason: {closed.reason}"))


def _but_the_last_count(moves: tuple[Move, ...]) -> tuple[Move, ...]:
    """The last one is what the closing says. Whoever counted before that, and what, stays on the paper."""
    last = max((place for place, move in enumerate(moves) if move.way is Way.COUNTED), default=len(moves))
    return moves[:last] + moves[last + 1 :]


def _flows(totals: Totals, currency: str) -> list[Block]:
    back = sum_of((one for one in totals.given_back if one.name == CASH), currency)
    return [_row("Cash taken", totals.cash(currency) + back), _row("Cash handed back", -back)]


def _moves(house: House, moves: tuple[Move, ...]) -> Iterator[Block]:
    zone = house.config.zone
    for move in moves:
        yield _row(WAYS[move.way], -move.amount if move.way is Way.OUT else move.amount)
        why = f": {move.reason}" if move.reason else ""
        yield Paragraph(printable(f"  {move.at.astimezone(zone):%H:%M %Z} {_who(move.by)}{why}"))


def _sums(totals: Totals, blind: str = "") -> Iterator[Sums]:
    """The tables. `blind` names a way to pay that no table may tell, nor a sum from which it can be told."""
    if not blind:
        yield from _table("Taken, by way to pay", totals.taken, tender=True)
        yield from _table("By plan", totals.plans)
        yield from _table("By promotion", totals.promotions)
        yield from _table("Given back", totals.given_back, tender=True)
        yield from _table("Taxes and fees taken", totals.charges)
        yield from _table("Taxes and fees given back", totals.charges_given_back)
        return
    yield from _table("Taken, but cash", [one for one in totals.taken if one.name != blind], tender=True)
    yield from _table("Given back, but cash", [one for one in totals.given_back if one.name != blind], tender=True)
    yield from _table("By promotion", totals.promotions)


def _table(heading: str, figures: tuple[Figure, ...] | list[Figure], *, tender: bool = False) -> Iterator[Sums]:
    """One for each currency."""
    say = texts(SOURCE)
    for currency in dict.fromkeys(one.amount.currency for one in figures):
        lines = tuple(
            (f"{one.count} x {say.tender(one.name) if tender else one.name}", one.amount)
            for one in figures
            if one.amount.currency == currency
        )
        yield Sums(heading, lines, sum_of(figures, currency))


def _carried(open_now: Carried, *, blind: bool = False) -> Iterator[Block]:
    """What is open, by name: it goes on in the next shift. `blind`: without its money, since some of it is cash."""
    yield Paragraph("Taken, and not yet delivered", bold=True)
    for one in open_now.undelivered:
        state = STATES.get(one.name, one.name.lower())
        yield Row(state, str(one.count)) if blind else _row(f"{one.count} x {state}", one.amount)
    if not open_now.undelivered:
        yield Paragraph("nothing")
    if open_now.unpaid:
        yield Row("Orders that wait for their money", str(open_now.unpaid))
    yield Row("In review", str(open_now.reviews_count))
    yield from _named([grouped_reference(Reference(name)) for name in open_now.reviews], open_now.reviews_count)
    yield Row("Findings open", str(open_now.findings_count))
    yield from _named(list(open_now.findings), open_now.findings_count)


def _named(names: list[str], count: int) -> Iterator[Block]:
    for name in names:
        yield Paragraph(printable(f"  {name}"))
    if count > len(names):
        yield Paragraph(f"  and {count - len(names)} more: kiosk review")
