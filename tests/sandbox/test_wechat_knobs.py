"""What can be rehearsed with the stand-in of WeChat Pay."""

from __future__ import annotations

import httpx
import pytest

from tests.sandbox.conftest import SetClock, turn
from tests.sandbox.merchant import Merchant, pay


@pytest.mark.parametrize("code", ["SYSTEM_ERROR", "FREQUENCY_LIMITED", "NOT_ENOUGH"])
def test_documented_errors_are_rehearsed_signed(http: httpx.Client, merchant: Merchant, code: str) -> None:
    """`reject` answers for WeChat Pay in its own words, and executes nothing."""
    turn(http, remote="wechat", endpoint="POST global/transactions/native", reject=code, times=1)

    rejected = merchant.order()

    assert rejected.json()["code"] == code
    assert http.get("/_books/wechat/payments").json() == []
    assert merchant.order().status_code == 200


def test_a_lost_reply_leaves_the_order_on_the_books(http: httpx.Client, merchant: Merchant) -> None:
    """The merchant finds it by looking, with the same number."""
    turn(http, remote="wechat", endpoint="POST *", lose_reply=True, times=1)

    with pytest.raises(httpx.RemoteProtocolError):
        merchant.order()

    assert merchant.look().json()["trade_state"] == "NOTPAY"


def test_an_order_may_pay_itself(http: httpx.Client, merchant: Merchant, clock: SetClock) -> None:
    """For rehearsals without hands: paid at its time, whoever looks first; never after its expiry."""
    turn(http, remote="wechat", pays_by_itself_s=3)
    merchant.order()
    turn(http, remote="wechat", pays_by_itself_s=4000)
    merchant.order("K0700000000000AP1")
    early = merchant.look().json()["trade_state"]
    clock.forward(4001)

    assert early == "NOTPAY"
    assert merchant.look().json()["success_time"] == "2026-11-22T20:00:03+08:00"
    assert merchant.look("K0700000000000AP1").json()["trade_state"] == "NOTPAY"


def test_closing_may_be_allowed_at_once_and_refunds_may_fail(http: httpx.Client, merchant: Merchant) -> None:
    """Two more knobs: no waiting before a close, and a refund that ends as ABNORMAL."""
    turn(http, remote="wechat", endpoint="*/close", close_after_s=0)
    turn(http, remote="wechat", endpoint="POST global/refunds", refund_fails=True)
    merchant.order("K0700000000000AP1")
    pay(http, merchant)

    closed = merchant.close("K0700000000000AP1").status_code
    merchant.refund()
    merchant.look_at_refund()

    assert closed == 204
    assert merchant.look_at_refund().json()["status"] == "ABNORMAL"
    assert merchant.look().json()["trade_state"] == "SUCCESS"
