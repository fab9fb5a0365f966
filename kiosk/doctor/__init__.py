"""Is everything as it must be? A check is a function of the house that yields its lines: what, how, and what to do.

It sells nothing, moves no money and prints nothing, and everything that it asks has a deadline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.assembly import House


class Verdict(StrEnum):
    """What a line means for selling."""

    FINE = "ok"
    NOTE = "note"
    """To be known; nothing fails by it now."""
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: `what` was looked at, how it is, and what a person should do."""

    what: str
    verdict: Verdict
    said: str
    todo: str = ""

    def __str__(self) -> str:
        end = "" if self.said.endswith("?") else "."
        return f"{self.said}{end} {self.todo}" if self.todo else self.said


Check = Callable[["House"], Iterator[Line]]


def checks() -> tuple[Check, ...]:
    """All of them, in the order of a reader who mends a kiosk from the ground up. Loads what they need."""
    from kiosk.doctor import devices, machine, remotes

    return (
        machine.terminal,
        machine.locale,
        machine.permissions,
        machine.disk,
        machine.ledger,
        machine.settings,
        machine.queue,
        remotes.providers,
        remotes.tenders,
        remotes.messages,
        remotes.clock,
        devices.printer,
        devices.receipts,
        devices.letters,
        devices.voice,
        devices.scanner,
    )


def examine(house: House) -> Iterator[Line]:
    """Every line of every check."""
    for check in checks():
        yield from check(house)
