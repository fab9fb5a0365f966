"""Stripe's bill of one day, to be reconciled: what moved the account's balance, from its list of balance transactions.

The amounts are those of the charge or the refund itself: the balance may be kept in another currency. A hold that was
never taken moves no balance. Sources: docs.stripe.com/api/balance_transactions, /reports/balance-transaction-types.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from kiosk.abilities import BillEntry, Moved
from kiosk.errors import Unreachable
from kiosk.remote import plain
from kiosk.tenders.bills import UTC, check_ready
from kiosk.tenders.stripe import answers
from kiosk.tenders.stripe.wire import Thing, Wire

CAME_IN = ("charge", "payment")
WENT_BACK = ("refund", "payment_refund")
NEVER_ARRIVED = ("failed", "canceled")
"""A refund that came back to us: what it moved, another entry has moved back."""


def of_day(wire: Wire, day: date, now: datetime) -> tuple[BillEntry, ...]:
    """See abilities.HasBill. Raises NotNow until the day is over."""
    check_ready("Stripe", day, time(), UTC, now)
    since = datetime.combine(day, time(), UTC)
    until = since + timedelta(days=1)
    return tuple(entry for each in wire.moved(since, until) if (entry := _entry(wire, each)))


def _entry(wire: Wire, moved: Thing) -> BillEntry | None:
    """None for what is no payment and no refund: fees, payouts, disputes."""
    kind, source = moved.get("type"), moved.get("source")
    if kind not in (*CAME_IN, *WENT_BACK):
        return None
    if not isinstance(source, dict) or not isinstance(moved.get("created"), int):
        raise Unreachable("Stripe answered with an entry of its balance that is not whole.", sent=True)
    back = kind in WENT_BACK
    if back and source.get("status") in NEVER_ARRIVED:
        return None
    return BillEntry(
        Moved.BACK if back else Moved.IN,
        _reference(wire, source),
        plain(source.get("id") or "", 64),
        answers.money(source, "amount" if back else "amount_captured"),
        datetime.fromtimestamp(moved["created"], UTC),
    )


def _reference(wire: Wire, source: Thing) -> str:
    """Ours, from the metadata; a refund that was made by hand has none, and its intent is asked."""
    metadata = source.get("metadata")
    told = metadata if isinstance(metadata, dict) else {}
    if reference := told.get("refund") or told.get("order"):
        return plain(reference, 40)
    intent = source.get("payment_intent")
    return wire.order_of(plain(intent, 64)) if isinstance(intent, str) and intent else ""
