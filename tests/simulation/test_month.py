"""A month of trade, in short: closings against the books outside, and bugs in the closing that such a month finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kiosk.ledger import closing, shifts
from kiosk.ledger.store import Ledger
from kiosk.ledger.tally import Tally
from kiosk.simulation.month import Lived, Month
from kiosk.simulation.planting import KINDS
from tests.simulation.mutations import Mutation

FORWARD, BACK = date(2026, 3, 7), date(2026, 10, 31)
"""The second nights are those in which the clocks of New York change."""


def live_through(folder: Path, first: date, days: int, orders: int, *, each: int = 0, share: float = 0.0) -> Lived:
    return Month(folder, 1, first, days, orders, dict.fromkeys(KINDS, each), share=share).run()


@pytest.mark.prove
@pytest.mark.parametrize("first", [FORWARD, BACK])
def test_days_around_a_change_of_the_clocks_close_with_what_the_books_outside_say(first: date, tmp_path: Path) -> None:
    """Every way to pay, shifts across midnight, faults; every planted difference is found, and nothing else."""
    lived = live_through(tmp_path, first, 3, 100, each=1, share=0.16)

    assert lived.wrong == []
    assert lived.verdict.missed == lived.verdict.more == []
    assert sum(lived.planted.values()) >= 10
    assert lived.closings == 3 * 3
    assert lived.crossed > 0


def no_refund(original: Callable[..., Any]) -> Callable[..., Any]:
    """What a rail gives back is forgotten; the till is right all the same."""

    def give_back(self: Tally, sold: Any, way: str, *rest: Any) -> None:
        if way == "cash":
            original(self, sold, way, *rest)

    return give_back


def by_date(original: Callable[..., Any]) -> Callable[..., Any]:
    """A closing covers the day that it is made on, or so somebody thought."""

    def tally_of(ledger: Ledger, after: int, upto: int, named: Any = str, into: Tally | None = None) -> Tally:
        first = after
        if into is None and upto:
            last = ledger.database.rows("SELECT at FROM events WHERE seq = ?", (upto,))[0]["at"]
            today = "SELECT min(seq) - 1 AS before FROM events WHERE at >= substr(?, 1, 10)"
            first = ledger.database.rows(today, (last,))[0]["before"]
        tally: Tally = original(ledger, first, upto, named, into)
        return tally

    return tally_of


def no_tax_given_back(original: Callable[..., Any]) -> Callable[..., Any]:
    """Whoever gives a sale back gives its tax back, too; somebody had not thought of that."""

    def charge(self: Tally, table: Any, *rest: Any) -> None:
        if table is not self.charges_given_back:
            original(self, table, *rest)

    return charge


BUGS = {
    "refunds are left out": Mutation(1, ((Tally, "_give_back", no_refund),)),
    "counted by date": Mutation(1, ((closing, "tally_of", by_date), (shifts, "tally_of", by_date))),
    "taxes are kept": Mutation(1, ((Tally, "_charge", no_tax_given_back),)),
}


@pytest.mark.prove
@pytest.mark.parametrize("name", BUGS)
def test_a_closing_that_adds_up_wrong_is_found(name: str, tmp_path: Path) -> None:
    """The month is not blind: it says which closing is wrong, where, and what the books outside say."""
    with BUGS[name].planted():
        lived = live_through(tmp_path, FORWARD, 2, 80)

    assert any(sentence.startswith("Z ") for sentence in lived.wrong)


@pytest.mark.prove
def test_the_same_month_without_a_bug_is_right(tmp_path: Path) -> None:
    """So what the planted bugs lead to is theirs."""
    lived = live_through(tmp_path, FORWARD, 2, 80)

    assert lived.wrong == []
    assert lived.ended["REFUNDED"] > 0
