"""The card number: typed, touched, pasted; a word on it after every digit; kept when the language changes."""

from __future__ import annotations

from textual import events

from screens.number import DEMO, NumberScreen
from tests.screens.room import NARROW, SIM, Host, Room, hand_over, on, said, seen, settled, type_in


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

        await pilot.press("f2")
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
        await pilot.press("f2")
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
