"""Three answers make a sum, and the sum one plan: the cheapest that holds it, or an honest second best."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.estimate import DAYS, Trip, Use, Why, advice
from kiosk.money import Money
from kiosk.offers import Offer, Unit
from kiosk.plans import Plan


def offer(gb: float | None, days: int, price: int, *, sold: bool = True) -> Offer:
    data_mb = None if gb is None else int(gb * 1024)
    plan = Plan(f"{gb}-{days}", f"{gb} GB", data_mb, days, Money(price, "USD"))
    return Offer(plan, Money(price, "USD"), None, Unit.GB, Money(price, "USD"), sold)


ONE, TEN, ENDLESS = offer(1, 7, 450), offer(10, 30, 2350), offer(None, 30, 6000)
OFFERS = st.builds(
    offer,
    st.one_of(st.none(), st.just(0.0), st.floats(0.5, 60)),
    st.integers(1, 60),
    st.integers(100, 9_000),
    sold=st.booleans(),
)
TRIPS = st.builds(Trip, st.sampled_from(DAYS), st.sampled_from(Use), st.booleans())


@pytest.mark.parametrize(
    ("trip", "need"),
    [
        (Trip(7, Use.SOCIAL), "6.72"),
        (Trip(3, Use.MAPS), "1.08"),
        (Trip(30, Use.VIDEO, shared=True), "108"),
    ],
)
def test_the_sum_is_days_times_a_day_and_a_fifth(trip: Trip, need: str) -> None:
    assert trip.need_gb == Decimal(need)


@pytest.mark.parametrize(
    ("trip", "plan", "why"),
    [
        (Trip(7, Use.SOCIAL), TEN, Why.CHEAPEST),
        (Trip(30, Use.VIDEO), ENDLESS, Why.CHEAPEST),
    ],
)
def test_the_cheapest_plan_that_is_enough_is_recommended(trip: Trip, plan: Offer, why: Why) -> None:
    found = advice((ONE, TEN, ENDLESS), trip)
    assert found is not None
    assert (found.offer, found.why) == (plan, why)


def test_where_none_is_enough_the_largest_of_those_that_last_is_told_as_such() -> None:
    found = advice((ONE, TEN), Trip(14, Use.VIDEO))
    assert found is not None
    assert (found.offer, found.why) == (TEN, Why.MOST_DATA)


def test_where_none_lasts_the_longest_is_told_as_such() -> None:
    found = advice((ONE, offer(2, 7, 500)), Trip(14, Use.MAPS))
    assert found is not None
    assert (found.offer.plan.data_mb, found.why) == (2048, Why.LONGEST)


def test_credit_and_what_is_sold_out_is_no_advice() -> None:
    assert advice((offer(0, 0, 1000), offer(10, 30, 2000, sold=False)), Trip(3, Use.MAPS)) is None


@given(st.lists(OFFERS, max_size=9), TRIPS)
def test_what_is_called_enough_is_enough_and_nothing_cheaper_is(offers: list[Offer], trip: Trip) -> None:
    """And there is advice exactly where something is sold by data."""
    found = advice(offers, trip)
    sold = [one for one in offers if one.sold and not one.plan.is_credit]
    enough = [one for one in sold if one.plan.days >= trip.days and trip.is_held_by(one.plan)]
    assert (found is None) == (not sold)
    if found:
        assert found.offer in sold
        assert (found.why is Why.CHEAPEST) == bool(enough)
        assert not enough or found.offer.price == min(one.price for one in enough)
