"""The questions that may be asked of a remote, whom each is for, and the call itself. No ledger here.

A question that changes the remote is written down as an attempt before it is sent (`writes`, `attempt_at`).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from kiosk.abilities import ChargesCodes
from kiosk.errors import Misconfigured, NoAnswer, Unreachable
from kiosk.facts import PROVES_NOTHING_HAPPENED, Attempt, Call, Outcome
from kiosk.hearsay import kept_answer, kept_error
from kiosk.identifiers import Purpose, grouped_reference, wire_reference
from kiosk.order import Order
from kiosk.payment_codes import PaymentCode, charge
from kiosk.ports import (
    Absent,
    Acts,
    Captured,
    Delivered,
    NotDelivered,
    Paid,
    Pending,
    Processing,
    Provider,
    Refunded,
    Started,
    Tender,
    TopUp,
    Unpaid,
)
from kiosk.tables import Sales

log = logging.getLogger(__name__)

Yes = Started | Paid | Unpaid | Pending | Captured | Refunded | Delivered | Processing | Absent | NotDelivered


class AdapterFailed(Unreachable):
    """An adapter broke over one order. For that order it is an answer that nobody understood."""


class Question(StrEnum):
    """What may be asked of a remote. Those with a Call in `WRITES` change it, and are written down first."""

    START = "start"
    CHARGE = "charge"
    ASK = "ask"
    EXPIRE = "expire"
    CANCEL = "cancel"
    TOP_UP = "top_up"
    LOOK_UP = "look_up"
    CAPTURE = "capture"
    REFUND = "refund"
    ASK_REFUND = "ask_refund"


WRITES = {
    Question.START: Call.START,
    Question.CHARGE: Call.CHARGE,
    Question.EXPIRE: Call.CANCEL,
    Question.CANCEL: Call.CANCEL,
    Question.TOP_UP: Call.TOP_UP,
    Question.CAPTURE: Call.CAPTURE,
    Question.REFUND: Call.REFUND,
}


@dataclass(frozen=True, slots=True)
class Remotes:
    """The outside, by name, and the owner's limits of patience."""

    providers: Mapping[str, Provider]
    tenders: Mapping[str, Tender]
    sales: Sales
    attempts_max: int = 50

    def of(self, order: Order) -> tuple[Tender, Provider]:
        """The two remotes of an order. Raises Misconfigured where the owner has taken one out of config.toml."""
        for kind, name, known in (
            ("tenders", order.tender, self.tenders),
            ("providers", order.provider, self.providers),
        ):
            if name not in known:
                raise Misconfigured(f"Orders wait for {name}, and config.toml has no table [{kind}.{name}] any more.")
        return self.tenders[order.tender], self.providers[order.provider]


def remote_of(order: Order, question: Question) -> str:
    """Whom a question is for: the order's provider, or its rail."""
    return order.provider if question in (Question.TOP_UP, Question.LOOK_UP) else order.tender


def writes(order: Order, question: Question, tender: Tender) -> Call | None:
    """The call to write down before it is sent; None for a look-up, or where no rail is told (cash)."""
    if question not in (Question.TOP_UP, Question.LOOK_UP) and tender.acts is Acts.CLERK:
        return None
    return WRITES.get(question)


def payable(order: Order, tender: Tender) -> bool:
    """Whether the customer can have paid, or still can: not while nothing payable has reached a rail or a screen."""
    if tender.acts is Acts.SCANS_CUSTOMER_CODE:
        return any(attempt.outcome not in PROVES_NOTHING_HAPPENED for attempt in order.of(Call.CHARGE))
    if tender.starts:
        return any(attempt.outcome not in PROVES_NOTHING_HAPPENED for attempt in order.of(Call.START))
    return True


def attempt_at(order: Order, call: Call, now: datetime) -> Attempt:
    """The attempt as it is written down: its number, and the reference it will carry."""
    match call:
        case Call.TOP_UP:
            reference = wire_reference(order.reference, Purpose.TOP_UP)
        case Call.REFUND:
            reference = refund_reference(order)
        case _:
            reference = wire_reference(order.reference, Purpose.PAYMENT)
    return Attempt(number=len(order.attempts) + 1, call=call, reference=reference, sent_at=now)


def refund_reference(order: Order) -> str:
    """The reference of the present refund: the same on every retry, another one after a definite failure."""
    attempts = order.of(Call.REFUND)
    doubtful = {attempt.reference for attempt in attempts if attempt.outcome not in PROVES_NOTHING_HAPPENED}
    failed = {attempt.reference for attempt in attempts if attempt.outcome is Outcome.REFUSED} - doubtful
    return wire_reference(order.reference, Purpose.REFUND, len(failed) + 1)


def present_refund(order: Order) -> tuple[Attempt, ...]:
    """The attempts at the present refund: none where every one so far has failed for good."""
    reference = refund_reference(order)
    return tuple(attempt for attempt in order.of(Call.REFUND) if attempt.reference == reference)


def ask(
    order: Order, question: Question, now: datetime, remotes: Remotes, payment_code: PaymentCode | None = None
) -> Yes:
    """Make the call. Its words come as they may be kept. Raises NoAnswer. Touches no ledger.

    `payment_code` is what Question.CHARGE takes the money by, and nothing else.
    """
    try:
        if question is Question.CHARGE:
            return kept_answer(_charge(order, payment_code, now, remotes))
        return kept_answer(_call(order, question, now, remotes))
    except NoAnswer as error:
        raise kept_error(error) from error.__cause__


def answer_to(
    order: Order, question: Question, now: datetime, remotes: Remotes, payment_code: PaymentCode | None = None
) -> Yes | NoAnswer:
    """The same, and never raises: an adapter's own defect is an answer that nobody understood, in doubt, no crash."""
    try:
        return ask(order, question, now, remotes, payment_code)
    except NoAnswer as answer:
        return answer
    except Exception as error:
        log.exception("%s: %s failed", grouped_reference(order.reference), question)
        return AdapterFailed(f"the adapter failed: {type(error).__name__}", sent=True)


def _charge(order: Order, payment_code: PaymentCode | None, now: datetime, remotes: Remotes) -> Yes:
    tender, _ = remotes.of(order)
    if not isinstance(tender, ChargesCodes) or payment_code is None:
        raise Misconfigured(f"{order.tender} cannot take the code that a customer's phone shows.")
    return charge(tender, order, wire_reference(order.reference, Purpose.PAYMENT), payment_code, now)


def _call(order: Order, question: Question, now: datetime, remotes: Remotes) -> Yes:
    tender, provider = remotes.of(order)
    payment = wire_reference(order.reference, Purpose.PAYMENT)
    top_up = TopUp(wire_reference(order.reference, Purpose.TOP_UP), order.sim_number, order.plan.id)
    match question:
        case Question.START:
            return tender.start(order, payment)
        case Question.CHARGE:
            raise AssertionError("a charge needs the payment code")
        case Question.ASK:
            return tender.ask(order, payment, now)
        case Question.EXPIRE:
            return tender.expire(order, payment, now)
        case Question.CANCEL:
            return tender.cancel(order, payment, now)
        case Question.TOP_UP:
            return provider.top_up(top_up)
        case Question.LOOK_UP:
            return provider.look_up(top_up)
        case Question.CAPTURE:
            return tender.capture(order, payment)
        case Question.REFUND:
            return tender.refund(order, payment, refund_reference(order), now)
        case Question.ASK_REFUND:
            return tender.ask_refund(order, payment, refund_reference(order), now)
        case _:
            assert_never(question)
