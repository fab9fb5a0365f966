"""All seats of `kiosk serve`: which page has which, their signs of life in the ledger, and who leaves when."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.errors import LedgerError, SeatTaken
from kiosk.ledger import seats
from kiosk.web.place import AWAY, CLOSED, Place, Size

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.web.place import Page

log = logging.getLogger(__name__)

PULSE_S = 5.0
LOOK_S = 0.5


class Full(Exception):
    """Every seat is taken."""


@dataclass(eq=False)
class _Taken:
    place: Place
    life: asyncio.Task[None] = field(init=False)


class Hall:
    """The places by their tokens, all of one ledger. Lives in one event loop; the ledger is asked in threads."""

    def __init__(self, house: House, config: str, prefix: str) -> None:
        self._house, self._config, self._prefix = house, config, prefix
        self._table = house.config.file.serve
        self._taken: dict[str, _Taken] = {}
        self._trouble = ""
        self._door = asyncio.Lock()

    async def come(self, token: str, page: Page, size: Size) -> Place:
        """This page's place: its own of before, or a new one. Raises Full."""
        async with self._door:
            taken = self._taken.get(token) or await self._open(token, size)
        await taken.place.come(page, size)
        return taken.place

    def waits_for(self, token: str) -> bool:
        """Whether a place is kept for a page of this token that is gone; it is about to come back."""
        taken = self._taken.get(token)
        if taken is None or taken.place.left_at is None:
            return False
        taken.place.keep()
        return True

    def trouble(self, why: str) -> None:
        """What backstage has found; nothing: all is well again."""
        self._trouble = why
        for taken in self._taken.values():
            taken.place.trouble(why)
        if not why and self._taken:
            self._again = asyncio.create_task(self._sit_again())

    async def keep(self) -> None:
        """Its rounds: signs of life, and the end of places that no page has come back to. Until it is cancelled."""
        pulse_at = 0.0
        while True:
            if time.monotonic() >= pulse_at:
                pulse_at = time.monotonic() + PULSE_S
                await self._jot([taken.place.seat for taken in self._taken.values()])
            for taken in list(self._taken.values()):
                left_at = taken.place.left_at
                if left_at is not None and time.monotonic() - left_at > self._table.grace_s:
                    taken.life.cancel()
            await asyncio.sleep(LOOK_S)

    async def close(self) -> None:
        """End every place, and leave its seat."""
        lives = [taken.life for taken in self._taken.values()]
        for life in lives:
            life.cancel()
        await asyncio.gather(*lives, return_exceptions=True)

    # --- one place -------------------------------------------------------------------------------------------

    async def _open(self, token: str, size: Size) -> _Taken:
        seat = await self._sit_down()
        self._taken[token] = taken = _Taken(Place(seat, self._config, size))
        taken.place.trouble(self._trouble)
        taken.life = asyncio.create_task(self._live(token, taken.place), name=f"seat {seat}")
        log.info("Seat %s is open.", seat)
        return taken

    async def _live(self, token: str, place: Place) -> None:
        code = AWAY
        try:
            await place.live()
            code = CLOSED
        except Exception:
            log.exception("Seat %s failed; its page begins anew.", place.seat)
        finally:
            self._taken.pop(token, None)
            await self._leave(place.seat)
            await place.close(code)
            log.info("Seat %s is closed.", place.seat)

    # --- the ledger ------------------------------------------------------------------------------------------

    async def _sit_down(self) -> str:
        """The first free seat of ours. A ledger in trouble is waited out, by place and backstage."""
        mine = {taken.place.seat for taken in self._taken.values()}
        for number in range(1, self._table.seats_max + 1):
            seat = f"{self._prefix}{number}"
            if seat not in mine:
                try:
                    await asyncio.to_thread(self._take, seat)
                except SeatTaken as error:
                    log.info("%s", error)
                    continue
                except LedgerError as error:
                    log.warning("Seat %s is not in the ledger: %s", seat, error)
                return seat
        raise Full

    def _take(self, seat: str) -> None:
        seats.take_seat(self._house.ledger, seat, os.getpid(), at=self._house.clock.now())

    async def _sit_again(self) -> None:
        """The ledger may be another one now, a restored one, which knows no seat of ours."""
        for taken in list(self._taken.values()):
            with suppress(LedgerError, SeatTaken):
                await asyncio.to_thread(self._take, taken.place.seat)

    async def _leave(self, seat: str) -> None:
        with suppress(LedgerError):
            await asyncio.to_thread(lambda: seats.leave_seat(self._house.ledger, seat, os.getpid()))

    async def _jot(self, names: list[str]) -> None:
        def signs_of_life() -> None:
            for name in names:
                seats.sign_of_life(self._house.ledger, name, at=self._house.clock.now())

        with suppress(LedgerError):  # backstage says so
            await asyncio.to_thread(signs_of_life)
