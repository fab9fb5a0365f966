"""WeChat Pay: refunds, and which answers are believed at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.errors import ConfigError, NoAnswer, NotNow, Refused, Unreachable
from kiosk.ports import Pending, Refunded
from tests.providers.fakes import FixedClock
from tests.tenders.wechat_world import (
    ORDER,
    QUERY,
    REFUND,
    REFUND_QUERY,
    REFUNDS,
    UNKNOWN,
    WIRE,
    World,
    error,
    refund_record,
    trade,
)

LIVE = {"base_url": "https://apihk.mch.weixin.qq.com"}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# --- refunds -----------------------------------------------------------------------------------------------------


def test_a_refund_is_the_same_refund_on_every_retry(world: World) -> None:
    """The same reference and amount each time; back only when the rail's own record says so."""
    world.on(REFUNDS, refund_record("PROCESSING")).on(
        REFUND_QUERY, refund_record("PROCESSING"), refund_record("SUCCESS")
    )

    assert world.refund() == Pending(said="PROCESSING")
    assert world.refund() == Refunded("5030")
    first, second = (r.content for r in world.rail.asked if r.method == "POST")
    assert first == second
    assert json.loads(first)["amount"] == {"refund": 1800, "total": 1800, "currency": "USD"}


@pytest.mark.parametrize(
    "look", [error(404, "RESOURCE_NOT_EXISTS"), error(500, "SYSTEM_ERROR"), error(429, "FREQUENCY_LIMITED")]
)
def test_an_accepted_refund_is_pending_whatever_the_look_says(world: World, look: httpx.Response) -> None:
    """Accepted is not back, and a look that failed says nothing against it."""
    world.on(REFUNDS, refund_record("PROCESSING")).on(REFUND_QUERY, look)

    assert isinstance(world.refund(), Pending)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (error(403, "NOT_ENOUGH"), NotNow),
        (error(429, "FREQUENCY_LIMITED"), NotNow),
        (error(404, "RESOURCE_NOT_EXISTS"), Refused),
        (error(403, "USER_ACCOUNT_ABNORMAL"), Refused),
        (error(500, "SYSTEM_ERROR"), Unreachable),
        (refund_record("PROCESSING", out_refund_no="T07ANOTHER"), Unreachable),
    ],
)
def test_each_answer_to_a_refund_means_one_thing(world: World, reply: httpx.Response, kind: type[NoAnswer]) -> None:
    """A no, not now, or in doubt: in doubt, the same refund is asked for again."""
    world.on(REFUNDS, reply)

    with pytest.raises(kind):
        world.refund()


@pytest.mark.parametrize(
    "reply",
    [refund_record("CLOSED"), refund_record("ABNORMAL"), refund_record("CHANGE"), error(404, "RESOURCE_NOT_EXISTS")],
)
def test_a_refund_that_failed_goes_to_a_clerk(world: World, reply: httpx.Response) -> None:
    """Failed, or unknown to the rail: a definite no."""
    world.on(REFUND_QUERY, reply)

    with pytest.raises(Refused):
        world.tender.ask_refund(ORDER, WIRE, REFUND, world.clock.now())


@pytest.mark.parametrize("changed", [{"out_refund_no": "T07ANOTHER"}, {"amount": {"refund": 1, "currency": "USD"}}])
def test_another_refund_is_not_ours(world: World, changed: dict[str, Any]) -> None:
    """Part of the money, or somebody else's: nothing is concluded."""
    world.on(REFUND_QUERY, refund_record("SUCCESS", **changed))

    with pytest.raises(Unreachable):
        world.tender.ask_refund(ORDER, WIRE, REFUND, world.clock.now())


# --- trust -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reply", [trade("SUCCESS"), trade("CLOSED"), UNKNOWN, error(400, "PARAM_ERROR")])
def test_an_unsigned_answer_is_no_answer(world: World, reply: httpx.Response) -> None:
    """Whoever sits on the line can neither say "paid" nor "unpaid", and no error is believed either."""
    world.on(QUERY, reply)
    world.rail.signs = False

    with pytest.raises(Unreachable, match="cannot be believed: it is not signed") as caught:
        world.ask()

    assert caught.value.sent


def test_an_old_answer_played_again_is_no_answer(world: World) -> None:
    """A signature of ten minutes ago proves nothing about now."""
    world.on(QUERY, trade("SUCCESS"))
    world.rail.clock = FixedClock()
    world.clock.forward(minutes=10)

    with pytest.raises(Unreachable, match="the kiosk's clock says"):
        world.ask()


@pytest.mark.parametrize(
    ("training", "changed", "told"),
    [
        (False, {}, "tenders.wechat.base_url: a live ledger"),
        (True, {"base_url": "https://apihk.mch.weixin.qq.com"}, "tenders.wechat.base_url: a training ledger"),
        (False, LIVE | {"mchid": "1900000109"}, "tenders.wechat.mchid: a live ledger"),
        (False, LIVE | {"appid": "wx0000000000training"}, "tenders.wechat.appid: a live ledger"),
        (True, {"notify_url": "http://shop.example/"}, "tenders.wechat.notify_url"),
        (True, {"notify_url": "https://shop.example/?a=1"}, "tenders.wechat.notify_url"),
        (False, {"base_url": "http://apihk.mch.weixin.qq.com"}, "tenders.wechat.base_url: only https"),
        (True, {"mchid": "abc"}, "tenders.wechat.mchid"),
        (True, {"private_key": {"env": "NO_SUCH_VARIABLE_HERE"}}, "tenders.wechat.private_key"),
    ],
)
def test_a_wrong_table_is_named_with_its_key(world: World, training: bool, changed: dict[str, Any], told: str) -> None:
    """The owner reads which key is wrong."""
    with pytest.raises(ConfigError, match=told):
        world.built(training=training, **changed)
