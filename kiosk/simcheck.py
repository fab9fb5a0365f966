"""Does the SIM itself show what was delivered? Asked once for each delivered order, of providers that can tell.

What a SIM shows proves nothing about an order, and moves none: where it shows nothing, a clerk gets a finding.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.abilities import Shown, ShowsTopUps
from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.facts import Event, Fact
from kiosk.identifiers import Purpose, grouped_reference, wire_reference
from kiosk.ledger import Ledger
from kiosk.ledger.desk import open_finding_once
from kiosk.ledger.shown import delivered_so_far, is_checked, note_checked
from kiosk.lines import Lines
from kiosk.order import Order, State
from kiosk.ports import TopUp
from kiosk.questions import Remotes
from kiosk.tables import SyncTable

log = logging.getLogger(__name__)

KIND = "sim"


@dataclass(slots=True)
class SimCheck:
    """The watch has it; one worker at a time looks."""

    ledger: Ledger
    remotes: Remotes
    settings: SyncTable
    lines: Lines

    def due_at(self, order: Order) -> datetime | None:
        """When to ask what the SIM shows: not before the provider must know. None: nothing to ask, or asked already."""
        provider = _able(self.remotes.providers.get(order.provider))
        if provider is None or not self.settings.sim_check_after_s:
            return None
        if order.state is not State.COMPLETED or order.delivered_at is None or is_checked(self.ledger, order.reference):
            return None
        return order.delivered_at + timedelta(seconds=max(self.settings.sim_check_after_s, provider.shows_within_s))

    def look(self, order: Order, now: datetime) -> Order:
        """Ask, and write down what it shows, or put it before a clerk. Raises Unreachable or NotNow: ask later."""
        provider = _able(self.remotes.providers[order.provider])
        assert provider is not None, "due_at has made sure of it"
        if self.lines.must_wait(order.provider, order, now):
            raise Unreachable(f"{order.provider} is away, or has no time for this now", sent=False)
        shown = self._ask(provider, order)
        self.lines.hear(order.provider, shown, now)
        match shown:
            case Unreachable() | NotNow():
                raise shown
            case Misconfigured():  # the orders that wait tell the clerk so
                return order
            case Shown(there=True | None, evidence=evidence):
                order = self.ledger.record(order, Fact(event=Event.NOTED, by=order.provider, remote=evidence), at=now)
            case Shown(evidence=why) | Refused(args=(why,)):
                self._report(order, why, now)
        note_checked(self.ledger, order.reference)
        return order

    def _ask(self, provider: ShowsTopUps, order: Order) -> Shown | NoAnswer:
        request = TopUp(wire_reference(order.reference, Purpose.TOP_UP), order.sim_number, order.plan.id)
        try:
            return provider.shown(request, delivered_so_far(self.ledger, order))
        except NoAnswer as answer:
            return answer
        except Exception as error:
            log.exception("%s: the look at its SIM failed", grouped_reference(order.reference))
            return Unreachable(f"the adapter failed: {type(error).__name__}", sent=True)

    def _report(self, order: Order, why: str, now: datetime) -> None:
        name, since = grouped_reference(order.reference), f"{order.delivered_at:%Y-%m-%d %H:%M} UTC"
        reason = f"{name}: {order.provider} says that {order.plan.name} was delivered ({order.delivery_number})"
        reason += f" at {since}, and the SIM does not show it: {why}"
        log.warning("%s", reason)
        deadline_at = now + timedelta(hours=self.remotes.sales.review_within_h)
        open_finding_once(self.ledger, KIND, reason, at=now, deadline_at=deadline_at, order=order.reference)


def _able(provider: object) -> ShowsTopUps | None:
    return provider if isinstance(provider, ShowsTopUps) else None
