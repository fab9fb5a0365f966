"""What is sold: a plan, its retail price, and the lines of an order. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from kiosk.errors import BadMoney
from kiosk.identifiers import SimNumber
from kiosk.money import Money


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plan works: an ISO 3166 code of two or three letters where there is one, and the provider's own name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One offer of a provider for one SIM; `wholesale` is what it costs us.

    `data_mb` None means unlimited. 0 means that it is credit on the number and no data by itself: its title is the
    amount that arrives (`10.00 USD`), and it has no days.
    """

    id: str
    title: str
    data_mb: int | None
    days: int
    wholesale: Money
    coverage: tuple[Place, ...] = ()
    """As the provider names it; empty where it does not, which says nothing about where the plan works."""

    @property
    def is_credit(self) -> bool:
        return self.data_mb == 0

    @property
    def name(self) -> str:
        """As clerks read it: the provider's title, or `10.00 USD credit`, which is no price."""
        return f"{self.title} credit" if self.is_credit else self.title


@dataclass(frozen=True, slots=True)
class Sim:
    """What the provider knows of a SIM: the plans it takes, and what is left on it.

    `left_mb` is None where nobody knows, or where the present plan is unlimited; `as_of` says how old that figure is.
    `network` is the mobile network's name as the provider tells it; empty where it does not.
    """

    number: SimNumber
    provider: str
    plans: tuple[Plan, ...]
    active: bool = True
    left_mb: int | None = None
    left_until: datetime | None = None
    as_of: datetime | None = None
    network: str = ""
    remembered_at: datetime | None = None
    """None: the provider has just said it of this SIM. Else it is silent, nobody looked at this SIM, and the plans

    are those that it last had for SIMs of this kind, at that moment.
    """


class LineKind(StrEnum):
    PLAN = "plan"
    DISCOUNT = "discount"
    TAX = "tax"
    FEE = "fee"
    BONUS = "bonus"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order. A discount is negative, a provider's bonus costs nothing.

    `name` is what is printed, in the order's language.
    """

    kind: LineKind
    name: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Charge:
    """A tax or fee from config.toml: a percentage of the plan after discount, or a fixed amount."""

    kind: LineKind
    names: dict[str, str]
    percent: Decimal | None
    amount: Money | None

    def line(self, base: Money, language: str) -> Line:
        amount = base.percent(self.percent) if self.percent is not None else self.amount
        assert amount is not None, "config.py lets no charge through that has neither percent nor amount"
        return Line(self.kind, self.names.get(language) or self.names["en"], amount)


@dataclass(frozen=True, slots=True)
class PriceList:
    """How a wholesale price becomes a retail price: fixed for a plan, or by margin, rounded up."""

    currency: str
    fixed: dict[str, Money]
    margin_percent: Decimal
    round_up_to_minor: int
    charges: tuple[Charge, ...] = ()

    def sells(self, plan: Plan) -> bool:
        """Whether the plan has a price: a margin works only where we buy in the kiosk's own currency."""
        return plan.id in self.fixed or plan.wholesale.currency == self.currency

    def retail(self, plan: Plan) -> Money:
        """What the customer pays for the plan itself, before discounts, taxes and fees. BadMoney if not `sells`."""
        if plan.id in self.fixed:
            return self.fixed[plan.id]
        if not self.sells(plan):
            raise BadMoney(f"{plan.id} is bought in {plan.wholesale.currency}: give it a price in prices.fixed.")
        raw = Decimal(plan.wholesale.amount_minor) * (100 + self.margin_percent) / 100
        steps = (raw / self.round_up_to_minor).to_integral_value(ROUND_CEILING)
        return Money(int(steps) * self.round_up_to_minor, self.currency)

    def lines(self, plan: Plan, name: str, language: str, discount: Line | None = None) -> tuple[Line, ...]:
        """The order's lines: the plan by the name that customers read, a discount if there is one, taxes and fees."""
        price = Line(LineKind.PLAN, name, self.retail(plan))
        base = price.amount + discount.amount if discount else price.amount
        return (price, *([discount] if discount else []), *(charge.line(base, language) for charge in self.charges))


def total_of(lines: Sequence[Line]) -> Money:
    """The sum of the lines: what the customer pays. Raises BadMoney where they are of two currencies."""
    return sum((line.amount for line in lines), Money(0, lines[0].amount.currency))
