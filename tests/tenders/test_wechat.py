"""WeChat Pay: what each answer to a payment means. Closing never gives back."""

from __future__ import annotations

import json
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
from tests.providers.fakes import Step, answer
from tests.tenders.wechat_world import (
    CLOSE,
    NATIVE,
    OPENED,
    ORDER,
    PAID,
    QUERY,
    REFUNDS,
    START,
    UNKNOWN,
    WIRE,
    World,
    error,
    trade,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# --- start -------------------------------------------------------------------------------------------------------


def test_a_code_is_shown_until_the_order_expires(world: World) -> None:
    """The order's own expiry, in China's time; our reference and price; and a signature over the path as sent."""
    world.on(NATIVE, answer(200, {"code_url": "weixin://wxpay/bizpayurl?pr=x"}))

    started = world.tender.start(ORDER, WIRE)

    sent = world.rail.asked[0]
    said = json.loads(sent.content)
    assert started == Started("weixin://wxpay/bizpayurl?pr=x", ORDER.expires_at)
    assert said["time_expire"] == "2026-11-22T20:05:00+08:00"
    assert (said["out_trade_no"], said["amount"]) == (WIRE, {"total": 1800, "currency": "USD"})
    assert sent.headers["authorization"].startswith('WECHATPAY2-SHA256-RSA2048 mchid="1900000199"')
    assert sent.headers["wechatpay-serial"] == "PUB_1"


def test_a_late_order_can_be_paid_for_a_minute(world: World) -> None:
    """WeChat Pay puts an expiry that is too near off to a minute: the kiosk goes on asking until then."""
    world.on(NATIVE, answer(200, {"code_url": "weixin://wxpay/bizpayurl?pr=x"}))
    world.clock.forward(minutes=4, seconds=30)

    assert world.tender.start(ORDER, WIRE).expires_at == ORDER.expires_at + timedelta(seconds=30)


@pytest.mark.parametrize("training", [True, False])
def test_only_a_sandbox_may_show_a_code_that_leads_to_a_page(world: World, training: bool) -> None:
    """The sandbox's payer has no WeChat; a live code that is no WeChat code is never shown."""
    world.on(NATIVE, answer(200, {"code_url": "http://192.168.1.20:8731/pay/x"}))
    live = world.built(training=False, base_url="https://apihk.mch.weixin.qq.com/wechat")

    if training:
        assert world.tender.start(ORDER, WIRE).code == "http://192.168.1.20:8731/pay/x"
    else:
        with pytest.raises(Unreachable, match="without a code to show"):
            live.start(ORDER, WIRE)


START_CASES: list[tuple[Step, type[NoAnswer]]] = [
    (answer(200, {}), Unreachable),
    (answer(200, {"code_url": "https://evil.example/"}), Unreachable),
    (error(500, "SYSTEM_ERROR"), Unreachable),
    (error(502, ""), Unreachable),
    (httpx.Response(400, text="?"), Unreachable),
    (error(429, "FREQUENCY_LIMITED", retry_after="5"), NotNow),
    (error(401, "SIGN_ERROR"), Misconfigured),
    (error(403, "NO_AUTH"), Misconfigured),
    (error(400, "PARAM_ERROR"), Refused),
    (error(403, "OUT_TRADE_NO_USED"), Refused),
    (error(400, "ORDERPAID"), Unreachable),
    (httpx.ReadTimeout("late"), Unreachable),
]


@pytest.mark.parametrize(("reply", "kind"), START_CASES)
def test_each_answer_to_a_new_order_means_one_thing(world: World, reply: Step, kind: type[NoAnswer]) -> None:
    """A no, not now, our configuration, or in doubt."""
    world.on(NATIVE, reply)

    with pytest.raises(kind):
        world.tender.start(ORDER, WIRE)


# --- has the customer paid? --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (trade("SUCCESS"), PAID),
        (trade("REFUND"), replace(PAID, given_back=True)),
        (trade("NOTPAY"), Pending(said="NOTPAY")),
        (trade("USERPAYING"), Pending(said="USERPAYING")),
        (trade("SUCCESS", amount={"total": 1, "currency": "USD"}), Paid(Money(1, "USD"), "4200001")),
        (trade("SUCCESS", id=None, transaction_id="4200001"), PAID),
    ],
)
def test_a_trade_state_is_read_for_the_orders_own_amount(
    world: World, reply: httpx.Response, expected: Paid | Pending
) -> None:
    """What a coupon left the payer to pay does not matter; the caller compares the order's amount."""
    world.on(QUERY, reply)

    assert world.ask() == expected


@pytest.mark.parametrize(
    "reply",
    [
        trade("SUCCESS", out_trade_no="T07ANOTHER"),
        trade("SUCCESS", amount={"total": "1800", "currency": "USD"}),
        trade("SUCCESS", amount={"total": 1800, "currency": "???"}),
        trade("SUCCESS", id=None),
        error(404, "NOT_FOUND"),
        httpx.Response(404, text="nginx"),
        error(400, "PARAM_ERROR"),
        error(500, "SYSTEM_ERROR"),
    ],
)
def test_an_answer_that_is_not_about_our_order_is_none(world: World, reply: httpx.Response) -> None:
    """Another order, no amount, a stray page: neither paid nor unpaid."""
    world.on(QUERY, reply)

    with pytest.raises(Unreachable):
        world.ask()


def test_a_closed_order_is_proof_of_unpaid(world: World) -> None:
    """WeChat Pay closes only what was not paid; what was paid and given back is REFUND."""
    world.on(QUERY, trade("CLOSED"))

    assert isinstance(world.ask(), Unpaid)


def test_an_order_that_the_rail_does_not_know_may_still_be_on_its_way(world: World) -> None:
    """Unknown proves nothing before the code's own expiry and a margin: by WeChat Pay's clock and by ours."""
    world.on(QUERY, UNKNOWN)
    early = world.ask()
    world.clock.at = ORDER.expires_at + timedelta(seconds=30)
    within_margin = world.ask()
    world.clock.forward(minutes=2)
    late = world.ask()

    assert isinstance(early, Pending)
    assert isinstance(within_margin, Pending)
    assert isinstance(late, Unpaid)


@pytest.mark.parametrize("rail_ahead", [timedelta(minutes=-4), timedelta(minutes=4)])
def test_two_clocks_that_differ_prove_nothing_early(world: World, rail_ahead: timedelta) -> None:
    """The slower of the two decides: a clock that is wrong never makes an order unpaid while its code lives."""
    world.on(QUERY, UNKNOWN)
    world.rail.clock = type(world.clock)()
    world.clock.at = ORDER.expires_at - timedelta(minutes=1)
    world.rail.clock.at = world.clock.at + rail_ahead
    early = world.ask()
    for clock in (world.clock, world.rail.clock):
        clock.forward(minutes=3, seconds=1)
    in_three_minutes = world.ask()
    for clock in (world.clock, world.rail.clock):
        clock.forward(minutes=5)

    assert isinstance(early, Pending)
    assert isinstance(in_three_minutes, Pending if rail_ahead < timedelta(0) else Unpaid)
    assert isinstance(world.ask(), Unpaid)


@pytest.mark.parametrize("attempts", [(), (structs.replace(START, outcome=Outcome.NOT_SENT),)])
def test_what_was_never_started_is_unpaid_at_once(world: World, attempts: tuple[Attempt, ...]) -> None:
    """Nothing payable was ever shown, and the rail says so too."""
    world.on(QUERY, UNKNOWN)

    assert isinstance(world.expire(structs.replace(ORDER, attempts=attempts)), Unpaid)


def test_an_order_unpaid_after_its_expiry_is_still_pending_until_closed(world: World) -> None:
    """NOTPAY is no proof, however late it is."""
    world.on(QUERY, trade("NOTPAY"))
    world.clock.forward(hours=3)

    assert isinstance(world.ask(), Pending)


# --- closing -----------------------------------------------------------------------------------------------------


def test_no_order_is_closed_in_its_first_five_minutes(world: World) -> None:
    """The rail would refuse; the queue is told when to come back."""
    world.on(QUERY, trade("NOTPAY"))
    world.clock.forward(minutes=1)

    found = world.tender.cancel(ORDER, WIRE, world.clock.now())

    assert isinstance(found, Pending)
    assert found.ask_at is not None
    assert found.ask_at > OPENED + timedelta(minutes=5)
    assert world.rail.count(CLOSE) == 0


@pytest.mark.parametrize(
    ("close", "after", "expected"),
    [
        (httpx.Response(204), trade("CLOSED"), Unpaid),
        (httpx.Response(204), trade("SUCCESS"), Paid),
        (httpx.Response(204), trade("NOTPAY"), Pending),
        (error(400, "ORDERPAID"), trade("SUCCESS"), Paid),
        (error(400, "ORDER_CLOSED"), trade("CLOSED"), Unpaid),
    ],
)
def test_a_close_is_believed_only_after_another_look(
    world: World, close: httpx.Response, after: httpx.Response, expected: type
) -> None:
    """The customer may pay between the look and the close: then the payment stands, and nothing is given back."""
    world.on(QUERY, trade("NOTPAY"), after).on(CLOSE, close)
    world.clock.forward(minutes=6)

    assert isinstance(world.expire(), expected)
    assert world.rail.count(REFUNDS) == 0


@pytest.mark.parametrize("state", ["SUCCESS", "CLOSED"])
def test_what_is_settled_is_not_closed(world: World, state: str) -> None:
    """A paid order is left alone."""
    world.on(QUERY, trade(state))
    world.clock.forward(minutes=6)
    world.expire()

    assert world.rail.count(CLOSE) == 0
