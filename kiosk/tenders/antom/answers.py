"""What Antom's answers mean: result codes, payment states, refunds. Pure; sends nothing.

Every answer that comes here carries Antom's own signature. Paid is said only of exactly our order. The result of a
look-up says whether it worked, and nothing of the payment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kiosk.errors import BadMoney, Misconfigured, NoAnswer, NotNow, Refused
from kiosk.money import Money, exponent
from kiosk.ports import Paid, Pending, Refunded, Unpaid
from kiosk.remote import Reply, plain

UNKNOWN, NO_REFUND = "ORDER_NOT_EXIST", "REFUND_NOT_EXIST"
OURS = (  # our id, keys, address and contract
    "ACCESS_DENIED",
    "BUSINESS_NOT_SUPPORT",
    "CLIENT_INVALID",
    "INVALID_API",
    "INVALID_CLIENT",
    "INVALID_CONTRACT",
    "INVALID_MERCHANT_STATUS",
    "INVALID_SIGNATURE",
    "KEY_NOT_FOUND",
    "MEDIA_TYPE_NOT_ACCEPTABLE",
    "MERCHANT_NOT_REGISTERED",
    "METHOD_NOT_SUPPORTED",
    "NO_INTERFACE_DEF",
    "SIGNATURE_INVALID",
)
TOO_OFTEN, OUR_BALANCE = "REQUEST_TRAFFIC_EXCEED_LIMIT", "MERCHANT_BALANCE_NOT_ENOUGH"
UNDECIDED = ("SYSTEM_ERROR",)
SETTLED_MEANWHILE = (UNKNOWN, "ORDER_IS_CLOSED", "ORDER_IS_CANCELED", "ORDER_STATUS_INVALID")
WENT_BACK = ("REFUND", "CANCEL", "VOID")


@dataclass(frozen=True, slots=True)
class Answer:
    """What Antom said, and the reply it stood in. `status` is S, F or U; `told_at` its own, signed time."""

    reply: Reply
    record: Mapping[str, Any]
    told_at: datetime | None = None

    @property
    def status(self) -> str:
        return self._result("resultStatus")

    @property
    def code(self) -> str:
        return self._result("resultCode")

    @property
    def message(self) -> str:
        return self._result("resultMessage", 160)

    def _result(self, key: str, limit: int = 64) -> str:
        result = self.record.get("result")
        return plain(result.get(key, ""), limit) if isinstance(result, dict) else ""


def refusal(answer: Answer) -> NoAnswer:
    """What an answer means that is not a yes. In doubt unless it is a no of the documented shape."""
    code = answer.code
    if code in OURS:
        return misconfigured(answer)
    if code == TOO_OFTEN:
        return NotNow("Alipay cannot do it for now: it is asked too often.")
    if code == OUR_BALANCE:
        return NotNow("Alipay cannot do it for now: our balance there does not cover it.")
    if answer.status != "F" or not code or code in UNDECIDED:
        return answer.reply.odd(f"with a result that proves nothing ({code or 'no code'})")
    return Refused(f"Alipay refuses: {answer.message} ({code}).")


def misconfigured(answer: Answer) -> Misconfigured:
    return Misconfigured(f"Antom refuses this client ({answer.code}): check client_id, private_key and the contract.")


def looked(answer: Answer, unknown: str) -> bool:
    """Whether a look-up found something; False where Antom does not know it. Raises NoAnswer where the look failed."""
    if answer.status == "F" and answer.code == unknown:
        return False
    if answer.status != "S":
        error = refusal(answer)
        raise answer.reply.odd("that it cannot say") if isinstance(error, Refused) else error
    return True


def code_of(answer: Answer, wire: str, *, live: bool) -> tuple[str, datetime | None]:
    """What the QR shows, and until when. The sandbox's leads to its payer's page, which is plain http."""
    if answer.status == "S" or (answer.status == "U" and "orderCodeForm" in answer.record):
        return _code(answer, wire, live=live)
    raise refusal(answer)


def _code(answer: Answer, wire: str, *, live: bool) -> tuple[str, datetime | None]:
    form = answer.record.get("orderCodeForm")
    details = form.get("codeDetails") if isinstance(form, dict) else None
    if answer.record.get("paymentRequestId", wire) != wire:
        raise answer.reply.odd("about another order")
    for detail in details if isinstance(details, list) else ():
        code = detail.get("codeValue") if isinstance(detail, dict) and detail.get("displayType") == "TEXT" else None
        if isinstance(code, str) and code and plain(code, 2048) == code and not (live and code.startswith("http://")):
            return code, _instant(form.get("expireTime") if isinstance(form, dict) else None)
    raise answer.reply.odd("without a code to show")


def payment_of(answer: Answer, wire: str) -> Paid | Unpaid | Pending:
    """What a payment's record says. The amount is the order's, not what a coupon left the payer to pay.

    CANCELLED and FAIL have two meanings: never paid, or paid and given back. Only what was paid has a time of payment.
    """
    record = answer.record
    if record.get("paymentRequestId") != wire:
        raise answer.reply.odd("about another order")
    state = plain(record.get("paymentStatus", ""), 40).upper()
    if state == "SUCCESS":
        return paid(answer)
    if state not in ("CANCELLED", "FAIL"):
        return Pending(said=state)
    if record.get("paymentTime") or _back(answer):
        return paid(answer, given_back=True)
    return Unpaid(f"Antom has ended the payment ({state}), and no money moved")


def is_back(answer: Answer, was_paid: Money | None) -> bool:
    """Whether a payment that we know of has gone back: whatever was paid and is cancelled, was given back in full."""
    ended = plain(answer.record.get("paymentStatus", ""), 40).upper() == "CANCELLED"
    return (ended and bool(was_paid or answer.record.get("paymentTime"))) or (
        bool(_back(answer)) and _back(answer) >= money(answer, "paymentAmount").amount_minor
    )


def paid(answer: Answer, *, given_back: bool = False) -> Paid:
    number = answer.record.get("paymentId")
    if not isinstance(number, str) or not number:
        raise answer.reply.odd("that it is paid, without a number")
    amount = money(answer, "paymentAmount")
    return Paid(amount, plain(number, 64), given_back=given_back or 0 < amount.amount_minor <= _back(answer))


def _back(answer: Answer) -> int:
    """What has gone back of the payment, in the smallest unit of its currency."""
    told = answer.record.get("transactions")
    entries = [entry for entry in told if isinstance(entry, dict)] if isinstance(told, list) else []
    back = [entry for entry in entries if entry.get("transactionType") in WENT_BACK]
    done = [entry.get("transactionAmount") for entry in back if entry.get("transactionStatus") == "SUCCESS"]
    return sum(_money(answer, amount).amount_minor for amount in done)


def money(answer: Answer, key: str) -> Money:
    return _money(answer, answer.record.get(key))


def _money(answer: Answer, told: object) -> Money:
    """Every scalar is a text; a whole number is taken as well."""
    value = told.get("value") if isinstance(told, dict) else None
    currency = told.get("currency") if isinstance(told, dict) else None
    if isinstance(value, bool) or not str(value).isascii() or not str(value).isdigit() or not isinstance(currency, str):
        raise answer.reply.odd("without an amount")
    try:
        exponent(currency)
    except BadMoney:
        raise answer.reply.odd("with an unknown currency") from None
    return Money(int(str(value)[:15]), currency)


def refund_of(answer: Answer, refund: str, amount: Money) -> Refunded | Pending:
    """What a refund's record says. Raises Refused where it failed for good."""
    record = answer.record
    if record.get("refundRequestId") != refund or money(answer, "refundAmount") != amount:
        raise answer.reply.odd("about another refund")
    status = plain(record.get("refundStatus", ""), 40).upper()
    if status == "SUCCESS":
        return Refunded(plain(record.get("refundId", ""), 64))
    if status == "FAIL":
        raise Refused("Alipay could not give the money back (FAIL): look in Antom's dashboard.")
    return Pending(said=status)


def _instant(told: object) -> datetime | None:
    """A time with its zone; None where it is none."""
    try:
        at = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return at.astimezone(UTC) if at and at.tzinfo else None


def told_at(text: str) -> datetime | None:
    """The time in a header: as ISO 8601 has it, or in milliseconds since the epoch."""
    if text.isascii() and text.isdigit() and len(text) == 13:
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    return _instant(text)
