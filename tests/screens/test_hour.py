"""The summary in a bad hour: what to expect, in minutes, in both languages; and nothing about it in a usual one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.sale import take_cash
from screens.summary import SummaryScreen
from tests.screens.room import NARROW, PLANS, SIM, WIDE, Host, Room, on, said, settled


def summary(room: Room) -> Host:
    return Host(room, lambda room: SummaryScreen(room, room.network.sim(SIM), PLANS[1]))


def evening(room: Room, *, minutes: float, failing: int = 0) -> None:
    """Six customers in a row, whose top-ups take so long; so many of them fail."""
    for number in range(6):
        room.network.takes = timedelta(minutes=minutes)
        room.network.fails = number < failing
        order, now = room.sell(), room.time.now()
        take_cash(room.ledger, order, order.total, by="mei", at=now, review_by=now)
        for _ in range(8):
            room.work()
            room.time.go_on(seconds=60)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_slow_hour_is_said_in_minutes(room: Room, size: tuple[int, int]) -> None:
    """Before anything is paid."""
    evening(room, minutes=4)
    app = summary(room)
    async with app.run_test(size=size) as pilot:
        await on(pilot, SummaryScreen)
        await settled(pilot, lambda: "takes about" in said(pilot, "hint"))
        english = said(pilot, "hint")
        app.language = "zh"
        await settled(pilot, lambda: "分钟" in said(pilot, "hint"))

        assert english in [f"At this hour a top-up takes about {minutes} minutes." for minutes in (4, 5, 6, 7, 8)]
        assert said(pilot, "hint").startswith("目前时段充值约需 ")


async def test_an_hour_in_which_many_fail_is_said_so(room: Room) -> None:
    """And what becomes of the money."""
    evening(room, minutes=0, failing=3)
    app = summary(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SummaryScreen)

        await settled(pilot, lambda: said(pilot, "hint") == "At this hour some top-ups fail. What fails is given back.")


async def test_a_usual_hour_is_not_talked_about(room: Room) -> None:
    """Top-ups of seconds."""
    evening(room, minutes=0)
    app = summary(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SummaryScreen)

        await settled(pilot, lambda: said(pilot, "hint") == "Nothing is charged before you pay.")
