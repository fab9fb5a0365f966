"""The screens as a program of their own: the child that `kiosk run` keeps alive. Nobody else starts it.

It loads while its parent opens the ledger and takes the seat, and paints when the parent says `go`. A clerk finds the
counter in it, in the place of the screens; when that is left, they begin anew.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
import time
from queue import SimpleQueue
from typing import TYPE_CHECKING

from kiosk import SCREENS_LEFT
from kiosk.assembly import House
from kiosk.child import echo_off
from kiosk.errors import ClerkError, KioskError, LedgerError
from screens.process import die_with_parent, draw_on_standard_output, forget_what_was_typed, told_by_parent

if TYPE_CHECKING:
    from textual.app import App

    from kiosk.ledger.seats import Called
    from screens.app import KioskApp

log = logging.getLogger(__name__)

COUNTER = "counter"
"""The step of a seat at which a clerk stands."""


def main() -> None:
    """Show the screens until a clerk closes them with a PIN. Any other end is a death, whatever its exit code."""
    gc.disable()  # a quarter of the way to the first paint would be spent looking for garbage that is not there
    die_with_parent()
    draw_on_standard_output()
    import screens.app
    import screens.keyboard  # noqa: F401 - 200 ms: while the parent checks

    house, seat_name = told_by_parent()
    if not seat_name:
        return  # the kiosk cannot open; the parent says why
    seat = Seat(house, seat_name)
    echo_off()  # between the screens and the counter a key is neither shown nor a signal
    while (played := play(house, seat)).left_for:
        open_counter(house, seat, played.left_for)
    sys.stdout.flush()
    sys.exit(1 if played.left_for is None else SCREENS_LEFT)


def play(house: House, seat: Seat) -> KioskApp:
    """The screens, from the welcome screen to their end."""
    from screens.app import KioskApp

    app = KioskApp(
        house, on_step=seat.step_to, leave=seat.leave, counter=True, staff=seat, terminal=terminal_of(seat.name)
    )
    run(app)
    return app


def open_counter(house: House, seat: Seat, clerk: str) -> None:
    """The counter in their place, until its clerk leaves it or is away. Its death is that of the whole program."""
    from kiosk.clerks import role_of
    from screens.counter.here import CounterHere

    try:
        role = role_of(house.ledger, clerk)
    except KioskError:
        log.exception("The counter could not be opened for %s.", clerk)
        return
    seat.step_to(COUNTER, "")
    app = CounterHere(house, terminal_of(seat.name), clerk, role)
    run(app)
    if app.return_code:
        sys.exit(1)


def run(app: App[None]) -> None:
    """From its first picture to its last. What was typed before is nobody's: it was meant for what is gone."""
    from screens.keyboard import Keyboard

    if "TEXTUAL_DRIVER" not in os.environ:  # a page has its own (screens/web.py)
        app.driver_class = Keyboard
    forget_what_was_typed()
    app.run()


def terminal_of(seat: str) -> str:
    """As wrong PINs are counted: a seat may be called as a clerks' terminal is."""
    return f"seat {seat}"


class Seat:
    """What the screens tell the ledger of themselves, and what a clerk's PIN is checked by."""

    def __init__(self, house: House, name: str) -> None:
        self.name, self._house = name, house
        self._steps: SimpleQueue[tuple[str, str]] = SimpleQueue()
        threading.Thread(target=self._write_down, name="seat", daemon=True).start()

    def step_to(self, step: str, language: str) -> None:
        """Said to the ledger by a thread of its own: no screen waits for a disk."""
        self._steps.put((step, language))

    def _write_down(self) -> None:
        while True:
            step, language = self._steps.get()
            time.sleep(0.2)  # the screen paints first
            gc.enable()
            try:
                from kiosk.ledger import seats

                seats.step_to(self._house.ledger, self.name, step, language, at=self._house.clock.now())
            except LedgerError:
                log.exception("The seat's step could not be written down.")

    def call(self) -> Called | None:
        """See screens.app.Staff."""
        from kiosk.ledger import seats

        seats.call_staff(self._house.ledger, self.name, at=self._house.clock.now())
        return self.called()

    def called(self) -> Called | None:
        """See screens.app.Staff."""
        from kiosk.ledger import seats

        every = seats.seats(self._house.ledger, self._house.clock.now())
        return next((seat.called for seat in every if seat.name == self.name), None)

    def leave(self, clerk: str, pin: str) -> bool:
        """Whether this PIN leads out of the screens. Raises MustWait."""
        from kiosk.sign_in import MustWait, sign_in

        try:
            sign_in(self._house, clerk, pin, terminal_of(self.name))
        except MustWait:
            raise
        except (ClerkError, LedgerError):
            return False
        return True


if __name__ == "__main__":
    main()
