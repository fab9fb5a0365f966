"""Reconciles one day: asks the rails for their bills and the providers for their lists, and keeps what is different.

It only reads outside. A late fact that a remote confirms moves a settled order to REVIEW, every other difference
becomes a finding, once; it must never move money, nor touch an order that the queue is still working on.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kiosk.abilities import BillEntry, HasBill, Lists
from kiosk.errors import NoAnswer, UnknownOrder
from kiosk.identifiers import Reference
from kiosk.ledger import Ledger
from kiosk.ledger.desk import open_finding
from kiosk.ledger.movements import RECONCILIATION, delivered, returned, taken, told_of
from kiosk.money import Money
from kiosk.order import Order
from kiosk.ports import Acts, Clock, Provider
from kiosk.questions import Remotes, answer_to
from kiosk.reconciliation.differences import MARGIN, Day, Difference
from kiosk.reconciliation.money import Ours, Totals, by_order, compare_rail
from kiosk.reconciliation.top_ups import compare_provider
from kiosk.watch import found

log = logging.getLogger(__name__)

BACK_MAX = 31
"""Bills of so many days before are asked for at most: an order is paid within minutes, unless a line was down."""
Bills = dict[date, Sequence[BillEntry]]
AROUND = timedelta(days=1)
"""A provider's list is asked for so much more on each side: it may name its days by another zone."""


@dataclass(slots=True)
class Report:
    """What a day's reconciliation found. `unanswered` says in sentences which books could not be compared."""

    day: date
    differences: list[Difference] = field(default_factory=list)
    totals: list[Totals] = field(default_factory=list)
    top_ups: dict[str, int] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Books:
    """The ledger and the remotes of one kiosk, as reconciliation needs them."""

    ledger: Ledger
    remotes: Remotes
    clock: Clock
    kiosk: str
    zone: ZoneInfo
    currency: str

    def reconcile(self, day: date) -> Report:
        """Compare everything of that day, and keep what is different. Raises LedgerError."""
        report = Report(day)
        for names in self._by_account(report).values():
            self._rail(names, report)
        for name, provider in self.remotes.providers.items():
            self._provider(name, provider, report)
        for difference in report.differences:
            self._keep(difference)
        return report

    # --- asking --------------------------------------------------------------------------------------------------

    def _by_account(self, report: Report) -> Mapping[str, Sequence[str]]:
        """The tenders that have a bill, by the account that it is of."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for name, tender in self.remotes.tenders.items():
            if isinstance(tender, HasBill):
                found[tender.bill_account].append(name)
            elif tender.acts is not Acts.CLERK:
                report.unanswered.append(f"{name} has no bill that the kiosk can read: compare its own pages by hand.")
        return found

    def _rail(self, names: Sequence[str], report: Report) -> None:
        tender, name = self.remotes.tenders[names[0]], ", ".join(names)
        assert isinstance(tender, HasBill)
        day = Day(report.day, tender.bill_zone)
        ours = Ours(
            [order for each in names for order in taken(self.ledger, each, *day.ours)],
            [order for each in names for order in returned(self.ledger, each, *day.ours)],
        )
        try:
            bills = self._bills(tender, day, ours)
        except NoAnswer as error:
            report.unanswered.append(f"There is no bill of {name} for {day.on}: {error}")
            return
        zero = Money(0, self.currency)
        differences, totals = compare_rail(name, day, bills, ours, self._order, self.kiosk, zero)
        report.differences += differences
        report.totals.append(totals)

    def _bills(self, tender: HasBill, day: Day, ours: Ours) -> Bills:
        """The day's bill, and those before it in which its orders may stand: from when the first was opened.

        The rail's clock may have been behind ours then: what was opened just after midnight, and is in none of these,
        is looked for in one more.
        """
        bills: Bills = {day.on: tender.bill(day.on)}
        known = [self._order(reference) for reference in by_order(bills[day.on], self.kiosk)]
        orders = [order for order in (*known, *ours.taken, *ours.returned) if order]
        _read_back(bills, tender, day, [order.opened_at for order in orders])
        found = by_order((entry for bill in bills.values() for entry in bill), self.kiosk)
        missing = [order for order in ours.taken if order.reference not in found]
        _read_back(bills, tender, day, [order.opened_at - MARGIN for order in missing])
        return bills

    def _provider(self, name: str, provider: Provider, report: Report) -> None:
        if not isinstance(provider, Lists):
            report.unanswered.append(f"{name} cannot list what it has of us: compare its own pages by hand.")
            return
        day = Day(report.day, self.zone)
        ours = delivered(self.ledger, name, *day.ours)
        since = max(min((order.opened_at for order in ours), default=day.start), day.start - timedelta(days=BACK_MAX))
        try:
            listed = provider.listed(self.kiosk, min(since, day.start) - AROUND, day.end + AROUND)
        except NoAnswer as error:
            report.unanswered.append(f"There is no list of {name} for {day.on}: {error}")
            return
        report.differences += compare_provider(name, day, listed, ours, self._order, self.kiosk)
        report.top_ups[name] = len(ours)

    def _order(self, reference: Reference) -> Order | None:
        try:
            return self.ledger.order(reference)
        except UnknownOrder:
            return None

    # --- keeping -------------------------------------------------------------------------------------------------

    def _keep(self, difference: Difference) -> None:
        """Before a clerk: by the order itself where its remote confirms a late fact, else by a finding."""
        order, now = difference.order, self.clock.now()
        if order and order.settled and difference.question:
            answer = answer_to(order, difference.question, now, self.remotes)
            if facts := found(order, difference.question, answer, now, self.remotes):
                self.ledger.record(order, *facts, at=now)
                return
        reason = f"{difference.says}: {difference.act}"
        if not told_of(self.ledger, reason):
            log.warning("reconciliation: %s", reason)
            deadline_at = now + timedelta(hours=self.remotes.sales.review_within_h)
            about = order.reference if order else None
            open_finding(self.ledger, RECONCILIATION, reason, at=now, deadline_at=deadline_at, order=about)


def _read_back(bills: Bills, tender: HasBill, day: Day, moments: Iterable[datetime]) -> None:
    """Ask for the bills of the days from the first of these moments on that are not there yet."""
    first = min((day.of(moment) for moment in moments), default=day.on)
    before = day.on - timedelta(days=1)
    while before >= max(first, day.on - timedelta(days=BACK_MAX)):
        if before not in bills:
            bills[before] = tender.bill(before)
        before -= timedelta(days=1)
