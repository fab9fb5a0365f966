"""Help: this step, the five steps, what customers ask most, and who to ask. It lies over the screen that it is about.

It changes nothing but that staff is called. What is called for stands in the ledger, where every counter sees it.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Vertical

from kiosk.errors import LedgerError
from kiosk.phones import takes
from kiosk.printing import shop_of
from kiosk.texts import printable
from screens.background import begin
from screens.frame import KioskScreen
from screens.number_words import help_words
from screens.parts import Key, Words
from screens.usual import after_words, usual_span

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.ledger.seats import Called

LOOK_S = 1.0
PARAGRAPHS = 7


class HelpScreen(KioskScreen[None]):
    """Answers nothing."""

    name_of_step = "help"
    lies_over = True
    idle_s = 60.0

    def __init__(self, house: House, below: KioskScreen[Any]) -> None:
        super().__init__(house)
        self._below = below
        self._questions = False
        self._called: Called | None = None
        self._asked: Future[Called | None] | None = None
        self._calling = False
        self._unheard = False
        """The last call reached nobody: there is no seat here, or the ledger takes nothing down."""

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        with Vertical(id="help-lines"):
            for number in range(PARAGRAPHS):
                yield Words(id=f"help-{number}", classes="paragraph", hang=3)
        yield Words(id="called", classes="warm")

    def on_mount(self) -> None:
        self.set_interval(LOOK_S, self._look)

    def relabel(self) -> None:
        say, shop = self.texts.say, self.house.config.file.kiosk
        self.query_one("#question", Words).show(say("Questions and answers") if self._questions else say("Help"))
        where = ", ".join(shop.address)
        asked = say("Please ask at the counter, or call {number}.", number=shop.help_line)
        asked = asked if shop.help_line else say("Please ask at the counter.")
        self.query_one("#hint", Words).show(printable(f"{asked} {where}".strip()))
        lines = self._answers() if self._questions else self._steps()
        for number in range(PARAGRAPHS):
            words = self.query_one(f"#help-{number}", Words)
            words.display = number < len(lines)
            words.show(lines[number] if number < len(lines) else "")
        self.query_one("#called", Words).show(self._called_words())
        self.query_one("#help-lines").set_class(self._questions, "-answers")

    def _steps(self) -> list[str]:
        """This step, in the words of its own screen, and where it stands among the five."""
        say = self.texts.say
        here = [self._below.query_one(name, Words).said for name in ("#question", "#hint") if self._below.query(name)]
        return [
            printable(" ".join(here)),
            say("1. Type or scan the number of your SIM."),
            say("2. Choose a plan, or answer three questions to find one."),
            say("3. Check the price, and choose how to pay."),
            say("4. Pay. The screen says when it has arrived."),
            say("5. Wait until the top-up is confirmed, and take your receipt."),
        ]

    def _answers(self) -> list[str]:
        say = self.texts.say
        back = shop_of(self.house.config, self.texts.language).refund_policy
        return [
            help_words(self.texts, takes(self.house.config.sims)),
            " ".join((say("How long does it take?"), self._usual(), say("Without a line it follows by itself."))),
            say(
                "If you have paid and see no top-up: it is delivered automatically, or your money comes back."
                " Do not pay twice."
            ),
            printable(back) or say("What cannot be delivered is given back automatically."),
            say("Every key on the bottom line can be touched."),
        ]

    def _usual(self) -> str:
        span = usual_span(self.house, *self.house.config.file.providers)
        return after_words(self.texts, span) or self.texts.say("Mostly less than a minute after the payment.")

    def _called_words(self) -> str:
        if self._unheard:
            return self.texts.say("Nobody can be called from here just now. Please ask at the counter.")
        if self._called is None:
            return ""
        if self._called.coming:
            return self.texts.say("Somebody is on the way.")
        waited_s = max(0, int((self.house.clock.now() - self._called.at).total_seconds()))
        if waited_s < 60:
            return self.texts.plural(
                "Staff was called {n} second ago. Please stay here.",
                "Staff was called {n} seconds ago. Please stay here.",
                waited_s,
            )
        return self.texts.plural(
            "Staff was called {n} minute ago. Please stay here.",
            "Staff was called {n} minutes ago. Please stay here.",
            waited_s // 60,
        )

    def keys(self) -> list[Key]:
        say = self.texts.say
        other = say("Steps") if self._questions else say("Questions")
        return [Key("escape", "Esc", say("Back")), Key("s", "S", say("Call staff")), Key("q", "Q", other)]

    def take(self, key: str) -> None:
        if key in ("escape", "enter"):
            self.leave()
        elif key == "q":
            self._questions = not self._questions
            self.write()
        elif key == "s" and not self._calling:
            self._asked, self._calling = begin(self.kiosk.staff.call, "call staff"), True

    def _look(self) -> None:
        """How the call stands: a clerk answers it in another process. A payment that came in ends the help."""
        if getattr(self._below, "ended", False):
            self.leave()
            return
        if self._asked is None:
            self._asked = begin(self.kiosk.staff.called, "staff")
        if self._asked.done():
            self._hear(self._asked)
        self.query_one("#called", Words).show(self._called_words())

    def _hear(self, asked: Future[Called | None]) -> None:
        called, self._calling, self._asked = self._calling, False, None
        error = asked.exception()
        if error is not None and not isinstance(error, LedgerError):
            raise error
        if error is None:
            self._called = asked.result()
        if called or self._called:
            self._unheard = self._called is None
