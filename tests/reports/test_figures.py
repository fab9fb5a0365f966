"""The figures of days that were planted by hand, against the figures that were computed by hand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.facts import Event
from kiosk.ledger import Ledger
from kiosk.ledger.reports import FailureRow
from kiosk.ledger.verify import problems
from kiosk.money import Money
from kiosk.plans import LineKind
from kiosk.reports.figures import HourTimes, Margin, Report, Sum, hour_times, read_report
from kiosk.reports.period import Period, Span, period_of
from tests.orders import a_fact, a_ledger, usd
from tests.reports.planted import NEW_YORK, at, config, delivered, paid

SATURDAY = date(2026, 11, 28)
LATER = at("2026-12-15 12:00")


def report(ledger: Ledger, span: Span = Span.DAY, day: date = SATURDAY, now: datetime = LATER) -> Report:
    return read_report(ledger, config(), period_of(span, day, NEW_YORK), now)


def test_what_was_sold_is_counted_by_way_to_pay_plan_and_provider(planted: Ledger) -> None:
    """Seven orders of Saturday; what was paid in the first moment of Sunday is Sunday's."""
    read = report(planted)

    assert read.totals.sold == (Sum("", 7, usd(14500)),)
    assert read.by_tender == (Sum("wechat", 5, usd(8750)), Sum("cash", 2, usd(5750)))
    assert read.by_plan == (Sum("10 GB for 30 days", 6, usd(10500)), Sum("5 GB for 7 days", 1, usd(4000)))
    assert read.by_provider == (Sum("airalo", 7, usd(14500)),)
    assert read.taxes_and_fees == (Sum("", 6, usd(900)),)
    assert read.waiting == (Sum("", 2, usd(3500)),)
    assert not list(problems(planted))


def test_what_was_given_back_counts_when_it_went_back_by_its_cause(planted: Ledger) -> None:
    """Friday's order, too, which a clerk gave back on Saturday."""
    read = report(planted)

    assert read.given_back == (
        Sum("a clerk ordered it", 1, usd(1750)),
        Sum("the provider refused the top-up", 1, usd(1750)),
    )
    assert read.totals.given_back == (Sum("", 2, usd(3500)),)


def test_the_margin_is_what_was_paid_less_refunds_less_what_the_provider_billed(planted: Ledger) -> None:
    """10 + 10 + 12 were billed; what is bought in yuan is told by itself, and no rate is made up."""
    in_dollars = Margin(usd(10500), usd(3500), usd(3200))
    in_yuan = Margin(usd(4000), usd(0), Money(0, "CNY"))  # delivered on Sunday, ten seconds after midnight
    read = report(planted)

    assert read.totals.margins == (in_yuan, in_dollars)
    assert (in_dollars.margin, in_yuan.margin) == (usd(3800), None)
    assert report(planted, day=date(2026, 11, 29)).totals.margins[0].cost == Money(25000, "CNY")


def test_delivery_times_are_by_the_hour_of_payment_by_the_shops_clock(planted: Ledger) -> None:
    """Half within, and ninety-five of a hundred; an hour without top-ups is none."""
    assert report(planted).times == (
        HourTimes(9, 2, 7.0, 10.0),
        HourTimes(13, 1, 7200.0, 7200.0),
        HourTimes(23, 1, 20.0, 20.0),
    )


def test_the_slowest_five_of_a_hundred_are_left_out_of_what_the_others_took() -> None:
    """Of a hundred, the ninety-fifth counts."""
    times = [(at("2026-11-28 09:00"), float(seconds)) for seconds in range(1, 101)]

    assert hour_times(times, NEW_YORK) == (HourTimes(9, 100, 50.5, 95.0),)


def test_failures_are_counted_by_cause_whatever_numbers_stand_in_their_reasons(planted: Ledger) -> None:
    """The provider's own words are in no cause."""
    assert report(planted).failures == (
        FailureRow("review", "nobody knows whether the top-up was made", 1),
        FailureRow("top-up", "the provider refused the top-up", 1),
    )


def test_a_promotion_is_one_in_every_language_and_stands_beside_the_orders_without_it(planted: Ledger) -> None:
    """Six with it, of which four are settled: 7.50 + 7.50 + 0 + 5.50; one without, bought in yuan."""
    (effect,) = report(planted).effects

    assert (effect.name, effect.kind, effect.off) == ("Welcome discount", LineKind.DISCOUNT, usd(1200))
    assert (effect.having.orders, effect.having.average) == (6, usd(1750))
    assert (effect.having.settled, effect.having.margin, effect.having.average_margin) == (4, usd(2050), usd(513))
    assert (effect.without.orders, effect.without.average) == (1, usd(4000))
    assert (effect.without.settled, effect.without.average_margin) == (0, None)


def test_it_is_compared_with_the_period_before(planted: Ledger) -> None:
    """Friday: one order, 17.50 paid, 10.00 of cost."""
    before = report(planted).before

    assert before.sold == (Sum("", 1, usd(1750)),)
    assert before.margins == (Margin(usd(1750), usd(0), usd(1000)),)
    assert (before.given_back, before.failures) == ((), 0)


@pytest.mark.parametrize(("now", "orders"), [("2026-11-28 09:59", 0), ("2026-11-28 10:01", 1)])
def test_what_is_not_over_is_compared_up_to_the_same_moment(planted: Ledger, now: str, orders: int) -> None:
    """Friday's one order was paid at ten."""
    read = report(planted, now=at(now))

    assert read.so_far
    assert sum(each.orders for each in read.before.sold) == orders


@pytest.mark.parametrize(
    ("day", "hours", "moments"),
    [
        (date(2026, 11, 1), 25, ["2026-11-01T05:30", "2026-11-01T06:30", "2026-11-02T04:59:59"]),
        (date(2026, 3, 8), 23, ["2026-03-08T06:59:59", "2026-03-08T07:00", "2026-03-09T03:59:59"]),
    ],
)
def test_a_day_of_25_or_23_hours_has_all_its_orders(tmp_path: Path, day: date, hours: int, moments: list[str]) -> None:
    """01:30 comes twice in November, 02:00 never in March; the next day begins at its own midnight."""
    ledger = a_ledger(tmp_path)
    instants = [datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in moments]
    for number, instant in enumerate([*instants, instants[-1] + timedelta(seconds=1)], start=1):
        delivered(ledger, paid(ledger, number, instant), 1)
    read = report(ledger, day=day)
    ledger.close()

    assert read.period.hours == hours
    assert read.totals.sold == (Sum("", 3, usd(3 * 1750)),)
    assert [(each.hour, each.top_ups) for each in read.times] == (
        [(1, 2), (23, 1)] if hours == 25 else [(1, 1), (3, 1), (23, 1)]
    )


def test_days_add_up_to_the_week_and_weeks_to_the_year(tmp_path: Path) -> None:
    """Orders every eleven hours over the change of the clocks: none is lost or counted twice at any midnight."""
    ledger = a_ledger(tmp_path)
    ledger.database.execute("PRAGMA synchronous = OFF")
    for number in range(1, 31):
        paid(ledger, number, at("2026-10-25 00:00") + timedelta(hours=11 * (number - 1)))
    counted: Counter[Span] = Counter()
    for span in Span:
        period = period_of(span, date(2026, 10, 25), NEW_YORK)
        while period.since < at("2026-11-09 00:00"):
            counted[span] += sum(each.orders for each in report(ledger, span, period.first).totals.sold)
            period = period.after
    ledger.close()

    assert counted == dict.fromkeys(Span, 30)


@pytest.mark.parametrize(
    ("span", "day", "title"),
    [
        (Span.DAY, SATURDAY, "Saturday 28 November 2026"),
        (Span.DAY, date(2026, 11, 1), "Sunday 1 November 2026 (25 hours: the clocks changed)"),
        (Span.WEEK, SATURDAY, "Week of 23 to 29 November 2026"),
        (Span.WEEK, date(2027, 1, 1), "Week of 28 December 2026 to 3 January 2027"),
        (Span.MONTH, SATURDAY, "November 2026"),
    ],
)
def test_a_period_has_a_name(span: Span, day: date, title: str) -> None:
    """With the year, and with both months where it has two."""
    assert period_of(span, day, NEW_YORK).title == title


def test_back_and_forth_leads_to_the_same_period() -> None:
    """From every one of them, over the ends of months and years."""
    for span in Span:
        period: Period = period_of(span, date(2026, 1, 31), NEW_YORK)
        assert period.before.after == period == period.after.before
        assert period.before.until == period.since


def test_a_days_report_reads_no_order_of_another_day(tmp_path: Path) -> None:
    """A hundred settled orders of the week before, some refused and given back: not a step of SQLite's for them."""
    ledger = a_ledger(tmp_path)
    ledger.database.execute("PRAGMA synchronous = OFF")
    delivered(ledger, paid(ledger, 1, at("2026-11-28 10:00")), 4)
    alone = steps(ledger)
    for number in range(2, 102):
        order = paid(ledger, number, at("2026-11-20 10:00") + timedelta(minutes=number))
        if number % 5:
            delivered(ledger, order, 4, billed=usd(1100))
        else:
            rejected = ledger.record(order, a_fact(Event.REJECTED), at=at("2026-11-21 10:00"))
            ledger.record(rejected, a_fact(Event.REFUNDED), at=at("2026-11-21 11:00"))
    among_many = steps(ledger)
    ledger.close()

    assert among_many <= alone * 1.02


def steps(ledger: Ledger) -> int:
    """How many steps SQLite's machine takes for the report of a day."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    report(ledger)  # the first time, SQLite reads its schema
    connection = ledger.database.connection
    connection.set_progress_handler(count, 1)
    report(ledger)
    connection.set_progress_handler(None, 1)
    return taken
