"""Does what a clerk has chosen to do with an order. The machine is asked again whether it may, as it stands now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.acts import Act, By, Verb
from kiosk.decisions import decide, hand_back
from kiosk.errors import Illegal
from kiosk.facts import Event, Fact
from kiosk.hearsay import written
from kiosk.ledger.jobs import JobStatus
from kiosk.ledger.messages import no_such_contact, send_again
from kiosk.ledger.sides import ask_sides
from kiosk.notices import kind_of
from kiosk.order import Order
from kiosk.printing import print_again

if TYPE_CHECKING:
    from kiosk.assembly import House


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
        case Verb.SIDES:
            new = ask_sides(house.ledger, order.reference, by=by.clerk, at=house.clock.now())
            return "They are being asked." if new else "They are being asked already."
        case Verb.HAND_BACK:
            return _hand_back(house, order, by)
    return _decide(house, act.verb, order, by)


def _decide(house: House, verb: Verb, order: Order, by: By) -> str:
    done = decide(
        house.ledger, order, verb, by=by.clerk, reason=by.reason, at=house.clock.now(),
        second=by.second, supervisor=by.supervisor, above=house.config.second_person_above,
    )  # fmt: skip
    return f"Decided. The order is {done.state} now."


def _hand_back(house: House, order: Order, by: By) -> str:
    done = hand_back(
        house.ledger, order, by=by.clerk, at=house.clock.now(),
        second=by.second, supervisor=by.supervisor, above=house.config.second_person_above,
    )  # fmt: skip
    return f"Hand back {done.paid}. It is on record."


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
