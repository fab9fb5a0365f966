"""All places of `kiosk serve`: which page has which, and who leaves when."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.web.place import AWAY, CLOSED, Place, Size

if TYPE_CHECKING:
    from kiosk.tables import ServeTable
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
    """The places by their tokens, each with a program of its own. Lives in one event loop."""

    def __init__(self, table: ServeTable, config: str, prefix: str, program: str) -> None:
        """`config` is the file's path, empty for training; `program` is one of screen.py's."""
        self._table, self._config, self._prefix, self._program = table, config, prefix, program
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

    # --- what a place holds besides its page -------------------------------------------------------------------

    async def hold(self, name: str) -> bool:
        """Whether this name may be had."""
        return True

    async def let_go(self, name: str) -> None:
        """Its place is no more."""

    async def pulse(self, names: list[str]) -> None:
        """These places live."""

    # --- its rounds --------------------------------------------------------------------------------------------

    async def keep(self) -> None:
        """Its rounds: signs of life, and the end of places that no page has come back to. Until it is cancelled."""
        pulse_at = 0.0
        while True:
            if time.monotonic() >= pulse_at:
                pulse_at = time.monotonic() + PULSE_S
                await self.pulse([taken.place.seat for taken in self._taken.values()])
            for taken in list(self._taken.values()):
                left_at = taken.place.left_at
                over = left_at is not None and time.monotonic() - left_at > self._table.grace_s
                if over and not taken.life.cancelling():  # once: it may have something to write down
                    taken.life.cancel()
            await asyncio.sleep(LOOK_S)

    async def close(self) -> None:
        """End every place."""
        lives = [taken.life for taken in self._taken.values()]
        for life in lives:
            life.cancel()
        await asyncio.gather(*lives, return_exceptions=True)

    # --- one place -------------------------------------------------------------------------------------------

    async def _open(self, token: str, size: Size) -> _Taken:
        seat = await self._free_name()
        self._taken[token] = taken = _Taken(Place(seat, self._config, size, self._program))
        taken.place.trouble(self._trouble)
        taken.life = asyncio.create_task(self._live(token, taken.place), name=seat)
        log.info("%s is open.", seat)
        return taken

    async def _live(self, token: str, place: Place) -> None:
        code = AWAY
        try:
            await place.live()
            code = CLOSED
        except Exception:
            log.exception("%s failed; its page begins anew.", place.seat)
        finally:
            self._taken.pop(token, None)
            await self.let_go(place.seat)
            await place.close(code)
            log.info("%s is closed.", place.seat)

    async def _free_name(self) -> str:
        taken = {each.place.seat for each in self._taken.values()}
        for number in range(1, self._table.seats_max + 1):
            name = f"{self._prefix}{number}"
            if name not in taken and await self.hold(name):
                return name
        raise Full
