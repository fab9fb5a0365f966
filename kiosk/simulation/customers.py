"""The customers of a simulated month: they come, buy, pay, and at times leave, change their mind, or pay too late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random

from kiosk.errors import Illegal, Stale
from kiosk.identifiers import Reference
from kiosk.money import Money
from kiosk.order import Order, State
from kiosk.plans import Line, LineKind, Plan, Sim
from kiosk.sale import cancel, open_sale
from kiosk.simulation.agenda import Agenda
from kiosk.simulation.people import People
from kiosk.simulation.premises import KIOSK, Premises
from kiosk.simulation.staff import Staff
from kiosk.simulation.told import Cart

TAX, FEE = Decimal("7"), Money(50, "USD")
TRIES = 4
LEAVES, WALKS_AWAY, REGRETS, RETURNS = 0.03, 0.008, 0.008, 0.02
"""How many leave this way to pay, are just gone, leave after paying, and want their money back later."""


class Customers:
    """What they do is drawn by seed, and stands in the agenda."""

    def __init__(self, dice: Random, agenda: Agenda, premises: Premises, staff: Staff) -> None:
        self.dice, self.agenda, self.premises, self.staff = dice, agenda, premises, staff
        self.outside, self.told = premises.outside, premises.outside.told
        self.people = People(dice, lambda: premises.clock.now(), self.outside.books, _nobody_listens, premises.scan)
        self.names: list[Reference] = []

    def come(self) -> None:
        """Somebody comes, and buys."""
        tender = self.outside.a_tender()
        provider, plan = self.outside.an_offer()
        lines = _lines(plan, self.dice)
        order = open_sale(
            self.premises.counter,
            Sim(provider.card, provider.name, (plan,)),
            plan,
            lines,
            self.outside.remotes.tenders[tender],
            kiosk=KIOSK,
            language=self.dice.choice(["en", "zh", "es"]),
            by="customer",
            at=self.premises.clock.now(),
            choose=self.dice.choice,
        )
        self.names.append(order.reference)
        self.told.carts[order.reference] = Cart(tender, plan.title, lines, order.total, order.captures_later)
        self._goes_on(order)

    def _goes_on(self, order: Order) -> None:
        name, dice = order.reference, self.dice.random()
        if dice < WALKS_AWAY:
            return
        if dice < WALKS_AWAY + LEAVES:
            self._in(5, 40, self._leave, name)
            self._in(20, 240, self._pay, name, 1)
        else:
            self._in(3, 12, self._pay, name, TRIES)
            if dice > 1 - REGRETS:
                self._in(8, 60, self._leave, name)
        if self.dice.random() < RETURNS:
            self._in(600, 2 * 86_400, self.staff.refund, name)

    def _in(self, least: float, most: float, act: Callable[..., None], *what: object) -> None:
        at = self.premises.true.at + timedelta(seconds=self.dice.uniform(least, most))
        self.agenda.put(at, lambda: act(*what))

    def _leave(self, name: Reference) -> None:
        counter = self.premises.counter
        order = counter.order(name)
        if order.state is State.AUTHORIZING:
            cancel(counter, order, by="customer", at=self.premises.clock.now())

    def _pay(self, name: Reference, tries: int) -> None:
        """And once more where it did not work; then they leave."""
        order = self.premises.counter.order(name)
        if order.tender == "cash":
            self.staff.take_cash(name)
            return
        if order.state not in (State.AUTHORIZING, State.CANCELLING, State.ABANDONED):
            return
        try:
            self.people.pay(self.premises.counter, order)
        except (Illegal, Stale):
            return  # somebody was faster
        if tries > 1:
            self._in(5, 9, self._pay, name, tries - 1)
        elif order.state is State.AUTHORIZING:
            self._in(10, 60, self._leave, name)


def _lines(plan: Plan, dice: Random) -> tuple[Line, ...]:
    """As a shop would have them: at times with something off, or with something on top."""
    retail = plan.wholesale.percent(Decimal(130))
    price = Money(-(-retail.amount_minor // 50) * 50, "USD")
    lines, base = [Line(LineKind.PLAN, plan.title, price)], price
    offer = dice.random()
    if offer < 0.2:
        off = -price.percent(Decimal(10))
        lines.append(Line(LineKind.DISCOUNT, "Season's 10%", off))
        base += off
    elif offer < 0.25:
        lines.append(Line(LineKind.BONUS, "Included: 1 GB more", Money(0, "USD")))
    return (*lines, Line(LineKind.TAX, "Sales tax", base.percent(TAX)), Line(LineKind.FEE, "Service fee", FEE))


def _nobody_listens(order: Order, what: str) -> None:
    """A month keeps no story."""
