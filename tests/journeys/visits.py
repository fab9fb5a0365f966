"""How a customer goes through the screens, and how a phone pays: steps that journeys share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.journeys.terminal import Terminal
from tests.world import SIM, World, world

TEN_GB = "5"
CASH, WECHAT = "1", "2"


@contextmanager
def shop(folder: Path) -> Iterator[World]:
    """A kiosk that takes cash and WeChat Pay."""
    with world(folder, wechat=True) as made:
        yield made


def to_plans(terminal: Terminal, number: str = SIM) -> None:
    """From the welcome screen to the plans, by keyboard, in English."""
    terminal.wait_for("Choose your language")
    terminal.press("1")
    terminal.wait_for("What is the number of your card?")
    terminal.press(*number, "enter")


def to_payment(terminal: Terminal, tender: str) -> None:
    """From the welcome screen to the payment of 10 GB."""
    to_plans(terminal)
    terminal.wait_for("Choose a plan")
    terminal.press(TEN_GB)
    terminal.wait_for("Is this right?")
    terminal.press(tender)


def pay(address: str, answer: str = "pay") -> None:
    """What a phone does with a scanned code in training: opens the payer's page, and presses a button on it."""
    with httpx.Client(timeout=10) as phone:
        page = phone.get(address)
        assert f'value="{answer}"' in page.text
        assert phone.post(address, data={"answer": answer}).status_code == 200
