"""One field understands whatever the customer has in hand."""

from __future__ import annotations

import pytest
from textual import events

from kiosk.contacts import Channel, Contact
from kiosk.identifiers import grouped_reference
from kiosk.ledger.messages import leave_contact
from kiosk.search import NOT_HERE, find
from screens.counter.order import OrderScreen
from tests.screens.counter.desk import in_review, reads, signed_in, tap, touch
from tests.screens.room import OTHER, PLANS, SIM, Room, settled

ADDRESS, MOBILE = "Mei.Li@example.com", "+8613800138000"


@pytest.mark.parametrize(
    "typed",
    [
        SIM,
        SIM[-6:],
        "4200001234567",
        "mei.li@EXAMPLE.com",
        "23.50",
        "$23.50",
        "2026-08-01",
        "today",
    ],
)
def test_an_order_is_found_by_what_the_customer_has(desk: Room, typed: str) -> None:
    """A SIM's number or its end, the payment's number, an address, an amount, a day."""
    desk.sell("cash", PLANS[0], OTHER)
    desk.time.go_on(days=-9)
    desk.sell("cash", PLANS[0], OTHER)
    desk.time.go_on(days=9)
    order = in_review(desk)
    contact = Contact(Channel.EMAIL, ADDRESS, "en")
    leave_contact(desk.ledger, order, contact, None, at=desk.time.now())

    found = find(desk, typed)

    assert order.reference in [each.reference for each in found.orders]
    assert len(found.orders) <= 2
    assert found.read_as.startswith("read as")


def test_an_order_is_found_by_its_reference_and_by_the_phone_that_got_the_sms(desk: Room) -> None:
    """The reference in any spelling; the phone as its owner writes it."""
    order = desk.sell("cash")
    leave_contact(desk.ledger, order, Contact(Channel.SMS, MOBILE, "zh"), None, at=desk.time.now())

    for typed in (grouped_reference(order.reference).lower(), order.reference + "P1", "+86 138 0013 8000"):
        assert [each.reference for each in find(desk, typed).orders] == [order.reference], typed


def test_a_sim_that_is_known_by_its_phone_number_is_found_by_it(either: Room) -> None:
    """However it is written."""
    order = either.sell("cash", number="+13055550142")  # type: ignore[arg-type]

    for typed in ("305 555 0142", "+1 305-555-0142", "(305) 555-0142"):
        assert [each.reference for each in find(either, typed).orders] == [order.reference], typed


@pytest.mark.parametrize("typed", ["134567890123456789", "4111 1111 1111 1111"])
def test_money_is_not_looked_for(desk: Room, typed: str) -> None:
    """A wallet's code, a bank card."""
    desk.sell("cash")

    assert find(desk, typed).orders == ()
    assert find(desk, typed).read_as == NOT_HERE


def test_what_nobody_can_read_says_what_can_be_read(desk: Room) -> None:
    """With an example of each."""
    assert "e-mail" in find(desk, "hello").read_as


def test_what_is_looked_up_is_found_by_an_index(desk: Room) -> None:
    """A million orders must not make a clerk wait."""
    for sql in (
        "EXPLAIN QUERY PLAN SELECT 1 FROM orders WHERE payment_number = '1' AND payment_number <> ''",
        "EXPLAIN QUERY PLAN SELECT 1 FROM orders WHERE delivery_number = '1' AND delivery_number <> ''",
        "EXPLAIN QUERY PLAN SELECT 1 FROM orders WHERE total_minor = 1 ORDER BY opened_at DESC",
        "EXPLAIN QUERY PLAN SELECT 1 FROM orders WHERE opened_at >= '1' AND opened_at < '2'",
        "EXPLAIN QUERY PLAN SELECT 1 FROM orders WHERE sim_last6 = '1'",
        "EXPLAIN QUERY PLAN SELECT 1 FROM contacts WHERE address = 'a' COLLATE NOCASE",
    ):
        plan = desk.ledger.database.rows(sql)
        assert all("USING" in row["detail"] and "INDEX" in row["detail"] for row in plan), (sql, plan)


@pytest.mark.prove
async def test_one_order_opens_at_once_and_of_several_one_is_chosen(desk: Room) -> None:
    """From the field to the page, by keys alone."""
    order = in_review(desk)
    desk.sell("cash")
    async with signed_in(desk) as pilot:
        await tap(pilot, "l")
        await pilot.press(*order.reference, "enter")
        await settled(pilot, lambda: isinstance(pilot.app.screen, OrderScreen), "its page")
        await pilot.press("escape")
        await reads(pilot, "read as a reference")
        await pilot.press(*"today", "enter")
        await reads(pilot, "2 found, read as the day 2026-08-01")
        await pilot.press("down", "enter")
        await settled(pilot, lambda: isinstance(pilot.app.screen, OrderScreen), "the page of the one that was chosen")


@pytest.mark.prove
async def test_a_receipt_that_is_scanned_at_the_board_opens_its_order_and_presses_no_keys(desk: Room) -> None:
    """However many of its letters are keys there; a code that nobody knows opens nothing."""
    order = in_review(desk)
    async with signed_in(desk) as pilot:
        for sign in [*order.reference, "enter"]:
            pilot.app.post_message(events.Key(sign, sign if len(sign) == 1 else None))
        await settled(pilot, lambda: isinstance(pilot.app.screen, OrderScreen), "its page")
        await reads(pilot, "a clerk must decide")
        for sign in "pfd":
            pilot.app.post_message(events.Key(sign, sign))
        await reads(pilot, "Nothing is scanned here")

        assert isinstance(pilot.app.screen, OrderScreen)


@pytest.mark.prove
async def test_what_found_nothing_gives_way_to_what_is_typed_next(desk: Room) -> None:
    """The next number is not hung on to the last."""
    order = desk.sell("cash")
    async with signed_in(desk) as pilot:
        await tap(pilot, "l")
        await pilot.press(*"nobody@example.com", "enter")
        await reads(pilot, "Nothing found")
        await pilot.press(*order.reference, "enter")
        await settled(pilot, lambda: isinstance(pilot.app.screen, OrderScreen), "its page")


@pytest.mark.prove
async def test_the_keys_at_the_foot_do_by_touch_what_they_do_typed(desk: Room) -> None:
    """Enter in a field and in a list, Tab from one to the other: whoever has no keys at hand touches them."""
    order = desk.sell("cash")
    async with signed_in(desk) as pilot:
        await touch(pilot, "enter")
        await settled(pilot, lambda: isinstance(pilot.app.screen, OrderScreen), "the page of the row that is chosen")
        await touch(pilot, "escape")
        desk.sell("cash")
        await touch(pilot, "l")
        await pilot.press(*"today")
        await touch(pilot, "enter")
        await reads(pilot, "2 found")
        await touch(pilot, "tab")
        await reads(pilot, "To the list")
        await touch(pilot, "tab")
        await reads(pilot, "Another")
        await touch(pilot, "enter")
        await settled(pilot, lambda: isinstance(pilot.app.screen, OrderScreen), "the page of the one that was chosen")
        assert desk.ledger.order(order.reference) == order
