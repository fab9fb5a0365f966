"""WeChat Pay behind the real queue, against the sandbox over HTTP: what the contract of all tenders does not say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from kiosk.facts import Call, Outcome
from kiosk.order import State
from tests.tenders.contract import DELIVERED, GIVEN_BACK, NOTHING_PAID
from tests.tenders.till import Till


def test_what_nobody_pays_is_closed_after_five_minutes(till: Till) -> None:
    """The time is over, and then the first moment at which WeChat Pay closes anything is waited for."""
    till.show()
    till.clock.forward(minutes=5)
    at_the_end = till.work()

    till.wait(minutes=1)

    assert at_the_end.state is State.AUTHORIZING
    assert till.end() == NOTHING_PAID
    assert till.order.unpaid_proven


def test_an_accepted_refund_is_not_back_yet(till: Till) -> None:
    """Accepted and processing are told as such: REFUNDED only when the rail's own record says so."""
    till.show()
    till.pay()
    till.leave()
    till.work()
    meanwhile = till.end()

    assert (meanwhile.state, meanwhile.back, meanwhile.back_under_way) == (State.REFUNDING, 0, True)
    assert till.settle() == GIVEN_BACK


def test_a_refund_that_fails_goes_to_a_clerk(till: Till) -> None:
    """ABNORMAL is a no: the kiosk never says that money is back which is not."""
    till.turn(endpoint="POST global/refunds", refund_fails=True)
    till.show()
    till.pay()
    till.leave()

    till.wait(minutes=10)

    assert till.order.state is State.REVIEW
    assert "could not give the money back (ABNORMAL)" in till.order.reason


def test_a_wrong_platform_key_in_the_table_moves_nothing(till: Till) -> None:
    """No "paid" is believed, nor any other word, until the owner has put the right key in place."""
    till.show()
    till.pay()
    right = (till.world.folder / "platform_public.pem").read_text()
    till.close()
    (till.world.folder / "platform_public.pem").write_text((till.world.folder / "merchant_public.pem").read_text())
    till.open()
    till.clock.forward(minutes=5)
    unbelieved = till.wait(seconds=2)
    till.close()
    (till.world.folder / "platform_public.pem").write_text(right)
    till.open()
    till.wait(minutes=1)

    assert (unbelieved.state, unbelieved.paid) == (State.AUTHORIZING, None)
    assert "its signature is wrong" in till.answers
    assert till.end() == DELIVERED


@pytest.mark.parametrize("minutes", [10, -10])
def test_a_clock_that_is_wrong_says_why_nothing_is_sold(open_till: Callable[..., Till], minutes: int) -> None:
    """Ten minutes between the kiosk's clock and the rail's: no code is shown, and the reason is on record."""
    till = open_till(rail_ahead=timedelta(minutes=minutes))
    till.sell()

    till.wait(seconds=2)

    assert till.order.code == ""
    assert "and the kiosk's clock says 2026-11-22 12:00" in till.answers


def test_another_merchant_is_a_finding_for_the_owner(till: Till) -> None:
    """Which keys of the table to check."""
    till.turn(reject="MCH_NOT_EXISTS")
    till.sell()

    till.wait(seconds=2)

    assert till.findings() == [
        "WeChat Pay refuses this merchant (MCH_NOT_EXISTS): check mchid, appid, serial_no and private_key."
    ]


def test_a_code_is_made_once_although_the_power_was_cut(till: Till) -> None:
    """It is on record, so that the kiosk goes on looking instead."""
    till.show()
    till.close()
    till.open()
    till.pay()

    assert till.settle() == DELIVERED
    assert [attempt.outcome for attempt in till.order.of(Call.START)] == [Outcome.DONE]
