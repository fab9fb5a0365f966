"""Cash: which order, what was tendered, the change in large digits, the PIN, done."""

from __future__ import annotations

import re

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Digits, Input, OptionList

from kiosk.board import ago
from kiosk.errors import BadMoney, Illegal, KioskError, LedgerError, Stale
from kiosk.identifiers import grouped_reference, parse_reference
from kiosk.money import Money
from kiosk.order import Order, State
from kiosk.sale import change_for, take_cash
from kiosk.scanned import is_money
from kiosk.search import NOT_HERE
from kiosk.sign_in import sign_in
from kiosk.telling import in_one_line
from kiosk.texts import printable
from screens.clerk import Field
from screens.counter.frame import CounterScreen
from screens.counter.listing import Listing
from screens.parts import Key, Words

SHOWN = 99


class CashScreen(CounterScreen[str]):
    """The orders that wait for cash. Its answer is what was taken."""

    reads = True

    def __init__(self) -> None:
        super().__init__()
        self._numbered: list[str] = []
        """The references by their numbers: these stand still from the first digit that is typed to Enter."""

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Field(id="which", placeholder="Number in the list, order number, or scan the code", max_length=80)
        yield Listing(id="orders")

    def on_mount(self) -> None:
        self.query_one("#question", Words).show("Which order is paid in cash?")
        self.query_one("#which").focus()

    def keys(self) -> list[Key]:
        return [Key("enter", "Enter", "Take it"), Key("down", "↓", "Choose"), Key("escape", "Esc", "Back")]

    def take(self, key: str) -> None:
        if key == "down" and isinstance(self.focused, Input):
            self.query_one("#orders").focus()

    def read(self) -> list[Order]:
        waiting = self.house.ledger.orders([State.AUTHORIZING], limit=1000)
        return sorted((order for order in waiting if order.tender == "cash"), key=lambda order: order.opened_at)[:SHOWN]

    def show(self, read: list[Order]) -> None:
        now = self.house.clock.now()
        if not (self.query_one("#which", Input).value and self._numbered):
            self._numbered = [order.reference for order in read]
        numbers = {reference: number for number, reference in enumerate(self._numbered, start=1)}
        lines = [
            (
                order.reference,
                Content(
                    printable(
                        f"{numbers.get(order.reference, ''):>2}  {grouped_reference(order.reference)}  {order.total}"
                        f"  {order.plan.name}  {ago(order.opened_at, now)}"
                    )
                ),
            )
            for order in read
        ]
        self.query_one("#orders", Listing).show(lines)
        self.query_one("#question", Words).show(f"Which order is paid in cash? {len(read)} wait.")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._pick(self.query_one("#orders", Listing).chosen)

    def scanned(self, text: str) -> None:
        self._take(text)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        typed, event.input.value = event.value.strip(), ""
        self._take(typed)

    def _take(self, typed: str) -> None:
        """The number in the list, or an order's own."""
        if is_money(re.sub(r"\s", "", typed)):
            self.tell(NOT_HERE, "warm")
            return
        if not re.fullmatch("[0-9]{1,2}", typed):
            self._pick(typed)
        elif self._numbered:
            self._pick_number(typed)
        else:  # typed before the list was there

            def listed(read: list[Order]) -> None:
                self.show(read)
                self._pick_number(typed)

            self.work(self.read, listed)

    def _pick_number(self, typed: str) -> None:
        if 0 < int(typed) <= len(self._numbered):
            self._pick(self._numbered[int(typed) - 1])
        else:
            self.tell(f"There is no number {typed} in the list.", "warm")

    def _pick(self, reference: str) -> None:
        def read() -> Order:
            return self.house.ledger.order(parse_reference(reference))

        if reference:
            self.work(read, lambda order: self.app.push_screen(TakeCashScreen(order), self._taken))

    def _taken(self, told: str | None) -> None:
        if told:
            self.dismiss(told)


class TakeCashScreen(CounterScreen[str]):
    """One order's cash: tendered, change, PIN. Its answer is what was taken, as a sentence."""

    def __init__(self, order: Order) -> None:
        super().__init__()
        self._order = order

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="about")
        yield Field(id="tendered", placeholder="Tendered, such as 30.00", max_length=12)
        yield Words(id="change-words")
        yield Digits(id="change")
        yield Field(id="pin", placeholder=f"PIN of {self.counter.clerk_name}", password=True, max_length=40)

    def on_mount(self) -> None:
        order = self._order
        self.query_one("#question", Words).show(f"{order.total} is due")
        self.query_one("#about", Words).show(f"{grouped_reference(order.reference)}  {printable(order.plan.name)}")
        self.query_one("#change-words", Words).show("Change")
        self.query_one("#tendered").focus()
        if order.tender != "cash" or order.state not in (State.AUTHORIZING, State.CANCELLING, State.ABANDONED):
            self.tell(f"No cash is due: {in_one_line(order)}, by {order.tender}.", "bad")
        elif order.state is State.ABANDONED:
            self.tell("The time to pay is over: the cash goes on record, and a clerk must decide.", "warm")

    def keys(self) -> list[Key]:
        return [Key("enter", "Enter", "Next"), Key("escape", "Esc", "Back, nothing is taken")]

    def on_input_changed(self, event: Input.Changed) -> None:
        """The change, as it is typed."""
        if event.input.id == "tendered":
            try:
                change = str(self._change()[1].decimal)
            except (BadMoney, Illegal):
                change = ""
            self.query_one("#change", Digits).update(change)

    def _change(self) -> tuple[Money, Money]:
        """What was tendered, and what the customer gets back. Raises BadMoney, Illegal."""
        tendered = Money.parse(self.query_one("#tendered", Input).value.replace(",", "."), self._order.total.currency)
        return tendered, change_for(self._order.total, tendered)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        pin = self.query_one("#pin", Input)
        try:
            tendered, change = self._change()
        except (BadMoney, Illegal) as error:
            pin.value = ""
            self.query_one("#tendered").focus()
            self.tell(str(error), "warm")
            return
        if event.input is not pin:
            self.tell("")
            pin.focus()
            return
        typed, pin.value = pin.value, ""
        self.work(lambda: self._take(tendered, change, typed), self.dismiss)

    def _take(self, tendered: Money, change: Money, pin: str) -> str:
        """In a thread. A loser of a race is told who was faster, and that the cash is still the customer's."""
        house = self.house
        try:
            by = sign_in(house, self.counter.clerk_name, pin, self.counter.terminal)
            at, review_by = house.clock.now(), house.review_by()
            try:
                done = take_cash(house.ledger, self._order, tendered, by=by, at=at, review_by=review_by)
            except Stale:
                seen, self._order = self._order, house.ledger.order(self._order.reference)
                if self._order.state is not seen.state:
                    raise
                done = take_cash(house.ledger, self._order, tendered, by=by, at=at, review_by=review_by)
        except (LedgerError, Illegal) as error:
            raise type(error)(f"{error} This cash is not on record: give it back.") from None
        return f"Taken: {tendered}, change {change}. {in_one_line(done)}"

    def failed(self, error: KioskError) -> None:
        super().failed(error)
        self.query_one("#pin").focus()
