"""The frame of every screen: head, body, foot, the change of language in place, and the end of a forgotten visit.

A screen collects, calls `kiosk`, and leaves with one answer; None is one step back. It must never wait for anything,
and never move money.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen

from kiosk.languages import the_other
from kiosk.phones import Kind, takes
from kiosk.scanned import Scan, ScanKind
from kiosk.texts import LANGUAGES, Texts, printable, texts
from kiosk.ways import LineState
from screens import over
from screens.number_words import scan_words
from screens.parts import Foot, Head, Key, Notice, Touched, Words

if TYPE_CHECKING:
    from kiosk.assembly import House
    from screens.app import KioskApp

Answer = TypeVar("Answer")

HELP = "?"
LANGUAGE = "文/A"
"""For who does not read the present one: so it stands in every language."""


class Scanned(Message):
    """A whole code from the scanner, judged."""

    def __init__(self, scan: Scan) -> None:
        super().__init__()
        self.scan = scan


class KioskScreen(Screen[Answer | None], Generic[Answer]):
    """The base of every screen. A screen of its own has `body`, `relabel`, `keys` and `take`."""

    CSS_PATH: ClassVar[Path | None] = Path(__file__).with_name("sale.tcss")
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-short"), (30, "-middle"), (36, "-tall")]  # noqa: RUF012 - Textual's own
    HORIZONTAL_BREAKPOINTS = [(0, "-thin"), (80, "-narrow"), (100, "-wide")]  # noqa: RUF012
    AUTO_FOCUS = ""
    ALLOW_SELECT = False

    name_of_step: ClassVar[str] = ""
    step: ClassVar[int] = 0
    """Which of the four steps in the head this is; 0 for none."""
    types: ClassVar[bool] = False
    """Whether digits are typed here; elsewhere they choose, and a scan's first digits must not."""
    may_be_large: ClassVar[bool] = True
    whispers: ClassVar[bool] = False  # what is typed here is never said aloud
    idle_s: float | None = 90.0
    warn_s: float = 20.0  # WCAG 2.2.1: so long there must be to say "I am here"

    def __init__(self, house: House) -> None:
        super().__init__()
        self.house = house
        self.left = False
        """Nobody is there any more: the visit is over."""
        self._labelled, self._answered, self._active_at = False, False, time.monotonic()

    # --- what a screen of its own fills in -------------------------------------------------------------------

    def body(self) -> ComposeResult:
        """The widgets between head and foot."""
        raise NotImplementedError

    def relabel(self) -> None:
        """Write every word anew, in the present language. What was typed and chosen stays."""
        raise NotImplementedError

    def keys(self) -> list[Key]:
        """The keys that work here now, without language and help."""
        return []

    def take(self, key: str) -> None:
        """Do what a key does: typed and touched alike."""
        raise NotImplementedError

    def scanned(self, scan: Scan) -> None:
        """A code was scanned. Where nothing is scanned, money is said to be in the wrong place, and goes nowhere."""
        if scan.kind in (ScanKind.BANK_CARD, ScanKind.PAYMENT_CODE):
            self.query_one(Notice).tell(scan_words(self.texts, scan.kind))

    # --- the frame -------------------------------------------------------------------------------------------

    @property
    def kiosk(self) -> KioskApp:
        return cast("KioskApp", self.app)

    @property
    def texts(self) -> Texts:
        return texts(self.kiosk.language)

    def compose(self) -> ComposeResult:
        self._fit()
        with Horizontal(id="head"):
            yield Head()
        with Vertical(id="body"):
            yield from self.body()
        yield Notice(id="still-there")
        yield Words(id="too-small")
        yield Foot(self.foot_keys())

    def _fit(self) -> None:
        """Before the first layout. Textual alone does it after, and a touch would miss what then moves away."""
        size = self.app.size
        for cells, breakpoints in ((size.width, self.HORIZONTAL_BREAKPOINTS), (size.height, self.VERTICAL_BREAKPOINTS)):
            fitting = max(least for least, _ in breakpoints if least <= cells)
            for least, name in breakpoints:
                self.set_class(least == fitting, name)

    def on_mount(self) -> None:
        self.query_one(Notice).display = False
        self._labelled = True
        self.write()
        if self.kiosk.large:
            over.fit_large(self)
        self.set_interval(0.25, self._watch_the_clock)

    def write(self) -> None:
        """Label everything: frame and body. Nothing where the widgets are not there yet, or may be gone already."""
        if not self._labelled or self._answered or not self.display:
            return
        self.relabel()
        too_small = self.texts.say("This terminal is too small. The kiosk needs at least 80 x 24 characters.")
        self.query_one("#too-small", Words).show(too_small)
        self.write_head()
        self.write_foot()

    def write_head(self) -> None:
        say, config = self.texts.say, self.house.config
        name = Content.styled(printable(config.file.kiosk.name), "bold $k-ink")
        mark = Content.styled(" " + say("TRAINING") if config.training else "", "bold $k-warm")
        first = say("1 Number") if Kind.PHONE in takes(config.sims) else say("1 Card")
        steps = (first, say("2 Plan"), say("3 Pay"), say("4 Done"))
        shown = [
            Content.styled(text, "bold underline $k-ink" if number == self.step else "$k-dim")
            for number, text in enumerate(steps, start=1)
        ]
        parts = [Content.styled(" - ", "$k-dim").join(shown)] if self.step and not self._too_small else []
        clock = self.house.clock.now().astimezone(config.zone).strftime("%H:%M")
        parts += [self._line(), Content.styled(clock, "$k-ink")]
        self.query_one(Head).show(name, mark, Content("  ").join(parts))

    def _line(self) -> Content:
        match LineState.DOWN if self.kiosk.provider_away else self.kiosk.line:
            case LineState.UP:
                return Content.styled(self.texts.say("line up"), "$k-ok")
            case LineState.DOWN:
                return Content.styled(self.texts.say("no line"), "bold $k-warm")
        return Content.styled(self.texts.say("line ?"), "$k-dim")

    def write_foot(self) -> None:
        self.query_one(Foot).show(self.foot_keys())

    def foot_keys(self) -> list[Key]:
        """All that work. Language and help stand everywhere; but where the language is chosen, it is chosen already."""
        languages = self.kiosk.languages
        other = the_other(languages, self.kiosk.language)
        language = [Key("f2", "F2", LANGUAGES[other] if other else LANGUAGE)]
        common = [] if self.name_of_step == "language" or len(languages) == 1 else language
        helps = [] if self.name_of_step == "help" else [Key(HELP, "?", self.texts.say("Help"))]
        return [*self.keys(), *common, *helps]

    # --- keys, touches, and nobody there ---------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.press(event.character.lower() if event.character and event.is_printable else event.key)

    def on_scanned(self, event: Scanned) -> None:
        event.stop()
        self.stay()
        if not self._answered and not self._too_small:
            self.scanned(event.scan)

    def on_touched(self, event: Touched) -> None:
        event.stop()
        self.press(event.key)

    def on_click(self) -> None:
        self.stay()

    @property
    def _too_small(self) -> bool:
        """Nothing but frame and a sentence is seen: a key would choose what nobody sees."""
        return self.has_class("-low") or self.has_class("-thin")

    def press(self, key: str) -> None:
        """A key or a touch. While the screen is about to close, it says "still here" and does nothing else."""
        if self.stay():
            return
        if over.takes(self.kiosk, key) or self._too_small:
            return
        key = over.read_key(self, "enter" if key == "ctrl+j" else key)
        if key:
            self.take(key)

    @property
    def on_top(self) -> bool:
        """Nothing lies over this screen. (Textual calls a screen below another one current, too.)"""
        return self.app.screen is self

    def leave(self, answer: Answer | None = None) -> None:
        """End this screen with its one answer. A second touch, or one from below another screen, does nothing."""
        if self.on_top and not self._answered:
            self._answered = True
            self.dismiss(answer)

    def stay(self) -> bool:
        """Somebody is here. Returns whether the screen was about to close."""
        self._active_at = time.monotonic()
        return self.query_one(Notice).clear()

    def _watch_the_clock(self) -> None:
        if not (self.on_top and self.display):  # or it is just being taken down
            self._active_at = time.monotonic()
            return
        self.write_head()
        self.query_one(Notice).look()
        if self.idle_s is None:
            return
        rest_s = self.idle_s * self.kiosk.patience - (time.monotonic() - self._active_at)
        if rest_s <= 0:
            self.left = True
            self.leave()
        elif rest_s <= self.warn_s:
            self._warn(int(rest_s) + 1)

    def _warn(self, rest_s: int) -> None:
        self.query_one(Notice).warn(
            self.texts.plural(
                "Are you still there? This screen closes in {n} second. Touch it or press any key to stay.",
                "Are you still there? This screen closes in {n} seconds. Touch it or press any key to stay.",
                rest_s,
            )
        )
