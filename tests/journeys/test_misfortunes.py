"""Each misfortune once, on the screen and in the books."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk.sandbox.server import Sandbox
from tests.journeys.terminal import Terminal
from tests.journeys.visits import CASH, WECHAT, pay, shop, to_payment, to_plans
from tests.world import PIN, SIM, World

pytestmark = pytest.mark.prove

UNKNOWN, RECYCLED, NEW = "8901260862291477114", "8901260455098172630", "8901260711302984552"


def take_cash(kiosk: World, reference: str) -> None:
    kiosk.run("cash", reference, "--clerk", "mei", "--tendered", "30", pin=PIN)


def test_wrong_numbers_get_honest_sentences_and_a_way_on(kiosk: World) -> None:
    """Short, mistyped, unknown, recycled and new cards; nothing is a dead end, and nothing is sold."""
    with Terminal(kiosk, 80, 24) as terminal:
        to_plans(terminal, SIM[:18])
        terminal.wait_for("18 digits so far; 1 or 2 more")
        terminal.press("4", "enter")
        terminal.wait_for("Is every digit the same as on your card?")
        terminal.press("backspace", "5", *"12", "enter")
        terminal.wait_for("too many for a card number")
        terminal.press("esc")
        for number, sentence in ((UNKNOWN, "This card was not found"), (RECYCLED, "can no longer be used")):
            to_plans(terminal, number)
            terminal.wait_for(sentence)
            terminal.press("esc")
            terminal.wait_for("What is the number of your card?")
            terminal.press("esc")
        to_plans(terminal, NEW)
        terminal.wait_for("Choose a plan")

    assert kiosk.orders() == []


def test_no_line_before_the_payment_is_said_and_can_be_tried_again(kiosk: World) -> None:
    """The provider is down: an honest sentence; up again: Enter goes on with the same number."""
    kiosk.turn(endpoint="GET sims/*", down=True)
    with Terminal(kiosk, 80, 24) as terminal:
        to_plans(terminal)
        terminal.wait_for("No line at the moment")
        kiosk.clear_faults()
        terminal.press("enter")
        terminal.wait_for("Choose a plan")


def test_no_line_after_the_payment_waits_and_is_delivered_by_itself_once(kiosk: World) -> None:
    """Paid, then the line is cut: the customer leaves with a receipt that says so; the line comes back: delivered."""
    with Terminal(kiosk, 80, 24) as terminal:
        to_payment(terminal, CASH)
        terminal.wait_for("Please pay")
        reference = kiosk.orders()[0]["reference"]
        kiosk.sandbox.stop()
        take_cash(kiosk, reference)
        terminal.wait_for("your top-up follows", seconds=30)
        terminal.wait_for("receipt is printed")
        port = int(kiosk.sandbox.url.rsplit(":", 1)[1])
        with Sandbox(kiosk.folder / "sandbox.db", port=port, limits=False):
            kiosk.wait_for("SELECT 1 FROM orders WHERE state = 'COMPLETED'")
            assert [row["description"] for row in kiosk.delivered()] == [reference + "T1"]

    assert "It will be delivered automatically" in kiosk.twin.receipts[0]
    kiosk.run("verify")


def test_cancelled_but_paid_is_given_back(tmp_path: Path) -> None:
    """The customer cancels while the code is up, and pays all the same: all of it goes back, nothing is delivered."""
    with shop(tmp_path) as kiosk, Terminal(kiosk, 80, 24) as terminal:
        to_payment(terminal, WECHAT)
        terminal.wait_for("Scan with WeChat Pay")
        code = terminal.scan_qr()
        terminal.press("esc")
        terminal.wait_for("If you have paid, it comes back")
        pay(code)
        kiosk.wait_for("SELECT 1 FROM orders WHERE state = 'REFUNDED'", seconds=40)

        assert kiosk.delivered() == []
        assert [row["out_refund_no"][-2:] for row in kiosk.books("wechat/refunds")] == ["R1"]
        kiosk.run("verify")


def test_the_old_code_paid_after_the_tender_was_changed_gives_back_one_and_delivers_the_other(tmp_path: Path) -> None:
    """Both ways are paid: the screen warned, the new order is delivered, the old one goes back."""
    with shop(tmp_path) as kiosk, Terminal(kiosk, 80, 24) as terminal:
        to_payment(terminal, WECHAT)
        terminal.wait_for("Scan with WeChat Pay")
        old_code, old = terminal.scan_qr(), kiosk.orders()[0]["reference"]
        terminal.press("t")
        terminal.wait_for("do not pay the old code any more")
        terminal.press(CASH)
        terminal.wait_for("Please pay")
        new = next(order["reference"] for order in kiosk.orders() if order["reference"] != old)
        pay(old_code)
        take_cash(kiosk, new)
        terminal.wait_for("Delivered: 10 GB")
        kiosk.wait_for("SELECT 1 FROM orders WHERE state = 'REFUNDED'", seconds=40)
        assert json.loads(kiosk.run("show", old, "--json"))["state"] == "REFUNDED"

        assert [row["description"] for row in kiosk.delivered()] == [new + "T1"]
        kiosk.run("verify")


def test_a_printer_that_is_gone_is_said_and_fails_nothing(kiosk: World) -> None:
    """No paper: the receipt stands on the screen, and the top-up on the card."""
    kiosk.twin.switch_off()
    with Terminal(kiosk, 80, 24) as terminal:
        to_payment(terminal, CASH)
        terminal.wait_for("Please pay")
        take_cash(kiosk, kiosk.orders()[0]["reference"])
        terminal.wait_for("Delivered: 10 GB")
        terminal.wait_for("There is no paper receipt")

    assert kiosk.orders()[0]["state"] == "COMPLETED"


def test_cash_for_an_order_abandoned_meanwhile_goes_to_a_clerk(kiosk: World) -> None:
    """Found money is never nowhere: the order is in review, with a reason."""
    with Terminal(kiosk, 80, 24) as terminal:
        to_payment(terminal, CASH)
        terminal.wait_for("Please pay")
        terminal.press("esc")
        terminal.wait_for("Cancelled")
        kiosk.wait_for("SELECT 1 FROM orders WHERE state = 'ABANDONED'")
    take_cash(kiosk, kiosk.orders()[0]["reference"])

    assert kiosk.orders()[0]["state"] == "REVIEW"
    assert "cash was taken after the time to pay was over" in kiosk.run("review")
