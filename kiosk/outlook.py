"""What stands against a sale at this moment: asked of the ledger before any money is taken.

The queue works in another process than the screens; what it hears of the remotes stands in the ledger. That a provider
is away is believed only while something waits for it: then the queue goes on asking it, and says when it is back.
Otherwise the customer's own question about the SIM, a moment ago, is the better witness.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kiosk.config import Config
from kiosk.ledger import Ledger
from kiosk.ledger.due import undelivered, unpaid_tenders
from kiosk.ledger.troubles import Trouble, troubles
from kiosk.money import Money
from kiosk.paper import PrinterState
from kiosk.ports import Clock
from kiosk.ways import Outlook


def outlook(
    ledger: Ledger,
    config: Config,
    clock: Clock,
    providers: Iterable[str],
    more: Money | None = None,
    *,
    unseen: bool = False,
    off: frozenset[str] = frozenset(),
) -> Outlook:
    """For a sale of `more` at one of these `providers`; away means that all of them are. Raises LedgerError.

    `unseen`: nobody could look at this SIM. Its provider is away then, whatever the queue has heard. `off` are the
    ways to pay that the shop does not offer now.
    """
    now = clock.now()
    known = troubles(ledger, now)
    away = {remote for remote, trouble in known if trouble is Trouble.AWAY}
    clock_is_off = bool(clock.off_by) or any(trouble is Trouble.CLOCK for _, trouble in known)
    rules, nothing = config.offline, Money(0, config.currency)
    waiting = {name: undelivered(ledger, name, config.currency) for name in providers}
    gone = bool(waiting) and all(unseen or (name in away and there.orders) for name, there in waiting.items())
    limits = [rules.limit_reached(there, more or nothing, now) for there in waiting.values()] if rules and gone else []
    return Outlook(
        rails_away=frozenset(away),
        readers_off=frozenset(name for name, trouble in known if trouble is Trouble.READER),
        unpaid=unpaid_tenders(ledger),
        clock_is_off=clock_is_off,
        provider_away=gone,
        off=off,
        offline=rules.tenders if rules else (),
        limit=limits[0] if limits and all(limits) else "",
    )


def with_paper(told: Outlook, printer: PrinterState | None, *, required: bool) -> Outlook:
    """The same, with what the printer means for a sale. Where paper must be, nobody's word is not enough."""
    paperless = printer is not None and not printer.condition.prints
    return replace(told, paperless=paperless, paper_needed=required and (printer is None or paperless))
