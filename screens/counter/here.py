"""The counter at a kiosk itself, in the place of its screens: for the clerk whose PIN opened it, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.clerks import Role
from kiosk.ledger.terminals import LOCKED
from screens.counter.app import CounterApp

if TYPE_CHECKING:
    from kiosk.assembly import House


class CounterHere(CounterApp):
    """It asks for no PIN: whoever it is locked for finds the kiosk's welcome screen, as every customer does."""

    ends = "Kiosk"

    def __init__(self, house: House, terminal: str, clerk: str, role: Role) -> None:
        super().__init__(house, terminal=terminal)
        self._who = (clerk, role)

    def admit(self) -> None:
        self._signed_in(self._who)

    def lock(self, why: str = "") -> None:
        """By hand, since nobody has touched it, or since the clerk may not go on: customers have the kiosk again."""
        self.clerk_name = ""
        self.presence.went(LOCKED)
        self.exit()
