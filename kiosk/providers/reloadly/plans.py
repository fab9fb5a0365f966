"""What can be sold of one of Reloadly's operators, and what it costs us. Pure; sends nothing.

A data plan is sold only where its description says how much data it is and for how long; credit only where it is
certain how much arrives. A PIN is never sold: it would still have to be redeemed. Shapes: docs/providers.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from typing import Any

from kiosk.errors import BadMoney, Refused
from kiosk.money import Money, exponent
from kiosk.plans import Plan
from kiosk.remote import plain

SIZE = re.compile(r"(?<![\d.,])(\d{1,4}(?:\.\d{1,2})?)\s?(MB|GB|TB)\b", re.IGNORECASE)
ENDLESS = re.compile(r"\bunlimited\s+(?:(?:high[ -]speed|4g|5g|lte|mobile)\s+)*(?:data|internet)\b", re.IGNORECASE)
LASTING = re.compile(r"(?<![\d.,])(\d{1,3})[ -]?(hour|hr|day|week|month)s?\b", re.IGNORECASE)
MEGABYTES = {"MB": 1, "GB": 1024, "TB": 1024 * 1024}
HOURS = {"hour": 1, "hr": 1, "day": 24, "week": 7 * 24, "month": 30 * 24}
PLAN_ID = re.compile(r"(\d{1,9})-(L?)(\d{1,9}\.\d{2,5})")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan's id stands for: so much of an operator; `local` in the number's currency, else in the account's."""

    operator_id: int
    amount: Decimal
    local: bool

    @property
    def plan_id(self) -> str:
        decimals = max(2, -int(self.amount.normalize().as_tuple().exponent))
        return f"{self.operator_id}-{'L' if self.local else ''}{self.amount:.{decimals}f}"


def asked(plan_id: str) -> Asked:
    """Raises Refused where this is no plan of Reloadly's."""
    found = PLAN_ID.fullmatch(plan_id)
    if found is None:
        raise Refused("This plan is not one of Reloadly's: nothing was sent.")
    return Asked(int(found[1]), Decimal(found[3]), bool(found[2]))


def number(told: object) -> Decimal | None:
    """A finite number of sensible size; None for anything else. `null` is none."""
    try:
        found = Decimal(str(told).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < 10**9 else None


def money(amount: Decimal | None, currency: object, rounding: str = ROUND_CEILING) -> Money | None:
    """Rounded to the smallest unit. None where that is no currency."""
    if amount is None:
        return None
    try:
        minor = amount.scaleb(exponent(str(currency))).to_integral_value(rounding)
    except BadMoney:
        return None
    return Money(int(minor), str(currency))


def operator_id(record: Mapping[str, Any]) -> int:
    """An operator's number; 0 where it has none that can be read."""
    found = record.get("operatorId", record.get("id"))
    return found if type(found) is int and found > 0 else 0


def plans_of(record: Mapping[str, Any], steps: Sequence[Decimal]) -> tuple[Plan, ...]:
    """The plans of one operator; `steps` are the amounts to offer where it takes any amount within bounds."""
    if not operator_id(record) or record.get("pin") is True:
        return ()
    is_data = any(record.get(flag) is True for flag in ("data", "bundle", "comboProduct"))
    found = _data_plans(record) if is_data else _credit_plans(record, steps)
    return tuple(plan for plan in found if plan and plan.wholesale.amount_minor > 0)


def _data_plans(record: Mapping[str, Any]) -> Iterator[Plan | None]:
    """Those whose description says how much, and for how long."""
    described = record.get("fixedAmountsDescriptions")
    words = described if isinstance(described, dict) else {}
    for amount in _numbers(record.get("fixedAmounts")):
        text = next((plain(told, 200) for key, told in words.items() if number(key) == amount), "")
        content = read(text)
        if content:
            yield _plan(record, Asked(operator_id(record), amount, False), plain(text, 60), *content)


def read(description: str) -> tuple[int | None, int] | None:
    """Megabytes (None: unlimited) and days of a description; None where it does not say both, or says two of one.

    Where unlimited data and a size are both named, the size is what is promised.
    """
    sizes = {int(Decimal(size) * MEGABYTES[unit.upper()]) for size, unit in SIZE.findall(description)}
    hours = {int(count) * HOURS[unit.lower()] for count, unit in LASTING.findall(description)}
    if len(hours) != 1 or len(sizes) > 1 or not (sizes or ENDLESS.search(description)):
        return None
    (lasting,) = hours
    size = sizes.pop() if sizes else None
    return None if lasting < 24 or lasting % 24 or size == 0 else (size, lasting // 24)


def _credit_plans(record: Mapping[str, Any], steps: Sequence[Decimal]) -> Iterator[Plan | None]:
    """Those of which it is certain what arrives: in one currency, or in the number's own as Reloadly lists it."""
    ours, theirs = record.get("senderCurrencyCode"), record.get("destinationCurrencyCode")
    id, same, ranges = operator_id(record), ours == theirs, record.get("denominationType") == "RANGE"
    fixed, local = _numbers(record.get("fixedAmounts")), _numbers(record.get("localFixedAmounts"))
    if ranges and same:
        arrives = [(Asked(id, step, False), step) for step in _within(steps, record, "minAmount", "maxAmount")]
    elif ranges and record.get("supportsLocalAmounts") is True:
        arrives = [(Asked(id, step, True), step) for step in _within(steps, record, "localMinAmount", "localMaxAmount")]
    elif not ranges and (same or len(local) == len(fixed)):
        arrives = [
            (Asked(id, amount, False), what) for amount, what in zip(fixed, fixed if same else local, strict=True)
        ]
    else:
        arrives = []
    for wanted, what in arrives:
        credit = money(what, theirs)
        if credit:
            yield _plan(record, wanted, str(credit), 0, 0)


def _within(steps: Iterable[Decimal], record: Mapping[str, Any], least: str, most: str) -> list[Decimal]:
    low, high = number(record.get(least)), number(record.get(most))
    return [] if low is None or high is None else [step for step in steps if low <= step <= high]


def _numbers(told: object) -> list[Decimal]:
    found = [number(one) for one in told] if isinstance(told, list) else []
    return [one for one in found if one is not None and one > 0]


def _plan(record: Mapping[str, Any], wanted: Asked, title: str, data_mb: int | None, days: int) -> Plan | None:
    cost = cost_of(record, wanted)
    return None if cost is None else Plan(wanted.plan_id, title, data_mb, days, cost)


def cost_of(record: Mapping[str, Any], wanted: Asked) -> Money | None:
    """What our account is debited, rounded up: the amount less the discount, and the fees, in the account's currency.

    An amount in the number's currency is divided by the rate. Where there is a fee in percent, no discount is given:
    measured, not documented. None where something of it cannot be read.
    """
    kind = ("localDiscount", "local", "localPercentage")
    if not wanted.local:
        kind = ("internationalDiscount", "international", "internationalPercentage")
    fx, fees = record.get("fx"), record.get("fees")
    rate = number(fx.get("rate")) if wanted.local and isinstance(fx, dict) else Decimal(1)
    charged = fees if isinstance(fees, dict) else {}
    discount, flat, percent = (
        Decimal(0) if told is None else number(told)
        for told in (record.get(kind[0]), charged.get(kind[1]), charged.get(kind[2]))
    )
    if discount is None or flat is None or percent is None or not rate or rate < 0 or not 0 <= discount < 100:
        return None
    share = 1 + percent / 100 if percent else 1 - discount / 100
    return money((wanted.amount * share + flat) / rate, record.get("senderCurrencyCode"))
