"""What each answer, and each silence, says of the line to its remote: who may call now, and what the screens may know.

The queue and the watch tell it everything that they hear. It changes no order, and proves nothing about any.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kiosk.abilities import Shown, TellsAllowance
from kiosk.breaker import Breakers
from kiosk.claims import LIVE
from kiosk.errors import NoAnswer, NotNow, Unreachable
from kiosk.hours import Hours
from kiosk.ledger import Ledger
from kiosk.ledger.due import wake
from kiosk.ledger.heard import know, note_heard
from kiosk.ledger.troubles import Trouble, end_trouble, note_trouble, troubles
from kiosk.order import Order
from kiosk.pacing import Paces
from kiosk.ports import Clock
from kiosk.questions import Remotes, Yes

log = logging.getLogger(__name__)

OURSELVES = "kiosk"
"""Under this name stands that the kiosk's own clock is off."""
NOTED_EVERY = timedelta(seconds=10)
"""So much older may a remote's last word look at the board than it is."""


@dataclass(slots=True)
class Lines:
    """Workers of one process share it. Writes to the ledger when a line breaks, stays broken, or is back; and now and

    then that a remote was heard.
    """

    ledger: Ledger
    remotes: Remotes
    first_s: float
    clock: Clock
    breakers: Breakers = field(init=False)
    paces: Paces = field(default_factory=Paces)
    hours: Hours = field(init=False)
    _tellers: dict[str, TellsAllowance] = field(init=False)
    _troubled: set[tuple[str, Trouble]] = field(init=False)
    """What stands in the ledger: a predecessor's entries too, which the first answer ends."""
    _noted: dict[str, tuple[bool, datetime]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.breakers = Breakers(self.first_s)
        self.hours = Hours(self.ledger)
        providers = self.remotes.providers
        self._tellers = {name: each for name, each in providers.items() if isinstance(each, TellsAllowance)}
        self._troubled = troubles(self.ledger)
        know(self.ledger, [*providers, *self.remotes.tenders])

    def may_call(self, remote: str, now: datetime) -> datetime | None:
        """None: call it. Otherwise the moment to ask again."""
        return self.breakers.may_call(remote, now)

    def turn(self, remote: str, order: Order, now: datetime) -> datetime | None:
        """None: it is this order's turn at the remote. Otherwise when it is. The customer who stands there never waits.

        A sale for cash may be opened long before the clerk takes it: the payment counts as well.
        """
        live = not order.settled and now - (order.paid_at or order.opened_at) < LIVE
        return None if live else self.paces.turn(remote, now)

    def pause_s(self, remote: str, now: datetime) -> float:
        """The shortest pause between two calls for one order, where a provider is busy at this hour; 0 for a rail."""
        return self.hours.present(remote, now).pause_s if remote in self.remotes.providers else 0.0

    def must_wait(self, remote: str, order: Order, now: datetime) -> bool:
        """Whether this order's call has to wait, for its turn or for a remote that is away."""
        return bool(self.turn(remote, order, now) or self.may_call(remote, now))

    def hear(self, remote: str, answer: Yes | Shown | NoAnswer, now: datetime) -> None:
        """Whether the remote spoke at all. When it speaks again after a silence, all that waits for it is due."""
        self._hear_the_time(now)
        self._note(remote, now, answered=not isinstance(answer, Unreachable))
        if isinstance(answer, Unreachable):
            if self.breakers.silent(remote, now):
                self._is_so(remote, Trouble.AWAY, now)
            return
        if isinstance(answer, NotNow) and answer.retry_after_s is not None:
            self.paces.too_often(remote, answer.retry_after_s, now)
        else:
            teller = self._tellers.get(remote)
            self.paces.answered(remote, teller.allowance if teller else None, now)
        if self.breakers.answered(remote):
            log.info("%s answers again", remote)
            wake(self.ledger, remote, now)
        self._is_over(remote, Trouble.AWAY)

    def _note(self, remote: str, now: datetime, *, answered: bool) -> None:
        """For the board, which shows how old a remote's last word is: its first after a silence, and few of many."""
        as_before, at = self._noted.get(remote, (None, now))
        if as_before is not answered or abs(now - at) >= NOTED_EVERY:
            self._noted[remote] = answered, now
            note_heard(self.ledger, remote, now, answered=answered)

    def _hear_the_time(self, now: datetime) -> None:
        """The clock has heard every answer's date by itself."""
        if self.clock.off_by:
            self._is_so(OURSELVES, Trouble.CLOCK, now)
        else:
            self._is_over(OURSELVES, Trouble.CLOCK)

    @property
    def clock_trouble(self) -> str:
        """What is wrong with the kiosk's clock, in words for the clerk; empty where nothing is."""
        remotes = ", ".join(sorted(self.clock.off_by))
        return (
            remotes
            and f"The kiosk's clock and that of {remotes} differ by over a minute: set the clock. Wallets wait for it."
        )

    def _is_so(self, remote: str, trouble: Trouble, now: datetime) -> None:
        self._troubled.add((remote, trouble))
        note_trouble(self.ledger, remote, trouble, now)

    def _is_over(self, remote: str, trouble: Trouble) -> None:
        if (remote, trouble) in self._troubled:
            self._troubled.discard((remote, trouble))
            end_trouble(self.ledger, remote, trouble)
