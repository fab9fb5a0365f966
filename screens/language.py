"""The choice of language, by F2 from any screen. It lies over that screen, which keeps what was typed and chosen."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal

from kiosk.texts import LANGUAGES
from screens.frame import KioskScreen
from screens.parts import Key, Touch, Words

TITLE = "Language  语言  Idioma  言語  언어  Langue"
"""For everybody at once: who wants another language may not read this one."""


class LanguageScreen(KioskScreen[None]):
    """Answers nothing: what is chosen is the kiosk's language at once."""

    name_of_step = "language"
    lies_over = True
    idle_s = 60.0

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        with Horizontal(id="languages"):
            for number, language in enumerate(self.kiosk.languages, start=1):
                yield Touch(str(number), id=f"language-{language}", classes="tile")

    def relabel(self) -> None:
        self.query_one("#question", Words).show(TITLE)
        self.query_one("#hint", Words).show(self.texts.say("What you have typed and chosen stays."))
        for number, language in enumerate(self.kiosk.languages, start=1):
            tile = self.query_one(f"#language-{language}", Touch)
            tile.show(str(number), LANGUAGES[language])
            tile.set_class(language == self.kiosk.language, "-chosen")

    def keys(self) -> list[Key]:
        return [Key("escape", "Esc", self.texts.say("Back"))]

    def take(self, key: str) -> None:
        languages = self.kiosk.languages
        if key in map(str, range(1, len(languages) + 1)):
            self.leave()
            self.kiosk.language = languages[int(key) - 1]
        elif key in ("escape", "enter"):
            self.leave()
