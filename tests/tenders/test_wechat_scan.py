"""WeChat Pay by payment code: what each answer to a charge and to a revoke means."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import structs

from kiosk.abilities import ChargesCodes
from kiosk.errors import ConfigError, Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.facts import Attempt, Call, Outcome
from kiosk.ports import Paid, Pending, Refunded, Tender, Unpaid
from tests.providers.fakes import Step
from tests.tenders.wechat_world import (
    OPENED,
    ORDER,
    PAID,
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

CODE = "134567890123456789"
CHARGE = "POST /wechat/v3/global/micropay/transactions/pay"
REVERSE = f"POST /wechat/v3/global/micropay/transactions/out-trade-no/{WIRE}/reverse"
CHARGED = structs.replace(ORDER, attempts=(Attempt(1, Call.CHARGE, WIRE, OPENED, Outcome.ACCEPTED, OPENED),))


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.tender = made.built(acts="scans_customer_code", notify_url=None)
    return made


def charge(tender: Tender) -> Paid | Pending:
    assert isinstance(tender, ChargesCodes)
    return tender.charge(ORDER, WIRE, CODE, OPENED)


@pytest.mark.parametrize(
    ("scanned", "reads"),
    [
        (CODE, True),
        ("100000000000000000", True),
        ("150000000000000000", True),
        ("160000000000000000", False),
        ("281234567890123456", False),
        (CODE[:-1], False),
        (CODE + "0", False),
        ("8901260862291477122", False),
        ("weixin://wxpay/x", False),
    ],
)
def test_a_payment_code_is_told_by_its_length_and_first_digits(world: World, scanned: str, reads: bool) -> None:
    """Neither Alipay's nor a card number is one."""
    assert isinstance(world.tender, ChargesCodes)
    assert world.tender.reads(scanned) == reads


def test_the_code_goes_out_once_and_the_order_with_it(world: World) -> None:
    """Our reference and price; no address to be told at, for nobody is told."""
    world.on(CHARGE, trade("SUCCESS"))

    assert charge(world.tender) == PAID
    said = json.loads(world.rail.asked[0].content)
    assert said["payer"] == {"auth_code": CODE}
    assert (said["out_trade_no"], said["trade_type"]) == (WIRE, "MICROPAY")
    assert said["amount"] == {"total": 1800, "currency": "USD"}
    assert "notify_url" not in said


@pytest.mark.parametrize("reply", [trade("USERPAYING", id=None), error(400, "USERPAYING"), trade("NOTPAY", id=None)])
def test_while_the_payer_confirms_it_is_pending(world: World, reply: httpx.Response) -> None:
    """As a state or as a code; asked again in some seconds."""
    world.on(CHARGE, reply)

    found = charge(world.tender)

    assert isinstance(found, Pending)
    assert found.ask_at == OPENED + timedelta(seconds=5)


CHARGE_CASES: list[tuple[Step, type[NoAnswer]]] = [
    (error(400, "AUTH_CODE_INVALID"), Refused),
    (error(400, "AUTHCODEEXPIRE"), Refused),
    (error(403, "NOT_ENOUGH"), Refused),
    (trade("PAYERROR", id=None), Refused),
    (trade("CLOSED", id=None), Refused),
    (error(400, "ORDERPAID"), Unreachable),
    (error(500, "SYSTEM_ERROR"), Unreachable),
    (httpx.Response(502, text="?"), Unreachable),
    (trade("SUCCESS", out_trade_no="T07ANOTHER"), Unreachable),
    (error(429, "FREQUENCY_LIMITED"), NotNow),
    (error(401, "SIGN_ERROR"), Misconfigured),
    (httpx.ReadTimeout("late"), Unreachable),
]


@pytest.mark.parametrize(("reply", "kind"), CHARGE_CASES)
def test_each_answer_to_a_charge_means_one_thing(world: World, reply: Step, kind: type[NoAnswer]) -> None:
    """A no is about this code, or this payer's purse; what says nothing is in doubt. No word of it holds the code."""
    world.on(CHARGE, reply)

    with pytest.raises(kind) as caught:
        charge(world.tender)

    assert CODE not in str(caught.value)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (trade("REVOKED"), replace(PAID, given_back=True)),
        (trade("REVOKED", id=None), Unpaid("WeChat Pay has revoked the order, and no money moved")),
        (trade("PAYERROR", id=None), Unpaid("the payer did not pay: WeChat Pay says that it failed")),
        (trade("SUCCESS"), PAID),
    ],
)
def test_a_revoked_order_was_paid_where_it_has_a_number(
    world: World, found: httpx.Response, expected: Paid | Unpaid
) -> None:
    """The revoke gave it back then."""
    world.on(QUERY, found)

    assert world.tender.ask(CHARGED, WIRE, OPENED) == expected


def test_no_order_is_revoked_in_its_first_seconds(world: World) -> None:
    """The rail would refuse; the queue is told when to come back."""
    world.on(QUERY, trade("USERPAYING", id=None))

    found = world.tender.cancel(CHARGED, WIRE, OPENED + timedelta(seconds=10))

    assert isinstance(found, Pending)
    assert found.ask_at == OPENED + timedelta(seconds=16)
    assert world.rail.count(REVERSE) == 0


@pytest.mark.parametrize(
    ("after", "kind"), [(trade("REVOKED"), Paid), (trade("REVOKED", id=None), Unpaid), (trade("USERPAYING"), Pending)]
)
def test_a_revoke_is_believed_only_after_another_look(world: World, after: httpx.Response, kind: type) -> None:
    """What was paid in between has been given back by it."""
    world.on(QUERY, trade("USERPAYING", id=None), after).on(REVERSE, httpx.Response(204))

    found = world.tender.cancel(CHARGED, WIRE, OPENED + timedelta(seconds=20))

    assert isinstance(found, kind)
    assert not isinstance(found, Paid) or found.given_back


@pytest.mark.parametrize("state", ["SUCCESS", "PAYERROR"])
def test_what_is_settled_is_not_revoked(world: World, state: str) -> None:
    """A paid order is given back by a refund, which has a reference of its own."""
    world.on(QUERY, trade(state))
    world.tender.cancel(CHARGED, WIRE, OPENED + timedelta(minutes=1))

    assert world.rail.count(REVERSE) == 0


def test_the_end_of_the_time_alone_revokes_nothing(world: World) -> None:
    """That is for `cancel`."""
    world.on(QUERY, trade("USERPAYING", id=None))
    world.tender.expire(CHARGED, WIRE, OPENED + timedelta(hours=1))

    assert world.rail.count(REVERSE) == 0


def test_what_a_revoke_gave_back_is_not_refunded_once_more(world: World) -> None:
    """Nor is it a failed refund that no refund of ours is listed."""
    world.on(QUERY, trade("REVOKED")).on(REFUND_QUERY, UNKNOWN)

    assert world.refund() == Refunded("4200001")
    assert world.tender.ask_refund(CHARGED, WIRE, REFUND, OPENED) == Refunded("4200001")
    assert world.rail.count(REFUNDS) == 0


def test_what_was_paid_and_not_revoked_is_refunded(world: World) -> None:
    """As any other payment."""
    world.on(QUERY, trade("SUCCESS")).on(REFUNDS, refund_record("PROCESSING"))
    world.on(REFUND_QUERY, refund_record("SUCCESS"))

    assert world.refund() == Refunded("5030")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"acts": "reader"}, "tenders.wechat.acts"),
        ({"region": "mars"}, "tenders.wechat.region"),
        ({"region": "mainland"}, "tenders.wechat.region: in mainland China it takes CNY, not USD"),
        ({"merchant_category_code": None}, "tenders.wechat.merchant_category_code: is missing"),
        ({"acts": "shows_code"}, "tenders.wechat.notify_url: is missing"),
        ({"platform_public_key_id": None}, "tenders.wechat.platform_public_key: give it with"),
        ({"platform_public_key_id": None, "platform_public_key": None}, "without one of the two nobody knows"),
    ],
)
def test_what_one_way_or_region_needs_is_named(world: World, changed: dict[str, Any], told: str) -> None:
    """The owner reads which key is wrong or missing."""
    table = {"acts": "scans_customer_code", "notify_url": None} | changed

    with pytest.raises(ConfigError, match=told):
        world.built(**table)
