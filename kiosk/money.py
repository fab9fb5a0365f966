"""Money: an integer of the currency's smallest unit. It never becomes a float, and never loses its currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException, Inexact, InvalidOperation
from functools import cache, total_ordering

from kiosk.errors import BadMoney

USUAL = {"USD": 2, "EUR": 2, "GBP": 2, "CNY": 2, "HKD": 2, "CAD": 2, "AUD": 2, "JPY": 0, "KRW": 0}
"""The decimals of the currencies that kiosks sell in: the first screen paints without Babel, which knows the others."""


@cache
def exponent(currency: str) -> int:
    """How many decimals `currency` (ISO 4217) has: 2 for USD, 0 for JPY. Raises BadMoney for no currency."""
    if currency in USUAL:
        return USUAL[currency]
    from babel.numbers import get_currency_precision, is_currency  # costs 30 ms: not before it is needed

    if not is_currency(currency, locale="en"):
        raise BadMoney(f"{currency!r} is not a currency; use an ISO 4217 code such as USD.")
    return get_currency_precision(currency)


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the smallest unit of its currency: `Money(1800, "USD")` is 18.00 USD."""

    amount_minor: int
    currency: str

    @classmethod
    def parse(cls, text: str | float, currency: str) -> Money:
        """Read `18`, `18.00` or the number a JSON answer holds. Raises BadMoney on anything it would have to round."""
        try:
            amount = Decimal(str(text).strip()).scaleb(exponent(currency), Context(traps=[InvalidOperation, Inexact]))
        except DecimalException:
            raise BadMoney(f"{text!r} is not an amount of money; write it like 18.00.") from None
        if amount.is_finite() and abs(amount) >= 10**15:
            raise BadMoney(f"{text!r} is more {currency} than there can be; write it like 18.00.")
        if not amount.is_finite() or amount != amount.to_integral_value():
            raise BadMoney(f"{text!r} is not an amount of {currency}: it has {exponent(currency)} decimals.")
        return cls(int(amount), currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in whole units, exactly."""
        return Decimal(self.amount_minor).scaleb(-exponent(self.currency))

    def percent(self, percent: Decimal) -> Money:
        """So many percent of it, rounded half up to the smallest unit."""
        part = (Decimal(self.amount_minor) * percent / 100).to_integral_value(ROUND_HALF_UP)
        return Money(int(part), self.currency)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise BadMoney(f"{self} and {other} are of two currencies.")

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount_minor < other.amount_minor

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount_minor - other.amount_minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount_minor, self.currency)

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"
