"""What those outside have told the kiosk, and when: rails and providers by their answers, clerks by their own hands.

It listens at the ports and never looks into the ledger. So what a closing must say is known without the kiosk: what has
moved outside, as far as it had been told by then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kiosk.errors import Refused
from kiosk.identifiers import Reference, parse_reference
from kiosk.money import Money
from kiosk.order import Order
from kiosk.plans import Line
from kiosk.ports import Captured, Delivered, Paid, Refunded, TopUp

OF_RAILS = ("ask", "expire", "cancel", "capture", "refund", "ask_refund", "charge")
OF_PROVIDERS = ("top_up", "look_up")
CASH = "cash"


@dataclass(frozen=True, slots=True)
class Cart:
    """A sale as its customer remembers it."""

    tender: str
    plan: str
    lines: tuple[Line, ...]
    total: Money
    holds: bool
    """The tender only holds the money until the top-up is there."""


class Told:
    """The first time of each, by the true clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.carts: dict[Reference, Cart] = {}
        self.came: dict[Reference, datetime] = {}
        """The rail has said that it was paid, or holds it; the clerk has the cash in hand."""
        self.went: dict[Reference, tuple[datetime, str]] = {}
        """The rail has said that it is back, or a clerk has handed it out: by which way."""
        self.delivered: dict[Reference, datetime] = {}
        self.not_taken: set[Reference] = set()
        """The rail has refused to take what it held."""
        self.answers = 0

    def listen(self, remote: object) -> None:
        """From now on every answer of this rail or provider that gets through is heard here as well."""
        for name in (*OF_RAILS, *OF_PROVIDERS):
            if hasattr(remote, name):
                setattr(remote, name, self._overheard(getattr(remote, name)))

    def _overheard(self, ask: Callable[..., Any]) -> Callable[..., Any]:
        def asked(about: Order | TopUp, *rest: Any) -> Any:
            try:
                answer = ask(about, *rest)
            except Refused:
                if isinstance(about, Order) and ask.__name__ == "capture":
                    self.not_taken.add(about.reference)
                raise
            self.answers += 1
            if isinstance(about, Order):
                self._rail_says(about, answer)
            elif isinstance(answer, Delivered):
                self.topped_up(parse_reference(about.reference))
            return answer

        return asked

    def _rail_says(self, order: Order, answer: object) -> None:
        name = order.reference
        match answer:
            case Paid(given_back=True) if order.settled:
                pass  # came and went by the rail's own hand after all was over: nobody holds it, and nobody acts on it
            case Paid() | Captured():
                self.came.setdefault(name, self.now())
            case Refunded():
                self.went.setdefault(name, (self.now(), order.tender))

    def topped_up(self, name: Reference) -> None:
        """The provider says so, or a clerk who has seen it there."""
        self.delivered.setdefault(name, self.now())

    def cash_came(self, name: Reference) -> None:
        """A clerk has it in hand, and it is on record."""
        self.came.setdefault(name, self.now())

    def handed_back(self, name: Reference) -> None:
        """A clerk has handed it out of the drawer."""
        self.went.setdefault(name, (self.now(), CASH))

    def seen_back(self, name: Reference) -> None:
        """A clerk has seen on the rail's own pages that it is back."""
        self.went.setdefault(name, (self.now(), self.carts[name].tender))
