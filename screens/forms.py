"""How this customer has the screens: language, contrast, large letters, a voice. All of it until they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.reactive import reactive

from kiosk.languages import LANGUAGES
from screens import over
from screens.following import Following
from screens.frame import KioskScreen
from screens.theme import TOKENS, themes

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.speech import Headphones
    from screens.spoken import Reader

SLOWLY = 2
JACK_S = 0.5


class Forms(App[None]):
    """The part of the program that every screen asks how it is to look and sound."""

    language: reactive[str] = reactive(next(iter(LANGUAGES)), init=False)
    large: reactive[bool] = reactive(False, init=False)
    spoken: reactive[bool] = reactive(False, init=False)
    first_theme: ClassVar[str] = next(iter(TOKENS))

    def __init__(self, house: House) -> None:
        super().__init__()
        self.house = house
        self.following = Following(house)
        self.reader: Reader | None = None
        """What says the screens aloud, where that was asked for."""
        self._jack: Headphones | None = None
        self._plugged: bool | None = None
        for theme in themes():
            self.register_theme(theme)
        self.theme = self.first_theme

    def bell(self) -> None:
        """Unless the owner wants it quiet."""
        if self.house.config.file.kiosk.bell:
            super().bell()

    @property
    def languages(self) -> list[str]:
        """Those offered here, the first of which every customer is greeted in."""
        return self.house.config.languages

    @property
    def patience(self) -> int:
        """So many times as long a screen waits for somebody who reads slowly, or listens."""
        return SLOWLY if self.large or self.spoken else 1

    def begin_anew(self) -> None:
        """For the next customer; a voice goes on only where headphones are still plugged in."""
        self.language, self.theme, self.large = self.languages[0], self.first_theme, False
        self.spoken = False
        self.spoken = bool(self._plugged)

    def watch_large(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, KioskScreen) and screen.query("#body"):
                over.fit_large(screen)

    def watch_spoken(self) -> None:
        """A new voice has its usual pace and loudness."""
        if self.reader is not None:
            self.reader.stop()
        self.reader = over.reader(self) if self.spoken else None

    def watch_language(self) -> None:
        self.large = self.large and over.can_be_large(self)
        for screen in self.screen_stack:
            if isinstance(screen, KioskScreen):
                screen.write()

    def listen_for_headphones(self) -> None:
        """From now on the kiosk speaks while headphones are plugged in."""
        self._jack = self.house.headphones()
        if self._jack is not None:
            self.set_interval(JACK_S, self._look_at_the_jack)

    def _look_at_the_jack(self) -> None:
        if self._jack is not None and self._jack.plugged is not self._plugged:
            self._plugged = self._jack.plugged
            self.spoken = bool(self._plugged)

    def fall_silent(self) -> None:
        """The program ends."""
        if self._jack is not None:
            self._jack.stop()
        if self.reader is not None:
            self.reader.stop()
