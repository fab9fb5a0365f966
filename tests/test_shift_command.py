"""`kiosk shift`: a whole day of a till without a screen."""

from __future__ import annotations

import json

import pytest

from tests.world import PIN, World

MEI = ("--clerk", "mei")


@pytest.mark.prove
def test_a_day_of_a_till_from_the_command_line(kiosk: World) -> None:
    """Change money, cash in, a blind count from standard input, a difference that needs a reason, the paper."""
    kiosk.run("shift", "open", "--change-money", "5x20", *MEI, pin=PIN)
    assert "Cash in: 10.00 USD, coins." in kiosk.run("shift", "in", "10", "--reason", "coins", *MEI, pin=PIN)
    refused = kiosk.run("shift", "close", *MEI, pin=f"{PIN}\n109.50", code=9)
    assert "there must be $110.00: short, $0.50" in refused
    assert "A difference needs a reason" in refused
    closed = kiosk.run("shift", "close", "--counted", "109.50", "--reason", "unknown", *MEI, pin=PIN)
    assert "S1 is closed, Z 1. Short by $0.50.\nThe paper is printed." in closed
    told = json.loads(kiosk.run("shift", "show", "1", "--json"))

    assert [move["way"] for move in told["moves"]] == ["in", "counted", "counted"]
    assert told["difference"] == {"amount_minor": -50, "currency": "USD"}
    assert told["closed_by"] == "clerk:mei"
    (paper,) = kiosk.twin.receipts
    assert told["ledger"][:22] in paper
    assert "Short" in paper


@pytest.mark.prove
def test_readings_lists_and_copies_from_the_command_line(kiosk: World) -> None:
    """An owner's reading says what must be there, a clerk's does not; a closing is shown, listed and printed again."""
    kiosk.hire("bob", "clerk")
    kiosk.run("shift", "open", "--change-money", "100", *MEI, pin=PIN)
    kiosk.sell()
    assert "Must be in the till" in kiosk.run("shift", "x", *MEI, pin=PIN)
    assert "Must be in the till" not in kiosk.run("shift", "x", "--clerk", "bob", "--print", pin=PIN)
    assert "expected" not in kiosk.run("shift", "x", "--clerk", "bob", "--json", pin=PIN)
    assert json.loads(kiosk.run("shift", "x", *MEI, "--json", pin=PIN))["expected"]["amount_minor"] == 12450
    assert "this closes nothing" in kiosk.twin.receipts[-1]
    assert "open already" in kiosk.run("shift", "open", "--change-money", "1", *MEI, pin=PIN, code=9)
    assert "not the PIN" in kiosk.run("shift", "out", "1", "--reason", "x", *MEI, pin="000000", code=4)
    kiosk.run("shift", "close", "--counted", "124.50", "--clerk", "bob", pin=PIN)

    assert "clerk:bob" in kiosk.run("shift", "list")
    assert json.loads(kiosk.run("shift", "list", "--json"))["closings"][0]["z"] == 1
    assert "Exact" in kiosk.run("shift", "show", "1", "--print")
    assert kiosk.twin.receipts[-1].lstrip().startswith("COPY")
    assert "There is no closing Z 2" in kiosk.run("shift", "show", "2", code=9)
    kiosk.run("verify")
