"""Alipay of the mainland: what each answer to a payment means. Only cancel and refund give back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from msgspec import structs

from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.facts import Attempt, Outcome
from kiosk.money import Money
from kiosk.ports import Paid, Pending, Started, Unpaid
from tests.providers.fakes import Step
from tests.tenders.alipay_world import (
    CANCEL,
    CLOSE,
    GIVEN_BACK,
    ORDER,
    PAID,
    PRECREATE,
    QUERY,
    START,
    UNKNOWN,
    WIRE,
    World,
    no,
    said,
    trade,
)

CODE = "https://qr.alipay.com/bavh4wjlxf12tper3a"
WAITS = trade("WAIT_BUYER_PAY")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def code(**changed: str) -> httpx.Response:
    return said(**{"out_trade_no": WIRE, "qr_code": CODE, **changed})


# --- start -------------------------------------------------------------------------------------------------------


def test_a_code_lives_as_long_as_the_order(world: World) -> None:
    """Our reference, the price in yuan, and whole minutes; the time is China's."""
    world.on(PRECREATE, code())

    started = world.tender.start(ORDER, WIRE)

    assert started == Started(CODE, ORDER.expires_at)
    assert world.wish() == {
        "out_trade_no": WIRE,
        "total_amount": "168.00",
        "subject": "Travel data top-up",
        "qr_code_timeout_express": "5m",
        "timeout_express": "5m",
    }
    assert world.rail.asked[0].url.params["timestamp"] == "2026-11-22 20:00:00"


@pytest.mark.parametrize(("late_s", "minutes"), [(1, 5), (61, 4), (299, 1), (600, 1)])
def test_a_late_code_lives_to_the_next_whole_minute(world: World, late_s: int, minutes: int) -> None:
    """Alipay counts from now, and in minutes: the kiosk goes on asking until the code is dead."""
    world.on(PRECREATE, code())
    world.clock.forward(seconds=late_s)

    started = world.tender.start(ORDER, WIRE)

    assert world.wish()["qr_code_timeout_express"] == f"{minutes}m"
    assert started.expires_at == world.clock.now() + timedelta(minutes=minutes)


@pytest.mark.parametrize("training", [True, False])
def test_only_a_sandbox_may_show_a_code_that_leads_to_a_page(world: World, training: bool) -> None:
    """The sandbox's payer has no Alipay; a live code is https."""
    world.on(PRECREATE, code(qr_code="http://192.168.1.20:8731/pay/x"))
    live = world.built(training=False, base_url="https://openapi.alipay.com/alipay")

    if training:
        assert world.tender.start(ORDER, WIRE).code == "http://192.168.1.20:8731/pay/x"
    else:
        with pytest.raises(Unreachable, match="without a code to show"):
            live.start(ORDER, WIRE)


START_CASES: list[tuple[Step, type[NoAnswer]]] = [
    (code(qr_code=""), Unreachable),
    (code(out_trade_no="T07ANOTHER"), Unreachable),
    (no("isp.unknow-error", "20000"), Unreachable),
    (no("ACQ.SYSTEM_ERROR"), Unreachable),
    (no("ACQ.TRADE_HAS_SUCCESS"), Unreachable),
    (said("40004"), Unreachable),
    (said("10003"), Unreachable),
    (httpx.Response(502, text="?"), Unreachable),
    (httpx.Response(200, text="<html>"), Unreachable),
    (httpx.ReadTimeout("late"), Unreachable),
    (httpx.Response(429, headers={"retry-after": "5"}), NotNow),
    (no("isv.app-call-limited", "40005"), NotNow),
    (no("isv.invalid-signature", "40002"), Misconfigured),
    (no("isv.insufficient-isv-permissions", "40006"), Misconfigured),
    (no("ACQ.ACCESS_FORBIDDEN"), Misconfigured),
    (no("ACQ.TOTAL_FEE_EXCEED"), Refused),
    (no("ACQ.CONTEXT_INCONSISTENT"), Refused),
    (no("ACQ.SOMETHING_NEW"), Refused),
]


@pytest.mark.parametrize(("reply", "kind"), START_CASES)
def test_each_answer_to_a_new_order_means_one_thing(world: World, reply: Step, kind: type[NoAnswer]) -> None:
    """A no, not now, our configuration, or in doubt."""
    world.on(PRECREATE, reply)

    with pytest.raises(kind):
        world.tender.start(ORDER, WIRE)


# --- has the customer paid? --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (trade("TRADE_SUCCESS"), PAID),
        (trade("TRADE_FINISHED"), PAID),
        (GIVEN_BACK, replace(PAID, given_back=True)),
        (WAITS, Pending(said="WAIT_BUYER_PAY")),
        (trade("TRADE_NEW_STATE"), Pending(said="TRADE_NEW_STATE")),
        (trade("TRADE_SUCCESS", buyer_pay_amount="167.00"), PAID),
        (trade("TRADE_SUCCESS", total_amount="0.01"), Paid(Money(1, "CNY"), PAID.number)),
        (trade("TRADE_SUCCESS", trans_currency="USD"), Paid(Money(16_800, "USD"), PAID.number)),
    ],
)
def test_a_trade_is_read_for_the_orders_own_amount(world: World, reply: httpx.Response, expected: object) -> None:
    """What a coupon left the payer to pay does not matter; the caller compares the order's amount."""
    world.on(QUERY, reply)

    assert world.ask() == expected


@pytest.mark.parametrize(
    "reply",
    [
        trade("TRADE_SUCCESS", out_trade_no="T07ANOTHER"),
        trade("TRADE_SUCCESS", total_amount=168),
        trade("TRADE_SUCCESS", total_amount="168.001"),
        trade("TRADE_SUCCESS", trans_currency="???"),
        trade("TRADE_SUCCESS", trade_no=None),
        no("ACQ.INVALID_PARAMETER"),
        no("ACQ.SYSTEM_ERROR"),
        httpx.Response(404, text="nginx"),
    ],
)
def test_an_answer_that_is_not_about_our_order_is_none(world: World, reply: httpx.Response) -> None:
    """Another order, no amount, a stray page: neither paid nor unpaid."""
    world.on(QUERY, reply)

    with pytest.raises(Unreachable):
        world.ask()


def test_closed_and_never_paid_is_proof_of_unpaid(world: World) -> None:
    """TRADE_CLOSED also stands on what was given back: only that has a pay date."""
    world.on(QUERY, trade("TRADE_CLOSED"))

    assert isinstance(world.ask(), Unpaid)


def test_a_code_that_nobody_scanned_may_still_be_scanned(world: World) -> None:
    """Unknown proves nothing before the code's own expiry and a margin: by Alipay's clock and by ours."""
    world.on(QUERY, UNKNOWN)
    found = [world.ask()]
    for wait_s in (299, 100, 30):
        world.clock.forward(seconds=wait_s)
        found.append(world.ask())

    assert [type(each) for each in found] == [Pending, Pending, Pending, Unpaid]
    assert found[1] == Pending(said="Alipay does not know the order: nobody has scanned the code so far")
    assert isinstance(found[2], Pending)
    assert found[2].ask_at == ORDER.expires_at + timedelta(minutes=2, seconds=1)


@pytest.mark.parametrize("rail_ahead", [timedelta(minutes=-10), timedelta(minutes=10)])
def test_two_clocks_that_differ_prove_nothing_early(world: World, rail_ahead: timedelta) -> None:
    """The slower of the two decides: a clock that is wrong never makes an order unpaid while its code lives."""
    world.on(QUERY, UNKNOWN)
    world.rail.clock = type(world.clock)()
    world.rail.clock.at = world.clock.at + rail_ahead
    early = world.ask()
    for clock in (world.clock, world.rail.clock):
        clock.forward(minutes=7, seconds=1)
    seven = world.ask()
    for clock in (world.clock, world.rail.clock):
        clock.forward(minutes=10)

    assert isinstance(early, Pending)
    assert isinstance(seven, Pending if rail_ahead < timedelta(0) else Unpaid)
    assert isinstance(world.ask(), Unpaid)


def test_an_answer_without_the_time_proves_nothing_however_late(world: World) -> None:
    """A cache would tell an old time, too."""
    world.on(QUERY, UNKNOWN)
    world.rail.tells_time = False
    world.clock.forward(hours=3)

    assert isinstance(world.ask(), Pending)


@pytest.mark.parametrize("attempts", [(), (structs.replace(START, outcome=Outcome.NOT_SENT),)])
def test_what_was_never_started_is_unpaid_at_once(world: World, attempts: tuple[Attempt, ...]) -> None:
    """Nothing payable was ever shown, and Alipay says so too."""
    world.on(QUERY, UNKNOWN)

    assert isinstance(world.ask(structs.replace(ORDER, attempts=attempts)), Unpaid)


# --- the time is over, or the customer left ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("close", "after", "expected"),
    [
        (said(), trade("TRADE_CLOSED"), Unpaid),
        (said(), trade("TRADE_SUCCESS"), Paid),
        (said(), WAITS, Pending),
        (no("ACQ.TRADE_STATUS_ERROR"), trade("TRADE_SUCCESS"), Paid),
        (no("ACQ.TRADE_NOT_EXIST"), trade("TRADE_SUCCESS"), Paid),
    ],
)
def test_a_close_is_believed_only_after_another_look(
    world: World, close: httpx.Response, after: httpx.Response, expected: type
) -> None:
    """The customer may pay between the look and the close: then the payment stands. Nothing is cancelled."""
    world.on(QUERY, WAITS, after).on(CLOSE, close)
    world.clock.forward(minutes=6)

    found = world.expire()

    assert isinstance(found, expected)
    assert found != replace(PAID, given_back=True)
    assert world.called == ["query", "close", "query"]


@pytest.mark.parametrize("reply", [UNKNOWN, trade("TRADE_SUCCESS"), trade("TRADE_CLOSED")])
def test_what_is_settled_or_was_never_scanned_is_not_closed(world: World, reply: httpx.Response) -> None:
    """There is nothing to close."""
    world.on(QUERY, reply)
    world.clock.forward(minutes=6)
    world.expire()

    assert world.called == ["query"]


@pytest.mark.parametrize(
    ("answer", "after", "expected"),
    [
        (said(action="close", retry_flag="N"), trade("TRADE_CLOSED"), Unpaid("")),
        (said(action="refund", retry_flag="N"), GIVEN_BACK, replace(PAID, given_back=True)),
        (said(retry_flag="N"), UNKNOWN, Pending()),
        (said(retry_flag="Y"), None, Pending()),
        (said(action="close", retry_flag="N"), trade("TRADE_SUCCESS"), PAID),
        (no("ACQ.TRADE_NOT_EXIST"), UNKNOWN, Pending()),
        (no("ACQ.TRADE_STATUS_ERROR"), trade("TRADE_SUCCESS"), PAID),
    ],
)
def test_a_cancel_is_believed_only_after_another_look(
    world: World, answer: httpx.Response, after: httpx.Response | None, expected: Paid | Unpaid | Pending
) -> None:
    """What it gave back is said so; success without a deed proves nothing; Y is not done yet."""
    world.on(QUERY, WAITS, *([after] if after else [])).on(CANCEL, answer)

    found = world.cancel()

    assert type(found) is type(expected)
    assert not isinstance(found, Paid) or found == expected
    assert world.called == ["query", "cancel"] + ["query"] * bool(after)


@pytest.mark.parametrize("reply", [trade("TRADE_SUCCESS"), trade("TRADE_CLOSED"), GIVEN_BACK])
def test_what_is_settled_is_not_cancelled(world: World, reply: httpx.Response) -> None:
    """What is paid is given back by a refund of ours, under our reference."""
    world.on(QUERY, reply)
    world.cancel()

    assert world.called == ["query"]


@pytest.mark.parametrize("after", [trade("TRADE_CLOSED"), trade("TRADE_SUCCESS"), UNKNOWN])
def test_a_cancel_that_contradicts_the_record_is_in_doubt(world: World, after: httpx.Response) -> None:
    """It says that it gave back, and the record shows no payment that went back: nobody concludes anything."""
    world.on(QUERY, WAITS, after).on(CANCEL, said(action="refund", retry_flag="N"))

    with pytest.raises(Unreachable, match="and that it has not"):
        world.cancel()


def test_a_cancel_whose_answer_was_lost_is_found_by_looking(world: World) -> None:
    """Given back, and nobody heard: the trade is closed, and has a pay date."""
    world.on(QUERY, WAITS, GIVEN_BACK).on(CANCEL, httpx.ReadTimeout("late"))

    with pytest.raises(Unreachable):
        world.cancel()

    assert world.cancel() == replace(PAID, given_back=True)
    assert world.called.count("cancel") == 1
