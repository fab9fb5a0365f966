"""A whole visit, from the welcome screen to the receipt and to the welcome screen again."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from kiosk.order import State
from screens.app import KioskApp
from screens.delivery import DeliveryScreen
from screens.done import DoneScreen
from screens.number import NumberScreen
from screens.pay import CodeScreen, CounterScreen
from screens.plan import PlanScreen
from screens.summary import SummaryScreen
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, SIM, WIDE, Room, on, seen, sees, settled, type_in


async def to_the_summary(pilot: Pilot[None], language: str) -> None:
    """Language, number, plan: by keyboard."""
    await on(pilot, WelcomeScreen)
    await pilot.press(language)
    await on(pilot, NumberScreen)
    await type_in(pilot, SIM)
    await pilot.press("enter")
    await on(pilot, PlanScreen)
    await pilot.press("2")
    await on(pilot, SummaryScreen)


@pytest.mark.parametrize(("language", "words"), [("1", "Delivered: 10 GB on your card"), ("2", "充值成功")])
async def test_a_customer_buys_by_keyboard_and_pays_cash(room: Room, language: str, words: str) -> None:
    """At 80x24, in each language; the next customer finds nothing of the last one."""
    steps: list[str] = []
    app = KioskApp(room, on_step=lambda step, language: steps.append(step))
    async with app.run_test(size=NARROW) as pilot:
        await to_the_summary(pilot, language)
        await pilot.press("2")
        await on(pilot, CounterScreen)
        room.pay_cash()
        await on(pilot, DeliveryScreen)
        room.work()
        await on(pilot, DoneScreen)
        await settled(pilot, lambda: words in seen(pilot).replace(" ", "") or words in seen(pilot), words)
        await pilot.press("enter")
        await on(pilot, WelcomeScreen)

        order = room.only_order()
        assert (order.state, order.sim_number, order.tender) == (State.COMPLETED, SIM, "cash")
        assert order.language == ("en" if language == "1" else "zh")
        assert room.network.delivered(order) == 1
        assert app.language == "en"
        assert SIM[-3:] not in seen(pilot)
        assert [step for step in dict.fromkeys(steps) if step != "sim"] == [
            "welcome",
            "number",
            "plan",
            "summary",
            "pay",
            "delivery",
            "done",
        ]


async def test_a_customer_buys_by_touch_alone(room: Room) -> None:
    """A finger is enough."""
    app = KioskApp(room)
    async with app.run_test(size=WIDE) as pilot:
        await on(pilot, WelcomeScreen)
        await pilot.click("#language-en")
        await on(pilot, NumberScreen)
        await pilot.click(app.screen.query(".foot-key")[2])  # the demo card
        await pilot.click("#pad-enter")
        await on(pilot, PlanScreen)
        await pilot.click(app.screen.query(".plan-data")[1])
        await on(pilot, SummaryScreen)
        await pilot.click(app.screen.query(".way-name")[1])
        await on(pilot, CounterScreen)
        room.pay_cash()
        await on(pilot, DeliveryScreen)
        room.work()
        await on(pilot, DoneScreen)
        await pilot.click(".foot-key")
        await on(pilot, WelcomeScreen)

        assert room.only_order().state is State.COMPLETED


@pytest.mark.prove
async def test_a_changed_mind_leaves_one_order_that_can_be_paid(room: Room) -> None:
    """From a code to cash: the first order is cancelled on disk before the second is opened."""
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await to_the_summary(pilot, "1")
        await pilot.press("1")
        await on(pilot, CodeScreen)
        room.work()
        await sees(pilot, "Scan with WeChat Pay")
        await pilot.press("t")
        await on(pilot, SummaryScreen)
        await sees(pilot, "do not pay the old code")

        await pilot.press("2")
        await on(pilot, CounterScreen)

        newest, oldest = sorted(room.ledger.orders([]), key=lambda order: order.tender)
        assert (newest.tender, newest.state) == ("cash", State.AUTHORIZING)
        assert (oldest.tender, oldest.state) == ("wechat", State.CANCELLING)
        assert newest.lines == oldest.lines


@pytest.mark.prove
async def test_who_goes_back_finds_what_was_typed(room: Room) -> None:
    """One step back is one step, not a fresh start."""
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await to_the_summary(pilot, "1")

        await pilot.press("escape")
        await on(pilot, PlanScreen)
        await pilot.press("escape")
        await on(pilot, NumberScreen)

        assert isinstance(app.screen, NumberScreen)
        assert app.screen.typed == SIM
