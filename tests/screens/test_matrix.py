"""Every screen in every language, theme and size: all of it is seen, read, told apart and touched."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import pytest
from textual.app import App
from textual.widget import Widget

from kiosk.contacts import Channel
from kiosk.look_up import LookUp
from kiosk.texts import LANGUAGES
from screens.choose import ChooseScreen
from screens.contact import ContactScreen
from screens.found import FoundScreen
from screens.frame import KioskScreen
from screens.parts import Tile, Touch
from screens.pay import pay_screen
from screens.plan import PlanScreen
from screens.theme import TOKENS
from screens.where import WhereScreen
from tests.screens.room import SIM, Host, Room, at_rest, on, settled
from tests.screens.test_room_enough import SCREENS, cut, wordy
from tests.screens.test_theme import luminance

__all__ = ["wordy"]

SIZES = ((80, 24), (100, 30), (120, 40), (200, 60))


def code_shown(room: Room) -> KioskScreen[Any]:
    order = room.sell("wechat")
    room.work()
    return pay_screen(room, room.ledger.order(order.reference), room.tenders["wechat"])


EVERY: dict[str, Callable[[Room], KioskScreen[Any]]] = SCREENS | {
    "code shown": code_shown,
    "choose": lambda room: ChooseScreen(room, PlanScreen(room, room.network.sim(SIM)).offers),
    "contact": lambda room: ContactScreen(room, (Channel.EMAIL, Channel.SMS)),
    "where": lambda room: WhereScreen(room, LookUp(lambda: room.ledger, room.clock.now)),
    "found": lambda room: FoundScreen(room, room.sell("cash")),
}
SETTLED = {chr(code) for code in range(0x2500, 0x25A0)} | set("–…“”•¿")
"""Ambiguous in Unicode's table, and one column in each terminal that we know: boxes, blocks, the point of Digits."""


def runs(app: App[None]) -> Iterator[tuple[str, str, str]]:
    """Each run of signs on the screen: its words, its colour and its ground."""
    for strip in app.screen._compositor.render_strips(app.size):
        for segment in strip:
            style = segment.style
            if segment.text.strip() and style and style.color and style.bgcolor:
                colours = (style.color.get_truecolor().hex, style.bgcolor.get_truecolor().hex)
                yield segment.text, *(colours[::-1] if style.reverse else colours)


def faint(app: Host) -> set[str]:
    """What stands out too little from its ground: below 7:1. The lines of boxes are no text."""
    lines = {TOKENS[app.theme]["line"]}
    return {
        f"{text.strip()!r} {colour} on {ground}"
        for text, colour, ground in runs(app)
        if colour not in lines and _contrast(colour, ground) < 7
    }


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ragged(app: App[None]) -> set[str]:
    """Signs of doubtful width."""
    signs = {sign for text, _, _ in runs(app) for sign in text}
    return {sign for sign in signs - SETTLED if unicodedata.east_asian_width(sign) == "A" and not sign.isalpha()}


def untouchable(screen: KioskScreen[Any]) -> list[str]:
    """Targets that are too low, not whole on the screen, or over each other."""
    targets = [each for each in screen.query(Widget) if isinstance(each, Touch | Tile) and _is_there(each)]
    low = [f"{each.id or each.classes} is {each.region.height} rows high" for each in targets if each.region.height < 3]
    out = [
        f"{each.id or each.classes} is at {each.region}"
        for each in targets
        if not screen.region.contains_region(each.region)
    ]
    over = [f"{a.id} and {b.id} overlap" for a, b in combinations(targets, 2) if a.region.overlaps(b.region)]
    return low + out + over


def amiss(app: Host, screen: KioskScreen[Any]) -> list[str]:
    return [*cut(screen), *untouchable(screen), *sorted(ragged(app)), *sorted(faint(app))]


def _is_there(widget: Widget) -> bool:
    return bool(
        widget.display
        and widget.region.area
        and all(each.display for each in widget.ancestors_with_self if isinstance(each, Widget))
    )


@pytest.mark.prove
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", EVERY)
async def test_all_of_it_is_seen_read_and_touched(wordy: Room, name: str, size: tuple[int, int]) -> None:
    """Nothing cut, faint, ragged, too low or over something else, in any language and theme."""
    app = Host(wordy, EVERY[name])
    found: dict[str, object] = {}
    async with app.run_test(size=size) as pilot:
        await on(pilot, KioskScreen)
        screen = app.screen
        assert isinstance(screen, KioskScreen)
        screen.idle_s = None  # who looks at all of it takes longer than a customer
        await settled(pilot, lambda: bool(screen.query("#question")), "a question")
        for theme in TOKENS:  # the outer one: another theme costs more than another language
            app.theme = theme
            for language in LANGUAGES:
                app.language = language
                await pilot.pause(0.05)
                found[f"{theme}, {language}"] = await at_rest(pilot, lambda: amiss(app, screen))
    wordy.close()

    assert {where: what for where, what in found.items() if what} == {}
