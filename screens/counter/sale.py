"""A sale that is started at the counter: the SIM's number, what its provider says of it, a plan. For cash.

What it costs, and the cash, are on the page after these (sale_cash.py). Nothing is on record before the PIN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, OptionList

from kiosk.by_hand import cash_tender, refuse_if_uncovered, unchecked
from kiosk.errors import BadIccid, KioskError, Unreachable
from kiosk.identifiers import Doubt, SimNumber, grouped_number, is_phone
from kiosk.offers import Offer, offers
from kiosk.phones import parse_number
from kiosk.plans import Sim
from kiosk.scanned import ScanKind, is_money, read_scan
from kiosk.search import NOT_HERE
from kiosk.texts import LANGUAGES, SOURCE, printable, texts
from screens.clerk import Field
from screens.counter.frame import CounterScreen
from screens.counter.listing import Listing
from screens.counter.sale_cash import SaleCashScreen
from screens.parts import Key, Words

if TYPE_CHECKING:
    from kiosk.quotes import Quote

MONEY = (ScanKind.BANK_CARD, ScanKind.PAYMENT_CODE)


class SaleScreen(CounterScreen[str]):
    """The number and the language. Its answer is what was sold."""

    def __init__(self, language: str = "") -> None:
        """`language` is the customer's, where a kiosk knows it."""
        super().__init__()
        self._language = language or SOURCE
        self._doubted = ""
        self._unseen: Sim | None = None

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        yield Field(id="number", placeholder="Card number or US phone number, typed or scanned", max_length=80)
        yield Words(id="about")

    def on_mount(self) -> None:
        self.query_one("#question", Words).show("A sale at the counter, for cash: which SIM?")
        self.query_one("#hint", Words).show("The card number stands beside the barcode. No kiosk is needed for it.")
        self.query_one("#number").focus()
        self._tell_language()

    def keys(self) -> list[Key]:
        keys = [Key("enter", "Enter", "Look it up"), Key("f2", "F2", "Language")]
        if self._unseen:
            keys.append(Key("f4", "F4", "Sell it all the same"))
        return [*keys, Key("escape", "Esc", "Back")]

    def take(self, key: str) -> None:
        if key == "f2":
            codes = list(LANGUAGES)
            self._language = codes[(codes.index(self._language) + 1) % len(codes)]
            self._tell_language()
        elif key == "f4" and self._unseen:
            self._found(self._unseen)

    def _tell_language(self) -> None:
        self.query_one("#about", Words).show(
            f"The customer reads {LANGUAGES[self._language]}: F2 for another language."
        )

    def scanned(self, text: str) -> None:
        self._ask(text)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._ask(event.value)

    def _ask(self, typed: str) -> None:
        scan = read_scan(typed, self.house.config.sims)
        field = self.query_one("#number", Input)
        if scan.kind in MONEY or is_money("".join(typed.split())):
            field.value = ""
            self.tell(NOT_HERE, "warm")
            return
        number = scan.text if scan.kind is ScanKind.SIM else typed.strip()
        field.value, self._unseen = number, None
        checked = number == self._doubted
        self.work(lambda: self._looked_up(number, checked=checked), self._found)

    def _looked_up(self, typed: str, *, checked: bool) -> Sim:
        """In a thread. Of a SIM that nobody could look at, what the owner lets it be sold by is kept for F4."""
        house = self.house
        cash_tender(house, "cash")
        texts(self._language)  # read here, its catalogue is not waited for on the next page
        number: SimNumber = parse_number(typed, house.config.sims, checked=checked)
        try:
            return house.inquiry.sim_now(number)
        except Unreachable as error:
            self._unseen = house.unseen(number)
            if self._unseen is None:
                raise
            told = f"{error} {unchecked(house, self._unseen)} F4 sells it all the same."
            raise Unreachable(told, sent=False) from None

    def failed(self, error: KioskError) -> None:
        super().failed(error)
        if isinstance(error, BadIccid) and error.reading.doubt is Doubt.CHECK_DIGIT:
            self._doubted = error.reading.digits
            self.query_one("#number", Input).value = self._doubted
            self.tell(f"{error} If the card shows just that, Enter once more.", "warm")

    def _found(self, sim: Sim) -> None:
        self.app.push_screen(SalePlanScreen(sim, self._language), self._sold)

    def _sold(self, told: str | None) -> None:
        if told:
            self.dismiss(told)


class SalePlanScreen(CounterScreen[str]):
    """Whose SIM that is, and the plans that it takes. Its answer is what was sold."""

    def __init__(self, sim: Sim, language: str) -> None:
        super().__init__()
        self._sim, self._language = sim, language
        self._confirmed = not is_phone(sim.number)
        """A mistyped phone number is somebody else's: the customer is asked. A card's number has check digits."""
        self._offers: tuple[Offer, ...] = ()

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="about")
        yield Words(id="hint")
        yield Listing(id="plans")

    def on_mount(self) -> None:
        network = f", {self._sim.network}" if self._sim.network else ""
        self.query_one("#about", Words).show(printable(f"{grouped_number(self._sim.number)}{network}"))
        final = "What is delivered to another number cannot be taken back." if is_phone(self._sim.number) else ""
        note = unchecked(self.house, self._sim) if self._sim.remembered_at else final
        self.query_one("#hint", Words).show(note)
        self._label()
        self.work(self._read_offers, self._show_offers)

    def _label(self) -> None:
        own = texts(self._language)
        asked = own.say("Is this your number and network?") if self._sim.network else own.say("Is this your number?")
        two = "" if self._language == SOURCE else f"  {asked}"
        ask = f"Compare with the customer: is this their number? Enter says yes.{two}"
        self.query_one("#question", Words).show("Which plan?" if self._confirmed else ask)
        self.query_one("#plans").display = self._confirmed
        if self._confirmed:
            self.query_one("#plans").focus()

    def keys(self) -> list[Key]:
        return [Key("enter", "Enter", "This plan" if self._confirmed else "Yes, it is"), Key("escape", "Esc", "Back")]

    def on_key(self, event: events.Key) -> None:
        """The yes is no choice of a plan as well."""
        if event.key == "enter" and not self._confirmed:
            event.stop()
            event.prevent_default()
            self.take("enter")

    def take(self, key: str) -> None:
        """Enter, touched at the foot or with no list under it."""
        if not self._confirmed:
            self._confirmed = True
            self._label()
        else:
            self._pick()

    def _read_offers(self) -> tuple[Offer, ...]:
        house, sim = self.house, self._sim
        left, told = house.left_to_sell(sim.provider), house.promotions(sim.provider)
        return offers(house.config, sim, house.clock.now(), left, told)

    def _show_offers(self, found: tuple[Offer, ...]) -> None:
        self._offers = found
        own, english = texts(self._language), texts(SOURCE)
        lines = []
        for offer in found:
            name = english.plan(offer.plan)
            two = "" if self._language == SOURCE else f"   {own.plan(offer.plan)}"
            off = "" if offer.sold else "   not available now"
            lines.append((offer.plan.id, Content(printable(f"{offer.price!s:>12}   {name}{two}{off}"))))
        self.query_one("#plans", Listing).show(lines)
        if not found:
            self.tell("This SIM takes no plan that is sold here. Take no money.", "warm")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._pick()

    def _pick(self) -> None:
        chosen = self.query_one("#plans", Listing).chosen
        offer = next((each for each in self._offers if each.plan.id == chosen), None)
        if offer is not None:
            plan = offer.plan
            self.work(lambda: self._quoted(plan.id), self._quote)

    def _quoted(self, plan_id: str) -> Quote:
        plan = next(offer.plan for offer in self._offers if offer.plan.id == plan_id)
        quote = self.house.quote(self._sim, plan)
        refuse_if_uncovered(self.house, self._sim.provider, quote.plan)
        return quote

    def _quote(self, quote: Quote) -> None:
        self.app.push_screen(SaleCashScreen(self._sim, quote, self._language), self._sold)

    def _sold(self, told: str | None) -> None:
        if told:
            self.dismiss(told)
