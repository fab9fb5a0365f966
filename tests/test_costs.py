"""A top-up that costs us another price than we knew: on record, a loss before a clerk, never on the customer's bill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kiosk.identifiers import Reference, grouped_reference
from kiosk.ledger.desk import open_findings
from kiosk.ledger.verify import problems
from kiosk.money import Money
from kiosk.order import State
from kiosk.ports import Absent, Delivered, NotDelivered, Processing
from kiosk.simulation.remotes import PRICE, FakeProvider
from kiosk.simulation.shop import Shop
from tests.orders import usd


@dataclass
class Billing(FakeProvider):
    """A provider whose record says what it has billed. The plan was told to cost 10.00 USD."""

    billed: Money | None = None

    def _record_of(self, reference: str) -> Delivered | Processing | Absent | NotDelivered:
        found = super()._record_of(reference)
        return replace(found, wholesale=self.billed) if isinstance(found, Delivered) else found


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    made.provider = made.providers["airtime"] = Billing(made.clock)
    made.restart()
    yield made
    made.close()


def sold(shop: Shop, billed: Money | None) -> Reference:
    assert isinstance(shop.provider, Billing)
    shop.provider.billed = billed
    name = shop.sell("cash")
    shop.wait(minutes=1)
    assert shop.state(name) is State.COMPLETED
    return name


def costs_on_record(shop: Shop, name: Reference) -> list[dict[str, object]]:
    bodies = (event["body"] for event in shop.ledger.events(name))
    return [body["wholesale"] for body in bodies if "wholesale" in body]


@pytest.mark.parametrize("billed", [None, usd(1000)], ids=["not said", "as known"])
def test_what_costs_what_we_knew_is_no_news(shop: Shop, billed: Money | None) -> None:
    """Nothing more is recorded, and no clerk is called."""
    name = sold(shop, billed)

    assert (costs_on_record(shop, name), open_findings(shop.ledger)) == ([], [])


def test_what_costs_less_is_recorded(shop: Shop) -> None:
    """Good news needs no clerk."""
    name = sold(shop, usd(900))

    assert costs_on_record(shop, name) == [{"amount_minor": 900, "currency": "USD"}]
    assert open_findings(shop.ledger) == []


@pytest.mark.parametrize("billed", [usd(1200), Money(900, "EUR")], ids=["more", "another currency"])
def test_what_costs_more_goes_to_a_clerk_and_not_to_the_customer(shop: Shop, billed: Money) -> None:
    """One finding, with the order; the order's total is what was shown, and the ledger is whole."""
    name = sold(shop, billed)
    (finding,) = open_findings(shop.ledger)
    order = shop.order(name)

    assert (finding.kind, finding.order) == ("cost", name)
    assert finding.reason.startswith(f"{grouped_reference(name)}: airtime billed {billed} for 10 GB for 30 days")
    assert costs_on_record(shop, name) == [{"amount_minor": billed.amount_minor, "currency": billed.currency}]
    assert (order.total, order.paid) == (PRICE, PRICE)
    assert list(problems(shop.ledger)) == []


def test_a_loss_that_is_found_by_looking_is_told_too(shop: Shop) -> None:
    """The answer to the top-up was lost: what it cost stands in the provider's record."""
    assert isinstance(shop.provider, Billing)
    shop.provider.billed = usd(1200)
    shop.provider.faults.append("lost")
    name = shop.sell("cash")
    shop.wait(minutes=15)

    assert shop.state(name) is State.COMPLETED
    assert [finding.order for finding in open_findings(shop.ledger)] == [name]
