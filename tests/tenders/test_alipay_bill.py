"""Alipay's bill of a day, in the mainland, by the kiosk's adapter before the sandbox, in one process: whole or none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from kiosk.abilities import BillEntry, HasBill, Moved
from kiosk.errors import Forged, NotNow, Unreachable
from kiosk.ports import Tender
from kiosk.sandbox.alipay_facts import BILL
from kiosk.simulation.alipay_vendor import alipay_table
from kiosk.tenders import build
from tests.providers.fakes import FixedClock
from tests.tenders.alipay_world import ORDER, PRICE, REFUND, WIRE
from tests.tenders.test_documented_codes import meant, table

DAY = date(2026, 11, 22)
"""The day of `tests.providers.fakes.FixedClock`: noon in UTC, eight in the evening in China."""


class Shop:
    """The adapter, and in the same process the sandbox.

    Before a file is fetched, `first` happens; `bent` changes what the adapter gets to see of it.
    """

    def __init__(self, folder: Path) -> None:
        from kiosk.sandbox.app import application

        self.clock = FixedClock()
        self.first: Callable[[], None] = lambda: None
        self.bent: Callable[[bytes], bytes] = lambda file: file
        sandbox = application(folder / "books.db", limits=False, clock=self.clock.now, sleep=lambda _: None)
        self._inside = httpx.Client(transport=httpx.WSGITransport(app=sandbox), base_url="http://127.0.0.1")
        self.tender: Tender = build(
            "alipay",
            alipay_table(folder),
            path="tenders.alipay",
            training=True,
            currency="CNY",
            state_dir=folder,
            clock=self.clock,
            transport=httpx.MockTransport(self._line),
        )

    def _line(self, request: httpx.Request) -> httpx.Response:
        fetches = "/bill/" in request.url.path
        if fetches:
            self.first()
        answer = self._inside.send(request)
        body = self.bent(answer.content) if fetches else answer.content
        return httpx.Response(answer.status_code, headers={"content-type": "text/html"}, content=body)

    def turn(self, **rule: object) -> None:
        assert self._inside.put("/_knobs", json={"remote": "alipay", **rule}).status_code == 200

    def paid(self) -> None:
        assert self._inside.post(self.tender.start(ORDER, WIRE).code, data={"answer": "pay"}).status_code == 200

    def bill(self, day: date = DAY) -> tuple[BillEntry, ...]:
        assert isinstance(self.tender, HasBill)
        return self.tender.bill(day)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def in_china(hour: int, minute: int, *, days: int = 0) -> datetime:
    return datetime(2026, 11, 22, hour, minute, tzinfo=UTC) - timedelta(hours=8) + timedelta(days=days)


def test_a_bill_has_what_moved_on_its_day_in_china(shop: Shop) -> None:
    """Paid a minute before midnight there, given back two minutes later: each on its own day, and the whole order's."""
    shop.clock.at = in_china(23, 59)
    shop.turn(coupon=True)
    shop.paid()
    shop.clock.forward(minutes=2)
    shop.tender.refund(ORDER, WIRE, REFUND, shop.clock.now())
    shop.clock.forward(days=2)

    (came,), (went,) = shop.bill(), shop.bill(DAY + timedelta(days=1))

    assert (came.moved, came.reference, came.amount) == (Moved.IN, WIRE, PRICE)
    assert (went.moved, went.reference, went.amount) == (Moved.BACK, REFUND, PRICE)
    assert (came.at, went.at) == (in_china(23, 59), in_china(0, 1, days=1))
    assert len({came.number, went.number}) == 2


def test_what_a_cancel_gave_back_stands_under_the_payments_own_number(shop: Shop) -> None:
    """There is no refund of ours that the row could name."""
    shop.turn(endpoint="* alipay.trade.query", reject="ACQ.TRADE_NOT_EXIST", times=1)
    shop.paid()
    shop.tender.cancel(ORDER, WIRE, shop.clock.now())
    shop.clock.forward(days=2)

    entries = shop.bill()

    assert [(entry.moved, entry.reference, entry.amount) for entry in entries] == [
        (Moved.IN, WIRE, PRICE),
        (Moved.BACK, WIRE, PRICE),
    ]


@pytest.mark.parametrize("says_so", [False, True])
def test_a_day_on_which_nothing_moved_is_an_empty_bill(shop: Shop, *, says_so: bool) -> None:
    """Alipay says so by a file without rows, or by a refusal of that name."""
    if says_so:
        shop.turn(says_nothing_moved=True)

    assert shop.bill(DAY - timedelta(days=1)) == ()


@pytest.mark.parametrize("days", [0, 1, 400])
def test_a_day_that_is_not_over_has_no_bill_yet(shop: Shop, days: int) -> None:
    """Today, tomorrow, any other day to come: until nine in the morning of its next day."""
    with pytest.raises(NotNow) as refused:
        shop.bill(DAY + timedelta(days=days))

    assert f"{DAY + timedelta(days=days + 1)} 09:00 in China" in str(refused.value)


def test_a_bill_that_is_late_is_not_an_empty_one(shop: Shop) -> None:
    """It may be made after nine: then Alipay knows of no bill, and that says nothing of what moved."""
    shop.paid()
    shop.clock.at = in_china(9, 1, days=1)
    shop.turn(endpoint="* alipay.data.*", reject="BILL_NOT_EXIST", times=1)

    with pytest.raises(NotNow):
        shop.bill()
    assert len(shop.bill()) == 1


def cut(file: bytes, *, keep: Callable[[str], str]) -> bytes:
    """The same zip, well formed, with other tables in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as whole, zipfile.ZipFile(packed, "w") as made:
        for name in whole.namelist():
            made.writestr(name, keep(whole.read(name).decode("gb18030")).encode("gb18030"))
    return packed.getvalue()


END = "#" + "-" * 40 + "业务明细列表结束"
BENT: dict[str, Callable[[bytes], bytes]] = {
    "half of the zip": lambda file: file[: len(file) // 2],
    "a flipped bit": lambda file: file[:60] + bytes([file[60] ^ 1]) + file[61:],
    "no zip": lambda file: b"<html>404</html>",
    "no end of the list": lambda file: cut(file, keep=lambda text: text.partition(END)[0]),
    "another end": lambda file: cut(file, keep=lambda text: text.replace("列表结束", "")),
    "a column less": lambda file: cut(file, keep=lambda text: text.replace(",业务类型", "")),
    "no sums and no rows": lambda file: cut(file, keep=lambda text: ""),
    "an amount that is none": lambda file: cut(file, keep=lambda text: text.replace("168.00", "168.0.0")),
    "in UTF-8": lambda file: cut(file, keep=lambda text: text.encode().decode("gb18030", "replace")),
}


@pytest.mark.parametrize("bend", BENT.values(), ids=BENT)
def test_a_part_of_a_bill_is_never_taken_for_the_whole(shop: Shop, bend: Callable[[bytes], bytes]) -> None:
    """Whatever is wrong with the file: no answer, and nothing is concluded."""
    shop.paid()
    shop.clock.forward(days=2)
    shop.bent = bend

    with pytest.raises(Unreachable):
        shop.bill()
    shop.bent = lambda file: file
    assert len(shop.bill()) == 1


def test_a_bill_whose_address_somebody_else_tells_is_not_fetched(shop: Shop) -> None:
    """The address comes under Alipay's signature, or not at all."""
    shop.paid()
    shop.clock.forward(days=2)
    shop.turn(endpoint="* alipay.data.*", forged=True)
    fetched: list[str] = []
    shop.first = lambda: fetched.append("a bill")

    with pytest.raises(Forged):
        shop.bill()
    assert fetched == []


def test_an_address_is_good_for_thirty_seconds(shop: Shop) -> None:
    """As with the real one: who is too late gets a page, and no part of a bill."""
    shop.paid()
    shop.clock.forward(days=2)
    shop.first = lambda: shop.clock.forward(seconds=31)
    with pytest.raises(Unreachable):
        shop.bill()

    shop.first = lambda: shop.clock.forward(seconds=29)
    assert len(shop.bill()) == 1


CODES = {row["code"]: row for row in table("Alipay, mainland: codes of a bill")}


def test_every_documented_code_of_a_bill_means_what_the_table_says(shop: Shop) -> None:
    """Those that the sandbox knows from Alipay's page, and no other."""
    shop.clock.forward(days=2)
    found = {}
    for code in BILL:
        shop.turn(endpoint="* alipay.data.*", reject=code, times=1)
        found[code] = meant(shop.bill)

    assert found == {code: row["a bill"] for code, row in CODES.items()}
