"""The counter in the place of a kiosk's screens: its clerk is there at once, and whatever ends it leaves nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from kiosk.clerks import Role
from kiosk.ledger.seats import call_staff, seats, step_to, take_seat
from screens.counter.here import CounterHere
from tests.screens.counter.desk import a_desk, reads, tap
from tests.screens.room import NARROW, Room, settled


@asynccontextmanager
async def here(room: Room) -> AsyncIterator[Pilot[None]]:
    """mei's PIN has opened it, on the smallest terminal."""
    async with CounterHere(room, "seat 1", "mei", Role.CLERK).run_test(size=NARROW) as pilot:
        await reads(pilot, "mei is signed in", "Nothing needs anybody", "mei at seat 1")
        yield pilot


def ends_of(room: Room) -> list[str]:
    """How mei's stays at this terminal ended."""
    events = [event for event in room.ledger.events() if event["by"] == "clerk:mei" and event["body"].get("terminal")]
    return [event["event"] for event in events if event["event"] != "signed_in"]


@pytest.mark.parametrize(("key", "how"), [("f9", "locked"), ("f10", "signed_out")])
async def test_locked_or_left_it_ends_and_asks_nobody_for_a_pin(desk: Room, key: str, how: str) -> None:
    """The screens for customers come in its place."""
    async with here(desk) as pilot:
        await reads(pilot, "F10  Kiosk")
        await tap(pilot, key)
        await settled(pilot, lambda: not pilot.app.is_running, "ended")
        assert pilot.app.return_code == 0

    assert ends_of(desk) == [how]


async def test_on_whatever_page_nobody_acts_it_ends(tmp_path: Path) -> None:
    """What stood there is gone with it."""
    room = a_desk(tmp_path, counter={"lock_after_s": 1})
    async with here(room) as pilot:
        await tap(pilot, "l")
        await settled(pilot, lambda: not pilot.app.is_running, "ended")

    assert ends_of(room) == ["locked"]
    room.close()


def test_a_clerk_at_the_kiosk_is_who_was_called(desk: Room) -> None:
    """And its seat says that no customer is there."""
    take_seat(desk.ledger, "1", 1, at=desk.time.now())
    call_staff(desk.ledger, "1", at=desk.time.now())
    step_to(desk.ledger, "1", "counter", "", at=desk.time.now())

    (seat,) = seats(desk.ledger, desk.time.now())
    assert (seat.step, seat.called) == ("counter", None)
