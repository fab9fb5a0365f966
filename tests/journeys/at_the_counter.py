"""A shop in three terminals: a kiosk that works the queue, and two counters on the same ledger. For journeys only."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from kiosk.contacts import Channel, Contact
from kiosk.facts import Event, Fact
from kiosk.identifiers import SimNumber, new_reference
from kiosk.ledger.messages import leave_contact
from kiosk.money import Money
from kiosk.order import Order
from kiosk.plans import Line, LineKind, Plan
from tests.journeys.terminal import Terminal
from tests.journeys.visits import shop
from tests.world import PIN, SIM, World

PAYMENT_NUMBER = "4200001234567"
MAIL, MOBILE = "lee@example.com", "+13055550142"


@contextmanager
def counters(folder: Path) -> Iterator[tuple[World, Terminal, Terminal, Terminal]]:
    """The shop, the kiosk, mei's counter and bob's; both are signed in."""
    with shop(folder) as made:
        made.hire("bob", "clerk")
        made.set('[sales]\nrefund_second_person_above = "20.00"')
        with (
            Terminal(made, 80, 24) as terminal,
            Terminal(made, 100, 34, command="counter") as mei,
            Terminal(made, 80, 24, "--terminal", "second", command="counter") as bob,
        ):
            for name, counter in (("mei", mei), ("bob", bob)):
                sign_in(counter, name)
            yield made, terminal, mei, bob


def sign_in(counter: Terminal, name: str) -> None:
    counter.wait_for("Who is at the counter?", seconds=60)
    fill(counter, name, PIN)
    counter.wait_for(f"{name} is signed in")
    counter.wait_for("Today")


def fill(counter: Terminal, *values: str) -> None:
    """One field after the other, as fast as a terminal takes it."""
    for value in values:
        counter.process.send(value)
        counter.look(0.1)
        counter.press("enter")


def an_order(made: World, tender: str = "cash") -> Order:
    """Opened as the kiosk does; no customer stands there."""
    with closing(made.house()) as house:
        now, price = house.clock.now(), Money(2450, "USD")
        plan = Plan("change-30days-10gb-topup", "10 GB", 10240, 30, Money(1800, "USD"))
        order = Order(
            reference=new_reference(house.config.kiosk_id, secrets.choice),
            sim_number=SimNumber(SIM),
            provider="airalo",
            tender=tender,
            language="en",
            plan=plan,
            lines=(Line(LineKind.PLAN, plan.title, price),),
            total=price,
            captures_later=False,
            opened_at=now,
            expires_at=now + timedelta(minutes=30),
            since_at=now,
        )
        return house.ledger.open_order(order, "customer", due_at=now + timedelta(minutes=30))


def in_review(made: World) -> Order:
    """Paid by a wallet, and put before the clerks."""
    order = an_order(made, "wechat")
    with closing(made.house()) as house:
        now = house.clock.now()
        paid = Fact(event=Event.PAID, by="wechat", amount=order.total, number=PAYMENT_NUMBER)
        asked = Fact(
            event=Event.ESCALATED, by="queue", reason="nobody knows of the top-up", deadline_at=house.review_by()
        )
        order = house.ledger.record(order, paid, asked, at=now)
        leave_contact(house.ledger, order, Contact(Channel.EMAIL, MAIL, "en"), None, at=now)
    return order


def to_the_pin(counter: Terminal, order: Order, tendered: str = "30") -> None:
    """From the board to where only one Enter is missing."""
    counter.press("c")
    counter.wait_for("Which order is paid in cash?")
    fill(counter, order.reference)
    counter.wait_for("24.50 USD is due")
    fill(counter, tendered)
    counter.wait_for("5.50", "╺")
    counter.process.send(PIN)
    counter.look(0.1)


def to_page(counter: Terminal, order: Order) -> None:
    """From the board to the order's page."""
    counter.press("l")
    counter.wait_for("Look up an order")
    fill(counter, order.reference)
    counter.wait_for("N  Note")
