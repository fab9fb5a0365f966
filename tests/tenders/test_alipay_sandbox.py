"""Alipay from the code to the last book, where the contract does not go: a code that nobody has scanned yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.order import State
from tests.sandbox.conftest import PLAIN
from tests.tenders.alipay_rail import Alipay
from tests.tenders.contract import DELIVERED, GIVEN_BACK, NOTHING_PAID
from tests.tenders.rail import CANCEL
from tests.tenders.till import Till, opened


class Unscanned(Alipay):
    """The customer only looks at the code."""

    def present(self, till: Till) -> None:
        """Nothing is scanned."""


@pytest.fixture
def open_till(keys: Path) -> Iterator[Callable[..., Till]]:
    with ExitStack() as stack:
        yield lambda **how: stack.enter_context(opened(keys, Unscanned(), **how))


@pytest.fixture
def till(open_till: Callable[..., Till]) -> Till:
    return open_till()


def scan(till: Till) -> None:
    httpx.get(till.order.code, verify=PLAIN)


def test_a_code_that_nobody_scans_is_unpaid_once_it_is_dead(till: Till) -> None:
    """Alipay knows nothing of it, all the time: that is proof two minutes after the code's expiry, and not earlier."""
    till.show()
    till.wait(minutes=6, seconds=50)
    before = till.order.state

    till.wait(seconds=20)

    assert before is State.AUTHORIZING
    assert till.end() == NOTHING_PAID
    assert till.order.unpaid_proven
    assert till.rail.payments(till)[0].payable is False


def test_a_photo_of_a_code_that_was_left_is_given_back(till: Till) -> None:
    """A cancel before the scan does nothing: the code is looked at until it is dead, and what it brings goes back."""
    till.show()
    till.leave()
    till.wait(minutes=2)
    waiting = till.order.state
    assert till.pay()

    assert waiting is State.CANCELLING
    assert till.settle() == GIVEN_BACK


def test_who_scans_and_leaves_can_pay_no_more(till: Till) -> None:
    """The cancel finds a trade that waits, and closes it."""
    till.show()
    scan(till)
    till.leave()
    till.work()

    assert till.end() == NOTHING_PAID
    assert not till.pay()


def test_a_payment_in_the_last_second_of_a_code_counts(till: Till) -> None:
    """Scanned and paid while the code lived; the kiosk finds it when it looks again."""
    till.show()
    till.clock.at = till.order.expires_at - timedelta(seconds=1)
    till.pay()
    till.clock.forward(seconds=2)

    assert till.settle() == DELIVERED


def test_a_second_code_after_a_lost_answer_is_the_same_order(till: Till) -> None:
    """The first code was never shown; whichever is paid, it is one trade."""
    till.turn(endpoint="* alipay.trade.precreate", lose_reply=True, times=1)
    till.sell()
    till.wait(seconds=5)
    till.pay()

    assert till.settle() == DELIVERED
    assert len(till.rail.payments(till)) == 1


@pytest.mark.parametrize("fault", [{"lose_reply": True}, {"down": True}, {"fail_after": 502}, {"cancel_again": True}])
def test_a_cancel_that_is_lost_or_not_done_ends_all_the_same(till: Till, fault: dict[str, Any]) -> None:
    """Looked at, and called again: what was paid in between is back once."""
    till.show()
    scan(till)
    till.leave()
    till.turn(endpoint="* alipay.trade.cancel", times=1, **fault)
    till.work()
    paid = till.pay()

    assert till.settle() == (GIVEN_BACK if paid else NOTHING_PAID)
    assert till.faults() == []


def test_a_cancel_whose_answer_was_lost_has_given_back_once(till: Till) -> None:
    """It found the trade paid, gave the money back, and nobody heard: the closed trade with a pay date tells it."""
    till.show()
    till.pay()
    by_hand(till)
    till.leave()

    assert till.settle() == GIVEN_BACK
    assert [payment.back for payment in till.rail.payments(till)] == [(CANCEL,)]


@pytest.mark.prove
def test_a_refund_may_take_its_time(till: Till) -> None:
    """On its way is not back; the ledger says so when it is listed."""
    till.turn(endpoint="* alipay.trade.refund", refund_takes_s=180)
    till.show()
    till.pay()
    till.leave()
    till.wait(minutes=2)
    under_way = till.end()

    assert (under_way.state, under_way.back, under_way.back_under_way) == (State.REFUNDING, 0, True)
    assert till.settle() == GIVEN_BACK


@pytest.mark.prove
def test_money_given_back_by_hand_is_not_given_back_again(till: Till) -> None:
    """In Alipay's portal, by the merchant: the sale ends as given back when the customer has left."""
    till.show()
    till.pay()
    till.leave()
    till.turn(endpoint="* alipay.trade.refund", reject="ACQ.SELLER_BALANCE_NOT_ENOUGH")
    till.wait(minutes=1)
    waiting = till.order.state
    by_hand(till)
    till.world.clear_faults()
    ended = till.settle()

    assert waiting is State.REFUNDING
    assert ended == GIVEN_BACK
    assert [payment.back for payment in till.rail.payments(till)] == [(CANCEL,)]


def by_hand(till: Till) -> None:
    """Whoever has the app's key may cancel."""
    gateway = till.tender.gateway  # type: ignore[attr-defined]
    gateway.call("alipay.trade.cancel", {"out_trade_no": f"{till.order.reference}P1"}, changes=True)
