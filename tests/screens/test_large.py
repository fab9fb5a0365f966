"""Large letters: every screen in them, one line after the other, chosen from and typed in as ever."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from textual.pilot import Pilot

from kiosk.fonts import faces
from kiosk.texts import LANGUAGES
from screens.frame import KioskScreen
from screens.help import HelpScreen
from screens.large import LargePage
from screens.large_parts import LargeWords
from screens.letters import can_draw, large
from screens.number import NumberScreen
from screens.parts import Notice, Touch
from screens.plan import PlanScreen
from screens.theme import TOKENS
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, PLANS, SIM, Host, Room, at_rest, hand_over, on, settled, type_in
from tests.screens.test_matrix import EVERY, faint, ragged, wordy

__all__ = ["wordy"]

CLERKS = ("clerk", "door")
"""Screens for clerks, which stay in ordinary letters."""
FONTLESS = "Every letter of every language is drawn by `make prove`, for which fonts are installed."


def read(pilot: Pilot[None]) -> list[str]:
    """What is shown in large letters, from top to bottom."""
    page = pilot.app.screen.query_one(LargePage)
    return [words.item.said for words in page.query("#large-items LargeWords").results(LargeWords) if words.display]


async def enlarged(pilot: Pilot[None]) -> LargePage:
    await pilot.press("f3")
    await settled(pilot, lambda: bool(pilot.app.screen.query(LargePage) and read(pilot)), "large letters")
    return pilot.app.screen.query_one(LargePage)


def at(page: LargePage) -> str:
    return next(words.item.said for words in page.query(".-at").results(LargeWords))


async def test_all_that_is_on_the_screen_is_shown_large_in_its_order(room: Room) -> None:
    """The words of the body from top to bottom, what belongs together in one line, then the keys."""
    app = Host(room, lambda room: PlanScreen(room, room.network.sim(SIM)))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, PlanScreen)
        await enlarged(pilot)

        said = read(pilot)
        assert said[0].startswith("Choose a plan")
        assert [line for line in said if "GB" in line][-1].startswith("2  10 GB")
        assert any("30 days" in line and "USD" in line for line in said)
        assert said[-1] == "?  Help"


async def test_enter_chooses_what_one_is_at(room: Room) -> None:
    """Down goes from line to line; at the second plan, Enter takes the second plan."""
    app = Host(room, lambda room: PlanScreen(room, room.network.sim(SIM)))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, PlanScreen)
        page = await enlarged(pilot)
        for _ in range(12):
            if at(page).startswith("2  "):
                break
            await pilot.press("down")
        await pilot.press("enter")
        await settled(pilot, lambda: bool(app.answers), "an answer")

    assert app.answers[0] == PLANS[1]


async def test_a_touch_on_large_words_chooses_them(room: Room) -> None:
    """Wherever one was before."""
    app = Host(room, lambda room: PlanScreen(room, room.network.sim(SIM)))
    async with app.run_test(size=(120, 60)) as pilot:
        await on(pilot, PlanScreen)
        page = await enlarged(pilot)
        (plan,) = (words for words in page.query(LargeWords) if words.item.said.startswith("3  "))
        page.query_one("#large-items").scroll_to_widget(plan, animate=False)
        await pilot.pause()
        await pilot.click(plan, offset=(2, 1))
        await settled(pilot, lambda: bool(app.answers), "an answer")

    assert app.answers[0] == PLANS[2]


@pytest.mark.prove
async def test_what_is_typed_is_large_and_followed(room: Room) -> None:
    """The number comes into sight with its first digit; large keys type, too, and nothing typed is lost by F3."""
    app = Host(room, NumberScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        await type_in(pilot, SIM[:4])
        page = await enlarged(pilot)
        (cap,) = (cap for cap in page.query(".large-cap").results(Touch) if cap.key == "7")
        await pilot.click(cap)
        await settled(pilot, lambda: at(page).startswith(f"{SIM[:4]} 7"), "typed by touch")
        await pilot.press("f3")
        await settled(pilot, lambda: not page.display, "ordinary letters")

        assert app.screen.query_one("#number").region.height == 3


@pytest.mark.prove
async def test_the_next_customer_has_ordinary_letters(tmp_path: Path) -> None:
    """Large letters last from screen to screen, and end with the visit."""
    room = Room(tmp_path)
    app = Host(room, WelcomeScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await enlarged(pilot)
        await pilot.press("?")
        await on(pilot, HelpScreen)
        await settled(pilot, lambda: bool(app.screen.query(LargePage) and read(pilot)), "help in large letters")
        await pilot.press("escape")
        await on(pilot, WelcomeScreen)
        first = app.screen
        hand_over(app, "enter")
        await settled(pilot, lambda: app.screen is not first and isinstance(app.screen, WelcomeScreen), "the next")

        assert not app.large
        assert not app.screen.query(LargePage)
    room.close()


async def test_a_screen_that_is_taken_down_is_read_no_more(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page may look once more while its screen loses its widgets: the kiosk goes on."""
    monkeypatch.setattr(NumberScreen, "_watch_the_clock", lambda screen: None)  # Textual stops it before the widgets
    app = Host(room, NumberScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        page = await enlarged(pilot)
        await app.screen.query("#still-there").remove()
        page.look()


async def test_who_presses_again_and_again_is_never_left_with_an_empty_screen(room: Room) -> None:
    """Large, ordinary, large at once: there is always one of the two."""
    app = Host(room, WelcomeScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await enlarged(pilot)
        screen = app.screen
        assert isinstance(screen, WelcomeScreen)
        screen.press("f3")
        screen.press("f3")
        await pilot.pause(0.5)
        page = screen.query_one(LargePage)
        assert page.display
        assert read(pilot)


async def test_who_asks_before_the_screen_is_ready_gets_large_letters_all_the_same(room: Room) -> None:
    """A key that comes between the first picture and the end of mounting is not lost."""
    app = Host(room, WelcomeScreen)
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot, lambda: isinstance(app.screen, KioskScreen), "any screen")
        await pilot.press("f3")
        await settled(pilot, lambda: bool(app.screen.query(LargePage)), "large letters")


@pytest.mark.prove
async def test_a_language_without_a_font_is_told_to_have_none(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing unreadable is drawn: ordinary letters stay, and it is said why."""
    faces.cache_clear()
    monkeypatch.setattr("kiosk.fonts.folders", list)
    app = Host(room, WelcomeScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        app.language = "ko"
        await pilot.press("f3")
        await pilot.pause()
        assert not app.large
        assert app.screen.query_one("#still-there").display

        app.language = "en"
        await enlarged(pilot)
        app.language = "zh"
        await settled(pilot, lambda: not app.large, "ordinary letters")
    faces.cache_clear()


@pytest.mark.prove
async def test_the_warning_is_large_too(room: Room) -> None:
    """Who reads slowly has twice the time, and sees that it is over."""
    app = Host(room, NumberScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        await enlarged(pilot)
        screen = app.screen
        assert isinstance(screen, NumberScreen)
        screen._active_at -= (screen.idle_s or 0) * 1.5
        await pilot.pause(0.4)
        assert not screen.query_one("#still-there").display
        screen._active_at -= (screen.idle_s or 0) * 0.4
        notice = screen.query_one("#large-notice", LargeWords)
        await settled(pilot, lambda: notice.display and "still there" in notice.item.said, "a large warning")


@pytest.mark.prove
async def test_large_letters_come_up_while_a_notice_stands(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page has no size yet at its first look: the notice waits until there is room for it."""
    monkeypatch.setattr(Notice, "TOLD_S", 60.0)
    app = Host(room, NumberScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        screen = app.screen
        assert isinstance(screen, KioskScreen)
        screen.press("f3")
        screen.query_one(Notice).tell("This is money.")
        await settled(pilot, lambda: bool(app.screen.query(LargePage)), "large letters")
        notice = app.screen.query_one("#large-notice", LargeWords)

        await settled(pilot, lambda: notice.display and notice.item.said == "This is money.", "the notice, large")


def test_letters_keep_to_their_lines() -> None:
    """No line is wider than it may be, each has all its rows, and different words look different."""
    for text in ("Is this right? Then choose how to pay.", "8901260862291477122", "W" * 40):
        for columns, rows in ((36, 4), (70, 5), (110, 8)):
            drawn = large(text, columns, rows, "")
            assert len(drawn) % rows == 0
            assert max(map(len, drawn)) <= columns
    assert large("8", 70, 5, "") != large("3", 70, 5, "")


@pytest.mark.prove
@pytest.mark.parametrize(
    ("size", "languages"), [((80, 24), [*LANGUAGES]), ((120, 40), ["en", "zh"])], ids=["80x24", "120x40"]
)
@pytest.mark.parametrize("name", [name for name in EVERY if name not in CLERKS])
async def test_every_screen_is_read_to_its_end_in_large_letters(
    wordy: Room, name: str, size: tuple[int, int], languages: list[str]
) -> None:
    """In every language: each line is come to by Down alone, none is cut, each target is touched; none is faint."""
    app = Host(wordy, EVERY[name])
    found: dict[str, object] = {}
    async with app.run_test(size=size) as pilot:
        await on(pilot, KioskScreen)
        screen = app.screen
        assert isinstance(screen, KioskScreen)
        screen.idle_s = None  # who reads all of it takes longer than a customer
        await settled(pilot, lambda: bool(screen.query("#question")), "a question")
        page = await enlarged(pilot)
        for language in languages:
            app.language = language
            await pilot.pause(0.2)
            found[language] = await at_rest(pilot, lambda: amiss(pilot, page))
        for theme in TOKENS:
            app.theme = theme
            await pilot.pause()
            found[theme] = faint(app)
    wordy.close()

    assert {where: what for where, what in found.items() if what} == {}


def amiss(pilot: Pilot[None], page: LargePage) -> list[str]:
    """What cannot be read, is cut, is of doubtful width, cannot be touched, or is never come to."""
    signs = unreadable(pilot) | ragged(page.app)
    return [*sorted(signs), *cut(page), *untouchable(page), *sorted(never_at(pilot, page))]


def unreadable(pilot: Pilot[None]) -> set[str]:
    return {char for line in read(pilot) for char in line.replace("\n", "") if not can_draw(char, "")}


def cut(page: LargePage) -> list[str]:
    shown = [words for words in page.query("#large-items LargeWords").results(LargeWords) if words.display]
    return [
        f"{words.item.said!r} has {words.content_size}"
        for words in shown
        if max(map(len, str(words.content).split("\n"))) > words.content_size.width
        or len(str(words.content).split("\n")) > words.content_size.height
    ]


def untouchable(page: LargePage) -> list[str]:
    """Keys that are too low, outside, or over each other. Large words scroll: they are as high as they are."""
    targets = [touch for touch in page.screen.query(Touch) if touch.region.area and touch.region.height > 0]
    targets = [touch for touch in targets if page.screen.query_one("#body") not in touch.ancestors]
    low = [f"{each.key} is {each.region.height} rows high" for each in targets if each.region.height < 3]
    out = [f"{each.key} is at {each.region}" for each in targets if not page.screen.region.contains_region(each.region)]
    over = [f"{a.key} and {b.key} overlap" for a, b in combinations(targets, 2) if a.region.overlaps(b.region)]
    return low + out + over


def never_at(pilot: Pilot[None], page: LargePage) -> set[str]:
    """What Down does not come to, from the first line on."""
    for _ in moves(page, "up"):
        pass
    reached = {at(page)} | {at(page) for _ in moves(page, "down")}
    return set(read(pilot)) - reached


def moves(page: LargePage, key: str) -> Iterator[int]:
    """Press it until it moves nothing any more."""
    scroll = page.query_one("#large-items")
    for number in range(400):
        before = page.at, scroll.scroll_y
        page.take(key)
        if (page.at, scroll.scroll_y) == before:
            return
        yield number
