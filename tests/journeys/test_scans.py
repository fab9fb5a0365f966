"""A keyboard-wedge scanner types faster than anyone: every burst arrives whole, back to back."""

from __future__ import annotations

import pytest

from tests.journeys.terminal import Terminal
from tests.journeys.visits import to_plans
from tests.world import SIM, World

pytestmark = pytest.mark.prove

UNKNOWN = "8901260862291477114"


def test_a_scan_on_the_welcome_screen_and_on_the_card_screen_starts_the_sale(kiosk: World) -> None:
    """On welcome it fills in the number; on the card screen it goes on by itself."""
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("Have ready")
        terminal.process.send(SIM + "\r")
        terminal.wait_for("The number is complete", "Choose a plan")
        terminal.press("esc")
    with Terminal(kiosk, 80, 24) as terminal:
        to_plans(terminal, "")
        terminal.process.send("]C1" + SIM + "\r")
        terminal.wait_for("Choose a plan")


@pytest.mark.parametrize("pairs", [4, 60])
def test_bursts_back_to_back_are_never_torn(kiosk: World, pairs: int) -> None:
    """Two scans in one write, again and again: the first goes on, whole; the second chooses nothing on the next."""
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("Have ready")
        terminal.press("1")
        terminal.wait_for("What is the number of your card?")
        for _ in range(pairs):
            terminal.process.send(UNKNOWN + "\r" + UNKNOWN + "\r")
            terminal.wait_for("This card was not found")
            terminal.press("esc")
            terminal.wait_for("What is the number of your card?")
            assert "too many" not in terminal.look(0.02)
            terminal.press(*["backspace"] * 3)

    assert kiosk.orders() == []
