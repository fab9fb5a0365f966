"""What a clerk may do with an order at the counter: each act in plain words, offered only where it is allowed now.

Whether the machine allows it is asked of the machine itself, by letting the fact happen to a copy that nobody keeps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.decisions import GIVES_BACK, RESUMED, VERBS, decide, hand_back, where_it_stood
from kiosk.errors import Illegal
from kiosk.facts import Call, Event, Fact, refused_for_good
from kiosk.hearsay import written
from kiosk.ledger.jobs import JobStatus
from kiosk.ledger.messages import contact_of, no_such_contact, send_again
from kiosk.notices import kind_of
from kiosk.order import Order, State, advance
from kiosk.printing import print_again

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
    REPRINT = "reprint"
    MESSAGE = "message"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Act:
    """An act that is allowed now. `second`: it takes another clerk as well; `reason`: it goes on record with one."""

    verb: Verb
    key: str
    title: str
    tells: str
    pin: bool = False
    reason: bool = False
    second: bool = False


@dataclass(frozen=True, slots=True)
class By:
    """Who acts (`clerk:mei`), who is the second one, and why."""

    clerk: str
    second: str = ""
    reason: str = ""


def acts_for(house: House, order: Order) -> list[Act]:
    """What may be done with it now. Raises LedgerError."""
    return [act for verb in Verb if (act := OFFERS[verb](house, order))]


def do(house: House, act: Act, order: Order, by: By) -> str:
    """Do it to the order as the clerk saw it, and say what came of it.

    Raises Stale where somebody else was faster (it says who), Illegal, ClerkError, LedgerError.
    """
    if act.reason and not by.reason.strip():
        raise Illegal("It needs a reason, which goes on record. Nothing was done.")
    if act.verb in (Verb.TRY_NOW, Verb.NOTE):  # whatever happened to it meanwhile, this is no decision
        order = house.ledger.order(order.reference)
    match act.verb:
        case Verb.REPRINT:
            return _reprint(house, order, by)
        case Verb.MESSAGE:
            return _send_again(house, order, by)
        case Verb.TRY_NOW:
            _note(house, order, by, "to be tried now", due=True)
            return "It is due now. The queue works it while `kiosk run` or `kiosk sync` runs."
        case Verb.NOTE:
            _note(house, order, by, by.reason)
            return "The note is on record."
        case Verb.HAND_BACK:
            now, above = house.clock.now(), house.config.second_person_above
            done = hand_back(house.ledger, order, by=by.clerk, at=now, second=by.second, above=above)
            return f"Hand back {done.paid}. It is on record."
    return _decide(house, act.verb, order, by)


def _decide(house: House, verb: Verb, order: Order, by: By) -> str:
    now, above = house.clock.now(), house.config.second_person_above
    done = decide(house.ledger, order, verb, by=by.clerk, reason=by.reason, at=now, second=by.second, above=above)
    return f"Decided. The order is {done.state} now."


def _reprint(house: House, order: Order, by: By) -> str:
    printed = print_again(house.ledger, house.config, house.printer, order, house.clock)
    status = printed.status or JobStatus.UNKNOWN
    _note(house, house.ledger.order(order.reference), by, f"receipt printed once more: {status}")
    if status in (JobStatus.PRINTED, JobStatus.SENT):
        return f"The receipt is {status}."
    return f"The receipt is {status}: {printed.reason}."


def _send_again(house: House, order: Order, by: By) -> str:
    kind = kind_of(order)
    contact = kind and send_again(house.ledger, order, kind, at=house.clock.now())
    if not contact:
        raise Illegal(no_such_contact(order))
    _note(house, house.ledger.order(order.reference), by, "message sent once more")
    return f"Its message goes to {contact.masked} while `kiosk run` or `kiosk sync` runs."


def _note(house: House, order: Order, by: By, reason: str, *, due: bool = False) -> None:
    now = house.clock.now()
    house.ledger.record(
        order, Fact(event=Event.NOTED, by=by.clerk, reason=written(reason)), at=now, due_at=now if due else None
    )


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
    Verb.REPRINT: _paper,
    Verb.MESSAGE: _message,
    Verb.NOTE: _noting,
}
