"""Asks each provider that says so what it gives on top at present: for the screens, which tell the customer.

Only the queue's holder has it. It must never keep a worker from an order, and never speak for the line: its few looks
ask no circuit breaker, and tell it nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from kiosk.abilities import TellsPromotions
from kiosk.errors import NoAnswer
from kiosk.hearsay import kept
from kiosk.ledger import Ledger
from kiosk.ledger.promotions import note_promotions, promotions_heard_at
from kiosk.ports import Clock
from kiosk.questions import Remotes

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
TOLD_MAX, PLANS_MAX, TITLE_MAX = 20, 200, 56
"""Promotions of one provider, plans of one promotion, and characters of a title that are kept."""


@dataclass(slots=True)
class PromotionWatch:
    """The watch has it; one worker at a time looks."""

    ledger: Ledger
    remotes: Remotes
    clock: Clock
    _able: dict[str, TellsPromotions] = field(init=False)
    _looked_at: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._able = {name: each for name, each in self.remotes.providers.items() if isinstance(each, TellsPromotions)}

    def step(self) -> None:
        """Ask those whose turn it is. Raises LedgerError."""
        for name, provider in self._able.items():
            now = self.clock.now()
            if self._is_due(name, now):
                self._looked_at[name] = now
                self._look(name, provider, now)

    def _is_due(self, name: str, now: datetime) -> bool:
        """A predecessor's look counts: whoever restarts the kiosk again and again asks no more often."""
        known = self._looked_at.get(name) or promotions_heard_at(self.ledger, name)
        return known is None or abs(now - known) >= EVERY

    def _look(self, name: str, provider: TellsPromotions, now: datetime) -> None:
        try:
            told = provider.promotions()
        except NoAnswer as error:
            log.info("The promotions of %s are not known: %s", name, error)
            return
        except Exception:
            log.exception("The adapter of %s failed to tell its promotions.", name)
            return
        fit = [
            replace(each, title=kept(each.title, TITLE_MAX), plan_ids=each.plan_ids[:PLANS_MAX])
            for each in told
            if each.title and each.plan_ids
        ]
        note_promotions(self.ledger, name, tuple(fit[:TOLD_MAX]), now)
