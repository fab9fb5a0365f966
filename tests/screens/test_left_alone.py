"""A payment that somebody has begun is never dropped by a timer: only the order's own end sends the screen away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from textual.pilot import Pilot

from kiosk.identifiers import grouped_reference
from kiosk.order import State
from kiosk.tenders.cash import Cash, Settings
from screens.app import KioskApp
from screens.done import DoneScreen
from screens.frame import KioskScreen
from screens.pay import AFTER_THE_END, PayScreen
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, SIM, Room, on, seen, settled, to_the_summary

HOURS = 6
WAYS = ["wechat", "alipay", "card", "cash"]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Every way to pay, with hours for it."""
    made = Room(tmp_path, tenders={name: {} for name in WAYS})
    for fake in (made.wallet, made.scanner, made.card):
        fake.time_to_pay = timedelta(hours=HOURS)
    cast("dict[str, Any]", made.tenders)["cash"] = Cash(Settings(expires_min=HOURS * 60))
    yield made
    made.close()


async def to_the_payment(pilot: Pilot[None], way: str) -> None:
    await to_the_summary(pilot)
    await pilot.press(str(WAYS.index(way) + 1))
    await on(pilot, PayScreen)


async def pass_by(pilot: Pilot[None], hours: int) -> None:
    """Nobody touches anything, by the screen's own clock."""
    screen = pilot.app.screen
    assert isinstance(screen, KioskScreen)
    screen._active_at -= hours * 3600
    await pilot.pause(0.6)


@pytest.mark.prove
@pytest.mark.parametrize("way", WAYS)
async def test_hours_at_a_payment_end_by_the_orders_own_expiry_alone(room: Room, way: str) -> None:
    """Then the order is the queue's, and the customer has a paper that says which one it was."""
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await to_the_payment(pilot, way)
        paying = app.screen
        for _ in range(HOURS - 1):
            room.work()
            room.time.go_on(seconds=3600)
            await pass_by(pilot, 1)
            assert app.screen is paying
            assert "Are you still there?" not in seen(pilot)
        assert room.only_order().state is State.AUTHORIZING
        assert room.paper.papers == []

        room.time.at = room.only_order().expires_at + AFTER_THE_END + timedelta(seconds=1)
        await on(pilot, DoneScreen)
        await settled(pilot, lambda: bool(room.paper.papers), "the slip")
        order, slip = room.only_order(), repr(room.paper.papers)
        await pass_by(pilot, 1)
        await on(pilot, WelcomeScreen)
        left = room.only_order()
        room.time.go_on(seconds=600)
        room.work()

        assert grouped_reference(order.reference) in slip
        assert left.state is State.AUTHORIZING
        assert room.only_order().state is State.ABANDONED
        assert SIM[-4:] not in seen(pilot)
