"""Watches what is left of our credit with each provider that says so: the float. A low one is a finding, once.

Only the queue's holder has it. It must never keep a worker from an order, and never speak for the line: its few looks
ask no circuit breaker, and tell it nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from kiosk.abilities import HasFloat
from kiosk.errors import NoAnswer, UnknownOrder
from kiosk.ledger import Ledger
from kiosk.ledger.desk import Finding, decide_finding, open_finding, open_findings
from kiosk.ledger.floats import Float, float_of, note_float
from kiosk.ports import Clock
from kiosk.questions import Remotes
from kiosk.tables import SyncTable

log = logging.getLogger(__name__)

KIND = "float"


@dataclass(slots=True)
class Floats:
    """The watch has it; one worker at a time looks."""

    ledger: Ledger
    remotes: Remotes
    settings: SyncTable
    clock: Clock
    _able: dict[str, HasFloat] = field(init=False)
    _looked_at: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._able = {name: each for name, each in self.remotes.providers.items() if isinstance(each, HasFloat)}

    def step(self) -> None:
        """Look at the floats whose look is due. Raises LedgerError."""
        for name, provider in self._able.items():
            now = self.clock.now()
            if self._is_due(name, now):
                self._looked_at[name] = now
                self._look(name, provider, now)

    def _is_due(self, name: str, now: datetime) -> bool:
        """A predecessor's look counts: whoever restarts the kiosk again and again asks no more often."""
        if not self.settings.float_every_s:
            return False
        known = self._looked_at.get(name)
        if known is None and (heard := float_of(self.ledger, name)):
            known = heard.at
        return known is None or abs(now - known) >= timedelta(seconds=self.settings.float_every_s)

    def _look(self, name: str, provider: HasFloat, now: datetime) -> None:
        try:
            left = provider.balance()
        except NoAnswer as error:
            log.info("The float at %s is not known: %s", name, error)
            return
        except Exception:
            log.exception("The adapter of %s failed to tell the float.", name)
            return
        wanted = self.settings.float_low.get(name)
        low = wanted is not None and left.decimal < Decimal(wanted)
        before = float_of(self.ledger, name)
        finding = self._finding(name)
        if low and not finding and not (before and before.low):  # one that a clerk has decided is not opened again
            reason = f"{name}: {left} is left of our credit, less than {wanted}: pay in, or plans go off sale"
            deadline_at = now + timedelta(hours=self.remotes.sales.review_within_h)
            open_finding(self.ledger, KIND, reason, at=now, deadline_at=deadline_at)
        if finding and not low:
            self._close(finding, f"{left} is left of our credit at {name}", now)
        note_float(self.ledger, name, Float(left, now, low))

    def _finding(self, name: str) -> Finding | None:
        found = (finding for finding in open_findings(self.ledger) if finding.kind == KIND)
        return next((finding for finding in found if finding.reason.startswith(f"{name}: ")), None)

    def _close(self, finding: Finding, why: str, now: datetime) -> None:
        try:
            decide_finding(self.ledger, finding.name, by="queue", decision=why, at=now)
        except UnknownOrder:  # a clerk was faster
            log.info("%s is decided already.", finding.name)
