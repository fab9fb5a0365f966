"""What Alipay's answers mean: codes, trade states, refunds. Pure; sends nothing.

Every answer that comes here carries Alipay's own signature. Paid is said only of exactly our order.
"""

from __future__ import annotations

from kiosk.errors import BadMoney, NoAnswer, NotNow, Refused
from kiosk.money import Money, exponent
from kiosk.ports import Paid, Pending, Refunded, Unpaid
from kiosk.remote import plain
from kiosk.tenders.alipay.gateway import OURS, Answer, misconfigured

DONE, WAITING = "10000", "10003"
UNKNOWN = "ACQ.TRADE_NOT_EXIST"
PAID_ALREADY = "ACQ.TRADE_HAS_SUCCESS"
CALLED_TOO_OFTEN = "40005"
MERCHANTS_OWN = (  # of the business codes, those that only the owner or Alipay's support can mend
    "ACQ.ACCESS_FORBIDDEN",
    "ACQ.PARTNER_ERROR",
    "ACQ.SELLER_BEEN_BLOCKED",
    "ACQ.MERCHANT_AGREEMENT_NOT_EXIST",
    "ACQ.MERCHANT_AGREEMENT_INVALID",
)
UNDECIDED = ("ACQ.SYSTEM_ERROR", "AQC.SYSTEM_ERROR", "ACQ.REFUND_CHARGE_ERROR")  # one of its pages misspells it
OUR_BALANCE = "ACQ.SELLER_BALANCE_NOT_ENOUGH"
SETTLED_MEANWHILE = (
    "ACQ.TRADE_STATUS_ERROR",
    "ACQ.REASON_TRADE_STATUS_INVALID",
    "ACQ.REASON_ILLEGAL_STATUS",
    "ACQ.TRADE_HAS_CLOSE",
    "ACQ.TRADE_HAS_FINISHED",
    PAID_ALREADY,
    UNKNOWN,
)
REFUND_STATES = ("", "REFUND_SUCCESS")


def is_unknown(answer: Answer) -> bool:
    """No trade of this number: a code that was shown, and that nobody has scanned so far, looks just like that."""
    return answer.sub_code == UNKNOWN


def refusal(answer: Answer) -> NoAnswer:
    """What an answer means that is not a yes. In doubt unless it is a no of the documented shape."""
    code, reason = answer.sub_code or answer.code, plain(answer.record.get("sub_msg", ""))
    if answer.code in OURS or code in MERCHANTS_OWN:
        return misconfigured(answer)
    if answer.code == CALLED_TOO_OFTEN:
        return NotNow("Alipay cannot do it for now: it is asked too often.")
    if code == OUR_BALANCE:
        return NotNow("Alipay cannot do it for now: our balance there does not cover it.")
    if code == PAID_ALREADY:
        return answer.reply.odd("that it is paid already")
    if answer.code != "40004" or not answer.sub_code or code in UNDECIDED:
        return answer.reply.odd(f"with an error that proves nothing ({code or 'no code'})")
    return Refused(f"Alipay refuses: {reason} ({code}).")


def done(answer: Answer) -> dict[str, object]:
    """The record of a yes. Raises NoAnswer for everything else."""
    if answer.code != DONE:
        raise refusal(answer)
    return answer.record


def settled(answer: Answer) -> dict[str, object]:
    """The record of a close or cancel; empty where the trade was settled meanwhile: it is looked at next."""
    return {} if answer.sub_code in SETTLED_MEANWHILE else done(answer)


def code_of(answer: Answer, wire: str, *, live: bool) -> str:
    """What the QR shows. The sandbox's leads to its payer's page, which is plain http."""
    record = done(answer)
    code = record.get("qr_code")
    if record.get("out_trade_no") != wire:
        raise answer.reply.odd("about another order")
    if not isinstance(code, str) or not code.startswith("https://" if live else "http") or plain(code, 1024) != code:
        raise answer.reply.odd("without a code to show")
    return code


def trade_of(answer: Answer, wire: str) -> Paid | Unpaid | Pending:
    """What a trade's record says. The amount is the order's, not what a coupon left the payer to pay.

    TRADE_CLOSED has two meanings: never paid, or paid and given back in full. Only what was paid has a pay date.
    """
    if answer.code != DONE:
        error = refusal(answer)
        raise answer.reply.odd("that it cannot say") if isinstance(error, Refused) else error
    record = answer.record
    if record.get("out_trade_no") != wire:
        raise answer.reply.odd("about another order")
    state, paid_on = record.get("trade_status"), record.get("send_pay_date")
    if state == "TRADE_CLOSED" and not paid_on:
        return Unpaid("Alipay has closed the trade, and no money moved")
    if state not in ("TRADE_SUCCESS", "TRADE_FINISHED", "TRADE_CLOSED"):
        return Pending(said=plain(state, 40))
    return paid(answer, given_back=state == "TRADE_CLOSED")


def is_back(answer: Answer, was_paid: Money | None) -> bool:
    """Whether a payment that we know of has gone back: what was paid is closed only by giving all of it back.

    Raises NoAnswer where the look failed.
    """
    if answer.code != DONE and not is_unknown(answer):
        raise refusal(answer)
    closed = answer.record.get("trade_status") == "TRADE_CLOSED"
    return closed and bool(was_paid or answer.record.get("send_pay_date"))


def paid(answer: Answer, *, given_back: bool = False) -> Paid:
    number = answer.record.get("trade_no")
    if not isinstance(number, str) or not number:
        raise answer.reply.odd("that it is paid, without a number")
    return Paid(_yuan(answer, "total_amount"), plain(number, 64), given_back=given_back)


def _yuan(answer: Answer, key: str) -> Money:
    """An amount in yuan, or in the currency that the record names."""
    told, currency = answer.record.get(key), answer.record.get("trans_currency") or "CNY"
    if not isinstance(told, str) or not isinstance(currency, str):
        raise answer.reply.odd("without an amount")
    try:
        exponent(currency)
        return Money.parse(told, currency)
    except BadMoney:
        raise answer.reply.odd("with an amount that cannot be read") from None


def refund_of(answer: Answer, refund: str, amount: Money) -> Refunded | None:
    """What a refund's record says; None where there is none, or not yet: 10000 alone proves nothing."""
    if is_unknown(answer):
        raise refusal(answer)
    if answer.code != DONE:
        error = refusal(answer)
        raise answer.reply.odd("that it cannot say") if isinstance(error, Refused) else error
    record = answer.record
    if not record.get("refund_amount") or record.get("refund_status", "") not in REFUND_STATES:
        return None
    if record.get("out_request_no") != refund or _yuan(answer, "refund_amount") != amount:
        raise answer.reply.odd("about another refund")
    return Refunded(plain(record.get("trade_no", ""), 64))
