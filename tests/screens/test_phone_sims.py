"""A SIM known by its phone number: its owner says that it is theirs, and it is called so to the end."""

from __future__ import annotations

import pytest

from kiosk.errors import Refused
from kiosk.money import Money
from kiosk.order import State
from kiosk.plans import Plan
from screens.app import KioskApp
from screens.done import DoneScreen
from screens.number import NumberScreen
from screens.plan import PlanScreen
from screens.sim import SimScreen
from screens.summary import SummaryScreen
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, PHONE, PLANS, Host, Room, on, said, seen, sees, settled, speak, type_in

CREDIT = Plan("548-10.00", "10.00 USD", 0, 0, Money(970, "USD"))


@pytest.mark.parametrize(
    ("called", "question"), [("T-Mobile USA", "Is this your number and network?"), ("", "Is this your number?")]
)
async def test_a_phone_number_is_confirmed_before_any_plan_is_shown(either: Room, called: str, question: str) -> None:
    """Mistyped by one digit it is somebody else's, and the network tops that up as gladly."""
    either.network.called = called
    app = Host(either, lambda room: SimScreen(room, PHONE))
    async with app.run_test(size=NARROW) as pilot:
        await sees(pilot, question)
        shown, answers = seen(pilot), list(app.answers)

        await pilot.press("enter")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert "+1 305 555 0142" in shown
        assert called in shown
        assert answers == []
        assert (app.answers[0].number, app.answers[0].network) == (PHONE, called)


async def test_a_phone_number_that_is_not_theirs_is_typed_anew(either: Room) -> None:
    """By touch, in Chinese; no is no answer with a SIM."""
    app = Host(either, lambda room: SimScreen(room, PHONE))
    async with app.run_test(size=NARROW) as pilot:
        await sees(pilot, "Is this your number and network?")
        await speak(pilot, "zh")
        await sees(pilot, "T-Mobile USA")
        asked = said(pilot, "question")

        await pilot.click(app.screen.query(".foot-key")[0])
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert asked == "这是您的手机号和运营商吗？"
        assert app.answers == [None]


@pytest.mark.parametrize(
    ("says", "plans", "words"),
    [
        (Refused("unknown", code="unknown_sim"), PLANS, "This number was not found"),
        (Refused("no"), PLANS, "This number cannot be topped up"),
        (None, (), "This number takes no top-ups"),
    ],
)
async def test_a_phone_number_is_never_called_a_card(
    either: Room, says: Exception | None, plans: tuple[Plan, ...], words: str
) -> None:
    """Who typed a phone number has no card number to compare."""
    either.network.says, either.network.plans = says, plans
    app = Host(either, lambda room: SimScreen(room, PHONE))
    async with app.run_test(size=NARROW) as pilot:
        await sees(pilot, words)

        assert "card" not in seen(pilot)


async def test_the_plans_and_the_bill_name_number_and_network(either: Room) -> None:
    """The customer sees to the last moment whose number it is."""
    sim = either.network.sim(PHONE)
    app = Host(either, lambda room: PlanScreen(room, sim))
    async with app.run_test(size=NARROW) as pilot:
        await sees(pilot, "Choose a plan for phone +1 *** *** 0142")
        assert said(pilot, "hint") == "Mobile network: T-Mobile USA"
        await speak(pilot, "zh")
        await pilot.pause()
        assert "卡" not in said(pilot, "question")
    app = Host(either, lambda room: SummaryScreen(room, sim, PLANS[1]))
    async with app.run_test(size=NARROW) as pilot:
        await sees(pilot, "Phone +1 305 555 0142")
        await sees(pilot, "T-Mobile USA")
        await speak(pilot, "zh")
        await pilot.pause()
        assert said(pilot, "bill-number") == "手机号 +1 305 555 0142\nT-Mobile USA"


async def test_the_end_says_that_the_number_was_topped_up(either: Room) -> None:
    """Credit needs no mobile data switched on; the paper has the number's end and its network."""
    either.sell(number=PHONE, plan=CREDIT)
    either.pay_cash()
    either.work()
    app = Host(either, lambda room: DoneScreen(room, room.only_order()))
    async with app.run_test(size=NARROW) as pilot:
        await sees(pilot, "Your receipt is printed")
        headline, shown = said(pilot, "question"), seen(pilot)

    assert headline == "Delivered: 10.00 USD credit on your number"
    assert "card" not in shown
    assert "mobile data" not in shown
    assert "Phone number           +1 *** *** 0142" in shown
    assert "Mobile network            T-Mobile USA" in shown
    assert either.only_order().network == "T-Mobile USA"


async def test_a_customer_tops_up_a_phone_number_by_keyboard(either: Room) -> None:
    """From the welcome screen to the bill, and to an order of that number."""
    app = KioskApp(either)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await pilot.press("1")
        await on(pilot, NumberScreen)
        await type_in(pilot, "3055550142")
        await pilot.press("enter")
        await on(pilot, SimScreen)
        await sees(pilot, "Is this your number and network?")
        await pilot.press("enter")
        await on(pilot, PlanScreen)
        await pilot.press("2")
        await on(pilot, SummaryScreen)
        await pilot.press("2")
        await sees(pilot, "Please pay")

        order = either.only_order()

    assert (order.sim_number, order.network, order.state) == (PHONE, "T-Mobile USA", State.AUTHORIZING)


async def test_credit_is_told_to_be_no_data_before_it_is_paid(either: Room) -> None:
    """On the plan screen, of the plan that the arrows stand on; and on the summary, in each language."""
    either.network.plans = (CREDIT, PLANS[2])
    app = Host(either, lambda room: PlanScreen(room, room.network.sim(PHONE)))
    async with app.run_test(size=NARROW) as pilot:
        await sees(pilot, "Credit is money on the number, and no data by itself.")
        await pilot.press("right")
        await settled(pilot, lambda: "no data" not in said(pilot, "hint"), "only of credit")
    app = Host(either, lambda room: SummaryScreen(room, room.network.sim(PHONE), CREDIT))
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot, lambda: "no data by itself" in said(pilot, "coverage"), "no data")
        app.language = "zh"
        await settled(pilot, lambda: "本身不含流量" in said(pilot, "coverage"), "in Chinese, too")
