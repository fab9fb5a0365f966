"""Alipay through Antom: refunds, which answers are believed, the table of config.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import httpx
import pytest
from msgspec import structs

from kiosk.errors import ConfigError, Forged, Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.money import Money
from kiosk.ports import Pending, Refunded
from kiosk.tenders.antom.gateway import signed_text
from kiosk.tenders.rsa_keys import is_signed, private_key, public_key, signature
from tests.providers.fakes import FixedClock
from tests.tenders import antom_vectors as vectors
from tests.tenders.alipay_world import OURS, pem_pair
from tests.tenders.antom_world import (
    CLIENT,
    GIVEN_BACK,
    INQUIRE,
    INQUIRE_REFUND,
    ORDER,
    PAID,
    PAY,
    REFUND_CALL,
    UNKNOWN,
    World,
    code_form,
    gone_back,
    money,
    no,
    payment,
    refund_record,
    said,
)
from tests.tenders.wechat_world import REFUND, WIRE

LIVE = {"base_url": "https://open-na-global.alipay.com"}
SUCCESS = payment("SUCCESS")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# --- refunds -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [said(), said("REFUND_IN_PROCESS", "U")])
def test_a_refund_is_the_same_refund_on_every_retry(world: World, answer: httpx.Response) -> None:
    """By Antom's number of the payment; back only when the refund's own record says so."""
    world.on(INQUIRE, SUCCESS).on(REFUND_CALL, answer)
    world.on(INQUIRE_REFUND, refund_record("PROCESSING"), refund_record("SUCCESS"))

    assert world.refund() == Pending(said="PROCESSING")
    assert world.refund() == Refunded("R9")
    first, second = (r.content for r in world.rail.asked if r.url.path.endswith("/refund"))
    assert first == second
    assert world.wish(1) == {"refundRequestId": REFUND, "paymentId": PAID.number, "refundAmount": money()}


@pytest.mark.parametrize(
    "reply",
    [
        GIVEN_BACK,
        payment("CANCELLED"),
        payment("SUCCESS", **gone_back()),
        payment("SUCCESS", **gone_back(kind="CANCEL")),
    ],
)
def test_what_is_back_already_is_not_asked_for_again(world: World, reply: httpx.Response) -> None:
    """By a cancel, by hand, or by our refund whose answer was lost. It was paid: what is cancelled now went back."""
    world.on(INQUIRE, reply)

    assert world.refund() == Refunded(PAID.number)
    assert world.called == [INQUIRE]


def test_a_payment_without_a_number_on_record_is_looked_up(world: World) -> None:
    """A clerk orders a refund of what only the rail has on record."""
    world.on(INQUIRE, SUCCESS).on(REFUND_CALL, said()).on(INQUIRE_REFUND, refund_record("SUCCESS"))
    order = structs.replace(ORDER, paid=None, payment_number="")
    world.tender.refund(order, WIRE, REFUND, world.clock.now())

    assert world.wish(1)["paymentId"] == PAID.number


def test_another_amount_goes_back_as_it_came(world: World) -> None:
    """A clerk gives back what was paid, not what was due."""
    world.on(INQUIRE, SUCCESS).on(REFUND_CALL, said())
    world.on(INQUIRE_REFUND, refund_record("SUCCESS", refundAmount=money(100)))

    assert world.refund(Money(100, "USD")) == Refunded("R9")
    assert world.wish(1)["refundAmount"] == money(100)


@pytest.mark.parametrize(
    "look", [no("SYSTEM_ERROR"), said("REQUEST_TRAFFIC_EXCEED_LIMIT", "U"), httpx.ReadTimeout("x")]
)
def test_an_accepted_refund_is_pending_whatever_the_look_says(world: World, look: httpx.Response | Exception) -> None:
    """Accepted is not back, and a look that failed says nothing against it."""
    world.on(INQUIRE, SUCCESS).on(REFUND_CALL, said()).on(INQUIRE_REFUND, look)

    assert isinstance(world.refund(), Pending)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (no("MERCHANT_BALANCE_NOT_ENOUGH"), NotNow),
        (said("REQUEST_TRAFFIC_EXCEED_LIMIT", "U"), NotNow),
        (said("UNKNOWN_EXCEPTION", "U"), Unreachable),
        (no("REFUND_WINDOW_EXCEED"), Refused),
        (no("REFUND_AMOUNT_EXCEED"), Refused),
        (no("INVALID_CONTRACT"), Misconfigured),
    ],
)
def test_each_answer_to_a_refund_means_one_thing(world: World, reply: httpx.Response, kind: type[NoAnswer]) -> None:
    """A no, not now, or in doubt: in doubt, the same refund is asked for again."""
    world.on(INQUIRE, SUCCESS).on(REFUND_CALL, reply)

    with pytest.raises(kind):
        world.refund()


@pytest.mark.parametrize("reply", [refund_record("FAIL"), no("REFUND_NOT_EXIST")])
def test_a_refund_that_failed_goes_to_a_clerk(world: World, reply: httpx.Response) -> None:
    """Failed, or unknown to the rail of a payment that stands: a definite no."""
    world.on(INQUIRE_REFUND, reply).on(INQUIRE, SUCCESS)

    with pytest.raises(Refused):
        world.ask_refund()


@pytest.mark.parametrize("changed", [{"refundRequestId": "T07ANOTHER"}, {"refundAmount": money(1)}])
def test_another_refund_is_not_ours(world: World, changed: dict[str, Any]) -> None:
    """Part of the money, or somebody else's: nothing is concluded."""
    world.on(INQUIRE_REFUND, refund_record("SUCCESS", **changed))

    with pytest.raises(Unreachable):
        world.ask_refund()


# --- signatures --------------------------------------------------------------------------------------------------


def test_our_signature_is_the_vendors_librarys(world: World) -> None:
    """The same key and text have one signature: ours is theirs, and theirs is believed by us."""
    text = signed_text(vectors.PATH, vectors.CLIENT_ID, vectors.TIME, vectors.BODY.encode())
    ours, theirs = private_key(vectors.PRIVATE_KEY, ""), public_key(vectors.PUBLIC_KEY, "")

    assert signature(ours, text) == unquote_plus(vectors.SIGNATURE)
    assert is_signed(theirs, text, unquote_plus(vectors.SIGNATURE))
    assert not is_signed(theirs, text + b" ", unquote_plus(vectors.SIGNATURE))


@pytest.mark.parametrize(("client", "part"), [("5Y1", ""), ("SANDBOX_5Y1", "sandbox/")])
def test_a_request_is_signed_over_its_path_as_sent(world: World, client: str, part: str) -> None:
    """With the client's id, the time in China, and the raw body; ids of Antom's sandbox have a path of their own."""
    tender = world.built(client_id=client)
    path = f"/antom/ams/{part}api/v1/payments/pay"
    world.rail.client = client
    world.rail.on(f"POST {path}", code_form())
    tender.start(ORDER, WIRE)
    sent = world.rail.asked[0]
    head, _, signed = sent.headers["signature"].partition(",signature=")
    text = signed_text(path, client, sent.headers["request-time"], sent.content)

    assert (head, sent.headers["request-time"]) == ("algorithm=RSA256,keyVersion=1", "2026-11-22T20:00:00+08:00")
    assert is_signed(public_key(OURS[1], ""), text, unquote_plus(signed))


@pytest.mark.parametrize("reply", [SUCCESS, payment("FAIL"), UNKNOWN, no("PARAM_ILLEGAL")])
def test_an_unsigned_answer_is_no_answer(world: World, reply: httpx.Response) -> None:
    """Whoever sits on the line can neither say "paid" nor "unpaid", and no error is believed either."""
    world.on(INQUIRE, reply)
    world.rail.signs = False

    with pytest.raises(Unreachable, match="it is not signed") as caught:
        world.ask()
    assert caught.value.sent


@pytest.mark.parametrize("code", ["INVALID_SIGNATURE", "KEY_NOT_FOUND", "INVALID_CLIENT"])
def test_who_does_not_know_us_cannot_sign_and_is_told_to_the_owner(world: World, code: str) -> None:
    """It says nothing of a payment, so it may be believed."""
    world.on(INQUIRE, no(code))
    world.rail.signs = False

    with pytest.raises(Misconfigured, match=code):
        world.ask()


def test_another_key_or_another_client_is_an_alarm(world: World) -> None:
    """Not an answer, and the owner is told to check the key."""
    world.on(INQUIRE, SUCCESS)
    world.rail.client = "5Y9"
    with pytest.raises(Forged):
        world.ask()
    world.rail.client, world.rail.signer = CLIENT, private_key(pem_pair()[0], "")

    with pytest.raises(Forged, match="Check antom_public_key"):
        world.ask()


def test_an_old_answer_played_again_is_no_answer(world: World) -> None:
    """A signature of ten minutes ago proves nothing about now."""
    world.on(INQUIRE, SUCCESS)
    world.rail.clock = FixedClock()
    world.clock.forward(minutes=10)

    with pytest.raises(Unreachable, match="the kiosk's clock says"):
        world.ask()


@pytest.mark.parametrize(
    ("training", "changed", "told"),
    [
        (False, {}, "tenders.alipay.base_url: a live ledger"),
        (True, LIVE, "tenders.alipay.base_url: a training ledger"),
        (False, LIVE | {"client_id": "SANDBOX_5Y1"}, "tenders.alipay.client_id: a live ledger"),
        (False, {"base_url": "http://open-na-global.alipay.com"}, "tenders.alipay.base_url: only https"),
        (True, {"notify_url": "http://shop.example/"}, "tenders.alipay.notify_url"),
        (True, {"code_minutes": 30}, "tenders.alipay.code_minutes"),
        (True, {"settlement_currency": "usd"}, "tenders.alipay.settlement_currency"),
        (True, {"antom_public_key": {"env": "NO_SUCH_VARIABLE_HERE"}}, "tenders.alipay.antom_public_key"),
    ],
)
def test_a_wrong_table_is_named_with_its_key(world: World, training: bool, changed: dict[str, Any], told: str) -> None:
    """The owner reads which key is wrong."""
    with pytest.raises(ConfigError, match=told):
        world.built(training=training, **changed)


def test_a_live_client_calls_the_live_path(world: World) -> None:
    """Without the sandbox in it."""
    live = world.built(training=False, base_url="https://open-na-global.alipay.com")
    world.rail.on("POST /ams/api/v1/payments/pay", code_form())
    live.start(ORDER, WIRE)

    assert world.called == [PAY]
