"""A stranger pays by WeChat: the code is read off the screen, paid on a phone, and five books are compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.identifiers import grouped_reference
from tests.journeys.terminal import Terminal
from tests.journeys.visits import WECHAT, ground, in_the_other_contrast, pay, shop, to_payment
from tests.world import SIM, World


def books_agree(kiosk: World, said: str) -> None:
    """Screen (by the caller), ledger, provider, gateway and paper tell the same sale."""
    order = kiosk.orders()[0]
    events = [row["event"] for row in kiosk.rows("SELECT event FROM events WHERE order_id IS NOT NULL ORDER BY seq")]
    payment = kiosk.books("wechat/payments")[0]

    assert order["state"] == "COMPLETED"
    assert [event for event in events if event != "noted"] == ["opened", "paid", "delivered", "captured"]
    assert [(row["description"], row["iccid"]) for row in kiosk.delivered()] == [(order["reference"] + "T1", SIM)]
    assert len(kiosk.books("wechat/payments")) == 1
    assert payment["out_trade_no"] == order["reference"] + "P1"
    assert payment["trade_state"] == "SUCCESS"
    assert len(kiosk.twin.receipts) == 1
    assert grouped_reference(order["reference"]) in kiosk.twin.receipts[0]
    assert said in kiosk.twin.receipts[0].replace("\n", "")
    kiosk.run("verify")


SMALL, LARGE = (80, 24), (120, 40)


@pytest.mark.prove
@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_in_english_by_keyboard_alone(tmp_path: Path, size: tuple[int, int]) -> None:
    """The whole sale, from the smallest terminal on, with the code read by an independent decoder."""
    with shop(tmp_path) as kiosk, Terminal(kiosk, *size) as terminal:
        to_payment(terminal, WECHAT)
        terminal.wait_for("Scan with WeChat Pay")
        pay(terminal.scan_qr())
        terminal.wait_for("Delivered: 10 GB")
        terminal.wait_for("receipt is printed")

        books_agree(kiosk, "Delivered on")


@pytest.mark.prove
@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_the_code_is_read_in_the_other_contrast_too(tmp_path: Path, size: tuple[int, int]) -> None:
    """Light where it was dark: a phone reads the same code off it, and the sale is made."""
    with shop(tmp_path) as kiosk, Terminal(kiosk, *size) as terminal:
        before = in_the_other_contrast(terminal)
        to_payment(terminal, WECHAT)
        terminal.wait_for("Scan with WeChat Pay")
        pay(terminal.scan_qr())
        terminal.wait_for("receipt is printed")

        books_agree(kiosk, "Delivered on")
        assert ground(terminal) != before


@pytest.mark.prove
@pytest.mark.parametrize("size", [LARGE, SMALL])
def test_in_chinese_by_touch_alone(tmp_path: Path, size: tuple[int, int]) -> None:
    """Not one key: languages, digits, plan, way to pay and the end are touched."""
    with shop(tmp_path) as kiosk, Terminal(kiosk, *size) as terminal:
        terminal.touch("简体中文")
        terminal.wait_for("卡号")
        for digit in SIM:
            terminal.touch_key(digit)
        terminal.touch_key("确定")
        terminal.wait_for("选择套餐")
        terminal.touch("5  10 GB")
        terminal.wait_for("24.50")
        terminal.touch("微信支付")
        terminal.wait_for("请用微信支付扫码付款")
        pay(terminal.scan_qr())
        terminal.wait_for("充值成功")
        terminal.wait_for("小票已打印")
        terminal.touch("Enter  完成")
        terminal.wait_for("Choose your language")

        books_agree(kiosk, "充值成功")


@pytest.mark.prove
def test_the_language_changes_in_the_middle_and_keeps_what_was_typed(tmp_path: Path) -> None:
    """F2 re-labels; the digits stay."""
    with shop(tmp_path) as kiosk, Terminal(kiosk, 100, 30) as terminal:
        terminal.wait_for("Choose your language")
        terminal.press("1")
        terminal.wait_for("What is the number of your card?")
        terminal.press(*SIM[:10])
        terminal.wait_for("10 digits")
        terminal.press("f2")
        terminal.wait_for("2  简体中文")
        terminal.press("2")
        terminal.wait_for("10 位")
        terminal.press(*SIM[10:], "enter")
        terminal.wait_for("选择套餐")
        terminal.press("f2")
        terminal.wait_for("3  繁體中文")
        terminal.press("3")
        terminal.wait_for("請選擇方案")


@pytest.mark.prove
def test_the_code_expires_and_the_order_ends_by_proof_of_unpaid(tmp_path: Path) -> None:
    """Nobody pays: WeChat Pay closes no order in its first five minutes, then it is closed, and abandoned."""
    with shop(tmp_path) as kiosk:
        text = kiosk.config.read_text(encoding="utf-8").replace(
            "[tenders.wechat]", "[tenders.wechat]\ncode_minutes = 1"
        )
        kiosk.config.write_text(text, encoding="utf-8")
        with Terminal(kiosk, 80, 24) as terminal:
            to_payment(terminal, WECHAT)
            terminal.wait_for("Scan with WeChat Pay")
            terminal.wait_for("The time to pay is over", seconds=90)
            terminal.wait_for("Choose your language", seconds=120)
            kiosk.wait_for("SELECT 1 FROM orders WHERE state = 'ABANDONED' AND unpaid_proven = 1", seconds=400)

        assert kiosk.books("wechat/payments")[0]["trade_state"] == "CLOSED"
        assert kiosk.delivered() == []
