"""WeChat Pay's bill of a day, overseas and in the mainland, against the sandbox: whole, or none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from kiosk.abilities import BillEntry, HasBill, Moved
from kiosk.errors import NotNow, Refused, Unreachable
from kiosk.tenders.wechat.bill import OVERSEAS, of_mainland, of_overseas
from kiosk.tenders.wechat.door import Door
from tests.tenders.rail import Rail
from tests.tenders.till import Till, opened
from tests.tenders.wechat_rail import WECHAT, WECHAT_MAINLAND, WECHAT_SCAN
from tests.tenders.wechat_world import World

DAY = date(2026, 11, 22)
RAILS = [WECHAT, WECHAT_MAINLAND, WECHAT_SCAN]


@pytest.fixture(params=RAILS, ids=lambda rail: rail.name)
def till(keys: Path, request: pytest.FixtureRequest) -> Iterator[Till]:
    rail: Rail = request.param
    with opened(keys, rail) as made:
        yield made


def billed(till: Till, day: date = DAY) -> tuple[BillEntry, ...]:
    assert isinstance(till.tender, HasBill)
    return till.tender.bill(day)


def in_the_evening_of(till: Till, hour: int) -> None:
    """So late on that day in China, which is UTC+8."""
    till.clock.at = datetime(2026, 11, 22, hour - 8, 50, tzinfo=till.clock.at.tzinfo)


def test_a_bill_has_what_moved_on_its_day_in_china(till: Till) -> None:
    """One payment of that day; and one that was made and given back on the next, after midnight there."""
    in_the_evening_of(till, 23)
    till.show()
    till.pay()
    till.settle()
    sold, total = till.reference, till.order.total
    till.show()
    till.pay()
    till.leave()
    till.wait(minutes=20)
    back = till.reference
    till.clock.forward(days=2)

    first, second = billed(till), billed(till, DAY + timedelta(days=1))

    assert [(entry.moved, entry.reference, entry.amount) for entry in first] == [(Moved.IN, f"{sold}P1", total)]
    assert {(entry.moved, entry.reference, entry.amount) for entry in second} == {
        (Moved.IN, f"{back}P1", total),
        (Moved.BACK, f"{back}R1", total),
    }
    assert all(entry.number.isdecimal() and entry.at.tzinfo for entry in first + second)


def test_a_bill_is_not_there_before_ten_in_china(till: Till) -> None:
    """Not asked for earlier than that; then it is."""
    in_the_evening_of(till, 20)
    till.show()
    till.pay()
    till.settle()
    till.clock.at = datetime(2026, 11, 23, 1, 59, tzinfo=till.clock.at.tzinfo)

    with pytest.raises(NotNow, match="after 2026-11-23 10:00 in China"):
        billed(till)
    till.clock.forward(minutes=1)
    assert len(billed(till)) == 1


def test_a_day_without_movements_has_an_empty_bill(till: Till) -> None:
    """Which is another thing than no bill."""
    till.clock.forward(days=2)

    assert billed(till) == ()


def test_what_a_revoke_gave_back_is_in_the_bill(keys: Path) -> None:
    """Under the payment's own reference, for it had no other."""
    with opened(keys, WECHAT_SCAN) as till:
        till.show()
        till.clock.forward(seconds=20)
        till.pay()
        till.world.books("wechat/payments")
        reverse = {"mchid": "1900000109"}
        door: Door = till.tender.door  # type: ignore[attr-defined]
        path = f"/v3/global/micropay/transactions/out-trade-no/{till.reference}P1/reverse"
        assert door.call("POST", path, reverse).status == 204
        till.clock.forward(days=2)

        assert [(entry.moved, entry.reference) for entry in billed(till)] == [
            (Moved.IN, f"{till.reference}P1"),
            (Moved.BACK, f"{till.reference}P1"),
        ]


def test_one_merchant_has_one_bill_for_both_ways(keys: Path) -> None:
    """Whichever table asks for it: the same account, and the same entries."""
    with opened(keys, WECHAT, settings=WECHAT_SCAN.table(keys, "{url}")) as till:
        till.show()
        till.pay()
        till.settle()
        till.clock.forward(days=2)
        both = [tender for tender in till.house.tenders.values() if isinstance(tender, HasBill)]
        first, second = (tender.bill(DAY) for tender in both)

    assert len({tender.bill_account for tender in both}) == 1
    assert first == second != ()


@pytest.mark.parametrize("rail", [WECHAT, WECHAT_MAINLAND], ids=lambda rail: rail.name)
@pytest.mark.parametrize(("fault", "kind"), [({"garbage": True}, Unreachable), ({"forged": True}, Unreachable)])
def test_a_bill_that_cannot_be_believed_is_none(
    keys: Path, rail: Rail, fault: dict[str, bool], kind: type[Exception]
) -> None:
    """A page in its place, or somebody else's signature on its hash."""
    with opened(keys, rail) as till:
        till.clock.forward(days=2)
        till.turn(**fault)

        with pytest.raises(kind):
            billed(till)


# --- bills of another form -----------------------------------------------------------------------------------------

HEAD = ",".join(OVERSEAS)
ROW = dict.fromkeys(OVERSEAS, "0") | {
    "交易时间": "2026-11-22 10:00:00",
    "微信订单号": "4200001",
    "商户订单号": "T07P1",
    "交易类型": "NATIVE",
    "交易状态": "SUCCESS",
    "标价币种": "USD",
    "订单金额(标价币种)": "18.00",
}
TOTALS = "总交易单数\r\n`1\r\n"


def line(**changed: str) -> str:
    return "`" + ",`".join((ROW | changed).values())


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def overseas(world: World, text: str, sha1: str = "") -> tuple[BillEntry, ...]:
    """What the adapter makes of a file that WeChat Pay has signed."""
    world.rail.statement(text.encode(), sha1)
    return of_overseas(world.tender.door, DAY, "1900000199")  # type: ignore[attr-defined]


def test_a_head_in_another_language_is_read_by_its_place(world: World) -> None:
    """The columns stand in the documented order."""
    english = ",".join(f"Column {number}" for number in range(len(OVERSEAS)))

    assert len(overseas(world, f"\ufeff{english}\r\n{line()}\r\n{TOTALS}")) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\r\n{line()}\r\n",
        f"{HEAD}\r\n{line()},`more\r\n{TOTALS}",
        f"{HEAD}\r\n{line(**{'订单金额(标价币种)': '18.005'})}\r\n{TOTALS}",
        f"{HEAD}\r\n{line(交易时间='soon')}\r\n{TOTALS}",
    ],
    ids=["without its totals", "a row too long", "a tenth of a cent", "no time"],
)
def test_a_bill_of_another_form_is_none(world: World, text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(Unreachable, match="of another form"):
        overseas(world, text)


def test_a_bill_with_another_hash_is_none(world: World) -> None:
    """A part of the file is not the file."""
    with pytest.raises(Unreachable, match="not whole"):
        overseas(world, f"{HEAD}\r\n{line()}\r\n{TOTALS}", sha1="0" * 40)


@pytest.mark.parametrize(
    ("status", "counts"), [("SUCCESS", True), ("PROCESSING", True), ("CHANGE", False), ("FAIL", False)]
)
def test_a_refund_that_failed_gave_nothing_back(world: World, status: str, counts: bool) -> None:
    """One that is still PROCESSING counts, as documented."""
    refund = {
        "交易状态": "REFUND",
        "退款状态": status,
        "申请退款金额": "18.00",
        "商户退款单号": "T07R1",
        "微信退款单号": "5030",
    }

    found = overseas(world, f"{HEAD}\r\n{line(**refund)}\r\n{TOTALS}")

    assert [(entry.moved, entry.reference, entry.number) for entry in found] == [(Moved.BACK, "T07R1", "5030")] * counts


def test_an_address_elsewhere_is_not_followed(world: World) -> None:
    """The mainland's bill is fetched from WeChat Pay, whatever the answer says."""
    where = {"hash_type": "SHA1", "hash_value": "0" * 40, "download_url": "https://evil.example/bill"}
    world.on("GET /wechat/v3/bill/tradebill", httpx.Response(200, json=where))

    with pytest.raises(Unreachable, match="without the address"):
        of_mainland(world.tender.door, DAY)  # type: ignore[attr-defined]


def test_a_day_that_is_refused_is_no_empty_bill(world: World) -> None:
    """Too old, for instance."""
    refusal = httpx.Response(400, json={"code": "PARAM_ERROR", "message": "no"})
    world.on("GET /wechat/v3/global/statements", refusal)

    with pytest.raises(Refused):
        of_overseas(world.tender.door, DAY, "1900000199")  # type: ignore[attr-defined]
