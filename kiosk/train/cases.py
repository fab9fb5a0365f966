"""What a situation is: how it comes about, in the customer's words, and when it is solved, by the ledger alone.

Which keys solve it stands in docs/clerk.md, and nowhere here: whoever finds another way has solved it as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kiosk.identifiers import Reference, grouped_reference
from kiosk.ledger.jobs import JobStatus
from kiosk.train.shop import COLLEAGUE, Shop

if TYPE_CHECKING:
    from kiosk.money import Money
    from kiosk.order import Order, State

PRINTED = f"receipt printed once more: {JobStatus.PRINTED}"


@dataclass(frozen=True, slots=True)
class Case:
    """A situation that is being played: the order that it is about, another one, the number of a finding, or a till.

    `counted` lies in the till; `after` is the number of the last closing's event before it.
    """

    shop: Shop
    about: Reference | None = None
    other: Reference | None = None
    finding: str = ""
    counted: Money | None = None
    after: int = 0

    @property
    def order(self) -> Order:
        assert self.about, "only situations with an order ask for it"
        return self.shop.order(self.about)

    def by_the_clerk(self) -> list[dict[str, Any]]:
        """What the clerk who practises has done with these orders: events, the oldest first."""
        ledger = self.shop.house.ledger
        events = [event for name in (self.about, self.other) if name for event in ledger.events(name)]
        return [event for event in events if event["by"].startswith("clerk:") and event["by"] != COLLEAGUE]

    def decided(self) -> list[str]:
        """The events by the clerk that are more than a note."""
        return [event["event"] for event in self.by_the_clerk() if event["event"] != "noted"]

    def noted(self, words: str = "") -> bool:
        """Whether the clerk has left a note with these words; a paper printed again is one, too."""
        notes = [event["body"].get("reason", "") for event in self.by_the_clerk() if event["event"] == "noted"]
        return any(words in note for note in notes)

    @property
    def shows(self) -> str:
        """What the customer has in hand."""
        if self.counted:
            return f"in the till: {self.counted}"
        if self.about is None:
            return ""
        named = grouped_reference(self.about)
        return f"{named}, card …{self.order.sim_number[-6:]}"


@dataclass(frozen=True, slots=True)
class Situation:
    """`words` are the customer's, as in docs/clerk.md. `why_not` is empty once it is solved.

    `reacts` is the outside's answer to what the clerk has done; True once it has come. `by_hand`: a roll is put in.
    """

    name: str
    words: str
    build: Callable[[Shop], Case]
    why_not: Callable[[Case], str]
    reacts: Callable[[Case], bool] = lambda case: True
    by_hand: bool = False


def line_back(case: Case) -> bool:
    """Once the clerk has done something, the remotes answer again."""
    if acted := bool(case.by_the_clerk()):
        case.shop.calm()
    return acted


def printed_again(case: Case) -> str:
    """The customer holds the receipt, and nothing else was done to the order."""
    if case.decided():
        return "More was decided than the customer asked for: a receipt was enough."
    return "" if case.noted(PRINTED) else "The customer has no receipt in hand yet."


def only_noted(case: Case) -> str:
    """A note stands in the timeline, and nothing else was done."""
    if case.decided():
        return "More was decided than this needs: a note was enough."
    return "" if case.noted() else "Nothing of it stands in the order's timeline yet."


def comes_to(*states: State, then: str) -> Callable[[Case], str]:
    """The clerk has decided it, and the order has come to one of these. `then` says what is missing before."""

    def why_not(case: Case) -> str:
        order = case.order
        if not case.decided() and not case.noted():
            return then
        if order.state in states:
            return ""
        return f"It is {order.state} still: {then} The queue may need a moment."

    return why_not
