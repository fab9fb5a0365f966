"""Situations at the end of a shift."""

from __future__ import annotations

from kiosk.closing import open_till, till_now
from kiosk.ledger.shifts import closing_of, current, last_closed
from kiosk.money import Money
from kiosk.train.cases import Case, Situation
from kiosk.train.shop import COLLEAGUE, Shop
from kiosk.train.tills import sold_for_cash

CHANGE_MONEY, GONE = 10000, 500
"""Of the smallest unit: what the colleague began with, and what has gone from the till since, nobody knows why."""


def begin_shift(shop: Shop) -> None:
    """The colleague has counted the change money, unless a shift is open already."""
    house = shop.house
    if current(house.ledger) is None:
        open_till(house, Money(CHANGE_MONEY, house.config.currency), COLLEAGUE)


def five_are_missing(shop: Shop) -> Case:
    """A day's till, from which five dollars are gone."""
    begin_shift(shop)
    sold_for_cash(shop, prints=True)
    house = shop.house
    till = till_now(house)
    return Case(shop, counted=till.expected - Money(GONE, house.config.currency), after=till.after)


def closed(case: Case) -> str:
    """The shift is closed with what truly lies in the till, and somebody has said why it is short."""
    house = case.shop.house
    last = last_closed(house.ledger)
    if last is None or last.closed_seq is None or last.closed_seq <= case.after:
        return "The shift is open still."
    told, _ = closing_of(house.ledger, last)
    if told.counted != case.counted:
        return f"It is closed, and {told.counted} were counted; in the till lie {case.counted}."
    return ""


SITUATIONS = (Situation("closing", "My shift is over; I go home", five_are_missing, closed),)
