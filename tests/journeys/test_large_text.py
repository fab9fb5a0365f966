"""Whole sales in large letters on the smallest terminal: what is large is read off its cells, letter by letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.app import KioskApp
from screens.theme import TOKENS
from tests.journeys.terminal import Terminal
from tests.journeys.visits import WECHAT, pay, shop
from tests.world import PIN, SIM, World


def go_down_to(terminal: Terminal, text: str) -> None:
    """Down, until these words are seen with the bar of what Enter chooses beside them."""
    here = TOKENS[KioskApp.first_theme]["accent"].removeprefix("#")
    for _ in range(40):
        found = terminal.finds_large(text, 5)
        if found and terminal.screen.buffer[found[1] + 2][0].fg == here:
            return
        terminal.press("down")
        terminal.look(0.1)
    raise AssertionError(f"never at {text!r}:\n{terminal.look()}")


@pytest.mark.prove
def test_a_sale_in_large_letters_by_keyboard_alone(tmp_path: Path) -> None:
    """From F3 to the receipt: each question is read large, what is typed too, and the code can still be scanned."""
    with shop(tmp_path) as kiosk, Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("A+")
        terminal.press("f3")
        terminal.wait_for_large("Top up your")
        terminal.press("enter")
        terminal.wait_for_large("What is", rows=4)
        terminal.press(*SIM)
        terminal.wait_for_large(SIM[:4], rows=4)
        terminal.press("enter")
        terminal.wait_for_large("Choose a")
        go_down_to(terminal, "10 GB")
        terminal.press("enter")  # chooses what one is at
        terminal.wait_for_large("Is this")
        terminal.press(WECHAT)
        terminal.wait_for_large("WeChat", rows=4)
        pay(terminal.scan_qr())
        terminal.wait_for_large("Delivered:", seconds=30)
        assert kiosk.orders()[0]["state"] == "COMPLETED"
        assert kiosk.delivered()[0]["iccid"] == SIM
        terminal.press("enter")
        terminal.wait_for("Choose your language")


@pytest.mark.prove
def test_a_sale_in_large_letters_by_touch_alone(kiosk: World) -> None:
    """The key A+ in the foot, then large words and the large keypad."""
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.touch("A+")
        terminal.wait_for_large("Top up your")
        terminal.touch("Start")
        terminal.wait_for_large("What is", rows=4)
        for digit in SIM:
            terminal.touch_cap(digit)
        terminal.touch("OK")
        terminal.wait_for_large("Choose a")
        while not terminal.finds_large("10 GB", rows=5):
            terminal.touch_down()
        terminal.touch_large("10 GB")
        terminal.wait_for_large("Is this")
        while not terminal.finds_large("Cash", rows=5):
            terminal.touch_down()
        terminal.touch_large("Cash")
        kiosk.wait_for("SELECT 1 FROM orders WHERE state = 'AUTHORIZING'")
        kiosk.run("cash", kiosk.orders()[0]["reference"], "--clerk", "mei", "--tendered", "30", pin=PIN)
        terminal.wait_for_large("Delivered:", seconds=30)
        terminal.touch("Enter  Done")
        terminal.wait_for("Choose your language")  # the next customer has ordinary letters again

    assert kiosk.orders()[0]["state"] == "COMPLETED"
