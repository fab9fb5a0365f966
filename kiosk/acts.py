"""What a clerk may do with an order at the counter: each act in plain words, offered only where it is allowed now.

Whether the machine allows it is asked of the machine itself, by letting the fact happen to a copy that nobody keeps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.decisions import GIVES_BACK, RESUMED, VERBS, where_it_stood
from kiosk.errors import Illegal
from kiosk.facts import Call, Event, Fact, refused_for_good
from kiosk.ledger.messages import contact_of
from kiosk.notices import kind_of
from kiosk.order import Order, State, advance
from kiosk.supervision import ALONE, OVER, has_supervisor, is_late

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.money import Money


class Verb(StrEnum):
    """The acts, in the order in which they are offered."""

    CASH = "cash"
    HAND_BACK = "hand_back"
    RESUME = "resume"
    REFUND = "refund"
    DELIVERED = "delivered"
    RETURNED = "returned"
    UNPAID = "unpaid"
    TRY_NOW = "try_now"
    SIDES = "sides"
    REPRINT = "reprint"
    MESSAGE = "message"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Act:
    """An act that is allowed now. `second`: it takes another clerk as well; `reason`: it goes on record with one;

    `raised`: its deadline is over, and it takes a supervisor.
    """

    verb: Verb
    key: str
    title: str
    tells: str
    pin: bool = False
    reason: bool = False
    second: bool = False
    raised: bool = False


@dataclass(frozen=True, slots=True)
class By:
    """Who acts (`clerk:mei`), who is the second one, which supervisor, and why."""

    clerk: str
    second: str = ""
    reason: str = ""
    supervisor: str = ""


DECIDES = (Verb.HAND_BACK, Verb.RESUME, Verb.REFUND, Verb.DELIVERED, Verb.RETURNED, Verb.UNPAID)
"""The ways out of a review."""


def acts_for(house: House, order: Order) -> list[Act]:
    """What may be done with it now. Raises LedgerError."""
    acts = [act for verb in Verb if (act := OFFERS[verb](house, order))]
    late = order.state is State.REVIEW and is_late(order.deadline_at, house.clock.now())
    return [raised(house, act) if late and act.verb in DECIDES else act for act in acts]


def raised(house: House, act: Act) -> Act:
    """The same, after its deadline: with a supervisor, where there is one."""
    there_is = has_supervisor(house.ledger)
    return replace(act, raised=there_is, tells=f"{act.tells} {OVER if there_is else ALONE}")


# --- when each is offered, and what it says ------------------------------------------------------------------------


def allowed(house: House, order: Order, event: Event) -> bool:
    """Whether the machine lets this happen now."""
    try:
        advance(order, Fact(event=event, by="clerk", reason="asked"), house.clock.now())
    except Illegal:
        return False
    return True


def takes_two(house: House, order: Order) -> bool:
    """Whether its money goes back only by two clerks."""
    above, amount = house.config.second_person_above, amount_of(order)
    return above is not None and (amount.currency != above.currency or amount > above)


def amount_of(order: Order) -> Money:
    return order.paid or order.total


def _cash(house: House, order: Order) -> Act | None:
    if order.tender != "cash" or order.state not in (State.AUTHORIZING, State.CANCELLING, State.ABANDONED):
        return None
    tells = f"Takes {order.total} in cash; the top-up starts at once."
    if order.state is State.ABANDONED:
        tells = f"Puts {order.total} in cash on record. The time to pay is over: a clerk must decide then."
    return Act(Verb.CASH, "c", "Take cash", tells, pin=True)


def _hand_back(house: House, order: Order) -> Act | None:
    by_cash = order.tender == "cash" and order.state is State.REFUNDING
    refused = order.tender != "cash" and order.state is State.REVIEW and refused_for_good(order.of(Call.REFUND))
    if not (by_cash or refused):
        return None
    tells = f"You hand {amount_of(order)} back in cash, out of the till, and it goes on record as given back."
    return Act(Verb.HAND_BACK, "h", "Hand back cash", tells, pin=True, second=takes_two(house, order))


def _resume(house: House, order: Order) -> Act | None:
    if order.state is not State.REVIEW:
        return None
    to = where_it_stood(house.ledger, order)
    event = RESUMED[to]
    if not allowed(house, order, event):
        return None
    second = event in GIVES_BACK and takes_two(house, order)
    tells = f"The queue asks again, as {to}: it looks the order up, and never sends a top-up twice."
    return Act(Verb.RESUME, "a", "Ask again", tells, pin=True, reason=True, second=second)


def _decision(verb: Verb, key: str, title: str, tells: str) -> Callable[[House, Order], Act | None]:
    """`{amount}` and `{tender}` in `tells` are the order's own."""
    event = VERBS[verb]

    def offer(house: House, order: Order) -> Act | None:
        if not allowed(house, order, event):
            return None
        words = tells.format(amount=amount_of(order), tender=order.tender)
        second = event in GIVES_BACK and takes_two(house, order)
        return Act(verb, key, title, words, pin=True, reason=True, second=second)

    return offer


def _try_now(house: House, order: Order) -> Act | None:
    in_flight = any(attempt.outcome is None for attempt in order.attempts)
    if in_flight or not house.ledger.entry(order.reference):
        return None
    tells = "The queue looks at it now instead of later. What is in doubt is looked up, nothing is sent twice."
    return Act(Verb.TRY_NOW, "t", "Try now", tells)


def _sides(house: House, order: Order) -> Act | None:
    if order.tender == "cash" and not order.of(Call.TOP_UP):  # there is nobody to ask
        return None
    tells = "The queue asks both sides now; the answers come up on the order's page. Nothing else changes."
    return Act(Verb.SIDES, "w", "What do they say?", tells)


def _paper(house: House, order: Order) -> Act | None:
    tells = "Prints the receipt as it stands now. What may be the second paper is marked COPY."
    return Act(Verb.REPRINT, "p", "Print again", tells) if house.printer else None


def _message(house: House, order: Order) -> Act | None:
    contact = contact_of(house.ledger, order.reference) if kind_of(order) else None
    tells = f"Sends the message about this order once more, to {contact.masked}." if contact else ""
    return Act(Verb.MESSAGE, "m", "Message again", tells) if contact else None


def _noting(house: House, order: Order) -> Act | None:
    return Act(Verb.NOTE, "n", "Note", "Writes a note into the order's timeline. Nothing else changes.", reason=True)


BY_HAND = "Settles it by hand, on your evidence of the other side's books: "
OFFERS: dict[Verb, Callable[[House, Order], Act | None]] = {
    Verb.CASH: _cash,
    Verb.HAND_BACK: _hand_back,
    Verb.RESUME: _resume,
    Verb.REFUND: _decision(
        Verb.REFUND, "f", "Refund", "Orders {amount} to be given back, by {tender}. A top-up that was made stays."
    ),
    Verb.DELIVERED: _decision(Verb.DELIVERED, "d", "It was delivered", BY_HAND + "the top-up is on the SIM."),
    Verb.RETURNED: _decision(Verb.RETURNED, "g", "It was given back", BY_HAND + "the customer has {amount} back."),
    Verb.UNPAID: _decision(Verb.UNPAID, "u", "It was never paid", BY_HAND + "no money came."),
    Verb.TRY_NOW: _try_now,
    Verb.SIDES: _sides,
    Verb.REPRINT: _paper,
    Verb.MESSAGE: _message,
    Verb.NOTE: _noting,
}
