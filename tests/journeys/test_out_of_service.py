"""A defect in a screen: out of service for seconds, then service; no traceback, no shell, and the money is safe."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.terminal import Terminal
from tests.journeys.visits import CASH, TEN_GB, to_plans
from tests.world import PIN, World

pytestmark = pytest.mark.prove

PLANTS = Path(__file__).parent / "plants"


def provoke(kiosk: World, terminal: Terminal, plant: str) -> None:
    """Go as far as the planted defect lets."""
    if plant == "handler":  # the first digit is enough; more of them would be typed into the kiosk that comes next
        terminal.wait_for("Choose your language")
        terminal.press("1")
        terminal.wait_for("What is the number of your card?")
        terminal.press("8")
        return
    to_plans(terminal)
    if plant == "renderer":
        return
    terminal.wait_for("Choose a plan")
    terminal.press(TEN_GB)
    terminal.wait_for("Is this right?")
    terminal.press(CASH)


@pytest.mark.parametrize("plant", ["handler", "timer", "worker", "renderer"])
def test_a_planted_exception_ends_in_service_again(kiosk: World, tmp_path: Path, plant: str) -> None:
    """The customer sees a sentence, the clerk the cause, the log the traceback; the order in progress is settled."""
    kiosk.env |= {"PLANT": plant, "PLANTED": str(tmp_path / "planted"), "PYTHONPATH": str(PLANTS)}
    with Terminal(kiosk, 80, 24) as terminal:
        provoke(kiosk, terminal, plant)
        seen = terminal.wait_for("Out of service")
        assert "What was paid is safe" in seen
        assert "RuntimeError" in seen
        assert "Starting again in 1 s" in seen
        terminal.press("1")  # meant for nothing that stands there
        terminal.wait_for("Choose your language")
        assert "Choose your language" in terminal.look(0.5)
        for order in kiosk.orders():
            kiosk.run("cash", order["reference"], "--clerk", "mei", pin=PIN)
            kiosk.wait_for("SELECT 1 FROM orders WHERE state = 'COMPLETED'")

    assert (tmp_path / "planted").exists()
    assert b"Traceback" not in terminal.raw
    assert "planted" in (kiosk.state / "kiosk.log").read_text(encoding="utf-8")
