"""What was not decided in time takes a supervisor's or the owner's word, beside or instead of the clerk's.

In a shop that has neither, the clerk goes on deciding: nothing may wait for somebody who does not exist.
"""

from __future__ import annotations

from datetime import datetime

from kiosk.clerks import Role, role_of
from kiosk.errors import ClerkError, Illegal, UnknownOrder
from kiosk.ledger import Ledger, desk

OVER = "Its deadline is over: it takes a supervisor's or the owner's PIN."
ALONE = "Its deadline is over. This shop has no supervisor and no owner on record, so a clerk decides it."


def takes_supervisor(ledger: Ledger, deadline_at: datetime | None, now: datetime) -> bool:
    """Whether this is late, and somebody is there whom it was raised to."""
    return is_late(deadline_at, now) and has_supervisor(ledger)


def has_supervisor(ledger: Ledger) -> bool:
    return desk.has_role(ledger, Role.SUPERVISOR, Role.OWNER)


def is_late(deadline_at: datetime | None, now: datetime) -> bool:
    return deadline_at is not None and deadline_at <= now


def supervised(ledger: Ledger, deadline_at: datetime | None, by: str, supervisor: str, now: datetime) -> str:
    """Who decides, as it goes on record. Raises Illegal where it takes a supervisor, and neither of them is one."""
    if takes_supervisor(ledger, deadline_at, now) and not any(_may(ledger, who) for who in (by, supervisor)):
        raise Illegal(f"{OVER} Nothing was done; on the command line: --supervisor NAME.")
    return f"{by}, {supervisor}" if supervisor and supervisor != by else by


def close_finding(ledger: Ledger, name: str, *, by: str, supervisor: str = "", decision: str, at: datetime) -> None:
    """A finding is dealt with. Raises UnknownOrder where there is no such open one, Illegal as above."""
    finding = next(iter(desk.findings_named(ledger, [name])), None)
    if finding is None:
        raise UnknownOrder(f"There is no open finding {name}.")
    by = supervised(ledger, finding.deadline_at, by, supervisor, at)
    desk.decide_finding(ledger, name, by=by, decision=decision, at=at)


def _may(ledger: Ledger, who: str) -> bool:
    try:
        return role_of(ledger, who.removeprefix("clerk:")).may(Role.SUPERVISOR)
    except ClerkError:  # nobody, or disabled since
        return False
