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

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.ledger.seats import Called

LOOK_S = 1.0
PARAGRAPHS = 7


class HelpScreen(KioskScreen[None]):
    """Answers nothing."""

    name_of_step = "help"
    idle_s = 60.0

    def __init__(self, house: House, below: KioskScreen[Any]) -> None:
        super().__init__(house)
        self._below = below
        self._questions = False
        self._called: Called | None = None
        self._asked: Future[Called | None] | None = None

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
            say(
                "How long does it take? Mostly less than a minute after the payment. Without a line it follows by"
                " itself."
            ),
            say(
                "If you have paid and see no top-up: it is delivered automatically, or your money comes back."
                " Do not pay twice."
            ),
            printable(back) or say("What cannot be delivered is given back automatically."),
            say("Every key on the bottom line can be touched."),
        ]

    def _called_words(self) -> str:
        if self._called is None:
            return ""
        if self._called.coming:
            return self.texts.say("Somebody is on the way.")
        at = self._called.at.astimezone(self.house.config.zone)
        return self.texts.say("Staff was called at {time}. Please stay here.", time=f"{at:%H:%M}")

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
        elif key == "s":
            self._asked = begin(self.kiosk.staff.call, "call staff")

    def _look(self) -> None:
        """How the call stands: a clerk answers it in another process."""
        if self._asked is None:
            self._asked = begin(self.kiosk.staff.called, "staff")
        if not self._asked.done():
            return
        asked, self._asked = self._asked, None
        error = asked.exception()
        if error is None and asked.result() != self._called:
            self._called = asked.result()
            self.write()
        if error is not None and not isinstance(error, LedgerError):
            raise error
