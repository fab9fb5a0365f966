"""A stranger whose SIM is known by its phone number: typed, confirmed, paid, delivered; in a real terminal."""

from __future__ import annotations

import pytest

from tests.journeys.terminal import Terminal
from tests.world import PIN, SIM, World

pytestmark = pytest.mark.prove


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40)])
def test_a_phone_number_is_topped_up_by_keyboard_and_cash(kiosk: World, columns: int, rows: int) -> None:
    """Screen, ledger, provider and paper agree on whose it is; a card beside it goes to the other provider."""
    kiosk.take_phones()
    with Terminal(kiosk, columns, rows) as terminal:
        terminal.wait_for("Choose your language")
        terminal.press("1")
        terminal.wait_for("What is the number of your card, or your US phone number?")
        terminal.press(*"305555014")
        terminal.wait_for("Phone number: 9 digits so far; 1 more.")
        terminal.press("2", "enter")
        terminal.wait_for("Is this your number and network?")
        terminal.wait_for("Training Mobile USA")
        terminal.press("enter")
        terminal.wait_for("Choose a plan for phone +1 *** *** 0142")
        terminal.press("1")
        terminal.wait_for("Phone +1 305 555 0142")
        terminal.press("1")
        terminal.wait_for("Please pay")
        order = kiosk.orders()[0]
        kiosk.run("cash", order["reference"], "--clerk", "mei", "--tendered", "100", pin=PIN)
        terminal.wait_for("Delivered: 10.00 USD credit on", seconds=40)
        terminal.wait_for("receipt is printed")
        terminal.press("enter")
        seen = terminal.wait_for("Choose your language")
        terminal.press("1")
        terminal.wait_for("What is the number of your card")
        terminal.press(*SIM, "enter")
        terminal.wait_for("Choose a plan for 8900")

    assert "555 0142" not in seen.replace("+1 305 555 0142", "")  # the help line's own
    (order,) = kiosk.orders()
    assert (order["state"], order["provider"], order["network"]) == ("COMPLETED", "reloadly", "Training Mobile USA")
    assert order["sim_number"] == "+1 *** *** 0142"
    (done,) = kiosk.books("reloadly/topups")
    assert (done["custom_identifier"], done["phone"]) == (order["reference"] + "T1", "13055550142")
    assert kiosk.delivered() == []
    assert len(kiosk.twin.receipts) == 1
    assert "5550142" not in (kiosk.state / "kiosk.log").read_text(encoding="utf-8")
    assert [found["reference"] for found in kiosk.found("0142")] == [order["reference"]]
    kiosk.run("verify")
