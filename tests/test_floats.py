"""The float is watched at a modest pace; a low one is one finding, and what it does not cover is not sold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.config import check
from kiosk.errors import ConfigError, Unreachable
from kiosk.ledger.desk import Finding, decide_finding, open_findings
from kiosk.ledger.floats import BELIEVED_FOR, left_to_sell
from kiosk.ledger.verify import problems
from kiosk.money import Money
from kiosk.offers import offers
from kiosk.simulation.remotes import CARD, PLAN, FakeProvider
from kiosk.simulation.shop import Shop
from kiosk.tables import SyncTable
from tests.sandbox.conftest import CREDENTIALS
from tests.world import PLAIN, SIM, World
from tests.world import PLAN as DEAR


@dataclass
class Funded(FakeProvider):
    """A provider with our money in it."""

    left_minor: int = 500_00
    looks: int = 0
    silent: Exception | None = None

    def balance(self) -> Money:
        self.looks += 1
        if self.silent:
            raise self.silent
        return Money(self.left_minor, "USD")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    made.settings = SyncTable(float_low={"airtime": "100.00"})
    made.provider = made.providers["airtime"] = Funded(made.clock)
    made.restart()
    yield made
    made.close()


def funded(shop: Shop) -> Funded:
    assert isinstance(shop.provider, Funded)
    return shop.provider


def later(shop: Shop, left_minor: int | None = None, seconds: float = 300) -> list[Finding]:
    """The queue's holder is idle after so much time; what is open then."""
    if left_minor is not None:
        funded(shop).left_minor = left_minor
    shop.clock.go_on(seconds=seconds)
    shop.now()
    return open_findings(shop.ledger)


def test_a_low_float_is_one_finding_that_closes_itself(shop: Shop) -> None:
    """At the threshold all is well; below it one finding stands, however long; paid in, it is gone, and on record."""
    at_the_threshold = later(shop, 100_00)
    (low,) = later(shop, 99_99)
    (still,) = later(shop, 12_00)
    paid_in = later(shop, 500_00)
    rows = shop.ledger.database.rows("SELECT decided_by, decision FROM findings")

    assert (at_the_threshold, paid_in) == ([], [])
    assert low == still
    assert low.reason == "airtime: 99.99 USD is left of our credit, less than 100.00: pay in, or plans go off sale"
    assert low.deadline_at - low.opened_at == timedelta(hours=4)
    assert rows == [{"decided_by": "queue", "decision": "500.00 USD is left of our credit at airtime"}]
    assert list(problems(shop.ledger)) == []


def test_what_a_clerk_has_decided_is_not_opened_again_before_the_float_has_risen(shop: Shop) -> None:
    """The clerk knows. The next time it falls, it is news."""
    (low,) = later(shop, 50_00)
    decide_finding(shop.ledger, low.name, by="mei", decision="the bank transfer is on its way", at=shop.clock.now())
    known = later(shop, 40_00)
    later(shop, 500_00)
    (again,) = later(shop, 40_00)

    assert known == []
    assert again.name != low.name


def test_a_power_cut_between_the_finding_and_the_note_opens_no_second_one(shop: Shop) -> None:
    """The note is only jotted down; the finding is what counts."""
    (low,) = later(shop, 50_00)
    shop.ledger.database.execute("DELETE FROM floats")
    shop.restart()

    assert later(shop) == [low]


def test_looks_keep_their_pace_over_restarts_and_silence(shop: Shop) -> None:
    """One in five minutes, whoever starts the queue anew, and whether it is answered or not."""
    for _ in range(10):
        shop.restart()
        shop.now()
    at_once = funded(shop).looks
    funded(shop).silent = Unreachable("nothing came back", sent=True)
    for _ in range(20):
        later(shop, seconds=60)

    assert (at_once, funded(shop).looks) == (1, 5)


def test_a_silent_account_says_nothing_of_the_line(shop: Shop) -> None:
    """Whatever its look meets, an adapter's defect too: orders go on, and the provider is not called away."""
    for trouble in (Unreachable("nothing came back", sent=True), RuntimeError("a defect")):
        funded(shop).silent = trouble
        for _ in range(4):
            later(shop)
        name = shop.sell("cash")
        shop.now()
        assert shop.order(name).delivered_at


def test_without_a_pace_nobody_looks(shop: Shop) -> None:
    """0 switches it off."""
    shop.settings = SyncTable(float_every_s=0)
    shop.restart()
    later(shop)

    assert funded(shop).looks == 0


def test_what_waits_for_its_top_up_is_spent_already(shop: Shop) -> None:
    """Two orders are paid while the provider is away: their price is not sold twice."""
    price = PLAN.wholesale.amount_minor
    later(shop, 2 * price)
    before = left_to_sell(shop.ledger, "airtime", shop.clock.now())
    shop.provider.weather = lambda asked: "down"
    for _ in range(2):
        shop.sell("cash")
    after = left_to_sell(shop.ledger, "airtime", shop.clock.now())

    assert before == Money(2 * price, "USD")
    assert after == Money(0, "USD")


def test_an_old_word_is_not_believed(shop: Shop) -> None:
    """Nobody looks any more: then nobody knows, and the provider's own no decides."""
    later(shop, 0)
    shop.clock.go_on(seconds=BELIEVED_FOR.total_seconds() + 1)

    assert left_to_sell(shop.ledger, "airtime", shop.clock.now()) is None


@pytest.mark.parametrize(
    ("left", "sold"),
    [
        (None, True),
        (PLAN.wholesale, True),
        (PLAN.wholesale - Money(1, "USD"), False),
        (Money(-5, "USD"), False),
        (Money(0, "EUR"), True),
    ],
)
def test_a_plan_that_the_float_does_not_cover_is_shown_and_not_sold(shop: Shop, left: Money | None, sold: bool) -> None:
    """To the cent; where nobody knows, or in another currency, the provider decides."""
    (offer,) = offers(check({}, "config.toml"), shop.provider.sim(CARD), shop.clock.now(), left)

    assert offer.sold is sold


@pytest.mark.parametrize(
    ("low", "words"),
    [
        ({"nobody": "5.00"}, r"sync\.float_low\.nobody: there is no table \[providers\.nobody\]"),
        ({"airalo": "much"}, r'sync\.float_low.*an amount such as "100\.00"'),
    ],
)
def test_a_threshold_that_nobody_can_mean_is_refused(low: dict[str, Any], words: str) -> None:
    """At the start, by name."""
    with pytest.raises(ConfigError, match=words):
        check({"providers": {"airalo": {}}, "sync": {"float_low": low}}, "config.toml")


def spend(kiosk: World, plan: str, times: int) -> None:
    """Somebody else buys from the same account."""
    base = f"{kiosk.sandbox.url}/airalo/v2/"
    with httpx.Client(base_url=base, headers={"Accept": "application/json"}, verify=PLAIN) as client:
        token = client.post("token", data=CREDENTIALS).json()["data"]["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        for _ in range(times):
            wish = {"package_id": plan, "iccid": "8901260862291477122"}
            assert client.post("orders/topups", json=wish).status_code == 200


@pytest.mark.prove
def test_the_real_program_sells_what_the_account_covers_and_nothing_else(kiosk: World) -> None:
    """Airalo's account over HTTP: 16.75 USD are left of 1,000. The finding, the list of plans, the refused sale."""
    text = kiosk.config.read_text()
    kiosk.config.write_text(text.replace("[sync]\n", '[sync]\nfloat_every_s = 1\nfloat_low = { airalo = "50" }\n'))
    spend(kiosk, "change-30days-unlimited-topup", 19)
    kiosk.run("sync", "--once")

    plans = {plan["id"]: plan for plan in json.loads(kiosk.run("plans", "--iccid", SIM, "--json"))["plans"]}
    table = kiosk.run("plans", "--iccid", SIM)
    refused = kiosk.sell(code=6)
    sold = kiosk.sell("--plan", "change-30days-5gb-topup")
    review = kiosk.run("review")

    assert not plans[DEAR]["available"]
    assert plans["change-30days-5gb-topup"]["available"]
    assert table.count("not available now") == 4
    assert f"{DEAR} is not available now: our credit at airalo does not cover it. Take no money." in refused
    assert "COMPLETED" in sold
    assert "F1" in review
    assert "airalo: 16.75 USD is left of our credit, less than 50" in review
    assert [order["tender"] for order in kiosk.orders()] == ["cash"]
