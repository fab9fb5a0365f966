"""How the printer is, as far as anybody knows, without waiting for it: for screens, before a customer pays."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.paper import Condition, PrinterState

if TYPE_CHECKING:
    from kiosk.ports import Printer

EVERY_S = 5.0
KNOWN_FOR_S = 60.0

log = logging.getLogger(__name__)


class PaperWatch:
    """Asks the printer in a thread of its own, one question at a time, and only while somebody wants to know."""

    def __init__(self, printer: Callable[[], Printer | None]) -> None:
        self.every_s = EVERY_S
        self._printer = printer
        self._known: PrinterState | None = None
        self._known_at = self._asked_at = float("-inf")
        self._asking: threading.Thread | None = None

    def glance(self) -> PrinterState | None:
        """What is known; None where nobody has asked lately. Never waits: sees that somebody asks."""
        now = time.monotonic()
        if now - self._asked_at >= self.every_s and not (self._asking and self._asking.is_alive()):
            self._asked_at = now
            self._asking = threading.Thread(target=self.look, name="paper", daemon=True)
            self._asking.start()
        return self._known if now - self._known_at < KNOWN_FOR_S else None

    def look(self) -> PrinterState:
        """Ask now, and wait for the answer: no longer than the printer's own deadline."""
        try:
            printer = self._printer()
            state = printer.look() if printer else PrinterState(Condition.AWAY, "no printer is configured")
        except Exception as error:  # the seam to devices: a defect there must not stop a sale
            log.exception("The printer could not be looked at.")
            state = PrinterState(Condition.UNKNOWN, type(error).__name__)
        self._known, self._known_at = state, time.monotonic()
        return state
