"""What can happen to an order, as it goes on record: events, the calls to remotes, and what was said. Pure data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from kiosk.money import Money


class Event(StrEnum):
    OPENED = "opened"
    PAID = "paid"
    UNPAID = "unpaid"
    CANCELLED = "cancelled"
    DELIVERED = "delivered"
    REJECTED = "rejected"
    GAVE_UP = "gave_up"
    CAPTURED = "captured"
    REFUNDED = "refunded"
    ESCALATED = "escalated"
    RESUMED_AUTHORIZING = "resumed_authorizing"
    RESUMED_CANCELLING = "resumed_cancelling"
    RESUMED_SUBMITTING = "resumed_submitting"
    RESUMED_CAPTURING = "resumed_capturing"
    RESUMED_REFUNDING = "resumed_refunding"
    REFUND_ORDERED = "refund_ordered"
    SETTLED_DELIVERED = "settled_delivered"
    SETTLED_RETURNED = "settled_returned"
    SETTLED_UNPAID = "settled_unpaid"
    FOUND_PAID = "found_paid"
    FOUND_DELIVERED = "found_delivered"
    REVERSED = "reversed"
    REFUND_FAILED = "refund_failed"
    NOTED = "noted"


class Call(StrEnum):
    """A call that changes something at a remote. Each one is written down before it is sent."""

    START = "start"
    CHARGE = "charge"
    CANCEL = "cancel"
    TOP_UP = "top_up"
    CAPTURE = "capture"
    REFUND = "refund"
    CREDIT = "credit"  # a clerk's request to the provider, of which no order knows more than that


class Outcome(StrEnum):
    """What became of an attempt. An attempt without one is what *unknown* looks like on disk."""

    DONE = "done"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_NOW = "not_now"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    LOST = "lost"  # the ledger was restored, and the part that was lost may have made this call


PROVES_NOTHING_HAPPENED = (Outcome.REFUSED, Outcome.NOT_NOW, Outcome.NOT_SENT)


class Attempt(msgspec.Struct, frozen=True):
    """One call that changes a remote: its number within the order, the reference it carried, its outcome."""

    number: int
    call: Call
    reference: str
    sent_at: datetime
    outcome: Outcome | None = None
    answered_at: datetime | None = None
    answer: str = ""


def may_be_lost(attempts: Iterable[Attempt]) -> bool:
    """Whether one of these calls may have been made by a part of the ledger that was lost: looking up alone is safe."""
    return any(attempt.outcome is Outcome.LOST for attempt in attempts)


@dataclass(frozen=True, slots=True)
class Card:
    """The bank card that paid, as a receipt must show it. Never its number: the kiosk does not get to see it.

    `entry` is how it was read, in the rail's word; `application` and `aid` are the chip's, as the rail names them.
    """

    brand: str
    last4: str
    entry: str = ""
    application: str = ""
    aid: str = ""
    authorization: str = ""


def refused_for_good(attempts: Sequence[Attempt]) -> bool:
    """Whether a remote has refused one of these calls, and none of the others can have an effect any more."""
    outcomes = {attempt.outcome for attempt in attempts}
    return Outcome.REFUSED in outcomes and outcomes <= set(PROVES_NOTHING_HAPPENED)


class Fact(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What happened, as it goes on record: an event, who says so, and what was said. Encodes to the event's body."""

    event: Event
    by: str
    reason: str = ""
    remote: str = ""
    amount: Money | None = None
    number: str = ""
    attempt: Attempt | None = None
    code: str = ""
    expires_at: datetime | None = None
    capture_before: datetime | None = None
    card: Card | None = None
    deadline_at: datetime | None = None
    shift: str = ""
    tendered: Money | None = None
    change: Money | None = None
    wholesale: Money | None = None
    """What the provider billed, where that is not what was known when the plan was sold."""
    unpaid_proven: bool = False
    capture_refused: bool = False
    said_delivered: bool = False
    doubt_checked: bool = False
