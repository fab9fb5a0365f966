"""The choice of a plan: data, days, price, price per unit; by digit, arrow or touch."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Grid
from textual.widgets import Digits

from kiosk.identifiers import is_phone, masked_number
from kiosk.offers import Offer, Unit, offers
from kiosk.plans import Plan, Sim
from kiosk.texts import width
from screens.frame import KioskScreen
from screens.parts import Key, Tile, Words
from screens.words import about_words, left_words, of_when

if TYPE_CHECKING:
    from kiosk.assembly import House

ON_A_PAGE = 8
COLUMNS = 4
MOVES = {"left": -1, "right": 1, "up": -COLUMNS, "down": COLUMNS}
MORE, WHICH = "9", "0"
BODY_MAX, BODY_PADDING = 100, 4
"""Columns, as app.tcss has them."""


class Wish(Enum):
    """What a customer may want instead of a plan."""

    HELP = auto()


class PlanScreen(KioskScreen[Plan | Wish]):
    """Answers with the plan, or with the wish for help with the choice. None: another number."""

    name_of_step = "plan"
    step = 2

    def __init__(self, house: House, sim: Sim) -> None:
        super().__init__(house)
        self.sim = sim
        left, told = house.left_to_sell(sim.provider), house.promotions(sim.provider)
        promotions = house.settings().offered(house.config.promotions)
        self.offers = offers(house.config, sim, house.clock.now(), left, told, promotions)
        self.chosen = 0
        self._first = 0

    def body(self) -> ComposeResult:
        self.house.paper_watch.glance()  # so that the next screen knows
        yield Words(id="question")
        yield Words(id="hint")
        with Grid(id="plans"):
            for number in range(1, min(ON_A_PAGE, len(self.offers)) + 1):
                yield Tile(
                    Words(classes="plan-data bold"),
                    Words(classes="plan-days"),
                    Digits(classes="plan-price"),
                    Words(classes="plan-unit dim"),
                    Words(classes="plan-was warm"),
                    key=str(number),
                    classes="plan",
                )

    def relabel(self) -> None:
        say = self.texts.say
        masked = masked_number(self.sim.number)
        question = say("Choose a plan for {card}", card=masked)
        if is_phone(self.sim.number):
            question = say("Choose a plan for phone {number}", number=masked)
        if self.house.config.prices.charges:
            question += "  " + say("(plus taxes and fees)")
        self.query_one("#question", Words).show(question)
        self.query_one("#hint", Words).show(self._hint())
        self.query_one("#hint").set_class(self.sim.remembered_at is not None, "warm")
        self.set_class(any(offer.was or offer.bonus for offer in self.offers), "-promoted")
        page = self.offers[self._first : self._first + ON_A_PAGE]
        for number, tile in enumerate(self.query(Tile)):
            tile.visible = number < len(page)
            if tile.visible:
                self._fill(tile, page[number])
        self._mark()

    def _hint(self) -> str:
        if self.sim.remembered_at is None:
            return self._with_more(left_words(self.texts, self.sim, self.house.config.zone))
        when = of_when(self.texts, self.sim.remembered_at, self.house)  # one line: eight plans leave room for no more
        return self.texts.say("Not checked; prices of {when}. No top-up: your money back.", when=when)

    def keys(self) -> list[Key]:
        say = self.texts.say
        keys = [Key("escape", "Esc", say("Back")), Key("enter", "Enter", say("Continue"))]
        keys += [Key(MORE, MORE, say("More"))] if len(self.offers) > ON_A_PAGE else []
        return [*keys, Key(WHICH, WHICH, say("Which one?"))] if self._can_help else keys

    @property
    def _can_help(self) -> bool:
        """With one plan there is nothing to choose; credit is not counted in data."""
        return sum(offer.sold and not offer.plan.is_credit for offer in self.offers) > 1

    def take(self, key: str) -> None:
        page = self.offers[self._first : self._first + ON_A_PAGE]
        if key == "escape":
            self.leave()
        elif key == "enter":
            self._take(page[self.chosen])
        elif key in MOVES and 0 <= self.chosen + MOVES[key] < len(page):
            self.chosen += MOVES[key]
            self._mark()
        elif key == WHICH and self._can_help:
            self.leave(Wish.HELP)
        elif key == MORE and len(self.offers) > ON_A_PAGE:
            self._first = (self._first + ON_A_PAGE) % (-(-len(self.offers) // ON_A_PAGE) * ON_A_PAGE)
            self.chosen = 0
            self.relabel()
        elif key.isdecimal() and 1 <= int(key) <= len(page):
            self._take(page[int(key) - 1])

    def _take(self, offer: Offer) -> None:
        if offer.sold:
            self.leave(offer.plan)

    def _fill(self, tile: Tile, offer: Offer) -> None:
        texts, say = self.texts, self.texts.say
        data, days = texts.halves(offer.plan)
        tile.query_one(".plan-data", Words).show(f"{tile.key}  {data}")
        tile.query_one(".plan-days", Words).show(f"   {days}")
        tile.query_one(".plan-price", Digits).update(self.texts.figure(offer.price))
        tile.query_one(".plan-unit", Words).show(self._per(offer) if offer.sold else say("not available"))
        tile.set_class(not offer.sold, "-off")
        was = tile.query_one(".plan-was", Words)
        was.display = offer.was is not None or offer.bonus
        was.show(self._offer_words(offer))

    def _per(self, offer: Offer) -> str:
        """The currency, and what plans are compared by."""
        say, currency, amount = self.texts.say, offer.price.currency, self.texts.figure(offer.unit_price)
        match offer.unit:
            case Unit.DAY:
                return say("{currency}  {amount}/day", currency=currency, amount=amount)
            case Unit.GB:
                return say("{currency}  {amount}/GB", currency=currency, amount=amount)
        return currency

    def _offer_words(self, offer: Offer) -> str:
        """What is better today: the price, or what is in it; both where a tile has room (the summary has, always)."""
        say = self.texts.say
        if offer.was is None:
            return say("with a bonus")
        amount = self.texts.figure(offer.was)
        both = offer.bonus and self.has_class("-wide") and not self.has_class("-short")
        return say("was {amount}, + bonus", amount=amount) if both else say("was {amount}", amount=amount)

    def _with_more(self, said: str) -> str:
        """And more of the chosen plan, where that leaves it one line: the summary says it in any case."""
        plan = self.offers[self._first + self.chosen].plan
        more = about_words(self.texts, self.house, self.sim.provider, plan)
        if not more:
            return said
        room = min(BODY_MAX, self.app.size.width) - BODY_PADDING
        lines = (f"{said} {more}", f"{self._left()} {more}".strip())
        return next((line for line in lines if width(line) <= room), said)

    def _left(self) -> str:
        """What is left on the card in few words, where the whole sentence leaves no room for more."""
        left = self.sim.left_mb
        return self.texts.say("{left} left.", left=self.texts.data(left)) if left is not None else ""

    def _mark(self) -> None:
        self.query_one("#hint", Words).show(self._hint())
        for number, tile in enumerate(self.query(Tile)):
            tile.set_class(number == self.chosen, "-chosen")
