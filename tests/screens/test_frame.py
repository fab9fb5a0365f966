"""What every screen does: it warns before it forgets somebody, changes its language in place, and lets nobody out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from textual.app import App
from textual.widgets import Input

import screens
from kiosk.errors import Misconfigured, Unreachable
from screens.clerk import ClerkScreen
from screens.frame import KioskScreen
from screens.help import HelpScreen
from screens.number import NumberScreen
from screens.pay import CounterScreen
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, SIM, WIDE, Host, Room, on, said, sees, settled, speak, type_in


class Hasty(NumberScreen):
    """A number screen that forgets its customer soon after its warning."""

    idle_s = 60.0
    warn_s = 1.5


class Dying(NumberScreen):
    """A number screen that is always about to close."""

    idle_s = 60.0
    warn_s = 60.0


async def test_a_forgotten_screen_warns_and_then_ends_the_visit(room: Room) -> None:
    """The next customer finds no number of the last one."""
    app = Host(room, Hasty)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, Hasty)
        forgotten = app.screen
        assert isinstance(forgotten, Hasty)
        await type_in(pilot, SIM)
        await settled(pilot, lambda: forgotten.typed == SIM, "what was typed")
        forgotten.idle_s = 2.0

        await sees(pilot, "Are you still there?")
        await settled(pilot, lambda: app.gone >= 1 and app.screen is not forgotten, "the end of the visit")
        await on(pilot, Hasty)

        assert isinstance(app.screen, Hasty)
        assert app.screen.typed == ""


async def test_nothing_is_written_on_a_screen_that_has_answered(room: Room) -> None:
    """Its timer may turn once more while its widgets are taken away: that is no defect to end the kiosk for."""
    app = Host(room, NumberScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        left = app.screen
        assert isinstance(left, NumberScreen)
        await pilot.press("escape")
        await settled(pilot, lambda: not left.children, "the end of the screen")

        left.write()

        assert app.is_running


class Restless(NumberScreen):
    """A number screen that closes within a second or two."""

    idle_s = 1.5
    warn_s = 1.2


async def test_every_screen_leaves_twenty_seconds_to_say_that_somebody_is_there(room: Room) -> None:
    """WCAG 2.2.1; and one touch gives at least as much again."""
    for module in iter_modules(screens.__path__, "screens."):
        import_module(module.name)
    kinds = {kind for kind in every_kind(KioskScreen) if kind.__module__.startswith("screens.")}

    assert len(kinds) >= 10
    for kind in kinds:
        assert kind.warn_s >= 20
        assert kind.idle_s is None or kind.idle_s >= kind.warn_s + 10


def every_kind(kind: type[Any]) -> Iterator[type[Any]]:
    for below in kind.__subclasses__():
        yield below
        yield from every_kind(below)


@pytest.mark.prove
async def test_who_says_so_ten_times_and_more_stays_and_the_bell_rings_each_time_once(room: Room) -> None:
    """Nobody is thrown out for being slow."""
    app = Host(room, Restless)
    rings: list[None] = []
    app.bell = lambda: rings.append(None)  # type: ignore[method-assign]
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, Restless)
        first = app.screen
        for _ in range(12):
            await sees(pilot, "Are you still there?")
            await pilot.press("x")
        assert app.screen is first
        assert app.gone == 0
        assert len(rings) == 12


async def test_a_quiet_shop_has_no_bell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The warning stands on the screen all the same."""
    rings: list[str] = []
    monkeypatch.setattr(App, "bell", lambda self: rings.append("rung"))
    for bell in (True, False):
        room = Room(tmp_path / str(bell), kiosk={"id": "K07", "name": "SHOP", "bell": bell})
        app = Host(room, Dying)
        async with app.run_test(size=NARROW) as pilot:
            await on(pilot, Dying)
            await sees(pilot, "Are you still there?")
        room.close()
        assert rings == ["rung"]


@pytest.mark.parametrize("by", ["key", "touch"])
async def test_one_touch_or_key_stays_and_does_nothing_else(room: Room, by: str) -> None:
    """Whoever says "I am here" has not pressed Back."""
    app = Host(room, Dying)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, Dying)
        await sees(pilot, "Are you still there?")
        assert isinstance(app.screen, Dying)
        app.screen.warn_s = 0.0  # or the next quarter of a second asks again

        if by == "key":
            await pilot.press("escape")
        else:
            await pilot.click("#picture")
        await pilot.pause()

        assert app.answers == []
        assert isinstance(app.screen, Dying)
        assert not app.screen.query_one("#still-there").display


async def test_no_key_leads_out(room: Room) -> None:
    """Every key that quits, suspends, or opens a palette elsewhere does nothing here."""
    app = Host(room, WelcomeScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)

        await pilot.press("ctrl+q", "ctrl+c", "ctrl+z", "ctrl+p", "ctrl+d", "ctrl+s", "ctrl+backslash", "f1", "tab")
        await pilot.pause()

        assert app.is_running
        assert app.answers == []
        assert isinstance(app.screen, WelcomeScreen)


async def sign_in(room: Room, pin: str) -> tuple[bool, list[tuple[str, str]]]:
    """Try to end the kiosk with this PIN; whether it runs on, and what was asked."""
    asked: list[tuple[str, str]] = []

    def leave(clerk: str, typed: str) -> bool:
        asked.append((clerk, typed))
        return typed == "246810"

    app = Host(room, WelcomeScreen, leave)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await pilot.press("f10")
        await on(pilot, ClerkScreen)
        await type_in(pilot, "mei")
        await pilot.press("enter")
        await type_in(pilot, pin)
        await settled(pilot, lambda: app.screen.query_one("#clerk-pin", Input).value == pin, "the PIN")
        await pilot.press("enter")
        await settled(pilot, lambda: bool(asked) and (app.return_code is not None or said_no(app)), "an end")
        return (app.return_code is None), asked


def said_no(app: Host) -> bool:
    return isinstance(app.screen, ClerkScreen) and app.screen.wrong


async def test_a_clerk_leaves_with_the_pin(room: Room) -> None:
    """The one way out."""
    runs, asked = await sign_in(room, "246810")

    assert asked == [("mei", "246810")]
    assert not runs


async def test_a_wrong_pin_opens_nothing(room: Room) -> None:
    """The kiosk goes on, and asks again."""
    runs, asked = await sign_in(room, "000000")

    assert asked == [("mei", "000000")]
    assert runs


async def test_help_lies_over_a_screen_and_keeps_it(room: Room) -> None:
    """What was typed is still there after reading the help."""
    app = Host(room, NumberScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        await type_in(pilot, "8900")
        await pilot.press("question_mark")
        await on(pilot, HelpScreen)
        await sees(pilot, "+1 305 555 0142")

        await speak(pilot, "zh")
        await sees(pilot, "4. 付款")
        await pilot.press("escape")
        await on(pilot, NumberScreen)

        assert isinstance(app.screen, NumberScreen)
        assert app.screen.typed == "8900"


@pytest.mark.parametrize("size", [NARROW, WIDE, (200, 60)])
async def test_every_key_of_the_foot_stands_within_the_screen(room: Room, size: tuple[int, int]) -> None:
    """Whatever the terminal's size, everything that can be touched can be seen."""
    app = Host(room, NumberScreen)
    async with app.run_test(size=size) as pilot:
        await on(pilot, NumberScreen)

        touchable = [widget for widget in app.screen.query(".foot-key, .pad") if widget.display]

        assert len(touchable) == 17
        for widget in touchable:
            assert app.screen.region.contains_region(widget.region)
            assert widget.region.height >= 3


async def test_the_welcome_screen_shows_the_offer_and_the_wifi(tmp_path: Path) -> None:
    """A traveller without data needs the Wi-Fi to pay by phone."""
    days = {"first_day": date(2026, 8, 1), "last_day": date(2026, 8, 7)}
    promotion = {"name": {"en": "Summer week", "zh": "夏季优惠"}, "percent": 20, **days}
    room = Room(tmp_path, promotions=[promotion], wifi={"name": "SHOP-GUEST", "password": "travel\x1b[2J2026"})
    app = Host(room, WelcomeScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await sees(pilot, "Summer week: 20 % off until 7 Aug 2026")
        await sees(pilot, "SHOP-GUEST, password travel[2J2026")

        await speak(pilot, "zh")

        assert said(pilot, "promotion") == "夏季优惠：优惠20%，截至2026年8月7日"
    room.close()


@pytest.mark.parametrize("size", [(79, 24), (80, 23), (40, 10)])
async def test_a_terminal_that_is_too_small_says_so(room: Room, size: tuple[int, int]) -> None:
    """Half a screen would hide the half that matters."""
    app = Host(room, WelcomeScreen)
    async with app.run_test(size=size) as pilot:
        await on(pilot, WelcomeScreen)

        await sees(pilot, "This terminal is too small.")
        await pilot.press("1", "enter")
        await pilot.pause(0.2)

        assert app.answers == []


async def test_a_payment_under_the_help_is_not_lost(room: Room) -> None:
    """Who reads the help while the clerk confirms finds the top-up on its way afterwards."""
    order = room.sell("cash")
    app = Host(room, lambda room: CounterScreen(room, order))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, CounterScreen)
        await pilot.press("question_mark")
        await on(pilot, HelpScreen)
        room.pay_cash()
        await pilot.pause(0.5)
        over = app.screen

        await pilot.press("escape")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert isinstance(over, HelpScreen)
        assert app.answers[0].paid == order.total


async def test_the_welcome_screen_says_what_a_customer_needs(room: Room) -> None:
    """Languages, what to have ready, ways to pay, the help line; no word on a line that says nothing."""
    room.network.says = Misconfigured("no password")
    app = Host(room, WelcomeScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)

        for text in ("1  English", "2  简", "beside the barcode", "WeChat Pay, Cash", "+1 305 555 0142", "line ?"):
            await sees(pilot, text)


class Asking(WelcomeScreen):
    """A welcome screen that asks for the line all the time."""

    ask_s = 0.1


async def test_the_welcome_screen_finds_a_line_that_is_gone_and_one_that_is_back(room: Room) -> None:
    """Only ways to pay that work now are named; nobody has to try them out."""
    room.network.says = Unreachable("nobody there", sent=False)
    app = Host(room, Asking)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, Asking)
        await sees(pilot, "no line")
        await settled(pilot, lambda: said(pilot, "ways") == "Cash", "cash alone")

        room.network.says = None
        await sees(pilot, "line up")

        await settled(pilot, lambda: said(pilot, "ways") == "WeChat Pay, Cash", "both")


async def test_one_wallet_in_two_ways_is_named_once(tmp_path: Path) -> None:
    """Whether it is scanned or scans is told where one chooses."""
    room = Room(tmp_path, tenders={"wechat": {}, "wechat_scan": {}, "cash": {}})
    app = Host(room, WelcomeScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await settled(pilot, lambda: app.tenders.result is not None, "the ways to pay")

        assert said(pilot, "ways") == "WeChat Pay, Cash"
    room.close()


@pytest.mark.prove
async def test_the_second_customer_reads_every_language_at_once(room: Room) -> None:
    """The catalogues are loaded behind the first picture only."""
    app = Host(room, WelcomeScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await settled(pilot, lambda: app.catalogues.result is not None, "the catalogues")

        await pilot.press("enter")
        await settled(pilot, lambda: bool(app.answers), "an answer")
        await on(pilot, WelcomeScreen)

        app.language = "zh"
        assert said(pilot, "question") == "美国流量卡充值"
