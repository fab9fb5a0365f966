"""What every screen can ask for, by the same keys: another language, large letters, another contrast, help, a clerk.

Each lies over the screen that it was asked from, and changes nothing there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from kiosk.languages import LANGUAGES, the_other
from kiosk.texts import texts
from screens.parts import Notice
from screens.theme import TOKENS

if TYPE_CHECKING:
    from screens.app import KioskApp
    from screens.forms import Forms
    from screens.frame import KioskScreen
    from screens.spoken import Reader


def back_to(app: Forms, kind: type[KioskScreen[Any]]) -> bool:
    """Whether such a screen lies over the sale already: one step back to it, where others lie over that. Never two.

    Those that say so `lies_over`; no screen of the sale itself is ever left by this.
    """
    there = any(isinstance(screen, kind) for screen in app.screen_stack)
    top = app.screen
    if there and not isinstance(top, kind) and getattr(top, "lies_over", False) and top.is_mounted:
        cast("KioskScreen[Any]", top).leave()
    return there


def choose_language(app: Forms) -> None:
    """Between two there is nothing to choose; more are shown, each in its own script."""
    from screens.language import LanguageScreen

    if other := the_other(app.languages, app.language):
        app.language = other
    elif len(app.languages) > 2 and not back_to(app, LanguageScreen):
        app.push_screen(LanguageScreen(app.house))


def next_theme(app: Forms) -> None:
    names = list(TOKENS)
    app.theme = names[(names.index(app.theme) + 1) % len(names)]


def show_help(app: KioskApp) -> None:
    from screens.frame import KioskScreen
    from screens.help import HelpScreen

    if isinstance(app.screen, KioskScreen) and not back_to(app, HelpScreen):
        app.push_screen(HelpScreen(app.house, app.screen))


def ask_clerk(app: KioskApp) -> None:
    """A clerk's name and PIN open the counter here, or end the program: the same key once more says which."""
    from screens.clerk import ClerkScreen, DoorScreen

    if isinstance(app.screen, DoorScreen):
        app.screen.turn()
    elif not back_to(app, ClerkScreen):
        door = DoorScreen(app.house, app.may_leave, counter=app.has_counter)
        app.push_screen(door, lambda yes: app.leave_for("" if door.ends else door.clerk) if yes else None)


def can_be_large(app: Forms) -> bool:
    """Whether this machine has letters to draw the customer's language with."""
    from screens.letters import can_draw

    return can_draw(LANGUAGES[app.language], app.house.config.file.printer.font)


def large_text(app: Forms) -> None:
    """Large letters, or ordinary ones again."""
    if app.large or can_be_large(app):
        app.large = not app.large
        return
    _tell(app, texts(app.language).say("This kiosk has no large letters for this language."))


def speak(app: Forms) -> None:
    """A voice, or none again."""
    if app.spoken or app.house.voice is not None:
        app.spoken = not app.spoken
        return
    _tell(app, texts(app.language).say("This kiosk has no voice. Please ask at the counter."))


def _tell(app: Forms, words: str) -> None:
    """On the screen that is on top; one that only comes up at this moment has no place for it yet."""
    for notice in app.screen.query(Notice):
        notice.tell(words)


def reader(app: Forms) -> Reader | None:
    """What says the screens aloud; None where this machine has no voice."""
    from screens.spoken import Reader

    return Reader(app, app.house.voice) if app.house.voice else None


def fit_large(screen: KioskScreen[Any]) -> None:
    """The screen as it is to be seen now: with a page in large letters over its body, or without."""
    from screens.large import LargePage

    wanted, pages = screen.kiosk.large and screen.may_be_large, screen.query(LargePage)
    screen.set_class(wanted, "-large")
    if wanted and not pages:
        screen.mount(LargePage(screen), after="#body")
    pages.set(display=wanted)  # not removed: who asks for it again at once would get none


def read_key(screen: KioskScreen[Any], key: str) -> str:
    """What a key is for the screen itself: Enter chooses what the customer is at, in large letters or by ear."""
    if screen.kiosk.reader is not None:
        return screen.kiosk.reader.take(key)
    if not screen.has_class("-large"):
        return key
    from screens.large import LargePage

    return next((page.take(key) for page in screen.query(LargePage)), key)


KEYS: dict[str, Callable[[KioskApp], None]] = {
    "f2": choose_language,
    "f3": large_text,
    "f4": next_theme,
    "f5": speak,
    "f10": ask_clerk,
    "?": show_help,
}


def takes(app: KioskApp, key: str) -> bool:
    """Whether this key is one of those that do the same everywhere; then it is done."""
    if done := KEYS.get(key):
        done(app)
    return done is not None
