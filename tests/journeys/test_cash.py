"""A stranger pays cash: from the welcome screen to the receipt, in a real terminal."""

from __future__ import annotations

import pytest

from tests.journeys.terminal import Terminal
from tests.world import PIN, SIM, World


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), pytest.param(120, 40, marks=pytest.mark.prove)])
def test_by_keyboard_alone_in_english(kiosk: World, columns: int, rows: int) -> None:
    """Type, choose, pay at the counter; screen, ledger, provider and paper agree."""
    with Terminal(kiosk, columns, rows) as terminal:
        terminal.wait_for("Choose your language")
        terminal.press("1")
        terminal.wait_for("What is the number of your card?")
        terminal.press(*SIM, "enter")
        terminal.wait_for("Choose a plan")
        terminal.press("5")
        terminal.wait_for("$24.50")
        terminal.press("1")
        terminal.wait_for("Please pay")
        order = kiosk.orders()[0]
        kiosk.run("cash", order["reference"], "--clerk", "mei", "--tendered", "30", pin=PIN)
        terminal.wait_for("Delivered: 10 GB")
        terminal.wait_for("receipt is printed")
        terminal.press("enter")
        seen = terminal.wait_for("Choose your language")

    assert "0635" not in seen.replace(" ", "")
    assert kiosk.orders()[0]["state"] == "COMPLETED"
    assert [row["description"] for row in kiosk.delivered()] == [order["reference"] + "T1"]
    assert len(kiosk.twin.receipts) == 1
    kiosk.run("verify")


@pytest.mark.prove
def test_a_clerk_confirms_at_the_kiosk_itself_where_the_owner_allows_it(kiosk: World) -> None:
    """K, name, PIN: a wrong one takes nothing, a right one is on record with the clerk's name."""
    text = kiosk.config.read_text(encoding="utf-8")
    kiosk.config.write_text(text.replace("[tenders.cash]", "[tenders.cash]\nat_kiosk = true"), encoding="utf-8")
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("Choose your language")
        terminal.press("1")
        terminal.wait_for("What is the number of your card?")
        terminal.press(*SIM, "enter")
        terminal.wait_for("Choose a plan")
        terminal.press("5")
        terminal.wait_for("How would you like to pay?", "$24.50")
        terminal.press("1")
        terminal.wait_for("Please pay")
        terminal.press("k")
        terminal.wait_for("$24.50 in cash was taken")
        terminal.press(*"mei", "enter", *"000000", "enter")
        terminal.wait_for("do not match")
        assert kiosk.orders()[0]["state"] == "AUTHORIZING"
        terminal.press(*PIN, "enter")
        terminal.wait_for("Delivered: 10 GB")

    paid = kiosk.rows("SELECT by, body FROM events WHERE event = 'paid'")[0]
    assert paid["by"] == "clerk:mei"
    assert PIN.encode() not in terminal.raw
    assert kiosk.orders()[0]["state"] == "COMPLETED"
