"""What may be different between the ledger, a rail's bill and a provider's list, and what a person does then. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from kiosk.errors import BadReference
from kiosk.identifiers import Reference, parse_reference
from kiosk.order import Order, State
from kiosk.questions import Question

MARGIN = timedelta(minutes=10)
"""How far our clock and a remote's may be apart around midnight: what we learned so late is looked at the next day."""
UNDER_WAY = (State.AUTHORIZING, State.CANCELLING, State.SUBMITTING, State.CAPTURING, State.REFUNDING)

OrderOf = Callable[[Reference], Order | None]


class Kind(StrEnum):
    """What is different."""

    MONEY_WITHOUT_ORDER = "money without order"
    PAYMENT_NOT_RECORDED = "payment not recorded"
    ORDER_WITHOUT_MONEY = "order without money"
    PAID_TWICE = "paid twice"
    AMOUNT = "amount"
    REFUND_WITHOUT_ORDER = "refund without order"
    REFUND_NOT_RECORDED = "refund not recorded"
    REFUND_MISSING = "refund missing"
    REFUND_TWICE = "refunded twice"
    TOP_UP_WITHOUT_ORDER = "top-up without order"
    TOP_UP_NOT_RECORDED = "top-up not recorded"
    TOP_UP_MISSING = "top-up missing"
    TOP_UP_TWICE = "top-up twice"


ACTS = {
    Kind.MONEY_WITHOUT_ORDER: "look for its receipt; what was not delivered is given back on the rail's own pages",
    Kind.PAYMENT_NOT_RECORDED: "deliver it or give it back: kiosk review",
    Kind.ORDER_WITHOUT_MONEY: "ask the rail with its payment number; until then the money is missing",
    Kind.PAID_TWICE: "give the second payment back on the rail's own pages",
    Kind.AMOUNT: "compare the receipt with the rail's own pages, and give back or claim the rest",
    Kind.REFUND_WITHOUT_ORDER: "find out who gave it back on the rail's own pages, and to whom",
    Kind.REFUND_NOT_RECORDED: "find out who gave it back, and note it: kiosk decide",
    Kind.REFUND_MISSING: "the customer has no money yet: ask the rail, then refund again: kiosk review",
    Kind.REFUND_TWICE: "claim the second refund from the rail",
    Kind.TOP_UP_WITHOUT_ORDER: "look for its receipt; ask the provider for its price if nobody paid it",
    Kind.TOP_UP_NOT_RECORDED: "the customer has it: was it paid? kiosk review",
    Kind.TOP_UP_MISSING: "the customer may have nothing: ask the provider; kiosk show",
    Kind.TOP_UP_TWICE: "claim the second one from the provider",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: `says` is a sentence for the clerk. `question` is what its remote may be asked to prove it."""

    kind: Kind
    remote: str
    says: str
    order: Order | None = None
    question: Question | None = None

    @property
    def act(self) -> str:
        return ACTS[self.kind]


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day of a remote: `start` is its first instant, `end` the first of the next day."""

    on: date
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        return datetime.combine(self.on, time(), self.zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        return Day(self.on + timedelta(days=1), self.zone).start

    @property
    def ours(self) -> tuple[datetime, datetime]:
        """From when until when the ledger learned what is looked for in this day's books."""
        return self.start - MARGIN, self.end - MARGIN

    def of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


def reference_of(wire: str, kiosk: str) -> Reference | None:
    """The order that a reference of this kiosk stands for; None for those of other kiosks and other business."""
    if not wire.upper().startswith(kiosk):
        return None
    try:
        return parse_reference(wire)
    except BadReference:
        return None
