"""An order's page: what may be done with it, every event, its papers and messages, and the receipt as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from kiosk.acts import Act, By, Verb, acts_for
from kiosk.doing import do
from kiosk.fitting import review_words
from kiosk.identifiers import Reference, masked_number
from kiosk.ledger.jobs import JobStatus
from kiosk.ledger.messages import messages_of
from kiosk.ledger.sides import sides_of
from kiosk.order import WAITING, Order, State
from kiosk.plain import plain
from kiosk.printing import document_of, print_receipt
from kiosk.telling import in_one_line, margin_words, message_words, paper_words, papers, timeline
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

    def __init__(self, reference: Reference, *, told: str = "", hands_over: bool = False) -> None:
        """`told` is what was just done with it; `hands_over`: its receipt is printed once the top-up is settled."""
        super().__init__()
        self._reference, self._told, self._hands_over = reference, told, hands_over
        self._page: Page | None = None

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="about")
        yield VerticalScroll(Words(id="page", hang=21), id="scroll")
        yield Vertical(*(Touch(key="", classes="act") for _ in Verb), id="acts")

    def on_mount(self) -> None:
        self.query_one("#scroll").focus()
        self.tell(self._told, "ok")
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
        elif act.verb is Verb.SIDES:  # it changes nothing: one key is enough
            by = By(f"clerk:{self.counter.clerk_name}")
            self.work(partial(do, self.house, act, order, by), self._done)
        else:
            self.app.push_screen(ActScreen(act, in_one_line(order), partial(do, self.house, act, order)), self._done)

    def _done(self, told: str | None) -> None:
        if told:
            self.tell(told, "ok")
        self._read_at = float("-inf")

    def _hand_over(self, order: Order) -> str:
        """In a thread: the paper for the customer who stands at the counter, once."""
        house = self.house
        printed = print_receipt(house.ledger, house.config, house.printer, order, house.clock)
        if printed.status in (JobStatus.PRINTED, JobStatus.SENT):
            return f"The receipt is {printed.status}."
        return f"No paper came out: {printed.reason or 'somebody else printed it'}. P prints it."

    def read(self) -> Page:
        house = self.house
        order = house.ledger.order(self._reference)
        receipt = document_of(house.ledger, house.config, order, house.clock)
        acts, asked = acts_for(house, order), sides_of(house.ledger, order.reference)
        asked_here = [sides for sides in asked if sides.asked_at >= order.since_at or order.state is not State.REVIEW]
        newest = asked_here[-1] if asked_here else None
        first = [*review_words(order, acts, newest, house.clock.now(), house.config.zone)]
        margin = margin_words(house.ledger, order)
        parts = [
            *(printable(line) for line in first),
            *([""] if first else []),
            *timeline(house, order),
            *(printable(paper_words(house, paper)) for paper in papers(house, order)),
            *(printable(message_words(house, message)) for message in messages_of(house.ledger, order.reference)),
            *(["", printable(margin)] if margin else []),
            "",
            "The receipt, as it stands now:",
            plain(receipt, house.printer.columns if house.printer else COLUMNS),
        ]
        return Page(order, "\n".join(parts), acts)

    def show(self, read: Page) -> None:
        self._page, order = read, read.order
        if self._hands_over and not self.busy and order.state not in WAITING[2:4]:
            self._hands_over = False
            self.work(partial(self._hand_over, order), self._done)
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
