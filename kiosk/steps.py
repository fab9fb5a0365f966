"""What the queue's worker has in hand: a call that is ready to be sent, and what a step did. Pure data."""

from __future__ import annotations

import msgspec

from kiosk.facts import Attempt
from kiosk.ledger import Due
from kiosk.order import Order, State
from kiosk.payment_codes import PaymentCode
from kiosk.questions import Question


class Task(msgspec.Struct, frozen=True):
    """One question to one remote, written down and ready to be sent."""

    order: Order
    due: Due
    question: Question
    attempt: Attempt | None
    payment_code: PaymentCode | None = None


class Step(msgspec.Struct, frozen=True):
    """What a step did: for those who watch."""

    order: Order
    was: State
    question: Question | None
    then: Task | None = None
    """The next call, written down in the same commit as the answer that led to it."""
