"""SIMs that nobody could look at: while their provider does not answer, the owner's rules may let them be sold as well,

by the plans that it last had for SIMs of the same kind. The customer is told so before any money is taken; a SIM that
turns out to take no top-up is refused, and its money given back. It must never take one kind of SIM for another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kiosk.config import Config
from kiosk.identifiers import Doubt, SimNumber, SimRule, is_phone, lengths_of, read_iccid
from kiosk.ledger import Ledger
from kiosk.ledger.catalogue import Known, note_plans, plans_known
from kiosk.plans import Sim

ISSUER = 7
"""E.118: 89, country code and issuer take at most so many digits. What comes after them counts cards."""


def kind_of(number: SimNumber, rules: Sequence[SimRule], network: str = "") -> str:
    """What SIMs must have in common to be taken for each other while nobody can be asked: the issuer's digits at least.

    A longer prefix in [[sims]] tells them apart further. A phone number shows no network: those of one `network`, as
    their provider told it, are of one kind; without it, it is empty.
    """
    if is_phone(number):
        return f"+ {network}" if network else ""
    prefixes = [rule.prefix for rule in rules if number.startswith(rule.prefix)]
    return max([number[:ISSUER], *prefixes], key=len)


def _vouched_for(number: SimNumber, rules: Sequence[SimRule]) -> bool:
    """Whether its own check digit says that no digit of it is wrong: nobody else can say so now."""
    _, has_check_digit = lengths_of(number, rules)
    return not has_check_digit or (number.isdecimal() and read_iccid(number, rules).doubt is Doubt.NONE)


def remember(ledger: Ledger, config: Config, sim: Sim, at: datetime) -> None:
    """Keep what a provider has just said of a SIM's plans, for others of its kind. Raises LedgerError."""
    kind = kind_of(sim.number, config.sims, sim.network)
    if kind and sim.plans:
        note_plans(ledger, sim.provider, kind, Known(sim.plans, at))


def unseen(ledger: Ledger, config: Config, number: SimNumber, provider: str, now: datetime) -> Sim | None:
    """The SIM by what is remembered of its kind; None where the rules do not allow that, or it is too old or unknown,

    or the number may be mistyped. Raises LedgerError.
    """
    rules, kind = config.offline, kind_of(number, config.sims)
    if rules is None or not rules.catalogue_max or not kind or not _vouched_for(number, config.sims):
        return None
    known = plans_known(ledger, provider, kind)
    if known is None or abs(now - known.at) > rules.catalogue_max:
        return None
    return Sim(number, provider, known.plans, remembered_at=known.at)
