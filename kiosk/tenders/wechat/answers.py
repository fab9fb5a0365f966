"""What WeChat Pay's answers mean: codes, trade states, refunds, errors. Pure; sends nothing.

Every reply that comes here carries WeChat Pay's own signature. Paid is said only of exactly our order.
"""

from __future__ import annotations

from typing import Any

from kiosk.errors import BadMoney, Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.money import Money, exponent
from kiosk.ports import Paid, Pending, Refunded, Unpaid
from kiosk.remote import Reply, plain

UNKNOWN = ("ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS")
PAID_ALREADY = ("ORDERPAID", "ORDER_PAID")
SETTLED_MEANWHILE = (*PAID_ALREADY, "ORDERCLOSED", "ORDER_CLOSED")
OURS = ("SIGN_ERROR", "NO_AUTH", "APPID_MCHID_NOT_MATCH", "MCH_NOT_EXISTS")
LATER = ("FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED", "NOT_ENOUGH")
UNDECIDED = ("SYSTEM_ERROR", "SYSTEMERROR", "BANK_ERROR", "BANKERROR")
CONFIRMING = ("USERPAYING", "USER_PAYING")
NO_GOOD = (
    "AUTH_CODE_ERROR",
    "AUTH_CODE_EXPIRE",
    "AUTH_CODE_EXPIRED",
    "AUTHCODEEXPIRE",
    "AUTH_CODE_INVALID",
    "NOT_ENOUGH",
    "NOTENOUGH",
    "NOTSUPORTCARD",
    "TRADE_ERROR",
)
"""Of a charge: it is the payer's balance that is not enough there."""
REFUND_FAILED = ("CLOSED", "ABNORMAL", "REFUNDCLOSE", "CHANGE")  # the overseas pages have names of their own


def code_in(reply: Reply) -> str:
    """The error's code; empty where there is none."""
    try:
        return plain(reply.record().get("code", ""), 60)
    except Unreachable:
        return ""


def is_unknown(reply: Reply) -> bool:
    """404 in WeChat Pay's own words; any other 404 is the page of a wrong address."""
    return reply.status == 404 and code_in(reply) in UNKNOWN


def refusal(reply: Reply) -> NoAnswer:
    """What an error means. In doubt unless it is a no of the documented shape."""
    code = code_in(reply)
    if reply.status == 429 or code in LATER:
        why = "our balance there does not cover it" if code == "NOT_ENOUGH" else "it is asked too often"
        return NotNow(f"WeChat Pay cannot do it for now: {why}.", retry_after_s=reply.retry_after_s)
    if code in OURS or reply.status == 401:
        return Misconfigured(
            f"WeChat Pay refuses this merchant ({code}): check mchid, appid, serial_no and private_key."
        )
    if not code or code in UNDECIDED or not 400 <= reply.status < 500:
        return reply.odd(f"with an error that proves nothing ({code or 'no code'})")
    return Refused(f"WeChat Pay refuses: {plain(reply.record().get('message', ''))} ({code}).")


def code_of(reply: Reply, *, live: bool) -> str:
    """What the QR shows, of an answer to a new order. The sandbox's leads to its payer's page, which is plain http."""
    if reply.status != 200:
        raise reply.odd("that it is paid already") if code_in(reply) in PAID_ALREADY else refusal(reply)
    code = reply.record().get("code_url")
    schemes = ("weixin://",) if live else ("weixin://", "http://")
    if not isinstance(code, str) or not code.startswith(schemes) or plain(code, 512) != code:
        raise reply.odd("without a code to show")
    return code


def trade_of(reply: Reply, wire: str) -> Paid | Unpaid | Pending:
    """What an order's record says. The amount is the order's, not what a coupon left the payer to pay."""
    if reply.status != 200:
        error = refusal(reply)
        raise reply.odd("that it cannot say") if isinstance(error, Refused) else error
    trade = reply.record()
    if trade.get("out_trade_no") != wire:
        raise reply.odd("about another order")
    state = trade.get("trade_state")
    number = _number(trade)
    if state == "CLOSED":
        return Unpaid("WeChat Pay has closed the order, and no money moved")
    if state == "PAYERROR":
        return Unpaid("the payer did not pay: WeChat Pay says that it failed")
    if state == "REVOKED" and not number:
        return Unpaid("WeChat Pay has revoked the order, and no money moved")
    if state not in ("SUCCESS", "REFUND", "REVOKED"):
        return Pending(said=plain(state, 40))
    if not number:
        raise reply.odd("that it is paid, without a number")
    return Paid(_amount(reply, "total"), number, given_back=state != "SUCCESS")


def _number(trade: dict[str, Any]) -> str:
    """WeChat Pay's own: `id` overseas (api_external 3_1_2), `transaction_id` in the mainland. Empty where unpaid."""
    number = trade.get("id") or trade.get("transaction_id")
    return plain(number, 64) if isinstance(number, str) else ""


def charge_of(reply: Reply, wire: str) -> Paid | Pending:
    """What came of a scanned payment code. Raises Refused where the code, or its payer's purse, is no good."""
    code = code_in(reply)
    if reply.status != 200:
        if code in CONFIRMING:
            return Pending(said=code)
        if code in PAID_ALREADY:
            raise reply.odd("that it is paid already")
        raise Refused(f"WeChat Pay does not take this code ({code}).") if code in NO_GOOD else refusal(reply)
    found = trade_of(reply, wire)
    if isinstance(found, Unpaid):
        raise Refused(f"WeChat Pay did not take the money: {found.proof}.")
    return found


def revoked(reply: Reply, wire: str) -> Refunded | None:
    """Whether a revoke has given the money of this order back; None where it has not, or nobody can say."""
    if reply.status != 200:
        return None
    trade = reply.record()
    if trade.get("out_trade_no") != wire or trade.get("trade_state") != "REVOKED" or not _number(trade):
        return None
    return Refunded(_number(trade))


def _amount(reply: Reply, key: str) -> Money:
    amount = reply.record().get("amount")
    told = amount.get(key) if isinstance(amount, dict) else None
    currency = amount.get("currency") if isinstance(amount, dict) else None
    if not isinstance(told, int) or isinstance(told, bool) or not isinstance(currency, str):
        raise reply.odd("without an amount")
    try:
        exponent(currency)
    except BadMoney:
        raise reply.odd("with an unknown currency") from None
    return Money(told, currency)


def closed(reply: Reply) -> None:
    """Nothing where it was closed, or was settled meanwhile: the order itself is looked at next. Raises NoAnswer."""
    if reply.status in (200, 204) or code_in(reply) in SETTLED_MEANWHILE or is_unknown(reply):
        return
    raise refusal(reply)


def refund_of(reply: Reply, refund: str, amount: Money) -> Refunded | Pending:
    """What a refund's record says. Raises Refused where it failed for good."""
    if reply.status != 200:
        error = refusal(reply)
        raise reply.odd("that it cannot say") if isinstance(error, Refused) else error
    record = reply.record()
    if record.get("out_refund_no") != refund or _amount(reply, "refund") != amount:
        raise reply.odd("about another refund")
    status = record.get("status")
    if status == "SUCCESS":
        return Refunded(plain(record.get("id") or record.get("refund_id") or "", 64))
    if status in REFUND_FAILED:
        raise Refused(f"WeChat Pay could not give the money back ({plain(status, 40)}): look in its merchant portal.")
    return Pending(said=plain(status, 40))
