"""A library that others wrote for the real WeChat Pay (mainland dialect) works against the stand-in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from wechatpayv3 import WeChatPay, WeChatPayType

from kiosk.sandbox.server import Sandbox
from kiosk.sandbox.wechat_keys import APPID, MCHID, MERCHANT_SERIAL, PLATFORM_KEY_ID, training_keys
from tests.sandbox.conftest import PLAIN
from tests.sandbox.merchant import NUMBER


@pytest.fixture
def sandbox(tmp_path: Path, keys: Path) -> Iterator[Sandbox]:
    """With the real clock: the library signs with its own."""
    with Sandbox(tmp_path / "books.db", limits=False) as running:
        yield running


@pytest.fixture
def library(sandbox: Sandbox, keys: Path) -> WeChatPay:
    files = training_keys(keys)
    client = WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE,
        mchid=MCHID,
        appid=APPID,
        private_key=files.merchant_private.read_text(),
        cert_serial_no=MERCHANT_SERIAL,
        apiv3_key="0" * 32,
        notify_url="https://example.com/notify",
        public_key=files.platform_public.read_text(),
        public_key_id=PLATFORM_KEY_ID,
        timeout=(5, 5),
    )
    client._core._gate_way = sandbox.url
    return client


def test_the_library_sells_closes_and_gives_back(sandbox: Sandbox, library: WeChatPay) -> None:
    """Order, look, pay, refund, look at the refund; and close another order at once, as the mainland allows."""
    status, ordered = library.pay(description="Travel data", out_trade_no=NUMBER, amount={"total": 100})
    httpx.post(json.loads(ordered)["code_url"], data={"answer": "pay"}, verify=PLAIN)
    _, paid = library.query(out_trade_no=NUMBER)
    amount = {"refund": 100, "total": 100, "currency": "CNY"}
    _, refunded = library.refund(out_refund_no="REFUND1", out_trade_no=NUMBER, amount=amount)
    looks = [json.loads(library.query_refund(out_refund_no="REFUND1")[1])["status"] for _ in range(2)]
    library.pay(description="Travel data", out_trade_no="K0700000000000AP1", amount={"total": 100})

    assert status == 200
    assert json.loads(paid)["transaction_id"] == json.loads(refunded)["transaction_id"]
    assert (json.loads(refunded)["status"], looks) == ("PROCESSING", ["PROCESSING", "SUCCESS"])
    assert library.close(out_trade_no="K0700000000000AP1")[0] == 204
