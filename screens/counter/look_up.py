"""One field for whatever the customer has in hand, and the orders that it may mean."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, OptionList

from kiosk.identifiers import Reference, grouped_reference, masked_number
from kiosk.search import NOT_HERE, WAYS, Found, find
from kiosk.texts import printable
from screens.clerk import Field
from screens.counter.frame import CounterScreen
from screens.counter.listing import Listing
from screens.counter.order import OrderScreen
from screens.parts import Key, Words


class LookUpScreen(CounterScreen[str]):
    """Its answer is nothing: it is left by Esc."""

    def __init__(self, typed: str = "") -> None:
        """`typed` is looked for at once."""
        super().__init__()
        self._typed = typed

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        yield Field(id="what", placeholder="Type or scan, Enter", max_length=200)
        yield Words(id="read-as")
        yield Listing(id="orders")

    def on_mount(self) -> None:
        self.query_one("#question", Words).show("Look up an order")
        self.query_one("#hint", Words).show(WAYS)
        self.query_one("#what").focus()
        if self._typed:
            self._find(self._typed)

    def keys(self) -> list[Key]:
        listed = not isinstance(self.focused, Input)
        first = Key("enter", "Enter", "Open" if listed else "Look")
        move = Key("tab", "Tab", "Another" if listed else "To the list")
        return [first, move, Key("escape", "Esc", "Back")]

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if typed := event.value.strip():
            self._find(typed)

    def scanned(self, text: str) -> None:
        self._find(text)

    def _find(self, typed: str) -> None:
        self.work(lambda: find(self.house, typed), self._show)

    def _show(self, found: Found) -> None:
        field = self.query_one("#what", Input)
        if found.read_as == NOT_HERE:
            field.value = ""
        field.select_all()  # what is typed next is another one
        many = f"{len(found.orders)} found, " if found.orders else "Nothing found, "
        self.query_one("#read-as", Words).show(
            many + found.read_as if found.read_as.startswith("read") else found.read_as
        )
        zone = self.house.config.zone
        self.query_one("#orders", Listing).show(
            [
                (
                    order.reference,
                    Content(
                        printable(
                            f"{order.opened_at.astimezone(zone):%Y-%m-%d %H:%M}  {grouped_reference(order.reference)}"
                            f"  {order.state:<11}  {order.total}  {order.tender}  {masked_number(order.sim_number)}"
                        )
                    ),
                )
                for order in found.orders
            ]
        )
        if len(found.orders) == 1:
            self.app.push_screen(OrderScreen(Reference(found.orders[0].reference)), self._back)
        elif found.orders:
            self.query_one("#orders").focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if reference := self.query_one("#orders", Listing).chosen:
            self.app.push_screen(OrderScreen(Reference(reference)), self._back)

    def _back(self, told: str | None) -> None:
        """Ready for the next one."""
        field = self.query_one("#what", Input)
        field.focus()
        field.select_all()
