"""Every sentence mangled, in letters of no language: the sale goes on, and what no catalogue knows is seen.

Where code compared what a customer reads, or wrote a word of its own, it would show here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import NullTranslations

import pytest
from textual.pilot import Pilot

import kiosk.texts
from kiosk.order import State
from kiosk.texts import LANGUAGES
from screens.app import KioskApp
from screens.delivery import DeliveryScreen
from screens.done import DoneScreen
from screens.frame import KioskScreen
from screens.pay import CodeScreen, CounterScreen
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, WIDE, Host, Room, on, seen, sees, settled, to_the_summary
from tests.screens.test_matrix import EVERY, wordy
from tests.screens.test_room_enough import LONG, MESSAGE

__all__ = ["wordy"]

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
MANGLED = str.maketrans(PLAIN, "áƀçđéƒǥĥíĵķłɱñóƥɋřšŧúṽŵẋýžÁƁÇĐÉƑǤĤÍĴĶŁṀÑÓƤɊŘŠŦÚṼŴẊÝŽ")
"""A letter that stands on the screen as it is was never in a sentence."""


def mangled(sentence: str) -> str:
    """`Pay {amount}` as `[Ƥáý {amount}]`."""
    parts = re.split(r"(\{\w+\})", sentence)
    return "[" + "".join(part if part.startswith("{") else part.translate(MANGLED) for part in parts) + "]"


class Pseudo(NullTranslations):
    """The catalogue of a language that nobody speaks."""

    def gettext(self, message: str) -> str:
        return mangled(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return mangled(msgid1 if n == 1 else msgid2)


@pytest.fixture(autouse=True)
def nobody_speaks_it(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All the languages become that one."""
    monkeypatch.setattr(kiosk.texts, "NullTranslations", Pseudo)
    monkeypatch.setattr(kiosk.texts, "_catalogue", lambda path, locale: Pseudo())
    kiosk.texts.texts.cache_clear()
    yield
    kiosk.texts.texts.cache_clear()


@pytest.mark.prove
@pytest.mark.parametrize("tender", ["cash", "wechat"])
async def test_a_whole_sale_goes_through_in_words_that_nobody_wrote(room: Room, tender: str) -> None:
    """From welcome to done by keys: no step of it hangs on a word."""
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await to_the_summary(pilot, "4")
        await pilot.press("2" if tender == "cash" else "1")
        await on(pilot, CounterScreen if tender == "cash" else CodeScreen)
        pay(room, tender)
        await on(pilot, DeliveryScreen)
        room.work()
        await on(pilot, DoneScreen)
        await settled(pilot, lambda: "[Đ" in seen(pilot), "delivered")
        await pilot.press("enter")
        await on(pilot, WelcomeScreen)

        order = room.only_order()
        assert (order.state, order.tender, order.language) == (State.COMPLETED, tender, "es")
        assert room.network.delivered(order) == 1
        assert len(room.paper.papers) == 1


def pay(room: Room, tender: str) -> None:
    if tender == "cash":
        room.pay_cash()
        return
    room.work()
    order = room.only_order()
    room.wallet.pay(order.reference, order.total)
    room.time.go_on(seconds=10)
    room.work()


KEYS = "Enter Esc Del Tab F A 文 com"
DRAWN = "US DATA SIM v"
"""On the picture of a card, and the arrow at the scanner."""
BABEL = "USD ago EDT"
"""A currency's code, August and a time zone, by the language's own rules."""
PRACTICE = "wallet reader"
"""Where the stand-ins of the tests are."""
OFFERED = "Language 语言 言語 언어 Idioma Langue Ten gigabytes more for every traveller"
"""The word for a language in several, and what the network wrote."""
REFERENCES = re.compile(r"T07[0-9A-Z]{13}|[0-9A-Z]{3,4}(?:[- ][0-9A-Z]{4})+|\d+:[0-9a-f]{20}")
"""Of orders, and the ledger's head."""


def words_in(value: object) -> set[str]:
    """The words of everything that a table of the configuration says."""
    if isinstance(value, dict):
        return set().union(*map(words_in, value.values()))
    if isinstance(value, list):
        return set().union(*map(words_in, value))
    return set(WORD.findall(value)) if isinstance(value, str) else set()


WORD = re.compile(r"[^\W\d_]+")
SAME_EVERYWHERE = words_in([KEYS, DRAWN, BABEL, PRACTICE, OFFERED, MESSAGE, " ".join(LANGUAGES.values())]) | words_in(
    LONG
)


def untranslated(pilot: Pilot[None]) -> set[str]:
    """The words on the screen that stood in no sentence, and are not the same in every language."""
    shown = seen(pilot)
    text = REFERENCES.sub("", shown[shown.index("[") :])  # before it is the shop's name, which may be cut
    letters = set(PLAIN.translate(MANGLED))
    return {word for word in WORD.findall(text) if not set(word) <= letters} - SAME_EVERYWHERE - set(PLAIN)


@pytest.mark.prove
@pytest.mark.parametrize("name", EVERY)
async def test_no_word_stands_on_a_screen_that_no_catalogue_knows(wordy: Room, name: str) -> None:
    """Every screen is made, and all its words were in a sentence."""
    app = Host(wordy, EVERY[name])
    async with app.run_test(size=WIDE) as pilot:
        await on(pilot, KioskScreen)
        await settled(pilot, lambda: bool(app.screen.query("#question")), "a question")
        app.language = "es"
        await sees(pilot, "[")
        await pilot.pause(0.1)

        assert untranslated(pilot) == set()
    wordy.close()
