"""What a kiosk offers at this moment: ways to pay, prices per unit, and a code that a phone can read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from msgspec import structs

from kiosk.config import Config, check
from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.facts import Attempt, Call, Outcome
from kiosk.identifiers import SimNumber
from kiosk.money import Money
from kiosk.offers import Unit, offers
from kiosk.plans import Plan, Sim
from kiosk.ports import Tender
from kiosk.qr import half_blocks, modules
from kiosk.simulation.rails import FakeCard, FakeScanner, FakeWallet
from kiosk.simulation.remotes import SetClock
from kiosk.tenders.cash import Cash, Settings
from kiosk.ways import Hindrance, LineState, Outlook, line_after, line_of, ways_to_pay
from tests.receipts import ORDER

AT = datetime(2026, 8, 1, 18, 0, tzinfo=UTC)
PLANS = (
    Plan("10gb", "", 10240, 30, Money(1000, "USD")),
    Plan("euro", "", 1024, 7, Money(100, "EUR")),
    Plan("endless", "", None, 30, Money(6000, "USD")),
    Plan("half", "", 512, 7, Money(200, "USD")),
)
SIM = Sim(SimNumber("8900000461442300635"), "airtime", PLANS)


def tenders() -> dict[str, Tender]:
    clock = SetClock()
    cash = cast(Tender, Cash(Settings()))
    return {"wallet": FakeWallet(clock), "scanner": FakeScanner(clock), "card": FakeCard(clock), "cash": cash}


@pytest.mark.parametrize(
    ("line", "wallet"),
    [(LineState.UP, None), (LineState.UNKNOWN, None), (LineState.DOWN, Hindrance.NO_LINE)],
)
def test_a_wallet_and_a_reader_need_the_line_and_cash_does_not(line: LineState, wallet: Hindrance | None) -> None:
    """A line that nobody has tried is no reason to refuse a way to pay."""
    ways = {way.tender.name: way.hindrance for way in ways_to_pay(tenders(), line)}

    assert ways == {"wallet": wallet, "scanner": wallet, "card": wallet, "cash": None}


@pytest.mark.parametrize(
    ("outlook", "why"),
    [
        (Outlook(readers_off=frozenset({"card"})), Hindrance.READER_OFF),
        (Outlook(unpaid=frozenset({"card"})), Hindrance.READER_BUSY),
        (Outlook(rails_away=frozenset({"card"})), Hindrance.NO_LINE),
        (Outlook(unpaid=frozenset({"wallet"}), clock_is_off=True), None),
    ],
)
def test_a_card_is_taken_where_its_reader_is_free_and_has_a_line(outlook: Outlook, why: Hindrance | None) -> None:
    """One order at a time; what stands against another way to pay is no matter, nor is the clock."""
    ways = {way.tender.name: way.hindrance for way in ways_to_pay(tenders(), LineState.UP, outlook)}

    assert ways["card"] is why


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (None, LineState.UP),
        (Refused("no"), LineState.UP),
        (NotNow("later"), LineState.UP),
        (Unreachable("nothing", sent=True), LineState.DOWN),
        (Misconfigured("our fault"), LineState.UNKNOWN),
    ],
)
def test_the_line_is_up_only_after_an_answer(answer: NoAnswer | None, line: LineState) -> None:
    """Even a no came through it; our own mistake says nothing of it."""
    assert line_after(answer) is line


@pytest.mark.parametrize(
    ("outcomes", "line"),
    [
        ([], LineState.UNKNOWN),
        ([None], LineState.UNKNOWN),
        ([Outcome.NOT_SENT, Outcome.DONE], LineState.UP),
        ([Outcome.DONE, Outcome.UNKNOWN], LineState.DOWN),
        ([Outcome.NOT_SENT, None], LineState.DOWN),
    ],
)
def test_an_orders_newest_answer_tells_of_the_line(outcomes: list[Outcome | None], line: LineState) -> None:
    """A call that is out has not answered yet."""
    attempts = tuple(
        Attempt(number, Call.TOP_UP, "X", AT, outcome=outcome) for number, outcome in enumerate(outcomes, start=1)
    )

    assert line_of(structs.replace(ORDER, attempts=attempts)) is line


def config(**tables: Any) -> Config:
    ledger = {"mode": "training", "state_dir": "/nowhere"}
    prices = {"margin_percent": 0, "round_up_to": "0.01"}
    return check({"kiosk": {"id": "K07"}, "ledger": ledger, "prices": prices, **tables}, "the test")


def test_offers_are_compared_by_gigabyte_or_by_day() -> None:
    """The cheapest first; what has no price here is not offered."""
    found = offers(config(), SIM, AT)

    assert [(offer.plan.id, offer.unit, str(offer.unit_price)) for offer in found] == [
        ("half", Unit.GB, "4.00 USD"),
        ("10gb", Unit.GB, "1.00 USD"),
        ("endless", Unit.DAY, "2.00 USD"),
    ]
    assert {offer.was for offer in found} == {None}


def test_credit_is_compared_by_nothing() -> None:
    """It is no gigabytes, and no days."""
    credit = Plan("548-10.00", "10.00 USD", 0, 0, Money(970, "USD"))

    (found,) = offers(config(), replace(SIM, plans=(credit,)), AT)

    assert (found.unit, found.unit_price) == (Unit.WHOLE, found.price)


def test_an_offer_in_a_promotion_shows_both_prices() -> None:
    """The price of today, and what it was."""
    promotion = {"name": {"en": "Summer"}, "percent": 20, "plans": ["10gb"]}
    days = {"first_day": date(2026, 8, 1), "last_day": date(2026, 8, 2)}

    offer = next(offer for offer in offers(config(promotions=[promotion | days]), SIM, AT) if offer.plan.id == "10gb")

    assert (str(offer.price), str(offer.was), str(offer.unit_price)) == ("8.00 USD", "10.00 USD", "0.80 USD")


@pytest.mark.parametrize("quiet", [2, 3, 4])
def test_half_blocks_show_every_module_and_the_quiet_zone(quiet: int) -> None:
    """Two modules in a cell, none lost, paper on every side."""
    code = modules("weixin://wxpay/bizpayurl?pr=abcdefgh")

    lines = half_blocks(code, quiet).split("\n")
    rows = [[sign in "▀█" for sign in line] for line in lines], [[sign in "▄█" for sign in line] for line in lines]
    drawn = [row for pair in zip(*rows, strict=True) for row in pair]

    assert tuple(tuple(row[quiet:-quiet]) for row in drawn[quiet : quiet + len(code)]) == code
    assert not any(any(row) for row in drawn[:quiet] + drawn[quiet + len(code) :])
    assert all(not any(row[:quiet] + row[-quiet:]) for row in drawn)
