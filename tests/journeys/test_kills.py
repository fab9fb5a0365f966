"""kill -9 of the whole program on a screen, then start: a clean welcome for the next, the last one's order goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.terminal import Terminal
from tests.journeys.visits import CASH, TEN_GB, WECHAT, pay, shop, to_payment, to_plans
from tests.world import PIN, SIM, World

pytestmark = pytest.mark.prove


def on_welcome(kiosk: World, terminal: Terminal) -> None:
    terminal.wait_for("Choose your language")


def on_number(kiosk: World, terminal: Terminal) -> None:
    to_plans(terminal, SIM[:12])


def on_plan(kiosk: World, terminal: Terminal) -> None:
    to_plans(terminal)
    terminal.wait_for("Choose a plan")


def on_summary(kiosk: World, terminal: Terminal) -> None:
    on_plan(kiosk, terminal)
    terminal.press(TEN_GB)
    terminal.wait_for("Is this right?")


def on_code(kiosk: World, terminal: Terminal) -> None:
    """The code is paid while nobody runs: it is delivered all the same."""
    to_payment(terminal, WECHAT)
    terminal.wait_for("Scan with WeChat Pay")
    code = terminal.scan_qr()
    terminal.kill()
    pay(code)


def on_counter(kiosk: World, terminal: Terminal) -> None:
    """The clerk takes the cash while nobody runs."""
    to_payment(terminal, CASH)
    terminal.wait_for("Please pay")
    terminal.kill()
    kiosk.run("cash", kiosk.orders()[0]["reference"], "--clerk", "mei", pin=PIN)


def on_delivery(kiosk: World, terminal: Terminal) -> None:
    kiosk.turn(endpoint="POST orders/topups", delay_s=3)
    to_payment(terminal, CASH)
    terminal.wait_for("Please pay")
    kiosk.run("cash", kiosk.orders()[0]["reference"], "--clerk", "mei", pin=PIN)
    terminal.wait_for("on its way")


def on_done(kiosk: World, terminal: Terminal) -> None:
    to_payment(terminal, CASH)
    terminal.wait_for("Please pay")
    kiosk.run("cash", kiosk.orders()[0]["reference"], "--clerk", "mei", pin=PIN)
    terminal.wait_for("Delivered: 10 GB")


SCREENS = (on_welcome, on_number, on_plan, on_summary, on_code, on_counter, on_delivery, on_done)
SELLING = (on_code, on_counter, on_delivery, on_done)


@pytest.mark.parametrize("to", SCREENS)
def test_killed_on_a_screen_the_next_customer_sees_a_clean_welcome(
    tmp_path: Path, to: Callable[[World, Terminal], None]
) -> None:
    """Nothing of the last customer is on the screen, and what they paid ends delivered, once."""
    with shop(tmp_path) as kiosk:
        with Terminal(kiosk, 80, 24) as terminal:
            to(kiosk, terminal)
        with Terminal(kiosk, 80, 24) as terminal:
            seen = terminal.wait_for("Have ready")
            if to in SELLING:
                kiosk.wait_for("SELECT 1 FROM orders WHERE state = 'COMPLETED'", seconds=30)

        assert SIM[-4:] not in seen.replace(" ", "")
        assert len(kiosk.delivered()) == (1 if to in SELLING else 0)
        kiosk.run("verify")
