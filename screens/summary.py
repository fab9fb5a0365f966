"""What is bought and what it costs, line by line; and the choice of a way to pay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Digits

from kiosk.identifiers import grouped_number, is_phone
from kiosk.peak import USUAL, Hour
from kiosk.plans import Line, Plan, Sim, total_of
from kiosk.ports import Tender
from kiosk.texts import printable
from kiosk.ways import CLEAR, Outlook, Way, ways_to_pay
from screens.frame import KioskScreen
from screens.parts import Key, Tile, Words
from screens.ways import fill, room_for
from screens.words import about_words, of_when

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.quotes import Quote


LOOK_S = 0.8
LONG = 4
"""More lines than these leave no room on the smallest terminal for an empty one."""
BILL_COLUMNS = 38
"""So wide is the bill on the smallest terminal."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The way to pay, and the lines that were shown: what was shown is what is charged."""

    tender: Tender
    lines: tuple[Line, ...]
    quote: Quote


class SummaryScreen(KioskScreen[Choice]):
    """Answers with the choice. None: another plan.

    `changed`: the customer has left another way to pay. `shown` is the quote that they have seen before: where it is
    another one now, both prices are shown, and nothing is charged before a new choice.
    """

    name_of_step = "summary"
    step = 3

    def __init__(
        self, house: House, sim: Sim, plan: Plan, *, changed: bool = False, shown: Quote | None = None
    ) -> None:
        super().__init__(house)
        self.sim, self.changed = sim, changed
        self.quote = house.quote(sim, plan, shown)
        self.was = shown if shown and not shown.same(self.quote) else None
        self._asked_anew = False
        self.ways: list[Way] = []
        self.outlook: Outlook = CLEAR
        self.hour: Hour = USUAL

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.quote.lines(self.kiosk.language)

    def body(self) -> ComposeResult:
        self._look()
        self.hour = self.house.hour(self.sim.provider)
        self.set_class(len(self.lines) > 2, "-long")
        yield Words(id="question")
        yield Words(id="hint")
        with Horizontal(id="columns"):
            with Vertical(id="bill", classes="-long" if len(self.lines) > LONG else ""):
                yield Words(id="bill-number", classes="bold")
                yield Words(id="coverage")
                for number in range(len(self.lines)):
                    yield Horizontal(
                        Words(classes="name"), Words(classes="amount"), id=f"line-{number}", classes="line"
                    )
                with Horizontal(id="total-line"):
                    yield Words(id="total-name", classes="name")
                    yield Digits(id="total")
                yield Words(id="policy", classes="dim")
            with Vertical(id="ways", classes=room_for(len(self.ways))):
                for number in range(1, len(self.ways) + 1):
                    yield Tile(Words(classes="way-name bold"), Words(classes="way-says dim"), key=str(number))

    def on_mount(self) -> None:
        self.set_interval(LOOK_S, self._look_again)

    def _look(self) -> None:
        """Which ways work now, by what the queue has heard since; and a price that is old is asked for anew."""
        if not self._asked_anew and self.house.quote(self.sim, self.quote.plan).stale:
            self._asked_anew = True
            self.house.inquiry.sim(self.sim.number)  # nobody waits for it: the next quote knows what was said
        unseen = self.sim.remembered_at is not None
        self.outlook = self.house.outlook(self.sim.provider, total_of(self.lines), unseen=unseen)
        self.kiosk.provider_away = self.outlook.provider_away
        self.ways = ways_to_pay(self.house.tenders, self.kiosk.line, self.outlook, total_of(self.lines))

    def _look_again(self) -> None:
        before = self.ways, self.outlook.paperless
        self._look()
        if (self.ways, self.outlook.paperless) != before:
            self.write()

    def relabel(self) -> None:
        texts, say = self.texts, self.texts.say
        lines = self.lines
        self.query_one("#question", Words).show(say("Is this right? Then choose how to pay."))
        self.query_one("#hint", Words).show(" ".join(filter(None, (self._hint(), self._paper_words()))))
        away = self.outlook.provider_away or self.outlook.paperless
        warm = self.changed or self.was or away or self.hour != USUAL
        self.query_one("#hint").set_class(bool(warm), "warm")
        self.query_one("#bill-number", Words).show(self._number_words())
        about = about_words(texts, self.house, self.sim.provider, self.quote.plan)
        coverage = self.query_one("#coverage", Words)
        coverage.set_class(bool(about), "-told")
        coverage.show(about)
        for place, line in enumerate(lines):
            row = self.query_one(f"#line-{place}")
            row.query_one(".name", Words).show(printable(line.name))
            row.query_one(".amount", Words).show(texts.cost(line))
        total = total_of(lines)
        self.query_one("#total", Digits).update(texts.figure(total))
        self.query_one("#total-name", Words).show(say("{currency} in total", currency=total.currency))
        for way, tile in zip(self.ways, self.query(Tile), strict=True):
            fill(tile, way, self.texts)
        policy = self.house.config.file.kiosk.refund_policy
        self.query_one("#policy", Words).show(printable(policy.get(texts.language) or policy.get("en", "")))

    def keys(self) -> list[Key]:
        say = self.texts.say
        keys = [Key("escape", "Esc", say("Back"))]
        return [*keys, Key("enter", "Enter", say("Pay"))] if len(self._working) == 1 else keys

    def take(self, key: str) -> None:
        if key == "escape":
            self.leave()
            return
        self._look_again()
        working = self._working
        if key == "enter" and len(working) == 1:
            self.leave(Choice(working[0].tender, self.lines, self.quote))
        elif key.isdecimal() and 1 <= int(key) <= len(self.ways) and self.ways[int(key) - 1] in working:
            self.leave(Choice(self.ways[int(key) - 1].tender, self.lines, self.quote))

    def _number_words(self) -> str:
        """Whose top-up this is: the number, and a phone's network, whose whole name was on the screen before."""
        number, say, long = grouped_number(self.sim.number), self.texts.say, len(self.lines) > LONG
        if not is_phone(self.sim.number):
            return say("Card {number}", number=number)
        if not self.sim.network:
            return say("Phone {number}", number=number)
        lines = [f"{number}, {self.sim.network}"] if long else [say("Phone {number}", number=number), self.sim.network]
        return "\n".join(Content(printable(line)).truncate(BILL_COLUMNS, ellipsis=True).plain for line in lines)

    @property
    def _working(self) -> list[Way]:
        return [way for way in self.ways if way.hindrance is None]

    def _hint(self) -> str:
        say = self.texts.say
        if self.changed or self.was:
            old = say("Please do not pay the old code any more. If you have paid it, the money comes back.")
            return " ".join(filter(None, (self._price_words(), old if self.changed else "")))
        if self.outlook.provider_away and self._working:
            hours = self.house.config.file.sales.deliver_within_h
            if self.sim.remembered_at:
                return self.texts.plural(
                    "Prices of {when}. Your card could not be checked: topped up within {n} hour, or your money back.",
                    "Prices of {when}. Your card could not be checked: topped up within {n} hours, or your money back.",
                    hours,
                    when=of_when(self.texts, self.sim.remembered_at, self.house),
                )
            return self.texts.plural(
                "The mobile network is not answering. What you pay for is delivered within {n} hour, or given back.",
                "The mobile network is not answering. What you pay for is delivered within {n} hours, or given back.",
                hours,
            )
        if self.outlook.provider_away:
            return say("The mobile network is not answering, so nothing can be sold now. Nothing was charged.")
        return self._hour_words() or say("Nothing is charged before you pay.")

    def _paper_words(self) -> str:
        """Said before anybody pays: whoever needs a paper may still go elsewhere."""
        if self.outlook.paper_needed:
            return self.texts.say("No receipt can be printed now, so nothing is sold.")
        return self.texts.say("No paper receipt now: it will be on the screen.") if self.outlook.paperless else ""

    def _price_words(self) -> str:
        """What is another one than the customer has seen; empty where nothing is."""
        if self.was is None:
            return ""
        before, now = total_of(self.was.lines("en")), total_of(self.lines)
        if before != now:
            return self.texts.say("The price has changed: {before} before, now {now}.", before=before, now=now)
        return self.texts.say("What you get for it has changed: please read it again.")

    def _hour_words(self) -> str:
        """What to expect at this hour; empty where that is nothing out of the way."""
        minutes, texts = self.hour.minutes, self.texts
        if minutes and self.hour.failing:
            return texts.plural(
                "At this hour a top-up takes about {n} minute; what fails is given back.",
                "At this hour a top-up takes about {n} minutes; what fails is given back.",
                minutes,
            )
        if minutes:
            return texts.plural(
                "At this hour a top-up takes about {n} minute.",
                "At this hour a top-up takes about {n} minutes.",
                minutes,
            )
        return texts.say("At this hour some top-ups fail. What fails is given back.") if self.hour.failing else ""
