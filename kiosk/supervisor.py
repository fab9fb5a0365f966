"""`kiosk run`: holds the seat and the queue, and keeps the screens alive as a child process.

A screen that dies (an exception in a Textual handler ends the app with a traceback and exit code 0) shows *Out of
service* for seconds, and is started again. No path ends in a shell or a traceback. The queue never notices.
"""

from __future__ import annotations

import logging
import os
import select
import shutil
import signal
import sys
import termios
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

from kiosk import SCREENS_LEFT
from kiosk.backstage import Backstage
from kiosk.child import Screens, echo_off, loaded
from kiosk.errors import KioskError
from kiosk.out_of_service import CLEAR, RESET, back_in_a_moment, cannot_sell

if TYPE_CHECKING:
    from kiosk.assembly import House

log = logging.getLogger(__name__)

AGAIN_S = (1.0, 2.0, 5.0, 10.0)
FIRST_PAINT_S = 1.0
"""What backstage needs takes half a second of a processor to load: until then the customer has the whole machine."""


def supervise(house: Callable[[], House], config: str, seat: str) -> None:
    """Run until a clerk closes the screens. `config` is the file's path, empty for training.

    Raises KioskError where the kiosk cannot open at all; a ledger in trouble is waited out.
    """
    terminal = _terminal()
    screens = loaded()
    screens.prepare(config)
    kiosk = None
    try:
        kiosk = house()
        stage = Stage(kiosk, config, seat, terminal, screens)
        stage.backstage.sit_down()
    except KioskError:
        screens.stop()
        if kiosk:
            kiosk.close()
        raise
    for name in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
        signal.signal(name, signal.SIG_IGN)  # keys that would leave the kiosk; the terminal sends them to both of us
    for name in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(name, _end)  # the terminal is gone, or the machine shuts down: no key can send these
    if terminal is not None:
        threading.Thread(target=_wait_for_the_hang_up, name="terminal", daemon=True).start()
    stage.backstage.start(FIRST_PAINT_S)
    try:
        stage.keep_alive()
    finally:
        _restore(terminal)
        stage.backstage.stop()
        kiosk.close()


class Stage:
    """The screens, one child after another, and what stands on the terminal while there is none."""

    def __init__(self, house: House, config: str, seat: str, terminal: list[Any] | None, screens: Screens) -> None:
        self.backstage = Backstage(house, f"kiosk run, seat {seat}", seat, self._changed)
        self._house, self._config, self._seat, self._terminal = house, config, seat, terminal
        self._screens, self._playing = screens, False

    def _changed(self, trouble: str) -> None:
        """Called by backstage: no customer goes on, and pays, where nothing can be recorded."""
        if trouble and self._playing:
            self._screens.kill()

    def keep_alive(self) -> None:
        """Start the screens again whenever they die, with a growing pause where they die at once."""
        deaths = 0
        self._wait_out_trouble()
        while True:
            started = time.monotonic()
            code, last_words = self._play()
            if code == SCREENS_LEFT:
                return
            _restore(self._terminal)
            echo_off()
            if not self.backstage.trouble:
                deaths = deaths + 1 if time.monotonic() - started < 30 else 1
                last_words = last_words or (f"killed by signal {-code}" if code < 0 else f"exit code {code}")
                log.error("The screens ended with code %s. %s", code, last_words)
                pause_s = AGAIN_S[min(deaths, len(AGAIN_S)) - 1]
                _say(back_in_a_moment(last_words, pause_s))
                time.sleep(pause_s)
            self._wait_out_trouble()  # the next screens make their log where the state folder should be
            self._screens = Screens()
            self._screens.prepare(self._config)

    def _play(self) -> tuple[int, str]:
        self._playing = True
        try:
            self._screens.go(self._seat)
            if self.backstage.trouble:  # it came in this very moment
                self._screens.kill()
            return self._screens.wait()
        except SystemExit:
            self._screens.stop()
            raise
        finally:
            self._playing = False

    def _wait_out_trouble(self) -> None:
        """Out of service, with the cause for the clerk, until the cause is gone."""
        shown = ""
        while trouble := self.backstage.trouble:
            if shown != trouble:
                _restore(self._terminal)
                echo_off()
                _say(cannot_sell(trouble, shutil.get_terminal_size((80, 24)).columns))
                shown = trouble
            time.sleep(0.2)
        if shown:
            _restore(self._terminal)


def _wait_for_the_hang_up() -> None:
    """A terminal that is gone is told to its first program alone: under `make run` that is make, which waits for us."""
    terminal = select.poll()
    terminal.register(sys.stdin.fileno(), 0)  # no event but a hang-up
    terminal.poll()
    os.kill(os.getpid(), signal.SIGHUP)


def _end(number: int, _: object) -> NoReturn:
    raise SystemExit(128 + number)


def _terminal() -> list[Any] | None:
    """How the terminal was before the screens took it; None where there is none."""
    with suppress(termios.error, OSError):
        return termios.tcgetattr(sys.stdin.fileno())
    return None


def _restore(attributes: list[Any] | None) -> None:
    """The terminal as it was found. What was typed ahead is nobody's."""
    if attributes is not None:
        with suppress(termios.error, OSError):
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, attributes)
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
    with suppress(OSError):  # a terminal that is gone
        sys.stdout.write(RESET + CLEAR)
        sys.stdout.flush()


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
