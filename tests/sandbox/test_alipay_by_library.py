"""A library that others wrote for the real Alipay works against the stand-in: PyPI python-alipay-sdk."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from alipay import AliPay
from alipay.exceptions import AliPayValidationError

from kiosk.sandbox.alipay_facts import APP_ID
from kiosk.sandbox.server import Sandbox
from kiosk.sandbox.wechat_keys import training_keys
from tests.sandbox.alipay_app import NUMBER, REFUND, pay
from tests.sandbox.conftest import PLAIN


@pytest.fixture
def sandbox(tmp_path: Path, keys: Path) -> Iterator[Sandbox]:
    """With the real clock: the library signs with its own."""
    with Sandbox(tmp_path / "books.db", limits=False) as running:
        yield running


@pytest.fixture
def in_china(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The library takes the machine's own time for China's."""
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def library(sandbox: Sandbox, keys: Path, theirs: str = "platform_public") -> AliPay:
    files = training_keys(keys)
    client = AliPay(
        appid=APP_ID,
        app_private_key_string=files.merchant_private.read_text(),
        alipay_public_key_string=getattr(files, theirs).read_text(),
    )
    client._gateway = f"{sandbox.url}/alipay/gateway.do"
    return client


@pytest.mark.usefixtures("in_china")
def test_the_library_sells_and_gives_back(sandbox: Sandbox, keys: Path) -> None:
    """A code, the payment, the refund twice, and a cancel; it has verified every answer by itself."""
    client = library(sandbox, keys)
    ordered = client.api_alipay_trade_precreate("流量充值 / data", NUMBER, "168.00", qr_code_timeout_express="5m")
    before = client.api_alipay_trade_query(out_trade_no=NUMBER)
    with httpx.Client(verify=PLAIN) as http:
        pay(http, ordered["qr_code"])
    paid = client.api_alipay_trade_query(out_trade_no=NUMBER)
    refunds = [client.api_alipay_trade_refund("168.00", NUMBER, out_request_no=REFUND) for _ in range(2)]
    cancelled = client.api_alipay_trade_cancel(out_trade_no="K0700000000000AP1")

    assert (before["code"], before["sub_code"]) == ("40004", "ACQ.TRADE_NOT_EXIST")
    assert (paid["trade_status"], paid["total_amount"]) == ("TRADE_SUCCESS", "168.00")
    assert [refund["fund_change"] for refund in refunds] == ["Y", "N"]
    assert (cancelled["code"], cancelled["retry_flag"]) == ("10000", "N")


@pytest.mark.usefixtures("in_china")
def test_the_library_refuses_what_another_key_has_signed(sandbox: Sandbox, keys: Path) -> None:
    """So it is a check that can fail."""
    with pytest.raises(AliPayValidationError):
        library(sandbox, keys, "merchant_public").api_alipay_trade_query(out_trade_no=NUMBER)


def test_a_clock_that_is_not_chinas_is_refused(sandbox: Sandbox, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it would be at a kiosk in Miami: the library signs with local time, and the gateway knows better."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        answer = httpx.get(
            f"{sandbox.url}/alipay/gateway.do?"
            + library(sandbox, keys).client_api("alipay.trade.query", {"out_trade_no": NUMBER}),
            verify=PLAIN,
        ).json()
    finally:
        monkeypatch.undo()
        time.tzset()

    assert answer["alipay_trade_query_response"]["sub_code"] == "isv.invalid-timestamp"
