"""Where a plan works: said by the owner or the provider, in the customer's language, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from kiosk.config import Config, check
from kiosk.coverage import coverage_of
from kiosk.errors import ConfigError
from kiosk.plain import plain
from kiosk.plans import Place, Plan
from kiosk.receipt import receipt
from kiosk.simulation.remotes import NOON, PLAN
from kiosk.texts import texts
from tests.orders import a_ledger, opened
from tests.receipts import ORDER, SHOP

USA, UK, TERRITORY = Place("USA", "United States"), Place("GB", "Britain"), Place("GXX", "Global 109")
WORDS = {"en": "USA and Canada", "zh": "美国和加拿大"}


def config(**coverage: Any) -> Config:
    return check({"providers": {"airtime": {}}, "coverage": coverage}, "config.toml")


def told(config: Config, plan: Plan = PLAN, language: str = "en") -> str:
    return coverage_of(config, "airtime", plan, texts(language))


def works_in(*places: Place) -> Plan:
    return replace(PLAN, coverage=places)


def test_where_nobody_says_it_nothing_is_said() -> None:
    """No country is guessed from anything."""
    assert told(config()) == ""
    assert told(config(another=WORDS)) == ""


@pytest.mark.parametrize(
    ("coverage", "plan", "found"),
    [
        ({PLAN.id: WORDS, "airtime": {"en": "everywhere"}}, works_in(UK), "USA and Canada"),
        ({"airtime": WORDS}, works_in(UK), "United Kingdom"),
        ({"airtime": WORDS}, PLAN, "USA and Canada"),
    ],
    ids=["the owner of the plan", "the provider", "the owner of the provider"],
)
def test_the_owners_words_for_a_plan_come_first_and_those_for_a_provider_last(
    coverage: dict[str, Any], plan: Plan, found: str
) -> None:
    """The provider knows its plan better than one sentence for all of them."""
    assert told(config(**coverage), plan) == found


@pytest.mark.parametrize(
    ("language", "places", "found"),
    [
        ("en", (USA, UK), "United States, United Kingdom"),
        ("zh", (USA, UK), "美国、英国"),
        ("zh", (TERRITORY,), "Global 109"),
        ("en", (Place("US-CA", "California"), Place("", "Somewhere")), "California, Somewhere"),
        ("en", (USA, Place("US", "USA")), "United States"),
        ("en", tuple(Place(code, code) for code in ("USA", "CAN", "MEX", "GBR", "FRA", "DEU")),
         "United States, Canada, Mexico, United Kingdom and 2 more"),
        ("zh", (replace(TERRITORY, name="E\x1b[2JU"),), "E[2JU"),
    ],
)  # fmt: skip
def test_countries_are_named_in_the_customers_language(language: str, places: tuple[Place, ...], found: str) -> None:
    """By their codes; what is no country, in the provider's own words; of many, how many."""
    assert told(config(), works_in(*places), language) == found


def test_a_language_that_the_owner_left_out_is_read_in_english() -> None:
    """And one that nobody speaks is refused at the start."""
    assert told(config(airtime={"en": "USA"}), language="zh") == "USA"
    with pytest.raises(ConfigError, match=r"config.toml: coverage.airtime.tlh: no such language"):
        config(airtime={"tlh": "DIvI"})


@pytest.mark.parametrize(("coverage", "line"), [("United States", "\nWorks in: United States\n"), ("", "")])
def test_the_receipt_says_it_where_anybody_does(coverage: str, line: str) -> None:
    """Under the plan and its price."""
    paper = plain(receipt(ORDER, SHOP, "1:0", texts("en"), UTC, NOON, coverage), 42)

    assert ("Works in" in paper, line in paper) == (bool(line), True)


def test_an_order_keeps_what_its_provider_named(tmp_path: Path) -> None:
    """The receipt can say it years later, in another language."""
    ledger = a_ledger(tmp_path)
    order = opened(ledger, plan=works_in(USA, TERRITORY))
    ledger.close()
    ledger = a_ledger(tmp_path)
    kept = ledger.order(order.reference)
    ledger.close()

    assert kept == order
    assert told(config(), structs.replace(kept, plan=kept.plan).plan, "zh") == "美国、Global 109"
