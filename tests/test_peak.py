"""The present hour: what the ledger knows of it, what the customer is told, and how the queue slows down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from kiosk.facts import Call, Event, Outcome
from kiosk.identifiers import Purpose, new_reference, wire_reference
from kiosk.ledger import Ledger
from kiosk.ledger.pasts import DAYS, READ_MAX, pasts
from kiosk.lines import Lines
from kiosk.order import Order, State
from kiosk.peak import USUAL, Hour, Past, hour_of
from kiosk.questions import Remotes
from kiosk.simulation.shop import Shop
from kiosk.tables import Sales
from tests.ledger.test_growth import steps
from tests.orders import NOW, FixedClock, a_fact, a_ledger, a_top_up, opened

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def took(minutes: float, ago: timedelta = DAY) -> Past:
    return Past(NOW - ago, NOW - ago + minutes * MINUTE)


def failed(ago: timedelta = DAY) -> Past:
    return Past(NOW - ago, None, failed=True)


def waits(minutes: float) -> Past:
    return Past(NOW - minutes * MINUTE, None)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ([], USUAL),
        ([took(60)] * 4, USUAL),
        ([took(0.2)] * 30, USUAL),
        ([took(3)] * 5, USUAL),
        ([took(3.1)] * 5, Hour(4)),
        ([took(10)] * 5, Hour(10)),
        ([took(10.5)] * 5, Hour(15)),
        ([took(0.2)] * 8 + [took(300)] * 2, USUAL),
        ([took(0.2)] * 7 + [took(20)] * 3, Hour(20)),
        ([took(0.2)] * 4 + [failed()], USUAL),
        ([took(0.2)] * 3 + [failed()], USUAL),
        ([took(0.2)] * 3 + [failed()] * 2, Hour(0, failing=True)),
        ([failed()] * 5, Hour(0, failing=True)),
        ([took(7)] * 4 + [failed()] * 2, Hour(7, failing=True)),
        ([waits(8)] * 5, Hour(8)),
        ([waits(1)] * 5, USUAL),
    ],
)
def test_an_hour_is_bad_by_what_most_of_its_top_ups_took(known: list[Past], expected: Hour) -> None:
    """Eight of ten are quicker than what is told; few, and a single outage, say nothing; who still waits counts."""
    assert hour_of(known, NOW) == expected


def test_what_happened_just_now_says_more_than_the_days_before() -> None:
    """A fortnight of quick evenings hides no slow one, and a fortnight of slow ones does not outlive its end."""
    before, slow, quick = [took(0.2)] * 40, [took(9, 30 * MINUTE)] * 5, [took(0.2, 30 * MINUTE)] * 5

    assert hour_of([*slow, *before], NOW) == Hour(9)
    assert hour_of([*quick, *[took(9)] * 40], NOW) == USUAL


# --- the ledger --------------------------------------------------------------------------------------------------


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = a_ledger(tmp_path)
    made.database.execute("PRAGMA synchronous = OFF")
    yield made
    made.close()


def sold(ledger: Ledger, number: int, ago: timedelta, *then: Event, provider: str = "airalo") -> Order:
    """An order that was paid so long ago, and what became of it four minutes later."""
    at = NOW - ago
    name = new_reference("K07", Random(number).choice)  # noqa: S311 -- a number makes it repeat
    order = opened(ledger, reference=name, opened_at=at, expires_at=at + HOUR, since_at=at, provider=provider)
    order = ledger.record(order, a_fact(Event.PAID), at=at)
    if then:
        order = ledger.record(order, a_fact(Event.NOTED, attempt=a_top_up(1, Outcome.REFUSED)), at=at)
    for event in then:
        order = ledger.record(order, a_fact(event), at=at + 4 * MINUTE)
    return order


def test_the_ledger_knows_this_time_of_day_of_a_fortnight(ledger: Ledger) -> None:
    """An hour before and after, on each day; another provider's, another time's and an older one's are not read."""
    gone = (Event.DELIVERED, Event.CAPTURED)
    sold(ledger, 1, 5 * MINUTE, *gone)
    sold(ledger, 2, 3 * DAY + 59 * MINUTE, *gone)
    sold(ledger, 3, 3 * DAY - 59 * MINUTE, Event.REJECTED, Event.REFUNDED)
    sold(ledger, 4, 10 * MINUTE)
    for number, ago in enumerate((3 * HOUR, DAYS * DAY, 2 * DAY + 2 * HOUR), start=5):
        sold(ledger, number, ago, *gone)
    sold(ledger, 8, 5 * MINUTE, *gone, provider="dtone")

    found = {(NOW - past.paid_at): (past.delivered_at and past.delivered_at - past.paid_at, past.failed) for past in
             pasts(ledger, "airalo", NOW)}  # fmt: skip
    assert found == {
        5 * MINUTE: (4 * MINUTE, False),
        10 * MINUTE: (None, False),
        3 * DAY + 59 * MINUTE: (4 * MINUTE, False),
        3 * DAY - 59 * MINUTE: (None, True),
    }


def test_a_payment_after_the_customer_had_left_is_no_failed_top_up(ledger: Ledger) -> None:
    """It was never sent: it went back as it came."""
    order = opened(ledger, 1)
    for event in (Event.CANCELLED, Event.PAID, Event.REFUNDED):
        order = ledger.record(order, a_fact(event), at=NOW)

    assert order.of(Call.TOP_UP) == ()
    assert pasts(ledger, "airalo", NOW + MINUTE) == []


def test_the_present_hour_costs_the_same_however_large_the_ledger(ledger: Ledger) -> None:
    """Two hundred orders of other hours are not touched; of this hour's, no more are read than are enough."""
    sold(ledger, 1, 5 * MINUTE, Event.DELIVERED, Event.CAPTURED)
    alone = steps(ledger, lambda asked: pasts(asked, "airalo", NOW))
    for number in range(2, 202):
        sold(ledger, number, timedelta(days=number % 13, hours=5), Event.DELIVERED, Event.CAPTURED)
    others = steps(ledger, lambda asked: pasts(asked, "airalo", NOW))
    for number in range(202, 202 + READ_MAX + 50):
        sold(ledger, number, timedelta(days=number % 13), Event.DELIVERED, Event.CAPTURED)

    assert others <= alone + 5
    assert len(pasts(ledger, "airalo", NOW)) == READ_MAX


# --- the queue ---------------------------------------------------------------------------------------------------


def test_the_queue_slows_down_in_a_bad_hour(tmp_path: Path) -> None:
    """The provider takes twenty minutes with everything: after five slow ones, the next is asked about less often."""
    shop = Shop(tmp_path)
    shop.provider.takes = timedelta(minutes=20)

    def looks_at_one() -> int:
        name = shop.sell("cash")
        wire = wire_reference(name, Purpose.TOP_UP)
        while not shop.order(name).delivered_at:
            shop.wait(seconds=10)
        return shop.provider.asked("look_up").count(wire)

    usual = looks_at_one()
    for _ in range(5):
        shop.sell("cash")
    shop.wait(minutes=35)
    bad = looks_at_one()
    shop.close()

    assert bad <= 6 < 10 <= usual


def test_a_rail_has_no_bad_hour(ledger: Ledger) -> None:
    """Only providers deliver."""
    lines = Lines(ledger, Remotes({}, {}, Sales()), 2.0, FixedClock())  # type: ignore[arg-type]

    assert lines.pause_s("wechat", NOW) == 0


def test_an_order_that_waits_is_not_forgotten_in_a_bad_hour(tmp_path: Path) -> None:
    """Slower, and never later than the queue's longest pause."""
    shop = Shop(tmp_path)
    shop.provider.takes = timedelta(minutes=30)
    for _ in range(6):
        shop.sell("cash")
    shop.wait(hours=1)
    names = [shop.sell("cash") for _ in range(3)]
    shop.wait(minutes=50)
    states = {shop.state(name) for name in names}
    shop.close()

    assert states == {State.COMPLETED}
