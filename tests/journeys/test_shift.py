"""A till's day in a real terminal, and the closing decoded from the printer's bytes."""

from __future__ import annotations

import re

import pytest

from tests.journeys.terminal import Terminal
from tests.world import PIN, World

pytestmark = pytest.mark.prove


def test_a_day_ends_with_a_closing_whose_paper_shows_the_totals(kiosk: World) -> None:
    """Change money, a cash sale, cash out, X, the count with a difference; the paper has every figure and the head."""
    with Terminal(kiosk, 80, 24, command="counter") as counter:
        counter.wait_for("Who is at the counter?", seconds=60)
        counter.press(*"mei", "enter", *PIN, "enter")
        counter.wait_for("Nothing needs anybody")
        counter.press("d")
        counter.wait_for("No shift is open")
        counter.press("b")
        counter.wait_for("A shift begins")
        counter.press(*"5x20", "enter", *PIN, "enter")
        counter.wait_for("S1 is open, with $100.00 change money")
        kiosk.sell()
        counter.press("o")
        counter.wait_for("Cash out")
        counter.press(*"5", "enter", *"stamps", "enter", *PIN, "enter")
        counter.wait_for("Cash out: 5.00 USD, stamps")
        counter.press("x")
        counter.wait_for("X: a reading")
        counter.press("p")
        counter.wait_for("The paper is printed")
        counter.press("esc")
        counter.wait_for("Shift S1 is open")
        counter.press("z")
        counter.wait_for("Count the till")
        assert "119.50" not in counter.look()
        counter.press(*"119", "enter")
        counter.wait_for("Short by $0.50")
        counter.press(*"unknown", "enter", *PIN, "enter")
        counter.wait_for("S1 is closed, Z 1. Short by $0.50. The paper is printed.")

    x, z = kiosk.twin.receipts[-2:]
    assert "The shift goes on: this closes nothing." in " ".join(x.split())
    for row in (
        r"Change money +\$100\.00",
        r"Cash taken +\$24\.50",
        r"Cash out +-\$5\.00",
        r"Must be in the till +\$119\.50",
        r"Counted +\$119\.00",
        r"Short +\$0\.50",
        r"1 x Cash +\$24\.50",
        r"In review +0",
    ):
        assert re.search(row, z), f"no {row} in:\n{z}"
    (head,) = re.findall(r"Ledger +(\d+:[0-9a-f]{20})", z)
    assert head in kiosk.run("shift", "show", "1")
    kiosk.run("verify", "--head", head)
