"""The customer changes the way to pay while the old code can still be paid, and pays both: one is given back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.terminal import Terminal
from tests.journeys.visits import CASH, WECHAT, pay, shop, to_payment
from tests.world import PIN, World

pytestmark = pytest.mark.prove


def by_tender(kiosk: World) -> dict[str, str]:
    return {order["tender"]: order["state"] for order in kiosk.orders()}


def test_the_old_order_is_cancelled_on_disk_before_the_new_one_is_shown(tmp_path: Path) -> None:
    """The screen says not to pay the old code; the new order is another one of the same cart."""
    with shop(tmp_path) as kiosk, Terminal(kiosk, 80, 24) as terminal:
        to_payment(terminal, WECHAT)
        terminal.wait_for("Scan with WeChat Pay")
        terminal.press("t")
        terminal.wait_for("Please do not pay the old code any more. If you have paid it, the money comes back.")
        cancelled = by_tender(kiosk)
        terminal.press(CASH)
        terminal.wait_for("Please pay $24.50 at the counter")

        assert cancelled == {"wechat": "CANCELLING"}
        assert by_tender(kiosk) == {"wechat": "CANCELLING", "cash": "AUTHORIZING"}
        assert len({order["total_minor"] for order in kiosk.orders()}) == 1


@pytest.mark.parametrize("first", ["wechat", "cash"])
def test_who_pays_both_gets_one_and_the_other_back(tmp_path: Path, first: str) -> None:
    """WeChat Pay closes no code in its first five minutes: what is paid by it now can only go back."""
    with shop(tmp_path) as kiosk, Terminal(kiosk, 80, 24) as terminal:
        to_payment(terminal, WECHAT)
        terminal.wait_for("Scan with WeChat Pay")
        old_code = terminal.scan_qr()
        terminal.press("t")
        terminal.wait_for("Please do not pay the old code any more")
        terminal.press(CASH)
        terminal.wait_for("at the counter")
        new = next(order["reference"] for order in kiosk.orders() if order["tender"] == "cash")
        if first == "wechat":
            pay(old_code)
        kiosk.run("cash", new, "--clerk", "mei", pin=PIN)
        if first == "cash":
            pay(old_code)
        terminal.wait_for("Delivered: 10 GB")
        kiosk.wait_for("SELECT 1 FROM orders WHERE tender = 'wechat' AND state = 'REFUNDED'", seconds=40)

        assert by_tender(kiosk) == {"wechat": "REFUNDED", "cash": "COMPLETED"}
        assert [row["description"] for row in kiosk.delivered()] == [new + "T1"]
        assert len(kiosk.books("wechat/refunds")) == 1
        kiosk.run("verify")
