"""Every kind of difference is found on one day, and nothing else ever is."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from kiosk.abilities import BillEntry, Listed, Moved
from kiosk.identifiers import CROCKFORD, Purpose, new_reference, wire_reference
from kiosk.money import Money
from kiosk.order import Order, State
from kiosk.reconciliation.differences import ACTS, Kind
from tests.reconciliation.year import SHANGHAI, Year

NOBODY = new_reference("K07", lambda _: "7")
OTHER_KIOSK = new_reference("K08", lambda _: "7")


def completed(year: Year, dice: random.Random) -> Order:
    return dice.choice([order for order in year.orders.values() if order.state is State.COMPLETED])


def refunded(year: Year, dice: random.Random) -> Order:
    return dice.choice([o for o in year.orders.values() if o.state is State.REFUNDED and not o.captures_later])


def entry_of(year: Year, order: Order, moved: Moved = Moved.IN) -> BillEntry:
    return next(e for e in year.bill if e.moved is moved and e.reference.startswith(order.reference))


def money_without_order(year: Year, dice: random.Random) -> None:
    year.bill.append(replace(dice.choice(year.bill), moved=Moved.IN, reference=NOBODY + "P1"))


def refund_without_order(year: Year, dice: random.Random) -> None:
    year.bill.append(replace(dice.choice(year.bill), moved=Moved.BACK, reference=NOBODY + "R1"))


def order_without_money(year: Year, dice: random.Random) -> None:
    year.bill.remove(entry_of(year, completed(year, dice)))


def payment_not_recorded(year: Year, dice: random.Random) -> None:
    order = completed(year, dice)
    year.listed = [one for one in year.listed if not one.reference.startswith(order.reference)]
    unpaid = structs.replace(order, state=State.ABANDONED, paid=None, paid_at=None, captured_at=None, delivered_at=None)
    year.orders[order.reference] = unpaid


def paid_twice(year: Year, dice: random.Random) -> None:
    entry = entry_of(year, completed(year, dice))
    year.bill.append(replace(entry, number="another"))


def another_amount(year: Year, dice: random.Random) -> None:
    entry = entry_of(year, completed(year, dice))
    year.bill[year.bill.index(entry)] = replace(entry, amount=entry.amount + Money(1, "USD"))


def another_currency(year: Year, dice: random.Random) -> None:
    entry = entry_of(year, completed(year, dice))
    year.bill[year.bill.index(entry)] = replace(entry, amount=Money(entry.amount.amount_minor, "CNY"))


def refund_of_another_amount(year: Year, dice: random.Random) -> None:
    entry = entry_of(year, refunded(year, dice), Moved.BACK)
    year.bill[year.bill.index(entry)] = replace(entry, amount=entry.amount - Money(1, "USD"))


def refund_missing(year: Year, dice: random.Random) -> None:
    year.bill.remove(entry_of(year, refunded(year, dice), Moved.BACK))


def refund_not_recorded(year: Year, dice: random.Random) -> None:
    order = completed(year, dice)
    entry = entry_of(year, order)
    wire = wire_reference(order.reference, Purpose.REFUND)
    year.bill.append(replace(entry, moved=Moved.BACK, reference=wire, number="back"))


def refunded_twice(year: Year, dice: random.Random) -> None:
    entry = entry_of(year, refunded(year, dice), Moved.BACK)
    year.bill.append(replace(entry, number="again"))


def top_up_missing(year: Year, dice: random.Random) -> None:
    order = completed(year, dice)
    year.listed = [one for one in year.listed if not one.reference.startswith(order.reference)]


def top_up_that_failed_after_all(year: Year, dice: random.Random) -> None:
    order = completed(year, dice)
    year.listed = [replace(one, stands=not one.reference.startswith(order.reference)) for one in year.listed]


def top_up_twice(year: Year, dice: random.Random) -> None:
    year.listed.append(replace(dice.choice(year.listed), number="another"))


def top_up_without_order(year: Year, dice: random.Random) -> None:
    year.listed.append(replace(dice.choice(year.listed), reference=NOBODY + "T1"))


def top_up_not_recorded(year: Year, dice: random.Random) -> None:
    order = refunded(year, dice)
    wire = wire_reference(order.reference, Purpose.TOP_UP)
    year.listed.append(Listed(wire, "late", "completed", order.opened_at + timedelta(minutes=3)))


PLANTED: dict[Callable[[Year, random.Random], None], Kind] = {
    money_without_order: Kind.MONEY_WITHOUT_ORDER,
    payment_not_recorded: Kind.PAYMENT_NOT_RECORDED,
    order_without_money: Kind.ORDER_WITHOUT_MONEY,
    paid_twice: Kind.PAID_TWICE,
    another_amount: Kind.AMOUNT,
    another_currency: Kind.AMOUNT,
    refund_of_another_amount: Kind.AMOUNT,
    refund_without_order: Kind.REFUND_WITHOUT_ORDER,
    refund_not_recorded: Kind.REFUND_NOT_RECORDED,
    refund_missing: Kind.REFUND_MISSING,
    refunded_twice: Kind.REFUND_TWICE,
    top_up_without_order: Kind.TOP_UP_WITHOUT_ORDER,
    top_up_not_recorded: Kind.TOP_UP_NOT_RECORDED,
    top_up_missing: Kind.TOP_UP_MISSING,
    top_up_that_failed_after_all: Kind.TOP_UP_MISSING,
    top_up_twice: Kind.TOP_UP_TWICE,
}


ZONES = {"china": SHANGHAI, "utc": ZoneInfo("UTC")}
"""WeChat Pay's, Alipay's and Antom's days; Stripe's. The provider's are the shop's own, in Miami."""
MORE = [(zone, seed) for zone in ZONES for seed in range(2, 7)]


@pytest.mark.parametrize("zone", [SHANGHAI, pytest.param(ZONES["utc"], marks=pytest.mark.prove)], ids=str)
def test_a_thousand_days_without_a_difference_agree_to_the_cent(zone: ZoneInfo) -> None:
    """Across midnights of two zones and the change of the clocks, with payments that are learned of days later."""
    year = Year(days=1000, seed=1, zone=zone)

    moved = 0
    for on, differences, totals in year.reconciled():
        assert differences == [], on
        assert totals.agree, on
        moved += totals.entries

    assert moved == len(year.bill) > 3000


@pytest.mark.parametrize(
    ("zone", "seed"), [("china", 0), ("utc", 1), *(pytest.param(z, s, marks=pytest.mark.prove) for z, s in MORE)]
)
@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_difference_is_found_and_nothing_else(
    plant: Callable[[Year, random.Random], None], zone: str, seed: int
) -> None:
    """Once, on the day of its books, by its own name, with what to do about it."""
    year = Year(days=60, seed=seed, zone=ZONES[zone])
    plant(year, random.Random(seed))  # noqa: S311 - a seed makes it repeat

    found = [difference for _, differences, _ in year.reconciled() for difference in differences]

    assert [difference.kind for difference in found] == [PLANTED[plant]]
    assert found[0].act == ACTS[PLANTED[plant]]


def test_every_kind_is_planted() -> None:
    """Nothing that can be told goes untried."""
    assert set(PLANTED.values()) == set(Kind)


def test_other_kiosks_and_other_business_are_nobodys_difference() -> None:
    """A merchant's bill holds the whole fleet, and the shop's other sales."""
    year = Year(days=20, seed=3)
    entry, one = year.bill[0], year.listed[0]
    for name in (OTHER_KIOSK + "P1", "INVOICE-2026-17", "", "K07"):
        year.bill.append(replace(entry, reference=name, number=name))
        year.listed.append(replace(one, reference=name, number=name))

    assert [difference for _, differences, _ in year.reconciled() for difference in differences] == []


@pytest.mark.parametrize(
    ("state", "moved"),
    [
        (State.AUTHORIZING, Moved.IN),
        (State.CANCELLING, Moved.IN),
        (State.REFUNDING, Moved.BACK),
    ],
)
def test_what_the_queue_is_still_working_on_is_no_difference(state: State, moved: Moved) -> None:
    """It asks by itself, and is told apart in the totals."""
    year = Year(days=10, seed=4)
    order = refunded(year, random.Random(1)) if moved is Moved.BACK else completed(year, random.Random(1))  # noqa: S311
    year.listed = [each for each in year.listed if not each.reference.startswith(order.reference)]
    unknown = structs.replace(order, state=state, delivered_at=None, captured_at=None, refunded_at=None)
    if moved is Moved.IN:
        unknown = structs.replace(unknown, paid=None, paid_at=None)
    year.orders[order.reference] = unknown

    seen = list(year.reconciled())

    assert [difference for _, differences, _ in seen for difference in differences] == []
    assert sum(totals.under_way for _, _, totals in seen) == 1
    assert all(totals.agree for _, _, totals in seen)


def test_references_of_the_sandbox_are_made_as_ours_are() -> None:
    """The planted strangers are of this kiosk, and well formed: otherwise nobody would look at them."""
    assert NOBODY.startswith("K07")
    assert set(NOBODY) <= set(CROCKFORD)
