"""A library that others wrote for the real WeChat Pay (mainland dialect) works against the stand-in."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from wechatpayv3 import WeChatPay, WeChatPayType

from kiosk.sandbox.server import Sandbox
from kiosk.sandbox.wechat_certificates import SERIALS
from kiosk.sandbox.wechat_keys import APIV3_KEY, APPID, MCHID, MERCHANT_SERIAL, PLATFORM_KEY_ID, training_keys
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
        apiv3_key=APIV3_KEY,
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


def phone_code(sandbox: Sandbox, confirm: str) -> str:
    page = httpx.post(f"{sandbox.url}/phone/wechat", data={"confirm": confirm}, follow_redirects=True, verify=PLAIN)
    found = re.search(r"<output>(\d{18})</output>", page.text)
    assert found
    return found[1]


def test_the_library_charges_the_code_on_a_phone_and_revokes(sandbox: Sandbox, library: WeChatPay) -> None:
    """At once, or when the payer has confirmed; and an order that nobody confirms is revoked, though not at once."""
    scene = {"store_info": {"out_id": "T07"}}
    wish = {"description": "Travel data", "amount": {"total": 100, "currency": "CNY"}, "scene_info": scene}
    wish["pay_type"] = WeChatPayType.CODEPAY
    _, paid = library.pay(out_trade_no=NUMBER, payer={"auth_code": phone_code(sandbox, "no")}, **wish)
    other = "K0700000000000AP1"
    _, asked = library.pay(out_trade_no=other, payer={"auth_code": phone_code(sandbox, "yes")}, **wish)
    early = library.codepay_reverse(out_trade_no=other)

    assert json.loads(paid)["trade_state"] == "SUCCESS"
    assert json.loads(asked)["trade_state"] == "USERPAYING"
    assert early[0] == 400
    assert "first 15 seconds" in early[1]


def test_the_library_believes_the_certificates(sandbox: Sandbox, library: WeChatPay) -> None:
    """Where it knows no public key it fetches them, decrypts them, and finds the answers signed by the present one."""
    library._core._public_key = library._core._public_key_id = None
    status, _ = library.pay(description="Travel data", out_trade_no=NUMBER, amount={"total": 100})

    assert status == 200
    assert [each.serial_number for each in library._core._certificates] == list(SERIALS)


def test_the_library_reads_the_bill(sandbox: Sandbox, library: WeChatPay, tmp_path: Path) -> None:
    """What was paid two days ago stands in the bill of that day, and the file is the one whose hash was told."""
    ordered = library.pay(description="Travel data", out_trade_no=NUMBER, amount={"total": 100})[1]
    httpx.post(json.loads(ordered)["code_url"], data={"answer": "pay"}, verify=PLAIN)
    connection = sqlite3.connect(tmp_path / "books.db")
    with connection:
        connection.execute("UPDATE wechat_payments SET paid_at = paid_at - 2 * 86400")
    connection.close()
    day = (datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(days=2)).date()
    told = json.loads(library.trade_bill(f"{day}", tar_type="")[1])
    status, text = library.download_bill(told["download_url"])

    assert status == 200
    assert hashlib.sha1(text, usedforsecurity=False).hexdigest() == told["hash_value"]
    assert f"`{NUMBER},`" in text.decode()
