"""What every screen can ask for, by the same keys: another language, another contrast, help, a clerk.

Each lies over the screen that it was asked from, and changes nothing there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.languages import the_other
from screens.frame import KioskScreen
from screens.theme import TOKENS

if TYPE_CHECKING:
    from screens.app import KioskApp


def choose_language(app: KioskApp) -> None:
    """Between two there is nothing to choose; more are shown, each in its own script."""
    from screens.language import LanguageScreen

    if other := the_other(app.languages, app.language):
        app.language = other
    elif len(app.languages) > 2 and not isinstance(app.screen, LanguageScreen):
        app.push_screen(LanguageScreen(app.house))


def next_theme(app: KioskApp) -> None:
    names = list(TOKENS)
    app.theme = names[(names.index(app.theme) + 1) % len(names)]


def show_help(app: KioskApp) -> None:
    from screens.help import HelpScreen

    if isinstance(app.screen, KioskScreen) and not isinstance(app.screen, HelpScreen):
        app.push_screen(HelpScreen(app.house, app.screen))


def ask_clerk(app: KioskApp, may_leave: Callable[[str, str], bool]) -> None:
    """A clerk's name and PIN end the program."""
    from screens.clerk import ClerkScreen, end_words

    if not isinstance(app.screen, ClerkScreen):
        app.push_screen(ClerkScreen(app.house, may_leave, end_words), lambda left: app.exit() if left else None)
