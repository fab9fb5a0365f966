"""A stranger pays by card at the simulated reader: declined, tried again, taken; books, screen and paper agree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.journeys.terminal import Terminal
from tests.journeys.visits import CASH, shop, to_payment
from tests.tenders.card_rail import CARD
from tests.world import PLAIN, SIM, World

pytestmark = pytest.mark.prove

CARD_KEY = "3"
SMALL, LARGE = (80, 24), (120, 40)


@contextmanager
def card_shop(folder: Path) -> Iterator[World]:
    """A kiosk that takes cash, WeChat Pay and bank cards."""
    with shop(folder) as kiosk:
        table = CARD.table(folder, kiosk.sandbox.url)
        kiosk.config.write_text(kiosk.config.read_text(encoding="utf-8") + table, encoding="utf-8")
        yield kiosk


def act(kiosk: World, act: str) -> None:
    """What the customer does at the reader."""
    assert httpx.post(f"{kiosk.sandbox.url}/reader", data={"act": act}, verify=PLAIN).status_code == 303


def books_agree(kiosk: World, *on_paper: str) -> None:
    """One intent, one charge that was taken, one top-up, one paper."""
    order, paper = kiosk.orders()[0], kiosk.twin.receipts[0].replace("\n", "")
    (payment,) = kiosk.books("stripe/payments")

    assert order["state"] == "COMPLETED"
    assert (payment["status"], payment["metadata"]["order"]) == ("succeeded", order["reference"] + "P1")
    assert [row["description"] for row in kiosk.delivered()] == [order["reference"] + "T1"]
    for words in on_paper:
        assert words in paper
    kiosk.run("verify")


def test_in_english_by_keyboard_a_card_without_money_and_then_a_good_one(tmp_path: Path) -> None:
    """80x24: why it was declined, R, another card, the receipt with all that a card's receipt must show."""
    with card_shop(tmp_path) as kiosk, Terminal(kiosk, *SMALL) as terminal:
        to_payment(terminal, CARD_KEY)
        terminal.wait_for("Insert, tap or swipe your card at the reader")
        act(kiosk, "decline")
        assert "Nothing was charged" in terminal.wait_for("There is not enough money on this card")
        terminal.press("r")
        terminal.wait_for("Insert, tap or swipe your card at the reader")
        act(kiosk, "insert")
        terminal.wait_for("Delivered: 10 GB")
        terminal.wait_for("receipt is printed")

        books_agree(kiosk, "Bank card", "**** 4444", "chip", "A0000000041010", "123456")
        assert "5555555555554444" not in kiosk.twin.receipts[0]


@pytest.mark.parametrize("size", [LARGE, SMALL])
def test_in_chinese_by_touch_a_card_that_the_reader_cancelled(tmp_path: Path, size: tuple[int, int]) -> None:
    """Not one key: X at the reader, another try by touch, tapped."""
    with card_shop(tmp_path) as kiosk, Terminal(kiosk, *size) as terminal:
        terminal.touch("简体中文")
        terminal.wait_for("卡号")
        for digit in SIM:
            terminal.touch_key(digit)
        terminal.touch_key("确定")
        terminal.wait_for("选择套餐")
        terminal.touch("5  10 GB")
        terminal.wait_for("24.50")
        terminal.touch("银行卡")
        terminal.wait_for("请在读卡器上插卡、挥卡或刷卡")
        act(kiosk, "x")
        terminal.wait_for("已在读卡器上取消")
        terminal.touch("R  重试")
        terminal.wait_for("请在读卡器上插卡、挥卡或刷卡")
        act(kiosk, "tap")
        terminal.wait_for("充值成功")
        terminal.wait_for("小票已打印")

        books_agree(kiosk, "**** 4242", "非接触")


def test_another_way_to_pay_frees_the_reader_and_leaves_nothing_payable(tmp_path: Path) -> None:
    """T: the intent is cancelled, the reader asks for nothing, and the reader is offered again."""
    with card_shop(tmp_path) as kiosk, Terminal(kiosk, *SMALL) as terminal:
        to_payment(terminal, CARD_KEY)
        terminal.wait_for("Insert, tap or swipe your card at the reader")
        terminal.press("t")
        terminal.wait_for("Is this right?")
        kiosk.wait_for("SELECT 1 FROM orders WHERE state = 'ABANDONED' AND unpaid_proven = 1")
        terminal.press(CASH)
        terminal.wait_for("Please pay")

        assert [row["status"] for row in kiosk.books("stripe/payments")] == ["canceled"]
        assert "Welcome" in httpx.get(f"{kiosk.sandbox.url}/reader", verify=PLAIN).text


def test_a_reader_without_power_is_not_offered(tmp_path: Path) -> None:
    """Tapped, and the plug pulled before it could tell: delivered all the same; then the reader is off, and says so."""
    with card_shop(tmp_path) as kiosk, Terminal(kiosk, *SMALL) as terminal:
        to_payment(terminal, CARD_KEY)
        terminal.wait_for("Insert, tap or swipe your card at the reader")
        act(kiosk, "tap_and_pull")
        terminal.wait_for("Delivered: 10 GB")
        terminal.press("enter")
        kiosk.wait_for("SELECT 1 FROM troubles WHERE trouble = 'reader'", seconds=200)
        to_payment(terminal, CARD_KEY)
        terminal.wait_for("not now: the reader is off")
