"""A stranger pays by Alipay: the code read off the screen, or the code on the phone, and all books are compared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from kiosk.identifiers import grouped_reference
from tests.journeys.terminal import Terminal
from tests.journeys.visits import CASH, Phone, ground, in_the_other_contrast, pay, to_payment
from tests.tenders.alipay_rail import ALIPAY, ALIPAY_SCAN
from tests.tenders.antom_rail import ANTOM, ANTOM_SCAN
from tests.tenders.rail import Rail
from tests.world import SIM, World, world

pytestmark = pytest.mark.prove

SHOWN, SCANNED = "2", "3"
SMALL, LARGE = (80, 24), (120, 40)


@contextmanager
def shop(folder: Path, *rails: Rail) -> Iterator[World]:
    """A kiosk that takes cash, and Alipay by these rails."""
    with world(folder) as made:
        text = made.config.read_text(encoding="utf-8").replace("[kiosk]\n", f"[kiosk]\n{rails[0].kiosk}")
        text += "".join(rail.table(folder, made.sandbox.url) for rail in rails)
        made.config.write_text(text, encoding="utf-8")
        yield made


def books_agree(kiosk: World, said: str) -> None:
    """Screen (by the caller), ledger, provider, rail and paper tell the same sale."""
    order, payment = kiosk.orders()[0], kiosk.books("antom/payments")[0]

    assert order["state"] == "COMPLETED"
    assert [(row["description"], row["iccid"]) for row in kiosk.delivered()] == [(order["reference"] + "T1", SIM)]
    assert len(kiosk.books("antom/payments")) == 1
    assert (payment["request_id"], payment["state"]) == (order["reference"] + "P1", "SUCCESS")
    assert (payment["amount"], payment["currency"]) == (order["total_minor"], "USD")
    assert kiosk.books("antom/refunds") == []
    assert len(kiosk.twin.receipts) == 1
    assert grouped_reference(order["reference"]) in kiosk.twin.receipts[0]
    assert said in kiosk.twin.receipts[0].replace("\n", "")
    kiosk.run("verify")


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_by_the_shown_code_in_english_by_keyboard_alone(tmp_path: Path, size: tuple[int, int]) -> None:
    """The whole sale, from the smallest terminal on, with the code read by an independent decoder."""
    with shop(tmp_path, ANTOM) as kiosk, Terminal(kiosk, *size) as terminal:
        to_payment(terminal, SHOWN)
        terminal.wait_for("Scan with Alipay")
        pay(terminal.scan_qr())
        terminal.wait_for("Delivered: 10 GB")
        terminal.wait_for("receipt is printed")

        books_agree(kiosk, "Paid with")


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_the_code_is_read_in_the_other_contrast_too(tmp_path: Path, size: tuple[int, int]) -> None:
    """Light where it was dark, from the welcome screen on: a phone reads the same code off it, and the sale is made."""
    with shop(tmp_path, ANTOM) as kiosk, Terminal(kiosk, *size) as terminal:
        before = in_the_other_contrast(terminal)
        to_payment(terminal, SHOWN)
        terminal.wait_for("Scan with Alipay")
        pay(terminal.scan_qr())
        terminal.wait_for("receipt is printed")

        books_agree(kiosk, "Paid with")
        assert ground(terminal) != before


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_by_the_shown_code_in_chinese_by_touch_alone(tmp_path: Path, size: tuple[int, int]) -> None:
    """Not one key."""
    with shop(tmp_path, ANTOM) as kiosk, Terminal(kiosk, *size) as terminal:
        terminal.touch("简体中文")
        terminal.wait_for("卡号")
        for digit in SIM:
            terminal.touch_key(digit)
        terminal.touch_key("确定")
        terminal.wait_for("选择套餐")
        terminal.touch("5  10 GB")
        terminal.wait_for("24.50")
        terminal.touch("支付宝")
        terminal.wait_for("请用支付宝扫码付款")
        pay(terminal.scan_qr())
        terminal.wait_for("充值成功")
        terminal.wait_for("小票已打印")

        books_agree(kiosk, "充值成功")


def test_by_the_code_on_the_phone(tmp_path: Path) -> None:
    """The scanner types it; the payer says yes on the phone; the code is nowhere afterwards."""
    with shop(tmp_path, ANTOM, ANTOM_SCAN) as kiosk, Terminal(kiosk, *SMALL) as terminal:
        phone = Phone(kiosk, confirm=True, wallet="alipay")
        to_payment(terminal, SCANNED)
        terminal.wait_for("Show the payment code of Alipay")
        terminal.process.send(phone.code + "\r")
        phone.answer("pay")
        terminal.wait_for("Delivered: 10 GB")
        terminal.wait_for("receipt is printed")

        books_agree(kiosk, "Paid with")
        assert phone.code.encode() not in terminal.raw
        files = [path for path in kiosk.state.rglob("*") if path.is_file()]
        assert [path for path in files if phone.code.encode() in path.read_bytes()] == []


def test_who_changes_to_cash_cannot_pay_the_old_code(tmp_path: Path) -> None:
    """Antom cancels at once: the code on the photo is dead, and the cash delivers."""
    with shop(tmp_path, ANTOM) as kiosk, Terminal(kiosk, *SMALL) as terminal:
        to_payment(terminal, SHOWN)
        terminal.wait_for("Scan with Alipay")
        code = terminal.scan_qr()
        terminal.press("t")
        terminal.wait_for("Please do not pay the old code any more")
        terminal.press(CASH)
        terminal.wait_for("at the counter")
        kiosk.wait_for("SELECT 1 FROM orders WHERE tender = 'alipay' AND state = 'ABANDONED'")

        assert "has closed this payment" in httpx.get(code, timeout=10).text
        assert kiosk.books("antom/payments")[0]["state"] == "CANCELLED"


@pytest.mark.parametrize(("size", "light"), [(SMALL, False), (LARGE, True), (SMALL, True)])
def test_by_the_shown_code_in_the_mainland(tmp_path: Path, size: tuple[int, int], light: bool) -> None:
    """In yuan: the code of the other dialect is read off the screen, and the sale is made."""
    with shop(tmp_path, ALIPAY) as kiosk, Terminal(kiosk, *size) as terminal:
        if light:
            in_the_other_contrast(terminal)
        to_payment(terminal, SHOWN, plan="1")  # the only one with a price in yuan
        terminal.wait_for("Scan with Alipay")
        pay(terminal.scan_qr())
        terminal.wait_for("receipt is printed")

        (trade,), order = kiosk.books("alipay/trades"), kiosk.orders()[0]
        assert (trade["out_trade_no"], trade["state"]) == (order["reference"] + "P1", "TRADE_SUCCESS")
        assert (order["state"], kiosk.books("alipay/refunds")) == ("COMPLETED", [])
        kiosk.run("verify")


def test_a_photo_of_a_mainland_code_that_was_left_is_given_back(tmp_path: Path) -> None:
    """Nobody had scanned it when the customer left: it can still be paid, and what it brings goes back."""
    with shop(tmp_path, ALIPAY) as kiosk, Terminal(kiosk, *SMALL) as terminal:
        to_payment(terminal, SHOWN, plan="1")  # the only one with a price in yuan
        terminal.wait_for("Scan with Alipay")
        code = terminal.scan_qr()
        terminal.press("t")
        terminal.wait_for("Please do not pay the old code any more. If you have paid it, the money comes back.")
        pay(code)
        kiosk.wait_for("SELECT 1 FROM orders WHERE tender = 'alipay' AND state = 'REFUNDED'", seconds=60)

        assert [row["refund"] for row in kiosk.books("alipay/refunds")] == [16_800]
        assert kiosk.delivered() == []
        kiosk.run("verify")


def test_by_the_code_on_the_phone_in_the_mainland(tmp_path: Path) -> None:
    """In yuan: the payer types the password, and the code is nowhere afterwards."""
    with shop(tmp_path, ALIPAY_SCAN) as kiosk, Terminal(kiosk, *SMALL) as terminal:
        phone = Phone(kiosk, confirm=True, wallet="alipay")
        to_payment(terminal, SHOWN, plan="1")  # the only one with a price in yuan
        terminal.wait_for("Show the payment code of Alipay")
        terminal.process.send(phone.code + "\r")
        phone.answer("pay")
        terminal.wait_for("Delivered: 10 GB")
        terminal.wait_for("receipt is printed")

        (trade,), order = kiosk.books("alipay/trades"), kiosk.orders()[0]
        assert (trade["out_trade_no"], trade["state"]) == (order["reference"] + "P1", "TRADE_SUCCESS")
        assert (trade["total"], order["total_minor"], trade["by_code"]) == (16_800, 16_800, 1)
        assert (order["state"], kiosk.books("alipay/refunds")) == ("COMPLETED", [])
        assert phone.code.encode() not in terminal.raw
        files = [path for path in kiosk.state.rglob("*") if path.is_file()]
        assert [path for path in files if phone.code.encode() in path.read_bytes()] == []
        kiosk.run("verify")
