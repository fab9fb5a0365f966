"""Shift and closing without a screen: a blind count, papers that say all, whatever hour and zone it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk import closing
from kiosk.closing_paper import x_paper, z_paper
from kiosk.errors import BadMoney, DeviceError, Illegal
from kiosk.identifiers import grouped_reference
from kiosk.ledger import shifts
from kiosk.ledger.desk import open_finding
from kiosk.ledger.jobs import JobStatus, jobs_of
from kiosk.ledger.shifts import Shift, Way, closed_shift, closing_of
from kiosk.ledger.verify import problems
from kiosk.plain import plain
from kiosk.printing import papers_to_see_to
from kiosk.receipt import Title
from tests.orders import usd
from tests.screens.counter.desk import in_review
from tests.screens.room import Room

MEI = "clerk:mei"
CHARGES = [
    {"kind": "tax", "name": {"en": "Sales tax", "zh": "销售税"}, "percent": 10},
    {"kind": "fee", "name": {"en": "Service fee"}, "amount": "0.50"},
]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.close()


def close(shop: Room, counted: int, reason: str = "miscounted") -> Shift:
    return closing.close(shop, closing.count(shop, usd(counted), MEI), reason, MEI)


def paper(shop: Room, shift: Shift) -> str:
    return plain(z_paper(shop, shift), 42)


@pytest.mark.parametrize(
    ("typed", "minor", "pieces"),
    [
        ("123.45", 12345, ""),
        ("123,45", 12345, ""),
        ("0", 0, ""),
        ("5x20 3x10 1.25", 13125, "5 x 20.00, 3 x 10.00, 1.25"),
        ("5 x 20.00 + 12×0.25", 10300, "5 x 20.00, 12 x 0.25"),
        ("4x0,25", 100, "4 x 0.25"),
        ("100 + 20,50", 12050, "100.00, 20.50"),
        ("2*50, 0.10", 10010, "2 x 50.00, 0.10"),
    ],
)
def test_a_count_is_a_total_or_pieces(typed: str, minor: int, pieces: str) -> None:
    """As a clerk writes it, who counts notes into heaps."""
    assert closing.read_count(typed, "USD") == (usd(minor), pieces)


@pytest.mark.parametrize(
    "typed", ["", "many", "-5", "5x", "x20", "1.234", "1 234", "1,234.50", "1.5x20", "5x-1", "5x20 and some", "5x0.001"]
)
def test_what_is_no_count_is_told(typed: str) -> None:
    """Nothing is guessed about money."""
    with pytest.raises(BadMoney):
        closing.read_count(typed, "USD")


def test_a_closing_on_paper_says_how_the_till_stood_and_what_goes_on(shop: Room) -> None:
    """Change money, cash, difference with its reason; taken by tender and plan; what is open, by name; the head."""
    closing.open_till(shop, usd(10000), MEI)
    shop.sell()
    shop.pay_cash()
    reviewed = in_review(shop)
    open_finding(shop.ledger, "float_low", "low", at=shop.time.now(), deadline_at=shop.review_by())
    closing.move(shop, Way.OUT, usd(500), "stamps, call +1 305 555 0142", MEI)
    shift = close(shop, 11750)

    text = paper(shop, shift)
    _, head = closing_of(shop.ledger, shift)
    for words in (
        f"Events{f'1 to {shift.closed_seq}':>36}",
        "Change money                       $100.00",
        "Cash taken                          $23.50",
        "Cash out                            -$5.00",
        "Must be in the till                $118.50",
        "Counted                            $117.50",
        "Short                                $1.00",
        "Reason: miscounted",
        "1 x Cash                            $23.50",
        "1 x to be delivered                 $23.50",
        "1 x in review                       $23.50",
        grouped_reference(reviewed.reference),
        "F1 float_low",
        head[: head.index(":") + 21],
    ):
        assert words in text
    assert "305 555" not in text
    assert list(problems(shop.ledger, head)) == []


def test_a_reading_tells_no_clerk_what_must_be_in_the_till(shop: Room) -> None:
    """Nor anything that it can be worked out from; a supervisor's does."""
    closing.open_till(shop, usd(10000), MEI)
    shop.sell()
    shop.pay_cash()
    in_review(shop)
    till = closing.till_now(shop)
    for_clerks = plain(x_paper(shop, till, MEI, with_expected=False), 42)
    for_supervisors = plain(x_paper(shop, till, MEI, with_expected=True), 42)

    assert "1 x WeChat Pay                      $23.50" in for_clerks
    assert "Cash taken" not in for_clerks
    assert "$123.50" not in for_clerks
    assert "$47.00" not in for_clerks
    assert "Must be in the till                $123.50" in for_supervisors
    assert "this closes nothing" in for_clerks
    assert shifts.last_closed(shop.ledger) is None


def test_a_count_goes_on_record_before_what_must_be_there_is_told(shop: Room) -> None:
    """Whoever counts again to make it fit leaves the first count on the paper."""
    closing.open_till(shop, usd(10000), MEI)
    first = closing.count(shop, usd(9000), MEI, pieces="4x20, 10")
    second = closing.count(shop, first.till.expected, MEI)
    text = paper(shop, closing.close(shop, second, "", MEI))

    assert text.index("$90.00") < text.index("Must be in the till")
    assert "Exact" in text


def test_a_closing_needs_no_printer_and_is_printed_days_later(shop: Room) -> None:
    """The first paper that comes out is no copy; the second says COPY, and all the rest is the same."""
    shop.paper.error = DeviceError("no paper", sent=False)
    shift = close(shop, 0)
    assert shift.z == 1
    assert closing.print_z(shop, 1).status is JobStatus.FAILED
    assert [job.z for job in papers_to_see_to(shop.ledger, shop.config, shop.time)] == [1]

    shop.paper.error = None
    shop.time.at += timedelta(days=3)
    assert closing.print_z(shop, 1).status is JobStatus.PRINTED
    assert closing.print_z(shop, 1).status is JobStatus.PRINTED
    first, second = shop.paper.papers
    assert second.blocks[0] == Title("COPY")
    assert second.blocks[1:] == first.blocks
    assert [job.copy for job in jobs_of(shop.ledger, 1)] == [0, 1, 2]
    assert not papers_to_see_to(shop.ledger, shop.config, shop.time)


def test_a_closing_that_is_not_there_is_told(shop: Room) -> None:
    """And which there are."""
    with pytest.raises(Illegal, match="no closing Z 7"):
        closing.print_z(shop, 7)


@pytest.mark.parametrize(
    ("before", "zones"),
    [
        (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), ("1 Nov 2026, 01:30 EDT", "1 Nov 2026, 01:30 EST")),
        (datetime(2026, 3, 8, 6, 30, tzinfo=UTC), ("8 Mar 2026, 01:30 EST", "8 Mar 2026, 03:30 EDT")),
        (datetime(2026, 8, 2, 3, 30, tzinfo=UTC), ("1 Aug 2026, 23:30 EDT", "2 Aug 2026, 00:30 EDT")),
    ],
    ids=["clocks back", "clocks on", "midnight"],
)
def test_an_hour_that_comes_twice_or_never_loses_no_payment(
    shop: Room, before: datetime, zones: tuple[str, str]
) -> None:
    """New York's clocks: one closing before, one sale and one closing in the hour after. The paper names the zone."""
    shop.time.at = before
    shop.sell()
    shop.pay_cash()
    first = close(shop, 2350)
    shop.time.at = before + timedelta(hours=1)
    shop.sell()
    shop.pay_cash()
    second = close(shop, 2350)

    assert zones[0] in paper(shop, first)
    assert f"From{zones[0]:>38}" in paper(shop, second)
    assert f"Until{zones[1]:>37}" in paper(shop, second)
    for shift in (first, second):
        assert closing_of(shop.ledger, shift)[0].totals.cash("USD") == usd(2350)


def test_a_tax_of_whatever_customer_has_one_name_here(tmp_path: Path) -> None:
    """The owner's English one."""
    shop = Room(tmp_path, charges=CHARGES)
    names = closing.named(shop.config)
    shop.close()

    assert [names("销售税"), names("Sales tax"), names("another")] == ["Sales tax", "Sales tax", "another"]


def test_the_same_shift_is_not_opened_twice(shop: Room) -> None:
    """Who opened it, and since when, is told."""
    closing.open_till(shop, usd(10000), MEI)

    with pytest.raises(Illegal, match=r"S1 is open already, since .* by clerk:mei"):
        closing.open_till(shop, usd(5000), MEI)
    assert closed_shift(shop.ledger, close(shop, 10000, "").z or 0).till_float == usd(10000)
