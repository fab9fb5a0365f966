"""What a clerk types into the one field, and which orders that may mean.

A reference, a card number or its end, a phone number, an e-mail address, a payment's number, a day, an amount: read in
every way that it can be, and what money is (a bank card, a wallet's code) not at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from kiosk.errors import BadMoney, BadReference, UnknownOrder
from kiosk.identifiers import parse_reference
from kiosk.ledger import search
from kiosk.money import Money
from kiosk.phones import read_mobile, read_number
from kiosk.scanned import ScanKind, read_scan

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.order import Order

NUMBER_MIN = 6
"""Characters of a payment's or a top-up's number."""
NOT_HERE = "This is a bank card or a payment code. It is money, and is not looked for here; nothing of it is kept."
WAYS = "Reference, card number or its last six digits, phone, e-mail, payment number, 2026-11-28, today, 24.50"


@dataclass(frozen=True, slots=True)
class Found:
    """The orders, the newest first; `read_as` says how the text was read, or why it was not."""

    orders: tuple[Order, ...]
    read_as: str


def find(house: House, typed: str) -> Found:
    """Every order that this may mean. Raises LedgerError."""
    text = typed.strip()
    if read_scan(text, house.config.sims).kind in (ScanKind.BANK_CARD, ScanKind.PAYMENT_CODE):
        return Found((), NOT_HERE)
    orders: dict[str, Order] = {}
    ways = []
    for way, look in _readings(house, text):
        ways.append(way)
        orders |= {order.reference: order for order in look()}
    newest = tuple(sorted(orders.values(), key=lambda order: order.opened_at, reverse=True)[: search.MOST])
    return Found(newest, "read as " + " or ".join(ways) if ways else f"That is none of: {WAYS}.")


def _readings(house: House, text: str) -> Iterator[tuple[str, Callable[[], list[Order]]]]:
    ledger, digits = house.ledger, re.sub(r"[\s-]", "", text)
    try:
        reference = parse_reference(text)
        yield "a reference", lambda: _one(house, reference)
    except BadReference:
        pass
    if read_number(text, house.config.sims).whole:
        number = read_number(text, house.config.sims).digits
        sims = [number, "+1" + number]
        yield "a SIM's number", lambda: [order for sim in sims for order in ledger.orders(sim=sim)]
    elif re.fullmatch("[0-9]{6}", digits):
        yield "the end of a card number", lambda: ledger.orders(sim=digits)
    if "@" in text:
        yield "an e-mail address", lambda: search.by_address(ledger, text)
    elif mobile := read_mobile(text):
        yield "a phone number", lambda: search.by_address(ledger, mobile) + ledger.orders(sim=mobile)
    if day := day_of(text, house.clock.now().astimezone(house.config.zone).date()):
        since, until = (_midnight(house, each) for each in (day, day + timedelta(days=1)))
        yield f"the day {day}", lambda: search.opened_between(ledger, since, until)
    elif amount := _amount_of(text, house.config.currency):
        yield f"the amount {amount}", lambda: search.by_amount(ledger, amount.amount_minor)
    if re.fullmatch(rf"[\w.:-]{{{NUMBER_MIN},64}}", text) and any(map(str.isdigit, text)):
        yield "a payment's number", lambda: search.by_number(ledger, text)


def _one(house: House, reference: str) -> list[Order]:
    try:
        return [house.ledger.order(parse_reference(reference))]
    except UnknownOrder:
        return []


def day_of(text: str, today: date) -> date | None:
    """`2026-11-28`, `today`, `yesterday`."""
    named = {"today": today, "yesterday": today - timedelta(days=1)}
    if text.lower() in named:
        return named[text.lower()]
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def _midnight(house: House, day: date) -> datetime:
    return datetime.combine(day, time(), house.config.zone).astimezone(UTC)


def _amount_of(text: str, currency: str) -> Money | None:
    """`24.50` or `$24.50`; a whole number only with its sign, or of few digits."""
    plain = text.lstrip("$¥€ ")
    if not re.fullmatch(r"[0-9]{1,5}([.,][0-9]{1,3})?", plain):
        return None
    try:
        return Money.parse(plain.replace(",", "."), currency)
    except BadMoney:
        return None
