"""A clerk asks people at a provider to pay a failed top-up back to our float. The kiosk never asks by itself.

Nothing follows from it: taken on is not granted, and no order moves by it. It must not be asked twice by accident: a
provider may not notice. So each request is an attempt of the order, written down before it is sent.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from kiosk.abilities import TakesRequests
from kiosk.errors import Illegal, Misconfigured, NoAnswer, NotNow, Refused, Stale, Unreachable
from kiosk.facts import PROVES_NOTHING_HAPPENED, Attempt, Call, Event, Fact, Outcome
from kiosk.hearsay import NUMBER_MAX, kept, kept_error, written
from kiosk.identifiers import Purpose, grouped_reference, wire_reference
from kiosk.ledger import Ledger
from kiosk.ledger.desk import has_finding
from kiosk.order import WAITING, Order, State
from kiosk.ports import Clock, TopUp
from kiosk.simcheck import KIND as SIM_SHOWS_NOTHING

NEVER_LEFT = (Outcome.NOT_SENT, Outcome.NOT_NOW)


def request_credit(
    ledger: Ledger, order: Order, provider: object, why: str, *, by: str, clock: Clock, again: bool = False
) -> str:
    """Ask, and return the provider's number of the request. `again` says that a clerk wants a second one.

    Raises Illegal where nothing failed, it was asked already, or the provider takes no requests; NoAnswer; LedgerError.
    """
    if objection := _objection(ledger, order, again):
        raise Illegal(f"{grouped_reference(order.reference)}: {objection}.")
    if not isinstance(provider, TakesRequests):
        raise Illegal(f"{order.provider} takes no such request from here: write to its people yourself.")
    ledger.reopening.refuse_if_awaited()
    why = written(why)
    request = TopUp(wire_reference(order.reference, Purpose.TOP_UP), order.sim_number, order.plan.id)
    attempt = Attempt(len(order.attempts) + 1, Call.CREDIT, request.reference, clock.now())
    ledger.record(order, Fact(event=Event.NOTED, by=by, reason=why, attempt=attempt), at=attempt.sent_at)
    try:
        number = kept(provider.request_credit(request, why), NUMBER_MAX)
    except NoAnswer as error:
        _answered(ledger, order, attempt, _outcome_of(error), str(kept_error(error)), clock.now())
        raise
    except Exception as error:
        said = f"the adapter failed: {type(error).__name__}"
        _answered(ledger, order, attempt, Outcome.UNKNOWN, said, clock.now())
        raise Unreachable(said, sent=True) from error
    _answered(ledger, order, attempt, Outcome.DONE, number, clock.now())
    return number


def _objection(ledger: Ledger, order: Order, again: bool) -> str:
    """Why there is nothing to ask for, or an empty text."""
    if order.state in WAITING and order.state is not State.REFUNDING:
        return f"it is {order.state}, and nothing has failed yet"
    if all(attempt.outcome in NEVER_LEFT for attempt in order.of(Call.TOP_UP)):
        return "no top-up was ever sent for it, so none was charged"
    if order.state is State.COMPLETED and not has_finding(ledger, order.reference, SIM_SHOWS_NOTHING):
        return "it is delivered, and no finding says that its SIM does not show it: nothing failed"
    asked = [attempt for attempt in order.of(Call.CREDIT) if attempt.outcome not in PROVES_NOTHING_HAPPENED]
    if asked and not again:
        said = asked[-1].answer or "without an answer"
        return f"asked for already at {asked[-1].sent_at:%Y-%m-%d %H:%M} UTC ({said}); once more: --again"
    return ""


def _outcome_of(error: NoAnswer) -> Outcome:
    match error:
        case Refused():
            return Outcome.REFUSED
        case NotNow() | Misconfigured():
            return Outcome.NOT_NOW
        case Unreachable(sent=False):
            return Outcome.NOT_SENT
    return Outcome.UNKNOWN


def _answered(ledger: Ledger, order: Order, attempt: Attempt, outcome: Outcome, said: str, at: datetime) -> None:
    """Write the answer down, on top of whatever has happened to the order meanwhile."""
    answered = replace(attempt, outcome=outcome, answered_at=at, answer=said)
    while True:
        try:
            fact = Fact(event=Event.NOTED, by=order.provider, attempt=answered, remote=said)
            ledger.record(ledger.order(order.reference), fact, at=at)
            return
        except Stale:
            continue
