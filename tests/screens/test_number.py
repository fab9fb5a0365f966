"""The number: typed, touched, pasted; a word on it after every digit; kept when the language changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.content import Content
from textual.widgets import Digits

from kiosk.texts import LANGUAGES
from screens.number import DEMO, DEMOS, NumberScreen
from screens.parts import Words
from tests.screens.room import (
    EITHER,
    NARROW,
    PHONE,
    SIM,
    Host,
    Room,
    hand_over,
    on,
    said,
    seen,
    sees,
    settled,
    speak,
    type_in,
)


def host(room: Room) -> Host:
    return Host(room, NumberScreen)


def typed(app: Host) -> str:
    assert isinstance(app.screen, NumberScreen)
    return app.screen.typed


WORDS = {
    "": "Type the digits",
    "8": "1 digit so far; 18 or 19 more.",
    SIM[:-1]: "18 digits so far; 1 or 2 more.",
    "1234": "begins with 89",
    SIM: "The number is complete",
    SIM[:-1] + "6": "do not fit together",
    SIM + "99": "21 digits: too many",
}


async def test_each_number_gets_a_true_word(room: Room) -> None:
    """Short, long, wrong: the customer is told which, while typing."""
    heard = {}
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)

        for keys in WORDS:
            await type_in(pilot, keys)
            heard[keys] = said(pilot, "feedback")
            for _ in keys:
                app.post_message(events.Key("backspace", None))
            await settled(pilot, lambda: typed(app) == "", "an empty number")

        assert [keys for keys, words in WORDS.items() if words not in heard[keys]] == []


async def test_a_change_of_language_keeps_what_was_typed(room: Room) -> None:
    """The same digits, other words."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        await type_in(pilot, "890000")

        await speak(pilot, "zh")
        await pilot.pause()

        assert typed(app) == "890000"
        assert "已输入6位" in said(pilot, "feedback")
        assert "请输入您的卡号" in seen(pilot).replace(" ", "")


async def test_the_number_can_be_touched_in(room: Room) -> None:
    """Digits, Delete and OK, on the screen."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)

        await type_in(pilot, SIM[:-1])
        for digit in "57":
            await pilot.click(f"#pad-{digit}")
        await pilot.click("#pad-backspace")
        await pilot.click("#pad-enter")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers == [SIM]


async def test_a_pasted_number_is_cleaned(room: Room) -> None:
    """Spaces, hyphens and a label come along when a number is pasted."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)

        app.post_message(events.Paste("ICCID: 8900-0004 6144\x1b[31m 2300 635"))
        await settled(pilot, lambda: bool(typed(app)), "a number")

        assert "\x1b" not in seen(pilot)
        await speak(pilot, "zh")
        assert typed(app)


async def test_a_check_digit_that_does_not_fit_is_asked_about_and_let_go_on(room: Room) -> None:
    """Some issuers print none: who has compared it may go on."""
    wrong = SIM[:-1] + "6"
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        await type_in(pilot, wrong)
        await pilot.press("enter")
        await pilot.pause()
        asked, answers = said(pilot, "feedback"), list(app.answers)

        await pilot.press("enter")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert "same as on your card" in asked
        assert answers == []
        assert app.answers == [wrong]


async def test_a_hand_whose_last_keys_are_read_at_once_loses_none_of_the_first(room: Room) -> None:
    """A machine that was busy hands over half a number like a scan; what was typed before it still counts."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        await type_in(pilot, SIM[:7])

        hand_over(app, *SIM[7:], "enter")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers == [SIM]


async def test_a_short_number_goes_nowhere(room: Room) -> None:
    """Enter on half a number is no answer."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)

        await type_in(pilot, SIM[:10])
        await pilot.press("enter", "enter")
        await pilot.pause()

        assert app.answers == []


async def test_training_has_a_demo_card(room: Room) -> None:
    """Who practises has no card in hand."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)

        await pilot.press("d")
        await pilot.pause()

        assert typed(app) == DEMO


# --- where phone numbers are taken as well ------------------------------------------------------------------------

EITHER_WORDS = {
    "": "Type the digits",
    "8": "A card number begins with 89; a US phone number has 10 digits.",
    "89": "Card number: 2 digits so far; 17 or 18 more.",
    SIM: "Card number: 19 digits. The number is complete: press Enter or touch OK.",
    SIM[:-1] + "6": "19 digits that do not fit together",
    "3": "Phone number: 1 digit so far; 9 more.",
    "+1": "Phone number: 0 digits so far; 10 more.",
    "1305555014": "Phone number: 9 digits so far; 1 more.",
    "3055550142": "Phone number: 10 digits. The number is complete: press Enter or touch OK.",
    "+13055550142": "Phone number: 10 digits. The number is complete",
    "30555501423": "11 digits: too many for a US phone number",
    "13800138000": "a number of another country",
    "+44": "a number of another country",
    "2995550142": "no such US phone number",
    "8005550142": "No SIM has a number that begins with 800",
}


@pytest.mark.prove
async def test_each_number_is_understood_as_what_it_is_and_the_customer_is_told(either: Room) -> None:
    """Card or phone, by what is typed; every word stands on its one line, in each language."""
    heard, too_long = {}, []
    app = host(either)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)

        for keys in EITHER_WORDS:
            await type_in(pilot, keys)
            heard[keys] = said(pilot, "feedback")
            for app.language in (*LANGUAGES, "en"):
                await pilot.pause()
                words = app.screen.query_one("#feedback", Words)
                too_long += [words.said] if Content(words.said).cell_length > words.content_size.width else []
            for _ in keys:
                app.post_message(events.Key("backspace", None))
            await settled(pilot, lambda: typed(app) == "", "an empty number")

        assert [keys for keys, words in EITHER_WORDS.items() if words not in heard[keys]] == []
        assert too_long == []


async def test_what_is_asked_for_and_where_it_stands_names_both_numbers(either: Room) -> None:
    """In words and in the picture."""
    app = host(either)
    async with app.run_test(size=NARROW) as pilot:
        await sees(pilot, "What is the number of your card, or your US phone number?")
        await sees(pilot, "8900 0004 6144 2300 635")
        await sees(pilot, "or +1 305 555 0142")
        await speak(pilot, "zh")
        await pilot.pause()

        assert "请输入您的卡号，或美国手机号" in seen(pilot).replace(" ", "")


async def test_a_phone_number_is_shown_as_people_know_it_while_it_is_typed(either: Room) -> None:
    """Dashes for what is to come; with or without the country code it is the same number."""
    app = host(either)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        shown = []
        for keys in ("30555", "+130555", "89"):
            await type_in(pilot, keys)
            shown.append(app.screen.query_one("#number", Digits).value)
            for _ in keys:
                app.post_message(events.Key("backspace", None))
            await settled(pilot, lambda: typed(app) == "", "an empty number")

        assert shown == ["+1 305 55- ----", "+1 305 55- ----", "89-- ---- ---- ---- ---"]


@pytest.mark.parametrize("pasted", ["(305) 555-0142", "+1 305-555-0142", "tel:+13055550142", "３０５ ５５５ ０１４２"])
async def test_a_pasted_phone_number_is_cleaned(either: Room, pasted: str) -> None:
    """As contacts and web pages write it."""
    app = host(either)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)

        app.post_message(events.Paste(pasted))
        await settled(pilot, lambda: bool(typed(app)), "a number")
        await pilot.press("enter")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers == [PHONE]


@pytest.mark.prove
async def test_a_phone_number_can_be_touched_in_and_typed_in_wide_digits(either: Room) -> None:
    """By the keypad, and from a Chinese input method."""
    app = host(either)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)

        await type_in(pilot, "３０５５５")
        for digit in "50142":
            await pilot.click(f"#pad-{digit}")
        await pilot.click("#pad-enter")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers == [PHONE]


async def test_a_scanned_phone_number_goes_on_by_itself(either: Room) -> None:
    """A QR code of a phone number, as some SIMs carry it; and a card's barcode as ever."""
    app = host(either)
    async with app.run_test(size=NARROW) as pilot:
        for code in ("tel:+13055550142", SIM):
            await on(pilot, NumberScreen)
            hand_over(app, *code, "enter")
            await settled(pilot, lambda: bool(app.answers), "an answer")

            assert app.answers.pop() in (PHONE, SIM)


async def test_a_short_phone_number_goes_nowhere(either: Room) -> None:
    """Enter on half a number is no answer."""
    app = host(either)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)

        await type_in(pilot, "305555014")
        await pilot.press("enter", "enter")
        await pilot.pause()

        assert app.answers == []
        assert app.screen.query_one("#feedback").has_class("warm")


async def test_training_has_a_number_of_each_kind(either: Room) -> None:
    """The same key once more brings the other."""
    app = host(either)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        found = []
        for _ in range(3):
            await pilot.press("d")
            await pilot.pause()
            found.append(typed(app))

        assert found == [DEMO, *(number for number in DEMOS.values() if number != DEMO), DEMO]


async def test_a_shop_of_phone_numbers_alone_says_nothing_of_cards(tmp_path: Path) -> None:
    """No barcode, no 89."""
    room = Room(tmp_path, sims=EITHER[:1])
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await sees(pilot, "What is your US phone number?")
        await type_in(pilot, "89")
        shown = seen(pilot)
    room.close()

    assert not [word for word in ("card", "barcode", "8900") if word in shown.replace("Demo card", "")]


async def test_without_phone_numbers_nothing_is_said_of_them(room: Room) -> None:
    """The screen is what it ever was."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await sees(pilot, "What is the number of your card?")
        await type_in(pilot, "305")
        shown = seen(pilot)

        assert "phone" not in shown
        assert "A card number begins with 89. Please find the number beside the barcode." in shown
        assert app.screen.query_one("#number", Digits).value == "305- ---- ---- ---- ---"
