"""Days whose figures are known by hand: what was sold, given back and delivered when. For tests only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.config import Config, check
from kiosk.facts import Event, Fact
from kiosk.ledger import Ledger
from kiosk.money import Money
from kiosk.order import Order
from kiosk.plans import Line, LineKind, Plan
from tests.orders import a_fact, an_order, reference, usd

NEW_YORK = ZoneInfo("America/New_York")
NAMES = {"en": "Welcome discount", "zh": "新客优惠"}
DOUBT = "the top-up may have been sent, and airalo does not list it after 30 min"
IN_YUAN = Plan("cn-plan", "5 GB for 7 days", 5120, 7, Money(25000, "CNY"))


def config() -> Config:
    promotion = {"name": NAMES, "amount": "2.00", "first_day": "2026-01-01", "last_day": "2026-12-31"}
    raw: dict[str, Any] = {
        "kiosk": {"id": "K07", "name": "TOP-UP", "help_line": "1", "refund_policy": {"en": "Refunded."}},
        "ledger": {"mode": "live", "state_dir": "/nowhere", "pepper": {"file": "/nowhere/pepper"}},
        "providers": {"airalo": {}},
        "tenders": {"cash": {}},
        "promotions": [promotion],
    }
    return check(raw, "the test")


def at(text: str) -> datetime:
    """A moment of the shop's own clock, `2026-11-28 09:05`."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


def paid(ledger: Ledger, number: int, when: datetime, **changes: Any) -> Order:
    """An order of 17.50 USD, opened a minute before: 18.00, a discount of 2.00, a tax of 1.50; it costs us 10.00."""
    opened_at = when - timedelta(minutes=1)
    times = {"opened_at": opened_at, "since_at": opened_at, "expires_at": when + timedelta(minutes=5)}
    order = an_order(**({"reference": reference(number), **times} | changes))
    ledger.open_order(order, "customer", due_at=opened_at)
    return ledger.record(order, a_fact(Event.PAID, amount=order.total), at=when)


def delivered(ledger: Ledger, order: Order, seconds: float, billed: Money | None = None) -> Order:
    assert order.paid_at
    done = (Fact(event=Event.DELIVERED, by="airalo", wholesale=billed), Fact(event=Event.CAPTURED, by="queue"))
    return ledger.record(order, *done, at=order.paid_at + timedelta(seconds=seconds))


def plant(ledger: Ledger) -> None:
    """Friday 27 and Saturday 28 November 2026, as the tests' figures say."""
    ledger.database.execute("PRAGMA synchronous = OFF")
    yuan = {"plan": IN_YUAN, "lines": (Line(LineKind.PLAN, "5 GB", usd(4000)),), "total": usd(4000), "tender": "cash"}
    friday = delivered(ledger, paid(ledger, 6, at("2026-11-27 10:00")), 3)
    delivered(ledger, paid(ledger, 1, at("2026-11-28 09:05"), tender="cash"), 4)
    delivered(ledger, paid(ledger, 2, at("2026-11-28 09:30"), **in_chinese()), 10)
    rejected = paid(ledger, 4, at("2026-11-28 12:00"))
    rejected = ledger.record(rejected, a_fact(Event.REJECTED, reason="card 123 is gone"), at=at("2026-11-28 12:00:05"))
    ledger.record(rejected, a_fact(Event.REFUNDED), at=at("2026-11-28 12:01"))
    paid(ledger, 5, at("2026-11-28 12:10"))
    review = paid(ledger, 7, at("2026-11-28 13:00"))
    ledger.record(review, a_fact(Event.ESCALATED, reason=DOUBT), at=at("2026-11-28 13:40"))
    delivered(ledger, paid(ledger, 8, at("2026-11-28 13:30")), 7200, billed=usd(1200))
    friday = ledger.record(friday, a_fact(Event.REFUND_ORDERED, reason="she asked"), at=at("2026-11-28 15:00"))
    ledger.record(friday, a_fact(Event.REFUNDED), at=at("2026-11-28 15:01"))
    delivered(ledger, paid(ledger, 3, at("2026-11-28 23:59:50"), **yuan), 20)
    paid(ledger, 9, at("2026-11-29 00:00"))


def in_chinese() -> dict[str, Any]:
    plan, discount, tax = an_order().lines
    named = Line(LineKind.DISCOUNT, NAMES["zh"], discount.amount)
    return {"language": "zh", "lines": (plan, named, tax)}
