"""Who is signed in at this terminal, told to the ledger by a thread of its own: no screen waits for a disk.

A clerk who was disabled meanwhile, or has another role, is noticed here.
"""

from __future__ import annotations

import logging
import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from kiosk.clerks import Role, role_of
from kiosk.errors import ClerkError, KioskError
from kiosk.ledger.terminals import SIGNED_OUT, Stay, come_to, leave, still_here

if TYPE_CHECKING:
    from kiosk.assembly import House

PULSE_S, PATIENCE_S = 5.0, 3.0

log = logging.getLogger(__name__)


class Presence:
    """One terminal. `moved` is why its clerk may not go on as they are; empty while they may."""

    def __init__(self, house: House, terminal: str) -> None:
        self.moved = ""
        self._house, self._terminal = house, terminal
        self._told: SimpleQueue[tuple[str, str, Role] | None] = SimpleQueue()
        self._stay: Stay | None = None
        self._role = Role.CLERK
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)
        self._thread.start()

    def came(self, clerk: str, role: Role) -> None:
        self.moved = ""
        self._told.put(("", clerk, role))

    def went(self, how: str) -> None:
        """Locked, or signed out."""
        self.moved = ""
        self._told.put((how, "", Role.CLERK))

    def stop(self) -> None:
        """The terminal closes: signed out, unless nobody was signed in. Waits for the disk, and not for ever."""
        self.went(SIGNED_OUT)
        self._told.put(None)
        self._thread.join(PATIENCE_S)

    def _run(self) -> None:
        while True:
            try:
                told = self._told.get(timeout=PULSE_S)
            except Empty:
                self._safely("", "", Role.CLERK)
                continue
            if told is None:
                return
            self._safely(*told)

    def _safely(self, how: str, clerk: str, role: Role) -> None:
        try:
            self._write(how, clerk, role)
        except KioskError:
            log.exception("Who is signed in at %s could not be written down.", self._terminal)

    def _write(self, how: str, clerk: str, role: Role) -> None:
        ledger, now, stay = self._house.ledger, self._house.clock.now(), self._stay
        if clerk:
            self._role, self._stay = role, come_to(ledger, self._terminal, clerk, at=now)
        elif how and stay:
            self._stay = None
            leave(ledger, stay, how, at=now)
        elif stay:
            still_here(ledger, stay, at=now)
            self.moved = self._why_moved(stay.clerk)

    def _why_moved(self, clerk: str) -> str:
        try:
            if role_of(self._house.ledger, clerk) is self._role:
                return ""
        except ClerkError:
            return f"Locked: {clerk} is no clerk here any more."
        return f"Locked: {clerk} has another role now. Sign in again."
