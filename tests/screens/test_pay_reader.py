"""A card at the reader: what to do there, why a card was declined, and another try."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from kiosk.errors import NotNow, Refused
from kiosk.facts import Call
from kiosk.order import Order, State
from kiosk.ways import Hindrance
from screens.frame import KioskScreen
from screens.pay import pay_screen
from screens.pay_reader import ReaderScreen
from screens.summary import SummaryScreen
from tests.screens.room import NARROW, PLANS, SIM, Host, Room, on, said, seen, sees, settled, speak


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path, tenders={"card": {}, "cash": {}})
    yield made
    made.close()


def host(room: Room) -> Host:
    order = room.sell("card")
    return Host(room, lambda room: pay_screen(room, order, room.tenders["card"]))


async def declined(room: Room, pilot: Pilot[None], code: str) -> None:
    """The reader was asked, and the bank said no."""
    await on(pilot, ReaderScreen)
    room.work()
    await sees(pilot, "Insert, tap or swipe your card at the reader")
    room.card.says = Refused("the reader took no card for it", again=True, code=code)
    room.time.go_on(seconds=10)
    room.work()


async def test_a_card_that_is_taken_moves_on_by_itself(room: Room) -> None:
    """The amount is there, the reader asks, the ledger says paid."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ReaderScreen)
        await sees(pilot, "Waking the card reader")
        room.work()
        await sees(pilot, "Insert, tap or swipe your card at the reader")
        whole = app.screen.query_one("#body").content_region.contains_region(app.screen.query_one("#practice").region)
        room.card.pay(room.only_order().reference, room.only_order().total)
        room.time.go_on(seconds=10)
        room.work()
        await settled(pilot, lambda: bool(app.answers), "an answer")

    assert whole
    assert app.answers[0].paid == room.only_order().total


@pytest.mark.prove
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("no_funds", "There is not enough money on this card"),
        ("expired", "This card has expired"),
        ("wrong_pin", "The PIN was wrong, or none was entered"),
        ("pin_locked", "The PIN was wrong too often"),
        ("not_read", "The card could not be read"),
        ("stopped", "It was cancelled at the reader"),
        ("reader_lost", "The reader asks for no card any more"),
        ("declined", "The bank of this card said no"),
        ("whatever", "The bank of this card said no"),
    ],
)
async def test_why_no_card_was_taken_is_said(room: Room, code: str, words: str) -> None:
    """And that nothing was charged."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await declined(room, pilot, code)
        await sees(pilot, words)

        assert "Nothing was charged" in said(pilot, "hint")


async def test_a_declined_card_may_be_tried_again(room: Room) -> None:
    """In the same order; nothing is tried again before the customer says so."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await declined(room, pilot, "no_funds")
        await sees(pilot, "There is not enough money")
        room.card.says = None
        room.time.go_on(seconds=30)
        room.work()
        before = len(room.only_order().of(Call.START))
        await pilot.press("r")
        await sees(pilot, "Waking the card reader")
        room.work()
        await sees(pilot, "Insert, tap or swipe your card at the reader")

        assert (before, len(room.only_order().of(Call.START))) == (1, 2)


async def test_a_reader_that_shows_nothing_is_asked_again(room: Room) -> None:
    """It was switched off and on, and nobody can see that from here: the customer can."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ReaderScreen)
        room.work()
        await sees(pilot, "Ask again")
        await pilot.press("r")
        await sees(pilot, "Waking the card reader")
        room.work()
        await settled(pilot, lambda: len(room.only_order().of(Call.START)) == 2, "a second call")

        assert room.only_order().state is State.AUTHORIZING


async def test_a_reader_that_does_not_answer_is_told(room: Room) -> None:
    """The customer can wait, or take another way to pay."""
    room.card.faults.append(NotNow("The card reader is offline."))
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ReaderScreen)
        room.work()
        await sees(pilot, "The card reader does not answer yet")

        assert "take another way to pay" in said(pilot, "hint")
        assert "Try again" not in seen(pilot)


@pytest.mark.prove
async def test_both_languages_say_it_at_the_smallest_size(room: Room) -> None:
    """F2 in the middle changes every word."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await declined(room, pilot, "expired")
        await sees(pilot, "This card has expired")
        await speak(pilot, "zh")
        await sees(pilot, "这张银行卡已过期")

        assert "没有扣款" in said(pilot, "hint")
        assert "重试" in seen(pilot) or "再试" in seen(pilot)


async def test_leaving_is_on_disk_before_the_screen_goes(room: Room) -> None:
    """Another way to pay: this order can only be given back from now on, and the reader is busy with it till then."""
    sold: list[Order] = []

    def next_customer(room: Room) -> KioskScreen[Order]:
        sold.append(room.sell("card"))
        return pay_screen(room, sold[-1], room.tenders["card"])

    app = Host(room, next_customer)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ReaderScreen)
        room.work()
        await sees(pilot, "Insert, tap or swipe")
        await pilot.press("t")
        await settled(pilot, lambda: bool(app.answers), "an answer")

    assert app.answers == [None]
    assert room.ledger.order(sold[0].reference).state is State.CANCELLING
    assert "card" in room.outlook().unpaid


async def test_a_reader_that_is_busy_is_shown_with_its_reason(room: Room) -> None:
    """And offered again as soon as it is free."""
    room.sell("card")
    app = Host(room, lambda room: SummaryScreen(room, room.network.sim(SIM), PLANS[1]))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SummaryScreen)
        screen = app.screen
        assert isinstance(screen, SummaryScreen)

        await sees(pilot, "not now: the reader is busy")
        assert screen.ways[0].hindrance is Hindrance.READER_BUSY
