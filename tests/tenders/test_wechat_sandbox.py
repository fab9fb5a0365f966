"""WeChat Pay from the code to the last book: the kiosk's own parts against the sandbox, over HTTP.

Four books are compared: the ledger, the rail's payments, the rail's refunds, and what the provider delivered.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kiosk.facts import Call, Outcome
from kiosk.order import State
from tests.tenders.till import Books, Till

DELIVERED: Books = (State.COMPLETED, ["SUCCESS"], [], ["T1"])
GIVEN_BACK: Books = (State.REFUNDED, ["REFUND"], [("R1", True)], [])
NOTHING_PAID: Books = (State.ABANDONED, ["CLOSED"], [], [])


def test_a_scanned_code_pays_and_delivers(till: Till) -> None:
    """Paid once, delivered once, and the receipt has WeChat Pay's own number."""
    till.show()

    assert "Paid at" in till.pay()
    till.wait(seconds=10)
    assert till.four_books() == DELIVERED
    assert till.order.payment_number == f"4200{1:024}"
    assert till.order.paid == till.order.total


def test_a_payment_at_the_last_second_is_delivered(till: Till) -> None:
    """Nobody looked between the payment and the end of the time: it is found, and counts."""
    till.show()
    till.clock.forward(minutes=4, seconds=59)
    till.pay()
    till.clock.forward(seconds=2)

    till.work()

    assert till.four_books() == DELIVERED


def test_what_nobody_pays_is_closed_and_abandoned_by_proof(till: Till) -> None:
    """The time is over, five minutes must pass before a close, and CLOSED is the proof; the code is dead."""
    till.show()
    till.clock.forward(minutes=5)
    at_the_end = till.work()

    till.wait(minutes=1)

    assert at_the_end.state is State.AUTHORIZING
    assert till.four_books() == NOTHING_PAID
    assert till.order.unpaid_proven
    assert "has closed this payment" in till.pay()


def test_leaving_closes_the_code(till: Till) -> None:
    """A customer who goes on to pay in another way leaves nothing behind that could be paid."""
    till.show()
    till.leave()
    till.work()

    assert till.order.state is State.CANCELLING
    till.wait(minutes=6)
    assert till.four_books() == NOTHING_PAID


def test_leaving_before_the_code_was_made_needs_no_close(till: Till) -> None:
    """Nothing payable was ever shown, and the rail knows nothing either."""
    till.sell()
    till.leave()

    till.work()

    assert till.four_books() == (State.ABANDONED, [], [], [])


def test_leaving_after_paying_gives_the_money_back(till: Till) -> None:
    """Payment wins: first it is found, then given back in full; accepted and processing are not back yet."""
    till.show()
    till.pay()
    till.leave()
    till.work()
    meanwhile = till.four_books()

    till.wait(minutes=10)

    assert meanwhile == (State.REFUNDING, ["REFUND"], [("R1", False)], [])
    assert till.four_books() == GIVEN_BACK


def test_what_the_provider_refuses_is_given_back(till: Till) -> None:
    """A definite no after the payment: the whole amount, once."""
    till.world.turn(endpoint="POST orders/topups", reject=33)
    till.show()
    till.pay()

    till.wait(minutes=10)

    assert till.four_books() == GIVEN_BACK


def test_a_refund_that_fails_goes_to_a_clerk(till: Till) -> None:
    """ABNORMAL is a no: the kiosk never says that money is back which is not."""
    till.turn(endpoint="POST global/refunds", refund_fails=True)
    till.show()
    till.pay()
    till.leave()

    till.wait(minutes=10)

    assert till.order.state is State.REVIEW
    assert "could not give the money back (ABNORMAL)" in till.order.reason


def test_a_payment_between_the_look_and_the_close_is_found(open_till: Callable[..., Till]) -> None:
    """The close is refused with ORDERPAID; the payment is looked at again, and as the customer had left, given back."""
    till = open_till(settings="code_minutes = 10\n")
    till.show()
    till.leave()
    till.wait(minutes=5)
    till.clock.forward(minutes=1)
    till.turn(endpoint="POST */close", delay_s=0.5)

    closing = threading.Thread(target=till.work)
    closing.start()
    while not till.faults()[0]["fired"]:
        time.sleep(0.01)
    said = till.pay()
    closing.join()
    till.wait(minutes=10)

    assert "Paid at" in said
    assert till.four_books() == GIVEN_BACK


@pytest.mark.parametrize(
    ("endpoint", "pays", "books"),
    [
        ("POST */native", True, DELIVERED),
        ("GET */out-trade-no/*", True, DELIVERED),
        ("POST */close", False, NOTHING_PAID),
        ("POST global/refunds", True, GIVEN_BACK),
        ("GET global/refunds/*", True, GIVEN_BACK),
    ],
)
def test_a_lost_reply_changes_no_book(till: Till, endpoint: str, pays: bool, books: Books) -> None:
    """Executed, and the answer lost: looked up or sent again under the same number, never done twice."""
    till.turn(endpoint=endpoint, lose_reply=True, times=1)
    till.sell()
    till.wait(seconds=5)
    if pays:
        till.pay()
    if "refund" in endpoint:
        till.leave()

    till.wait(minutes=10)

    assert till.faults() == []
    assert till.four_books() == books


FAULTS: list[dict[str, Any]] = [
    {"garbage": True},
    {"fail_before": 429},
    {"reject": "FREQUENCY_LIMITED"},
    {"reject": "SYSTEM_ERROR"},
    {"fail_after": 502},
    {"down": True},
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_an_answer_that_says_nothing_moves_nothing(till: Till, fault: dict[str, Any]) -> None:
    """Garbage, too many requests, a broken gateway: the order stays, and goes on when the rail speaks again."""
    till.turn(**fault)
    till.sell()
    till.wait(seconds=1)
    without_a_code = till.order
    till.world.clear_faults()
    till.wait(seconds=3)
    till.turn(**fault)
    till.pay()
    till.wait(seconds=5)
    paid_unseen = till.order
    till.world.clear_faults()
    till.wait(minutes=1)

    assert (without_a_code.state, without_a_code.code) == (State.AUTHORIZING, "")
    assert (paid_unseen.state, paid_unseen.paid) == (State.AUTHORIZING, None)
    assert till.four_books() == DELIVERED


def test_an_answer_with_a_wrong_signature_moves_nothing(till: Till) -> None:
    """Another key than the rail's: no "paid" is believed, nor any other word, until the key is right again."""
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
    assert till.four_books() == DELIVERED


@pytest.mark.parametrize("minutes", [10, -10])
def test_a_clock_that_is_wrong_sells_nothing_and_says_why(open_till: Callable[..., Till], minutes: int) -> None:
    """Ten minutes between the kiosk's clock and the rail's: no code is shown, and the reason is on record."""
    till = open_till(rail_ahead=timedelta(minutes=minutes))
    till.sell()

    till.wait(seconds=2)

    assert till.four_books() == (State.AUTHORIZING, [], [], [])
    assert till.order.code == ""
    assert "and the kiosk's clock says 2026-11-22 12:00" in till.answers


def test_another_merchant_is_a_finding_for_the_owner(till: Till) -> None:
    """The rail does not know us: one finding, however often it is asked."""
    till.turn(reject="MCH_NOT_EXISTS")
    till.sell()

    till.wait(seconds=2)

    findings = till.world.rows("SELECT reason FROM findings")
    assert [row["reason"] for row in findings] == [
        "WeChat Pay refuses this merchant (MCH_NOT_EXISTS): check mchid, appid, serial_no and private_key."
    ]
    assert till.order.state is State.AUTHORIZING


def test_another_amount_goes_to_a_clerk(till: Till) -> None:
    """What was paid is compared with what is due, to the cent; the top-up is not sent."""
    due = till.show().total
    connection = sqlite3.connect(till.world.folder / "sandbox.db")
    with connection:
        connection.execute("UPDATE wechat_payments SET total = total - 1")
    connection.close()
    till.pay()

    till.wait(seconds=10)

    assert till.order.state is State.REVIEW
    assert f"{due} is due" in till.order.reason
    assert till.order.deadline_at
    assert till.world.delivered() == []


def test_a_power_cut_at_the_code_loses_nothing(till: Till) -> None:
    """Paid while the kiosk was dark: it starts again, looks, and delivers."""
    till.show()
    till.pay()
    till.close()
    till.open()

    till.wait(seconds=10)

    assert till.four_books() == DELIVERED
    assert [attempt.outcome for attempt in till.order.of(Call.START)] == [Outcome.DONE]
