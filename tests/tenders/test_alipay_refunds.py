"""Alipay of the mainland: refunds, and its table of config.toml."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import structs

from kiosk.errors import ConfigError, Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.facts import Attempt, Call, Outcome
from kiosk.money import Money
from kiosk.ports import Pending, Refunded
from tests.tenders.alipay_world import (
    GIVEN_BACK,
    OPENED,
    ORDER,
    PAID,
    QUERY,
    REFUND,
    REFUND_CALL,
    REFUND_QUERY,
    UNKNOWN,
    WIRE,
    World,
    no,
    said,
    trade,
)

LIVE = {"base_url": "https://openapi.alipay.com"}
SUCCESS = trade("TRADE_SUCCESS")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def record(**changed: Any) -> httpx.Response:
    told = {"out_trade_no": WIRE, "trade_no": PAID.number, "out_request_no": REFUND, "refund_amount": "168.00"}
    return said(**told | changed)


@pytest.mark.parametrize("fund_change", ["Y", "N"])
def test_a_refund_is_back_when_its_record_says_so(world: World, fund_change: str) -> None:
    """Whatever the answer says of funds that changed: it is looked up, and not before ten seconds have passed."""
    world.on(QUERY, SUCCESS).on(REFUND_CALL, said(out_trade_no=WIRE, fund_change=fund_change))
    world.on(REFUND_QUERY, said(), record(refund_status="REFUND_SUCCESS"))

    asked = world.refund()

    assert asked == Pending(OPENED + timedelta(seconds=10), "accepted, not listed yet")
    assert world.wish() == {"out_trade_no": WIRE, "out_request_no": REFUND, "refund_amount": "168.00"}
    assert isinstance(world.ask_refund(), Pending)
    assert world.ask_refund() == Refunded(PAID.number)


def test_what_is_back_already_is_not_asked_for_again(world: World) -> None:
    """By a cancel, by our refund whose answer was lost, or by hand: the closed trade says so."""
    world.on(QUERY, GIVEN_BACK)

    assert world.refund() == Refunded(PAID.number)
    assert world.called == ["query"]


def test_another_amount_goes_back_as_it_came(world: World) -> None:
    """A clerk gives back what was paid, not what was due."""
    world.on(QUERY, SUCCESS).on(REFUND_CALL, said(out_trade_no=WIRE, fund_change="Y"))
    order = structs.replace(ORDER, paid=Money(100, "CNY"))
    world.tender.refund(order, WIRE, REFUND, world.clock.now())

    assert world.wish()["refund_amount"] == "1.00"


def test_what_was_paid_and_is_closed_went_back(world: World) -> None:
    """Even without a pay date: a trade that is paid is closed only by giving all of it back."""
    world.on(QUERY, trade("TRADE_CLOSED"))
    order = structs.replace(ORDER, paid=Money(16_800, "CNY"), payment_number=PAID.number)

    assert world.tender.refund(order, WIRE, REFUND, world.clock.now()) == Refunded(PAID.number)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (no("ACQ.SELLER_BALANCE_NOT_ENOUGH"), NotNow),
        (no("isv.app-call-limited", "40005"), NotNow),
        (no("ACQ.SYSTEM_ERROR"), Unreachable),
        (no("AQC.SYSTEM_ERROR"), Unreachable),
        (no("isp.unknow-error", "20000"), Unreachable),
        (said(out_trade_no="T07ANOTHER"), Unreachable),
        (no("ACQ.ACCESS_FORBIDDEN"), Misconfigured),
        (no("ACQ.TRADE_HAS_FINISHED"), Refused),
        (no("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"), Refused),
        (no("ACQ.DISCORDANT_REPEAT_REQUEST"), Refused),
        (httpx.ReadTimeout("late"), Unreachable),
    ],
)
def test_each_answer_to_a_refund_means_one_thing(
    world: World, reply: httpx.Response | Exception, kind: type[NoAnswer]
) -> None:
    """A no, not now, or in doubt: in doubt, the same refund is asked for again."""
    world.on(QUERY, SUCCESS).on(REFUND_CALL, reply)

    with pytest.raises(kind):
        world.refund()


def test_a_refund_that_is_never_listed_goes_to_a_clerk(world: World) -> None:
    """10000 alone proves nothing; after ten minutes it is a no."""
    world.on(REFUND_QUERY, said()).on(QUERY, trade("TRADE_SUCCESS"))
    order = structs.replace(ORDER, attempts=(Attempt(2, Call.REFUND, REFUND, OPENED, Outcome.ACCEPTED, OPENED),))
    early = world.ask_refund(order)
    world.clock.forward(minutes=11)

    assert isinstance(early, Pending)
    with pytest.raises(Refused, match="does not list"):
        world.ask_refund(order)


def test_what_a_cancel_gave_back_needs_no_refund_in_the_list(world: World) -> None:
    """Looked at again days later, it is still back."""
    world.on(REFUND_QUERY, said()).on(QUERY, GIVEN_BACK)
    order = structs.replace(ORDER, attempts=(Attempt(2, Call.REFUND, REFUND, OPENED, Outcome.DONE, OPENED),))
    world.clock.forward(minutes=20)

    assert isinstance(world.ask_refund(order), Refunded)


@pytest.mark.parametrize("changed", [{"out_request_no": "T07ANOTHER"}, {"refund_amount": "1.00"}])
def test_another_refund_is_not_ours(world: World, changed: dict[str, Any]) -> None:
    """Part of the money, or somebody else's: nothing is concluded."""
    world.on(REFUND_QUERY, record(**changed))

    with pytest.raises(Unreachable):
        world.ask_refund()


@pytest.mark.parametrize(
    ("reply", "expected"),
    [(record(refund_status="REFUND_FAIL"), Pending), (UNKNOWN, Refused), (no("ACQ.SYSTEM_ERROR"), Unreachable)],
)
def test_a_look_at_a_refund_means_one_thing(world: World, reply: httpx.Response, expected: type) -> None:
    """A state that is not success is not back; without the trade there is no refund."""
    world.on(REFUND_QUERY, reply)

    if issubclass(expected, NoAnswer):
        with pytest.raises(expected):
            world.ask_refund()
    else:
        assert isinstance(world.ask_refund(), expected)


@pytest.mark.parametrize(
    ("training", "changed", "told"),
    [
        (False, {}, "tenders.alipay.base_url: a live ledger"),
        (True, LIVE, "tenders.alipay.base_url: a training ledger"),
        (False, LIVE | {"app_id": "9021000100000109"}, "tenders.alipay.app_id: a live ledger"),
        (False, {"base_url": "http://openapi.alipay.com"}, "tenders.alipay.base_url: only https"),
        (True, {"app_id": "wx1"}, "tenders.alipay.app_id"),
        (True, {"currency": "USD"}, 'takes yuan, and kiosk.currency is "USD".*kind = "antom"'),
        (True, {"private_key": {"env": "NO_SUCH_VARIABLE_HERE"}}, "tenders.alipay.private_key"),
    ],
)
def test_a_wrong_table_is_named_with_its_key(world: World, training: bool, changed: dict[str, Any], told: str) -> None:
    """The owner reads which key is wrong."""
    with pytest.raises(ConfigError, match=told):
        world.built(training=training, **changed)
