"""Shift and closing, asked and done without a screen: change money, cash in and out, a blind count, the closing.

A count goes on record before what must be in the till is told, so whoever counts again leaves the first count behind.
Nothing outside hinders a closing: no printer, no line, no open order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.closing_paper import difference_words, z_paper
from kiosk.errors import BadMoney
from kiosk.hearsay import written
from kiosk.ledger import closing as record
from kiosk.ledger import shifts
from kiosk.ledger.closing import Count
from kiosk.ledger.jobs import JobStatus
from kiosk.ledger.shifts import Shift, Till, Way, closing_of
from kiosk.money import Money
from kiosk.printing import Printed, print_closing, print_reading
from kiosk.receipt import Document

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.config import Config

TIMES = re.compile(r"\s*[xX*×]\s*")


def named(config: Config) -> Callable[[str], str]:
    """How promotions, taxes and fees are called here: in English, whatever the customer's language was."""
    owners = [promotion.names for promotion in config.promotions] + [charge.names for charge in config.prices.charges]
    english = {name: names["en"] for names in owners for name in names.values()}
    return lambda name: english.get(name, name)


def till_now(house: House, till_float: Money | None = None) -> Till:
    """How the till stands. `till_float` counts where nobody told the change money. Raises LedgerError."""
    return shifts.till(house.ledger, house.config.currency, named(house.config), till_float)


def open_till(house: House, till_float: Money, by: str) -> Shift:
    """Begin a shift with this change money. Raises Illegal where one is open."""
    return shifts.open_shift(house.ledger, till_float, by, at=house.clock.now())


def move(house: House, way: Way, amount: Money, reason: str, by: str) -> str:
    """Cash in or out beside the sales. Raises Illegal without a reason."""
    done = shifts.move_cash(house.ledger, way, amount, written(reason), by, at=house.clock.now())
    return f"Cash {done.way}: {done.amount}, {done.reason}. It is on record."


def read_count(text: str, currency: str) -> tuple[Money, str]:
    """What was counted: a total (`123.45`), or pieces (`5x20 3x10 1.25`); the pieces in words. Raises BadMoney."""
    clean = TIMES.sub("x", re.sub(r",(?=\s|$)", " ", text.strip()).replace(",", "."))
    parts = clean.replace("+", " ").split() if "x" in clean else [part.strip() for part in clean.split("+")]
    total, told = Money(0, currency), []
    for part in parts:
        many, times, each = part.rpartition("x")
        if times and not re.fullmatch("[0-9]{1,6}", many):
            raise BadMoney(f"{part!r} is no count of pieces; write it like 5x20.")
        piece = Money.parse(each, currency)
        if piece.amount_minor < 0:
            raise BadMoney(f"{piece} cannot be in a till; write it like 123.45, or 5x20 3x10 1.25.")
        total += Money(int(many or 1) * piece.amount_minor, currency)
        told.append(f"{int(many)} x {piece.decimal}" if times else str(piece.decimal))
    return total, ", ".join(told if len(told) > 1 or "x" in clean else [])


def count(house: House, counted: Money, by: str, *, pieces: str = "", till_float: Money | None = None) -> Count:
    """Put the count on record, and only then look what must be there. Raises LedgerError."""
    shifts.move_cash(house.ledger, Way.COUNTED, counted, written(pieces), by, at=house.clock.now())
    return Count(counted, till_now(house, till_float), till_float)


def close(house: House, counted: Count, reason: str, by: str) -> Shift:
    """Close the shift. Raises Stale where somebody was faster, or cash has moved; Illegal where a reason is missing."""
    at, names = house.clock.now(), named(house.config)
    return record.close_shift(house.ledger, counted, reason=written(reason), by=by, at=at, named=names)


def print_z(house: House, z: int) -> Printed:
    """Its paper, now or days later. Raises Illegal where there is no such closing; never for the printer's sake."""
    shift = shifts.closed_shift(house.ledger, z)
    return print_closing(house.ledger, house.printer, z, z_paper(house, shift), house.clock)


def print_x(house: House, document: Document) -> Printed:
    """A reading on paper: nobody keeps a record of it."""
    return print_reading(house.printer, document)


def closing_line(house: House, shift: Shift) -> str:
    """A closing in one line."""
    closed, _ = closing_of(house.ledger, shift)
    at = f"{shift.closed_at.astimezone(house.config.zone):%Y-%m-%d %H:%M %Z}" if shift.closed_at else ""
    word, amount = difference_words(closed.difference)
    told = word.lower() if word == "Exact" else f"{word.lower()} {amount}"
    return f"Z {shift.z}  {shift.id}  {at}  {shift.closed_by.removeprefix('clerk:')}  counted {closed.counted}, {told}"


def closed_words(house: House, shift: Shift) -> str:
    """What was closed, in two sentences."""
    closed, _ = closing_of(house.ledger, shift)
    word, amount = difference_words(closed.difference)
    return f"{shift.id} is closed, Z {shift.z}. {word if word == 'Exact' else f'{word} by {amount}'}."


def printed_words(printed: Printed) -> str:
    """What became of it on paper."""
    if printed.status in (JobStatus.PRINTED, JobStatus.SENT):
        return f"The paper is {printed.status}."
    known = "did not come out" if printed.status is JobStatus.FAILED else "may not have come out"
    return f"The paper {known}: {printed.reason}. It can be printed later."
