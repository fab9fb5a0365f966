"""What a plan costs at the moment of paying: by the freshest word of it, and compared with what was shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.config import Config, check
from kiosk.identifiers import SimNumber
from kiosk.ledger import Ledger
from kiosk.ledger.promotions import note_promotions
from kiosk.money import Money
from kiosk.plans import Place, Plan, Sim, total_of
from kiosk.promotions import ProviderPromotion
from kiosk.quotes import FRESH, Quote, quote
from kiosk.simulation.remotes import CARD, NOON, PLAN
from kiosk.unseen import remember
from tests.orders import a_ledger, usd

ALIKE, ANOTHER = SimNumber("8901260711302984552"), SimNumber("8944500219384756484")
SIM = Sim(CARD, "airtime", (PLAN,))
DEARER = replace(PLAN, wholesale=usd(1200))
TODAY = {"name": {"en": "Summer"}, "percent": 10, "first_day": date(2026, 7, 1), "last_day": date(2026, 8, 1)}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = a_ledger(tmp_path)
    yield made
    made.close()


def config(**tables: Any) -> Config:
    return check({"providers": {"airtime": {}}} | tables, "config.toml")


def heard(ledger: Ledger, number: SimNumber, *plans: Plan, after: timedelta = timedelta(0)) -> None:
    remember(ledger, config(), Sim(number, "airtime", plans), NOON + after)


def asked(ledger: Ledger, after: timedelta = timedelta(0), **tables: Any) -> Quote:
    return quote(ledger, config(**tables), SIM, PLAN, NOON + after)


def test_without_a_newer_word_a_price_stays(ledger: Ledger) -> None:
    """13.00 at 30 percent on 10.00, now and an hour later."""
    heard(ledger, CARD, PLAN)

    assert total_of(asked(ledger).lines("en")) == usd(1300)
    assert asked(ledger).same(asked(ledger, timedelta(hours=1)))


def test_the_newest_answer_about_any_card_of_the_kind_counts(ledger: Ledger) -> None:
    """Somebody at the other kiosk has just asked: their answer is our price, and what it costs us."""
    before = asked(ledger)
    heard(ledger, ALIKE, DEARER, after=timedelta(minutes=1))
    now = asked(ledger)

    assert not now.same(before)
    assert (total_of(now.lines("en")), now.plan.wholesale) == (usd(1600), usd(1200))


@pytest.mark.parametrize(
    ("number", "plan"),
    [
        (ANOTHER, DEARER),
        (ALIKE, replace(DEARER, id="another")),
        (ALIKE, replace(PLAN, wholesale=Money(1200, "EUR"))),
    ],
    ids=["another kind of SIM", "the plan is not in it", "no price in this currency"],
)
def test_an_answer_that_says_nothing_of_the_plan_changes_nothing(ledger: Ledger, number: SimNumber, plan: Plan) -> None:
    """The provider's word on this very SIM stands."""
    before = asked(ledger)
    heard(ledger, number, plan)

    assert asked(ledger) == replace(before, heard_at=None if number == ANOTHER else NOON)


def test_what_only_costs_us_more_is_the_same_to_the_customer(ledger: Ledger) -> None:
    """At a fixed price nothing is asked anew; the order knows the newest cost."""
    fixed = {"fixed": {PLAN.id: "18.00"}}
    before = asked(ledger, prices=fixed)
    heard(ledger, CARD, DEARER)
    now = asked(ledger, prices=fixed)

    assert now.same(before)
    assert now.plan.wholesale == usd(1200)


@pytest.mark.parametrize(
    "plan", [replace(PLAN, data_mb=5120), replace(PLAN, days=7), replace(PLAN, coverage=(Place("GB", "Britain"),))]
)
def test_something_else_for_the_same_price_is_not_the_same(ledger: Ledger, plan: Plan) -> None:
    """The customer has said yes to ten gigabytes, for thirty days, where they were said to work."""
    before = asked(ledger)
    heard(ledger, CARD, plan)

    assert not asked(ledger).same(before)


def test_a_promotion_ends_at_the_kiosks_own_midnight(ledger: Ledger) -> None:
    """1 August ends at 4:00 UTC in New York: a minute before, the quote of noon still holds."""
    at_noon = asked(ledger, promotions=[TODAY])
    before = asked(ledger, timedelta(hours=15, minutes=59), promotions=[TODAY])
    after = asked(ledger, timedelta(hours=16), promotions=[TODAY])

    assert before.same(at_noon)
    assert not after.same(at_noon)
    assert (total_of(before.lines("en")), total_of(after.lines("en"))) == (usd(1170), usd(1300))


def test_a_providers_promotion_that_has_ended_is_not_the_same(ledger: Ledger) -> None:
    """The total is; what the customer gets is not."""
    told = ProviderPromotion("1", "1 GB more", NOON, NOON + timedelta(hours=1), (PLAN.id,))
    note_promotions(ledger, "airtime", (told,), NOON)
    before, after = asked(ledger), asked(ledger, timedelta(hours=2))

    assert not after.same(before)
    assert total_of(after.lines("en")) == total_of(before.lines("en"))


def test_an_old_word_on_a_price_is_called_stale(ledger: Ledger) -> None:
    """Then the provider is asked anew; where nothing was ever heard, there is nothing to be old."""
    never = asked(ledger).stale
    heard(ledger, CARD, PLAN)

    assert (never, asked(ledger, FRESH).stale, asked(ledger, FRESH * 1.1).stale) == (False, False, True)


@pytest.mark.parametrize(("network", "changed"), [("T-Mobile US", True), ("Verizon", False), ("", False)])
def test_phone_numbers_of_one_network_have_one_price(ledger: Ledger, network: str, changed: bool) -> None:
    """As their provider told the network; what nobody told is nobody's news."""
    sim = Sim(SimNumber("+13055550142"), "airtime", (PLAN,), network="T-Mobile US")
    remember(ledger, config(), Sim(SimNumber("+13055550199"), "airtime", (DEARER,), network=network), NOON)

    found = quote(ledger, config(), sim, PLAN, NOON)

    assert found.plan == (DEARER if changed else PLAN)
