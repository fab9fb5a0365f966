"""What Airalo's answers mean: plans, what is left, records of orders, errors. Pure; sends nothing.

It must never take a record for ours that is not exactly ours. Shapes and codes: docs/providers.md.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any

from kiosk.errors import BadMoney, Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.money import Money, exponent
from kiosk.plans import Plan
from kiosk.remote import Reply, plain

WHOLESALE = "USD"  # what Airalo bills in: `currency` of every documented order
LATER = {11: "our credit at Airalo does not cover it", 13: "the operator is under maintenance"}
TOO_OFTEN_S = 10.0  # where the documented Retry-After is missing
NEVER = {
    14: "the card number's check digit is wrong",
    23: "top-ups are switched off for this SIM",
    33: "this plan is out of stock",
    34: "this plan is not on sale",
    43: "the request was not understood",
    73: "this SIM was recycled",
}


def wholesale_of(record: dict[str, Any]) -> Money | None:
    """What it costs us: `net_price`, the net price in USD of `prices`, else `price` (a discount is not taken off)."""
    prices = record.get("prices")
    nets = prices.get("net_price") if isinstance(prices, dict) else None
    for told in (record.get("net_price"), nets.get(WHOLESALE) if isinstance(nets, dict) else None, record.get("price")):
        if cost := _cost(told):
            return cost
    return None


def cost_of(record: dict[str, Any]) -> Money | None:
    """What an order cost us, where its record says so: the list gives only `price`, which is the retail price."""
    return _cost(record.get("net_price"))


def _cost(told: object) -> Money | None:
    try:
        amount = Decimal(str(told).strip())
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 < amount < 1_000_000:
        return None
    return Money(int((amount * 100).to_integral_value(ROUND_CEILING)), WHOLESALE)


def balance_of(reply: Reply) -> Money:
    """What is left of our credit, rounded down. Raises NoAnswer."""
    if reply.status != 200:
        raise refusal(reply)
    data = reply.record().get("data")
    balances = data.get("balances") if isinstance(data, dict) else None
    left = balances.get("availableBalance") if isinstance(balances, dict) else None
    told = left if isinstance(left, dict) else {}
    try:
        amount, currency = Decimal(str(told.get("amount")).strip()), str(told.get("currency"))
        decimals = exponent(currency)
    except (InvalidOperation, BadMoney):
        raise reply.odd("without our balance") from None
    if not amount.is_finite() or abs(amount) >= 10**12:
        raise reply.odd("with a balance that cannot be")
    return Money(int(amount.scaleb(decimals).to_integral_value(ROUND_FLOOR)), currency)


def credit_number_of(reply: Reply) -> str:
    """Airalo's number of our request. What cannot be read was taken on all the same: 202 says so."""
    try:
        data = reply.record().get("data")
    except Unreachable:
        data = None
    return plain(data.get("refund_id") or "?", 40) if isinstance(data, dict) else "?"


def no_credit(reply: Reply) -> NoAnswer:
    """An answer other than 202 to a request for credit: 422 is a no, whether it names fields or only says why."""
    error = refusal(reply)
    if reply.status != 422 or isinstance(error, Refused | NotNow):
        return error
    try:
        meta = reply.record().get("meta")
    except Unreachable as odd:
        return odd
    said = meta.get("message") if isinstance(meta, dict) else None
    return Refused(f"Airalo refuses: {plain(said)}.") if said else error


def whole(told: object) -> int | None:
    """A number that may come as 1024, 1024.0 or "1024"; None for anything else."""
    try:
        number = Decimal(str(told).strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or not 0 <= number < 10**9:  # int() of 1e999999999 would fill the memory
        return None
    return int(number) if number == int(number) else None


def plan_of(record: object) -> Plan | None:
    """One plan on offer; None where its id, price, size or days cannot be read: then it is not sold."""
    if not isinstance(record, dict) or record.get("type", "topup") != "topup":
        return None
    name, cost = record.get("id"), wholesale_of(record)
    data_mb, days = whole(record.get("amount")), whole(record.get("day"))
    if not isinstance(name, str) or not name or plain(name) != name or cost is None or not days:
        return None
    unlimited = record.get("is_unlimited") is True
    if not unlimited and not data_mb:
        return None
    return Plan(name, plain(record.get("title") or name, 60), None if unlimited else data_mb, days, cost)


def plans_of(reply: Reply) -> tuple[Plan, ...]:
    """The plans of a top-up list; empty where the SIM takes none. Raises Unreachable where none can be read."""
    offered = reply.record().get("data")
    if not isinstance(offered, list):
        raise reply.odd("without a list of plans")
    plans = tuple(plan for plan in map(plan_of, offered) if plan)
    if offered and not plans:
        raise reply.odd("with plans that cannot be read")
    return plans


def left_of(reply: Reply) -> tuple[bool, int | None, datetime | None]:
    """Of a usage answer: whether the SIM was ever active, MB left (None: unlimited or unknown), and until when."""
    data = reply.record().get("data")
    if reply.status != 200 or not isinstance(data, dict):
        raise reply.odd("without the usage")
    left_mb = None if data.get("is_unlimited") is True else whole(data.get("remaining"))
    try:
        until = datetime.fromisoformat(str(data.get("expired_at")))
    except ValueError:
        return data.get("status") != "NOT_ACTIVE", left_mb, None
    return data.get("status") != "NOT_ACTIVE", left_mb, until.replace(tzinfo=until.tzinfo or UTC)


def refusal(reply: Reply) -> NoAnswer:
    """What an answer other than 200 to a top-up, or to a list of plans, means. In doubt unless documented as a no."""
    if reply.status == 429:
        return NotNow("Airalo is asked too often for now.", retry_after_s=reply.retry_after_s or TOO_OFTEN_S)
    if reply.status == 401:
        return Misconfigured("Airalo refuses our access token, a fresh one too: check client_id and client_secret.")
    if reply.status == 403:
        return Misconfigured("Airalo refuses this kiosk: its IP address may be missing in Airalo's allow list.")
    if reply.status == 404:
        return _unknown(reply)
    if reply.status != 422:
        return reply.odd("with an error that proves nothing")
    return _unprocessable(reply)


def _unknown(reply: Reply) -> NoAnswer:
    """HTTP 404 in Airalo's own words; the page of a wrong address or a gateway says nothing about the SIM."""
    try:
        known = "data" in reply.record()
    except Unreachable:
        known = False
    if not known:
        return reply.odd("that there is no such page: check base_url")
    return Refused("Airalo does not know this SIM: only cards sold by this shop can be topped up.", code="unknown_sim")


def _unprocessable(reply: Reply) -> NoAnswer:
    """HTTP 422: either `{code, reason}` or `{data: {field: message}}` (a validation error)."""
    try:
        told = reply.record()
    except Unreachable as error:
        return error
    code, fields = whole(told.get("code")), told.get("data")
    if code in LATER:
        return NotNow(f"Airalo cannot do it for now: {LATER[code]} (code {code}).")
    if code in NEVER:
        return Refused(f"Airalo refuses: {NEVER[code]} (code {code}).", code="recycled_sim" if code == 73 else "")
    if code is None and "code" not in told and isinstance(fields, dict) and fields:
        return Refused(f"Airalo refuses: {plain('; '.join(f'{key}: {value}' for key, value in fields.items()))}.")
    return reply.odd("with an error that proves nothing")


def packages_of(reply: Reply, plan_id: str) -> int:
    """How many packages of this plan the SIM shows. Raises NoAnswer."""
    if reply.status != 200:
        raise refusal(reply)
    data = reply.record().get("data")
    if not isinstance(data, list):
        raise reply.odd("without its list of packages")
    named = [entry.get("package") for entry in data if isinstance(entry, dict)]
    return sum(isinstance(package, dict) and package.get("id") == plan_id for package in named)
