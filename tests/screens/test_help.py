"""Help and the choice of language lie over any screen: they say what to do now, call staff, change nothing below."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk.ledger.seats import Called, call_staff, come, seats, step_to, take_seat
from kiosk.simulation.remotes import NOON
from kiosk.texts import LANGUAGES
from screens.app import KioskApp
from screens.help import HelpScreen
from screens.language import LanguageScreen
from screens.number import NumberScreen
from screens.parts import Touch
from screens.pay import CodeScreen, pay_screen
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, SIM, Host, Room, on, said, seen, sees, settled, speak, type_in


@dataclass
class Seat:
    """The seat of these screens, as the running program has it."""

    room: Room
    calls: list[str] = field(default_factory=list)

    def call(self) -> Called | None:
        self.calls.append("called")
        call_staff(self.room.ledger, "1", at=self.room.time.now())
        return self.called()

    def called(self) -> Called | None:
        return seats(self.room.ledger, self.room.time.now())[0].called


@pytest.fixture
def seat(room: Room) -> Seat:
    take_seat(room.ledger, "1", 1, at=room.time.now())
    return Seat(room)


def host(room: Room, seat: Seat | None = None) -> Host:
    app = Host(room, NumberScreen)
    if seat:
        app.staff = seat
    return app


async def test_help_says_what_to_do_now_and_the_five_steps(room: Room) -> None:
    """This step stands there in the words of the screen that it is about."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        asked = said(pilot, "question")
        await pilot.press("question_mark")
        await on(pilot, HelpScreen)

        assert asked in said(pilot, "help-0")
        assert [said(pilot, f"help-{number}")[:2] for number in range(1, 6)] == ["1.", "2.", "3.", "4.", "5."]
        assert "+1 305 555 0142" in said(pilot, "hint")

        await pilot.press("q")
        await sees(pilot, "How long does it take?")
        assert "Refunded in full." in seen(pilot)
        await pilot.press("q")
        await sees(pilot, "4. Pay.")


@pytest.mark.parametrize("by", ["key", pytest.param("touch", marks=pytest.mark.prove)])
async def test_staff_is_called_once_and_the_customer_sees_who_answers(room: Room, seat: Seat, by: str) -> None:
    """The call stands in the ledger, whoever looks there; it ends with the visit."""
    app = host(room, seat)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        await pilot.press("question_mark")
        await on(pilot, HelpScreen)
        for _ in range(2):
            if by == "key":
                await pilot.press("s")
            else:
                await pilot.click(next(key for key in app.screen.query(Touch) if key.key == "s"))
        await sees(pilot, "Staff was called 0 seconds ago. Please stay here.")
        room.time.go_on(seconds=20)
        await sees(pilot, "Staff was called 20 seconds ago. Please stay here.")
        room.time.go_on(seconds=50)
        await sees(pilot, "Staff was called 1 minute ago. Please stay here.")
        (found,) = seats(room.ledger, room.time.now())
        assert found.called == Called(NOON)

        assert come(room.ledger, "1", "mei", at=room.time.now())
        assert not come(room.ledger, "1", "li", at=room.time.now())
        await sees(pilot, "Somebody is on the way.")
        step_to(room.ledger, "1", "welcome", "en", at=room.time.now())

        assert seats(room.ledger, room.time.now())[0].called is None


async def test_the_language_is_chosen_among_all_and_what_was_typed_stays(room: Room) -> None:
    """Each in its own script; the present one is marked; by its number or by touch."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        await type_in(pilot, "8900")
        await pilot.press("f2")
        await on(pilot, LanguageScreen)
        shown = seen(pilot)
        assert [name for name in LANGUAGES.values() if name not in shown] == []
        assert app.screen.query_one("#language-en").has_class("-chosen")
        assert all(tile.region.height >= 3 for tile in app.screen.query(".tile"))

        await pilot.click("#language-ko")
        await on(pilot, NumberScreen)

        assert isinstance(app.screen, NumberScreen)
        assert (app.language, app.screen.typed) == ("ko", "8900")


async def test_leaving_the_choice_changes_nothing(room: Room) -> None:
    """Escape; and a second F2 opens no second choice."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        await pilot.press("f2", "f2")
        await on(pilot, LanguageScreen)
        await pilot.press("escape")
        await on(pilot, NumberScreen)

        assert app.language == "en"


async def test_help_is_read_in_another_language_and_left(room: Room) -> None:
    """The choice lies over the help, and the help over the screen: each Escape is one step back."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        await pilot.press("question_mark")
        await on(pilot, HelpScreen)
        await speak(pilot, "es")
        await on(pilot, HelpScreen)
        await sees(pilot, "4. Pague.")
        await pilot.press("escape")
        await on(pilot, NumberScreen)

        assert app.language == "es"


async def test_a_payment_under_the_choice_of_language_is_seen_when_it_is_left(room: Room) -> None:
    """Nothing that lies over the payment hides that it was paid."""
    order = room.sell("wechat")
    app = Host(room, lambda room: pay_screen(room, order, room.tenders["wechat"]))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, CodeScreen)
        await pilot.press("f2")
        await on(pilot, LanguageScreen)
        room.work()
        room.wallet.pay(order.reference, order.total)
        room.time.go_on(seconds=10)
        room.work()
        await pilot.press("escape")

        await settled(pilot, lambda: bool(app.answers), "the end of the payment screen")
        assert app.answers[0].paid == order.total


async def test_a_shop_of_two_languages_has_no_choice_to_make(tmp_path: Path) -> None:
    """F2 names the other one, and speaks it at once."""
    shop = {"id": "K07", "name": "SHOP", "languages": ["en", "zh"]}
    room = Room(tmp_path, kiosk=shop)
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        assert "F2  简体中文" in seen(pilot)
        await pilot.press("f2")
        await sees(pilot, "F2  English")

        assert app.language == "zh"
    room.close()


async def test_a_shop_of_one_language_says_nothing_of_others(tmp_path: Path) -> None:
    """No key for nothing."""
    room = Room(tmp_path, kiosk={"id": "K07", "name": "SHOP", "languages": ["en"]})
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await pilot.press("f2")
        await pilot.pause(0.2)

        assert "F2" not in seen(pilot)
        assert isinstance(app.screen, WelcomeScreen)
    room.close()


def test_seats_show_the_longest_wait_first(room: Room) -> None:
    """A counter sees at once where somebody is needed."""
    for name in ("1", "2", "3"):
        take_seat(room.ledger, name, 1, at=room.time.now())
    call_staff(room.ledger, "3", at=room.time.now())
    room.time.go_on(seconds=5)
    call_staff(room.ledger, "2", at=room.time.now())
    step_to(room.ledger, "2", "number", "zh", at=room.time.now())

    found = seats(room.ledger, room.time.now())

    assert [seat.name for seat in found] == ["3", "2", "1"]
    assert (found[1].step, found[1].language) == ("number", "zh")
    assert SIM not in repr(found)
