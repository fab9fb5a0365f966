"""Orders by what a customer has in hand: an address, a payment's number, a day, an amount. Each by an index."""

from __future__ import annotations

from datetime import datetime

from kiosk.identifiers import Reference
from kiosk.ledger.rows import stamp
from kiosk.ledger.store import Ledger
from kiosk.order import Order

MOST = 50
"""More than anybody reads through: whoever gets so many says more."""


def by_address(ledger: Ledger, address: str) -> list[Order]:
    """Whose messages go there, the newest first; capitals or not."""
    return _orders(
        ledger,
        "JOIN contacts ON contacts.order_id = orders.reference WHERE contacts.address = ? COLLATE NOCASE",
        address,
    )


def by_number(ledger: Ledger, number: str) -> list[Order]:
    """Whose payment or top-up has this number in the other side's books."""
    return _orders(ledger, "WHERE payment_number = ? AND payment_number <> ''", number) + _orders(
        ledger, "WHERE delivery_number = ? AND delivery_number <> ''", number
    )


def by_amount(ledger: Ledger, amount_minor: int) -> list[Order]:
    """Which came to this amount, in whatever currency; the newest first."""
    return _orders(ledger, "WHERE total_minor = ?", amount_minor)


def opened_between(ledger: Ledger, since: datetime, until: datetime) -> list[Order]:
    """Opened within that time, the newest first."""
    return _orders(ledger, "WHERE orders.opened_at >= ? AND orders.opened_at < ?", stamp(since), stamp(until))


def _orders(ledger: Ledger, which: str, *values: str | int) -> list[Order]:
    rows = ledger.database.rows(
        f"SELECT orders.reference FROM orders {which} ORDER BY orders.opened_at DESC LIMIT {MOST}", values
    )
    return [ledger.order(Reference(row["reference"])) for row in rows]
