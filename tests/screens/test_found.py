"""Somebody comes back with a receipt: its code shows how the order stands, and nothing else does."""

from __future__ import annotations

from kiosk.identifiers import new_reference
from screens.app import KioskApp
from screens.found import FoundScreen
from screens.scans import STALL_S
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, SIM, Host, Room, hand_over, on, said, seen, sees, settled
from tests.screens.test_done import delivered


async def test_a_scanned_receipt_shows_how_its_order_stands(room: Room) -> None:
    """State, timeline and receipt; back to the welcome screen with Enter, and nothing of it stays."""
    order = delivered(room)
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)

        hand_over(app, *order.reference, "enter")
        await on(pilot, FoundScreen)
        await sees(pilot, "Delivered: 10 GB on your card")
        shown = seen(pilot)
        papers = list(room.paper.papers)
        await pilot.pause(STALL_S)  # an Enter right behind a scan is its second ending
        await pilot.press("enter")
        await on(pilot, WelcomeScreen)

        assert "Paid: $" in shown
        assert SIM not in shown.replace(" ", "")
        assert papers == []
        assert room.ledger.order(order.reference) == order


async def test_a_copy_is_printed_where_it_is_asked_for_and_once(room: Room) -> None:
    """Not by itself: the paper may be in the customer's hand."""
    order = delivered(room)
    app = Host(room, lambda room: FoundScreen(room, order))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, FoundScreen)
        await pilot.press("p")
        await settled(pilot, lambda: bool(said(pilot, "paper")) and len(room.paper.papers) == 1, "a paper")
        await pilot.press("p", "t")
        await pilot.pause(0.1)

        assert len(room.paper.papers) == 1
        assert app.answers == []


async def test_an_order_that_is_not_paid_is_said_to_be_so(room: Room) -> None:
    """Whether it can still be paid, the screen where it was made says."""
    order = room.sell("cash")
    app = Host(room, lambda room: FoundScreen(room, order))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, FoundScreen)

        await sees(pilot, "No payment has arrived yet")
        assert "Print a copy" not in seen(pilot)


async def test_a_receipt_of_another_kiosk_is_said_to_be_unknown(room: Room) -> None:
    """It is ours by its form, and in no ledger here."""
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        hand_over(app, *new_reference("K09", lambda alphabet: alphabet[7]), "enter")
        await settled(pilot, lambda: "does not know that receipt" in said(pilot, "still-there"), "a word on it")

        assert isinstance(app.screen, WelcomeScreen)
