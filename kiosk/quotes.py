"""What a plan costs at this moment, by the freshest word there is of it; and whether that is still what was shown.

A price that has changed between choice and payment is shown again. It must never be charged before somebody has said
yes to it: whoever opens an order asks for a quote first, and compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.config import Config
from kiosk.ledger import Ledger
from kiosk.ledger.catalogue import plans_known
from kiosk.ledger.promotions import promotions_of
from kiosk.plans import Line, Plan, Sim
from kiosk.promotions import ProviderPromotion
from kiosk.sale import lines_of
from kiosk.settings import AS_CONFIGURED, Settings
from kiosk.unseen import kind_of

FRESH = timedelta(minutes=5)
"""So old may a provider's word on a price be, before it is asked again for somebody who has not paid yet."""


@dataclass(frozen=True, slots=True)
class Quote:
    """One plan at one moment: as its provider had it, at `heard_at` (None: not known), and what it gives on top.

    `settings` say which promotions count.
    """

    config: Config
    plan: Plan
    at: datetime
    told: tuple[ProviderPromotion, ...] = ()
    heard_at: datetime | None = None
    settings: Settings = AS_CONFIGURED

    def lines(self, language: str) -> tuple[Line, ...]:
        """The lines of an order: with the promotion of the day, what the provider gives on top, taxes and fees."""
        promotions = self.settings.offered(self.config.promotions)
        return lines_of(self.config, self.plan, language, self.at, self.told, promotions)

    def same(self, other: Quote) -> bool:
        """Whether the customer gets the same for the same; what it costs us is not theirs to know."""
        return self.lines("en") == other.lines("en") and self.plan.coverage == other.plan.coverage

    @property
    def stale(self) -> bool:
        """Whether the provider should be asked anew."""
        return self.heard_at is not None and abs(self.at - self.heard_at) > FRESH


def quote(
    ledger: Ledger, config: Config, sim: Sim, plan: Plan, now: datetime, settings: Settings = AS_CONFIGURED
) -> Quote:
    """The plan by the newest answer about this kind of SIM, whoever asked for it. Raises LedgerError.

    Where that answer does not have the plan, or we have no price for it any more, the plan stays what it was: the
    provider's word on this very SIM.
    """
    known = plans_known(ledger, sim.provider, kind_of(sim.number, config.sims, sim.network))
    newest = [each for each in known.plans if each.id == plan.id and config.prices.sells(each)] if known else []
    told = promotions_of(ledger, sim.provider, now) if settings.tells_provider else ()
    return Quote(config, newest[0] if newest else plan, now, told, known.at if known else None, settings)
