"""An order's page: what may be done with it, every event, its papers and messages, and the receipt as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from kiosk.acts import Act, Verb, acts_for, do
from kiosk.identifiers import Reference, masked_number
from kiosk.ledger.messages import messages_of
from kiosk.order import Order
from kiosk.plain import plain
from kiosk.printing import document_of
from kiosk.telling import in_one_line, message_words, paper_words, papers, timeline
from kiosk.texts import printable
from screens.counter.act import ActScreen
from screens.counter.cash import TakeCashScreen
from screens.counter.frame import CounterScreen
from screens.parts import Key, Touch, Words

COLUMNS = 42
"""Of the receipt's picture, where there is no printer to say."""


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on it."""

    order: Order
    text: str
    acts: list[Act]


class OrderScreen(CounterScreen[str]):
    """Its answer is nothing: it is left by Esc."""

    reads = True

    def __init__(self, reference: Reference) -> None:
        super().__init__()
        self._reference = reference
        self._page: Page | None = None

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="about")
        yield VerticalScroll(Words(id="page", hang=21), id="scroll")
        yield Vertical(*(Touch(key="", classes="act") for _ in Verb), id="acts")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#scroll").focus()
        for slot in self.query(".act"):
            slot.display = False

    def keys(self) -> list[Key]:
        return [Key("escape", "Esc", "Back"), Key("pagedown", "PgDn", "More")]

    def _press(self, key: str) -> None:
        act = next((act for act in self._page.acts if act.key == key), None) if self._page else None
        if act and self._page:
            self._begin(act, self._page.order)
        else:
            super()._press(key)

    def take(self, key: str) -> None:
        """PgDn typed is the scroll's own; touched, it is ours."""
        self.query_one("#scroll", VerticalScroll).scroll_page_down()

    def _begin(self, act: Act, order: Order) -> None:
        """With the order as it was read: who decides on what has moved on meanwhile is told so."""
        if act.verb is Verb.CASH:
            self.app.push_screen(TakeCashScreen(order), self._done)
        else:
            self.app.push_screen(ActScreen(act, in_one_line(order), partial(do, self.house, act, order)), self._done)

    def _done(self, told: str | None) -> None:
        if told:
            self.tell(told, "ok")
        self._read_at = float("-inf")

    def read(self) -> Page:
        house = self.house
        order = house.ledger.order(self._reference)
        receipt = document_of(house.ledger, house.config, order, house.clock)
        parts = [
            *timeline(house, order),
            *(printable(paper_words(house, paper)) for paper in papers(house, order)),
            *(printable(message_words(house, message)) for message in messages_of(house.ledger, order.reference)),
            "",
            "The receipt, as it stands now:",
            plain(receipt, house.printer.columns if house.printer else COLUMNS),
        ]
        return Page(order, "\n".join(parts), acts_for(house, order))

    def show(self, read: Page) -> None:
        self._page, order = read, read.order
        self.query_one("#question", Words).show(in_one_line(order))
        network = f", {order.network}" if order.network else ""
        sim = masked_number(order.sim_number) + network
        about = f"{sim}  {order.plan.name}  {order.total}  {order.tender}, {order.provider}"
        self.query_one("#about", Words).show(printable(about))
        page = self.query_one("#page", Words)
        if page.said != read.text:
            page.show(read.text)
        slots = self.query(".act").results(Touch)
        for slot, act in zip(slots, [*read.acts, *[None] * len(Verb)], strict=False):
            slot.display = act is not None
            if act:
                slot.key = act.key
                slot.show(act.key.upper(), act.title)
