"""A scanner that types while no field is there for it: its signs come faster than any hand's, and press no keys.

Every sign waits a moment, since it may be a scan's first. In a field a scanner types as everybody does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual import events
from textual.timer import Timer
from textual.widgets import Input

if TYPE_CHECKING:
    from textual.app import App

HOLD_S = 0.05
"""Longer than a scanner takes from sign to sign, shorter than a hand."""


class Bursts:
    """Takes every key of one app, in order."""

    def __init__(
        self, app: App[None], deliver: Callable[[events.Key], Awaitable[None]], scanned: Callable[[str], None]
    ) -> None:
        """`deliver` hands a key to the screen, `scanned` a whole code."""
        self._app, self._deliver, self._scanned = app, deliver, scanned
        self._held: list[events.Key] = []
        self._timer: Timer | None = None

    async def take(self, event: events.Key) -> None:
        if not self._held and (isinstance(self._app.focused, Input) or not event.is_printable):
            await self._deliver(event)
        elif event.is_printable:
            self._held.append(event)
            self._hold()
        else:
            ends = event.key in ("enter", "ctrl+j", "tab")
            scan = len(self._held) > 1
            await self._let_go()
            if not (ends and scan):
                await self._deliver(event)

    def _hold(self) -> None:
        if self._timer:
            self._timer.stop()
        self._timer = self._app.set_timer(HOLD_S, self._let_go)

    async def _let_go(self) -> None:
        """One sign was a hand's key; several were a scan."""
        if self._timer:
            self._timer.stop()
        held, self._held = self._held, []
        if len(held) == 1 and self._app.screen_stack:
            await self._deliver(held[0])
        elif held:
            self._scanned("".join(event.character or "" for event in held))
