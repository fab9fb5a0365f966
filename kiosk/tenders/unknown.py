"""What it means that a rail does not know our payment: unpaid by proof only, and until then nothing. Pure.

A code that was shown may still be scanned, and a call that was lost may still arrive, until the order's time is over by
the rail's clock and by ours: the slower of the two decides, so that a clock that is wrong proves nothing early.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.facts import PROVES_NOTHING_HAPPENED, Call
from kiosk.order import Order
from kiosk.ports import Pending, Unpaid

MARGIN = timedelta(minutes=2)


def unknown(order: Order, now: datetime, told: datetime | None, rail: str, so_far: str = "") -> Unpaid | Pending:
    """`told` is the rail's own time, if it told one; `so_far` what it means that it does not know the order yet."""
    if not _may_exist(order):
        return Unpaid(f"nothing payable was ever shown, and {rail} does not know the order")
    said = f"{rail} does not know the order{so_far}"
    if told is None:
        return Pending(said=f"{said}; nor does it tell its time")
    left = order.expires_at + MARGIN - min(now, told)
    if left < timedelta(0):
        return Unpaid(f"{said}, and its time is over by {rail}'s own clock")
    return Pending(ask_at=now + left + timedelta(seconds=1) if now >= order.expires_at else None, said=said)


def _may_exist(order: Order) -> bool:
    """Whether any call that lets the customer pay may have reached the rail."""
    calls = (*order.of(Call.START), *order.of(Call.CHARGE))
    return any(attempt.outcome not in PROVES_NOTHING_HAPPENED for attempt in calls)
