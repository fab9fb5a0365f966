"""The stand-in of Antom keeps its state machine and its signatures, over real HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.sandbox.app import application
from tests.providers.fakes import InProcess
from tests.sandbox.alipay_app import pay
from tests.sandbox.antom_client import NUMBER, Client, wish
from tests.sandbox.conftest import SetClock, turn


@pytest.fixture
def client(http: httpx.Client, keys: Path, clock: SetClock) -> Client:
    return Client(http, keys, clock)


def test_an_order_code_is_paid_on_the_payers_page(http: httpx.Client, client: Client) -> None:
    """In process with a code, then SUCCESS with the time in China; the same again is the same payment."""
    first, again = client.order(), client.order()
    code = client.code()
    shown = http.get(code)
    presses = [pay(http, code).status_code for _ in range(2)]
    found = client.inquire()

    assert first["result"] == {
        "resultStatus": "U",
        "resultCode": "PAYMENT_IN_PROCESS",
        "resultMessage": "payment in process",
    }
    assert first["orderCodeForm"] == again["orderCodeForm"]
    assert first["orderCodeForm"]["expireTime"] == "2026-11-22T20:05:00+08:00"
    assert len(code) <= 42
    assert "26.00 USD" in shown.text
    assert presses == [200, 409]
    assert (found["paymentStatus"], found["paymentTime"]) == ("SUCCESS", "2026-11-22T20:00:00+08:00")
    assert found["paymentAmount"] == {"currency": "USD", "value": "2600"}
    assert client.call("inquiryPayment", {"paymentId": found["paymentId"]}) == found
    assert client.order()["result"]["resultCode"] == "SUCCESS"


def test_refusing_changes_nothing(http: httpx.Client, client: Client) -> None:
    """The payer may change their mind."""
    code = client.code()

    assert "Nothing was paid" in http.post(code, data={"answer": "refuse"}).text
    assert pay(http, code).status_code == 200


def test_an_order_ends_by_itself(http: httpx.Client, client: Client, clock: SetClock) -> None:
    """At its expiry; nobody can pay it any more, and its number is used up."""
    code = client.code()
    clock.forward(300)

    assert client.state() == "FAIL"
    assert pay(http, code).status_code == 409
    assert client.cancel() == "ORDER_IS_CLOSED"


def test_a_number_is_one_payment(client: Client, clock: SetClock) -> None:
    """Another amount under it is refused, and so is the same one after its end."""
    client.order()
    amount = {"currency": "USD", "value": "2700"}
    other = client.order(paymentAmount=amount, order=wish()["order"] | {"orderAmount": amount})
    client.cancel()

    assert other["result"]["resultCode"] == "REPEAT_REQ_INCONSISTENT"
    assert client.order()["result"]["resultCode"] == "ORDER_IS_CANCELED"


@pytest.mark.parametrize("paid", [False, True])
def test_a_cancel_gives_back_what_was_paid(http: httpx.Client, client: Client, paid: bool) -> None:
    """It says no word of it; the payment's record does: it keeps its time, and lists what went back."""
    code = client.code()
    if paid:
        pay(http, code)

    cancelled = [client.cancel(), client.cancel()]
    found = client.inquire()

    assert cancelled == ["SUCCESS", "SUCCESS"]
    assert (found["paymentStatus"], "paymentTime" in found) == ("CANCELLED", paid)
    assert [each["transactionType"] for each in found.get("transactions", [])] == ["CANCEL"] * paid
    assert pay(http, code).status_code == 409
    assert len(http.get("/_books/antom/refunds").json()) == int(paid)


def test_a_cancel_comes_too_late_after_the_day_in_china(http: httpx.Client, client: Client, clock: SetClock) -> None:
    """Until 00:15 of the next day there: noon in UTC is eight in the evening."""
    pay(http, client.code())
    clock.forward(4 * 3600 + 15 * 60)

    assert client.cancel() == "CANCEL_WINDOW_EXCEED"
    assert client.state() == "SUCCESS"


def test_the_same_refund_again_is_the_same_refund(http: httpx.Client, client: Client) -> None:
    """Parts may go back, and never more than the whole."""
    pay(http, client.code())

    assert [client.refund(1600, "A"), client.refund(1600, "A")] == ["SUCCESS", "SUCCESS"]
    assert client.refund(1500, "A") == "REPEAT_REQ_INCONSISTENT"
    assert client.refund(1001, "B") == "REFUND_AMOUNT_EXCEED"
    assert client.refund(1000, "B", currency="EUR") == "CURRENCY_NOT_SUPPORT"
    assert client.refund(1000, "B") == "SUCCESS"
    assert client.cancel() == "ORDER_STATUS_INVALID"
    assert [client.look_at_refund("A"), client.look_at_refund("C")] == ["SUCCESS", "REFUND_NOT_EXIST"]
    assert [each["transactionRequestId"] for each in client.inquire()["transactions"]] == ["A", "B"]


def test_a_refund_needs_a_payment_and_its_time(http: httpx.Client, client: Client, clock: SetClock) -> None:
    """Unpaid, or too long ago."""
    code = client.code()
    unpaid = client.refund()
    pay(http, code)
    clock.forward(366 * 86_400)

    assert (unpaid, client.refund()) == ("ORDER_STATUS_INVALID", "REFUND_WINDOW_EXCEED")


def test_a_refund_may_take_its_time_and_may_fail(http: httpx.Client, client: Client, clock: SetClock) -> None:
    """In process is not back."""
    turn(http, remote="antom", endpoint="POST payments/refund", refund_takes_s=60, times=1)
    pay(http, client.code())
    answers = [client.refund(1000, "A"), client.look_at_refund("A")]
    clock.forward(60)
    turn(http, remote="antom", endpoint="POST payments/refund", refund_fails=True, times=1)
    client.refund(1000, "B")
    clock.forward(1)

    assert answers == ["REFUND_IN_PROCESS", "PROCESSING"]
    assert [client.look_at_refund("A"), client.look_at_refund("B")] == ["SUCCESS", "FAIL"]


def test_who_is_not_known_is_not_let_in(client: Client) -> None:
    """And not signed for: another client, a signature that does not match, a call that is none."""
    strange = client.raw("inquiryPayment", {}, client_id="SANDBOX_X")
    none = client.raw("sing", {})
    client.tamper = "algorithm=RSA256,keyVersion=1,signature=AAAA"
    wrong = client.raw("inquiryPayment", {})

    for answer, code in ((strange, "INVALID_CLIENT"), (none, "NO_INTERFACE_DEF"), (wrong, "INVALID_SIGNATURE")):
        assert (answer.status_code, answer.json()["result"]["resultCode"]) == (200, code)
        assert "signature" not in answer.headers


def without(*path: str) -> dict[str, Any]:
    body = wish()
    inner = body
    for name in path[:-1]:
        inner[name] = dict(inner[name])
        inner = inner[name]
    del inner[path[-1]]
    return body


@pytest.mark.parametrize(
    "body",
    [
        without("paymentNotifyUrl"),
        without("order", "orderAmount"),
        without("order", "merchant", "merchantMCC"),
        without("order", "merchant", "store", "storeName"),
        wish() | {"paymentRequestId": "K07-7Q3F"},
        wish() | {"paymentAmount": {"currency": "USD", "value": 2600}},
        wish() | {"paymentAmount": {"currency": "USD", "value": "2500"}},
        wish() | {"paymentExpiryTime": "2026-11-22T20:30:00+08:00"},
        wish() | {"paymentExpiryTime": "2026-11-22T20:00:00+08:00"},
        wish() | {"paymentExpiryTime": "2026-11-22T20:05:00"},
        wish() | {"paymentFactor": {"inStorePaymentScenario": "ORDERCODE"}},
        wish() | {"paymentFactor": {"inStorePaymentScenario": "PaymentCode"}},
        [],
    ],
    ids=repr,
)
def test_what_is_not_as_documented_is_illegal(client: Client, body: object) -> None:
    """Each field is checked, every scalar is a text, and nothing is done."""
    assert client.call("pay", body)["result"]["resultCode"] == "PARAM_ILLEGAL"
    assert client.state() == "ORDER_NOT_EXIST"


def test_the_books_survive_a_restart(keys: Path, clock: SetClock) -> None:
    """A code that was shown can be paid in the next sandbox on the same books."""
    first, second = (
        httpx.Client(base_url="http://sandbox", transport=InProcess(application(keys / "books.db", clock=clock)))
        for _ in range(2)
    )
    with first, second:
        code = Client(first, keys, clock).code()
        pay(second, code)

        assert Client(second, keys, clock).state() == "SUCCESS"


def test_documented_codes_are_rehearsed_signed(http: httpx.Client, client: Client) -> None:
    """`reject` answers in Antom's words, and executes nothing."""
    turn(http, remote="antom", endpoint="POST payments/pay", reject="UNKNOWN_EXCEPTION", times=1)

    assert client.order()["result"]["resultStatus"] == "U"
    assert client.state() == "ORDER_NOT_EXIST"


def test_an_order_may_pay_itself_with_a_coupon(http: httpx.Client, client: Client, clock: SetClock) -> None:
    """For rehearsals without hands; never after its expiry."""
    turn(http, remote="antom", endpoint="POST payments/pay", pays_by_itself_s=3, coupon=True)
    client.order()
    turn(http, remote="antom", endpoint="POST payments/pay", pays_by_itself_s=301)
    client.order("K0700000000000AP1")
    clock.forward(400)

    assert [client.state(), client.state("K0700000000000AP1")] == ["SUCCESS", "FAIL"]
    assert client.inquire()["actualPaymentAmount"]["value"] == "2500"
    assert client.inquire(NUMBER)["paymentAmount"]["value"] == "2600"
