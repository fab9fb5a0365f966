"""The welcome screen: what this is, what to have ready, the languages, and what works now."""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, TypeAlias

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from kiosk.errors import LedgerError, NoAnswer
from kiosk.identifiers import Reference
from kiosk.phones import takes
from kiosk.scanned import Scan, ScanKind
from kiosk.texts import LANGUAGES, printable
from kiosk.ways import CLEAR, Hindrance, LineState, Outlook, Way, line_after, ways_to_pay
from screens import over
from screens.background import begin
from screens.frame import KioskScreen
from screens.number_words import begin_words, ready_words, scan_words
from screens.parts import Key, Notice, Touch, Words
from screens.promotions import promotion_words

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.order import Order
    from kiosk.promotions import ProviderPromotion

    Begun: TypeAlias = "str | Order | Asks"

LOOK_S, OUTLOOK_S = 0.3, 2.0
TENDERS_S = 1.3
"""What a sale needs is loaded so long after the first picture."""
LETTERS_S = 3.0
"""Fonts are found, and the first large letter is drawn, before anybody asks for them: that takes most of a second."""
LARGER, SMALLER = "A+", "A-"
"""The size of the letters, as it is written everywhere."""


class Asks(Enum):
    """What somebody wants who does not want to buy."""

    WHERE = auto()
    CLOSED = auto()
    """Nobody wants anything: the kiosk is out of service."""


class WelcomeScreen(KioskScreen["Begun"]):
    """Answers with the number that was scanned here, or an empty text; with an order, where its receipt was."""

    CSS_PATH = None  # what the first picture needs is the app's own
    name_of_step = "welcome"
    idle_s = None
    ask_s, ask_again_s = 30.0, 300.0
    """How often the line is asked about while nobody sells: when it is not up, and when it is."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._outlook: Future[tuple[Outlook, tuple[ProviderPromotion, ...]]] | None = None
        self._out_there: Outlook = CLEAR
        self._told: tuple[ProviderPromotion, ...] = ()
        self._asked: Future[None] | None = None
        self._asked_at = 0.0
        self._written: object = None

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        with Horizontal(id="languages"):
            for number, language in enumerate(self.kiosk.languages, start=1):
                yield Touch(str(number), id=f"language-{language}", classes="tile")
        if self.house.config.promotions:
            yield Words(id="promotion")
        with Vertical(id="facts"):
            for fact in self._facts:
                yield Horizontal(Words(id=f"{fact}-name", classes="fact-name"), Words(id=fact), classes="fact")

    def on_mount(self) -> None:
        self.set_timer(LOOK_S, self.kiosk.catalogues.begin)  # the first picture is out: what is slow may come now
        self.set_timer(TENDERS_S, self.kiosk.tenders.begin)
        self.set_timer(LETTERS_S, lambda: begin(lambda: over.can_be_large(self.kiosk), "large letters"))
        self.set_interval(LOOK_S, self._look)
        self.set_interval(OUTLOOK_S, self._look_out)

    def relabel(self) -> None:
        say, shop = self.texts.say, self.house.config.file
        self._write("question", say("Top up your US data SIM"))
        self._write("hint", begin_words(self.texts, takes(self.house.config.sims)))
        for number, language in enumerate(self.kiosk.languages, start=1):
            self.query_one(f"#language-{language}", Touch).show(str(number), LANGUAGES[language])
        self._tell(promotion_words(self, self._told))
        self._fact("ready", say("Have ready"), ready_words(self.texts, takes(self.house.config.sims)))
        self._fact("ways", say("Ways to pay"), self._ways())
        if "wifi" in self._facts:
            wifi = say("{name}, password {password}", name=shop.wifi.name, password=shop.wifi.password)
            self._fact("wifi", say("Free Wi-Fi"), wifi if shop.wifi.password else shop.wifi.name)
        if "help" in self._facts:
            self._fact("help", say("Help line"), shop.kiosk.help_line)

    @property
    def _facts(self) -> list[str]:
        """What this shop has to say. Each widget of the first picture costs a millisecond: none is made for nothing."""
        shop = self.house.config.file
        found = {"ready": True, "ways": True, "wifi": bool(shop.wifi.name), "help": bool(shop.kiosk.help_line)}
        return [fact for fact, there in found.items() if there]

    def keys(self) -> list[Key]:
        say = self.texts.say
        where = Key("w", "W", say("Find my top-up"))
        large = Key("f3", "F3", SMALLER if self.kiosk.large else LARGER)
        return [Key("enter", "Enter", say("Start")), where, large, Key("f4", "F4", say("Contrast"))]

    def take(self, key: str) -> None:
        languages = self.kiosk.languages
        if key in map(str, range(1, len(languages) + 1)):
            self.kiosk.language = languages[int(key) - 1]
            self.leave("")
        elif key == "enter":
            self.leave("")
        elif key == "w":
            self.leave(Asks.WHERE)

    def scanned(self, scan: Scan) -> None:
        """A SIM's number starts the sale; a receipt of ours leads to its order."""
        if scan.kind is ScanKind.SIM:
            self.leave(scan.text)
        else:
            lead_to_its_order(self, scan)

    def _look(self) -> None:
        """Has anything come that changes the words here: a catalogue, the ways to pay, a setting, the line?"""
        kiosk, settings = self.kiosk, self.kiosk.following.settings
        if settings.message is not None:
            self.leave(Asks.CLOSED)
            return
        self._ask_for_the_line()
        slow = kiosk.catalogues.result is None, kiosk.tenders.result is None
        known = (slow, kiosk.line, self._out_there, self._told, settings)
        if known != self._written:
            self._written = known
            self.write()

    def _look_out(self) -> None:
        """Customers come hours later: what the queue has heard meanwhile is shown, without waiting for the disk."""
        if self._outlook is None or self._outlook.done():
            if self._outlook and not self._outlook.exception():
                self._out_there, self._told = self._outlook.result()
                self.kiosk.provider_away = self._out_there.provider_away
            self._outlook = begin(lambda: (self.house.outlook(), self.house.promotions()), "outlook")

    def _ask_for_the_line(self) -> None:
        """While nobody sells, nobody else asks: a line that is back would be found by its next customer only."""
        if self.kiosk.tenders.result is None:
            return
        if self._asked is not None:
            if self._asked.done():
                error, self._asked = self._asked.exception(), None
                if error is None or isinstance(error, NoAnswer):
                    self.kiosk.line = line_after(error)
            return
        every_s = self.ask_again_s if self.kiosk.line is LineState.UP else self.ask_s
        if not self._asked_at or time.monotonic() - self._asked_at > every_s:
            self._asked_at = time.monotonic()
            self._asked = begin(self.house.inquiry.line, "line")

    def _ways(self) -> str:
        """The ways to pay that work now. Before the first paint only their names are known, from the configuration."""
        off = self.kiosk.following.settings.tenders_off
        names = [name for name in self.house.config.file.tenders if name not in off]
        if (tenders := self.kiosk.tenders.result) is not None:
            ways = ways_to_pay(tenders, self.kiosk.line, replace(self._out_there, off=off))
            names = [way.tender.name for way in ways if way.hindrance is None]
            if not names:
                return self._none_of(ways)
        return self.texts.say(", ").join(dict.fromkeys(self.texts.tender(name) for name in names))

    def _none_of(self, ways: list[Way]) -> str:
        """Why nothing can be paid, before anybody has typed a number."""
        if any(way.hindrance is Hindrance.LIMIT for way in ways):
            return self.texts.say("none just now: too many top-ups wait already for the mobile network")
        if self._out_there.provider_away:
            return self.texts.say("none just now: the mobile network does not answer")
        return self.texts.say("none just now")

    def _tell(self, promotion: str) -> None:
        """What is told of promotions. The provider's come after the first picture, which has no widget for nothing."""
        if promotion and not self.query("#promotion"):
            self.query_one("#body").mount(Words(id="promotion"), before="#facts")
        for words in self.query("#promotion").results(Words):
            words.show(promotion)
            words.display = bool(promotion)

    def _fact(self, fact: str, name: str, value: str) -> None:
        self._write(f"{fact}-name", name)
        self._write(fact, value)

    def _write(self, id: str, text: str) -> None:
        self.query_one(f"#{id}", Words).show(printable(text))


def lead_to_its_order(screen: KioskScreen[Any], scan: Scan) -> None:
    """A receipt of ours ends the screen with its order; of whatever else was scanned, what it is."""
    told = scan_words(screen.texts, scan.kind)
    if scan.kind is ScanKind.RECEIPT:
        try:
            screen.leave(screen.house.ledger.order(Reference(scan.text)))
            return
        except LedgerError:
            told = screen.texts.say("This kiosk does not know that receipt. Please ask at the counter.")
    screen.query_one(Notice).tell(told)
