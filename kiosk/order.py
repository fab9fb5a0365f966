"""The order and its machine. A state that ends in -ING waits for one definite answer from outside.

`TRANSITIONS` is the whole of legality; `advance` is the only way to change a state. Pure: no clock, no I/O.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any

import msgspec
from msgspec.structs import replace

from kiosk.errors import Illegal
from kiosk.facts import PROVES_NOTHING_HAPPENED, Attempt, Call, Card, Event, Fact, Outcome, refused_for_good
from kiosk.identifiers import Reference, SimNumber, grouped_reference
from kiosk.money import Money
from kiosk.plans import Line, Plan, total_of


class State(StrEnum):
    AUTHORIZING = "AUTHORIZING"  # has the customer paid?                        (tender)
    CANCELLING = "CANCELLING"  # is the payment dead, or paid after all?       (tender)
    SUBMITTING = "SUBMITTING"  # is the plan on the SIM?                       (provider)
    CAPTURING = "CAPTURING"  # is the authorized money taken?                (tender)
    REFUNDING = "REFUNDING"  # is the money back?                            (tender)
    REVIEW = "REVIEW"  # a clerk decides
    COMPLETED = "COMPLETED"
    REFUNDED = "REFUNDED"
    ABANDONED = "ABANDONED"


NEEDS_THE_MONEY = (
    Event.RESUMED_SUBMITTING,
    Event.RESUMED_CAPTURING,
    Event.RESUMED_REFUNDING,
    Event.REFUND_ORDERED,
    Event.SETTLED_DELIVERED,
)
BROUGHT_ALONG = (
    *("code", "expires_at", "capture_before", "card", "shift", "tendered", "change"),
    *("unpaid_proven", "capture_refused", "doubt_checked"),
)
"""What any fact may say of an order, whatever its event: fields of both."""
_brought_along = attrgetter(*BROUGHT_ALONG)
WAITING = (State.AUTHORIZING, State.CANCELLING, State.SUBMITTING, State.CAPTURING, State.REFUNDING)
SETTLED = (State.COMPLETED, State.REFUNDED, State.ABANDONED)

TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.AUTHORIZING, Event.PAID): State.SUBMITTING,
    (State.AUTHORIZING, Event.UNPAID): State.ABANDONED,
    (State.AUTHORIZING, Event.CANCELLED): State.CANCELLING,
    (State.CANCELLING, Event.PAID): State.REFUNDING,
    (State.CANCELLING, Event.UNPAID): State.ABANDONED,
    (State.SUBMITTING, Event.DELIVERED): State.CAPTURING,
    (State.SUBMITTING, Event.REJECTED): State.REFUNDING,
    (State.SUBMITTING, Event.GAVE_UP): State.REFUNDING,
    (State.CAPTURING, Event.CAPTURED): State.COMPLETED,
    (State.REFUNDING, Event.REFUNDED): State.REFUNDED,
    **{(state, Event.ESCALATED): State.REVIEW for state in WAITING},
    (State.REVIEW, Event.RESUMED_AUTHORIZING): State.AUTHORIZING,
    (State.REVIEW, Event.RESUMED_CANCELLING): State.CANCELLING,
    (State.REVIEW, Event.RESUMED_SUBMITTING): State.SUBMITTING,
    (State.REVIEW, Event.RESUMED_CAPTURING): State.CAPTURING,
    (State.REVIEW, Event.RESUMED_REFUNDING): State.REFUNDING,
    (State.REVIEW, Event.REFUND_ORDERED): State.REFUNDING,
    (State.COMPLETED, Event.REFUND_ORDERED): State.REFUNDING,
    (State.REVIEW, Event.SETTLED_DELIVERED): State.COMPLETED,
    (State.REVIEW, Event.SETTLED_RETURNED): State.REFUNDED,
    (State.REVIEW, Event.SETTLED_UNPAID): State.ABANDONED,
    **{(state, Event.FOUND_PAID): State.REVIEW for state in SETTLED},
    **{(state, Event.FOUND_DELIVERED): State.REVIEW for state in SETTLED},
    **{(state, Event.REVERSED): State.REVIEW for state in SETTLED},
    **{(state, Event.REFUND_FAILED): State.REVIEW for state in SETTLED},
    **{(state, Event.NOTED): state for state in State},
}


class Order(msgspec.Struct, frozen=True):
    """One order = one payment = one top-up. Every field follows from its events."""

    reference: Reference
    sim_number: SimNumber
    provider: str
    tender: str
    language: str
    plan: Plan
    lines: tuple[Line, ...]
    total: Money
    captures_later: bool
    opened_at: datetime
    expires_at: datetime
    since_at: datetime
    since_attempt: int = 0
    """How many attempts had been made when it came to its state: times cannot tell, since clocks go back."""
    state: State = State.AUTHORIZING
    version: int = 1
    code: str = ""
    paid: Money | None = None
    paid_at: datetime | None = None
    payment_number: str = ""
    capture_before: datetime | None = None
    delivered_at: datetime | None = None
    delivery_number: str = ""
    captured_at: datetime | None = None
    capture_refused: bool = False
    refunded_at: datetime | None = None
    unpaid_proven: bool = False
    doubt_checked: bool = False
    reason: str = ""
    deadline_at: datetime | None = None
    shift: str = ""
    tendered: Money | None = None
    change: Money | None = None
    card: Card | None = None
    network: str = ""
    """The SIM's mobile network by name, where the provider told it."""
    attempts: tuple[Attempt, ...] = ()

    def of(self, call: Call) -> tuple[Attempt, ...]:
        """The attempts at one kind of call, oldest first."""
        return tuple(attempt for attempt in self.attempts if attempt.call is call)

    @property
    def in_doubt(self) -> bool:
        """A top-up was sent, and nothing proves that it had no effect."""
        return any(attempt.outcome not in PROVES_NOTHING_HAPPENED for attempt in self.of(Call.TOP_UP))

    @property
    def taken(self) -> bool:
        """The money is ours: paid, and captured where the tender captures later."""
        return self.paid is not None and (self.captured_at is not None or not self.captures_later)

    @property
    def refund_under_way(self) -> bool:
        """A refund was sent, and nothing proves that it had no effect."""
        return any(attempt.outcome not in PROVES_NOTHING_HAPPENED for attempt in self.of(Call.REFUND))

    @property
    def declined(self) -> str:
        """Why the rail said no to the customer's card, where the order waits for another try; else an empty text."""
        starts = self.of(Call.START) if self.state is State.AUTHORIZING else ()
        return starts[-1].answer if starts and starts[-1].outcome is Outcome.REFUSED else ""

    @property
    def settled(self) -> bool:
        return self.state in SETTLED


def open_order(order: Order) -> Order:
    """Check a newly made order. Raises Illegal where its lines and its total do not agree."""
    if order.state is not State.AUTHORIZING or order.version != 1:
        raise Illegal(f"{grouped_reference(order.reference)} is not new: it is {order.state} already.")
    one_currency = {line.amount.currency for line in order.lines} == {order.total.currency}
    if not one_currency or order.total != total_of(order.lines) or order.total.amount_minor <= 0:
        raise Illegal(f"The lines of {grouped_reference(order.reference)} do not add up to {order.total}.")
    return order


def targets(state: State) -> dict[Event, State]:
    """Which events may happen in `state`, and where each leads."""
    return {event: target for (start, event), target in TRANSITIONS.items() if start is state}


def advance(order: Order, fact: Fact, at: datetime) -> Order:
    """The order after `fact` happened at `at`. Raises Illegal where the table or a guard forbids it."""
    target = TRANSITIONS.get((order.state, fact.event))
    if target is None:
        name = grouped_reference(order.reference)
        raise Illegal(f"{name} is {order.state}: {fact.event!s} cannot happen to it now.")
    said: dict[str, Any] = {"state": target, "version": order.version + 1}
    if fact.event is not Event.NOTED:
        if objection := _objection(order, fact, target):
            raise Illegal(f"{grouped_reference(order.reference)}: {fact.event!s} is not allowed: {objection}.")
        said |= {"since_at": at, "since_attempt": len(order.attempts)}
        said |= {"reason": fact.reason, "deadline_at": fact.deadline_at, **_what_it_says(order, fact, at)}
    return replace(order, **said | _what_it_brings_along(order, fact, at))


def _objection(order: Order, fact: Fact, target: State) -> str:
    """Why a guard forbids it, or an empty text. Guards read only fields of the order."""
    match fact.event:
        case Event.PAID if fact.amount != order.total:
            return f"{fact.amount} was paid, {order.total} is due"
        case Event.FOUND_PAID if fact.amount is None:
            return "it does not say which amount"
        case Event.REJECTED | Event.GAVE_UP if order.in_doubt:
            return "a top-up was sent whose outcome nobody knows; look it up first"
        case Event.RESUMED_AUTHORIZING | Event.RESUMED_CANCELLING if order.paid:
            return "it is paid"
        case event if event in NEEDS_THE_MONEY and order.refunded_at:
            return "the money was given back already"
        case Event.RESUMED_SUBMITTING if order.delivered_at or order.paid != order.total:
            return "it is delivered already, or no payment is on record in full"
        case Event.RESUMED_SUBMITTING if order.refund_under_way:
            return "a refund was sent whose outcome nobody knows; resume to REFUNDING"
        case Event.RESUMED_CAPTURING | Event.RESUMED_REFUNDING | Event.REFUND_ORDERED if not order.paid:
            return "no payment is on record"
        case Event.SETTLED_DELIVERED if not (order.taken or (order.paid and order.capture_refused)):
            return "the money is not taken yet; resume to CAPTURING instead"
        case Event.SETTLED_RETURNED if fact.shift and not refused_for_good(order.of(Call.REFUND)):  # out of the till
            return "its rail has not refused for good to give it back, and would give it back a second time"
        case Event.SETTLED_RETURNED if not order.paid:
            return "no payment is on record; settle it as unpaid"
        case Event.SETTLED_UNPAID if order.paid and not order.unpaid_proven:
            return "a payment is on record, and the rail has not proven otherwise"
    if target is State.REVIEW and order.state is not State.REVIEW and not (fact.reason and fact.deadline_at):
        return "a review needs a reason and a deadline"
    return ""


def _what_it_says(order: Order, fact: Fact, at: datetime) -> dict[str, Any]:
    """The fields that this event fills in. The state is not one of them."""
    match fact.event:
        case Event.PAID | Event.ESCALATED if fact.amount:  # escalated: another amount than was due
            return {"paid": fact.amount, "paid_at": at, "payment_number": fact.number}
        case Event.FOUND_PAID:  # an older proof of unpaid, or a refund from before, says nothing about this money
            money = {"paid": fact.amount, "paid_at": at, "payment_number": fact.number}
            return money | {"unpaid_proven": False, "refunded_at": None}
        case Event.DELIVERED | Event.FOUND_DELIVERED | Event.SETTLED_DELIVERED | Event.RESUMED_CAPTURING:
            return _delivered(order, fact, at)
        case Event.CAPTURED:
            return {"captured_at": at}
        case Event.REFUNDED | Event.SETTLED_RETURNED:
            return {"refunded_at": at}
        case Event.REVERSED:
            return {"delivered_at": None}
        case Event.REFUND_FAILED:
            return {"refunded_at": None}
        case Event.REFUND_ORDERED:
            return {"doubt_checked": False}
    return {}


def _delivered(order: Order, fact: Fact, at: datetime) -> dict[str, Any]:
    return {"delivered_at": order.delivered_at or at, "delivery_number": fact.number or order.delivery_number}


def _what_it_brings_along(order: Order, fact: Fact, at: datetime) -> dict[str, Any]:
    """The fields that any fact may fill in, whatever its event."""
    said = {name: told for name, told in zip(BROUGHT_ALONG, _brought_along(fact), strict=True) if told}
    if fact.said_delivered:
        said |= _delivered(order, fact, at)
    if fact.attempt:
        number = fact.attempt.number
        earlier = [other for other in order.attempts if other.number < number]
        said["attempts"] = (*earlier, fact.attempt, *[other for other in order.attempts if other.number > number])
    return said
