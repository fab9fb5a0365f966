"""A card that nobody could look at: what the customer is told from screen to screen, and what becomes of the money."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from kiosk.errors import Refused, Unreachable
from kiosk.order import State
from kiosk.ways import LineState
from screens.app import KioskApp
from screens.delivery import DeliveryScreen
from screens.done import DoneScreen
from screens.frame import KioskScreen
from screens.number import NumberScreen
from screens.parts import Tile
from screens.pay import CounterScreen
from screens.plan import PlanScreen
from screens.sim import SimScreen
from screens.summary import SummaryScreen
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, PLANS, SIM, Host, Room, on, said, seen, sees, settled, type_in
from tests.screens.test_room_enough import LONG, cut

RULES = {"orders_max": 3, "amount_max": "500.00", "oldest_max_h": 2, "tenders": ["cash"], "catalogue_max_h": 12}


@pytest.fixture
def lenient(tmp_path: Path) -> Iterator[Room]:
    """A kiosk that may sell unseen cards; its provider was asked about one at 8:00 in New York, and is away since."""
    made = Room(tmp_path, offline=RULES, promotions=LONG["promotions"], charges=LONG["charges"])
    away(made)
    yield made
    made.close()


def away(room: Room) -> None:
    room.inquiry.sim_now(SIM)
    room.network.says = Unreachable("nothing came back", sent=False)
    room.network.weather = lambda asked: "down"
    room.time.go_on(hours=1)


async def to_the_summary(pilot: Pilot[None]) -> None:
    await on(pilot, WelcomeScreen)
    await pilot.press("1")
    await on(pilot, NumberScreen)
    await type_in(pilot, SIM)
    await pilot.press("enter")
    await on(pilot, SimScreen)
    await sees(pilot, "prices of 08:00")
    await pilot.press("enter")
    await on(pilot, PlanScreen)
    await sees(pilot, "Not checked; prices of 08:00. No top-up: your money back.")
    await pilot.press("1")
    await on(pilot, SummaryScreen)


async def test_the_customer_is_told_before_any_plan_is_shown(lenient: Room) -> None:
    """In both languages: that nobody looked at the card, how old the prices are, and what becomes of the money."""
    app = Host(lenient, lambda room: SimScreen(room, SIM))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SimScreen)
        await settled(pilot, lambda: said(pilot, "hint") == "If it takes no top-up, you get your money back.")
        english, keys = said(pilot, "sim-says"), seen(pilot)
        app.language = "zh"
        await sees(pilot, "08:00 的价格")
        await pilot.press("enter")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert english == "Your card could not be checked. You can top it up all the same, at the prices of 08:00."
        assert "Try again" in keys
        assert app.line is LineState.DOWN
        assert app.answers[0].remembered_at is not None


async def test_a_line_that_is_back_is_found_by_trying_again(lenient: Room) -> None:
    """R asks once more, and the provider's own word takes the place of what is remembered."""
    app = Host(lenient, lambda room: SimScreen(room, SIM))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SimScreen)
        await sees(pilot, "prices of 08:00")
        lenient.network.says = None
        await pilot.press("r")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers[0].remembered_at is None


@pytest.mark.prove
@pytest.mark.parametrize(
    "rules",
    [RULES | {"catalogue_max_h": 0}, RULES | {"tenders": ["wechat"]}, RULES | {"amount_max": "0.01"}],
    ids=["switched off", "no way to pay", "beyond the limit"],
)
async def test_nobody_is_led_on_who_could_not_pay(tmp_path: Path, rules: dict[str, object]) -> None:
    """Then the screen says what it always said."""
    room = Room(tmp_path, offline=rules)
    away(room)
    app = Host(room, lambda room: SimScreen(room, SIM))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SimScreen)
        await sees(pilot, "The mobile network does not answer. Nothing was charged.")
        await pilot.press("enter")
        await pilot.pause(0.1)

        assert app.answers == []
    room.close()


@pytest.mark.prove
async def test_a_card_sold_unseen_that_the_network_does_not_know_ends_given_back(lenient: Room) -> None:
    """A whole visit: told three times, paid, left; then the network says no, and the money goes back."""
    app = KioskApp(lenient)
    async with app.run_test(size=NARROW) as pilot:
        await to_the_summary(pilot)
        await settled(pilot, lambda: said(pilot, "hint").startswith("Prices of 08:00. Your card could not be checked:"))
        assert cut(app.screen) == []  # type: ignore[arg-type]
        await pilot.press("2")
        await on(pilot, CounterScreen)
        lenient.pay_cash()
        await on(pilot, DeliveryScreen)
        lenient.work()
        waiting = lenient.only_order().state
        lenient.network.weather = lambda asked: Refused("it does not know this SIM", code="unknown_sim")
        lenient.time.go_on(minutes=10)
        lenient.work()
        await on(pilot, DoneScreen)
        await sees(pilot, "not possible")

        assert waiting is State.SUBMITTING
        assert lenient.only_order().state is State.REFUNDING


@pytest.mark.prove
@pytest.mark.parametrize("name", ["sim", "plan", "summary"])
async def test_nothing_of_it_is_cut_on_the_smallest_terminal(tmp_path: Path, name: str) -> None:
    """In both languages, with a wordy shop, and prices of another day."""
    room = Room(tmp_path, offline=RULES | {"catalogue_max_h": 100}, **LONG)
    away(room)
    room.time.go_on(days=2)
    sim = room.unseen(SIM)
    assert sim is not None
    screens: dict[str, Callable[[Room], KioskScreen[Any]]] = {
        "sim": lambda room: SimScreen(room, SIM),
        "plan": lambda room: PlanScreen(room, sim),
        "summary": lambda room: SummaryScreen(room, sim, sim.plans[1]),
    }
    app = Host(room, screens[name])
    found = {}
    async with app.run_test(size=NARROW) as pilot:
        await sees(pilot, "1 Aug 2026")
        for app.language in ("en", "zh"):
            await pilot.pause(0.2)
            found[app.language] = cut(app.screen)  # type: ignore[arg-type]
    room.close()

    assert found == {"en": [], "zh": []}


async def test_eight_plans_have_room_below_it(tmp_path: Path) -> None:
    """Cheaper for a week, on the smallest terminal, with prices of another day: no plan is cut off."""
    room = Room(tmp_path, offline=RULES | {"catalogue_max_h": 100}, **LONG)
    room.network.plans = tuple(replace(PLANS[0], id=f"plan-{number}") for number in range(8))
    away(room)
    room.time.go_on(days=2)
    sim = room.unseen(SIM)
    assert sim is not None
    app = Host(room, lambda room: PlanScreen(room, sim))
    async with app.run_test(size=NARROW) as pilot:
        await sees(pilot, "1 Aug 2026")
        for app.language in ("en", "zh"):
            await pilot.pause(0.2)
            body = app.screen.query_one("#body").region
            outside = [tile.key for tile in app.screen.query(Tile) if not body.contains_region(tile.region)]
            assert outside == []
    room.close()
