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
        self._lines: list[tuple[Reference | None, str]] = []

    def of(self, name: Reference | None) -> list[str]:
        """The story of one order, or of all: of equal lines in a row one and their count; of many, the last."""
        told = [line for about, line in self._lines if name is None or about in (name, None)]
        lines: list[str] = []
        for _, again in groupby(told, key=lambda line: line.partition(" - ")[2]):
            alike = list(again)
            lines.append(f"{alike[0]} ({len(alike)} times)" if len(alike) > 1 else alike[0])
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
        self._lines.append((about, f"{self.now():%d %H:%M:%S} - {what}"))
