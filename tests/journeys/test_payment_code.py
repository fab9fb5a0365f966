"""A stranger without data pays by the code on the phone: the scanner types it, WeChat's own adapter charges it."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.journeys.terminal import Terminal
from tests.journeys.visits import WECHAT_SCAN, Phone, scanning_shop, to_payment
from tests.world import SIM, World

pytestmark = pytest.mark.prove

SMALL, LARGE = (80, 24), (120, 40)


def scan(terminal: Terminal, code: str) -> None:
    """A keyboard wedge types it in no time, with Enter at its end."""
    terminal.process.send(code + "\r")


def left_behind(kiosk: World, *codes: str) -> list[Path]:
    """The kiosk's files in which a code stands, whole or in part."""
    files = [path for path in kiosk.state.rglob("*") if path.is_file()]
    assert any(path.name == "kiosk.log" for path in files)
    assert any(path.name.startswith("ledger.db") for path in files)
    pieces = [piece.encode() for code in codes for piece in (code, code[4:-4], f"{code[:4]}****{code[-4:]}")]
    return [path for path in files if any(piece in path.read_bytes() for piece in pieces)]


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_one_scan_pays_and_leaves_no_code_behind(tmp_path: Path, size: tuple[int, int]) -> None:
    """From the welcome screen to the receipt; the books of WeChat Pay and of the kiosk agree; no file has the code."""
    with scanning_shop(tmp_path) as kiosk, Terminal(kiosk, *size) as terminal:
        phone = Phone(kiosk)
        to_payment(terminal, WECHAT_SCAN)
        terminal.wait_for("Show the payment code of WeChat Pay")
        scan(terminal, phone.code)
        terminal.wait_for("Delivered: 10 GB")
        terminal.wait_for("receipt is printed")

        (order,), (payment,) = kiosk.orders(), kiosk.books("wechat/payments")
        assert (order["state"], order["tender"]) == ("COMPLETED", "wechat_scan")
        assert (payment["out_trade_no"], payment["trade_state"]) == (order["reference"] + "P1", "SUCCESS")
        assert [row["iccid"] for row in kiosk.delivered()] == [SIM]
        assert "WeChat Pay" in kiosk.twin.receipts[0]
        assert phone.code.encode() not in terminal.raw
        assert left_behind(kiosk, phone.code) == []
        kiosk.run("verify")


def test_a_wrong_scan_a_refused_code_and_then_a_good_one(tmp_path: Path) -> None:
    """A card number is said to be one; a code that took nothing makes room for another; one sale, one payment."""
    with scanning_shop(tmp_path) as kiosk, Terminal(kiosk, *SMALL) as terminal:
        kiosk.wait_for("SELECT 1 FROM seats")
        to_payment(terminal, WECHAT_SCAN)
        terminal.wait_for("Show the payment code of WeChat Pay")
        scan(terminal, SIM)
        terminal.wait_for("That is the number of a card")
        scan(terminal, "139999999999999999")
        terminal.wait_for("That code was not accepted; nothing was taken")
        terminal.press("f2")
        terminal.wait_for("2  简体中文")
        terminal.press("2")
        terminal.wait_for("该付款码未被接受，未扣款")
        phone = Phone(kiosk)
        scan(terminal, phone.code)
        terminal.wait_for("充值成功")

        assert sorted(order["state"] for order in kiosk.orders()) == ["ABANDONED", "COMPLETED"]
        assert [row["trade_state"] for row in kiosk.books("wechat/payments") if row["trade_state"] == "SUCCESS"] == [
            "SUCCESS"
        ]
        assert len(kiosk.delivered()) == 1
        assert left_behind(kiosk, phone.code, "139999999999999999") == []


def test_a_seat_without_the_queue_hands_the_code_to_its_holder(tmp_path: Path) -> None:
    """Two processes: `kiosk sync` holds the queue, the screens are another's; the code goes over, and nowhere else."""
    with scanning_shop(tmp_path) as kiosk:
        sync = kiosk.start("sync")
        assert sync.stdout
        assert "Working the queue" in sync.stdout.readline()
        with Terminal(kiosk, *SMALL) as terminal:
            phone = Phone(kiosk)
            to_payment(terminal, WECHAT_SCAN)
            terminal.wait_for("Show the payment code of WeChat Pay")
            scan(terminal, phone.code)
            terminal.wait_for("Delivered: 10 GB")
        sync.send_signal(signal.SIGTERM)
        sync.communicate(timeout=20)

        assert kiosk.orders()[0]["state"] == "COMPLETED"
        assert left_behind(kiosk, phone.code) == []


def test_a_kill_while_the_payer_confirms_loses_the_code_and_not_the_sale(tmp_path: Path) -> None:
    """kill -9 after the charge: the code is gone, the next holder asks, and what is confirmed is delivered, once."""
    with scanning_shop(tmp_path) as kiosk:
        with Terminal(kiosk, *SMALL) as terminal:
            phone = Phone(kiosk, confirm=True)
            to_payment(terminal, WECHAT_SCAN)
            terminal.wait_for("Show the payment code of WeChat Pay")
            scan(terminal, phone.code)
            terminal.wait_for("Please confirm on your phone")
            terminal.kill()
        phone.answer("pay")
        kiosk.run_until_settled()

        assert kiosk.orders()[0]["state"] == "COMPLETED"
        assert len(kiosk.books("wechat/payments")) == len(kiosk.delivered()) == 1
        assert left_behind(kiosk, phone.code) == []
        kiosk.run("verify")


def test_who_refuses_on_the_phone_is_asked_for_another_code(tmp_path: Path) -> None:
    """Nothing was taken, and the screen says so; another way to pay is one key away."""
    with scanning_shop(tmp_path) as kiosk, Terminal(kiosk, *SMALL) as terminal:
        phone = Phone(kiosk, confirm=True)
        to_payment(terminal, WECHAT_SCAN)
        terminal.wait_for("Show the payment code of WeChat Pay")
        scan(terminal, phone.code)
        terminal.wait_for("Please confirm on your phone")
        phone.answer("refuse")
        terminal.wait_for("nothing was taken")
        terminal.press("t")
        terminal.wait_for("Please do not pay the old code any more")

        kiosk.wait_for("SELECT 1 WHERE (SELECT count(*) FROM orders WHERE state = 'ABANDONED') = 2")
        assert kiosk.delivered() == []
