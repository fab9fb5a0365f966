"""Cash at the counter: which order, the change in large digits, the PIN; nothing is taken twice or by half."""

from __future__ import annotations

from threading import Event

import pytest

from kiosk.identifiers import grouped_reference
from kiosk.order import Order, State
from kiosk.sale import take_cash
from screens.counter.cash import CashScreen, TakeCashScreen
from tests.screens.counter.desk import PIN, WRONG, in_review, reads, signed_in
from tests.screens.room import NARROW, Room, seen, settled

CHANGE = "6.50"


@pytest.fixture
def slow_list(monkeypatch: pytest.MonkeyPatch) -> Event:
    """The list of what waits for cash is not read before this is set."""
    read, may = CashScreen.read, Event()

    def slow(screen: CashScreen) -> list[Order]:
        may.wait(20)
        return read(screen)

    monkeypatch.setattr(CashScreen, "read", slow)
    return may


async def to_cash(pilot, order: Order | None = None) -> None:  # type: ignore[no-untyped-def]
    await pilot.press("c")
    await settled(pilot, lambda: isinstance(pilot.app.screen, CashScreen), "the list of cash")
    if order:
        await pilot.press(*order.reference, "enter")
        await settled(pilot, lambda: isinstance(pilot.app.screen, TakeCashScreen), "the order's cash")


def change_shown(pilot) -> str:  # type: ignore[no-untyped-def]
    return str(pilot.app.screen.query_one("#change").value)


def now_is(room: Room, order: Order) -> State:
    return room.ledger.order(order.reference).state


async def test_cash_is_taken_by_number_with_the_change_in_large_digits(desk: Room) -> None:
    """List, amount, PIN: on record with the clerk's name, tendered and change; the top-up can start."""
    desk.sell("cash")
    order = sorted([desk.sell("cash"), *desk.ledger.orders()], key=lambda order: order.opened_at)[1]
    async with signed_in(desk, NARROW) as pilot:
        await to_cash(pilot)
        await reads(pilot, "2 wait", "2  T07")
        listed = pilot.app.screen.query_one("#orders").keys  # type: ignore[attr-defined]
        await pilot.press("2", "enter")
        await reads(pilot, "23.50 USD is due")
        await pilot.press(*"30")
        await settled(pilot, lambda: change_shown(pilot) == CHANGE, "the change")
        await pilot.press("enter", *PIN)
        assert PIN not in seen(pilot)
        await pilot.press("enter")
        await reads(pilot, "Taken: 30.00 USD, change 6.50 USD")

    taken = desk.ledger.order(listed[1])
    assert taken.state is State.SUBMITTING
    assert [event["by"] for event in desk.ledger.events(taken.reference)] == ["customer", "clerk:mei"]
    assert order.reference in listed


async def test_a_number_that_is_typed_before_the_list_is_there_waits_for_it(desk: Room, slow_list: Event) -> None:
    """C, 1, Enter at a practised hand's pace, on a machine that is busy."""
    order = desk.sell("cash")
    async with signed_in(desk, NARROW) as pilot:
        await to_cash(pilot)
        await pilot.press("1", "enter")
        await reads(pilot, "One moment ...")
        slow_list.set()
        await reads(pilot, grouped_reference(order.reference), "is due")


@pytest.mark.prove
async def test_a_number_is_of_the_list_that_was_seen_when_its_first_digit_was_typed(desk: Room) -> None:
    """The first order goes while the clerk types: the second is still the second, and no other is opened."""
    desk.sell("cash")
    desk.sell("cash")
    async with signed_in(desk, NARROW) as pilot:
        await to_cash(pilot)
        await reads(pilot, "2  T07")
        gone, meant = map(desk.ledger.order, pilot.app.screen.query_one("#orders").keys)  # type: ignore[attr-defined]
        await pilot.press("2")
        take_cash(desk.ledger, gone, gone.total, by="clerk:bob", at=desk.time.now(), review_by=desk.time.now())
        await reads(pilot, "1 wait", f"2  {grouped_reference(meant.reference)}")
        await pilot.press("enter")
        await reads(pilot, grouped_reference(meant.reference), "is due")


@pytest.mark.prove
async def test_an_order_is_found_by_its_number_typed_or_scanned(desk: Room) -> None:
    """As it stands on the kiosk's screen: grouped or not, small letters or large."""
    desk.sell("cash")
    order = desk.sell("cash")
    async with signed_in(desk) as pilot:
        await to_cash(pilot, order)
        await reads(pilot, order.reference[-4:], "is due")


@pytest.mark.prove
async def test_too_little_money_and_a_wrong_pin_take_nothing(desk: Room) -> None:
    """It says what is missing; a wrong PIN can be typed again at once, and the amount stays."""
    order = desk.sell("cash")
    async with signed_in(desk) as pilot:
        await to_cash(pilot, order)
        await pilot.press(*"20", "enter")
        await reads(pilot, "3.50 USD is missing")
        await pilot.press("backspace", "backspace", *"24", "enter", *WRONG, "enter")
        await reads(pilot, "do not match")
        assert now_is(desk, order) is State.AUTHORIZING
        await pilot.press(*PIN, "enter")
        await reads(pilot, "Taken: 24.00 USD, change 0.50 USD")

    assert now_is(desk, order) is State.SUBMITTING


@pytest.mark.prove
async def test_who_comes_second_is_told_that_the_cash_is_still_the_customers(desk: Room) -> None:
    """Another clerk took it while this one counted: it says who, and nothing is taken twice."""
    order = desk.sell("cash")
    async with signed_in(desk) as pilot:
        await to_cash(pilot, order)
        now = desk.time.now()
        take_cash(desk.ledger, order, order.total, by="clerk:bob", at=now, review_by=now)
        await pilot.press(*"30", "enter", *PIN, "enter")
        await reads(pilot, "paid by clerk:bob", "not on record: give it back")

    assert [event["event"] for event in desk.ledger.events(order.reference)] == ["opened", "paid"]


@pytest.mark.prove
async def test_what_is_not_paid_in_cash_is_said_before_money_is_counted(desk: Room) -> None:
    """A wallet's order has no cash to take."""
    order = in_review(desk)
    async with signed_in(desk) as pilot:
        await to_cash(pilot, order)
        await reads(pilot, "No cash is due")


@pytest.mark.prove
async def test_money_in_the_wrong_field_is_neither_shown_nor_looked_for(desk: Room) -> None:
    """A wallet's payment code that was scanned here goes from the screen at once."""
    desk.sell("cash")
    async with signed_in(desk) as pilot:
        await to_cash(pilot)
        await pilot.press(*"134567890123456789", "enter")
        await reads(pilot, "It is money")

        assert "134567" not in seen(pilot)


@pytest.mark.prove
async def test_a_ledger_that_cannot_be_written_says_that_the_cash_is_the_customers(desk: Room) -> None:
    """Whoever holds the money in their hand reads what becomes of it."""
    order = desk.sell("cash")
    async with signed_in(desk) as pilot:
        await to_cash(pilot, order)
        await pilot.press(*"30", "enter")
        desk.ledger.database.execute("PRAGMA query_only = ON")
        await pilot.press(*PIN, "enter")
        await reads(pilot, "read-only", "not on record: give it back")
        desk.ledger.database.execute("PRAGMA query_only = OFF")

    assert now_is(desk, order) is State.AUTHORIZING
