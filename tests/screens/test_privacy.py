"""After a visit nothing of its customer can be read, scrolled back to or recalled by the next one."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from kiosk.order import State
from screens.app import KioskApp
from screens.done import DoneScreen
from screens.frame import KioskScreen
from screens.number import NumberScreen
from screens.plan import PlanScreen
from screens.summary import SummaryScreen
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, OTHER, SIM, Host, Room, hand_over, on, said, seen, settled
from tests.screens.test_done import delivered


def alive() -> Iterator[KioskScreen[object]]:
    gc.collect()
    yield from (each for each in gc.get_objects() if isinstance(each, KioskScreen))


@pytest.mark.prove
async def test_no_screen_of_the_last_customer_is_left_in_memory(room: Room) -> None:
    """From the welcome screen to the receipt and back: only the new welcome screen is there, in the first language."""
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await pilot.press("2")
        await on(pilot, NumberScreen)
        hand_over(app, *OTHER, "enter", apart_s=0.2)
        await on(pilot, PlanScreen)
        await pilot.press("2")
        await on(pilot, SummaryScreen)
        await pilot.press("2")
        await settled(pilot, lambda: bool(room.ledger.orders([State.AUTHORIZING])), "an order")
        room.pay_cash()
        room.work()
        await on(pilot, DoneScreen)
        await pilot.press("enter")
        await on(pilot, WelcomeScreen)

        await settled(
            pilot, lambda: [type(screen) for screen in alive() if screen.app is app] == [WelcomeScreen], "an end"
        )
        assert app.language == "en"
        assert app.clipboard == ""
        assert len(app.screen_stack) == 2  # Textual's own, empty one lies below
        await pilot.press("1")
        await on(pilot, NumberScreen)
        for key in ("up", "down", "ctrl+z", "ctrl+y", "ctrl+v", "shift+insert", "pageup", "home"):
            await pilot.press(key)
        await pilot.pause()

        assert isinstance(app.screen, NumberScreen)
        assert app.screen.typed == ""
        assert OTHER[:8] not in seen(pilot).replace(" ", "")


async def test_the_last_screen_shows_no_whole_number(room: Room) -> None:
    """Nor does the receipt on it: who comes next may still see it."""
    order = delivered(room)
    app = Host(room, lambda room: DoneScreen(room, order))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, DoneScreen)
        await settled(pilot, lambda: bool(said(pilot, "receipt-text")), "the receipt")

        assert SIM not in seen(pilot).replace(" ", "")
        assert SIM not in said(pilot, "receipt-text").replace(" ", "")
