"""Asks what the SIM is, without holding anything up, and says honestly when there is no answer."""

from __future__ import annotations

import time
from concurrent.futures import Future
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.identifiers import SimNumber, grouped_number, is_phone
from kiosk.inquiry import DEADLINE_S
from kiosk.offers import offers
from kiosk.plans import Sim
from kiosk.texts import printable
from kiosk.ways import line_after, ways_to_pay
from screens.frame import KioskScreen
from screens.parts import Key, Words
from screens.words import of_when

if TYPE_CHECKING:
    from kiosk.assembly import House


class SimScreen(KioskScreen[Sim]):
    """Answers with a SIM that takes plans of ours; where nobody could look at it, the owner may allow one all the same.

    None: another number. A phone number is confirmed by the customer: mistyped, it is somebody else's.
    """

    name_of_step = "sim"
    step = 1
    slow_s = 5.0
    """After so long the customer is told how long it may take, and that nothing happens to their money."""

    def __init__(self, house: House, number: SimNumber) -> None:
        super().__init__(house)
        self.number = number
        self.asked: Future[Sim] = house.inquiry.sim(number)
        self.problem: NoAnswer | None = None
        self.unseen: Sim | None = None
        """What it may be sold by, although its provider does not answer."""
        self.found: Sim | None = None
        """The SIM of a phone number, until the customer has said that it is theirs."""
        self.empty = False
        """The SIM is known, and takes no plan of ours."""
        self._asked_at = time.monotonic()
        self.slow = False

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="sim-number", classes="bold")
        yield Words(id="sim-says")
        yield Words(id="hint")

    def on_mount(self) -> None:
        self.set_interval(0.1, self._look)

    def relabel(self) -> None:
        question, said, hint = self._words()
        self.query_one("#question", Words).show(question)
        self.query_one("#sim-number", Words).show(self._number_words())
        says = self.query_one("#sim-says", Words)
        says.show(said)
        says.display = bool(said)
        self.query_one("#hint", Words).show(hint)
        self.set_class(bool(said), "-problem")

    def _words(self) -> tuple[str, str, str]:
        """How it stands, what is wrong with that (empty where nothing is), and what to do."""
        say, phone = self.texts.say, is_phone(self.number)
        if self.found:
            asked = say("Is this your number and network?") if self.found.network else say("Is this your number?")
            return asked, "", say("What is delivered to another number cannot be taken back.")
        if self.problem is not None:
            question, said, hint = problem_words(self, self.problem)
            if self.unseen and self.unseen.remembered_at:
                at = of_when(self.texts, self.unseen.remembered_at, self.house)
                said = say(
                    "Your card could not be checked. You can top it up all the same, at the prices of {when}.", when=at
                )
                hint = say("If it takes no top-up, you get your money back.")
            return question, said, hint
        if self.empty:
            question = say("This number takes no top-ups") if phone else say("This card takes no top-ups")
            said = say("The mobile network knows it, and offers no plan for it here.")
            return question, said, say("Please ask at the counter; nothing was charged.")
        hint = say("This takes a few seconds.")
        if self.slow:
            hint = say(
                "The mobile network is slow just now: up to {n} seconds. Nothing was charged.", n=int(DEADLINE_S)
            )
        return say("Looking for your number ...") if phone else say("Looking for your card ..."), "", hint

    def _number_words(self) -> str:
        number, network = grouped_number(self.number), printable(self.found.network) if self.found else ""
        return f"{number}\n{network}" if network else number

    def keys(self) -> list[Key]:
        say = self.texts.say
        keys = [Key("escape", "Esc", say("Another number"))]
        if self.found:
            return [*keys, Key("enter", "Enter", say("Yes"))]
        if self.unseen:
            return [*keys, Key("r", "R", say("Try again")), Key("enter", "Enter", say("Continue"))]
        if self._again:
            keys.append(Key("enter", "Enter", say("Try again")))
        return keys

    def take(self, key: str) -> None:
        if key == "escape":
            self.leave()
        elif key == "enter" and self.found:
            self.leave(self.found)
        elif key == "enter" and self.unseen:
            self.leave(self.unseen)
        elif key in ("enter", "r") and self._again:
            self.problem, self.unseen, self.asked = None, None, self.house.inquiry.sim(self.number)
            self._asked_at, self.slow = time.monotonic(), False
            self.write()

    @property
    def _again(self) -> bool:
        """A definite no stays one; everything else may be asked again."""
        return self.problem is not None and not isinstance(self.problem, Refused)

    def _look(self) -> None:
        """Has the answer come? A question that nobody answers in time is no line."""
        if self.problem is not None or self.empty or self.found:
            return
        if self.asked.done():
            self._take(self.asked)
            return
        waited_s = time.monotonic() - self._asked_at
        if waited_s > DEADLINE_S:
            self._failed(Unreachable("The provider has not answered in time.", sent=False))
        elif waited_s > self.slow_s and not self.slow:
            self.slow = True
            self.write()

    def _take(self, asked: Future[Sim]) -> None:
        error = asked.exception()
        if isinstance(error, NoAnswer):
            self._failed(error)
            return
        sim = asked.result()
        self.kiosk.line = line_after(None)
        if offers(self.house.config, sim, self.house.clock.now()):
            self._offer(sim)
        else:
            self.empty = True
            self.write()

    def _offer(self, sim: Sim) -> None:
        if not is_phone(sim.number):
            self.leave(sim)
            return
        self.found = sim
        self.write()

    def _failed(self, error: NoAnswer) -> None:
        self.problem = error
        self.kiosk.line = line_after(error)
        self.unseen = self._remembered() if isinstance(error, Unreachable) else None
        self.write()

    def _remembered(self) -> Sim | None:
        """The SIM by what is known of its kind, where one of its plans could be paid now."""
        house = self.house
        sim = house.unseen(self.number)
        offered = offers(house.config, sim, house.clock.now(), house.left_to_sell(sim.provider)) if sim else ()
        if sim is None or not offered:
            return None
        outlook = house.outlook(sim.provider, offered[0].price, unseen=True)
        ways = ways_to_pay(house.tenders, self.kiosk.line, outlook)
        return sim if any(way.hindrance is None for way in ways) else None


def problem_words(screen: SimScreen, problem: NoAnswer) -> tuple[str, str, str]:
    """What is wrong, what it means, and what to do: three sentences in the customer's language."""
    say, phone = screen.texts.say, is_phone(screen.number)
    match problem:
        case Refused(code="unknown_sim"):
            means = say("No mobile network that we top up knows this number.")
            question = say("This number was not found") if phone else say("This card was not found")
            return question, means, say("Please check the number, or ask at the counter.")
        case Refused(code="recycled_sim"):
            means = say("The mobile network has taken its number back; it cannot be topped up.")
            return say("This card can no longer be used"), means, say("Please ask at the counter for a new card.")
        case Refused():
            means = say("The mobile network does not accept a top-up for it.")
            question = say("This number cannot be topped up") if phone else say("This card cannot be topped up")
            return question, means, say("Please ask at the counter; nothing was charged.")
        case NotNow():
            means = say("The mobile network is busy or under maintenance. Nothing was charged.")
            return say("Not possible just now"), means, say("Please try again in a minute.")
        case Misconfigured():
            means = say("The kiosk is not set up correctly. Nothing was charged.")
            return say("This kiosk cannot help just now"), means, say("Please ask at the counter.")
    means = say("The mobile network does not answer. Nothing was charged.")
    return say("No line at the moment"), means, say("Please try again, or ask at the counter.")
