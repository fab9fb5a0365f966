"""A clerk signs in at the counter: after five wrong PINs each further try has to wait, twice as long every time.

The count stands in the ledger, by clerk and terminal. It is written before the PIN is looked at, so that no power cut
and no second program makes a try for nothing.
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
NOBODY = "-"
"""All names that no clerk has are counted as one: a guesser cannot fill the disk with them."""


class MustWait(ClerkError):
    """Too many wrong PINs. `seconds` is how long the next try has to wait; nothing was looked at."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many wrong PINs. The next try is possible in {seconds // 60}:{seconds % 60:02d} min.")
        self.seconds = seconds


def sign_in(house: House, name: str, pin: str, terminal: str) -> str:
    """Who acts, as it goes on record. Raises ClerkError; MustWait, where the next try is not allowed yet.

    An unknown name and a wrong PIN are told alike: nobody learns here who works in this shop.
    """
    counted = name if any(row["name"] == name for row in desk.clerks(house.ledger)) else NOBODY
    _count(house, counted, terminal)
    try:
        by = house.who(name, pin)
    except ClerkError:
        raise ClerkError("This name and PIN do not match.") from None
    if pin == KNOWN_TO_ALL and not house.config.training:
        raise ClerkError("This PIN stands in the manual. The owner gives you another one: kiosk clerk add.")
    forget_tries(house.ledger, counted, terminal)
    return by


def _count(house: House, clerk: str, terminal: str) -> None:
    now = house.clock.now()
    with house.ledger.database.transaction():
        known = tries_of(house.ledger, clerk, terminal)
        if known and (left := wait(known, now)) > timedelta(0):
            raise MustWait(-int(-left.total_seconds() // 1))
        count_try(house.ledger, clerk, terminal, at=now)


def wait(tries: Tries, now: datetime) -> timedelta:
    """How long the next try has to wait still; nothing or less: not at all."""
    if tries.wrong < FREE:
        return timedelta(0)
    whole: timedelta = min(FIRST * 2 ** min(tries.wrong - FREE, 20), LONGEST)
    return whole - max(timedelta(0), now - tries.last_at)
