"""A delivered order whose SIM shows nothing becomes a finding: once, late enough, where the provider can tell."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from kiosk.abilities import Shown
from kiosk.errors import Misconfigured, NotNow, Refused, Unreachable
from kiosk.holder import drain
from kiosk.identifiers import Reference, grouped_reference
from kiosk.ledger import Ledger
from kiosk.ledger.desk import Finding, open_findings
from kiosk.ledger.verify import problems
from kiosk.order import Order, State
from kiosk.plans import Line, LineKind
from kiosk.ports import Tender, TopUp
from kiosk.questions import Remotes
from kiosk.sale import open_sale, take_cash
from kiosk.simulation.remotes import PRICE, FakeProvider
from kiosk.simulation.shop import Shop
from kiosk.sync import Queue
from kiosk.tables import Sales, SyncTable
from kiosk.tenders.cash import Cash, Settings
from tests.providers.stand import AIRALO, DTONE, Stand, stand


@dataclass
class Showing(FakeProvider):
    """A provider that can tell what a SIM shows."""

    shows_within_s: float = 1200.0
    on_the_sim: int = 0
    trouble: Exception | None = None
    looks: int = 0

    def shown(self, request: TopUp, times: int) -> Shown:
        self.looks += 1
        if self.trouble:
            raise self.trouble
        return Shown(self.on_the_sim >= times, f"the SIM shows {self.on_the_sim} of this plan")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    made.provider = made.providers["airtime"] = Showing(made.clock)
    made.restart()
    yield made
    made.close()


def showing(shop: Shop) -> Showing:
    assert isinstance(shop.provider, Showing)
    return shop.provider


def delivered(shop: Shop) -> Reference:
    name = shop.sell("cash")
    shop.now()
    assert shop.state(name) is State.COMPLETED
    return name


def test_a_sim_that_shows_nothing_is_a_finding_with_its_order(shop: Shop) -> None:
    """Not a minute too early; the reason says what was delivered, when, and what the SIM shows. The order stays."""
    name = delivered(shop)
    shop.wait(seconds=5399)
    early = (open_findings(shop.ledger), showing(shop).looks)
    shop.wait(seconds=1)
    (finding,) = open_findings(shop.ledger)
    shop.wait(days=5)

    assert early == ([], 0)
    assert (finding.kind, finding.order) == ("sim", name)
    assert finding.reason.startswith(f"{grouped_reference(name)}: airtime says that ")
    assert finding.reason.endswith("and the SIM does not show it: the SIM shows 0 of this plan")
    assert finding.deadline_at - finding.opened_at == timedelta(hours=4)
    assert (shop.state(name), showing(shop).looks) == (State.COMPLETED, 1)
    assert list(problems(shop.ledger)) == []


def test_a_sim_that_shows_it_is_on_record(shop: Shop) -> None:
    """One look, a note for whoever says later that nothing came, and no finding."""
    name = delivered(shop)
    showing(shop).on_the_sim = 1
    shop.wait(days=5)

    assert open_findings(shop.ledger) == []
    assert shop.remarks(name).endswith("the SIM shows 1 of this plan")
    assert showing(shop).looks == 1


def test_two_top_ups_of_one_plan_must_be_there_twice(shop: Shop) -> None:
    """The first is there; the second is missing, and it is the second's finding."""
    delivered(shop)
    shop.wait(minutes=10)
    second = delivered(shop)
    showing(shop).on_the_sim = 1
    shop.wait(hours=3)

    assert [finding.order for finding in open_findings(shop.ledger)] == [second]


@pytest.mark.parametrize("trouble", [Unreachable("dark", sent=True), NotNow("busy"), ValueError("a defect")])
def test_no_answer_is_no_finding_and_asked_again(shop: Shop, trouble: Exception) -> None:
    """A SIM that cannot be asked shows nothing either way."""
    delivered(shop)
    showing(shop).trouble = trouble
    shop.wait(hours=6)
    in_the_dark = open_findings(shop.ledger)
    showing(shop).trouble = None
    shop.wait(days=2)

    assert in_the_dark == []
    assert len(open_findings(shop.ledger)) == 1


def test_a_provider_that_no_longer_knows_the_sim_is_a_finding(shop: Shop) -> None:
    """Recycled, says Airalo: what was delivered is gone with it."""
    delivered(shop)
    showing(shop).trouble = Refused("this SIM was recycled")
    shop.wait(hours=3)

    (finding,) = open_findings(shop.ledger)
    assert finding.reason.endswith("does not show it: this SIM was recycled")


def test_credentials_that_do_not_serve_say_nothing_of_the_sim(shop: Shop) -> None:
    """And the watch ends all the same."""
    delivered(shop)
    showing(shop).trouble = Misconfigured("check the secret")
    shop.wait(days=9)

    assert open_findings(shop.ledger) == []
    assert shop.ledger.database.rows("SELECT 1 FROM orders WHERE watch_at IS NOT NULL") == []


def test_a_power_cut_between_the_finding_and_the_mark_opens_no_second_one(shop: Shop) -> None:
    """The mark is only jotted down."""
    delivered(shop)
    shop.wait(hours=2)
    shop.ledger.database.execute("UPDATE orders SET sim_checked = 0")
    shop.wait(days=2)

    assert len(open_findings(shop.ledger)) == 1
    assert showing(shop).looks == 2


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (SyncTable(sim_check_after_s=0), 0),
        (SyncTable(watch_days=0), 1),
        (SyncTable(watch_days=0, sim_check_after_s=0), 0),
    ],
)
def test_it_is_asked_as_the_owner_says(shop: Shop, settings: SyncTable, expected: int) -> None:
    """0 switches it off; without the watch of other things, it is asked all the same, and then no more."""
    shop.settings = settings
    shop.restart()
    delivered(shop)
    shop.wait(days=5)

    assert showing(shop).looks == expected


def test_it_is_not_asked_before_the_provider_must_know(shop: Shop) -> None:
    """Whatever the owner wrote: an answer may be as old as the provider documents."""
    shop.settings = SyncTable(sim_check_after_s=60)
    shop.restart()
    delivered(shop)
    shop.wait(seconds=1199)
    early = showing(shop).looks
    shop.wait(minutes=15)

    assert (early, showing(shop).looks) == (0, 1)


# --- Airalo, over HTTP -------------------------------------------------------------------------------------------


@pytest.fixture
def airalo(tmp_path: Path) -> Iterator[Stand]:
    with stand(AIRALO, tmp_path) as made:
        yield made


@pytest.fixture
def dtone(tmp_path: Path) -> Iterator[Stand]:
    with stand(DTONE, tmp_path) as made:
        yield made


def sold(at: Stand, ledger: Ledger) -> Order:
    """A sale for cash, not yet delivered."""
    sim = at.provider().sim(at.case.request().sim_number)
    plan = next(plan for plan in sim.plans if plan.id == at.case.plan_id)
    lines, now = (Line(LineKind.PLAN, plan.title, PRICE),), at.clock.now()
    seen: dict[str, Any] = {"kiosk": "T07", "language": "en", "by": "mei", "at": now, "choose": random.choice}
    order = open_sale(ledger, sim, plan, lines, cast(Tender, Cash(Settings())), **seen)
    return take_cash(ledger, order, PRICE, by="mei", at=now, review_by=now)


def looked_at(at: Stand, folder: Path, hours: int) -> tuple[list[Finding], str]:
    """Sell, deliver, and let so many hours pass in quarters: the findings, and the newest remark."""
    ledger = Ledger(folder / "ledger.db", mode="training", kiosk="T07", at=at.clock.now())
    order = sold(at, ledger)
    remotes = Remotes({at.case.name: at.provider()}, {"cash": cast(Tender, Cash(Settings()))}, Sales())
    queue = Queue(ledger, remotes, SyncTable(), at.clock, lambda: 0.5)
    for _ in range(4 * hours + 1):
        drain(queue)
        at.forward(900)
    remarks = [row["body"].get("remote", "") for row in ledger.events(order.reference)]
    assert ledger.order(order.reference).state is State.COMPLETED
    found = open_findings(ledger)
    ledger.close()
    return found, remarks[-1]


def test_airalos_sim_shows_its_top_up(airalo: Stand, tmp_path: Path) -> None:
    """The real adapter, the real queue, the sandbox."""
    findings, remark = looked_at(airalo, tmp_path, hours=3)

    assert (findings, remark) == ([], "the SIM shows 1 of this plan")


def test_airalos_sim_that_shows_nothing_is_a_finding(airalo: Stand, tmp_path: Path) -> None:
    """The order is completed in Airalo's list, and the SIM knows nothing of it."""
    airalo.turn("GET sims/*", sim_shows_nothing=True)

    ((finding,), _) = looked_at(airalo, tmp_path, hours=3)

    assert finding.kind == "sim"
    assert "airalo says that 5 GB - 30 Days was delivered" in finding.reason
    assert finding.reason.endswith("does not show it: the SIM shows 0 of this plan")


def test_dtones_sim_shows_its_top_up(dtone: Stand, tmp_path: Path) -> None:
    """740 MB were left on it; with the plan's ten gigabytes it shows at least those."""
    findings, remark = looked_at(dtone, tmp_path, hours=3)

    assert (findings, remark) == ([], "the SIM shows 10980 MB")


def test_dtones_sim_that_shows_nothing_is_a_finding(dtone: Stand, tmp_path: Path) -> None:
    """The transaction is COMPLETED, and the SIM has no data at all."""
    dtone.turn("POST lookup/credit-party-benefits", sim_shows_nothing=True)

    ((finding,), _) = looked_at(dtone, tmp_path, hours=3)

    assert finding.kind == "sim"
    assert finding.reason.endswith("does not show it: the SIM shows 0 MB")


def test_an_operator_that_tells_nothing_of_its_sims_is_no_finding(dtone: Stand, tmp_path: Path) -> None:
    """Noted, for the customer who comes back and asks; a clerk cannot do anything about it."""
    dtone.turn("POST lookup/credit-party-benefits", reject=1007500)

    findings, remark = looked_at(dtone, tmp_path, hours=3)

    assert findings == []
    assert remark.startswith("what the SIM shows cannot be told (DT One refuses: the operator does not support this")
