"""Scans and typing: a burst of keys is one code, whatever screen is up; a hand's keys stay keys."""

from __future__ import annotations

import asyncio

import pytest
from textual import events
from textual.app import ComposeResult

from kiosk.scanned import Scan
from screens.frame import KioskScreen
from screens.number import NumberScreen
from screens.parts import Words
from screens.plan import PlanScreen
from screens.scans import Part, Scans
from screens.welcome import WelcomeScreen
from tests.screens.room import OTHER, SIM, Host, Room, hand_over, on, sees, settled


def fed(scans: Scans, keys: list[str], start: float, gap: float) -> list[str | Part]:
    return [scans.take(key, start + number * gap) for number, key in enumerate(keys)]


def test_a_burst_that_ends_in_enter_is_one_scan() -> None:
    """Nineteen digits in no time are the scanner's."""
    said = fed(Scans(), [*SIM, "enter"], 1.0, 0.001)

    assert said == [Part.TYPED] * 19 + [SIM]


def test_a_hand_is_never_taken_for_a_scanner() -> None:
    """The same keys, slowly, are typing, and Enter is Enter."""
    assert set(fed(Scans(), [*SIM, "enter"], 1.0, 0.08)) == {Part.TYPED}


def test_a_burst_that_a_busy_machine_reads_in_pieces_is_one_scan() -> None:
    """A fifth of a second between two reads tears no code; a hand's pace is not saved up over a code."""
    scans = Scans()
    fed(scans, list(SIM[:7]), 1.0, 0.001)

    assert fed(scans, [*SIM[7:], "enter"], 1.2, 0.001)[-1] == SIM
    assert set(fed(Scans(), [*SIM, "enter"], 1.0, 0.05)) == {Part.TYPED}


def test_what_was_typed_before_a_scan_is_not_part_of_it() -> None:
    """A customer gives up typing and reaches for the scanner."""
    scans = Scans()
    fed(scans, ["8", "9", "0"], 1.0, 0.2)

    assert fed(scans, [*SIM, "enter"], 5.0, 0.001)[-1] == SIM


def test_a_line_feed_after_the_return_is_swallowed() -> None:
    """Scanners end with CR, LF, both, or a tab: the second sign must press nothing."""
    said = fed(Scans(), [*SIM, "enter", "enter"], 1.0, 0.001)

    assert said[-2:] == [SIM, Part.SWALLOWED]


def test_a_tab_ends_a_scan_too() -> None:
    """Some scanners end with a tab."""
    assert fed(Scans(), [*SIM, "tab"], 1.0, 0.001)[-1] == SIM


class Collecting(KioskScreen[None]):
    """Keeps the scans it gets, and the keys."""

    types = True

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.scans: list[str] = []

    def body(self) -> ComposeResult:
        yield Words(id="nothing")

    def relabel(self) -> None:
        """No words."""

    def take(self, key: str) -> None:
        assert key != "enter", "the end of a scan was torn off"

    def scanned(self, scan: Scan) -> None:
        self.scans.append(scan.text)


def burst(app: Host, text: str) -> None:
    """What the terminal hands over when a scanner types."""
    hand_over(app, *text, "enter")


@pytest.mark.prove
async def test_five_hundred_scans_back_to_back_are_five_hundred_scans(room: Room) -> None:
    """None is lost, none runs into the next."""
    codes = [f"89{number:017d}" for number in range(500)]
    app = Host(room, Collecting)
    async with app.run_test() as pilot:
        await on(pilot, Collecting)
        screen = app.screen
        assert isinstance(screen, Collecting)

        for code in codes:
            burst(app, code)
        await settled(pilot, lambda: len(screen.scans) >= 500, "500 scans")

        assert screen.scans == codes


async def test_a_scan_replaces_what_was_typed_and_goes_on_by_itself(room: Room) -> None:
    """A scanned number that is right needs no Enter."""
    app = Host(room, NumberScreen)
    async with app.run_test() as pilot:
        await on(pilot, NumberScreen)
        await pilot.press("8", "9", "1")

        burst(app, OTHER)
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers == [OTHER]


async def test_a_scan_on_the_welcome_screen_is_the_card_number(room: Room) -> None:
    """A customer who scans first chose no language: the first digits must not either."""
    app = Host(room, WelcomeScreen)
    async with app.run_test() as pilot:
        await on(pilot, WelcomeScreen)

        burst(app, SIM)
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers == [SIM]
        assert app.language == "en"


async def test_a_slow_scanner_chooses_nothing_either(room: Room) -> None:
    """Its code takes longer than a key is held; each sign holds those before it."""
    app = Host(room, lambda room: PlanScreen(room, room.network.sim(SIM)))
    async with app.run_test() as pilot:
        await on(pilot, PlanScreen)

        for sign in "1112223334445556667":
            hand_over(app, sign)
            await asyncio.sleep(0.005)
        app.post_message(events.Key("enter", "\r"))
        await pilot.pause(0.15)

        assert app.answers == []


async def test_a_scan_among_the_plans_buys_nothing(room: Room) -> None:
    """Where digits choose, a scan's digits do not."""
    app = Host(room, lambda room: PlanScreen(room, room.network.sim(SIM)))
    async with app.run_test() as pilot:
        await on(pilot, PlanScreen)

        burst(app, "1112223334445556667")
        await pilot.pause(0.15)

        assert app.answers == []
        assert isinstance(app.screen, PlanScreen)


@pytest.mark.parametrize("keys", ["8900", "89000004\r", "1\r" * 3], ids=["cable pulled", "half", "noise behind a scan"])
async def test_half_a_scan_chooses_nothing(room: Room, keys: str) -> None:
    """A cable that is pulled, a paper that slips, a second scanner that types into the first one's code."""
    app = Host(room, lambda room: PlanScreen(room, room.network.sim(SIM)))
    async with app.run_test() as pilot:
        await on(pilot, PlanScreen)

        if keys.startswith("1"):
            burst(app, "1112223334445556667")
        hand_over(app, *("enter" if key == "\r" else key for key in keys))
        await pilot.pause(0.3)

        assert app.answers == []


async def test_a_scan_presses_no_key_of_a_screen_that_is_about_to_close(room: Room) -> None:
    """Somebody is there: that is all it says."""

    class Dying(PlanScreen):
        idle_s = 60.0
        warn_s = 60.0

    app = Host(room, lambda room: Dying(room, room.network.sim(SIM)))
    async with app.run_test() as pilot:
        await on(pilot, Dying)
        await sees(pilot, "Are you still there?")
        screen = app.screen
        assert isinstance(screen, Dying)
        screen.warn_s = 1.0

        hand_over(app, *SIM, "enter", "ctrl+j", "tab")
        await settled(pilot, lambda: not screen.query_one("#still-there").display, "a quiet screen")

        assert app.answers == []


async def test_a_key_that_still_waits_when_the_kiosk_ends_is_nobodys(room: Room) -> None:
    """Its moment comes when there is no screen any more: that is no defect to end with."""
    app = Host(room, lambda room: PlanScreen(room, room.network.sim(SIM)))
    async with app.run_test() as pilot:
        await on(pilot, PlanScreen)
        hand_over(app, "9")
        await pilot.pause(0.01)
    app._wedge._held = [events.Key("9", "9")]

    await app._wedge._let_go()

    assert app.answers == []
