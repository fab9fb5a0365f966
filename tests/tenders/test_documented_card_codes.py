"""docs/payments.md, its table of Stripe's codes, and the adapter say the same of every code and every call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import Misconfigured, NotNow, Refused, Unreachable
from kiosk.sandbox.stripe import REJECTIONS
from tests.tenders.card_rail import CARD
from tests.tenders.test_documented_codes import table
from tests.tenders.till import Till, opened

CALLS = {
    "a new order": "POST payment_intents",
    "the reader": "POST */process_payment_intent",
    "a look": "GET payment_intents/pi_*",
    "stopping": "POST */cancel_action",
    "a capture": "POST */capture",
    "letting go": "POST payment_intents/*/cancel",
    "a refund": "POST refunds",
}


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with opened(tmp_path, CARD) as till:
        yield till


def meant(call: Callable[[], Any]) -> str:
    """What the adapter makes of an answer, in the words of the table."""
    try:
        call()
    except NotNow:
        return "not now"
    except Misconfigured:
        return "misconfigured"
    except Refused:
        return "refused"
    except Unreachable as error:
        return "in doubt" if error.sent else "nothing was sent"
    return "looked at"


def found(till: Till) -> list[dict[str, str]]:
    """Each code, each call: an open payment for the first ones, a held one, one that was taken."""
    wire = f"{till.show().reference}P1"
    tender: Any = till.tender
    id = till.order.code
    calls: dict[str, Callable[[], Any]] = {
        "a new order": lambda: tender.wire.create(wire, till.order.total.amount_minor, "USD"),
        "the reader": lambda: tender.wire.process(id),
        "a look": lambda: tender.wire.intent(id, wire),
        "stopping": tender.wire.stop,
        "a capture": lambda: tender.wire.capture(id, wire),
        "letting go": lambda: tender.wire.cancel(id, wire),
        "a refund": lambda: tender.wire.refund(id, wire, f"{till.reference}R1"),
    }
    rows = []
    for code, (status, _) in REJECTIONS.items():
        row = {"code": str(code), "HTTP": str(status)}
        for name, call in calls.items():
            till.turn(endpoint=CALLS[name], reject=code, times=1)
            row[name] = meant(call)
            till.world.clear_faults()
        rows.append(row)
    return rows


def test_every_code_means_what_the_table_says(till: Till) -> None:
    """The sandbox answers each call with it; the adapter makes of it what the table says."""
    assert found(till) == table("A bank card on a reader: codes")


def test_every_decline_that_a_screen_has_words_for_is_in_the_table() -> None:
    """By Stripe's word; any other is *declined*, and no more is said."""
    from kiosk.tenders.stripe.answers import DECLINES

    assert {row["Stripe's word"]: row["kept as"] for row in table("A bank card on a reader: declines")} == DECLINES
