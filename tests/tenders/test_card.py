"""A card on a reader, beyond the contract: declines, a reader that fails in every documented way, holds, refunds.

The kiosk's own adapter, queue and ledger against the sandbox over HTTP, on one clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.abilities import Lists
from kiosk.decisions import decide
from kiosk.errors import ConfigError, Illegal, Misconfigured
from kiosk.facts import Call, Card, Outcome
from kiosk.order import Order, State
from kiosk.sale import try_again
from kiosk.sandbox.stripe_books import READER
from kiosk.tenders import build
from tests.providers.fakes import FixedClock
from tests.sandbox.conftest import PLAIN
from tests.tenders.card_rail import CARD
from tests.tenders.contract import DELIVERED, GIVEN_BACK, NOTHING_PAID
from tests.tenders.till import Till, opened


@pytest.fixture
def open_till(tmp_path: Path) -> Iterator[Callable[..., Till]]:
    with ExitStack() as stack:
        yield lambda **how: stack.enter_context(opened(tmp_path, CARD, **how))


@pytest.fixture
def till(open_till: Callable[..., Till]) -> Till:
    return open_till()


def act(till: Till, act: str) -> None:
    assert CARD.act(till, act), act


def again(till: Till) -> Order:
    """The customer presses *Try again*."""
    try_again(till.house.ledger, till.order, by="customer", at=till.clock.now())
    return till.work()


def intents(till: Till) -> list[str]:
    return [row["status"] for row in CARD.read(till, "stripe/payments")]


def reader(till: Till) -> dict[str, Any]:
    headers = {"Authorization": "Bearer sk_test_training"}
    url = f"{till.world.sandbox.url}/stripe/v1/terminal/readers/{READER}"
    found: dict[str, Any] = httpx.get(url, headers=headers, verify=PLAIN).json()
    return found


# --- declines --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "why"), [("decline", "no_funds"), ("lost", "declined"), ("x", "stopped")], ids=["no money", "lost", "X"]
)
def test_a_card_that_is_declined_is_told_and_another_pays_the_same_intent(till: Till, what: str, why: str) -> None:
    """Nothing happens by itself meanwhile. Why a lost card is declined is its bank's business alone."""
    till.show()
    act(till, what)
    told = till.wait(seconds=30)
    asked = len(told.of(Call.START))
    paid = again(till)
    act(till, "insert")

    assert told.declined.partition(":")[0] == why
    assert (asked, paid.declined) == (1, "")
    assert till.settle() == DELIVERED
    assert intents(till) == ["succeeded"]
    assert [attempt.outcome for attempt in till.order.of(Call.START)] == [Outcome.NOT_NOW, Outcome.DONE]


@pytest.mark.prove
def test_the_amount_declines_as_documented(till: Till) -> None:
    """An amount that ends in 05 declines every test card, again and again; then the time is over."""
    till.show()
    CARD.spoil(till, less_minor=till.order.total.amount_minor - 2405)
    for _ in range(3):
        act(till, "tap")
        assert till.wait(seconds=5).declined.startswith("declined: ")
        again(till)

    assert till.settle() == NOTHING_PAID


def test_who_leaves_after_a_decline_leaves_nothing_that_can_be_paid(till: Till) -> None:
    """The intent is cancelled, by proof; and there is no other try."""
    till.show()
    act(till, "decline")
    till.wait(seconds=5)
    till.leave()

    assert till.settle() == NOTHING_PAID
    assert intents(till) == ["canceled"]
    with pytest.raises(Illegal):
        try_again(till.house.ledger, till.order, by="customer", at=till.clock.now())


# --- a reader that fails -------------------------------------------------------------------------------------------


def test_a_reader_that_never_tells_is_found_out_by_the_intent(till: Till) -> None:
    """The plug is pulled after the tap: its action stays in progress for ever, and the money is held."""
    till.show()
    act(till, "tap_and_pull")

    assert till.settle() == DELIVERED
    assert reader(till)["action"]["status"] == "in_progress"


def test_a_reader_that_loses_its_power_is_told_and_asks_again(till: Till) -> None:
    """No sign of life for two minutes: the customer hears of it; the plug is put back, and the same intent is paid."""
    till.show()
    act(till, "pull")
    dark = till.wait(minutes=2, seconds=10)
    act(till, "plug")
    again(till)
    act(till, "tap")

    assert dark.declined.startswith("reader_lost: ")
    assert till.settle() == DELIVERED
    assert len(intents(till)) == 1


def test_a_reader_that_was_restarted_is_asked_again_at_the_customers_word(till: Till) -> None:
    """It was dark for a moment, and shows nothing, while Stripe still says *in progress*: only people can see that."""
    till.show()
    act(till, "pull")
    act(till, "plug")
    again(till)
    act(till, "tap")

    assert till.settle() == DELIVERED


@pytest.mark.parametrize("code", ["terminal_reader_offline", "terminal_reader_busy", "terminal_reader_timeout"])
def test_a_reader_that_cannot_be_asked_now_is_asked_later(till: Till, code: str) -> None:
    """Offline, busy, no answer: the order waits, and goes on by itself."""
    till.turn(endpoint="POST */process_payment_intent", reject=code)
    till.sell()
    waiting = till.wait(seconds=5)
    till.world.clear_faults()
    till.wait(seconds=20)
    act(till, "tap")

    assert (waiting.state, waiting.of(Call.START)[-1].outcome) != (State.AUTHORIZING, Outcome.DONE)
    assert till.settle() == DELIVERED
    assert len(intents(till)) == 1


def test_a_reader_that_is_away_for_good_leaves_nothing_behind(till: Till) -> None:
    """Nobody can pay: the time is over, and nothing was ever payable."""
    act(till, "pull")
    till.clock.forward(minutes=3)
    till.sell()
    till.wait(seconds=30)
    till.leave()

    assert till.settle().state is State.ABANDONED


def test_a_false_time_out_asks_for_no_second_card(till: Till) -> None:
    """The reader had heard it: it is looked at first, and left alone; a card that is being read is not disturbed."""
    till.turn(endpoint="POST */process_payment_intent", times_out=True, times=1)
    till.sell()
    till.wait(seconds=10)
    calls = till.order.of(Call.START)
    till.turn(endpoint="POST */process_payment_intent", down=True)
    act(till, "tap")

    assert [attempt.outcome for attempt in calls] == [Outcome.UNKNOWN, Outcome.DONE]
    assert till.settle() == DELIVERED
    assert [rule["fired"] for rule in till.faults()] == [0]


def test_a_card_that_is_being_authorized_when_the_customer_leaves_is_given_back(till: Till) -> None:
    """The reader is busy and cannot be stopped; then the intent says what came of it."""
    till.turn(endpoint="POST */process_payment_intent", authorizes_s=20)
    till.show()
    act(till, "tap")
    till.leave()
    till.work()
    meanwhile = till.end()

    assert meanwhile.state is State.CANCELLING
    assert till.settle() == GIVEN_BACK


def test_a_card_that_is_being_authorized_when_the_time_is_over_still_counts(till: Till) -> None:
    """The end of the time gives nothing back: it is delivered."""
    till.turn(endpoint="POST */process_payment_intent", authorizes_s=20)
    till.show()
    till.clock.at = till.order.expires_at - timedelta(seconds=5)
    act(till, "tap")
    till.clock.forward(seconds=6)
    till.work()

    assert till.settle() == DELIVERED


def test_the_next_order_waits_until_the_reader_is_done_with_the_one_before(till: Till) -> None:
    """A card that is being authorized for the first is not pushed off; the second is asked for when it is through."""
    till.turn(endpoint="POST */process_payment_intent", authorizes_s=20)
    first = till.show()
    act(till, "tap")
    till.leave()
    till.work()
    till.sell()
    second = till.work()
    till.world.clear_faults()
    till.wait(seconds=30)
    act(till, "tap")
    till.wait(minutes=5)

    assert "still waits for another order" in second.of(Call.START)[-1].answer
    assert till.house.ledger.order(first.reference).state is State.REFUNDED
    assert till.order.state is State.COMPLETED
    assert intents(till) == ["canceled", "succeeded"]


def test_what_stands_on_the_reader_and_cannot_be_paid_is_replaced(till: Till) -> None:
    """A dead intent that was left there by a power cut stands in nobody's way."""
    till.show()
    act(till, "tap_and_pull")
    till.wait(minutes=5)
    act(till, "plug")
    till.sell()
    till.work()
    act(till, "tap")
    till.wait(minutes=1)

    assert till.order.state is State.COMPLETED


# --- lost answers, and time ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("endpoint", ["POST */process_payment_intent", "GET terminal/readers/*"])
def test_a_lost_answer_of_the_reader_changes_no_book(till: Till, endpoint: str) -> None:
    """Looked at again, asked again; one intent, paid once."""
    till.turn(endpoint=endpoint, lose_reply=True, times=1)
    till.sell()
    till.wait(seconds=10)
    act(till, "tap")

    assert till.settle() == DELIVERED
    assert len(intents(till)) == 1


def test_an_intent_whose_making_broke_inside_is_never_paid(till: Till) -> None:
    """Stripe remembers its 500 under the key for a day: the customer takes another way, and a clerk hears of it."""
    till.turn(endpoint="POST payment_intents", breaks_inside=True, times=1)
    till.sell()
    till.wait(minutes=1)
    till.leave()
    till.wait(hours=30)

    assert till.order.state in (State.ABANDONED, State.REVIEW)
    assert intents(till) == []


@pytest.mark.parametrize("hours", [1, 30])
def test_an_intent_whose_number_was_never_heard_is_found(till: Till, hours: int) -> None:
    """Paid, and no answer ever came: by its key within a day; after that, when keys are forgotten, by searching."""
    till.turn(endpoint="POST */process_payment_intent", lose_reply=True)
    till.sell()
    till.work()
    act(till, "tap")
    till.turn(down=True)
    till.wait(seconds=2)
    till.leave()
    till.clock.forward(hours=hours)
    till.world.clear_faults()

    assert till.order.code == ""
    assert till.settle() == GIVEN_BACK
    assert len(intents(till)) == 1


# --- holds and refunds -----------------------------------------------------------------------------------------------


def test_the_hold_ends_when_the_charge_says(till: Till) -> None:
    """`capture_before` is on the order; the capture that comes too late is refused for good, and a clerk's."""
    till.turn(endpoint="POST */process_payment_intent", holds_s=7200)
    till.turn(endpoint="POST */capture", reject="rate_limit")
    till.show()
    act(till, "tap")
    at = till.clock.now()
    held = till.wait(seconds=10)
    till.clock.forward(hours=2)
    till.world.clear_faults()
    till.wait(minutes=1)

    assert held.capture_before == at + timedelta(hours=2)
    assert till.order.state is State.REVIEW
    assert till.order.capture_refused
    assert intents(till) == ["canceled"]


def test_what_is_not_delivered_was_never_taken(till: Till) -> None:
    """The hold is let go: no refund, no fee, nothing on the bill."""
    till.world.turn(endpoint="POST orders/topups", reject=33)
    till.show()
    act(till, "tap")

    assert till.settle() == GIVEN_BACK
    assert CARD.read(till, "stripe/refunds") == []
    assert intents(till) == ["canceled"]


def decided(till: Till, what: str) -> None:
    """A clerk's word."""
    house = till.house
    decide(house.ledger, till.order, what, by="mei", at=till.clock.now(), reason="a reason")


def ordered_back(till: Till) -> Order:
    """A clerk gives back a delivered order."""
    till.show()
    act(till, "tap")
    till.wait(seconds=30)
    assert till.order.state is State.COMPLETED
    decided(till, "refund")
    return till.work()


def test_a_refund_that_pends_is_not_back(till: Till) -> None:
    """Pending is shown as pending, however long."""
    till.turn(endpoint="POST refunds", refund_pends_s=7200)
    ordered_back(till)
    pending = till.wait(seconds=10).state
    till.clock.forward(hours=2)
    till.wait(seconds=10)

    assert (pending, till.order.state) == (State.REFUNDING, State.REFUNDED)
    assert [row["status"] for row in CARD.read(till, "stripe/refunds")] == ["succeeded"]


def test_a_refund_that_fails_is_a_clerks_and_the_next_has_another_number(till: Till) -> None:
    """The old number would replay the old failure."""
    till.turn(endpoint="POST refunds", refund_fails=True, times=1)
    ordered_back(till)
    till.wait(minutes=5)
    failed, why = till.order.state, till.order.reason
    decided(till, "resume")
    till.wait(minutes=5)
    refunds = CARD.read(till, "stripe/refunds")

    assert failed is State.REVIEW
    assert "could not give the money back" in why
    assert till.order.state is State.REFUNDED
    assert [row["metadata"]["refund"][-2:] for row in refunds] == ["R1", "R2"]
    assert [row["status"] for row in refunds] == ["failed", "succeeded"]


def test_what_was_given_back_by_hand_is_not_given_back_twice(till: Till) -> None:
    """In Stripe's dashboard, before the clerk here said so: it is found, and that is all."""
    till.show()
    act(till, "tap")
    till.wait(seconds=30)
    url, headers = f"{till.world.sandbox.url}/stripe/v1/refunds", {"Authorization": "Bearer sk_test_training"}
    httpx.post(url, headers=headers, data={"payment_intent": till.order.code}, verify=PLAIN)
    decided(till, "refund")
    till.wait(minutes=5)

    assert till.order.state is State.REFUNDED
    assert len(CARD.read(till, "stripe/refunds")) == 1


def test_what_a_lost_ledger_had_is_listed_by_our_reference(till: Till) -> None:
    """From a time to a time, whole pages of it, and nobody else's."""
    since = till.clock.now()
    till.show()
    act(till, "tap")
    till.wait(seconds=30)
    headers = {"Authorization": "Bearer sk_test_training"}
    wish = {"amount": "100", "currency": "usd", "payment_method_types[]": "card_present"}
    for _ in range(101):
        httpx.post(f"{till.world.sandbox.url}/stripe/v1/payment_intents", headers=headers, data=wish, verify=PLAIN)
    tender, until = till.tender, till.clock.now()
    assert isinstance(tender, Lists)

    assert [(each.reference, each.said) for each in tender.listed("T07", since, until)] == [
        (f"{till.reference}P1", "succeeded")
    ]
    assert tender.listed("K99", since, until) == ()
    assert tender.listed("T07", since - timedelta(days=2), since - timedelta(days=1)) == ()


# --- the card, and whom to believe -----------------------------------------------------------------------------------


def test_the_order_knows_what_a_receipt_must_show_and_no_number(till: Till) -> None:
    """Brand, last four, entry, application and authorization; the card's number is in no book of ours."""
    till.show()
    act(till, "insert")
    till.wait(seconds=30)
    events = str([row["body"] for row in till.house.ledger.events(till.reference)])

    assert till.order.card == Card("mastercard", "4444", "contact_emv", "Mastercard", "A0000000041010", "123456")
    assert '"last4": "4444"' in events.replace("'", '"')
    assert "5555555555554444" not in events


LIVE = {"base_url": "https://api.stripe.com"}


@pytest.mark.parametrize(
    ("training", "key", "changed", "told"),
    [
        (False, "sk_test_training", {}, "base_url: a live ledger"),
        (True, "sk_live_1", LIVE, "base_url: a training ledger"),
        (False, "sk_test_1", LIVE, "secret_key: a live ledger allows only live"),
        (False, "rk_test_1", LIVE, "secret_key: a live ledger allows only live"),
        (True, "sk_live_1", {}, "secret_key: this one is live"),
        (True, "pk_test_1", {}, "secret_key: not a secret key"),
        (True, "sk_test_training", {"reader": "reader 1"}, "reader: expected a reader's id"),
        (False, "sk_live_1", {"base_url": "http://api.stripe.com"}, "base_url: only https"),
    ],
)
def test_a_wrong_table_is_named_with_its_key(
    tmp_path: Path, training: bool, key: str, changed: dict[str, Any], told: str
) -> None:
    """The owner reads which key is wrong; the secret itself is in no message."""
    (tmp_path / "key").write_text(key)
    table = {"kind": "stripe", "base_url": "http://127.0.0.1:1/stripe", "secret_key": {"file": str(tmp_path / "key")}}

    with pytest.raises(ConfigError, match=told) as caught:
        build(
            "card",
            {**table, "reader": READER, **changed},
            path="config.toml: tenders.card",
            training=training,
            currency="USD",
            state_dir=tmp_path,
            clock=FixedClock(),
        )
    assert key not in str(caught.value)


def test_an_answer_of_the_other_mode_is_not_believed(till: Till) -> None:
    """Money that is worth something in a training ledger, or the other way round: the owner must look."""
    till.show()
    act(till, "tap")
    tender: Any = till.tender
    wire = type(tender.wire)(tender.wire.remote, tender.wire.secret_key, tender.wire.reader, live=True)

    with pytest.raises(Misconfigured, match="test money"):
        wire.intent(till.order.code, f"{till.reference}P1")
