"""Who did what: every act of a person and everything about access, newest first, in words; filtered, and exported.

Only read. What is wanted of millions of events is found by an index, a piece at a time.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from kiosk.audit_words import told, whom
from kiosk.errors import Illegal
from kiosk.identifiers import Reference, grouped_reference
from kiosk.ledger.audit import acts_before
from kiosk.sign_in import NOBODY
from kiosk.untrusted import cell, printable

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.assembly import House

LOOKED_AT = 10_000
"""Events that one page looks through for what a filter wants: a second's worth. The next page goes on from there."""
SKEW = timedelta(days=1)
"""Clocks are set now and then: only what is older than that is surely from before a moment."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: when, who, what happened as the ledger calls it and in words, and to which order."""

    seq: int
    at: datetime
    by: str
    event: str
    order: Reference | None
    words: str

    def told(self) -> dict[str, Any]:
        """For a script, or a table."""
        return {
            "seq": self.seq,
            "at": self.at.isoformat(timespec="seconds"),
            "by": self.by,
            "event": self.event,
            "order": grouped_reference(self.order) if self.order else "",
            "words": self.words,
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty hides nothing. `by` acted, or was acted on; a line has each of `words`."""

    since: datetime | None = None
    until: datetime | None = None
    by: str = ""
    event: str = ""
    order: Reference | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, and before which event the next page begins; None where there is nothing more."""

    entries: list[Entry]
    goes_on: int | None


def entries(house: House, wanted: Wanted) -> Iterator[Entry]:
    """All that is wanted, the newest first. Raises LedgerError."""
    return (entry for _, entry in _looked_through(house, wanted, None) if entry)


def read_page(house: House, wanted: Wanted, size: int, before: int | None = None) -> Page:
    """As many as fit, of as many as may be looked at. Raises LedgerError."""
    found: list[Entry] = []
    last: int | None = None
    for seq, entry in islice(_looked_through(house, wanted, before), LOOKED_AT):
        last = seq
        found += [entry] if entry else []
        if len(found) == size:
            break
    more = last is not None and next(acts_before(house.ledger, last, wanted.order), None)
    return Page(found, last if more else None)


def _looked_through(house: House, wanted: Wanted, before: int | None) -> Iterator[tuple[int, Entry | None]]:
    """Every event by its number, and its entry where it is wanted."""
    zone = house.config.zone
    for row in acts_before(house.ledger, before, wanted.order):
        if wanted.since and row["at"] < wanted.since - SKEW:
            return
        words = printable(told(row["event"], row["body"], zone))
        entry = Entry(row["seq"], row["at"], who(row["by"]), row["event"], row["order_id"], words)
        fits = not wanted.by or wanted.by in (entry.by, whom(row["body"]), *entry.by.split(", "))
        yield entry.seq, entry if fits and _is_wanted(house, wanted, entry) else None


def _is_wanted(house: House, wanted: Wanted, entry: Entry) -> bool:
    line = line_of(house, entry).lower() if wanted.words else ""
    return (
        (wanted.since is None or entry.at >= wanted.since)
        and (wanted.until is None or entry.at < wanted.until)
        and (not wanted.event or entry.event == wanted.event)
        and all(word.lower() in line for word in wanted.words)
    )


def who(by: str) -> str:
    """`mei` of `clerk:mei`; of two both; of the machine its name in the ledger; `?` where nobody can know."""
    if by == NOBODY:
        return "?"
    return ", ".join(each.removeprefix("clerk:") for each in by.split(", "))


def line_of(house: House, entry: Entry) -> str:
    """For a person: the time by the shop's clock."""
    order = f"  {grouped_reference(entry.order)}" if entry.order else ""
    return f"{entry.at.astimezone(house.config.zone):%Y-%m-%d %H:%M:%S}  {entry.by:<12} {entry.words}{order}"


# --- exported -------------------------------------------------------------------------------------------------------


def as_csv(found: Iterable[Entry]) -> str:
    """A table for a spreadsheet; no cell of it is a formula."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(("seq", "at", "by", "event", "order", "words"))
    for entry in found:
        table.writerow(cell(str(value)) for value in entry.told().values())
    return written.getvalue()


def export(house: House, found: Iterable[Entry]) -> Path:
    """As a table into the state folder, for its owner alone. Raises OSError, LedgerError."""
    folder = house.config.state_dir / "audit"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"audit-{house.clock.now().astimezone(house.config.zone):%Y-%m-%d-%H%M%S}.csv"
    write_new(path, as_csv(found))
    return path


def write_new(path: Path, text: str) -> None:
    """A new file that its owner alone may read. Raises OSError; Illegal where there is one already."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Illegal(f"{path} is there already. Nothing was written.") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
