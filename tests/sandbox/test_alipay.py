"""The stand-in of Alipay keeps its state machine and its signatures, over real HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.sandbox.app import application
from tests.providers.fakes import InProcess
from tests.sandbox.alipay_app import NUMBER, App, pay, wish
from tests.sandbox.conftest import SetClock, turn

UNKNOWN = "ACQ.TRADE_NOT_EXIST"


@pytest.fixture
def app(http: httpx.Client, keys: Path, clock: SetClock) -> App:
    return App(http, keys, clock)


# --- a code that is shown ----------------------------------------------------------------------------------------


def test_a_code_is_no_trade_before_somebody_scans_it(http: httpx.Client, app: App) -> None:
    """Unknown to query and close until scanned; then it waits for the payer, who sees what it is for."""
    code = app.show()
    before = app.state(), app.call("close", {"out_trade_no": NUMBER})["sub_code"]

    shown = http.get(code)

    assert before == (UNKNOWN, UNKNOWN)
    assert len(code) <= 42
    assert "168.00 CNY" in shown.text
    assert "流量充值" in shown.text
    assert app.state() == "WAIT_BUYER_PAY"


def test_a_trade_is_paid_on_the_payers_page(http: httpx.Client, app: App) -> None:
    """With Alipay's number and the time in China; a second press changes nothing, nor does a new code."""
    code = app.show()
    presses = [pay(http, code) for _ in range(2)]

    found = app.query()

    assert [press.status_code for press in presses] == [200, 409]
    assert "Paid at 12:00:00" in presses[0].text
    assert (found["trade_status"], found["total_amount"]) == ("TRADE_SUCCESS", "168.00")
    assert (len(found["trade_no"]), found["send_pay_date"]) == (28, "2026-11-22 20:00:00")
    assert app.call("query", {"trade_no": found["trade_no"]}) == found
    assert app.call("precreate", wish())["sub_code"] == "ACQ.TRADE_HAS_SUCCESS"


def test_refusing_changes_nothing(http: httpx.Client, app: App) -> None:
    """The payer may change their mind."""
    code = app.show()

    assert "Nothing was paid" in http.post(code, data={"answer": "refuse"}).text
    assert pay(http, code).status_code == 200


def test_a_code_that_nobody_scanned_dies_and_leaves_nothing(http: httpx.Client, app: App, clock: SetClock) -> None:
    """After its own life; what is asked for again has a life of its own."""
    first = app.show()
    clock.forward(240)
    second = app.show()
    clock.forward(61)

    assert pay(http, first).status_code == 409
    assert app.state() == UNKNOWN
    assert pay(http, second).status_code == 200


def test_a_scanned_trade_closes_itself_in_its_own_time(http: httpx.Client, app: App, clock: SetClock) -> None:
    """Its time begins with the scan, and may end after the code's."""
    code = app.show()
    clock.forward(299)
    http.get(code)
    clock.forward(119)
    waiting = app.state()
    clock.forward(2)

    assert (waiting, app.state()) == ("WAIT_BUYER_PAY", "TRADE_CLOSED")
    assert "send_pay_date" not in app.query()
    assert pay(http, code).status_code == 409
    assert app.call("precreate", wish())["sub_code"] == "ACQ.TRADE_HAS_CLOSE"


def test_a_coupon_leaves_the_payer_less_to_pay(http: httpx.Client, app: App) -> None:
    """The shop still gets the whole amount."""
    turn(http, remote="alipay", endpoint="* alipay.trade.precreate", coupon=True)
    pay(http, app.show())

    found = app.query()

    assert (found["total_amount"], found["receipt_amount"], found["buyer_pay_amount"]) == ("168.00", "168.00", "167.00")


# --- closing and cancelling --------------------------------------------------------------------------------------


def test_closing_never_gives_back(http: httpx.Client, app: App) -> None:
    """Only an unpaid trade can be closed."""
    code = app.show()
    http.get(code)
    closed = app.call("close", {"out_trade_no": NUMBER})
    other = app.show("K0700000000000AP1")
    pay(http, other)

    assert (closed["code"], app.state()) == ("10000", "TRADE_CLOSED")
    assert app.call("close", {"out_trade_no": "K0700000000000AP1"})["sub_code"] == "ACQ.TRADE_STATUS_ERROR"
    assert app.state("K0700000000000AP1") == "TRADE_SUCCESS"


@pytest.mark.parametrize(
    ("act", "action", "state"),
    [("none", None, UNKNOWN), ("scan", "close", "TRADE_CLOSED"), ("pay", "refund", "TRADE_CLOSED")],
)
def test_a_cancel_does_what_fits_the_trade(http: httpx.Client, app: App, act: str, action: str, state: str) -> None:
    """Nothing, closed, or given back; the same again says the same. Before the scan the code stays alive."""
    code = app.show()
    if act != "none":
        http.post(code, data={"answer": act})

    first, again = app.cancel(), app.cancel()

    assert first == again
    assert (first["code"], first.get("action"), first["retry_flag"]) == ("10000", action, "N")
    assert app.state() == state
    assert pay(http, code).status_code == (200 if act == "none" else 409)
    assert [row["by"] for row in http.get("/_books/alipay/refunds").json()] == (["cancel"] if act == "pay" else [])


def test_a_cancel_comes_too_late_after_a_day(http: httpx.Client, app: App, clock: SetClock) -> None:
    """As documented."""
    pay(http, app.show())
    clock.forward(86_401)

    assert app.cancel()["sub_code"] == "ACQ.TRADE_CANCEL_TIME_OUT"
    assert app.state() == "TRADE_SUCCESS"


def test_a_cancel_may_have_to_be_called_again(http: httpx.Client, app: App) -> None:
    """retry_flag Y: nothing is done yet."""
    turn(http, remote="alipay", endpoint="* alipay.trade.cancel", cancel_again=True, times=1)
    pay(http, app.show())

    assert app.cancel()["retry_flag"] == "Y"
    assert app.state() == "TRADE_SUCCESS"
    assert app.cancel()["action"] == "refund"


# --- refunds -----------------------------------------------------------------------------------------------------


def test_the_same_refund_again_is_the_same_refund(http: httpx.Client, app: App, clock: SetClock) -> None:
    """fund_change N the second time; a trade given back in full is closed, and still tells when it was paid."""
    pay(http, app.show())

    first, again, other = app.refund(), app.refund(), app.refund("1.00")
    early = app.look_at_refund()
    clock.forward(10)
    late = app.look_at_refund()

    assert (first["fund_change"], again["fund_change"], first["refund_fee"]) == ("Y", "N", "168.00")
    assert other["sub_code"] == "ACQ.DISCORDANT_REPEAT_REQUEST"
    assert early == {"code": "10000", "msg": "Success"}
    assert (late["refund_amount"], late["refund_status"]) == ("168.00", "REFUND_SUCCESS")
    assert (app.state(), app.query()["send_pay_date"]) == ("TRADE_CLOSED", "2026-11-22 20:00:00")
    assert app.refund(request="K077Q3F9XKD2MWBR2")["sub_code"] == "ACQ.TRADE_HAS_CLOSE"


def test_a_part_may_be_given_back_and_never_more_than_the_whole(http: httpx.Client, app: App) -> None:
    """A trade that is given back in part stays TRADE_SUCCESS."""
    pay(http, app.show())

    assert app.refund("68.00", "A")["fund_change"] == "Y"
    assert app.state() == "TRADE_SUCCESS"
    assert app.refund("100.01", "B")["sub_code"] == "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"
    assert app.refund("100.00", "C")["refund_fee"] == "168.00"


def test_a_refund_needs_a_payment_and_its_time(http: httpx.Client, app: App, clock: SetClock) -> None:
    """Unknown, unpaid, or too long ago."""
    unknown = app.refund()["sub_code"]
    code = app.show()
    http.get(code)
    unpaid = app.refund()["sub_code"]
    pay(http, code)
    clock.forward(91 * 86_400)

    assert (unknown, unpaid, app.refund()["sub_code"]) == (UNKNOWN, "ACQ.TRADE_STATUS_ERROR", "ACQ.TRADE_HAS_FINISHED")


def test_a_refund_may_take_its_time(http: httpx.Client, app: App, clock: SetClock) -> None:
    """fund_change N says nothing: it is listed when it is done."""
    turn(http, remote="alipay", endpoint="* alipay.trade.refund", refund_takes_s=60)
    pay(http, app.show())

    assert app.refund()["fund_change"] == "N"
    clock.forward(59)
    assert "refund_amount" not in app.look_at_refund()
    clock.forward(1)
    assert app.look_at_refund()["refund_amount"] == "168.00"


# --- who may ask -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "node", "told"),
    [
        ({"app_id": "2021000000000001"}, "error_response", "isv.invalid-app-id"),
        ({"method": "alipay.trade.sing"}, "error_response", "isv.invalid-method"),
        ({"timestamp": ""}, "alipay_trade_query_response", "isv.missing-timestamp"),
        ({"charset": "GBK"}, "alipay_trade_query_response", "isv.invalid-charset"),
        ({"sign_type": "RSA"}, "alipay_trade_query_response", "isv.invalid-signature-type"),
        ({"age": timedelta(minutes=31)}, "alipay_trade_query_response", "isv.invalid-timestamp"),
        ({"timestamp": "2026-11-22T20:00:00"}, "alipay_trade_query_response", "isv.invalid-timestamp"),
        ({"age": timedelta(hours=8)}, "alipay_trade_query_response", "isv.invalid-timestamp"),
    ],
)
def test_the_gateway_lets_in_who_is_right(app: App, how: dict[str, Any], node: str, told: str) -> None:
    """What it refuses before it knows the caller is not signed; a naive clock of another zone is refused."""
    answer = app.raw("query", {"out_trade_no": NUMBER}, **how).json()

    assert answer[node]["sub_code"] == told
    assert "sign" not in answer


@pytest.mark.parametrize("changed", ["biz_content", "timestamp", "sign"])
def test_what_was_changed_on_the_way_is_refused(http: httpx.Client, app: App, changed: str) -> None:
    """The signature is over every field."""
    fields = app.fields("precreate", wish())
    fields[changed] = {"biz_content": "{}", "timestamp": "2026-11-22 20:00:01", "sign": "AAAA"}[changed]

    answer = http.post("/alipay/gateway.do", data=fields).json()

    assert answer["alipay_trade_precreate_response"]["sub_code"] == "isv.invalid-signature"


def test_both_ways_over_the_wire_are_taken(http: httpx.Client, app: App) -> None:
    """All in the query by GET; common fields in the query and biz_content in a form by POST."""
    all_in_query = http.get("/alipay/gateway.do", params=app.fields("precreate", wish()))
    fields = app.fields("query", {"out_trade_no": NUMBER})
    form = {"biz_content": fields.pop("biz_content")}
    in_both = http.post("/alipay/gateway.do", params=fields, data=form)

    assert "qr_code" in all_in_query.json()["alipay_trade_precreate_response"]
    assert in_both.json()["alipay_trade_query_response"]["sub_code"] == UNKNOWN


def test_the_raw_text_is_what_is_signed(app: App) -> None:
    """Written anew it would be another text: slashes come escaped, Chinese does not."""
    raw = app.raw("precreate", wish()).text

    assert "http:\\/\\/" in raw
    assert "交易不存在" in app.raw("query", {"out_trade_no": "X"}).text


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("precreate", wish() | {"out_trade_no": "K07-7Q3F"}),
        ("precreate", wish() | {"total_amount": "0.001"}),
        ("precreate", wish() | {"total_amount": "-1"}),
        ("precreate", wish() | {"total_amount": True}),
        ("precreate", wish() | {"total_amount": "NaN"}),
        ("precreate", wish() | {"subject": ""}),
        ("precreate", wish() | {"qr_code_timeout_express": "1.5h"}),
        ("precreate", wish() | {"qr_code_timeout_express": "30s"}),
        ("precreate", wish() | {"timeout_express": "16d"}),
        ("precreate", "no JSON"),
        ("query", {}),
        ("refund", {"out_trade_no": NUMBER}),
        ("fastpay.refund.query", {"out_trade_no": NUMBER}),
    ],
)
def test_what_is_not_as_documented_is_an_invalid_parameter(app: App, method: str, body: object) -> None:
    """Each field is checked, and nothing is done."""
    assert app.call(method, body)["sub_code"] == "ACQ.INVALID_PARAMETER"


# --- the books ---------------------------------------------------------------------------------------------------


def test_the_books_survive_a_restart(keys: Path, clock: SetClock) -> None:
    """A paid trade is paid, and a code that was shown can be paid, in the next sandbox on the same books."""
    first, second = (
        httpx.Client(base_url="http://sandbox", transport=InProcess(application(keys / "books.db", clock=clock)))
        for _ in range(2)
    )
    with first, second:
        code = App(first, keys, clock).show()
        first.get(code)
        pay(second, code)
        state = App(second, keys, clock).state()

    assert state == "TRADE_SUCCESS"


def test_many_presses_at_once_pay_once(http: httpx.Client, app: App) -> None:
    """One of them is the payment."""
    code = app.show()
    with ThreadPoolExecutor(8) as pool:
        codes = [press.status_code for press in pool.map(lambda _: pay(http, code), range(8))]

    assert sorted(codes) == [200] + [409] * 7


# --- rehearsals --------------------------------------------------------------------------------------------------


def test_documented_errors_are_rehearsed_signed(http: httpx.Client, app: App) -> None:
    """`reject` answers in Alipay's words, and executes nothing."""
    turn(http, remote="alipay", endpoint="POST alipay.trade.query", reject="isp.unknow-error", times=1)
    turn(http, remote="alipay", endpoint="* alipay.trade.precreate", reject="ACQ.SYSTEM_ERROR", times=1)

    unknown, failed = app.query(), app.call("precreate", wish())

    assert (unknown["code"], failed["code"], failed["sub_code"]) == ("20000", "40004", "ACQ.SYSTEM_ERROR")
    assert app.state() == UNKNOWN


def test_a_code_may_pay_itself(http: httpx.Client, app: App, clock: SetClock) -> None:
    """For rehearsals without hands; never after its death."""
    turn(http, remote="alipay", endpoint="* alipay.trade.precreate", pays_by_itself_s=3)
    app.show()
    turn(http, remote="alipay", endpoint="* alipay.trade.precreate", pays_by_itself_s=301)
    app.show("K0700000000000AP1")
    early = app.state()
    clock.forward(400)

    assert (early, app.state(), app.state("K0700000000000AP1")) == (UNKNOWN, "TRADE_SUCCESS", UNKNOWN)
    assert app.query()["send_pay_date"] == "2026-11-22 20:00:03"
