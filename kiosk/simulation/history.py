"""What happened in a simulated day, line by line: the story that a violation tells, without its repetitions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import groupby

from kiosk.identifiers import Reference
from kiosk.ledger import Due
from kiosk.order import Order
from kiosk.steps import Step, Task

LINES_MAX = 80


class History:
    """Lines about one order each, and lines that concern all. `now` is the kiosk's own clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self._lines: list[tuple[Reference | None, datetime, str]] = []

    def of(self, name: Reference | None) -> list[str]:
        """The story of one order, or of all: of equal lines in a row one and their count; of many, the last."""
        told = [(at, what) for about, at, what in self._lines if name is None or about in (name, None)]
        lines: list[str] = []
        for what, again in groupby(told, key=lambda line: line[1]):
            alike = list(again)
            line = f"{alike[0][0]:%d %H:%M:%S} - {what}"
            lines.append(f"{line} ({len(alike)} times)" if len(alike) > 1 else line)
        return lines[-LINES_MAX:]

    def order(self, order: Order, what: str) -> None:
        """Something happened to this order."""
        self._write(order.reference, what)

    def all(self, what: str) -> None:
        """Something happened to everybody."""
        self._write(None, f"*** {what}")

    def part(self, part: Step | Task | str, due: Due | None) -> None:
        """A worker has done one part of a step."""
        match part:
            case Step(order, was, question):
                moved = f"{was} -> {order.state}" if order.state is not was else was
                self.order(order, f"{question or 'no call'}: {moved}")
            case Task():
                self.order(
                    part.order, f"{part.question} is written down" if part.attempt else f"{part.question} is next"
                )
            case str() if due:
                self._write(due.reference, part)

    def _write(self, about: Reference | None, what: str) -> None:
        self._lines.append((about, self.now(), what))
