"""A payment code of Alipay, through both of its gateways: what each answer to a charge means."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import structs

from kiosk.abilities import ChargesCodes
from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.facts import Attempt, Call, Outcome
from kiosk.ports import Acts, Paid, Pending, Tender, Unpaid
from tests.tenders import alipay_world as mainland
from tests.tenders import antom_world as overseas
from tests.tenders.wechat_world import OPENED, WIRE

CODE = "287634438256643944"
CHARGED = (Attempt(1, Call.CHARGE, WIRE, OPENED, Outcome.UNKNOWN, OPENED),)


def scanning(world: mainland.World | overseas.World) -> Tender:
    return world.built(acts="scans_customer_code")


def charge(tender: Tender, world: mainland.World | overseas.World) -> Paid | Pending:
    assert isinstance(tender, ChargesCodes)
    order = mainland.ORDER if isinstance(world, mainland.World) else overseas.ORDER
    return tender.charge(order, WIRE, CODE, world.clock.now())


@pytest.fixture(params=[mainland.World, overseas.World], ids=["mainland", "antom"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> mainland.World | overseas.World:
    made: mainland.World | overseas.World = request.param(tmp_path)
    return made


@pytest.fixture
def alipay(tmp_path: Path) -> mainland.World:
    return mainland.World(tmp_path)


@pytest.fixture
def antom(tmp_path: Path) -> overseas.World:
    return overseas.World(tmp_path)


def test_it_scans_and_starts_nothing(world: mainland.World | overseas.World) -> None:
    """The queue cancels at the time-out; a tender that shows codes charges none."""
    tender = scanning(world)

    assert (tender.acts, tender.starts, tender.cancels_at_time_out) == (Acts.SCANS_CUSTOMER_CODE, False, True)
    assert isinstance(tender, ChargesCodes)
    assert not isinstance(world.tender, ChargesCodes)


@pytest.mark.parametrize(
    ("scanned", "is_one"),
    [
        ("287634438256643944", True),
        ("2500000000000000", True),
        ("300000000000000000000000", True),
        ("280000000000000", False),
        ("3000000000000000000000000", False),
        ("240000000000000000", False),
        ("310000000000000000", False),
        ("130000000000000000", False),
        ("89012608622914771", False),
        ("２８7634438256643944", False),
        ("28763443825664394x", False),
        ("", False),
    ],
)
def test_a_payment_code_is_known_by_its_length_and_first_digits(
    world: mainland.World | overseas.World, scanned: str, is_one: bool
) -> None:
    """16 to 24 digits, beginning with 25 to 30: no card number, and none of WeChat Pay's."""
    tender = scanning(world)
    assert isinstance(tender, ChargesCodes)

    assert tender.reads(scanned) is is_one


# --- mainland ----------------------------------------------------------------------------------------------------


def paid_now(**changed: Any) -> httpx.Response:
    record = {"out_trade_no": WIRE, "trade_no": mainland.PAID.number, "total_amount": "168.00"}
    return mainland.said(**record | changed)


def test_a_charge_names_the_code_the_order_and_the_price(alipay: mainland.World) -> None:
    """And nothing that was not asked for."""
    alipay.on("alipay.trade.pay", paid_now(buyer_pay_amount="167.00"))

    assert charge(scanning(alipay), alipay) == mainland.PAID
    assert alipay.wish() == {
        "out_trade_no": WIRE,
        "total_amount": "168.00",
        "subject": "Travel data top-up",
        "scene": "bar_code",
        "auth_code": CODE,
        "product_code": "FACE_TO_FACE_PAYMENT",
        "timeout_express": "2m",
    }


def test_10003_waits_for_the_payer(alipay: mainland.World) -> None:
    """What became of it is found by our reference."""
    alipay.on("alipay.trade.pay", mainland.said("10003"))

    assert isinstance(charge(scanning(alipay), alipay), Pending)


MAINLAND_CASES: list[tuple[httpx.Response | Exception, type[NoAnswer]]] = [
    (mainland.no("isp.unknow-error", "20000"), Unreachable),
    (mainland.no("ACQ.SYSTEM_ERROR"), Unreachable),
    (mainland.no("ACQ.TRADE_HAS_SUCCESS"), Unreachable),
    (paid_now(out_trade_no="T07ANOTHER"), Unreachable),
    (paid_now(trade_no=""), Unreachable),
    (httpx.ReadTimeout("late"), Unreachable),
    (mainland.no("isv.app-call-limited", "40005"), NotNow),
    (mainland.no("ACQ.ACCESS_FORBIDDEN"), Misconfigured),
    (mainland.no("ACQ.PAYMENT_AUTH_CODE_INVALID"), Refused),
    (mainland.no("ACQ.BUYER_BALANCE_NOT_ENOUGH"), Refused),
]


@pytest.mark.parametrize(("reply", "kind"), MAINLAND_CASES)
def test_each_answer_to_a_charge_means_one_thing(
    alipay: mainland.World, reply: httpx.Response | Exception, kind: type[NoAnswer]
) -> None:
    """A no, not now, our configuration, or in doubt: then it is looked for, never charged again."""
    alipay.on("alipay.trade.pay", reply)

    with pytest.raises(kind) as caught:
        charge(scanning(alipay), alipay)
    assert CODE not in str(caught.value)


# --- Antom -------------------------------------------------------------------------------------------------------


def test_antom_is_told_the_code_the_shop_and_the_terminal(antom: overseas.World) -> None:
    """The terminal is the kiosk's own id; who confirms has two minutes."""
    antom.on(overseas.PAY, overseas.payment("SUCCESS"))

    assert charge(scanning(antom), antom) == overseas.PAID
    wish = antom.wish()
    assert wish["paymentMethod"] == {"paymentMethodType": "CONNECT_WALLET", "paymentMethodId": CODE}
    assert wish["paymentFactor"] == {"inStorePaymentScenario": "PaymentCode"}
    assert wish["paymentExpiryTime"] == "2026-11-22T20:02:00+08:00"
    assert wish["order"]["env"] == {
        "storeTerminalId": "T07",
        "storeTerminalRequestTime": "2026-11-22T20:00:00+08:00",
    }


def test_in_process_waits_for_the_payer(antom: overseas.World) -> None:
    """What became of it is found by our reference."""
    antom.on(overseas.PAY, overseas.said("PAYMENT_IN_PROCESS", "U"))

    assert isinstance(charge(scanning(antom), antom), Pending)


ANTOM_CASES: list[tuple[httpx.Response | Exception, type[NoAnswer]]] = [
    (overseas.said("UNKNOWN_EXCEPTION", "U"), Unreachable),
    (overseas.said("REQUEST_TRAFFIC_EXCEED_LIMIT", "U"), Unreachable),
    (overseas.no("SYSTEM_ERROR"), Unreachable),
    (overseas.payment("SUCCESS", paymentRequestId="T07ANOTHER"), Unreachable),
    (overseas.payment("SUCCESS", paymentAmount=None), Unreachable),
    (httpx.ReadTimeout("late"), Unreachable),
    (overseas.no("INVALID_CONTRACT"), Misconfigured),
    (overseas.no("EXPIRED_CODE"), Refused),
    (overseas.no("USER_BALANCE_NOT_ENOUGH"), Refused),
]


@pytest.mark.parametrize(("reply", "kind"), ANTOM_CASES)
def test_each_answer_of_antom_to_a_charge_means_one_thing(
    antom: overseas.World, reply: httpx.Response | Exception, kind: type[NoAnswer]
) -> None:
    """U is never "not done", not even where it is asked too often: the code may have paid."""
    antom.on(overseas.PAY, reply)

    with pytest.raises(kind) as caught:
        charge(scanning(antom), antom)
    assert CODE not in str(caught.value)


# --- what became of it -------------------------------------------------------------------------------------------


def test_a_charge_in_doubt_that_the_rail_does_not_know_is_waited_for(alipay: mainland.World) -> None:
    """It may still arrive; after the order's time and a margin it is unpaid."""
    alipay.on(mainland.QUERY, mainland.UNKNOWN)
    tender, order = scanning(alipay), structs.replace(mainland.ORDER, attempts=CHARGED)
    early = tender.ask(order, WIRE, alipay.clock.now())
    alipay.clock.forward(minutes=8)

    assert isinstance(early, Pending)
    assert isinstance(tender.ask(order, WIRE, alipay.clock.now()), Unpaid)


def test_a_charge_that_took_nothing_is_unpaid_at_once(alipay: mainland.World) -> None:
    """Refused: nothing payable ever reached Alipay."""
    alipay.on(mainland.QUERY, mainland.UNKNOWN)
    refused = (structs.replace(CHARGED[0], outcome=Outcome.REFUSED),)
    order = structs.replace(mainland.ORDER, attempts=refused)

    assert isinstance(scanning(alipay).ask(order, WIRE, alipay.clock.now()), Unpaid)
