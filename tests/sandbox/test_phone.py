"""The customer's phone: a code for one charge and one minute, the payer's word, and the revoke of the merchant."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.sandbox.app import application
from tests.providers.fakes import FixedClock
from tests.sandbox.merchant import Merchant


class Counter:
    """A merchant overseas and a phone, in one process."""

    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock()
        app = application(folder / "books.db", limits=False, clock=self.clock.now)
        self.http = httpx.Client(transport=httpx.WSGITransport(app), base_url="http://sandbox", follow_redirects=True)
        self.merchant = Merchant(self.http, folder, self.clock.now)

    def code(self, *, confirm: bool = False) -> str:
        page = self.http.post("/phone/wechat", data={"confirm": "yes" if confirm else "no"})
        found = re.search(r"<output>(\d{18})</output>", page.text)
        assert found
        assert "<svg" in page.text
        return found[1]

    def charge(self, number: str, code: str, **changed: Any) -> httpx.Response:
        wish = {
            "mchid": "1900000109",
            "appid": "wx0000000000training",
            "out_trade_no": number,
            "trade_type": "MICROPAY",
            "merchant_category_code": "4814",
            "description": "Data",
            "payer": {"auth_code": code},
            "amount": {"total": 1800, "currency": "USD"},
        }
        return self.merchant.send("POST", "global/micropay/transactions/pay", wish | changed)

    def reverse(self, number: str) -> httpx.Response:
        path = f"global/micropay/transactions/out-trade-no/{number}/reverse"
        return self.merchant.send("POST", path, {"mchid": "1900000109"})

    def state(self, number: str) -> str:
        path = f"global/transactions/out-trade-no/{number}?mchid=1900000109"
        return str(self.merchant.send("GET", path).json()["trade_state"])


@pytest.fixture
def counter(keys: Path) -> Counter:
    return Counter(keys)


def test_a_code_pays_once(counter: Counter) -> None:
    """The second charge by it is refused; the phone says that it is paid, and how much."""
    code = counter.code()

    assert counter.charge("T07AAAP1", code).json()["trade_state"] == "SUCCESS"
    assert counter.charge("T07BBBP1", code).json()["code"] == "AUTH_CODE_INVALID"
    assert "18.00 USD" in counter.http.get(f"/phone/wechat/{code}").text


def test_a_code_is_good_for_a_minute(counter: Counter) -> None:
    """The phone says so, too."""
    code = counter.code()
    counter.clock.forward(seconds=60)

    assert counter.charge("T07AAAP1", code).json()["code"] == "AUTHCODEEXPIRE"
    assert "of no more use" in counter.http.get(f"/phone/wechat/{code}").text


@pytest.mark.parametrize(("word", "state"), [("pay", "SUCCESS"), ("refuse", "PAYERROR")])
def test_a_payer_who_must_confirm_has_two_minutes_for_it(counter: Counter, word: str, state: str) -> None:
    """Until then the merchant hears USERPAYING; a word that comes too late is none."""
    code = counter.code(confirm=True)
    first = counter.charge("T07AAAP1", code).json()["trade_state"]
    said = counter.http.post(f"/phone/wechat/{code}", data={"answer": word}).status_code
    late = counter.code(confirm=True)
    counter.charge("T07BBBP1", late)
    counter.clock.forward(minutes=2)

    assert (first, said, counter.state("T07AAAP1")) == ("USERPAYING", 200, state)
    assert counter.http.post(f"/phone/wechat/{late}", data={"answer": "pay"}).status_code == 409
    assert counter.state("T07BBBP1") == "PAYERROR"


@pytest.mark.parametrize("confirm", [False, True])
def test_a_revoke_is_final_and_not_for_the_first_seconds(counter: Counter, confirm: bool) -> None:
    """What was paid is given back by it, and cannot be refunded once more."""
    counter.charge("T07AAAP1", counter.code(confirm=confirm))
    early = counter.reverse("T07AAAP1").json()["code"]
    counter.clock.forward(seconds=15)

    assert early == "INVALID_REQUEST"
    assert [counter.reverse("T07AAAP1").status_code for _ in range(2)] == [204, 204]
    assert counter.state("T07AAAP1") == "REVOKED"


@pytest.mark.parametrize(
    "changed",
    [{"payer": {"auth_code": "281111111111111111"}}, {"payer": None}, {"trade_type": "NATIVE"}, {"amount": {}}],
)
def test_a_charge_that_is_not_as_documented_is_refused(counter: Counter, changed: dict[str, Any]) -> None:
    """And the code stays good."""
    code = counter.code()

    assert counter.charge("T07AAAP1", code, **changed).json()["code"] == "PARAM_ERROR"
    assert counter.charge("T07AAAP1", code).status_code == 200


def test_a_code_of_nobody_is_no_code(counter: Counter) -> None:
    """Nor is a wallet that does not stand here."""
    assert counter.http.get("/phone/wechat/130000000000000000").status_code == 404
    assert counter.http.get("/phone/shells").status_code == 404
    assert "Show a payment code" in counter.http.get("/phone/wechat").text
