"""A SIM that nobody could look at: sold by the last known plans of its kind, where the owner allows it; else not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.config import Config, check
from kiosk.decisions import hand_back
from kiosk.errors import LedgerBusy, Refused
from kiosk.identifiers import SimNumber, SimRule
from kiosk.inquiry import Inquiry
from kiosk.ledger.verify import problems
from kiosk.order import Order, State
from kiosk.outlook import outlook
from kiosk.plans import Line, LineKind, Sim
from kiosk.sale import open_sale
from kiosk.simulation.remotes import CARD, PLAN, PRICE, FakeProvider, SetClock
from kiosk.simulation.shop import Shop
from kiosk.unseen import kind_of, remember, unseen
from kiosk.ways import Hindrance, LineState, ways_to_pay

ALIKE, ANOTHER, PHONE = SimNumber("8901260711302984552"), SimNumber("8944500219384756484"), SimNumber("+13055550142")
RULES = {"orders_max": 3, "amount_max": "100.00", "oldest_max_h": 2, "tenders": ["cash"], "catalogue_max_h": 12}
HOUR = timedelta(hours=1)
SERVED = (SimRule("89", (19,), True, "airtime"),)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


def config(rules: dict[str, Any] | None = RULES) -> Config:
    raw: dict[str, Any] = {"ledger": {"mode": "training"}, "providers": {"airtime": {}}, "tenders": {"cash": {}}}
    return check(raw | ({"offline": rules} if rules else {}), "config.toml")


def heard(shop: Shop, sim: Sim | None = None) -> None:
    """The provider answers about a SIM, now."""
    remember(shop.ledger, config(), sim or Sim(CARD, "airtime", (PLAN,)), shop.clock.now())


def found(shop: Shop, number: SimNumber = ALIKE, rules: dict[str, Any] | None = RULES) -> Sim | None:
    return unseen(shop.ledger, config(rules), number, "airtime", shop.clock.now())


@pytest.mark.parametrize(
    ("number", "prefixes", "kind"),
    [
        (CARD, (), "8901260"),
        (CARD, ("89",), "8901260"),
        (CARD, ("8901260",), "8901260"),
        (CARD, ("8901", "890126086"), "890126086"),
        (CARD, ("890126099",), "8901260"),
        (ANOTHER, ("8901260",), "8944500"),
        (PHONE, ("1305",), ""),
    ],
)
def test_sims_of_one_kind_have_their_issuer_in_common_at_least(
    number: SimNumber, prefixes: tuple[str, ...], kind: str
) -> None:
    """The owner's rules tell them further apart, and never throw two issuers together; a phone number is of no kind."""
    assert kind_of(number, [SimRule(prefix, (19,), True, "airtime") for prefix in prefixes]) == kind


def test_the_last_plans_of_a_kind_stand_for_a_card_that_nobody_could_look_at(shop: Shop) -> None:
    """With the moment at which they were told; no word about what is left on it."""
    heard(shop)
    at = shop.clock.now()
    shop.clock.go_on(hours=11)

    assert found(shop) == Sim(ALIKE, "airtime", (PLAN,), remembered_at=at)


def test_the_newest_word_counts(shop: Shop) -> None:
    """Whichever card of the kind it was about; one that takes no plans speaks for itself alone."""
    dearer = replace(PLAN, wholesale=PRICE)
    heard(shop)
    heard(shop, Sim(ALIKE, "airtime", (dearer,)))
    heard(shop, Sim(CARD, "airtime", ()))
    known = found(shop)

    assert known is not None
    assert known.plans == (dearer,)


@pytest.mark.parametrize(
    ("number", "rules", "after"),
    [
        (ANOTHER, RULES, HOUR),
        (PHONE, RULES, HOUR),
        (ALIKE, RULES, 12 * HOUR + timedelta(seconds=1)),
        (ALIKE, RULES, -13 * HOUR),
        (ALIKE, RULES | {"catalogue_max_h": 0}, HOUR),
        (ALIKE, {key: value for key, value in RULES.items() if key != "catalogue_max_h"}, HOUR),
        (ALIKE, None, HOUR),
    ],
    ids=["another issuer", "a phone number", "too old", "a clock that went back", "switched off", "unsaid", "no rules"],
)
def test_nothing_is_remembered_beyond_what_the_owner_allows(
    shop: Shop, number: SimNumber, rules: dict[str, Any] | None, after: timedelta
) -> None:
    """By default no card is sold unseen."""
    heard(shop)
    heard(shop, Sim(PHONE, "airtime", (PLAN,), network="T-Mobile US"))
    shop.clock.at += after

    assert found(shop, number, rules) is None


@pytest.mark.parametrize(
    ("number", "sold"),
    [("8901260711302984552", True), ("8901260711302984553", False), ("890126071130298455B", False)],
)
def test_a_number_that_may_be_mistyped_is_not_sold_to_unseen(shop: Shop, number: str, sold: bool) -> None:
    """Its own check digit alone can tell now; where cards have none, the owner has said so."""
    heard(shop)
    plain = {"prefix": "8901260", "lengths": [19], "check_digit": False, "provider": "airtime"}
    raw: dict[str, Any] = {"ledger": {"mode": "training"}, "providers": {"airtime": {}}, "tenders": {"cash": {}}}
    without = check(raw | {"offline": RULES, "sims": [plain]}, "config.toml")

    assert (found(shop, SimNumber(number)) is not None) is sold
    assert unseen(shop.ledger, without, SimNumber(number), "airtime", shop.clock.now()) is not None


def test_another_provider_knows_another_catalogue(shop: Shop) -> None:
    """The same cards may be served by another one now."""
    heard(shop, Sim(CARD, "another", (PLAN,)))

    assert found(shop) is None


def test_the_question_is_answered_though_nobody_could_remember(tmp_path: Path) -> None:
    """A ledger that cannot be written costs the customer nothing."""

    def broken(sim: Sim) -> None:
        raise LedgerBusy("the ledger is locked")

    inquiry = Inquiry(lambda: {"airtime": FakeProvider(SetClock())}, SERVED, broken)

    assert inquiry.sim_now(CARD).plans == (PLAN,)


def test_every_answer_is_remembered_and_changes_nothing_in_the_chain(shop: Shop) -> None:
    """Asked from the screens or from the command line: both ask through the inquiry."""
    before = shop.ledger.head()
    Inquiry(lambda: shop.providers, SERVED, lambda sim: remember(shop.ledger, config(), sim, shop.clock.now())).sim_now(
        CARD
    )

    assert found(shop) is not None
    assert shop.ledger.head() == before


@pytest.mark.parametrize(
    ("rules", "cash"), [(RULES, None), (RULES | {"tenders": ["wallet"]}, Hindrance.PROVIDER_AWAY), (None, None)]
)
def test_an_unseen_card_is_paid_by_the_owners_ways_alone(
    shop: Shop, rules: dict[str, Any] | None, cash: Hindrance | None
) -> None:
    """Nothing waits yet, and the queue has heard nothing: the customer's own question is what says that it is away."""
    raw: dict[str, Any] = {"ledger": {"mode": "training"}, "providers": {"airtime": {}}}
    raw |= {"tenders": {"cash": {}, "wallet": {}}} | ({"offline": rules} if rules else {})
    known = check(raw, "config.toml")
    ahead = outlook(shop.ledger, known, shop.clock, ["airtime"], PRICE, unseen=True)
    usual = outlook(shop.ledger, known, shop.clock, ["airtime"], PRICE)
    (way,) = ways_to_pay({"cash": shop.tenders["cash"]}, LineState.DOWN, ahead)

    assert (ahead.provider_away, usual.provider_away) == (True, False)
    assert way.hindrance is (cash if rules else Hindrance.PROVIDER_AWAY)


def test_the_limits_hold_for_unseen_cards_too(shop: Shop) -> None:
    """The fourth of three."""
    shop.provider.weather = lambda asked: "down"
    for _ in range(3):
        shop.sell("cash")

    ahead = outlook(shop.ledger, config(), shop.clock, ["airtime"], PRICE, unseen=True)

    assert "offline.orders_max is 3" in ahead.limit


def sold_unseen(shop: Shop) -> Order:
    """A cash sale of a card that nobody could look at, paid, while the provider is away."""
    heard(shop)
    sim = found(shop)
    assert sim is not None
    order = open_sale(
        shop.ledger, sim, sim.plans[0], (Line(LineKind.PLAN, PLAN.title, PRICE),), shop.tenders["cash"],
        kiosk="T07", language="en", by="mei", at=shop.clock.now(), choose=shop.random.choice,
    )  # fmt: skip
    shop.take_cash(order.reference)
    shop.wait(minutes=1)
    return shop.order(order.reference)


def test_an_unseen_card_that_the_provider_does_not_know_ends_given_back(shop: Shop) -> None:
    """When the line is back: refused, to be given back, given back; nothing was delivered, and nothing is in doubt."""
    shop.provider.weather = lambda asked: "down"
    waiting = sold_unseen(shop)
    shop.provider.weather = lambda asked: Refused("it does not know this SIM", code="unknown_sim")
    shop.wait(minutes=15)
    refused = shop.order(waiting.reference)
    given = hand_back(shop.ledger, refused, by="mei", at=shop.clock.now())

    assert waiting.state is State.SUBMITTING
    assert (refused.state, refused.reason) == (State.REFUNDING, "it does not know this SIM")
    assert given.state is State.REFUNDED
    assert shop.provider.delivered(given) == 0
    assert list(problems(shop.ledger)) == []


def test_an_unseen_card_that_is_known_is_delivered_when_the_line_is_back(shop: Shop) -> None:
    """Once; and its timeline says for good that nobody had looked at it."""
    shop.provider.weather = lambda asked: "down"
    waiting = sold_unseen(shop)
    shop.provider.weather = lambda asked: None
    shop.wait(minutes=15)
    events = list(shop.ledger.events(waiting.reference))

    assert shop.state(waiting.reference) is State.COMPLETED
    assert shop.provider.delivered(waiting) == 1
    assert events[0]["body"]["remote"] == "airtime did not answer: SIM not seen, plans of 2026-08-01 12:00 UTC"
    assert list(problems(shop.ledger)) == []
