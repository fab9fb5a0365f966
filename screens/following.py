"""What was set for today, read again and again while the screens run: nobody waits for the disk, nor is much asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.errors import KioskError
from kiosk.settings import AS_CONFIGURED, Settings
from screens.background import begin

if TYPE_CHECKING:
    from concurrent.futures import Future

    from textual.app import App

    from kiosk.assembly import House

FIRST_S, EVERY_S = 0.8, 0.4
"""After the first picture; and then so often that every screen has changed within a second."""


class Following:
    """`settings` are those of a moment ago; as configured, until they are `known`: read for the first time."""

    def __init__(self, house: House) -> None:
        self.settings: Settings = AS_CONFIGURED
        self.known = False
        self._house = house
        self._reading: Future[None] | None = None

    def begin(self, app: App[None]) -> None:
        """From now on, as long as this program runs."""
        app.set_timer(FIRST_S, lambda: app.set_interval(EVERY_S, self._look))

    def _look(self) -> None:
        if self._reading is None or self._reading.done():
            self._reading = begin(self._read, "settings")

    def _read(self) -> None:
        """In a thread. A ledger that cannot be read changes nothing: who looks after it says so."""
        try:
            self.settings = self._house.settings()
            self.known = True
        except KioskError:
            return
