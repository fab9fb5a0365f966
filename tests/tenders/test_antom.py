"""Alipay through Antom: what each answer to a payment means. Only cancel and refund give back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import structs

from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.facts import Attempt, Outcome
from kiosk.money import Money
from kiosk.ports import Paid, Pending, Started, Unpaid
from tests.providers.fakes import Step
from tests.tenders.antom_world import (
    CANCEL,
    CODE,
    GIVEN_BACK,
    INQUIRE,
    ORDER,
    PAID,
    PAY,
    UNKNOWN,
    World,
    code_form,
    gone_back,
    money,
    no,
    payment,
    said,
)
from tests.tenders.wechat_world import START, WIRE

WAITS = payment("PROCESSING")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# --- start -------------------------------------------------------------------------------------------------------


def test_an_order_code_is_asked_for_with_all_that_antom_needs(world: World) -> None:
    """Every scalar is a text; the expiry is the order's own, in China's time; the text code is the one to show."""
    world.on(PAY, code_form())

    started = world.tender.start(ORDER, WIRE)

    wish = world.wish()
    assert started == Started(CODE, ORDER.expires_at)
    assert wish["paymentExpiryTime"] == "2026-11-22T20:05:00+08:00"
    assert wish["paymentFactor"] == {"inStorePaymentScenario": "OrderCode"}
    assert wish["paymentAmount"] == wish["order"]["orderAmount"] == money()
    assert wish["order"]["merchant"]["store"]["storeMCC"] == "4814"
    assert wish["settlementStrategy"] == {"settlementCurrency": "USD"}
    assert (wish["productCode"], wish["paymentRequestId"]) == ("IN_STORE_PAYMENT", WIRE)


@pytest.mark.parametrize(("told", "minutes"), [("2026-11-22T20:07:00+08:00", 7), ("2026-11-22T12:01:00Z", 5), ("x", 5)])
def test_a_code_that_lives_longer_is_waited_for(world: World, told: str, minutes: int) -> None:
    """The order lasts at least as long as its code can be paid."""
    form = {"expireTime": told, "codeDetails": [{"displayType": "TEXT", "codeValue": CODE}]}
    world.on(PAY, code_form(orderCodeForm=form))

    assert world.tender.start(ORDER, WIRE).expires_at == ORDER.opened_at + timedelta(minutes=minutes)


@pytest.mark.parametrize("training", [True, False])
def test_only_a_sandbox_may_show_a_code_that_leads_to_a_page(world: World, training: bool) -> None:
    """A live code is never plain http."""
    code = "http://192.168.1.20:8731/pay/x"
    world.on(PAY, code_form(orderCodeForm={"codeDetails": [{"displayType": "TEXT", "codeValue": code}]}))
    live = world.built(training=False, base_url="https://open-na-global.alipay.com/antom")

    if training:
        assert world.tender.start(ORDER, WIRE).code == code
    else:
        with pytest.raises(Unreachable, match="without a code to show"):
            live.start(ORDER, WIRE)


START_CASES: list[tuple[Step, type[NoAnswer]]] = [
    (code_form(orderCodeForm={"codeDetails": []}), Unreachable),
    (code_form(orderCodeForm=[]), Unreachable),
    (code_form(paymentRequestId="T07ANOTHER"), Unreachable),
    (said(), Unreachable),
    (said("PAYMENT_IN_PROCESS", "U"), Unreachable),
    (said("UNKNOWN_EXCEPTION", "U"), Unreachable),
    (no("SYSTEM_ERROR"), Unreachable),
    (said("", "F"), Unreachable),
    (httpx.Response(200, json={}), Unreachable),
    (httpx.Response(502, text="?"), Unreachable),
    (httpx.Response(200, text="<html>"), Unreachable),
    (httpx.ReadTimeout("late"), Unreachable),
    (httpx.Response(429), NotNow),
    (said("REQUEST_TRAFFIC_EXCEED_LIMIT", "U"), NotNow),
    (no("INVALID_SIGNATURE"), Misconfigured),
    (no("INVALID_CONTRACT"), Misconfigured),
    (no("PARAM_ILLEGAL"), Refused),
    (no("REPEAT_REQ_INCONSISTENT"), Refused),
    (no("SOMETHING_NEW"), Refused),
]


@pytest.mark.parametrize(("reply", "kind"), START_CASES)
def test_each_answer_to_a_new_order_means_one_thing(world: World, reply: Step, kind: type[NoAnswer]) -> None:
    """A no, not now, our configuration, or in doubt."""
    world.on(PAY, reply)

    with pytest.raises(kind):
        world.tender.start(ORDER, WIRE)


# --- has the customer paid? --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (payment("SUCCESS"), PAID),
        (payment("Success"), PAID),
        (payment("SUCCESS", actualPaymentAmount=money(1700)), PAID),
        (payment("SUCCESS", paymentAmount=money(1)), Paid(Money(1, "USD"), PAID.number)),
        (payment("SUCCESS", **gone_back()), replace(PAID, given_back=True)),
        (payment("SUCCESS", **gone_back(status="PROCESSING")), PAID),
        (payment("SUCCESS", **gone_back(minor=1799)), PAID),
        (GIVEN_BACK, replace(PAID, given_back=True)),
        (payment("CANCELLED", **gone_back(kind="CANCEL")), replace(PAID, given_back=True)),
        (payment("FAIL", **gone_back()), replace(PAID, given_back=True)),
        (WAITS, Pending(said="PROCESSING")),
        (payment("PENDING"), Pending(said="PENDING")),
        (payment("SOMETHING"), Pending(said="SOMETHING")),
    ],
)
def test_a_payment_is_read_for_the_orders_own_amount(world: World, reply: httpx.Response, expected: object) -> None:
    """What a coupon left the payer to pay does not matter; the caller compares the order's amount."""
    world.on(INQUIRE, reply)

    assert world.ask() == expected


@pytest.mark.parametrize("state", ["CANCELLED", "FAIL"])
def test_what_ended_and_was_never_paid_is_proof_of_unpaid(world: World, state: str) -> None:
    """Only what was paid has a time of payment."""
    world.on(INQUIRE, payment(state))

    assert isinstance(world.ask(), Unpaid)


@pytest.mark.parametrize(
    "reply",
    [
        payment("SUCCESS", paymentRequestId="T07ANOTHER"),
        payment("SUCCESS", paymentAmount={"currency": "USD", "value": "18.00"}),
        payment("SUCCESS", paymentAmount={"currency": "USD", "value": True}),
        payment("SUCCESS", paymentAmount={"currency": "???", "value": "1800"}),
        payment("SUCCESS", paymentAmount=None),
        payment("SUCCESS", paymentId=None),
        no("PARAM_ILLEGAL"),
        said("UNKNOWN_EXCEPTION", "U"),
        httpx.Response(404, text="nginx"),
    ],
)
def test_an_answer_that_is_not_about_our_order_is_none(world: World, reply: httpx.Response) -> None:
    """Another order, no amount, a stray page: neither paid nor unpaid."""
    world.on(INQUIRE, reply)

    with pytest.raises(Unreachable):
        world.ask()


def test_an_order_that_the_rail_does_not_know_may_still_be_on_its_way(world: World) -> None:
    """Unknown proves nothing before the order's own expiry and a margin."""
    world.on(INQUIRE, UNKNOWN)
    early = world.ask()
    world.clock.forward(minutes=6)
    within_margin = world.ask()
    world.clock.forward(minutes=2)

    assert [type(each) for each in (early, within_margin, world.ask())] == [Pending, Pending, Unpaid]


@pytest.mark.parametrize("attempts", [(), (structs.replace(START, outcome=Outcome.NOT_SENT),)])
def test_what_was_never_started_is_unpaid_at_once(world: World, attempts: tuple[Attempt, ...]) -> None:
    """Nothing payable was ever shown, and Antom says so too."""
    world.on(INQUIRE, UNKNOWN)

    found = world.tender.ask(structs.replace(ORDER, attempts=attempts), WIRE, world.clock.now())

    assert isinstance(found, Unpaid)


# --- the time is over, or the customer left ----------------------------------------------------------------------


@pytest.mark.parametrize("reply", [WAITS, UNKNOWN, payment("FAIL"), payment("SUCCESS")])
def test_the_end_of_the_time_to_pay_cancels_nothing(world: World, reply: httpx.Response) -> None:
    """Antom's cancel could give back what should be delivered: a payment ends by its own expiry."""
    world.on(INQUIRE, reply)
    world.clock.forward(minutes=5)
    world.expire()

    assert world.called == [INQUIRE]


@pytest.mark.parametrize(
    ("answer", "after", "expected"),
    [
        (said(), payment("CANCELLED"), Unpaid("")),
        (said(), GIVEN_BACK, replace(PAID, given_back=True)),
        (said(), WAITS, Pending()),
        (no("ORDER_IS_CLOSED"), payment("FAIL"), Unpaid("")),
        (no("ORDER_STATUS_INVALID"), payment("SUCCESS"), PAID),
        (UNKNOWN, UNKNOWN, Pending()),
    ],
)
def test_a_cancel_is_believed_only_after_another_look(
    world: World, answer: httpx.Response, after: httpx.Response, expected: Paid | Unpaid | Pending
) -> None:
    """What it gave back is said so."""
    world.on(INQUIRE, WAITS, after).on(CANCEL, answer)

    found = world.cancel()

    assert type(found) is type(expected)
    assert not isinstance(found, Paid) or found == expected
    assert world.called == [INQUIRE, CANCEL, INQUIRE]


@pytest.mark.parametrize("reply", [payment("SUCCESS"), payment("CANCELLED"), GIVEN_BACK, payment("FAIL")])
def test_what_is_settled_is_not_cancelled(world: World, reply: httpx.Response) -> None:
    """What is paid is given back by a refund of ours, under our reference."""
    world.on(INQUIRE, reply)
    world.cancel()

    assert world.called == [INQUIRE]


CANCEL_CASES: list[tuple[Any, type[NoAnswer]]] = [
    (said("UNKNOWN_EXCEPTION", "U"), Unreachable),
    (said("REQUEST_TRAFFIC_EXCEED_LIMIT", "U"), NotNow),
    (no("CANCEL_WINDOW_EXCEED"), Refused),
    (no("ACCESS_DENIED"), Misconfigured),
]


@pytest.mark.parametrize(("answer", "kind"), CANCEL_CASES)
def test_each_answer_to_a_cancel_means_one_thing(world: World, answer: httpx.Response, kind: type[NoAnswer]) -> None:
    """U is not done yet, as far as anybody knows."""
    world.on(INQUIRE, WAITS).on(CANCEL, answer)

    with pytest.raises(kind):
        world.cancel()
