"""Promotions: the owner's best single one is taken off, a provider's is told; both are on record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from kiosk.config import Config, check
from kiosk.errors import Unreachable
from kiosk.ledger.promotions import BELIEVED_FOR, promotions_of
from kiosk.ledger.verify import problems
from kiosk.money import Money
from kiosk.plain import plain
from kiosk.plans import Line, LineKind, Plan, total_of
from kiosk.promotion_watch import EVERY, TITLE_MAX, TOLD_MAX
from kiosk.promotions import Promotion, ProviderPromotion, best, told_of
from kiosk.receipt import receipt
from kiosk.sale import lines_in, lines_of
from kiosk.simulation.remotes import NOON, FakeProvider
from kiosk.simulation.shop import Shop
from kiosk.texts import texts
from tests.orders import usd
from tests.receipts import ORDER, SHOP

PLAN = Plan("us-10gb-30d", "10 GB for 30 days", 10240, 30, usd(1000))
JULY = (date(2026, 7, 1), date(2026, 7, 31))
SUMMER = Promotion({"en": "Summer", "zh": "暑期"}, Decimal(10), None, *JULY)
TWO_OFF = Promotion({"en": "Two off"}, None, usd(200), *JULY)
TOLD = ProviderPromotion("7001", "1 GB more", NOON - timedelta(days=1), NOON + timedelta(days=1), (PLAN.id,))


@pytest.mark.parametrize(
    ("today", "runs"),
    [
        (date(2026, 6, 30), False),
        (date(2026, 7, 1), True),
        (date(2026, 7, 31), True),
        (date(2026, 8, 1), False),
    ],
)
def test_a_promotion_runs_from_its_first_to_its_last_day(today: date, runs: bool) -> None:
    """Both days are included."""
    assert (SUMMER.line(PLAN, usd(1300), today, "en") is not None) is runs


@pytest.mark.parametrize(("today", "runs"), [(3, False), (4, True), (5, True), (6, False)])
def test_a_promotion_may_run_on_some_days_of_the_week(today: int, runs: bool) -> None:
    """4 July 2026 is a Saturday."""
    assert replace(SUMMER, weekdays=frozenset({5, 6})).runs(date(2026, 7, today)) is runs


def test_a_promotion_may_be_for_some_plans_only() -> None:
    """The others keep their price."""
    some = replace(SUMMER, plans=("another",))

    assert some.line(PLAN, usd(1300), date(2026, 7, 1), "en") is None
    assert replace(some, plans=(PLAN.id,)).line(PLAN, usd(1300), date(2026, 7, 1), "zh") == Line(
        LineKind.DISCOUNT, "暑期", usd(-130)
    )


def test_a_discount_of_nothing_is_no_line() -> None:
    """A receipt shows no discount of 0.00."""
    assert SUMMER.line(PLAN, usd(1), date(2026, 7, 1), "en") is None


@pytest.mark.parametrize(("price", "off"), [(201, usd(-200)), (200, None), (150, None)])
def test_no_promotion_makes_a_plan_free(price: int, off: Money | None) -> None:
    """An amount that eats the price up, or more, is not for this plan."""
    line = TWO_OFF.line(PLAN, usd(price), JULY[0], "en")

    assert (line.amount if line else None) == off


@pytest.mark.parametrize(("price", "name"), [(1990, "Two off"), (2000, "Summer"), (2001, "Summer"), (150, "Summer")])
def test_the_best_single_promotion_counts(price: int, name: str) -> None:
    """They never add up; of two that take off the same, the owner's first one is named."""
    line = best((SUMMER, TWO_OFF), PLAN, usd(price), JULY[0], "en")

    assert line is not None
    assert line.name == name
    assert -line.amount in (usd(200), usd(price).percent(Decimal(10)))


def config(**promotion: Any) -> Config:
    days = {"first_day": JULY[0], "last_day": JULY[1]}
    return check({"promotions": [{"name": {"en": "Summer"}} | days | promotion]}, "config.toml")


@pytest.mark.parametrize(
    ("at", "kinds"),
    [
        (datetime(2026, 8, 1, 3, 59, tzinfo=UTC), [LineKind.PLAN, LineKind.DISCOUNT]),
        (datetime(2026, 8, 1, 4, 0, tzinfo=UTC), [LineKind.PLAN]),
    ],
)
def test_the_day_is_the_kiosks_own(at: datetime, kinds: list[LineKind]) -> None:
    """On 31 July in New York the promotion still runs, though it is August in UTC."""
    assert [line.kind for line in lines_of(config(percent=10), PLAN, "en", at)] == kinds


@pytest.mark.parametrize(
    ("at", "kinds"),
    [
        (datetime(2026, 7, 4, 3, 59, tzinfo=UTC), [LineKind.PLAN]),
        (datetime(2026, 7, 4, 4, 0, tzinfo=UTC), [LineKind.PLAN, LineKind.DISCOUNT]),
    ],
)
def test_the_day_of_the_week_is_the_kiosks_own(at: datetime, kinds: list[LineKind]) -> None:
    """Saturday begins at midnight in New York."""
    saturdays = config(amount="2.00", weekdays=["sat"])

    assert [line.kind for line in lines_of(saturdays, PLAN, "en", at)] == kinds


@pytest.mark.parametrize(
    ("at", "plan", "told"),
    [
        (TOLD.first, PLAN, True),
        (TOLD.last, PLAN, True),
        (TOLD.last + timedelta(seconds=1), PLAN, False),
        (NOON, replace(PLAN, id="another"), False),
    ],
)
def test_a_providers_promotion_is_told_in_its_time_and_with_its_plans(at: datetime, plan: Plan, told: bool) -> None:
    """And nowhere else."""
    assert (told_of((TOLD,), plan, at) is not None) is told


def test_what_a_provider_gives_on_top_is_a_line_that_costs_nothing() -> None:
    """On record with the order, and on its receipt; the total is what it was."""
    lines = lines_of(config(percent=10), PLAN, "en", NOON, (TOLD,))
    order = structs.replace(ORDER, lines=lines, total=total_of(lines))

    paper = plain(receipt(order, SHOP, "1:0", texts("en"), UTC, NOON), 42)

    assert [line.kind for line in lines] == [LineKind.PLAN, LineKind.BONUS]
    assert total_of(lines) == total_of(lines_of(config(percent=10), PLAN, "en", NOON))
    assert "\nIncluded: 1 GB more\n" in paper


# --- the queue's holder asks the provider --------------------------------------------------------------------------


@dataclass
class Generous(FakeProvider):
    """A provider with promotions."""

    told: tuple[ProviderPromotion, ...] = (TOLD,)
    looks: int = 0
    silent: Exception | None = None

    def promotions(self) -> tuple[ProviderPromotion, ...]:
        self.looks += 1
        if self.silent:
            raise self.silent
        return self.told


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    made.provider = made.providers["airtime"] = Generous(made.clock)
    made.restart()
    yield made
    made.close()


def generous(shop: Shop) -> Generous:
    assert isinstance(shop.provider, Generous)
    return shop.provider


def known(shop: Shop) -> tuple[ProviderPromotion, ...]:
    return promotions_of(shop.ledger, "airtime", shop.clock.now())


def test_the_holder_asks_every_hour_and_a_restart_asks_no_more_often(shop: Shop) -> None:
    """Every process reads it from the ledger."""
    shop.now()
    first = known(shop)
    shop.restart()
    shop.now()
    looks = generous(shop).looks
    generous(shop).told = ()
    shop.clock.go_on(seconds=EVERY.total_seconds())
    shop.now()

    assert (first, looks) == ((TOLD,), 1)
    assert known(shop) == ()


@pytest.mark.parametrize("silent", [Unreachable("nobody there", sent=True), RuntimeError("a defect")])
def test_what_was_told_stays_for_a_day_and_never_beyond_its_end(shop: Shop, silent: Exception) -> None:
    """A provider that says nothing takes nothing back; nor may an old word promise what has ended."""
    endless = replace(TOLD, last=NOON + timedelta(days=30))
    generous(shop).told = (endless, replace(TOLD, last=NOON + timedelta(hours=2)))
    shop.now()
    generous(shop).silent = silent
    shop.clock.go_on(hours=3)
    shop.now()
    later = known(shop)
    shop.clock.go_on(seconds=BELIEVED_FOR.total_seconds())

    assert generous(shop).looks == 2
    assert later == (endless,)
    assert known(shop) == ()


def test_what_a_provider_tells_is_made_fit_to_be_kept(shop: Shop) -> None:
    """Bounded, on one line, nothing without words or plans; and it is no part of the chain."""
    loud = replace(TOLD, title="More\x1b]0;gone\x07\n" + "data " * 50)
    generous(shop).told = (replace(TOLD, title=""), replace(TOLD, plan_ids=()), *[loud] * 100)
    shop.now()

    assert len(known(shop)) == TOLD_MAX
    assert all(len(each.title) <= TITLE_MAX and each.title.isprintable() for each in known(shop))
    assert list(problems(shop.ledger)) == []


def test_a_receipt_with_a_bonus_is_written_in_another_language_too() -> None:
    """The plan and the discount in Chinese; what the provider gives on top in its own words."""
    shop = config(percent=10, name={"en": "Summer", "zh": "暑期"})
    lines = lines_of(shop, PLAN, "en", NOON - timedelta(days=2), (replace(TOLD, first=NOON - timedelta(days=3)),))
    order = structs.replace(
        ORDER, plan=PLAN, lines=lines, total=total_of(lines), opened_at=NOON - timedelta(days=2), language="en"
    )

    found = lines_in("zh", order, shop)

    assert [line.kind for line in found] == [LineKind.PLAN, LineKind.BONUS, LineKind.DISCOUNT]
    assert [line.name for line in found] == ["10 GB，30天", "Included: 1 GB more", "暑期"]
