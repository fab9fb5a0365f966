"""The screens as a program of their own: the child that `kiosk run` keeps alive. Nobody else starts it.

It loads while its parent opens the ledger and takes the seat, and paints when the parent says `go`.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import signal
import sys
import termios
import threading
import time
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from kiosk import SCREENS_LEFT, assembly
from kiosk.assembly import House
from kiosk.errors import ClerkError, LedgerError

if TYPE_CHECKING:
    from kiosk.ledger.seats import Called

log = logging.getLogger(__name__)

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Show the screens until a clerk closes them with a PIN. Any other end is a death, whatever its exit code.

    Its argument is the descriptor on which the parent says a line each: the configuration (empty: training), the seat.
    """
    gc.disable()  # a quarter of the way to the first paint would be spent looking for garbage that is not there
    _die_with_parent()
    _draw_on_standard_output()
    from screens.app import KioskApp  # 200 ms: while the parent checks
    from screens.keyboard import Keyboard

    with os.fdopen(int(sys.argv[1]), encoding="utf-8") as parent:
        config_path = parent.readline().rstrip("\n")
        house = assembly.build(Path(config_path) if config_path else None, train=not config_path)
        seat_name = parent.readline().rstrip("\n")
    if not seat_name:
        return  # the kiosk cannot open; the parent says why
    seat = Seat(house, seat_name)
    _forget_what_was_typed()
    app = KioskApp(house, on_step=seat.step_to, leave=seat.leave, staff=seat, terminal=terminal_of(seat_name))
    if "TEXTUAL_DRIVER" not in os.environ:  # a page has its own (screens/web.py)
        app.driver_class = Keyboard
    app.run()
    sys.stdout.flush()
    sys.exit(SCREENS_LEFT if seat.left else 1)


def terminal_of(seat: str) -> str:
    """As wrong PINs are counted: a seat may be called as a clerks' terminal is."""
    return f"seat {seat}"


class Seat:
    """What the screens tell the ledger of themselves, and the clerk's way out."""

    def __init__(self, house: House, name: str) -> None:
        self._house, self._name = house, name
        self._steps: SimpleQueue[tuple[str, str]] = SimpleQueue()
        self.left = False
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

                seats.step_to(self._house.ledger, self._name, step, language, at=self._house.clock.now())
            except LedgerError:
                log.exception("The seat's step could not be written down.")

    def call(self) -> Called | None:
        """See screens.app.Staff."""
        from kiosk.ledger import seats

        seats.call_staff(self._house.ledger, self._name, at=self._house.clock.now())
        return self.called()

    def called(self) -> Called | None:
        """See screens.app.Staff."""
        from kiosk.ledger import seats

        every = seats.seats(self._house.ledger, self._house.clock.now())
        return next((seat.called for seat in every if seat.name == self._name), None)

    def leave(self, clerk: str, pin: str) -> bool:
        """Whether this PIN ends the program. Raises MustWait."""
        from kiosk.sign_in import MustWait, sign_in

        try:
            sign_in(self._house, clerk, pin, terminal_of(self._name))
        except MustWait:
            raise
        except (ClerkError, LedgerError):
            return False
        self.left = True
        return True


def _die_with_parent() -> None:
    """A killed parent takes its screens with it: the next start finds the terminal free."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for name in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
        signal.signal(name, signal.SIG_IGN)


def _forget_what_was_typed() -> None:
    """Keys from before the first picture are nobody's: they were meant for screens that are gone."""
    with suppress(termios.error):
        termios.tcflush(0, termios.TCIFLUSH)


def _draw_on_standard_output() -> None:
    """Textual draws on `sys.__stderr__`. Ours is the parent's pipe, which a traceback must reach, and no customer.

    The size is the terminal's own, whatever a shell has left in the environment.
    """
    for stale in ("COLUMNS", "LINES"):
        os.environ.pop(stale, None)
    sys.__stderr__ = open(1, "w", encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115


if __name__ == "__main__":
    main()
