"""Who does not know which plan answers three questions, sees the sum, and takes one plan or looks at them all."""

from __future__ import annotations

import pytest

from kiosk.order import State
from kiosk.texts import LANGUAGES
from screens.app import KioskApp
from screens.choose import ChooseScreen
from screens.number import NumberScreen
from screens.pay import CounterScreen
from screens.plan import PlanScreen
from screens.scans import STALL_S
from screens.summary import SummaryScreen
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, SIM, Host, Room, hand_over, on, sees, settled
from tests.screens.test_room_enough import cut


def asked(room: Room) -> Host:
    return Host(room, lambda room: ChooseScreen(room, PlanScreen(room, room.network.sim(SIM)).offers))


@pytest.mark.prove
async def test_four_keys_more_find_the_plan_and_it_is_sold(room: Room) -> None:
    """0, then an answer to each question, then Enter."""
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        hand_over(app, *SIM, "enter")
        await on(pilot, NumberScreen)
        await pilot.pause(STALL_S)  # an Enter right behind a scan is its second ending
        await pilot.press("enter")
        await on(pilot, PlanScreen)
        await pilot.press("0")
        await on(pilot, ChooseScreen)
        await pilot.press("2", "2", "1")
        await sees(pilot, "7 days x 0.8 GB = 5.6 GB, and 20% to spare: 6.7 GB")
        await sees(pilot, "We recommend: 10 GB, 30 days")
        await sees(pilot, "The cheapest plan that is enough.")
        await pilot.press("enter")
        await on(pilot, SummaryScreen)
        await pilot.press("2")
        await on(pilot, CounterScreen)
        order = room.only_order()

        assert (order.state, order.plan.id) == (State.AUTHORIZING, "10gb")


async def test_by_touch_and_back_to_all_plans(room: Room) -> None:
    """A wrong answer is taken back one question at a time."""
    app = asked(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ChooseScreen)
        for answer in (4, 3, 2):
            await pilot.click(app.screen.query(".answer")[answer - 1])
        await sees(pilot, "30 days x 3.0 GB = 90.0 GB, and 20% to spare: 108.0 GB")
        await sees(pilot, "Unlimited, 30 days")
        await pilot.press("escape")
        await sees(pilot, "Will other devices use its data?")
        await pilot.click(app.screen.query(".answer")[0])
        await pilot.click(app.screen.query(".answer")[1])
        await settled(pilot, lambda: app.answers == [None], "all plans")


@pytest.mark.prove
async def test_every_question_fits_the_smallest_terminal_in_every_language(room: Room) -> None:
    app = asked(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ChooseScreen)
        for _ in range(4):
            for app.language in LANGUAGES:
                await pilot.pause()
                assert cut(app.screen) == []  # type: ignore[arg-type]
            await pilot.press("1")
            await pilot.pause()
