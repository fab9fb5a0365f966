"""The sandboxes hand out bills of days that are over, to who may have them, and refuse all others themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox.alipay_app import App
from tests.sandbox.conftest import SetClock

METHOD = "alipay.data.dataservice.bill.downloadurl.query"
TODAY = "2026-11-22"


@pytest.fixture
def app(http: httpx.Client, keys: Path, clock: SetClock) -> App:
    return App(http, keys, clock)


def asked(app: App, **changes: str) -> dict[str, Any]:
    wish = {"bill_type": "trade", "bill_date": TODAY} | changes
    answer: dict[str, Any] = app.raw("", wish, method=METHOD).json()
    return dict(answer[f"{METHOD.replace('.', '_')}_response"])


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, "isp.bill_not_exist"),
        ({"bill_date": "2026-11-23"}, "isp.bill_not_exist"),
        ({"bill_date": "2036-11-23"}, "isp.bill_not_exist"),
        ({"bill_date": "2016-01-01"}, "isp.bill_not_exist"),
        ({"bill_date": "2026-11-21", "bill_type": "signcustomer"}, "isp.type_not_supported"),
        ({"bill_date": "2026-11-21", "bill_type": "all"}, "isp.invailid_arguments"),
        ({"bill_date": "21.11.2026"}, "isp.invailid_arguments"),
        ({"bill_date": "2026-11-31"}, "isp.invailid_arguments"),
    ],
    ids=str,
)
def test_alipay_refuses_a_bill_that_there_is_not(app: App, changes: dict[str, str], why: str) -> None:
    """Today's, tomorrow's, one of ten years to come or ago, one of another kind, one of no day."""
    found = asked(app, **changes)

    assert (found["code"], found["sub_code"]) == ("40004", why)
    assert "bill_download_url" not in found


def test_alipay_has_yesterdays_bill_from_nine_in_the_morning_in_china(app: App, clock: SetClock) -> None:
    """Not a second earlier."""
    clock.now = clock.now.replace(hour=0, minute=59, second=59)
    early = asked(app, bill_date="2026-11-21")
    clock.forward(1)

    assert early["sub_code"] == "isp.bill_not_exist"
    assert asked(app, bill_date="2026-11-21")["code"] == "10000"


def test_alipay_tells_no_address_to_who_signs_wrongly(http: httpx.Client, app: App) -> None:
    """The same wish with another date than was signed."""
    fields = app.fields("", {"bill_type": "trade", "bill_date": TODAY}, method=METHOD)
    fields["biz_content"] = fields["biz_content"].replace(TODAY, "2026-11-21")

    answer = http.post("/alipay/gateway.do", data=fields)

    assert "isv.invalid-signature" in answer.text
    assert "bill_download_url" not in answer.text


def test_an_address_is_nobodys_to_guess_and_soon_too_old(http: httpx.Client, app: App, clock: SetClock) -> None:
    """Thirty seconds, and then a page."""
    address = asked(app, bill_date="2026-11-21")["bill_download_url"]
    clock.forward(30)
    in_time = http.get(address)
    clock.forward(1)

    assert in_time.content.startswith(b"PK")
    assert [http.get(each).status_code for each in (address, address[:-3] + "AAA")] == [403, 403]


def report(day: str, of: str = "") -> str:
    return f"/antom/v1/settlements/M1/{day}/transactionItems_{of or day}_000.csv"


PAGES: dict[str, Callable[[], str]] = {
    "today": lambda: report("20261122"),
    "tomorrow": lambda: report("20261123"),
    "no day": lambda: report("20261131"),
    "two days": lambda: report("20261121", of="20261120"),
    "elsewhere": lambda: "/antom/v1/settlements/M1/20261121/settlementItems_20261121_000.csv",
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_antom_has_no_report_of_a_day_that_is_not_over(http: httpx.Client, page: Callable[[], str]) -> None:
    """Nor of what is no day, nor one day's under another's."""
    assert http.get(page()).status_code == 404


def test_antoms_report_is_there_when_chinas_day_is_over(http: httpx.Client, clock: SetClock) -> None:
    """From midnight on; a day on which nothing moved has a head and its mark."""
    clock.now = clock.now.replace(hour=16) - timedelta(seconds=1)
    early = http.get(report("20261122"))
    clock.forward(1)
    lines = http.get(report("20261122")).text.splitlines()

    assert early.status_code == 404
    assert (len(lines), lines[1]) == (2, "<END>")
