"""Help with the choice of a plan: three questions, the sum with its working, and one plan with the reason for it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import chain, repeat
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical

from kiosk.estimate import DAYS, SHARED_GB, Advice, Trip, Use, Why, advice
from kiosk.offers import Offer
from kiosk.plans import Plan
from screens.frame import KioskScreen
from screens.parts import Key, Tile, Words

if TYPE_CHECKING:
    from kiosk.assembly import House

TILES = 4
USES = tuple(Use)


class ChooseScreen(KioskScreen[Plan]):
    """Answers with the plan. None: the customer would rather look at them all."""

    name_of_step = "choose"
    step = 2

    def __init__(self, house: House, offers: Sequence[Offer]) -> None:
        super().__init__(house)
        self.offers = offers
        self.answers: list[int] = []
        """The number of each answer, in the order of the questions."""

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        yield Words(id="working")
        with Vertical(id="answers"):
            for number in range(1, TILES + 1):
                yield Tile(Words(classes="answer bold"), Words(classes="answer-more dim"), key=str(number))

    @property
    def trip(self) -> Trip | None:
        """None: not all is answered."""
        if len(self.answers) < 3:
            return None
        days, use, shared = self.answers
        return Trip(DAYS[days], USES[use], shared == 1)

    @property
    def advice(self) -> Advice | None:
        return advice(self.offers, self.trip) if self.trip else None

    def relabel(self) -> None:
        question, hint, answers = self._asked()
        self.query_one("#question", Words).show(question)
        self.query_one("#hint", Words).show(hint)
        working = self.query_one("#working", Words)
        working.show(self._working())
        working.display = self.trip is not None
        for tile, (words, more) in zip(self.query(Tile), chain(answers, repeat(("", ""))), strict=False):
            tile.display = bool(words)
            tile.query_one(".answer", Words).show(f"{tile.key}  {words}" if words else "")
            tile.query_one(".answer-more", Words).show(f"   {more}" if more else "")
            tile.query_one(".answer-more").display = bool(more)

    def _asked(self) -> tuple[str, str, list[tuple[str, str]]]:
        """The question, what to know of it, and the answers to choose from with what stands below each."""
        say, plural = self.texts.say, self.texts.plural
        match len(self.answers):
            case 0:
                days = [(plural("Up to {n} day", "Up to {n} days", n), "") for n in DAYS]
                return say("How long do you need it?"), say("Three short questions, then one plan."), days
            case 1:
                uses = [
                    (say("Maps and messages"), say("Photos now and then")),
                    (say("Social media, too"), say("Pictures, short clips, music, calls")),
                    (say("Video, too"), say("About an hour of films or many clips a day")),
                ]
                return say("What will you do most?"), say("Without Wi-Fi, on an ordinary day."), uses
            case 2:
                also = say("{amount} GB a day more", amount=SHARED_GB)
                answers = [(say("Only this phone"), ""), (say("A computer or another phone, too"), also)]
                return say("Will other devices use its data?"), say("As a hotspot, also called tethering."), answers
        return self._recommended()

    def _recommended(self) -> tuple[str, str, list[tuple[str, str]]]:
        say, found = self.texts.say, self.advice
        all_plans = (say("Show me all plans"), "")
        if found is None:
            return say("No plan can be recommended now."), say("Nothing is chosen yet."), [all_plans]
        texts, offer = self.texts, found.offer
        question = say("We recommend: {plan}", plan=texts.plan(offer.plan))
        take = (say("Take this plan"), texts.money(offer.price))
        return question, self._reason(found), [take, all_plans]

    def _reason(self, found: Advice) -> str:
        say, plan = self.texts.say, found.offer.plan
        match found.why:
            case Why.CHEAPEST:
                return say("The cheapest plan that is enough.")
            case Why.MOST_DATA:
                return say("No plan holds that much. This one holds most; you can top up again.")
            case Why.LONGEST:
                return self.texts.plural(
                    "No plan lasts that long. This one lasts {n} day; you can top up again.",
                    "No plan lasts that long. This one lasts {n} days; you can top up again.",
                    plan.days,
                )

    def _working(self) -> str:
        """`7 days x 0.8 GB = 5.6 GB, and 20 % to spare: 6.7 GB`."""
        if self.trip is None:
            return ""
        trip, plural = self.trip, self.texts.plural
        return plural(
            "{n} day x {daily} GB = {sum} GB, and 20% to spare: {need} GB",
            "{n} days x {daily} GB = {sum} GB, and 20% to spare: {need} GB",
            trip.days,
            daily=trip.daily_gb,
            sum=trip.days * trip.daily_gb,
            need=trip.need_gb.quantize(Decimal("0.1")),
        )

    def keys(self) -> list[Key]:
        keys = [Key("escape", "Esc", self.texts.say("Back"))]
        return [*keys, Key("enter", "Enter", self.texts.say("Continue"))] if self.advice else keys

    def take(self, key: str) -> None:
        number = int(key) - 1 if key.isdecimal() else 0 if key == "enter" and self.trip else -1
        if key == "escape":
            self._back()
        elif 0 <= number < len(self._asked()[2]):
            self._answer(number)

    def _back(self) -> None:
        if not self.answers:
            self.leave()
            return
        self.answers.pop()
        self.write()

    def _answer(self, number: int) -> None:
        if self.trip is None:
            self.answers.append(number)
            self.write()
            return
        self.leave(self.advice.offer.plan if self.advice and number == 0 else None)
