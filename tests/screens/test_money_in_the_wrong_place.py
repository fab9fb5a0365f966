"""A bank card or a payment code where none is asked for: thrown away at once, told, and found nowhere afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.widgets import Input

from kiosk.scanned import ScanKind
from kiosk.texts import LANGUAGES, texts
from screens.clerk import ClerkScreen, end_words
from screens.frame import KioskScreen
from screens.number import NumberScreen
from screens.number_words import scan_words
from screens.parts import Notice
from screens.plan import PlanScreen
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, OTHER, SIM, Host, Room, hand_over, on, said, seen, sees, settled, type_in

CARD = "4111111111111111"
STRIPE = f"%B{CARD}^TRAVELLER/T^29121010000000000?"
CODE = "134567890123456789"
SCREENS: dict[str, tuple[type[KioskScreen[Any]], Callable[[Room], KioskScreen[Any]]]] = {
    "welcome": (WelcomeScreen, WelcomeScreen),
    "number": (NumberScreen, NumberScreen),
    "plan": (PlanScreen, lambda room: PlanScreen(room, room.network.sim(SIM))),
    "clerk": (ClerkScreen, lambda room: ClerkScreen(room, lambda name, pin: False, end_words)),
}


def leave_no_trace(room: Room, log: str, secret: str) -> None:
    """Not in the ledger, nor in any other file of the kiosk, nor in what was logged: whole, or the most of it."""
    folder = room.config.state_dir
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    for piece in (secret, secret[4:-1], secret[:12]):
        assert piece not in log
        for path in files:
            assert piece.encode() not in path.read_bytes(), path


PROVE = pytest.mark.prove
MONEY = {"stripe": STRIPE, "number": CARD, "torn stripe": STRIPE[1:], "code": CODE}


@pytest.mark.parametrize("what", ["stripe", *(pytest.param(what, marks=PROVE) for what in list(MONEY)[1:])])
@pytest.mark.parametrize("ending", [("enter",), pytest.param((), marks=PROVE)], ids=["enter", "no ending"])
@pytest.mark.parametrize("which", SCREENS)
async def test_money_scanned_in_the_wrong_place_is_thrown_away(
    room: Room, caplog: pytest.LogCaptureFixture, which: str, ending: tuple[str, ...], what: str
) -> None:
    """Whatever screen is up: it presses nothing, is never seen, and nothing of it is kept."""
    kind, make = SCREENS[which]
    scanned, digits = MONEY[what], CODE if what == "code" else CARD
    app = Host(room, make)
    flashes: list[str] = []

    def told() -> bool:
        flashes.append(seen(pilot).replace(" ", ""))
        return ("That is a payment code" if what == "code" else "That is a bank card") in seen(pilot)

    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, kind)

        hand_over(app, *scanned, *ending)
        await settled(pilot, told, "a word on it")
        inputs = [widget.value for widget in app.screen.query(Input)]

        assert isinstance(app.screen, kind)
        assert app.answers == []
        assert all(digits[:6] not in each for each in [*flashes, *inputs])
        assert all(len(each) <= 1 for each in inputs)
    leave_no_trace(room, caplog.text, digits)


async def test_a_bank_cards_number_typed_by_hand_goes_with_its_last_digit(room: Room) -> None:
    """So does what the hand goes on typing; a moment later the right number is typed as ever."""

    class Quick(NumberScreen):
        rest_s = 0.3

    app = Host(room, Quick)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, Quick)
        screen = app.screen
        assert isinstance(screen, Quick)
        await type_in(pilot, "4222222222222" + "34")
        await sees(pilot, "That is a bank card")

        assert screen.typed == ""
        await pilot.pause(0.35)
        await type_in(pilot, SIM)
        await settled(pilot, lambda: screen.typed == SIM, "the number")


async def test_a_payment_code_typed_by_hand_goes_too(room: Room) -> None:
    """Whoever reads it over a shoulder could spend it."""
    app = Host(room, NumberScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        await type_in(pilot, CODE)

        await sees(pilot, "That is a payment code")
        assert isinstance(app.screen, NumberScreen)
        assert app.screen.typed == ""


async def test_a_sim_that_fits_like_a_bank_card_is_a_sim(room: Room) -> None:
    """Nineteen digits with a check digit of the same kind."""
    app = Host(room, NumberScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)

        hand_over(app, *OTHER, "enter")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers == [OTHER]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_a_scan_fits_one_line(language: str) -> None:
    """Above the foot there is one, and under the number, too."""
    from wcwidth import wcswidth

    for kind in ScanKind:
        assert wcswidth(scan_words(texts(language), kind)) <= 78


async def test_a_code_that_is_nothing_to_us_is_said_to_be_none(room: Room) -> None:
    """On the welcome screen it starts no sale; an eSIM's code is told what it is."""
    app = Host(room, WelcomeScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)

        hand_over(app, *"https://example.com/menu", "enter")
        await sees(pilot, "That code is not the number of a card.")
        hand_over(app, *"LPA:1$rsp.example.com$SECRET-ID", "enter")
        await sees(pilot, "installs an eSIM")

        assert "SECRET" not in seen(pilot)
        assert app.answers == []
        assert said(pilot, "still-there") == scan_words(texts("en"), ScanKind.ESIM)
        await pilot.press("down")
        assert not app.screen.query_one(Notice).display


async def test_the_tail_of_a_torn_swipe_is_not_typed(room: Room) -> None:
    """A busy machine reads the swipe in pieces: no digit of it lands in the number, and its ? opens no help."""
    app = Host(room, NumberScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)

        hand_over(app, *"^111111^TRAVELLER/T^29121010000000000?")
        await sees(pilot, "That code is not the number of a card.")

        assert isinstance(app.screen, NumberScreen)
        assert app.screen.typed == ""
