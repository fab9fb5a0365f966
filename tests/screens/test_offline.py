"""Welcome and summary while the provider is away: said before any money moves, and taken back by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.sale import take_cash
from screens.summary import SummaryScreen
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, PLANS, SIM, Host, Room, on, said, sees, settled

RULES = {"orders_max": 2, "amount_max": "100.00", "oldest_max_h": 2, "tenders": ["cash"]}


@pytest.fixture
def lenient(tmp_path: Path) -> Iterator[Room]:
    """A kiosk that may sell two orders for cash while the provider is away."""
    made = Room(tmp_path, offline=RULES)
    yield made
    made.close()


def summary(room: Room) -> Host:
    return Host(room, lambda room: SummaryScreen(room, room.network.sim(SIM), PLANS[1]))


def away(room: Room) -> None:
    """A paid order waits, and the provider has not answered for a while."""
    room.network.weather = lambda asked: "down"
    order, now = room.sell(), room.time.now()
    take_cash(room.ledger, order, order.total, by="mei", at=now, review_by=now)
    for _ in range(8):
        room.work()
        room.time.go_on(seconds=20)


def back(room: Room) -> None:
    room.network.weather = lambda asked: None
    room.time.go_on(minutes=10)
    room.work()


async def test_nothing_can_be_paid_while_the_provider_is_away_and_it_opens_by_itself(room: Room) -> None:
    """Neither key nor touch takes money for what is known to be undeliverable."""
    away(room)
    app = summary(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SummaryScreen)
        await sees(pilot, "not now: no network answer")
        await settled(pilot, lambda: "nothing can be sold now. Nothing was charged." in said(pilot, "hint"))
        await sees(pilot, "no line")
        await pilot.press("1", "2", "enter")
        await pilot.pause(0.1)
        taken = list(app.answers)
        back(room)
        await pilot.press("2")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert taken == []
        assert app.answers[0].tender.name == "cash"


async def test_a_provider_that_goes_away_in_between_is_noticed_before_the_choice_counts(room: Room) -> None:
    """The summary was painted while all was well."""
    app = summary(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SummaryScreen)
        await sees(pilot, "at the counter")
        away(room)

        await pilot.press("2")
        await sees(pilot, "not now: no network answer")

        assert app.answers == []


@pytest.mark.prove
async def test_with_rules_the_customer_knows_what_waiting_means(lenient: Room) -> None:
    """Sold on, with the hours that it may take; no wallet; and at the limit no more."""
    away(lenient)
    app = summary(lenient)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SummaryScreen)
        await settled(pilot, lambda: "delivered within 24 hours, or given back" in said(pilot, "hint"))
        await pilot.press("2")
        await settled(pilot, lambda: bool(app.answers), "an answer")
        lenient.sell()
        await sees(pilot, "not now: too many wait")

        assert [choice.tender.name for choice in app.answers] == ["cash"]


@pytest.mark.prove
async def test_the_welcome_screen_says_it_before_a_number_is_typed(room: Room) -> None:
    """In both languages, and no longer than it is so."""
    app = Host(room, WelcomeScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        away(room)
        await settled(pilot, lambda: said(pilot, "ways") == "none just now: the mobile network does not answer")
        back(room)
        await settled(pilot, lambda: "none" not in said(pilot, "ways"))
