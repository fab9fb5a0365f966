"""A scanner that types: its bursts are collected above every widget, and judged; a hand's keys go on to the screen.

Where digits choose, every key waits a moment, for it may be a scan's first; where digits are typed, only a key that
comes faster than a hand's does: the number of a bank card must not even flash up. Half a scan presses nothing.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events
from textual.timer import Timer

from kiosk.scanned import GS, Scan, ScanKind, read_scan
from screens.scans import HOLD_S, SCAN_MIN, Part, Scans

if TYPE_CHECKING:
    from kiosk.payment_codes import PaymentCode
    from screens.app import KioskApp

EDIT = ("enter", "escape", "backspace", "delete", "ctrl+j")
MOVE = ("up", "down", "left", "right", "home", "end", "pageup", "pagedown")
KEYS = (*EDIT, *MOVE, "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f10")
"""What may reach a screen besides signs: no key leads out."""
MONEY = (ScanKind.BANK_CARD, ScanKind.PAYMENT_CODE)


class Wedge:
    """Takes every key of one app, in order."""

    def __init__(self, app: KioskApp, deliver: Callable[[events.Key], Awaitable[None]]) -> None:
        """`deliver` hands a key to the screen."""
        self._app, self._deliver = app, deliver
        self._scans = Scans()
        self._held: list[events.Key] = []
        self._holding: Timer | None = None

    async def take(self, event: events.Key) -> None:
        part = self._scans.take(_name(event), event.time)
        if isinstance(part, str):
            await self._whole(part, event)
        elif part is Part.SWALLOWED or (part is Part.HALF and not self._types):
            self._held.clear()
        elif event.is_printable or event.key in KEYS:
            await self._typed(event)

    @property
    def _types(self) -> bool:
        return bool(getattr(self._app.screen, "types", True))

    async def _whole(self, text: str, ending: events.Key) -> None:
        scan = judged(self._app, text)
        if self._types and scan.kind is ScanKind.UNKNOWN and text.isdecimal():
            await self._hand_on()  # a busy machine has read a hand's last keys at once
            await self._deliver(ending)
            return
        self._held.clear()
        self._app.show_scan(scan)

    async def _typed(self, event: events.Key) -> None:
        may_be_a_scan = not self._types or len(self._scans.text) > 1 or self._held
        if event.is_printable and may_be_a_scan:
            self._held.append(event)
            if self._holding:
                self._holding.stop()
            self._holding = self._app.set_timer(HOLD_S, self._let_go)
            return
        await self._hand_on()
        await self._deliver(event)

    async def _let_go(self) -> None:
        """No more came: the keys that waited were typed by hand; or they were a scan without an ending, or half one."""
        if not self._app.screen_stack:  # the kiosk has ended meanwhile
            self._held.clear()
            return
        text = max(self._scans.text, "".join(event.character or "" for event in self._held), key=len)
        scan = judged(self._app, text) if len(text) >= SCAN_MIN else None
        half = self._scans.half and not self._types
        signs = scan is not None and scan.kind is ScanKind.UNKNOWN and not text.isalnum()  # a piece of a stripe, too
        if scan and (not self._types or signs or scan.kind in MONEY):
            self._held.clear()
            self._scans.close(time.monotonic())
            self._app.show_scan(scan)
        elif half:
            self._held.clear()
            self._scans.close(time.monotonic())
        else:
            await self._hand_on()

    async def _hand_on(self) -> None:
        held, self._held = self._held, []
        for event in held:
            await self._deliver(event)


def _name(event: events.Key) -> str:
    """A sign as itself, also the one that parts the fields of a code; any other key by its name."""
    if event.character and (event.is_printable or event.character == GS):
        return event.character
    return "enter" if event.key == "ctrl+j" else event.key


def judged(app: KioskApp, text: str) -> Scan:
    """What was scanned. A code of a wallet that this shop takes is money, whatever it looks like."""
    scan = read_scan(text, app.house.config.sims)
    if scan.kind is ScanKind.UNKNOWN and scan.code and _is_of_a_wallet(app, scan.code):
        return replace(scan, kind=ScanKind.PAYMENT_CODE)
    return scan


def _is_of_a_wallet(app: KioskApp, code: PaymentCode) -> bool:
    from kiosk.abilities import ChargesCodes
    from kiosk.payment_codes import reads

    tenders = app.tenders.result or {}
    return any(isinstance(tender, ChargesCodes) and reads(tender, code) for tender in tenders.values())
