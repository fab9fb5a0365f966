"""Who stands at the counter is known; nobody else does anything there."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from screens.counter.sign_in import SignInScreen
from screens.parts import Touch
from tests.screens.counter.desk import PIN, WRONG, a_desk, counter, reads, sign_in, signed_in, tap
from tests.screens.room import Room, seen, settled


async def test_the_head_names_who_is_signed_in(desk: Room) -> None:
    """And the PIN was never shown."""
    async with counter(desk) as pilot:
        await pilot.press(*"mei", "enter", *PIN)
        assert PIN not in seen(pilot)

        await pilot.press("enter")

        await reads(pilot, "mei is signed in", "Nothing needs anybody")


@pytest.mark.prove
async def test_five_wrong_pins_make_the_next_try_wait(desk: Room) -> None:
    """It says how long; another start of the counter forgives nothing."""
    async with counter(desk) as pilot:
        await pilot.press(*"mei", "enter")
        for _ in range(5):
            await pilot.press(*WRONG, "enter")
            await reads(pilot, "do not match")
            await pilot.press("a", "backspace")
        await pilot.press(*PIN, "enter")
        await reads(pilot, "0:30 min")
    async with counter(desk) as pilot:
        await pilot.press(*"mei", "enter", *PIN, "enter")
        await reads(pilot, "The next try is possible in")
        desk.time.go_on(seconds=30)
        await pilot.press(*PIN, "enter")
        await reads(pilot, "mei is signed in")


@pytest.mark.prove
async def test_it_locks_itself_when_nobody_touches_it(tmp_path: Path) -> None:
    """Whatever was on the screen is gone, and what was typed with it."""
    room = a_desk(tmp_path, counter={"lock_after_s": 1.5})
    async with signed_in(room) as pilot:
        await tap(pilot, "l")
        await pilot.press(*"secret")
        await settled(pilot, lambda: isinstance(pilot.app.screen, SignInScreen), "locked")

        await reads(pilot, "nobody is signed in", "nobody has touched it")
        assert "secret" not in seen(pilot)
        await sign_in(pilot, "bob")
        await reads(pilot, "bob is signed in")
    room.close()


async def test_f9_locks_and_f10_ends(desk: Room) -> None:
    """For who leaves the counter, for a moment or for the day."""
    async with signed_in(desk) as pilot:
        await pilot.press("f9")
        await reads(pilot, "Who is at the counter?")
        await sign_in(pilot, "bob")
        await reads(pilot, "bob is signed in", "Nothing needs anybody")
        await pilot.press("f9")
        await reads(pilot, "Who is at the counter?")
        await pilot.press("f10")
        await settled(pilot, lambda: not pilot.app.is_running, "ended")


async def test_a_pin_that_is_typed_fast_stands_nowhere(desk: Room) -> None:
    """All keys before the program has looked at one of them, as on a machine that is busy: each in its own field."""
    async with counter(desk) as pilot:
        for key in (*"mei", "enter", *PIN, "enter"):
            pilot.app.post_message(events.Key(key, None if key == "enter" else key))

        await reads(pilot, "mei is signed in", "Nothing needs anybody")


async def test_keys_that_stay_as_they_are_are_not_painted_again(desk: Room) -> None:
    """The screen looks ten times a second whether something is done; a terminal over a slow line hears none of it."""
    async with counter(desk) as pilot:
        before = [touch.visual for touch in pilot.app.screen.query(Touch)]
        await pilot.pause(0.4)

        after = [touch.visual for touch in pilot.app.screen.query(Touch)]

    assert before
    assert all(one is other for one, other in zip(before, after, strict=True))
