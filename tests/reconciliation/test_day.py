"""What is different goes before a clerk, once; and a late fact that the remote confirms moves the order itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kiosk.abilities import BillEntry, Listed, Moved
from kiosk.errors import NotNow, Unreachable
from kiosk.identifiers import Purpose, Reference, new_reference, wire_reference
from kiosk.ledger.desk import decide_finding, open_findings
from kiosk.ledger.verify import problems
from kiosk.money import Money
from kiosk.order import State
from kiosk.reconciliation.day import Books, Report
from kiosk.reconciliation.differences import Kind
from kiosk.simulation.rails import FakeWallet
from kiosk.simulation.remotes import PRICE, FakeProvider
from kiosk.simulation.shop import Shop

DAY = date(2026, 8, 1)
NOBODY = new_reference("T07", lambda _: "7")
UTC = ZoneInfo("UTC")


@dataclass
class BilledWallet(FakeWallet):
    """A wallet with a bill that a test writes."""

    bill_zone: ZoneInfo = UTC
    bill_account: str = "wallet"
    fetched: int = 0
    entries: list[BillEntry] = field(default_factory=list)
    silence: Exception | None = None

    def bill(self, day: date) -> tuple[BillEntry, ...]:
        self.fetched += 1
        if self.silence:
            raise self.silence
        return tuple(entry for entry in self.entries if entry.at.date() == day)

    def moved(self, name: Reference, at: datetime, moved: Moved = Moved.IN, amount: Money = PRICE) -> None:
        purpose = Purpose.PAYMENT if moved is Moved.IN else Purpose.REFUND
        self.entries.append(BillEntry(moved, wire_reference(name, purpose), "W1", amount, at))


class ListingProvider(FakeProvider):
    """A provider that lists what it carried out."""

    def listed(self, prefix: str, since: datetime, until: datetime) -> tuple[Listed, ...]:
        return tuple(
            Listed(reference, f"A{number}", "completed", at, stands=reference not in self.failed)
            for number, (reference, at) in enumerate(self.executed)
            if reference.startswith(prefix) and since <= at < until
        )


class Till:
    """A shop with books that can be reconciled."""

    def __init__(self, folder: Path) -> None:
        self.shop = Shop(folder)
        self.shop.wallet = self.wallet = BilledWallet(self.shop.clock)
        self.shop.provider = self.provider = ListingProvider(self.shop.clock)
        self.shop.providers["airtime"] = self.provider
        self.shop.tenders = {"wallet": self.wallet, "cash": self.shop.tenders["cash"]}
        self.shop.restart()
        self.books = Books(self.shop.ledger, self.shop.queue.remotes, self.shop.clock, "T07", UTC, "USD")

    def sold(self, *, billed: bool = True) -> Reference:
        name = self.shop.sell("wallet")
        self.shop.wait(minutes=1)
        assert self.shop.state(name) is State.COMPLETED
        if billed:
            self.wallet.moved(name, self.shop.clock.now())
        return name

    def reconcile(self) -> Report:
        return self.books.reconcile(DAY)

    def findings(self) -> list[Any]:
        return [finding for finding in open_findings(self.shop.ledger) if finding.kind == "reconciliation"]


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    made = Till(tmp_path)
    yield made
    assert list(problems(made.shop.ledger)) == []
    made.shop.close()


def test_a_day_in_order_says_so_with_totals_that_agree(till: Till) -> None:
    """Three sales: nothing for the clerk, and the same sum three ways."""
    for _ in range(3):
        till.sold()

    report = till.reconcile()

    assert (report.differences, report.unanswered, report.top_ups) == ([], [], {"airtime": 3})
    assert report.totals[0].theirs_in == report.totals[0].ours_in == PRICE + PRICE + PRICE
    assert till.findings() == []


def test_a_difference_is_a_finding_with_a_deadline_and_only_once(till: Till) -> None:
    """Run again the next day, or after the clerk has dealt with it, it is told and not filed again."""
    name = till.sold(billed=False)

    assert [difference.kind for difference in till.reconcile().differences] == [Kind.ORDER_WITHOUT_MONEY]
    (finding,) = till.findings()
    assert (finding.order, finding.deadline_at > finding.opened_at) == (name, True)
    assert "until then the money is missing" in finding.reason
    till.reconcile()
    assert till.findings() == [finding]

    decide_finding(till.shop.ledger, finding.name, by="clerk:mei", decision="the rail sent it", at=finding.opened_at)
    assert len(till.reconcile().differences) == 1
    assert till.findings() == []


def test_a_kiosk_whose_clock_is_ahead_finds_its_first_payment_in_the_day_before(till: Till) -> None:
    """Opened 25 seconds after midnight by our clock, and paid 8 seconds before it by the rail's."""
    midnight = datetime(2026, 8, 2, tzinfo=UTC)
    till.shop.clock.go_on(seconds=(midnight - till.shop.clock.now()).total_seconds() + 25)
    name = till.sold(billed=False)
    till.wallet.moved(name, midnight - timedelta(seconds=8))

    for day in (DAY, midnight.date()):
        report = till.books.reconcile(day)
        assert (report.differences, report.unanswered) == ([], [])
    assert till.findings() == []


def test_a_payment_that_nobody_heard_of_moves_its_order_to_review(till: Till) -> None:
    """The kiosk had proof of unpaid, and the bill has it: the rail is asked, and says so too."""
    name = till.shop.open("wallet")
    till.shop.wait(minutes=14)
    assert till.shop.state(name) is State.ABANDONED
    till.wallet.pay(name, whatever_the_rail_said=True)
    till.wallet.moved(name, till.shop.clock.now())

    assert [difference.kind for difference in till.reconcile().differences] == [Kind.PAYMENT_NOT_RECORDED]

    order = till.shop.order(name)
    assert (order.state, order.paid, till.findings()) == (State.REVIEW, PRICE, [])
    assert order.deadline_at


def test_a_top_up_that_was_taken_back_moves_its_order_to_review(till: Till) -> None:
    """The provider's list has lost it, and its own record says why."""
    name = till.sold()
    till.provider.failed.add(wire_reference(name, Purpose.TOP_UP))

    assert [difference.kind for difference in till.reconcile().differences] == [Kind.TOP_UP_MISSING]

    assert till.shop.state(name) is State.REVIEW
    assert "taken back" in till.shop.order(name).reason


def test_what_the_remote_does_not_confirm_is_a_finding_and_moves_nothing(till: Till) -> None:
    """A bill alone is no proof."""
    name = till.shop.open("wallet")
    till.shop.wait(minutes=14)
    till.wallet.moved(name, till.shop.clock.now())

    till.reconcile()

    assert till.shop.state(name) is State.ABANDONED
    assert [finding.order for finding in till.findings()] == [name]


@pytest.mark.parametrize("silence", [NotNow("the bill is ready after 10:00 in Beijing"), Unreachable("x", sent=False)])
def test_books_that_cannot_be_had_are_told_and_prove_nothing(till: Till, silence: Exception) -> None:
    """No bill is no difference."""
    till.sold()
    till.wallet.silence = silence

    report = till.reconcile()

    assert (report.differences, report.totals) == ([], [])
    assert f"There is no bill of wallet for {DAY}: {silence}" in report.unanswered


def test_a_tender_without_a_bill_is_named(tmp_path: Path) -> None:
    """Whoever closes the day knows what is left to compare by hand; cash has no rail."""
    shop = Shop(tmp_path)

    report = Books(shop.ledger, shop.queue.remotes, shop.clock, "T07", UTC, "USD").reconcile(DAY)

    named = {sentence.split()[0] for sentence in report.unanswered}
    assert named == {"airtime", *shop.tenders} - {"cash"}
    shop.close()


def test_two_ways_to_pay_into_one_account_have_one_bill(till: Till) -> None:
    """A code that is shown and one that is scanned: asked for once, and no entry is counted twice."""
    till.shop.tenders = {"wallet": till.wallet, "wallet_scan": till.wallet}
    till.shop.restart()
    till.books = Books(till.shop.ledger, till.shop.queue.remotes, till.shop.clock, "T07", UTC, "USD")
    till.sold()
    stranger = replace(till.wallet.entries[0], reference=wire_reference(NOBODY, Purpose.PAYMENT), number="W2")
    till.wallet.entries.append(stranger)

    report = till.reconcile()

    assert [difference.kind for difference in report.differences] == [Kind.MONEY_WITHOUT_ORDER]
    assert [(totals.remote, totals.entries) for totals in report.totals] == [("wallet, wallet_scan", 2)]
    assert till.wallet.fetched == 1
