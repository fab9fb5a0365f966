"""The card's bill of a day, by the kiosk's adapter before the sandbox, in one process: whole or none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.abilities import BillEntry, HasBill, Moved
from kiosk.errors import Misconfigured, NotNow, Unreachable
from kiosk.money import Money
from kiosk.sandbox.stripe_books import READER
from kiosk.simulation.stripe_vendor import stripe_table
from kiosk.tenders import build
from tests.providers.fakes import FixedClock

DAY = date(2026, 11, 22)
PRICE = Money(2400, "USD")
AUTHORIZED = {"Authorization": "Bearer sk_test_training"}


class Shop:
    """The adapter, and in the same process the sandbox; `bent` changes what the adapter gets to see."""

    def __init__(self, folder: Path) -> None:
        from kiosk.sandbox.app import application

        self.clock, self.asked = FixedClock(), 0
        self.bent: dict[str, Any] = {}
        sandbox = application(folder / "books.db", limits=False, clock=self.clock.now, sleep=lambda _: None)
        self._inside = httpx.Client(
            transport=httpx.WSGITransport(app=sandbox), base_url="http://127.0.0.1", headers=AUTHORIZED
        )
        self.tender = build(
            "card",
            stripe_table(folder),
            path="tenders.card",
            training=True,
            currency="USD",
            state_dir=folder,
            clock=self.clock,
            transport=httpx.MockTransport(self._line),
        )

    def _line(self, request: httpx.Request) -> httpx.Response:
        answer = self._inside.send(request)
        self.asked += 1
        return httpx.Response(answer.status_code, json=answer.json() | self.bent)

    def turn(self, **rule: object) -> None:
        assert self._inside.put("/_knobs", json={"remote": "stripe", **rule}).status_code == 200

    def post(self, path: str, **form: str) -> dict[str, Any]:
        answer = self._inside.post(f"/stripe/v1/{path}", data=form)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def taken(self, order: str) -> str:
        """A card was charged for this order; the intent's id."""
        wish = {"amount": "2400", "currency": "usd", "payment_method_types[]": "card_present"}
        intent = str(self.post("payment_intents", **wish, capture_method="manual", **{"metadata[order]": order})["id"])
        self.post(f"terminal/readers/{READER}/process_payment_intent", payment_intent=intent)
        self.post(f"test_helpers/terminal/readers/{READER}/present_payment_method")
        self.post(f"payment_intents/{intent}/capture")
        return intent

    def bill(self, day: date = DAY) -> tuple[BillEntry, ...]:
        assert isinstance(self.tender, HasBill)
        return self.tender.bill(day)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_a_bill_has_what_moved_on_its_day_in_utc(shop: Shop) -> None:
    """Taken in the last second of the day, given back in the first of the next."""
    shop.clock.at = datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)
    intent = shop.taken("T07P1")
    shop.clock.forward(seconds=1)
    shop.post("refunds", payment_intent=intent, **{"metadata[order]": "T07P1", "metadata[refund]": "T07R1"})
    shop.clock.forward(days=1)

    (came,), (went,) = shop.bill(), shop.bill(DAY + timedelta(days=1))

    assert (came.moved, came.reference, came.amount) == (Moved.IN, "T07P1", PRICE)
    assert (went.moved, went.reference, went.amount) == (Moved.BACK, "T07R1", PRICE)
    assert went.at - came.at == timedelta(seconds=1)


def test_a_refund_made_in_the_dashboard_is_put_to_its_order(shop: Shop) -> None:
    """It names no order: the intent that it gives back does."""
    shop.post("refunds", payment_intent=shop.taken("T07P1"))
    shop.clock.forward(days=1)

    assert {(entry.moved, entry.reference) for entry in shop.bill()} == {(Moved.IN, "T07P1"), (Moved.BACK, "T07P1")}


def test_a_refund_that_failed_moved_nothing(shop: Shop) -> None:
    """Whatever Stripe took out of the balance for it came back into it."""
    shop.turn(endpoint="POST refunds", refund_fails=True, times=1)
    shop.post("refunds", payment_intent=shop.taken("T07P1"), **{"metadata[refund]": "T07R1"})
    shop.clock.forward(days=1)

    assert [entry.moved for entry in shop.bill()] == [Moved.IN]


@pytest.mark.prove
def test_a_bill_of_more_than_a_page_is_all_of_it(shop: Shop) -> None:
    """A hundred entries are a page: each entry is there, and once."""
    orders = [f"T07{number:03}P1" for number in range(103)]
    for order in orders:
        shop.taken(order)
    shop.clock.forward(days=1)

    assert sorted(entry.reference for entry in shop.bill()) == orders
    assert shop.asked == 2


@pytest.mark.parametrize("days", [0, 1, 365])
def test_a_day_that_is_not_over_has_no_bill(shop: Shop, days: int) -> None:
    """Stripe would list what there is so far: a part, which is no bill. It is not even asked."""
    with pytest.raises(NotNow, match="00:00 UTC"):
        shop.bill(DAY + timedelta(days=days))
    assert shop.asked == 0


@pytest.mark.parametrize(
    "bent",
    [
        {"data": None},
        {"data": [{"object": "charge"}]},
        {"data": [], "has_more": True},
        {"data": [{"object": "balance_transaction", "type": "charge", "created": 1, "source": "ch_1"}]},
        {"data": [{"object": "balance_transaction", "type": "charge", "created": 1, "source": {"id": "ch_1"}}]},
    ],
    ids=["no list", "something else", "no end", "nothing in full", "no amount"],
)
def test_a_part_of_a_list_is_never_taken_for_the_whole(shop: Shop, bent: dict[str, Any]) -> None:
    """No entry counts, and nothing is concluded from those that are not there."""
    shop.taken("T07P1")
    shop.clock.forward(days=1)
    shop.bent = bent

    with pytest.raises(Unreachable):
        shop.bill()


def test_a_key_that_may_not_see_the_balance_is_the_owners_to_mend(shop: Shop) -> None:
    """A restricted key lists what it may see."""
    shop.clock.forward(days=1)
    shop.turn(endpoint="GET balance_transactions", reject="more_permissions_required", times=1)

    with pytest.raises(Misconfigured, match="secret_key"):
        shop.bill()
