"""The customer's phone shows a payment code: both of Alipay's gateways charge it, once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.sandbox import alipay_facts as facts
from tests.sandbox.alipay_app import NUMBER, App, wish
from tests.sandbox.antom_client import Client
from tests.sandbox.antom_client import wish as order
from tests.sandbox.conftest import SetClock

OTHER = "K0700000000000AP1"


@pytest.fixture
def app(http: httpx.Client, keys: Path, clock: SetClock) -> App:
    return App(http, keys, clock)


@pytest.fixture
def client(http: httpx.Client, keys: Path, clock: SetClock) -> Client:
    return Client(http, keys, clock)


def shown(http: httpx.Client, confirm: str = "no") -> str:
    page = http.post("/phone/alipay", data={"confirm": confirm}, follow_redirects=True).text
    code = re.search(r"<output>(28\d{16})</output>", page)
    assert code
    return code[1]


def charge(app: App, code: str, number: str = NUMBER, **changes: Any) -> dict[str, Any]:
    body = wish(number) | {"scene": "bar_code", "auth_code": code} | changes
    del body["qr_code_timeout_express"]
    return app.call("pay", body)


def by_code(client: Client, code: str, number: str = NUMBER) -> str:
    body = order(number)
    body["paymentFactor"] = {"inStorePaymentScenario": "PaymentCode"}
    body["paymentMethod"] |= {"paymentMethodId": code}
    body["order"]["env"] = {"storeTerminalId": "K07", "storeTerminalRequestTime": "2026-11-22T20:00:00+08:00"}
    return str(client.call("pay", body)["result"]["resultCode"])


def test_a_code_pays_at_once_and_once(http: httpx.Client, app: App) -> None:
    """The same wish again is the same trade; another trade needs another code."""
    code = shown(http)
    paid = charge(app, code)

    assert (paid["code"], paid["gmt_payment"], paid["total_amount"]) == ("10000", "2026-11-22 20:00:00", "168.00")
    assert charge(app, code)["sub_code"] == "ACQ.TRADE_HAS_SUCCESS"
    assert charge(app, code, OTHER)["sub_code"] == "ACQ.PAYMENT_AUTH_CODE_INVALID"
    assert app.state(OTHER) == "ACQ.TRADE_NOT_EXIST"
    assert "Paid." in http.get(f"/phone/alipay/{code}").text


def test_the_phone_asks_and_the_payer_answers(http: httpx.Client, app: App) -> None:
    """10003 until then. A payer who refuses may still say yes; what is large is always asked."""
    code = shown(http, "yes")
    asked = charge(app, code)
    page = http.get(f"/phone/alipay/{code}").text
    refused = http.post(f"/phone/alipay/{code}", data={"answer": "refuse"}).status_code
    waits = app.state()
    said = [http.post(f"/phone/alipay/{code}", data={"answer": "pay"}).status_code for _ in range(2)]
    large = charge(app, shown(http), OTHER, total_amount="1000.01")

    assert (asked["code"], refused, waits, said) == ("10003", 200, "WAIT_BUYER_PAY", [200, 409])
    assert "168.00 CNY" in page
    assert app.state() == "TRADE_SUCCESS"
    assert large["code"] == "10003"


def test_what_waits_ends_by_itself_or_by_a_cancel(http: httpx.Client, app: App, clock: SetClock) -> None:
    """Two minutes here, by the wish; after that no word on the phone pays."""
    code, other = shown(http, "yes"), shown(http, "yes")
    charge(app, code)
    charge(app, other, OTHER)
    app.cancel(OTHER)
    clock.forward(121)

    assert (app.state(), app.state(OTHER)) == ("TRADE_CLOSED", "TRADE_CLOSED")
    for dead in (code, other):
        assert http.post(f"/phone/alipay/{dead}", data={"answer": "pay"}).status_code == 409
        assert "of no more use" in http.get(f"/phone/alipay/{dead}").text


def test_a_code_is_good_for_a_minute(http: httpx.Client, app: App, client: Client, clock: SetClock) -> None:
    """And only where a phone has shown it."""
    code = shown(http)
    clock.forward(60)

    for bad in (code, "280000000000009999"):
        assert charge(app, bad)["sub_code"] == "ACQ.PAYMENT_AUTH_CODE_INVALID"
        assert by_code(client, bad) == "INVALID_CODE"
    assert "of no more use" in http.get(f"/phone/alipay/{code}").text
    assert http.get("/phone/alipay/280000000000009999").status_code == 404


@pytest.mark.parametrize("code", ["150000000000000001", "28000000000000", "2800000000000000000000000", "x"])
def test_what_is_no_payment_code_is_an_invalid_parameter(app: App, code: str) -> None:
    """16 to 24 digits that begin with 25 to 30."""
    assert charge(app, code)["sub_code"] == "ACQ.INVALID_PARAMETER"


def test_codes_to_rehearse_with(app: App, client: Client) -> None:
    """Any number of times; two of them answer that nobody knows, and one of those has paid."""
    numbers = [f"K07000000000{each:03}P1" for each in range(len(facts.REHEARSED))]
    said = [charge(app, code, number) for code, number in zip(facts.REHEARSED, numbers, strict=True)]
    overseas = [by_code(client, code, number) for code, number in zip(facts.REHEARSED, numbers, strict=True)]

    assert [each.get("sub_code", each["code"]) for each in said] == [
        "10000",
        "10003",
        "isp.unknow-error",
        "isp.unknow-error",
        "ACQ.BUYER_BALANCE_NOT_ENOUGH",
        "ACQ.PAYMENT_AUTH_CODE_INVALID",
    ]
    assert [app.state(number) for number in numbers[:4]] == [
        "TRADE_SUCCESS",
        "WAIT_BUYER_PAY",
        "TRADE_SUCCESS",
        "ACQ.TRADE_NOT_EXIST",
    ]
    assert overseas == [
        "SUCCESS",
        "PAYMENT_IN_PROCESS",
        "UNKNOWN_EXCEPTION",
        "UNKNOWN_EXCEPTION",
        "USER_BALANCE_NOT_ENOUGH",
        "EXPIRED_CODE",
    ]
    assert [client.state(number) for number in numbers[:4]] == ["SUCCESS", "PROCESSING", "SUCCESS", "ORDER_NOT_EXIST"]


def test_antom_charges_the_same_phone(http: httpx.Client, client: Client, clock: SetClock) -> None:
    """At once, or when the payer has said yes; a code is good for one of the two gateways."""
    code, other = shown(http), shown(http, "yes")
    said = [by_code(client, code), by_code(client, code), by_code(client, code, OTHER), by_code(client, other, "B1")]
    paid = http.post(f"/phone/alipay/{other}", data={"answer": "pay"}).status_code

    assert said == ["SUCCESS", "SUCCESS", "INVALID_CODE", "PAYMENT_IN_PROCESS"]
    assert (paid, client.state("B1")) == (200, "SUCCESS")
    assert "26.00 USD" in http.get(f"/phone/alipay/{other}").text
    assert client.state(OTHER) == "ORDER_NOT_EXIST"
