"""The stand-in of WeChat Pay keeps its state machine and its signatures, over real HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.sandbox.app import application
from kiosk.sandbox.wechat_keys import APPID, MCHID, training_keys
from tests.sandbox.conftest import SetClock
from tests.sandbox.merchant import NUMBER, OVERSEAS, Merchant, error, pay


def test_an_order_is_paid_on_the_payers_page(http: httpx.Client, merchant: Merchant) -> None:
    """NOTPAY, then SUCCESS with WeChat Pay's number; what the payer paid is in another currency than the order."""
    code = merchant.order().json()["code_url"]
    before = merchant.look().json()

    shown = http.get(code)
    paid = http.post(code, data={"answer": "pay"})
    after = merchant.look().json()

    assert len(code) <= 42
    assert (before["trade_state"], "id" in before, "payer" in before) == ("NOTPAY", False, False)
    assert "26.00 USD" in shown.text
    assert "Paid at 12:00:00" in paid.text
    assert (after["trade_state"], len(after["id"]), after["success_time"]) == (
        "SUCCESS",
        28,
        "2026-11-22T20:00:00+08:00",
    )
    assert (after["amount"]["total"], after["amount"]["currency"]) == (2600, "USD")
    assert (after["amount"]["payer_total"], after["amount"]["payer_currency"]) == (18_460, "CNY")


def test_refusing_changes_nothing(http: httpx.Client, merchant: Merchant) -> None:
    """The payer may change their mind until the code expires."""
    code = merchant.order().json()["code_url"]

    refused = http.post(code, data={"answer": "refuse"})
    state = merchant.look().json()["trade_state"]
    paid = http.post(code, data={"answer": "pay"})

    assert "Nothing was paid" in refused.text
    assert state == "NOTPAY"
    assert paid.status_code == 200


def test_nothing_is_paid_twice(http: httpx.Client, merchant: Merchant) -> None:
    """A second press says that it is paid, and a new order under the same number is refused."""
    code = merchant.order().json()["code_url"]
    presses = [http.post(code, data={"answer": "pay"}) for _ in range(2)]

    assert [press.status_code for press in presses] == [200, 409]
    assert all("Paid at" in press.text for press in presses)
    assert error(merchant.order()) == (400, "ORDERPAID")


def test_nothing_is_paid_after_its_time(http: httpx.Client, merchant: Merchant, clock: SetClock) -> None:
    """time_expire is the last moment; the order stays NOTPAY until it is closed."""
    code = merchant.order().json()["code_url"]
    clock.forward(301)

    late = http.post(code, data={"answer": "pay"})

    assert (late.status_code, "expired" in late.text) == (409, True)
    assert merchant.look().json()["trade_state"] == "NOTPAY"
    assert error(merchant.order()) == (400, "INVALID_REQUEST")


def test_a_time_that_is_too_soon_is_put_off_to_a_minute(
    http: httpx.Client, merchant: Merchant, clock: SetClock
) -> None:
    """Documented: at least one minute after the order. One that has passed is refused."""
    code = merchant.order(time_expire="2026-11-22T20:00:05+08:00").json()["code_url"]
    clock.forward(59)

    assert http.post(code, data={"answer": "pay"}).status_code == 200
    assert error(merchant.order("K0700000000000AP1", time_expire="2026-11-22T12:00:00+08:00")) == (400, "PARAM_ERROR")


def test_the_same_order_again_is_a_fresh_code(merchant: Merchant, http: httpx.Client) -> None:
    """Same number, same parameters: a safe retry. Other parameters: refused."""
    first, second = merchant.order().json()["code_url"], merchant.order().json()["code_url"]

    changed = merchant.order(amount={"total": 1, "currency": "USD"})

    assert first != second
    assert error(changed) == (403, "OUT_TRADE_NO_USED")
    assert len(http.get("/_books/wechat/payments").json()) == 1


def test_closing_waits_five_minutes_and_is_final(http: httpx.Client, merchant: Merchant, clock: SetClock) -> None:
    """Refused at first, then 204 with an empty and signed body; afterwards nothing can be paid or ordered."""
    code = merchant.order(time_expire="2026-11-22T21:00:00+08:00").json()["code_url"]
    early = merchant.close()
    clock.forward(300)

    closed = merchant.close()

    assert error(early) == (400, "INVALID_REQUEST")
    assert (closed.status_code, closed.content) == (204, b"")
    assert merchant.look().json()["trade_state"] == "CLOSED"
    assert http.post(code, data={"answer": "pay"}).status_code == 409
    assert error(merchant.close()) == error(merchant.order()) == (400, "ORDERCLOSED")


def test_a_paid_order_cannot_be_closed(http: httpx.Client, merchant: Merchant, clock: SetClock) -> None:
    """Payment wins, and nothing is given back by closing."""
    pay(http, merchant)
    clock.forward(600)

    assert error(merchant.close()) == (400, "ORDERPAID")
    assert merchant.look().json()["trade_state"] == "SUCCESS"


def test_an_order_is_found_by_wechats_own_number_once_paid(http: httpx.Client, merchant: Merchant) -> None:
    """An unpaid order has no such number yet."""
    merchant.order()
    unpaid = merchant.send("GET", f"{OVERSEAS}/id/4200000000000000000000000001?mchid={MCHID}")
    pay(http, merchant)

    id = merchant.look().json()["id"]
    assert error(unpaid) == (404, "ORDER_NOT_EXIST")
    assert merchant.send("GET", f"{OVERSEAS}/id/{id}?mchid={MCHID}").json()["out_trade_no"] == NUMBER


@pytest.mark.parametrize(
    "changes",
    [
        {"description": "x" * 128},
        {"description": None},
        {"out_trade_no": "short"},
        {"out_trade_no": "K07 7Q3F"},
        {"notify_url": "http://example.com/notify"},
        {"notify_url": "https://example.com/notify?shop=1"},
        {"trade_type": "JSAPI"},
        {"merchant_category_code": None},
        {"amount": {"total": "2600", "currency": "USD"}},
        {"amount": {"total": 0, "currency": "USD"}},
        {"amount": {"total": 2600}},
        {"mchid": "1900000110"},
        {"time_expire": "2026-11-22 20:05:00"},
        {"time_expire": "2027-11-22T20:05:00+08:00"},
    ],
)
def test_a_wish_that_is_not_as_documented_is_refused(merchant: Merchant, changes: dict[str, Any]) -> None:
    """PARAM_ERROR, and nothing is on the books."""
    assert error(merchant.order(**changes)) == (400, "PARAM_ERROR")
    assert error(merchant.look()) == (404, "ORDER_NOT_EXIST")


def test_another_app_is_refused(merchant: Merchant) -> None:
    """The app must belong to the merchant."""
    assert error(merchant.order(appid=APPID[::-1])) == (400, "APPID_MCHID_NOT_MATCH")


def test_a_signature_that_is_wrong_or_old_is_refused_with_a_signed_answer(
    http: httpx.Client, merchant: Merchant
) -> None:
    """401 SIGN_ERROR; the platform signs its errors too, and nothing is executed."""
    old = merchant.send("GET", f"{OVERSEAS}/out-trade-no/{NUMBER}?mchid={MCHID}", age_s=301)
    unsigned = http.get(f"/wechat/v3/{OVERSEAS}/out-trade-no/{NUMBER}?mchid={MCHID}")
    merchant.tamper = "AAAA"

    assert error(old) == error(unsigned) == error(merchant.order()) == (401, "SIGN_ERROR")
    assert http.get("/_books/wechat/payments").json() == []


def test_an_unknown_code_leads_nowhere(http: httpx.Client) -> None:
    """404, in plain words."""
    assert http.get("/pay/nothing").status_code == 404


def test_a_description_cannot_bring_html_of_its_own(http: httpx.Client, merchant: Merchant) -> None:
    """What the merchant writes is text on the payer's page."""
    code = merchant.order(description="<script>alert(1)</script>").json()["code_url"]

    assert "<script>" not in http.get(code).text


def test_phones_may_be_sent_to_another_address(tmp_path: Path, keys: Path, clock: SetClock) -> None:
    """A phone cannot reach the kiosk's own 127.0.0.1; in process, the path is signed all the same."""
    app = application(tmp_path / "books.db", clock=clock, payer_url="http://192.168.1.20:8731")
    with httpx.Client(transport=httpx.WSGITransport(app), base_url="http://sandbox") as client:
        code = Merchant(client, keys, clock).order().json()["code_url"]

    assert code.startswith("http://192.168.1.20:8731/pay/")
    assert len(code) <= 42


def test_two_who_make_the_training_keys_at_once_get_the_same(tmp_path: Path) -> None:
    """Whole files, for their owner's eyes only, and no leftovers."""
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(training_keys, [tmp_path, tmp_path])

    assert first == second
    pems = {f"{whose}_{half}.pem" for whose in ("merchant", "platform") for half in ("private", "public")}
    assert {path.name for path in tmp_path.iterdir()} == {*pems, "wechat_api_v3_key"}
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
