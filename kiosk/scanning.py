"""Listens to the scanner, in one thread of its own: whole codes go to whoever shows the screens.

A scanner that is missing, stuck or broken never slows a screen: it is told to the clerk, and tried again for ever. What
was scanned must never be logged: it may be money.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.errors import DeviceError

if TYPE_CHECKING:
    from kiosk.ports import Scanner

log = logging.getLogger(__name__)

READ_S = 0.5
"""So long one look at the scanner takes; a stopped thread ends within it."""
AGAIN_S = 2.0
STUCK_S = 10.0
"""A look that takes so long never comes back: its thread is lost, and nothing else is."""


class Scanning:
    """One scanner, from `start` to `stop`."""

    def __init__(self, make: Callable[[], Scanner], take: Callable[[str], object]) -> None:
        """`make` is called in the thread: what a scanner needs is slow to load. `take` gets each code, in order."""
        self._trouble = "The scanner was not asked yet."
        self._looked_at = time.monotonic()
        self._make, self._take = make, take
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scanner", daemon=True)

    @property
    def trouble(self) -> str:
        """Why nothing can be scanned now, a sentence for the clerk; empty where all is well."""
        stuck = self._thread.is_alive() and time.monotonic() - self._looked_at > STUCK_S
        return "The scanner hangs. Pull its cable, and put it back." if stuck else self._trouble

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """It ends by itself soon; nobody waits for it."""
        self._stop.set()

    def _run(self) -> None:
        scanner: Scanner | None = None
        while not self._stop.is_set():
            self._looked_at = time.monotonic()
            try:
                scanner = scanner or self._make()
                code = scanner.read(READ_S)
                self._say("")
                if code is not None and not self._stop.is_set():
                    self._take(code)
            except DeviceError as error:
                self._say(str(error))
                self._stop.wait(AGAIN_S)
            except Exception as error:  # noqa: BLE001 - not even logged whole: its text may hold the code
                self._say(f"The scanner failed: {type(error).__name__}.")
                self._stop.wait(AGAIN_S)
        if scanner is not None:
            scanner.close()

    def _say(self, trouble: str) -> None:
        if trouble == self._trouble:
            return
        self._trouble = trouble
        if trouble:
            log.error("%s It is tried again every %d s; numbers can be typed meanwhile.", trouble, AGAIN_S)
        else:
            log.info("The scanner is there.")
