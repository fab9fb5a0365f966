"""The delivery, told line by line with its times, until it is settled or needs more patience than a customer has."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive

from kiosk.errors import LedgerError
from kiosk.identifiers import grouped_reference
from kiosk.order import Order, State
from kiosk.texts import Texts, width
from kiosk.ways import LineState, line_of
from screens.frame import KioskScreen
from screens.parts import Words
from screens.pay import POLL_S
from screens.usual import mostly_words, usual_span
from screens.words import progress

if TYPE_CHECKING:
    from kiosk.assembly import House

PATIENCE = timedelta(seconds=30)
PATIENCE_WITHOUT_LINE = timedelta(seconds=8)
TIME_WIDTH = 8
HANG = TIME_WIDTH + 2


class DeliveryScreen(KioskScreen[Order]):
    """Answers with the order: settled, or waiting for something that may take long."""

    name_of_step = "delivery"
    step = 4
    idle_s = None
    order: reactive[Order | None] = reactive(None, init=False)

    def __init__(self, house: House, order: Order) -> None:
        super().__init__(house)
        self.set_reactive(DeliveryScreen.order, order)
        self.paid = order
        self._usual = usual_span(house, order.provider)

    @property
    def present(self) -> Order:
        return self.order or self.paid

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        with Vertical(id="progress"):
            yield Words(id="progress-lines", hang=HANG)
        yield Words(id="reference", classes="dim")

    def on_mount(self) -> None:
        self.set_interval(POLL_S, self._look)

    def relabel(self) -> None:
        say, order = self.texts.say, self.present
        self.query_one("#question", Words).show(say("Paid. Your top-up is on its way."))
        self.query_one("#hint", Words).show(f"{self.texts.plan(order.plan)}\n{usual_words(self.texts, self._usual)}")
        self.query_one("#progress-lines", Words).show(progress_text(self.texts, order, self.house))
        reference = grouped_reference(order.reference)
        self.query_one("#reference", Words).show(say("Order {reference}", reference=reference))

    def take(self, key: str) -> None:
        """Nothing to choose here: it ends by itself."""

    def watch_order(self) -> None:
        self.write()

    def _look(self) -> None:
        with suppress(LedgerError):
            self.order = self.house.ledger.order(self.paid.reference)
        order = self.present
        if (line := line_of(order)) is not LineState.UNKNOWN:
            self.kiosk.line = line
        if self._over(order):
            self.leave(order)

    def _over(self, order: Order) -> bool:
        if order.state not in (State.SUBMITTING, State.CAPTURING):
            return True
        patience = PATIENCE_WITHOUT_LINE if line_of(order) is LineState.DOWN else PATIENCE
        return self.house.clock.now() - order.since_at > patience


def usual_words(texts: Texts, span: timedelta | None) -> str:
    """How long it takes, by the ledger's own history, where that tells; and what becomes of the money otherwise."""
    back = texts.say("If it fails, your money comes back.")
    return back if span is None else f"{mostly_words(texts, span)} {back}"


def progress_text(texts: Texts, order: Order, house: House) -> str:
    """One line for each thing that happened, with its time; then what is being waited for."""
    zone, now = house.config.zone, texts.say("now")
    lines = [
        (f"{at.astimezone(zone):%H:%M:%S}" if at else now + " " * (TIME_WIDTH - width(now)), said)
        for at, said in progress(texts, order)
    ]
    return "\n".join(f"{when}  {said}" for when, said in lines)
