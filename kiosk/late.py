"""What an answer means that came after the order had moved on: it is noted, never dropped. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.answers import Conclusion
from kiosk.errors import NoAnswer
from kiosk.facts import Event, Fact
from kiosk.order import Order
from kiosk.ports import Delivered
from kiosk.questions import Yes
from kiosk.settlement import QUEUE
from kiosk.tables import Sales


def conclude_late(order: Order, earlier: Conclusion, answer: Yes | NoAnswer, now: datetime, sales: Sales) -> Conclusion:
    """What follows from an answer that came after the order had moved on to what it is now: it is noted.

    `earlier` is what it would have meant. Only a top-up that shows up behind a settled order's back goes to a clerk.
    """
    attempt = next((fact.attempt for fact in earlier.facts if fact.attempt), None)
    said = str(answer) if isinstance(answer, NoAnswer) else f"{type(answer).__name__} {getattr(answer, 'number', '')}"
    noted = Fact(event=Event.NOTED, by=QUEUE, attempt=attempt, remote=f"a late answer: {said.strip()}")
    if not isinstance(answer, Delivered) or not order.settled or order.delivered_at:
        return Conclusion((noted,))
    reason = f"the order is {order.state}, and {order.provider} says that the top-up was delivered ({answer.number})"
    deadline_at = now + timedelta(hours=sales.review_within_h)
    found = Fact(
        event=Event.FOUND_DELIVERED, by=order.provider, reason=reason, number=answer.number, deadline_at=deadline_at
    )
    return Conclusion((noted, found))
