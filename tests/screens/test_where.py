"""Where is my top-up? By the order number, or by the card number and the order number's end; by nothing less."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kiosk.errors import UnknownOrder
from kiosk.identifiers import CROCKFORD, grouped_reference, new_reference
from kiosk.look_up import WITHIN, WRONG_MAX, LookUp, TooManyGuesses, clean_ending
from kiosk.texts import LANGUAGES
from screens.app import KioskApp
from screens.found import FoundScreen
from screens.welcome import WelcomeScreen
from screens.where import WhereScreen
from tests.screens.room import NARROW, OTHER, SIM, Host, Room, on, said, seen, sees, settled, type_in
from tests.screens.test_done import delivered


def test_a_card_number_finds_nothing_without_the_end_of_its_order_number(room: Room) -> None:
    """Nor does a part of that end; and the answer is the same whether there is an order or not."""
    order, look_up = delivered(room), LookUp(lambda: room.ledger, room.clock.now)

    said = set()
    for number, ending in ((SIM, ""), (SIM, order.reference[-3:]), (OTHER, order.reference[-4:]), (OTHER, "0000")):
        with pytest.raises(UnknownOrder) as caught:
            look_up.by_sim(number, ending)
        said.add(str(caught.value))
    assert len(said) == 1
    assert look_up.by_sim(SIM, clean_ending(f" {order.reference[-4:].lower()} ")) == order


def test_guessing_is_refused_for_some_minutes(room: Room) -> None:
    """By either way; what is right is not looked up then either."""
    order, look_up = delivered(room), LookUp(lambda: room.ledger, room.clock.now)
    unknown = new_reference("K07", lambda alphabet: alphabet[7])
    with pytest.raises(UnknownOrder):
        look_up.by_reference(unknown)
    for _ in range(WRONG_MAX - 1):
        with pytest.raises(UnknownOrder):
            look_up.by_sim(SIM, "0000")

    with pytest.raises(TooManyGuesses):
        look_up.by_sim(SIM, order.reference[-4:])
    with pytest.raises(TooManyGuesses):
        look_up.by_reference(order.reference)
    room.time.go_on(seconds=WITHIN.total_seconds() + 1)
    assert look_up.by_reference(order.reference) == order


async def test_the_order_number_leads_to_the_order(room: Room) -> None:
    """Typed as it stands on the paper, small letters and hyphens or not."""
    order = delivered(room)
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await pilot.press("w")
        await on(pilot, WhereScreen)
        await type_in(pilot, grouped_reference(order.reference).lower())
        await pilot.press("enter")

        await on(pilot, FoundScreen)
        await sees(pilot, "Delivered: 10 GB on your card")


@pytest.mark.prove
async def test_the_card_number_needs_the_order_numbers_end(room: Room) -> None:
    """A wrong end says no more than that nothing was found, and the card number is not shown whole."""
    order = delivered(room)
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await pilot.press("w")
        await on(pilot, WhereScreen)
        for ending, comes in (("0000", "No such order was found"), (order.reference[-4:], "Delivered: 10 GB")):
            await type_in(pilot, SIM)
            await pilot.press("enter")
            await sees(pilot, "Now the last 4 characters")
            assert SIM[4:-4] not in seen(pilot).replace(" ", "")
            await type_in(pilot, ending)
            await pilot.press("enter")
            await sees(pilot, comes)

        assert isinstance(app.screen, FoundScreen)


@pytest.mark.prove
async def test_what_is_neither_is_said_to_be_so_and_a_bank_card_is_thrown_away(room: Room) -> None:
    """It can be mended where it was mistyped; money is gone with its last digit. Esc leads back."""
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await pilot.press("w")
        await on(pilot, WhereScreen)
        await type_in(pilot, "K07XX")
        await pilot.press("enter")
        await sees(pilot, "neither an order number nor a card number")
        assert isinstance(app.screen, WhereScreen)
        assert app.screen.typed == "K07XX"
        await pilot.press(*["backspace"] * 5)
        await type_in(pilot, "4222222222222")
        await settled(pilot, lambda: "bank card" in said(pilot, "feedback"), "a word on it")
        assert app.screen.typed == ""
        await pilot.press("escape")
        await on(pilot, WelcomeScreen)


def test_what_a_scanner_and_a_look_up_need_is_not_loaded_before_the_first_picture() -> None:
    """Each of these costs the first customer of the day a moment."""
    slow = {"kiosk.order", "kiosk.ports", "kiosk.receipt", "serial", "evdev", "stdnum", "sqlite_utils", "httpx"}
    house = "House(check({'scanner': {'kind': 'serial', 'device': '/dev/ttyACM0'}}, 'config.toml'))"
    code = "import sys\nfrom kiosk.config import check\nfrom kiosk.assembly import House\n"
    code += "from screens.app import KioskApp\n"
    code += f"KioskApp({house})\nprint(sorted({slow!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@pytest.mark.prove
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_letter_has_a_whole_key_on_the_smallest_terminal(room: Room, language: str) -> None:
    """Who has no keyboard types by touch: the last row is not cut, and there is room for a word on what was typed."""
    app = Host(room, lambda room: WhereScreen(room, LookUp(lambda: room.ledger, room.clock.now)))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WhereScreen)
        app.language = language
        await pilot.pause(0.1)
        screen = app.screen

        assert all(screen.query_one(f"#pad-{sign}").region.height == 3 for sign in CROCKFORD)
        assert screen.query_one("#pad-Z").region.bottom <= screen.query_one("#foot").region.y
        assert screen.query_one("#hint").region.height <= 2
