"""Finds the order of somebody who comes back: by its reference, or by the SIM's number and the reference's end.

A SIM's number alone finds nothing, and says nothing of whether there is something to find. Guesses are counted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kiosk.errors import KioskError, UnknownOrder
from kiosk.identifiers import CROCKFORD, Reference, SimNumber

if TYPE_CHECKING:
    from kiosk.ledger import Ledger
    from kiosk.order import Order

ENDING = 4
"""Characters of a reference's end that its paper proves: a million of them."""
WRONG_MAX, WITHIN = 5, timedelta(minutes=10)
"""So many wrong ones at a kiosk in so long a time; at that pace a guesser needs years."""


class TooManyGuesses(KioskError):
    """Too many that led to nothing: only a clerk looks it up for some minutes."""


def clean_ending(text: str) -> str:
    """The end of a reference as people type it; signs that no reference has are left out."""
    signs = text.upper().translate(str.maketrans("OIL", "011"))
    return "".join(sign for sign in signs if sign in CROCKFORD)


class LookUp:
    """One for each kiosk: it remembers how many guesses were wrong lately."""

    def __init__(self, ledger: Callable[[], Ledger], now: Callable[[], datetime]) -> None:
        self._ledger, self._now = ledger, now
        self._wrong: deque[datetime] = deque()

    def by_reference(self, reference: Reference) -> Order:
        """Raises UnknownOrder, TooManyGuesses, LedgerError."""
        self._refuse_guessing()
        try:
            return self._ledger().order(reference)
        except UnknownOrder:
            self._wrong.append(self._now())
            raise

    def by_sim(self, number: SimNumber, ending: str) -> Order:
        """The newest order of this SIM whose reference ends so. Raises UnknownOrder, TooManyGuesses, LedgerError."""
        self._refuse_guessing()
        if len(ending) == ENDING:
            for order in self._ledger().orders(sim=number):
                if order.sim_number == number and order.reference.endswith(ending):
                    return order
        self._wrong.append(self._now())
        raise UnknownOrder("There is no order with this number and this ending.")

    def _refuse_guessing(self) -> None:
        now = self._now()
        while self._wrong and now - self._wrong[0] > WITHIN:
            self._wrong.popleft()
        if len(self._wrong) >= WRONG_MAX:
            raise TooManyGuesses("Too many orders were not found. A clerk can look it up: kiosk orders.")
