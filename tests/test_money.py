"""Money: read exactly or not at all, and never of two currencies at once."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import BadMoney, Illegal
from kiosk.money import USUAL, Money, exponent
from kiosk.plans import Line, LineKind, total_of
from kiosk.sale import change_for
from tests.orders import usd

unhurried = settings(deadline=None)
amounts = st.integers(-(10**14), 10**14)
currencies = st.sampled_from(["USD", "CNY", "JPY", "KWD"])


@pytest.mark.parametrize(
    ("text", "amount_minor"),
    [
        ("18", 1800),
        ("18.00", 1800),
        (" 18.5 ", 1850),
        (4.5, 450),
        (18, 1800),
        ("0.01", 1),
        ("-2", -200),
        ("1e2", 10000),
    ],
)
def test_an_amount_is_read_exactly(text: str | float, amount_minor: int) -> None:
    """What a person types and what a JSON answer holds come to the same cents."""
    assert Money.parse(text, "USD") == usd(amount_minor)


@pytest.mark.parametrize(
    "text",
    [
        "18.005",
        "0.001",
        "",
        "  ",
        "abc",
        "18,00",
        "$18",
        "NaN",
        "sNaN",
        "inf",
        "-Infinity",
        float("nan"),
        float("inf"),
        "1e9999",
        "1e999999",
        "1e999999999999999999999",
        "1e-9999999",
        "1.0000000000000000000000000000000000000000001",
        "99999999999999999999",
        0.1 + 0.2,
        True,
    ],
)
def test_what_would_have_to_be_rounded_or_guessed_is_refused(text: str | float) -> None:
    """No amount is bent until it fits."""
    with pytest.raises(BadMoney):
        Money.parse(text, "USD")


def test_a_currency_without_decimals_has_none() -> None:
    """500 yen are 500 of the smallest unit, and half a yen does not exist."""
    assert Money.parse("500", "JPY") == Money(500, "JPY")
    assert str(Money(500, "JPY")) == "500 JPY"
    with pytest.raises(BadMoney, match="0 decimals"):
        Money.parse("500.5", "JPY")


@pytest.mark.parametrize("currency", ["", "usd", "DOLLAR", "XX"])
def test_only_iso_currencies_count(currency: str) -> None:
    """A mistyped currency is named with what is expected."""
    with pytest.raises(BadMoney, match="ISO 4217"):
        exponent(currency)


def test_two_currencies_never_meet() -> None:
    """Neither a sum, nor a difference, nor a comparison mixes them."""
    dollars, yuan = usd(100), Money(100, "CNY")

    for mix in (lambda: dollars + yuan, lambda: dollars - yuan, lambda: dollars < yuan, lambda: dollars >= yuan):
        with pytest.raises(BadMoney, match="two currencies"):
            mix()
    assert dollars != yuan


def test_amounts_of_one_currency_compare() -> None:
    """The larger amount is the larger one."""
    assert usd(99) < usd(100) <= usd(100) < usd(101)
    assert max(usd(5), usd(7)) == usd(7)


@pytest.mark.parametrize(("percent", "part"), [("10", 50), ("8.875", 44), ("0.1", 0), ("0.11", 1), ("100", 499)])
def test_a_percentage_is_rounded_half_up(percent: str, part: int) -> None:
    """10 % of 4.99 is 0.50; a tenth of a percent of it, 0.499 cents, is nothing."""
    assert usd(499).percent(Decimal(percent)) == usd(part)


def test_money_shows_its_decimals_and_its_currency() -> None:
    """Sentences can name an amount as it stands."""
    assert [str(usd(minor)) for minor in (1800, 5, 0, -250)] == ["18.00 USD", "0.05 USD", "0.00 USD", "-2.50 USD"]


@unhurried
@given(amount=amounts, currency=currencies)
def test_what_is_written_is_read_back(amount: int, currency: str) -> None:
    """No cent is lost between text and Money, in currencies of zero, two or three decimals."""
    money = Money(amount, currency)

    assert Money.parse(str(money.decimal), currency) == money


@unhurried
@given(first=amounts, second=amounts)
def test_adding_and_taking_away_are_exact(first: int, second: int) -> None:
    """What is added can be taken away again."""
    assert usd(first) + usd(second) - usd(second) == usd(first)
    assert -usd(first) + usd(first) == usd(0)


@unhurried
@given(amount=amounts, percent=st.decimals(0, 1000, places=3), currency=currencies)
def test_a_percentage_is_at_most_half_a_unit_off(amount: int, percent: Decimal, currency: str) -> None:
    """It is an integer of the same currency, and what is taken off a debt is what is taken off a claim."""
    part = Money(amount, currency).percent(percent)

    assert abs(part.amount_minor - amount * percent / 100) <= Decimal("0.5")
    assert part.currency == currency
    assert Money(-amount, currency).percent(percent) == -part


@unhurried
@given(parts=st.lists(amounts, min_size=1, max_size=8), dice=st.randoms())
def test_a_total_is_the_same_in_whatever_order_its_lines_stand(parts: list[int], dice: Random) -> None:
    """No cent appears or goes when lines are added in another order."""
    lines = [Line(LineKind.FEE, "fee", usd(part)) for part in parts]
    shuffled = dice.sample(lines, len(lines))

    assert total_of(lines) == total_of(shuffled) == usd(sum(parts))


@unhurried
@given(due=amounts, tendered=amounts)
def test_change_and_total_are_what_was_tendered(due: int, tendered: int) -> None:
    """The clerk hands back exactly what is over, or takes nothing that is not enough."""
    try:
        change = change_for(usd(due), usd(tendered))
    except Illegal:
        assert tendered < due
        return
    assert change + usd(due) == usd(tendered)
    assert change >= usd(0)


@unhurried
@given(text=st.text(max_size=30) | st.floats())
def test_any_text_is_money_or_bad_money(text: str | float) -> None:
    """Nothing that comes from outside raises anything else."""
    try:
        money = Money.parse(text, "USD")
    except BadMoney:
        return
    assert abs(money.amount_minor) < 10**15


def test_the_decimals_of_the_usual_currencies_are_those_that_babel_knows() -> None:
    """The table that spares the first screen Babel says the same as Babel."""
    from babel.numbers import get_currency_precision

    assert {currency: get_currency_precision(currency) for currency in USUAL} == USUAL
