"""Stands in the welcome screen's place while somebody at the counter has put the kiosk out of service.

What was paid is looked up here as ever. It goes by itself as soon as the kiosk is in service again.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeAlias

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from kiosk.scanned import Scan, ScanKind
from kiosk.settings import Ready
from kiosk.texts import LANGUAGES, Texts
from kiosk.untrusted import printable
from screens.frame import KioskScreen
from screens.parts import Key, Notice, Touch, Words
from screens.welcome import LARGER, SMALLER, Asks, lead_to_its_order

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.order import Order

    Back: TypeAlias = "Order | Asks"

LOOK_S = 0.2


class ClosedScreen(KioskScreen["Back"]):
    """Answers with an order, where its receipt was scanned, or with the wish to find one. None: in service again."""

    CSS_PATH = None
    name_of_step = "closed"
    idle_s = None
    anew_s = 60.0
    """So long after the last touch the next customer finds the kiosk's own language again."""

    def __init__(self, house: House, message: str) -> None:
        """`message` is as in `kiosk.settings.Settings`."""
        super().__init__(house)
        self._message = message
        self._began_anew_at = time.monotonic()

    def body(self) -> ComposeResult:
        yield Words(id="question", classes="warm")
        yield Words(id="closed-words", classes="bold")
        yield Words(id="hint")
        with Horizontal(id="languages"):
            for number, language in enumerate(self.kiosk.languages, start=1):
                yield Touch(str(number), id=f"language-{language}", classes="tile")
        with Vertical(id="facts"):
            if self.house.config.file.kiosk.help_line:
                yield Horizontal(Words(id="help-name", classes="fact-name"), Words(id="help"), classes="fact")

    def on_mount(self) -> None:
        self.set_interval(LOOK_S, self._look)

    def relabel(self) -> None:
        say = self.texts.say
        self.query_one("#question", Words).show(say("No top-ups are sold here just now"))
        words = self.query_one("#closed-words", Words)
        words.show(message_words(self._message, self.texts))
        words.display = bool(words.said)
        self.query_one("#hint", Words).show(say("What was paid is safe: it is delivered, or given back, by itself."))
        for number, language in enumerate(self.kiosk.languages, start=1):
            self.query_one(f"#language-{language}", Touch).show(str(number), LANGUAGES[language])
        if help_line := self.house.config.file.kiosk.help_line:
            self.query_one("#help-name", Words).show(say("Help line"))
            self.query_one("#help", Words).show(printable(help_line))

    def keys(self) -> list[Key]:
        say = self.texts.say
        large = Key("f3", "F3", SMALLER if self.kiosk.large else LARGER)
        return [Key("w", "W", say("Find my top-up")), large, Key("f4", "F4", say("Contrast"))]

    def take(self, key: str) -> None:
        languages = self.kiosk.languages
        if key in map(str, range(1, len(languages) + 1)):
            self.kiosk.language = languages[int(key) - 1]
        elif key == "w":
            self.leave(Asks.WHERE)

    def scanned(self, scan: Scan) -> None:
        """A receipt of ours leads to its order; a card to nothing, and that is said."""
        if scan.kind is ScanKind.SIM:
            self.query_one(Notice).tell(self.texts.say("No top-ups are sold here just now"))
        else:
            lead_to_its_order(self, scan)

    def _look(self) -> None:
        """Has it changed at the counter? And has who was here gone?"""
        following = self.kiosk.following
        message = following.settings.message if following.known else self._message
        if message is None:
            self.leave()
        elif message != self._message:
            self._message = message
            self.write()
        if self._active_at > self._began_anew_at and time.monotonic() - self._active_at > self.anew_s:
            self._began_anew_at = time.monotonic()
            self.kiosk.begin_anew()


def message_words(message: str, texts: Texts) -> str:
    """A ready message in the customer's language; any other one as it was typed."""
    match message:
        case Ready.NONE:
            return ""
        case Ready.SOON:
            return texts.say("Back soon.")
        case Ready.COUNTER:
            return texts.say("Please ask at the counter.")
        case Ready.TOMORROW:
            return texts.say("We are back tomorrow.")
    return message
