"""The devices of one kiosk, as its configuration has them: made when they are first asked for, and not opened yet."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from kiosk.config import Config

if TYPE_CHECKING:
    from kiosk.paper_watch import PaperWatch
    from kiosk.ports import Printer
    from kiosk.scanning import Scanning
    from kiosk.speech import Headphones, Voice


SILENT = "KIOSK_SILENT"
"""Set for screens whose customers are at other machines (`kiosk serve` for a network)."""


class Hardware:
    """What is plugged in."""

    def __init__(self, config: Config) -> None:
        self.config = config

    @cached_property
    def printer(self) -> Printer | None:
        """The receipt printer, or None. Raises ConfigError."""
        from devices import printer

        return printer(self.config.file.printer)

    def scanning(self, take: Callable[[str], object]) -> Scanning | None:
        """A listener at the scanner, not started yet; None where it types into the terminal."""
        from devices import scanner
        from kiosk.scanning import Scanning

        types = (table := self.config.file.scanner).kind == "keyboard"
        return None if types else Scanning(lambda: scanner(table), take)

    @cached_property
    def paper_watch(self) -> PaperWatch:
        """How the printer is, for who must not wait for it."""
        from kiosk.paper_watch import PaperWatch

        return PaperWatch(lambda: self.printer)

    @cached_property
    def voice(self) -> Voice | None:
        """What reads the screens aloud; None where this machine has nothing that could, or nobody would hear it."""
        from devices import voice

        if SILENT in os.environ:
            return None

        return voice(self.config.file.voice)

    def headphones(self) -> Headphones | None:
        """A listener at their jack, which listens from now on; None where none is configured, or there is no voice."""
        from devices import headphones

        return headphones(self.config.file.voice) if self.voice else None
