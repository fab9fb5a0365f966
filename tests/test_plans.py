"""Prices and the lines of an order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import BadMoney
from kiosk.money import Money
from kiosk.plans import Charge, Line, LineKind, Plan, PriceList, total_of
from tests.orders import usd

PLAN = Plan("us-10gb-30d", "10 GB for 30 days", 10240, 30, usd(1000))
TAX = Charge(LineKind.TAX, {"en": "Sales tax", "zh": "销售税"}, Decimal("8.875"), None)
FEE = Charge(LineKind.FEE, {"en": "Airport fee"}, None, usd(100))


def prices(**changes: Any) -> PriceList:
    return replace(PriceList("USD", {}, Decimal(30), 50), **changes)


@pytest.mark.parametrize(("wholesale", "retail"), [(1000, 1300), (1001, 1350), (999, 1300), (1, 50), (0, 0)])
def test_a_margin_is_rounded_up_to_the_step(wholesale: int, retail: int) -> None:
    """The shop never sells below its margin."""
    assert prices().retail(replace(PLAN, wholesale=usd(wholesale))) == usd(retail)


def test_a_fixed_price_stands_as_it_is() -> None:
    """What the owner fixed is neither marked up nor rounded."""
    assert prices(fixed={PLAN.id: usd(1799)}).retail(PLAN) == usd(1799)


def test_a_plan_bought_in_another_currency_needs_a_fixed_price() -> None:
    """Yuan are never sold as so many dollars."""
    foreign = replace(PLAN, wholesale=Money(1000, "CNY"))

    assert not prices().sells(foreign)
    assert prices(fixed={PLAN.id: usd(1799)}).sells(foreign)
    with pytest.raises(BadMoney):
        prices().retail(foreign)


@given(wholesale=st.integers(0, 10**6), margin=st.decimals(0, 1000, places=2), step=st.sampled_from([1, 25, 50, 100]))
@settings(deadline=None)
def test_a_price_is_the_smallest_step_that_covers_the_margin(wholesale: int, margin: Decimal, step: int) -> None:
    """Never less than the margin, never a whole step too much."""
    retail = prices(margin_percent=margin, round_up_to_minor=step).retail(replace(PLAN, wholesale=usd(wholesale)))
    wanted = wholesale * (100 + margin) / 100

    assert retail.amount_minor % step == 0
    assert wanted <= retail.amount_minor < wanted + step


def test_charges_count_from_the_price_after_discount() -> None:
    """Tax is due on what is paid; a fixed fee is what it is. The lines add up to the total."""
    discount = Line(LineKind.DISCOUNT, "Summer", usd(-130))

    lines = prices(charges=(TAX, FEE)).lines(PLAN, "10 GB", "en", discount)

    assert [(line.kind, line.amount.amount_minor) for line in lines] == [
        (LineKind.PLAN, 1300),
        (LineKind.DISCOUNT, -130),
        (LineKind.TAX, 104),
        (LineKind.FEE, 100),
    ]
    assert total_of(lines) == usd(1374)


def test_a_line_is_named_in_the_customers_language_or_in_english() -> None:
    """No line is printed without a name."""
    assert [line.name for line in prices(charges=(TAX, FEE)).lines(PLAN, "10 GB", "zh")][1:] == [
        "销售税",
        "Airport fee",
    ]


def test_lines_of_two_currencies_have_no_total() -> None:
    """A sum of dollars and yuan is refused."""
    with pytest.raises(BadMoney, match="two currencies"):
        total_of((Line(LineKind.PLAN, "Plan", usd(1)), Line(LineKind.FEE, "Fee", Money(1, "CNY"))))
