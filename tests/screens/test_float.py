"""A plan that the shop's float does not cover: shown, and not sold. The customer never learns what we pay."""

from __future__ import annotations

import pytest

from kiosk.ledger.floats import Float, note_float
from kiosk.money import Money
from screens.plan import PlanScreen
from tests.screens.room import NARROW, PLANS, SIM, WIDE, Host, Room, on, seen, sees, settled


@pytest.mark.prove
@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_plan_that_the_float_does_not_cover_cannot_be_chosen(room: Room, size: tuple[int, int]) -> None:
    """18.00 is left: the dearest plan says so, and no digit, Enter or finger takes it; the others are sold."""
    note_float(room.ledger, "airtime", Float(Money(18_00, "USD"), room.time.now(), False))
    app = Host(room, lambda room: PlanScreen(room, room.network.sim(SIM)))
    async with app.run_test(size=size) as pilot:
        await on(pilot, PlanScreen)
        await sees(pilot, "not available")
        english = seen(pilot)
        app.language = "zh"
        await sees(pilot, "暂时无法购买")

        await pilot.press("3", "right", "right", "enter")
        await pilot.click(app.screen.query(".plan-price")[2])
        await pilot.pause(0.3)
        tried = list(app.answers)
        await pilot.press("2")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert english.count("not available") == 1
        assert "18.00" not in english
        assert tried == []
        assert app.answers == [PLANS[1]]
