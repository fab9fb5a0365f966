"""How a customer goes through the screens, and how a phone pays: steps that journeys share."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.journeys.terminal import Terminal
from tests.world import SIM, World, world

TEN_GB = "5"
CASH, WECHAT, WECHAT_SCAN = "1", "2", "3"


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


def to_payment(terminal: Terminal, tender: str, plan: str = TEN_GB) -> None:
    """From the welcome screen to the payment of 10 GB, unless another plan is chosen."""
    to_plans(terminal)
    terminal.wait_for("Choose a plan")
    terminal.press(plan)
    terminal.wait_for("Is this right?")
    terminal.press(tender)


def pay(address: str, answer: str = "pay") -> None:
    """What a phone does with a scanned code in training: opens the payer's page, and presses a button on it."""
    with httpx.Client(timeout=10) as phone:
        page = phone.get(address)
        assert f'value="{answer}"' in page.text
        assert phone.post(address, data={"answer": answer}).status_code == 200


@contextmanager
def scanning_shop(folder: Path) -> Iterator[World]:
    """A kiosk that takes cash, and WeChat Pay both ways: by its own code, and by the one on the customer's phone."""
    with shop(folder) as made:
        text = made.config.read_text(encoding="utf-8")
        showing = text[text.index("[tenders.wechat]") :]
        scanning = showing.replace(
            "[tenders.wechat]", '\n[tenders.wechat_scan]\nkind = "wechat"\nacts = "scans_customer_code"'
        ).replace('notify_url = "https://example.com/wechat"\n', "")
        made.config.write_text(text + scanning, encoding="utf-8")
        yield made


class Phone:
    """A customer's phone with a wallet on it, which shows a payment code."""

    def __init__(self, kiosk: World, *, confirm: bool = False, wallet: str = "wechat") -> None:
        self._url = f"{kiosk.sandbox.url}/phone/{wallet}"
        made = httpx.post(self._url, data={"confirm": "yes" if confirm else "no"}, timeout=10)
        self.code = made.headers["location"].rpartition("/")[2]
        assert self.code in httpx.get(f"{self._url}/{self.code}", timeout=10).text

    def answer(self, word: str) -> None:
        """The payer presses Pay or Refuse, once the wallet asks."""
        deadline = time.monotonic() + 10
        while f'value="{word}"' not in httpx.get(f"{self._url}/{self.code}", timeout=10).text:
            assert time.monotonic() < deadline, "the phone does not ask"
            time.sleep(0.1)
        assert httpx.post(f"{self._url}/{self.code}", data={"answer": word}, timeout=10).status_code == 200


def ground(terminal: Terminal) -> str:
    """The colour that most of the screen has behind its text."""
    cells = [terminal.screen.buffer[row][0].bg for row in range(terminal.screen.lines)]
    return max(cells, key=cells.count)


def in_the_other_contrast(terminal: Terminal) -> str:
    """On the welcome screen: light where it was dark. Returns the ground as it was."""
    terminal.wait_for("Choose your language")
    before = ground(terminal)
    terminal.press("f4")
    return before
