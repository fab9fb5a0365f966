"""Stripe's own library works against the stand-in, and everything it gets keeps to Stripe's published schemas."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe
from stripe import StripeClient

from kiosk.sandbox.server import Sandbox
from tests.sandbox.stripe_schemas import OPENAPI, objections

WISH: stripe.params.PaymentIntentCreateParams = {
    "amount": 2400,
    "currency": "usd",
    "allowed_payment_method_types": ["card_present"],
    "capture_method": "manual",
    "metadata": {"order": "T077Q3F9XKD2MWBP1"},
}


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox(tmp_path / "books.db", limits=False) as running:
        yield running


@pytest.fixture
def library(sandbox: Sandbox) -> StripeClient:
    return StripeClient("sk_test_training", base_addresses={"api": f"{sandbox.url}/stripe"}, max_network_retries=0)


def registered(library: StripeClient) -> str:
    """A simulated reader, made as Stripe's pages say."""
    address: stripe.params.terminal.LocationCreateParamsAddress = {"line1": "1 Airport Rd", "country": "US"}
    location = library.v1.terminal.locations.create({"display_name": "Desk 7", "address": address})
    reader = library.v1.terminal.readers.create({"registration_code": "simulated-wpe", "location": location.id})
    return reader.id


def test_the_published_schemas_see_what_is_wrong() -> None:
    """A made-up field, a status that does not exist, a field that is missing: each is told. The license is there."""
    good = {"id": "re_1", "object": "refund", "amount": 1, "created": 1, "currency": "usd", "status": "succeeded"}

    assert objections(good) == []
    assert objections(good | {"refunded_by": "us"})
    assert objections({name: value for name, value in good.items() if name != "amount"})
    assert "Copyright (c) 2011- Stripe, Inc. (https://stripe.com)" in OPENAPI["$comment"]


def test_the_library_holds_captures_and_gives_back(library: StripeClient) -> None:
    """A whole sale on a reader of its own; a look after each step, the last the money back."""
    reader = registered(library)
    intent = library.v1.payment_intents.create(WISH)
    asked = library.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": intent.id})
    told = library.v1.test_helpers.terminal.readers.present_payment_method(reader)
    held = library.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    taken = library.v1.payment_intents.capture(intent.id)
    back = library.v1.refunds.create({"payment_intent": intent.id, "metadata": {"refund": "T077Q3F9XKD2MWBR1"}})

    assert [thing.action and thing.action.status for thing in (asked, told)] == ["in_progress", "succeeded"]
    assert (held.status, held.amount_capturable, taken.status, taken.amount_received) == (
        "requires_capture",
        2400,
        "succeeded",
        2400,
    )
    assert (back.status, back.amount) == ("succeeded", 2400)
    assert [listed.id for listed in library.v1.refunds.list({"payment_intent": intent.id})] == [back.id]
    for thing in (intent, asked, told, held, taken, back):
        assert objections(thing.to_dict()) == []


def test_the_library_lists_what_moved_the_balance(library: StripeClient) -> None:
    """A charge and its refund, the newest first, page by page; each as Stripe's description has it."""
    reader = registered(library)
    intent = library.v1.payment_intents.create(WISH)
    library.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": intent.id})
    library.v1.test_helpers.terminal.readers.present_payment_method(reader)
    library.v1.payment_intents.capture(intent.id)
    library.v1.refunds.create({"payment_intent": intent.id})

    since = int(time.time()) - 3600
    pages = library.v1.balance_transactions.list({"created": {"gte": since}, "limit": 1, "expand": ["data.source"]})
    moved = list(pages.auto_paging_iter())

    assert [(each.type, each.amount) for each in moved] == [("refund", -2400), ("charge", 2400)]
    assert [objections(each.to_dict()) for each in moved] == [[], []]
    assert list(library.v1.balance_transactions.list({"created": {"lt": since}})) == []


def test_the_library_voids_a_hold(library: StripeClient) -> None:
    """Cancelled instead of captured: nothing is taken, and a capture is refused with the intent in the error."""
    reader = registered(library)
    intent = library.v1.payment_intents.create(WISH)
    library.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": intent.id})
    library.v1.test_helpers.terminal.readers.present_payment_method(reader)
    library.v1.payment_intents.cancel(intent.id)

    with pytest.raises(stripe.InvalidRequestError) as caught:
        library.v1.payment_intents.capture(intent.id)

    assert caught.value.code == "payment_intent_unexpected_state"
    assert caught.value.error
    assert caught.value.error.payment_intent
    assert caught.value.error.payment_intent.status == "canceled"


@pytest.mark.parametrize(
    ("amount", "card", "decline"),
    [
        (2405, "4242424242424242", "generic_decline"),
        (2400, "4000000000009995", "insufficient_funds"),
        (2400, "4000000000009987", "lost_card"),
    ],
)
def test_the_library_hears_why_a_card_is_declined(library: StripeClient, amount: int, card: str, decline: str) -> None:
    """By the reader and by the intent, which takes another card."""
    reader = registered(library)
    intent = library.v1.payment_intents.create({**WISH, "amount": amount})
    library.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": intent.id})
    presented = library.v1.test_helpers.terminal.readers.present_payment_method(
        reader, {"type": "card_present", "card_present": {"number": card}}
    )
    looked = library.v1.payment_intents.retrieve(intent.id)

    assert presented.action
    assert presented.action.failure_code == "card_declined"
    assert presented.action.to_dict()["api_error"]["decline_code"] == decline
    assert looked.status == "requires_payment_method"
    assert looked.last_payment_error
    assert looked.last_payment_error.decline_code == decline
    for thing in (presented, looked):
        assert objections(thing.to_dict()) == []


def test_the_library_repeats_a_lost_call_under_its_key(library: StripeClient, sandbox: Sandbox) -> None:
    """The same key, the same intent; other parameters under it are an error; after a look it can be found."""
    first = library.v1.payment_intents.create(WISH, {"idempotency_key": "T077Q3F9XKD2MWBP1"})
    again = library.v1.payment_intents.create(WISH, {"idempotency_key": "T077Q3F9XKD2MWBP1"})
    found = library.v1.payment_intents.search({"query": "metadata['order']:'T077Q3F9XKD2MWBP1'"})

    with pytest.raises(stripe.IdempotencyError):
        library.v1.payment_intents.create({**WISH, "amount": 1}, {"idempotency_key": "T077Q3F9XKD2MWBP1"})

    assert first.id == again.id
    assert [intent.id for intent in found.data] == [first.id]
    assert [intent.id for intent in library.v1.payment_intents.list()] == [first.id]


def test_the_library_is_told_of_a_wrong_key(sandbox: Sandbox) -> None:
    """401, and nothing of the key but its ends."""
    stranger = StripeClient("sk_test_guess", base_addresses={"api": f"{sandbox.url}/stripe"}, max_network_retries=0)

    with pytest.raises(stripe.AuthenticationError, match=r"Invalid API Key provided: sk_test_\*\*\*\*uess"):
        stranger.v1.payment_intents.create(WISH)


def test_the_newest_version_has_another_name_for_the_ways_to_pay(library: StripeClient) -> None:
    """As the changelog of 2026-09-30 says; with the version before, the old name serves."""
    older = stripe.RequestOptions(stripe_version="2026-08-26.dahlia")
    wish: Any = {**WISH, "payment_method_types": ["card_present"]}
    del wish["allowed_payment_method_types"]

    with pytest.raises(stripe.InvalidRequestError) as caught:
        library.v1.payment_intents.create(wish)

    assert caught.value.code == "payment_method_types_no_longer_supported"
    assert library.v1.payment_intents.create(wish, older).status == "requires_payment_method"
