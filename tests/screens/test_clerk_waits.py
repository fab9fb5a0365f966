"""The kiosk's own clerk screen: after too many wrong PINs it says how long the next try has to wait."""

from __future__ import annotations

from kiosk.sign_in import MustWait
from screens.clerk import ClerkScreen, end_words
from tests.screens.room import Host, Room, on, sees


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
