"""The end of a sale at the counter: what it costs in the customer's language and in English, the cash, the PIN."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Digits, Input

from kiosk.by_hand import cash_tender, refuse_if_hindered, sell_for_cash
from kiosk.contacts import Channel, Contact, read_contact
from kiosk.errors import BadMoney, Illegal, KioskError, LedgerError
from kiosk.identifiers import Reference, grouped_number, grouped_reference
from kiosk.money import Money
from kiosk.order import Order
from kiosk.plans import Sim, total_of
from kiosk.post import leave, offered
from kiosk.printing import shop_of
from kiosk.sale import change_for
from kiosk.sign_in import sign_in
from kiosk.texts import SOURCE, printable, texts
from screens.clerk import Field
from screens.contact import consent_words
from screens.counter.frame import CounterScreen
from screens.counter.order import OrderScreen
from screens.parts import Key, Words

if TYPE_CHECKING:
    from kiosk.ports import Tender
    from kiosk.quotes import Quote


class SaleCashScreen(CounterScreen[str]):
    """Its answer is what was sold; the order's page was open before."""

    def __init__(self, sim: Sim, shown: Quote, language: str) -> None:
        super().__init__()
        self._sim, self._shown, self._language = sim, shown, language
        self._total = total_of(shown.lines(language))
        self._channels: tuple[Channel, ...] = ()

    def body(self) -> ComposeResult:
        self._channels = offered(self.house.config)
        yield Words(id="question")
        yield Words(id="about")
        yield Words(id="bill")
        contact = Field(id="contact", placeholder="E-mail or mobile for messages, or Enter", max_length=200)
        contact.display = bool(self._channels)
        tendered = Field(id="tendered", placeholder="Tendered, such as 30.00", max_length=12)
        yield Horizontal(contact, tendered, classes="pair")  # the PIN behind the cash, as wherever cash is taken
        pin = Field(id="pin", placeholder=f"PIN of {self.counter.clerk_name}", password=True, max_length=40)
        yield Horizontal(pin, Digits(id="change"), classes="pair")

    def on_mount(self) -> None:
        self.query_one("#question", Words).show(f"{self._total} is due. Read it together with the customer.")
        self.query_one("#about", Words).show(printable(grouped_number(self._sim.number)))
        self.query_one("#bill", Words).show("\n".join(self._bill()))
        self.query_one("#contact" if self._channels else "#tendered").focus()
        self.work(lambda: refuse_if_hindered(self.house, self._tender, self._sim, self._total), lambda _: None)

    def _bill(self) -> list[str]:
        """Plan, discount, taxes and fees, refund policy, consent: in the customer's language, and in English."""
        own, english = texts(self._language), texts(SOURCE)
        both = zip(self._shown.lines(self._language), self._shown.lines(SOURCE), strict=True)
        bill = [f"{own.cost(line):>12}  {self._beside(other.name, line.name)}" for line, other in both]
        total = own.say("{currency} in total", currency=self._total.currency)
        bill.append(f"{own.money(self._total):>12}  {self._beside('Total', total)}")
        policies = [shop_of(self.house.config, language).refund_policy for language in (self._language, SOURCE)]
        bill += dict.fromkeys(printable(policy) for policy in policies if policy)
        if self._channels:
            bill += dict.fromkeys(consent_words(each, self.house) for each in (own, english))
        return bill

    def _beside(self, english: str, own: str) -> str:
        return printable(english if self._language == SOURCE else f"{own}  ({english})")

    @property
    def _tender(self) -> Tender:
        return cash_tender(self.house, "cash")

    def keys(self) -> list[Key]:
        return [Key("enter", "Enter", "Next"), Key("escape", "Esc", "Back, nothing is sold")]

    def on_input_changed(self, event: Input.Changed) -> None:
        """The change, as it is typed."""
        if event.input.id == "tendered":
            change = ""
            with suppress(BadMoney, Illegal):
                change = str(self._change()[1].decimal)
            self.query_one("#change", Digits).update(change)

    def _change(self) -> tuple[Money, Money]:
        """What was tendered, and what the customer gets back. Raises BadMoney, Illegal."""
        tendered = Money.parse(self.query_one("#tendered", Input).value.replace(",", "."), self._total.currency)
        return tendered, change_for(self._total, tendered)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._next(event.input)

    def _next(self, field: Input) -> None:
        """From field to field; a wrong one is said before the next."""
        contact, given, pin = (self.query_one(f"#{name}", Input) for name in ("contact", "tendered", "pin"))
        at = contact
        try:
            address, at = self._contact(), given
            if field is contact:
                self.tell("")
                given.focus()
                return
            tendered, change = self._change()
        except (BadMoney, Illegal) as error:
            pin.value = ""
            at.focus()
            self.tell(str(error), "warm")
            return
        self.tell("")
        if field is not pin:
            pin.focus()
            return
        typed, pin.value = pin.value, ""
        self.work(lambda: self._sell(tendered, address, typed), lambda order: self._sold(order, change))

    def _contact(self) -> Contact | None:
        """Raises Illegal where what stands there is no address that messages can be sent to."""
        typed = self.query_one("#contact", Input).value.strip()
        if not typed:
            return None
        reading = read_contact(typed, self._language)
        if not reading.whole or reading.channel is None or reading.channel not in self._channels:
            raise Illegal("No message can be sent to that address: correct it, or leave it empty.")
        return Contact(reading.channel, reading.address, self._language)

    def _sell(self, tendered: Money, contact: Contact | None, pin: str) -> Order:
        """In a thread: the PIN, the sale, its cash on record; a message is in nobody's way."""
        house = self.house
        by = sign_in(house, self.counter.clerk_name, pin, self.counter.terminal)
        order = sell_for_cash(house, self._tender, self._sim, self._shown, tendered, language=self._language, by=by)
        if contact:
            with suppress(LedgerError):
                leave(house, order, contact)
        return order

    def failed(self, error: KioskError) -> None:
        super().failed(error)
        self.query_one("#pin" if self.query_one("#tendered", Input).value else "#tendered").focus()

    def _sold(self, order: Order, change: Money) -> None:
        told = f"{grouped_reference(order.reference)} is paid; change {change}. The top-up is on its way."
        page = OrderScreen(Reference(order.reference), told=told, hands_over=True)

        def back(_: str | None) -> None:
            self.dismiss(told)

        self.app.push_screen(page, back)
