"""The welcome screen: what this is, what to have ready, the languages, and what works now."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from kiosk.texts import LANGUAGES, SOURCE, Texts, printable, texts
from kiosk.ways import CLEAR, Hindrance, Outlook, Way, ways_to_pay
from screens.background import begin
from screens.frame import KioskScreen, Scanned
from screens.parts import Key, Tile, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.assembly import House
    from kiosk.ports import Tender

LOOK_S = 2.0
FACTS = ("ready", "ways", "wifi", "help")


class WelcomeScreen(KioskScreen[str]):
    """Answers with the number that was scanned here, or an empty text."""

    name_of_step = "welcome"
    idle_s = None

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._tenders: Future[Mapping[str, Tender]] | None = None
        self._outlook: Future[Outlook] | None = None
        self._out_there: Outlook = CLEAR
        self._catalogues: Future[list[Texts]] | None = None

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        with Horizontal(id="languages"):
            for number, language in enumerate(LANGUAGES, start=1):
                words = (Words(id=f"language-{language}", classes="bold"), Words(id=f"start-{language}", classes="dim"))
                yield Tile(*words, key=str(number))
        yield Words(id="promotion")
        with Vertical(id="facts"):
            for fact in FACTS:
                yield Horizontal(Words(id=f"{fact}-name", classes="fact-name"), Words(id=fact), classes="fact")

    def on_mount(self) -> None:
        self.set_timer(0.3, self._warm_up)  # the first paint is out: what is slow to import may come now

    def relabel(self) -> None:
        say, shop = self.texts.say, self.house.config.file
        self._write("question", say("Top up your US data SIM"))
        self._write("hint", say("Choose your language to begin, or scan the barcode on your card."))
        for number, (language, name) in enumerate(LANGUAGES.items(), start=1):
            self._write(f"language-{language}", f"{number}  {name}")
            if self._warm or language == SOURCE:
                self._write(f"start-{language}", "   " + texts(language).say("Top up a US data SIM"))
        self._write("promotion", promotion_words(self))
        self.query_one("#promotion").display = bool(promotion_words(self))
        ready = say("The card number: 19 or 20 digits on the back of the card, beside the barcode.")
        self._fact("ready", say("Have ready"), ready)
        self._fact("ways", say("Ways to pay"), self._ways())
        wifi = say("{name}, password {password}", name=shop.wifi.name, password=shop.wifi.password)
        self._fact(
            "wifi", say("Free Wi-Fi"), (wifi if shop.wifi.password else shop.wifi.name) if shop.wifi.name else ""
        )
        self._fact("help", say("Help line"), shop.kiosk.help_line)

    def keys(self) -> list[Key]:
        say = self.texts.say
        return [Key("enter", "Enter", say("Start")), Key("c", "C", say("Contrast"))]

    def take(self, key: str) -> None:
        languages = list(LANGUAGES)
        if key in map(str, range(1, len(languages) + 1)):
            self.kiosk.language = languages[int(key) - 1]
            self.leave("")
        elif key == "enter":
            self.leave("")
        elif key == "c":
            self.kiosk.next_theme()

    def on_scanned(self, event: Scanned) -> None:
        self.leave(event.text)

    def _warm_up(self) -> None:
        """Behind the first screen, in a thread: the catalogues, the ways to pay, and what stands against a sale."""
        self._catalogues = begin(lambda: [texts(language) for language in LANGUAGES], "catalogues")
        self._tenders = begin(lambda: self.house.tenders, "tenders")
        self._outlook = begin(self.house.outlook, "outlook")
        self.set_timer(1.0, self.relabel)
        self.set_interval(LOOK_S, self._look_again)

    def _look_again(self) -> None:
        """Customers come hours later: what the queue has heard meanwhile is shown, without waiting for the disk."""
        before = self._out_there
        if self._outlook is None or self._outlook.done():
            if self._outlook and not self._outlook.exception():
                self._out_there = self._outlook.result()
            self._outlook = begin(self.house.outlook, "outlook")
        if self._out_there != before:
            self.relabel()

    @property
    def _warm(self) -> bool:
        return self._catalogues is not None and self._catalogues.done()

    def _ways(self) -> str:
        """The ways to pay that work now. Before the first paint only their names are known, from the configuration."""
        names = list(self.house.config.file.tenders)
        if self._tenders is not None and self._tenders.done() and not self._tenders.exception():
            ways = ways_to_pay(self._tenders.result(), self.kiosk.line, self._out_there)
            names = [way.tender.name for way in ways if way.hindrance is None]
            if not names:
                return self._none_of(ways)
        return self.texts.say(", ").join(self.texts.tender(name) for name in names)

    def _none_of(self, ways: list[Way]) -> str:
        """Why nothing can be paid, before anybody has typed a number."""
        if any(way.hindrance is Hindrance.LIMIT for way in ways):
            return self.texts.say("none just now: too many top-ups wait already for the mobile network")
        if self._out_there.provider_away:
            return self.texts.say("none just now: the mobile network does not answer")
        return self.texts.say("none just now")

    def _fact(self, fact: str, name: str, value: str) -> None:
        self._write(f"{fact}-name", name)
        self._write(fact, value)
        self.query_one(f"#{fact}").parent.display = bool(value)  # type: ignore[union-attr]

    def _write(self, id: str, text: str) -> None:
        self.query_one(f"#{id}", Words).show(printable(text))


def promotion_words(screen: WelcomeScreen) -> str:
    """What is cheaper today, and until when; empty where nothing is."""
    config, texts = screen.house.config, screen.texts
    promotion = config.promotion
    if promotion is None or not promotion.runs(screen.house.clock.now().astimezone(config.zone).date()):
        return ""
    return texts.say(
        "{name}: {percent} % off until {day}",
        name=promotion.names.get(texts.language) or promotion.names["en"],
        percent=f"{promotion.percent.normalize():f}",
        day=texts.day(promotion.last_day),
    )
