"""One seat of `kiosk serve`: its page, which may go and come back, and its screens, which live on for a while without.

With `--counter` it is a terminal of the clerks, and no seat. Known by a token in the page's address. Nothing of the
customer's is kept here: what was begun is in the screens' process, what was paid is in the ledger.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from kiosk import SCREENS_LEFT
from kiosk.out_of_service import CLEAR, RESET, back_in_a_moment, cannot_sell
from kiosk.web.screen import SCREENS, WebScreen

log = logging.getLogger(__name__)

AGAIN_S = (1.0, 2.0, 5.0, 10.0)
ARRIVAL = "\x1b[?1049h\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h\x1b[?25l\x1b[?2004h"
"""What Textual's driver says to a terminal when it begins: a page that comes back was not there to hear it."""
AWAY, ELSEWHERE, CLOSED, FULL = 1001, 4001, 4002, 4003
"""Why a page is let go, as page.js reads it: the server ends; shown by another window; a clerk closed the screens; no

seat is free."""


class Page(Protocol):
    """The line to a browser."""

    async def send_bytes(self, data: bytes) -> None: ...

    async def close(self, *, code: int = 1000) -> bool: ...


@dataclass(frozen=True, slots=True)
class Size:
    """Of a terminal, in cells; bounded, since a page says it."""

    columns: int
    rows: int

    @classmethod
    def of(cls, columns: object, rows: object) -> Size:
        return cls(_within(columns, 20, 500, 80), _within(rows, 10, 200, 24))


class Place:
    """One seat. `live` is its life, from the first page to the clerk's PIN or a grace time without a page."""

    def __init__(self, seat: str, config: str, size: Size, program: str = SCREENS) -> None:
        """`seat` is its name; a counter's is that of its terminal."""
        self.seat, self._config, self._size, self._program = seat, config, size, program
        self.left_at: float | None = time.monotonic()
        """Since when no page is there; None while one is."""
        self._page: Page | None = None
        self._screen: WebScreen | None = None
        self._notice = ""
        self._trouble = ""
        self._well = asyncio.Event()
        self._well.set()

    # --- the page --------------------------------------------------------------------------------------------

    async def come(self, page: Page, size: Size) -> None:
        """A page is there: a new one, or the same one again. The one before is let go."""
        before, self._page, self.left_at = self._page, page, None
        if before is not None:
            with suppress(OSError):
                await before.close(code=ELSEWHERE)
        await self._paint((self._notice or ARRIVAL).encode())
        await self.resize(size)

    def go(self, page: Page) -> None:
        """This page is gone; if it was the last one, the grace time begins."""
        if page is self._page:
            self._page, self.left_at = None, time.monotonic()

    def keep(self) -> None:
        """A page is about to come back: the grace time begins anew."""
        if self.left_at is not None:
            self.left_at = time.monotonic()

    async def resize(self, size: Size) -> None:
        self._size = size
        if self._screen:
            await self._screen.set_terminal_size(size.columns, size.rows)

    async def type(self, text: str) -> None:
        """What the customer types or touches; nobody's while there are no screens."""
        if self._screen:
            await self._screen.send_bytes(text.encode())

    async def _paint(self, data: bytes) -> None:
        if self._page is not None:
            with suppress(OSError):  # it is just going; `go` hears of it
                await self._page.send_bytes(data)

    # --- the screens -----------------------------------------------------------------------------------------

    async def live(self) -> None:
        """Keep the screens alive until a clerk closes them. Cancelling it ends them."""
        deaths = 0
        while True:
            await self._wait_out_trouble()
            started = time.monotonic()
            code, last_words = await self._play()
            if code == SCREENS_LEFT:
                return
            if self._trouble:
                continue
            deaths = deaths + 1 if time.monotonic() - started < 30 else 1
            last_words = last_words or (f"killed by signal {-code}" if code < 0 else f"exit code {code}")
            log.error("The screens of seat %s ended with code %s. %s", self.seat, code, last_words)
            pause_s = AGAIN_S[min(deaths, len(AGAIN_S)) - 1]
            await self._say(back_in_a_moment(last_words, pause_s))
            await asyncio.sleep(pause_s)

    async def _play(self) -> tuple[int, str]:
        screen = WebScreen(self._program, self._config, self.seat, self._paint)
        try:
            await screen.start(self._size.columns, self._size.rows)
            self._screen, self._notice = screen, ""
            return await screen.wait()
        finally:
            self._screen = None

    async def close(self, code: int) -> None:
        """Let the page go, if there is one."""
        if self._page is not None:
            with suppress(OSError):
                await self._page.close(code=code)

    # --- trouble ---------------------------------------------------------------------------------------------

    def trouble(self, why: str) -> None:
        """Why nothing can be sold now, or nothing: no customer goes on, and pays, where nothing can be recorded."""
        self._trouble = why
        if not why:
            self._well.set()
            return
        self._well.clear()
        if self._screen:
            self._screen.kill()

    async def _wait_out_trouble(self) -> None:
        shown = ""
        while why := self._trouble:
            if shown != why:
                shown = why
                await self._say(cannot_sell(why, self._size.columns))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._well.wait(), 1.0)

    async def _say(self, text: str) -> None:
        self._notice = RESET + CLEAR + text
        await self._paint(self._notice.encode())


def _within(value: object, least: int, most: int, default: int) -> int:
    try:
        return max(least, min(most, int(str(value))))
    except ValueError:
        return default
