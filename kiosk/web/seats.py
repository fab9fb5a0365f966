"""The hall of a kiosk: every place is a seat of the ledger, which is told of it in threads, with its signs of life."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from kiosk.errors import LedgerError, SeatTaken
from kiosk.ledger import seats
from kiosk.web.hall import Hall
from kiosk.web.screen import SCREENS

if TYPE_CHECKING:
    from kiosk.assembly import House

log = logging.getLogger(__name__)


class Seats(Hall):
    """Where customers sit. A ledger in trouble is waited out, by each place and by backstage."""

    def __init__(self, house: House, config: str, prefix: str) -> None:
        super().__init__(house.config.file.serve, config, prefix, SCREENS)
        self._house = house

    async def hold(self, name: str) -> bool:
        """Sit down, unless somebody else sits there."""
        try:
            await asyncio.to_thread(self._take, name)
        except SeatTaken as error:
            log.info("%s", error)
            return False
        except LedgerError as error:
            log.warning("Seat %s is not in the ledger: %s", name, error)
        return True

    async def let_go(self, name: str) -> None:
        with suppress(LedgerError):
            await asyncio.to_thread(lambda: seats.leave_seat(self._house.ledger, name, os.getpid()))

    async def pulse(self, names: list[str]) -> None:
        def signs_of_life() -> None:
            for name in names:
                seats.sign_of_life(self._house.ledger, name, at=self._house.clock.now())

        with suppress(LedgerError):  # backstage says so
            await asyncio.to_thread(signs_of_life)

    def trouble(self, why: str) -> None:
        super().trouble(why)
        if not why and self._taken:
            self._again = asyncio.create_task(self._sit_again())

    def _take(self, seat: str) -> None:
        seats.take_seat(self._house.ledger, seat, os.getpid(), at=self._house.clock.now())

    async def _sit_again(self) -> None:
        """The ledger may be another one now, a restored one, which knows no seat of ours."""
        for taken in list(self._taken.values()):
            with suppress(LedgerError, SeatTaken):
                await asyncio.to_thread(self._take, taken.place.seat)
