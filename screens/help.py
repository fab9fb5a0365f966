"""Help: who to ask, and what customers ask most. It lies over the screen it was called from, and changes nothing."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from kiosk.phones import takes
from kiosk.texts import printable
from screens.frame import KioskScreen
from screens.number_words import help_words
from screens.parts import Key, Words


class HelpScreen(KioskScreen[None]):
    """Answers nothing."""

    name_of_step = "help"
    idle_s = 60.0

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        with Vertical(id="help-lines"):
            for number in range(1, 5):
                yield Words(id=f"help-{number}", classes="paragraph")

    def relabel(self) -> None:
        say, shop = self.texts.say, self.house.config.file.kiosk
        self.query_one("#question", Words).show(say("Help"))
        where = ", ".join(shop.address)
        asked = say("Please ask at the counter, or call {number}.", number=shop.help_line)
        self.query_one("#hint", Words).show(printable(asked if shop.help_line else say("Please ask at the counter.")))
        lines = (
            printable(where),
            help_words(self.texts, takes(self.house.config.sims)),
            say(
                "If you have paid and see no top-up: it is delivered automatically, or your money comes back."
                " Do not pay twice."
            ),
            say("Every key on the bottom line can be touched."),
        )
        for number, line in enumerate(lines, start=1):
            self.query_one(f"#help-{number}", Words).show(line)

    def keys(self) -> list[Key]:
        return [Key("escape", "Esc", self.texts.say("Back"))]

    def take(self, key: str) -> None:
        if key in ("escape", "enter"):
            self.leave()
