"""How little a sale takes, from the welcome screen to the way to pay. A first-timer touches at most 9 times besides

the digits, or presses at most 30 keys with them; who comes again with a scanner touches at most 5 times.
"""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from screens.app import KioskApp
from screens.choose import ChooseScreen
from screens.number import NumberScreen
from screens.pay import CodeScreen
from screens.plan import PlanScreen
from screens.summary import SummaryScreen
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, SIM, Room, hand_over, on, type_in

TOUCHES, KEYS, TOUCHES_AGAIN = 9, 30, 5


class Hand:
    """Presses keys, and counts."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot, self.keys = pilot, 0

    async def press(self, *keys: str) -> None:
        await (type_in(self.pilot, "".join(keys)) if len(keys) > 1 else self.pilot.press(*keys))
        self.keys += len(keys)


class Finger:
    """Touches, and counts."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot, self.touches = pilot, 0

    async def on(self, selector: str, number: int = 0) -> None:
        assert await self.pilot.click(self.pilot.app.screen.query(selector)[number])
        self.touches += 1


@pytest.mark.prove
async def test_a_first_timer_who_needs_help_with_the_plan_touches_nine_times_at_most(room: Room) -> None:
    """Besides the digits of the number, which are touched on the pad."""
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        finger = Finger(pilot)
        await on(pilot, WelcomeScreen)
        await finger.on("#language-en")
        await on(pilot, NumberScreen)
        for digit in SIM:
            assert await pilot.click(f"#pad-{digit}")
        await finger.on("#pad-enter")
        await on(pilot, PlanScreen)
        await finger.on(".foot-key", 2)
        await on(pilot, ChooseScreen)
        for answer in (1, 1, 0, 0):
            await finger.on(".answer", answer)
        await on(pilot, SummaryScreen)
        await finger.on(".way-name", 0)
        await on(pilot, CodeScreen)

        assert finger.touches <= TOUCHES


async def test_a_first_timer_presses_thirty_keys_at_most(room: Room) -> None:
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        hand = Hand(pilot)
        await on(pilot, WelcomeScreen)
        await hand.press("1")
        await on(pilot, NumberScreen)
        await hand.press(*SIM)
        await hand.press("enter")
        await on(pilot, PlanScreen)
        await hand.press("2")
        await on(pilot, SummaryScreen)
        await hand.press("1")
        await on(pilot, CodeScreen)

        assert hand.keys <= KEYS


async def test_who_comes_again_with_a_scan_touches_five_times_at_most(room: Room) -> None:
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        finger = Finger(pilot)
        await on(pilot, WelcomeScreen)
        hand_over(app, *SIM, "enter")
        await on(pilot, NumberScreen)
        await finger.on("#pad-enter")
        await on(pilot, PlanScreen)
        await finger.on(".plan-data", 1)
        await on(pilot, SummaryScreen)
        await finger.on(".way-name", 0)
        await on(pilot, CodeScreen)

        assert finger.touches <= TOUCHES_AGAIN
