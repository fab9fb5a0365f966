"""What a top-up cost us, by its provider's own record, beside what we knew when it was sold. Pure.

The difference is ours: it goes on record, a loss before a clerk, and never on the customer's bill.
"""

from __future__ import annotations

from kiosk.identifiers import grouped_reference
from kiosk.money import Money
from kiosk.order import Order

KIND = "cost"


def another_cost(order: Order, told: Money | None) -> Money | None:
    """What the provider has billed, where that is not what we knew; None where it is, or nobody said."""
    return told if told != order.plan.wholesale else None


def loss(order: Order, told: Money | None) -> str:
    """What a clerk reads of a top-up that cost more than we knew, or was billed in another currency; else empty."""
    known = order.plan.wholesale
    if told is None or (told.currency == known.currency and told <= known):
        return ""
    name = grouped_reference(order.reference)
    reason = f"{name}: {order.provider} billed {told} for {order.plan.name}, and it was sold as costing {known}"
    return f"{reason}; look at the plan's price. The customer was charged {order.total}, and nothing more"
