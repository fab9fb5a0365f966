"""Somebody says who they are, by a PIN: after five wrong ones each further try has to wait, twice as long every time.

The count stands in the ledger, by clerk and terminal. It is written before the PIN is looked at, so that no power cut
and no second program makes a try for nothing. Every wrong PIN is an event; while a delay runs nothing is looked at and
nothing written, so that nobody fills the ledger by guessing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.errors import ClerkError
from kiosk.ledger import desk
from kiosk.ledger.tries import Tries, count_try, forget_tries, tries_of
from kiosk.training import PIN as KNOWN_TO_ALL

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.assembly import House

FREE = 5
FIRST, LONGEST = timedelta(seconds=30), timedelta(hours=1)
COMMAND_LINE = "command line"
"""The terminal of every command. Who changes clerks there is known by this name, and by the machine's own log."""
NOBODY = "-"
"""All names that no clerk has are counted as one: a guesser cannot fill the disk with them."""


class MustWait(ClerkError):
    """Too many wrong PINs. `seconds` is how long the next try has to wait; nothing was looked at."""

    def __init__(self, seconds: int) -> None:
        self.seconds, self.left = seconds, f"{seconds // 60}:{seconds % 60:02d}"
        super().__init__(f"Too many wrong PINs. The next try is possible in {self.left} min.")


class WrongPin(ClerkError):
    """This name and PIN do not match."""


def sign_in(house: House, name: str, pin: str, terminal: str) -> str:
    """Who acts, as it goes on record. Raises ClerkError; MustWait, where the next try is not allowed yet.

    An unknown name and a wrong PIN are told alike: nobody learns here who works in this shop.
    """
    counted = name if desk.is_clerk(house.ledger, name) else NOBODY
    wrong = _count(house, counted, terminal)
    try:
        by = house.who(name, pin)
    except ClerkError:
        _refused(house, counted, terminal, wrong)
        raise WrongPin("This name and PIN do not match.") from None
    if pin == KNOWN_TO_ALL and not house.config.training:
        _refused(house, counted, terminal, wrong)
        raise ClerkError("This PIN stands in the manual. The owner gives you another one: kiosk clerk pin.")
    forget_tries(house.ledger, counted, terminal)
    return by


def _count(house: House, clerk: str, terminal: str) -> int:
    """How many wrong ones there are in a row, should this be one, too."""
    now = house.clock.now()
    with house.ledger.database.transaction():
        known = tries_of(house.ledger, clerk, terminal)
        if known and (left := wait(known, now)) > timedelta(0):
            raise MustWait(-int(-left.total_seconds() // 1))
        count_try(house.ledger, clerk, terminal, at=now)
    return (known.wrong if known else 0) + 1


def _refused(house: House, clerk: str, terminal: str, wrong: int) -> None:
    """On record; the fifth in a row is put before the supervisor."""
    now = house.clock.now()
    with house.ledger.database.transaction():
        house.ledger.append(now, "pin_refused", NOBODY, {"clerk": clerk, "terminal": terminal, "in_a_row": wrong})
    if wrong >= FREE:
        whom = "a name that nobody here has" if clerk == NOBODY else clerk
        reason = f"five wrong PINs in a row at {terminal} for {whom}: ask who it was, and tell the supervisor"
        desk.open_finding_once(house.ledger, "pin_refused", reason, at=now, deadline_at=house.review_by())


def wait(tries: Tries, now: datetime) -> timedelta:
    """How long the next try has to wait still; nothing or less: not at all."""
    if tries.wrong < FREE:
        return timedelta(0)
    whole: timedelta = min(FIRST * 2 ** min(tries.wrong - FREE, 20), LONGEST)
    return whole - max(timedelta(0), now - tries.last_at)
