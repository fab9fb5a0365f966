"""A scanner that does not type: its codes reach whatever screen is up, and its absence slows nothing."""

from __future__ import annotations

import threading
from collections import deque
from functools import partial
from pathlib import Path

import pytest

from devices.scanner_twin import Manner, ScannerTwin
from screens.clerk import ClerkScreen, end_words
from screens.number import NumberScreen
from screens.plan import PlanScreen
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, SIM, Host, Room, on, said, seen, sees, settled
from tests.screens.test_scans import Collecting


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screens.app.LISTEN_S", 0.01)
    monkeypatch.setattr("kiosk.scanning.AGAIN_S", 0.01)


@pytest.fixture
def beside(tmp_path: Path) -> Room:
    """A kiosk whose scanner is on a serial line."""
    return Room(tmp_path / "state", scanner={"kind": "serial", "device": str(tmp_path / "scanner")})


async def test_a_missing_scanner_is_told_to_the_clerk_and_a_plugged_one_starts_the_sale(
    beside: Room, tmp_path: Path
) -> None:
    """The clerk reads why; the customer scans as soon as it is there."""
    app = Host(beside, WelcomeScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await settled(pilot, lambda: "is not there" in getattr(app.scanning, "trouble", ""), "a trouble")
        app.push_screen(ClerkScreen(beside, lambda name, pin: False, end_words))
        await settled(pilot, lambda: "is not there: is its cable plugged in?" in said(pilot, "hint"), "the cause")
        await pilot.press("escape")
        await on(pilot, WelcomeScreen)
        with ScannerTwin(Manner("crlf", "]C1"), tmp_path / "scanner") as twin:
            await settled(pilot, lambda: bool(app.scanning and not app.scanning.trouble), "a scanner")
            twin.scan("4111111111111111")
            await sees(pilot, "That is a bank card")
            twin.scan(SIM)
            await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers == [SIM]
        assert "4111" not in seen(pilot)
    beside.close()


def has_come(screen: Collecting, count: int) -> bool:
    return len(screen.scans) >= count


@pytest.mark.prove
@pytest.mark.parametrize("piece", [0, 7])
async def test_five_hundred_scans_of_a_serial_line_reach_the_screen(beside: Room, tmp_path: Path, piece: int) -> None:
    """Back to back, whole or in pieces, while the screens are changing."""
    sent = [f"89{number:017d}" for number in range(500)]
    app = Host(beside, Collecting)
    async with app.run_test() as pilot:
        await on(pilot, Collecting)
        screen = app.screen
        assert isinstance(screen, Collecting)
        with ScannerTwin(Manner(piece=piece, pause_s=0.0), tmp_path / "scanner") as twin:
            await settled(pilot, lambda: bool(app.scanning and not app.scanning.trouble), "a scanner")
            await pilot.pause(0.1)
            sender = threading.Thread(target=lambda: deque(map(twin.scan, sent)))
            sender.start()
            for _ in range(20):
                app.language = "zh" if app.language == "en" else "en"
                await pilot.pause(0.01)
            for part in range(50, 501, 50):  # a busy machine takes its time
                await settled(pilot, partial(has_come, screen, part), f"{part} scans")
            sender.join()

        assert screen.scans == sent
    beside.close()


@pytest.mark.prove
@pytest.mark.parametrize("kind", [NumberScreen, PlanScreen])
async def test_two_scanners_at_once_press_nothing(beside: Room, tmp_path: Path, kind: type) -> None:
    """A serial one and noise from one that types: whole codes of the first are read, the noise chooses nothing."""
    from tests.screens.room import hand_over

    make = NumberScreen if kind is NumberScreen else lambda room: PlanScreen(room, room.network.sim(SIM))
    app = Host(beside, make)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, kind)
        with ScannerTwin(link=tmp_path / "scanner") as twin:
            await settled(pilot, lambda: bool(app.scanning and not app.scanning.trouble), "a scanner")
            for number in range(20):
                hand_over(app, *"1112223334445556667"[number % 10 :], "enter")
                hand_over(app, *"11122"[: 4 + number % 2], *("enter",) * (number % 2))
                twin.scan("5555555555554444")
                await pilot.pause(0.02)
            await pilot.pause(0.3)

        assert app.answers == []
        assert isinstance(app.screen, kind)
    beside.close()
