"""Answers that make no sense never move an order forward: kept, asked again, and a clerk's at the bound.

The real adapters and the real queue before the sandbox, over HTTP; what that says is changed and signed again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from devices.twin import PrinterTwin
from kiosk.order import State
from kiosk.sale import take_cash
from kiosk.sandbox.server import Sandbox
from kiosk.sandbox.wechat_keys import load_private, signed_headers, training_keys
from tests.providers.fakes import FixedClock
from tests.tenders.till import Till, sold
from tests.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TIMES = "\n[sales]\ndeliver_within_h = 1\nrefund_within_h = 1\n"
PAGE = b"<!DOCTYPE html><title>Free Wi-Fi</title>\x1b[2J<p>Authorization: Bearer s3cr3ts3cr3t"

Lie = Callable[[bytes], tuple[int, bytes]]


class Liar:
    """Stands before the sandbox, which does all that it is asked; what it answers to some calls is another thing."""

    def __init__(self, truth: WSGIApplication, folder: Path, clock: FixedClock) -> None:
        self.truth, self.clock = truth, clock
        self.key = load_private(training_keys(folder).platform_private)
        self.about = ""
        self.lie: Lie | None = None
        self.lies = 0

    def tell(self, about: str, lie: Lie) -> None:
        """`about` is a pattern over "METHOD path"."""
        self.about, self.lie = about, lie

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        said: dict[str, Any] = {}

        def begin(status: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], object]:
            said.update(status=status, headers=headers)
            return lambda data: None

        body = b"".join(self.truth(environ, begin))
        if self.lie and re.search(self.about, f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"):
            self.lies += 1
            code, body = self.lie(body)
            kept = [(k, v) for k, v in said["headers"] if not k.lower().startswith(("content-length", "wechatpay"))]
            signed = signed_headers(self.key, self.clock.now().timestamp(), body)
            said.update(status=f"{code} Said", headers=[*kept, ("Content-Length", str(len(body))), *signed.items()])
        start_response(said["status"], said["headers"])
        return [body]


@contextmanager
def counter(folder: Path) -> Iterator[tuple[Till, Liar]]:
    clock = FixedClock()
    with Sandbox(folder / "sandbox.db", limits=False, clock=clock.now) as sandbox, PrinterTwin() as twin:
        liar = Liar(sandbox._server.app, folder, clock)
        sandbox._server.app = liar
        world = World(folder, sandbox, twin, wechat=True)
        text = re.sub(r"backoff_\w+ = .*\n", "", world.config.read_text(encoding="utf-8"))
        world.config.write_text(text + TIMES, encoding="utf-8")
        till = Till(world, clock)
        yield till, liar
        till.close()


def html(_: bytes) -> tuple[int, bytes]:
    return 200, PAGE


def a_list(_: bytes) -> tuple[int, bytes]:
    return 200, b"[]"


def half(body: bytes) -> tuple[int, bytes]:
    return 200, body[: len(body) // 2]


def an_error(_: bytes) -> tuple[int, bytes]:
    return 200, b'{"code": 33, "reason": "insufficient stock", "message": "FAIL"}'


def nothing(_: bytes) -> tuple[int, bytes]:
    return 200, b""


def changed(**fields: Any) -> Lie:
    """The true answer, with other values for these fields wherever they stand."""

    def lie(body: bytes) -> tuple[int, bytes]:
        def walk(value: Any) -> Any:
            if isinstance(value, list):
                return [walk(item) for item in value]
            if isinstance(value, dict):
                return {key: fields[key] if key in fields else walk(item) for key, item in value.items()}
            return value

        return 200, json.dumps(walk(json.loads(body))).encode()

    return lie


def another_card(body: bytes) -> tuple[int, bytes]:
    """Each record is of a SIM that we did not ask for; Airalo's own list names none."""
    told = json.loads(body)
    records = told["data"] if isinstance(told["data"], list) else [told["data"]]
    for record in records:
        record["sims"] = [{"iccid": "8901260862291477999"}]
    return 200, json.dumps(told).encode()


TOP_UP_LIES = {
    "HTML": html,
    "a list": a_list,
    "half": half,
    "an error": an_error,
    "nothing": nothing,
    "another order": changed(description="T07ZZZZZZZZZZZZT1"),
    "another plan": changed(package_id="another-plan"),
    "another card": another_card,
    "a strange status": changed(status={"name": "\x1b[31m", "slug": "teapot"}),
}


def paid_in_cash(till: Till) -> None:
    order, now = sold(till.house, "cash"), till.clock.now()
    till.reference = order.reference
    take_cash(till.house.ledger, order, order.total, by="mei", at=now, review_by=now)


@pytest.mark.parametrize("lie", TOP_UP_LIES.values(), ids=TOP_UP_LIES)
def test_a_top_up_that_is_answered_with_nonsense_is_looked_up_again_and_then_a_clerks(keys: Path, lie: Lie) -> None:
    """It is never delivered twice, never completed, and never given back by itself: the provider may have done it."""
    with counter(keys) as (till, liar):
        paid_in_cash(till)
        liar.tell(r"(POST|GET) /airalo/v2/orders", lie)
        till.wait(minutes=20)
        meanwhile, looks = till.order.state, liar.lies
        till.wait(minutes=41)

        assert meanwhile is State.SUBMITTING
        assert looks > 3
        assert till.order.state is State.REVIEW
        assert till.order.reason
        assert till.order.deadline_at is not None
        assert len(till.world.delivered()) == 1
        kept = json.dumps([row["body"] for row in till.house.ledger.events(till.reference)])
        assert "u001b" not in kept
        assert "s3cr3t" not in kept


@pytest.mark.parametrize("lie", [html, changed(description="T07ZZZZZZZZZZZZT1")], ids=["HTML", "another order"])
def test_a_provider_that_comes_to_its_senses_has_delivered_once(keys: Path, lie: Lie) -> None:
    """The first answer that can be believed ends it."""
    with counter(keys) as (till, liar):
        paid_in_cash(till)
        liar.tell(r"(POST|GET) /airalo/v2/orders", lie)
        till.wait(minutes=20)
        liar.lie = None
        till.wait(minutes=15)

        assert till.order.state is State.COMPLETED
        assert len(till.world.delivered()) == 1


PAYMENT_LIES = {
    "HTML": html,
    "a list": a_list,
    "half": half,
    "an error": an_error,
    "nothing": nothing,
    "another order": changed(out_trade_no="T07ZZZZZZZZZZZZP1"),
    "no amount": changed(amount=None),
    "an amount in words": changed(total="much"),
    "no currency": changed(currency=None),
}


@pytest.mark.prove
@pytest.mark.parametrize("lie", PAYMENT_LIES.values(), ids=PAYMENT_LIES)
def test_a_payment_that_is_answered_with_nonsense_is_neither_paid_nor_unpaid(keys: Path, lie: Lie) -> None:
    """The customer has paid, and the rail's word on it cannot be believed: asked again, then a clerk's."""
    with counter(keys) as (till, liar):
        till.show()
        till.pay()
        liar.tell("GET /wechat/v3/global/transactions", lie)
        till.wait(minutes=4)
        meanwhile = till.order.state
        till.wait(minutes=66)

        assert meanwhile is State.AUTHORIZING
        assert liar.lies > 3
        assert till.order.state is State.REVIEW
        assert till.order.reason
        assert till.world.delivered() == []


@pytest.mark.parametrize(
    "lie", [changed(currency="CNY"), changed(total=1), changed(total=10**15)], ids=["currency", "less", "more"]
)
def test_another_amount_than_was_due_is_a_clerks_at_once(keys: Path, lie: Lie) -> None:
    """In another currency, too little, too much: nothing is delivered for it."""
    with counter(keys) as (till, liar):
        till.show()
        till.pay()
        liar.tell("GET /wechat/v3/global/transactions", lie)
        till.wait(minutes=1)

        assert till.order.state is State.REVIEW
        assert "is due" in till.order.reason
        assert till.world.delivered() == []


def test_a_coupon_makes_the_payers_total_smaller_and_the_order_is_paid_all_the_same(keys: Path) -> None:
    """Only the order's own total counts."""
    with counter(keys) as (till, liar):
        till.show()
        till.pay()
        liar.tell("GET /wechat/v3/global/transactions", changed(payer_total=1, payer_currency="CNY"))
        till.wait(minutes=1)

        assert till.order.state is State.COMPLETED
        assert liar.lies > 0


@pytest.mark.prove
@pytest.mark.parametrize("lie", [html, an_error, changed(out_refund_no="T07ZZZZZZZZZZZZR1"), changed(refund=1)])
def test_a_refund_that_is_answered_with_nonsense_is_not_given_back_yet(keys: Path, lie: Lie) -> None:
    """Looked at again with the same reference, and a clerk's in the end: never given back twice."""
    with counter(keys) as (till, liar):
        till.show()
        till.leave()
        till.pay()
        liar.tell("(GET|POST) /wechat/v3/global/refunds", lie)
        till.wait(minutes=66)

        assert till.order.state is State.REVIEW
        assert liar.lies > 3
        assert len(till.world.books("wechat/refunds")) == 1
