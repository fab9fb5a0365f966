"""Where the chosen plan works, on the plan screen and on the summary, in each language, and never half of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.plans import Place
from screens.plan import PlanScreen
from screens.summary import SummaryScreen
from tests.screens.room import NARROW, PLANS, SIM, WIDE, Host, Room, on, said, sees, settled
from tests.screens.test_room_enough import LONG, cut

USA, UK = Place("USA", "United States"), Place("GBR", "Great Britain")


async def test_the_plan_screen_says_it_of_the_chosen_plan(room: Room) -> None:
    """The one that the arrows stand on; of a plan that nobody says it of, nothing."""
    room.network.plans = (replace(PLANS[0], coverage=(USA,)), replace(PLANS[1], coverage=(UK,)), PLANS[2])
    app = Host(room, lambda room: PlanScreen(room, room.network.sim(SIM)))
    async with app.run_test(size=WIDE) as pilot:
        await on(pilot, PlanScreen)
        await settled(pilot, lambda: said(pilot, "hint").endswith("Works in: United States"))
        await pilot.press("right")
        await settled(pilot, lambda: said(pilot, "hint").endswith("Works in: United Kingdom"))
        app.language = "zh"
        await settled(pilot, lambda: said(pilot, "hint").endswith("适用于：英国"))
        await pilot.press("right")
        await settled(pilot, lambda: "适用于" not in said(pilot, "hint"))


async def test_the_summary_says_it_in_the_owners_words(tmp_path: Path) -> None:
    """Where nobody says it, there is no empty line for it."""
    room = Room(tmp_path, coverage={PLANS[1].id: {"en": "USA and Canada", "zh": "美国和加拿大"}})
    for plan, words in ((PLANS[1], ("Works in: USA and Canada", "适用于：美国和加拿大")), (PLANS[0], None)):
        app = Host(room, lambda room, plan=plan: SummaryScreen(room, room.network.sim(SIM), plan))  # type: ignore[misc]
        async with app.run_test(size=NARROW) as pilot:
            await on(pilot, SummaryScreen)
            await sees(pilot, "in total")
            if words:
                await sees(pilot, words[0])
                app.language = "zh"
                await sees(pilot, words[1])
            assert app.screen.query_one("#coverage").display is bool(words)
    room.close()


@pytest.mark.prove
@pytest.mark.parametrize("name", ["plan", "summary"])
@pytest.mark.parametrize("much", [True, False], ids=["much else to say", "little else to say"])
async def test_nothing_is_cut_for_its_sake(tmp_path: Path, name: str, much: bool) -> None:
    """Many places, on the smallest terminal; a shop with much to say leaves it to the receipt."""
    room = Room(tmp_path, **(LONG if much else {}))
    places = tuple(Place(code, code) for code in ("USA", "CAN", "MEX", "GBR", "FRA", "DEU", "ESP"))
    room.network.plans = tuple(replace(plan, coverage=places) for plan in PLANS) * 3
    sim = room.network.sim(SIM)
    make = {"plan": lambda room: PlanScreen(room, sim), "summary": lambda room: SummaryScreen(room, sim, sim.plans[1])}
    app = Host(room, make[name])  # type: ignore[arg-type]
    found = {}
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, PlanScreen if name == "plan" else SummaryScreen)
        for app.language in ("en", "zh"):
            await pilot.pause(0.2)
            found[app.language] = cut(app.screen)  # type: ignore[arg-type]
    room.close()

    assert found == {"en": [], "zh": []}


async def test_on_the_smallest_terminal_what_is_left_is_said_shorter_for_it(room: Room) -> None:
    """Both facts stand there; what is left, and until when, in full where the line has room."""
    room.network.plans = (replace(PLANS[0], coverage=(USA,)),)
    now = room.time.now()
    sim = replace(room.network.sim(SIM), left_mb=1210, left_until=now, as_of=now)
    for size, words in (
        (NARROW, "1.2 GB left. Works in: United States"),
        (WIDE, "as of 08:00. Works in: United States"),
    ):
        app = Host(room, lambda room: PlanScreen(room, sim))
        async with app.run_test(size=size) as pilot:
            await on(pilot, PlanScreen)
            await settled(pilot, lambda words=words: said(pilot, "hint").endswith(words))  # type: ignore[misc]
