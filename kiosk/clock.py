"""The machine's clock, the only one that reads the time. Everything else is given it.

An order's deadlines must not pass because somebody set the clock. So the kiosk's time runs on with the machine's uptime
when the wall clock jumps, until a remote tells the new time too. It is pure but for the two clocks that it is made of.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

log = logging.getLogger(__name__)

TOLERATED = timedelta(seconds=60)
"""Wallets refuse signatures that are minutes old; network time corrects less than this without a jump."""


def uptime_s() -> float:
    """Seconds since the machine was started, its sleep included. No one can set it."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


BELIEVED_FOR_S = 900.0
"""A remote that told another time is asked again after this: nothing stays stopped because nobody asks it any more."""


class SteadyClock:
    """See ports.Clock."""

    def __init__(
        self, wall: Callable[[], datetime] = lambda: datetime.now(UTC), elapsed_s: Callable[[], float] = uptime_s
    ) -> None:
        self._wall, self._elapsed_s = wall, elapsed_s
        self._anchor = (wall(), elapsed_s())
        self._off_by: dict[str, tuple[timedelta, float]] = {}

    @property
    def off_by(self) -> dict[str, timedelta]:
        since_s = self._elapsed_s() - BELIEVED_FOR_S
        return {remote: ahead for remote, (ahead, heard_s) in self._off_by.copy().items() if heard_s > since_s}

    def now(self) -> datetime:
        at, since_s = self._anchor
        elapsed_s, wall = self._elapsed_s(), self._wall()
        steady = at + timedelta(seconds=elapsed_s - since_s)
        if abs(wall - steady) > TOLERATED:
            return steady
        self._anchor = (wall, elapsed_s)
        return wall

    def not_before(self, at: datetime) -> None:
        """The ledger has an event of that moment: a clock without a battery cannot send the kiosk back before it."""
        if (now := self.now()) < at:
            log.warning("The clock says %s, and the ledger has an event of %s: going on from there.", now, at)
            self._anchor = (at, self._elapsed_s())

    def heard(self, remote: str, told: datetime) -> None:
        """A remote has told its own time. Where the wall clock agrees with it, the kiosk follows the wall clock."""
        now, wall = self.now(), self._wall()
        if abs(told - now) > TOLERATED and abs(told - wall) <= TOLERATED:
            log.warning("The clock was set from %s to %s, and %s agrees.", now, wall, remote)
            self._anchor = (wall, self._elapsed_s())
            self._off_by.clear()  # what the others said was about the old time
            now = wall
        if abs(now - told) <= TOLERATED:
            self._off_by.pop(remote, None)
            return
        if remote not in self.off_by:
            log.error(
                "The clock says %s, and %s says %s: set the clock. No wallet is offered until then.", now, remote, told
            )
        self._off_by[remote] = (now - told, self._elapsed_s())
