"""The counter's screens as one program: sign in, the board, what is reached from it; locked when nobody acts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.widget import Widget

from kiosk.clerks import Role
from kiosk.ledger.terminals import LOCKED
from kiosk.presence import Presence
from screens.counter.board import BoardScreen
from screens.counter.bursts import Bursts
from screens.counter.frame import CounterScreen
from screens.counter.sign_in import SignInScreen
from screens.theme import themes

if TYPE_CHECKING:
    from kiosk.assembly import House


class CounterApp(App[None]):
    """One terminal of the clerks. Everything that is done here carries the name of who is signed in."""

    CSS_PATH = Path(__file__).with_name("counter.tcss")
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = ""
    ends: ClassVar[str] = "End"
    """What F10 does at the board, in a word."""

    def __init__(self, house: House, *, terminal: str = "counter") -> None:
        super().__init__()
        self.house, self.terminal = house, terminal
        self.clerk_name = ""
        """Empty while nobody is signed in."""
        self.role = Role.CLERK
        self._active_at = time.monotonic()
        self._bursts = Bursts(self, super().on_event, self._scanned)
        for theme in themes():
            self.register_theme(theme)
        self.theme = "kiosk-dark"

    def above(self) -> Iterable[Widget]:
        """What stands above every page, anew for each of them."""
        return ()

    def on_mount(self) -> None:
        self.presence = Presence(self.house, self.terminal)
        self.admit()
        self.set_interval(0.2, self._lock_when_idle)

    async def on_unmount(self) -> None:
        await asyncio.to_thread(self.presence.stop)

    def admit(self) -> None:
        """The first page: nobody is signed in yet."""
        self.lock()

    def lock(self, why: str = "") -> None:
        """Nobody is signed in any more, and nothing of what was on the screen stays."""
        self.clerk_name, self.role = "", Role.CLERK
        self.presence.went(LOCKED)
        self.call_next(self._ask_who, why)  # asked by a screen, which goes with the others, no answer would arrive

    def _ask_who(self, why: str) -> None:
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.push_screen(SignInScreen(why), self._signed_in)

    def _signed_in(self, who: tuple[str, Role] | None) -> None:
        self.clerk_name, self.role = who or ("", Role.CLERK)
        self.presence.came(self.clerk_name, self.role)
        self._active_at = time.monotonic()
        self.push_screen(BoardScreen())

    def _lock_when_idle(self) -> None:
        idle = time.monotonic() - self._active_at
        if self.clerk_name and idle > self.house.config.file.counter.lock_after_s:
            self.lock("Locked: nobody has touched it for a while.")
        elif self.clerk_name and self.presence.moved:
            self.lock(self.presence.moved)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.MouseDown | events.Paste):
            self._active_at = time.monotonic()
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._bursts.take(event)
        else:
            await super().on_event(event)

    def _scanned(self, text: str) -> None:
        if isinstance(self.screen, CounterScreen):
            self.screen.scanned(text)

    def action_help_quit(self) -> None:
        """Ctrl+C is no way out: F10 is."""
