"""A price that changes between choice and payment: both are shown, and nothing is charged before a new yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot

from kiosk.money import Money
from kiosk.quotes import FRESH
from screens.app import KioskApp
from screens.number import NumberScreen
from screens.pay import CodeScreen, CounterScreen
from screens.plan import PlanScreen
from screens.scans import STALL_S
from screens.summary import SummaryScreen
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, PLANS, SIM, Host, Room, hand_over, on, said, sees, settled
from tests.screens.test_room_enough import LONG, cut

DEARER = tuple(replace(plan, wholesale=plan.wholesale + Money(300, "USD")) for plan in PLANS)
TODAY = {"name": {"en": "Last day", "zh": "最后一天"}, "percent": 20, "first_day": date(2026, 8, 1)}


async def to_the_summary(pilot: Pilot[None]) -> None:
    assert isinstance(pilot.app, KioskApp)
    await on(pilot, WelcomeScreen)
    hand_over(pilot.app, *SIM, "enter")
    await on(pilot, NumberScreen)
    await pilot.pause(STALL_S)  # an Enter right behind a scan is its second ending
    await pilot.press("enter")
    await on(pilot, PlanScreen)
    await pilot.press("2")
    await on(pilot, SummaryScreen)
    await sees(pilot, "in total")


def rise(room: Room) -> None:
    """Somebody asks about such a card, and learns that it has become dearer."""
    room.network.plans = DEARER
    room.inquiry.sim_now(SIM)


@pytest.mark.prove
async def test_a_price_that_rose_is_shown_with_the_old_one_and_needs_a_new_yes(room: Room) -> None:
    """In both languages; the order is opened at the price of the second yes, and knows what it costs us."""
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await to_the_summary(pilot)
        rise(room)
        await pilot.press("2")
        await settled(pilot, lambda: said(pilot, "hint") == "The price has changed: $23.50 before, now $27.50.")
        none = room.ledger.orders([])
        app.language = "zh"
        await sees(pilot, "原价 US$23.50")
        assert cut(app.screen) == []  # type: ignore[arg-type]
        await pilot.press("2")
        await on(pilot, CounterScreen)
        order = room.only_order()

        assert none == []
        assert (order.total, order.plan.wholesale) == (Money(2750, "USD"), Money(2100, "USD"))


async def test_a_promotion_that_ends_at_midnight_is_not_promised_after_it(tmp_path: Path) -> None:
    """The customer has lingered before the summary from one day into the next."""
    room = Room(tmp_path, promotions=[TODAY | {"last_day": date(2026, 8, 1)}])
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await to_the_summary(pilot)
        await sees(pilot, "Last day")
        room.time.go_on(hours=16)
        await pilot.press("2")
        await settled(pilot, lambda: said(pilot, "hint") == "The price has changed: $18.80 before, now $23.50.")
        none = room.ledger.orders([])
        await pilot.press("2")
        await on(pilot, CounterScreen)

        assert none == []
        assert room.only_order().total == Money(2350, "USD")
    room.close()


@pytest.mark.prove
async def test_another_way_to_pay_is_another_yes(room: Room) -> None:
    """The code was for 23.50; meanwhile it has become dearer, and the summary says both things."""
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await to_the_summary(pilot)
        await pilot.press("1")
        await on(pilot, CodeScreen)
        room.work()
        await sees(pilot, "Scan with WeChat Pay")
        rise(room)
        await pilot.press("t")
        await on(pilot, SummaryScreen)
        await settled(
            pilot, lambda: said(pilot, "hint").startswith("The price has changed: $23.50 before, now $27.50.")
        )
        assert "do not pay the old code" in said(pilot, "hint")
        await pilot.press("2")
        await on(pilot, CounterScreen)

        totals = {order.tender: order.total.amount_minor for order in room.ledger.orders([])}
        assert totals == {"wechat": 2350, "cash": 2750}


@pytest.mark.prove
async def test_another_language_is_no_other_price(room: Room) -> None:
    """What was chosen in English is not shown again because it is read in Chinese now."""
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await to_the_summary(pilot)
        app.language = "zh"
        await pilot.press("1")
        await on(pilot, CodeScreen)
        app.language = "en"
        await pilot.press("t")
        await on(pilot, SummaryScreen)
        await sees(pilot, "do not pay the old code")

        assert "changed" not in said(pilot, "hint")


@pytest.mark.prove
async def test_who_lingers_pays_by_a_fresh_price(room: Room) -> None:
    """The provider is asked anew in the background; nobody has to wait for it."""
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await to_the_summary(pilot)
        room.network.plans = DEARER
        room.time.go_on(seconds=FRESH.total_seconds() + 1)
        screen = app.screen
        assert isinstance(screen, SummaryScreen)
        await settled(pilot, lambda: not room.quote(screen.sim, PLANS[1]).same(screen.quote), "a fresh price")
        await pilot.press("2")

        await settled(pilot, lambda: said(pilot, "hint").startswith("The price has changed: $23.50 before"))
        assert room.ledger.orders([]) == []


@pytest.mark.prove
@pytest.mark.parametrize("changed", [False, True])
async def test_the_longest_of_it_is_not_cut(tmp_path: Path, changed: bool) -> None:
    """With every line that a summary may have, on the smallest terminal."""
    room = Room(tmp_path, **LONG)
    sim = room.network.sim(SIM)
    shown = room.quote(sim, PLANS[2])
    rise(room)
    app = Host(room, lambda room: SummaryScreen(room, sim, PLANS[2], changed=changed, shown=shown))
    found = {}
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SummaryScreen)
        for app.language in ("en", "zh"):
            await pilot.pause(0.2)
            found[app.language] = cut(app.screen)  # type: ignore[arg-type]
    room.close()

    assert found == {"en": [], "zh": []}
