"""Asks each card reader from time to time whether it has a line: for the screens, which offer only what works.

Only the queue's holder has it. It must never keep a worker from an order, and never speak for the line: its few looks
ask no circuit breaker, and tell it nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kiosk.abilities import HasReader
from kiosk.errors import NoAnswer
from kiosk.ledger import Ledger
from kiosk.ledger.troubles import Trouble, end_trouble, note_trouble
from kiosk.ports import Clock
from kiosk.questions import Remotes

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=30)


@dataclass(slots=True)
class Readers:
    """The watch has it; one worker at a time looks."""

    ledger: Ledger
    remotes: Remotes
    clock: Clock
    _able: dict[str, HasReader] = field(init=False)
    _looked_at: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._able = {name: each for name, each in self.remotes.tenders.items() if isinstance(each, HasReader)}

    def step(self) -> None:
        """Look at the readers whose look is due. Raises LedgerError."""
        for name, tender in self._able.items():
            now, before = self.clock.now(), self._looked_at.get(name)
            if before is None or abs(now - before) >= EVERY:
                self._looked_at[name] = now
                self._look(name, tender, now)

    def _look(self, name: str, tender: HasReader, now: datetime) -> None:
        try:
            online = tender.reader_online()
        except NoAnswer as error:
            log.info("How the reader of %s is, is not known: %s", name, error)
            return
        except Exception:
            log.exception("The adapter of %s failed to tell of its reader.", name)
            return
        if online:
            end_trouble(self.ledger, name, Trouble.READER)
        else:
            note_trouble(self.ledger, name, Trouble.READER, now)
