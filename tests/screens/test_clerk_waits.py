"""The kiosk's own clerk screen: how long the next try has to wait, and which way out a PIN is for."""

from __future__ import annotations

import threading

from kiosk.sign_in import MustWait
from screens.clerk import ClerkScreen, DoorScreen, end_words
from screens.frame import KioskScreen
from screens.welcome import WelcomeScreen
from tests.screens.counter.desk import touch
from tests.screens.room import Host, Room, on, seen, sees, settled


async def test_it_says_how_long_and_takes_the_right_pin_afterwards(room: Room) -> None:
    """The screen goes on meanwhile: it is asked in a thread."""
    answers: list[bool | MustWait] = [MustWait(90), False, True]

    def check(name: str, pin: str) -> bool:
        answer = answers.pop(0)
        if isinstance(answer, MustWait):
            raise answer
        return answer

    host = Host(room, lambda room: ClerkScreen(room, check, end_words))
    async with host.run_test(size=(100, 34)) as pilot:
        await on(pilot, ClerkScreen)
        await pilot.press(*"mei", "enter", *"975310", "enter")
        await sees(pilot, "possible in 1:30 min.")
        await pilot.press(*"975310", "enter")
        await sees(pilot, "do not match")
        await pilot.press(*"975310", "enter")
        await pilot.pause(0.3)

    assert host.answers == [True]


async def test_f10_says_which_way_out_the_pin_is_for_and_a_pin_that_is_looked_at_stays_with_it(room: Room) -> None:
    """The counter first; by key or touch the end, and the counter again. It never changes behind a typed PIN."""
    looked_at, done = threading.Event(), threading.Event()

    def check(name: str, pin: str) -> bool:
        looked_at.set()
        return done.wait(10)

    host = Host(room, lambda room: DoorScreen(room, check, counter=True))
    async with host.run_test(size=(100, 34)) as pilot:
        await sees(pilot, "For clerks: open the counter here")
        await pilot.press("f10")
        await sees(pilot, "For clerks: end the kiosk")
        await touch(pilot, "f10")
        await sees(pilot, "For clerks: open the counter here")
        door = host.screen
        assert isinstance(door, DoorScreen)
        await pilot.press(*"mei", "enter", *"975310", "enter")
        await settled(pilot, looked_at.is_set, "the PIN is looked at")
        await pilot.press("f10", "1", "enter")
        done.set()
        await settled(pilot, lambda: bool(host.answers), "the way out")

    assert host.answers == [True]
    assert (door.ends, door.clerk) == (False, "mei")


async def test_f10_twice_at_once_is_for_the_end(room: Room) -> None:
    """The second comes before the screen has its words: it is not lost, and nothing breaks."""
    host = Host(room, WelcomeScreen)
    host.has_counter = True
    async with host.run_test(size=(100, 34)) as pilot:
        await on(pilot, WelcomeScreen)
        screen = host.screen
        assert isinstance(screen, KioskScreen)
        screen.press("f10")
        screen.press("f10")

        await sees(pilot, "For clerks: end the kiosk")


async def test_where_no_counter_can_be_opened_the_pin_is_for_the_end(room: Room) -> None:
    """And no key says otherwise."""
    host = Host(room, lambda room: DoorScreen(room, lambda name, pin: True, counter=False))
    async with host.run_test(size=(100, 34)) as pilot:
        await sees(pilot, "For clerks: end the kiosk")
        await pilot.press("f10")
        await pilot.pause(0.2)

        await sees(pilot, "For clerks: end the kiosk")
        assert "F10" not in seen(pilot)
