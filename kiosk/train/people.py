"""Situations without an order: somebody calls, and what a clerk must see to."""

from __future__ import annotations

import os

from kiosk.floats import KIND
from kiosk.ledger.desk import open_finding, open_findings
from kiosk.ledger.seats import call_staff, leave_seat, seats, take_seat
from kiosk.train.cases import Case, Situation, only_noted
from kiosk.train.shop import Shop
from kiosk.train.tills import sold_for_cash

SEAT = "2"


def calls(shop: Shop) -> Case:
    """Somebody stands at another kiosk, and has pressed for staff."""
    ledger, now = shop.house.ledger, shop.house.clock.now()
    take_seat(ledger, SEAT, os.getpid(), at=now)
    call_staff(ledger, SEAT, at=now)
    return Case(shop)


def goes_home(shop: Shop) -> None:
    """Nobody stands at the other kiosk any more."""
    leave_seat(shop.house.ledger, SEAT, os.getpid())


def answered(case: Case) -> str:
    house = case.shop.house
    called = next((seat.called for seat in seats(house.ledger, house.clock.now()) if seat.name == SEAT), None)
    return "" if called and called.coming else "The customer does not know yet that somebody comes."


def credit_is_low(shop: Shop) -> Case:
    """Of the shop's credit with the provider not much is left."""
    reason = "airalo: 48.00 USD are left of our credit, and it should not fall below 50.00 USD. Pay in."
    now, by = shop.house.clock.now(), shop.house.review_by()
    return Case(shop, finding=open_finding(shop.house.ledger, KIND, reason, at=now, deadline_at=by))


def seen_to(case: Case) -> str:
    still = any(finding.name == case.finding for finding in open_findings(case.shop.house.ledger))
    return f"{case.finding} is open still." if still else ""


def comes_tomorrow(shop: Shop) -> Case:
    return Case(shop, sold_for_cash(shop, prints=True))


SITUATIONS = (
    Situation("call", "Can somebody come to the other kiosk?", calls, answered),
    Situation("credit-low", "The owner has paid in credit; who ticks it off?", credit_is_low, seen_to),
    Situation("next-clerk", "I come back tomorrow; tell your colleague", comes_tomorrow, only_noted),
)
