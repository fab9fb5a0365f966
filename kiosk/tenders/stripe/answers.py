"""What Stripe's answers mean: intents, readers, refunds, errors. Pure; sends nothing.

The intent is the truth about the money; what the reader says of itself only explains it. Paid is said only of exactly
our order, and of a hold as well: taking it is another step.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from kiosk.abilities import Listed
from kiosk.errors import BadMoney, Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.facts import Card
from kiosk.money import Money, exponent
from kiosk.ports import Paid, Pending, Refunded, Unpaid
from kiosk.remote import Reply, plain

TOO_LATE = ("payment_intent_unexpected_state", "intent_invalid_state", "charge_expired_for_capture")
"""The intent is past what was asked: it is looked at instead."""
OFFLINE = "terminal_reader_offline"
BUSY = "terminal_reader_busy"
TIMED_OUT = "terminal_reader_timeout"
LATER = ("rate_limit", "lock_timeout")
IN_DOUBT = ("idempotency_key_in_use", TIMED_OUT)
HOLD = timedelta(days=2)
"""For so long Stripe holds an authorization on a reader at least, where its charge does not say."""
RETRY_S = 2.0

DECLINES = {
    "insufficient_funds": "no_funds",
    "card_velocity_exceeded": "no_funds",
    "withdrawal_count_limit_exceeded": "no_funds",
    "expired_card": "expired",
    "incorrect_pin": "wrong_pin",
    "invalid_pin": "wrong_pin",
    "offline_pin_required": "wrong_pin",
    "online_or_offline_pin_required": "wrong_pin",
    "pin_try_exceeded": "pin_locked",
    "processing_error": "not_read",
    "customer_canceled": "stopped",
}
"""What a screen has words for. Why a lost, stolen or suspect card is declined is nobody's business but its bank's."""

Thing = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """What the reader is about: the intent that it was asked for, how that stands, and whether it has a line."""

    online: bool
    intent: str = ""
    status: str = ""
    failure: str = ""

    def waits_for(self, intent: str) -> bool:
        return self.status == "in_progress" and self.intent == intent


# --- errors --------------------------------------------------------------------------------------------------------


def error_in(reply: Reply) -> Thing:
    """The error object; empty where there is none."""
    try:
        error = reply.record().get("error")
    except Unreachable:
        return {}
    return error if isinstance(error, dict) else {}


def code_in(reply: Reply) -> str:
    return plain(error_in(reply).get("code") or "", 60)


def refusal(reply: Reply) -> NoAnswer:
    """What an error means. In doubt unless it is a no of the documented shape."""
    error, code = error_in(reply), code_in(reply)
    if reply.status == 429 or code in LATER:
        return NotNow("Stripe is asked too often.", retry_after_s=reply.retry_after_s)
    if reply.status in (401, 403) and error:
        return Misconfigured(f"Stripe refuses the key ({code or reply.status}): check secret_key.")
    if code == "resource_missing":
        return Misconfigured(f"Stripe does not know it ({plain(error.get('param', ''), 40)}): is it another account's?")
    if code == BUSY:
        return NotNow("The card reader is busy.", retry_after_s=RETRY_S)
    if code == OFFLINE:
        return NotNow("The card reader is offline.", retry_after_s=RETRY_S)
    certain = error.get("type") in ("invalid_request_error", "card_error") and 400 <= reply.status < 500
    if not certain or code in IN_DOUBT or reply.status == 409:
        return reply.odd(f"with an error that proves nothing ({code or 'no code'})")
    return Refused(f"Stripe refuses: {plain(error.get('message', ''))} ({code or error['type']}).")


# --- the intent ----------------------------------------------------------------------------------------------------


def intent_of(reply: Reply, wire: str, found: Thing | None = None) -> Thing:
    """The intent in an answer, or `found` in a list: ours, and whole enough to be read. Raises Unreachable."""
    intent = reply.record() if found is None else found
    metadata = intent.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("order") != wire:
        raise reply.odd("about another order")
    good = isinstance(intent.get("id"), str) and isinstance(intent.get("livemode"), bool)
    if not good or not isinstance(intent.get("status"), str):
        raise reply.odd("with an intent that is not whole")
    for name in ("amount", "amount_capturable", "amount_received"):
        money(intent, name)
    return intent


def standing(intent: Thing) -> Paid | Unpaid | Pending:
    """What the intent says of the money. What was held and let go again was paid, and is given back."""
    id, status, charge = plain(intent["id"], 64), intent["status"], _charge(intent)
    if status == "requires_capture":
        return Paid(money(intent, "amount_capturable"), id, _held_until(charge), card=card_of(charge))
    if status == "succeeded":
        back = charge.get("refunded") is True
        return Paid(money(intent, "amount_received"), id, given_back=back, card=card_of(charge))
    if status == "canceled" and charge.get("status") == "succeeded":
        return Paid(money(intent, "amount"), id, given_back=True, card=card_of(charge))
    if status == "canceled":
        return Unpaid("Stripe has cancelled the payment intent, and no card was ever authorized for it")
    return Pending(said=plain(status, 40))


def decline_of(intent: Thing, failure: str) -> Refused:
    """Why the last card was declined. The bank's own word stands in the intent; else the reader's."""
    said = intent.get("last_payment_error")
    error = said if isinstance(said, dict) and failure != "customer_canceled" else {}
    why = plain(error.get("decline_code") or error.get("code") or failure, 60)
    return Refused(f"the reader took no card for it ({why})", again=True, code=DECLINES.get(why, "declined"))


def card_of(charge: Thing) -> Card | None:
    """The card as a receipt must show it; None where Stripe does not tell."""
    details = charge.get("payment_method_details")
    card = details.get("card_present") if isinstance(details, dict) else None
    if not isinstance(card, dict) or not re.fullmatch(r"\d{4}", str(card.get("last4"))):
        return None
    told = card.get("receipt")
    receipt = told if isinstance(told, dict) else {}
    return Card(
        brand=_word(card, "brand"),
        last4=card["last4"],
        entry=_word(card, "read_method"),
        application=_word(receipt, "application_preferred_name"),
        aid=_word(receipt, "dedicated_file_name"),
        authorization=_word(receipt, "authorization_code"),
    )


def _word(thing: Thing, name: str) -> str:
    return plain(thing.get(name) or "", 32)


def _charge(intent: Thing) -> Thing:
    charge = intent.get("latest_charge")
    return charge if isinstance(charge, dict) else {}


def _held_until(charge: Thing) -> datetime | None:
    """`capture_before` of the charge; where it does not say, what Stripe's Terminal pages promise."""
    details = charge.get("payment_method_details")
    card = details.get("card_present") if isinstance(details, dict) else None
    told = card.get("capture_before") if isinstance(card, dict) else None
    since = charge.get("created")
    if isinstance(told, int) and not isinstance(told, bool):
        return datetime.fromtimestamp(told, UTC)
    return datetime.fromtimestamp(since, UTC) + HOLD if isinstance(since, int) else None


def money(thing: Thing, name: str) -> Money:
    amount, currency = thing.get(name), str(thing.get("currency", "")).upper()
    if not isinstance(amount, int) or isinstance(amount, bool):
        raise Unreachable(f"Stripe answered without {name}.", sent=True)
    try:
        exponent(currency)
    except BadMoney:
        raise Unreachable("Stripe answered with an unknown currency.", sent=True) from None
    return Money(amount, currency)


def listed(intent: Thing) -> Listed:
    """An intent of a list, whosever it is: one without a reference of ours has an empty one."""
    metadata = intent.get("metadata")
    reference = metadata.get("order") if isinstance(metadata, dict) else ""
    return Listed(plain(reference or "", 40), plain(intent.get("id") or "", 64), plain(intent.get("status") or "", 40))


# --- refunds, lists, the reader --------------------------------------------------------------------------------------


def data_of(reply: Reply) -> list[Thing]:
    """The things in a list. Raises Unreachable."""
    data = reply.record().get("data")
    if not isinstance(data, list) or not all(isinstance(each, dict) for each in data):
        raise reply.odd("without a list")
    return data


def refund_of(reply: Reply) -> Thing:
    refund = reply.record()
    if refund.get("object") != "refund":
        raise reply.odd("about something else than a refund")
    return refund


def refunded(refund: Thing) -> Refunded | Pending:
    """What a refund says. Raises Refused where it failed for good: the next one needs another reference."""
    status, id = refund.get("status"), plain(refund.get("id", ""), 64)
    if status == "succeeded":
        return Refunded(id)
    if status in ("failed", "canceled"):
        why = plain(refund.get("failure_reason") or status, 60)
        raise Refused(f"Stripe could not give the money back ({why}): look in its dashboard.")
    return Pending(said=plain(status, 40))


def by_hand(intent: Thing, refunds: list[Thing]) -> Refunded | Pending | None:
    """All of it went back by refunds that were not ours; None where it did not."""
    if _charge(intent).get("refunded") is not True:
        return None
    under_way = any(each.get("status") in ("pending", "requires_action") for each in refunds)
    return Pending(said="given back by hand, and under way") if under_way else Refunded(plain(intent["id"], 64))


def reader_of(reply: Reply) -> Reader:
    """What the reader says of itself. Raises Unreachable where it is none."""
    said = reply.record()
    if said.get("object") != "terminal.reader":
        raise reply.odd("about something else than a reader")
    online, action = said.get("status") != "offline", said.get("action")
    if not isinstance(action, dict):
        return Reader(online)
    process = action.get("process_payment_intent")
    intent = process.get("payment_intent") if isinstance(process, dict) else ""
    status, failure = plain(action.get("status") or "", 40), plain(action.get("failure_code") or "", 60)
    return Reader(online, plain(intent or "", 64), status, failure)
