"""A ledger that grows: what is asked all day costs the same, however much is settled or waits from before.

Counted in steps of SQLite's own machine, so that a busy computer changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from kiosk.facts import Event, Outcome
from kiosk.ledger import Ledger
from kiosk.ledger.due import make_due, next_watched, wake
from kiosk.order import WAITING, State
from tests.orders import NOW, a_fact, a_top_up, opened, recorded

MANY = 200
QUESTIONS: dict[str, Callable[[Ledger], object]] = {
    "next due": lambda ledger: ledger.next_due(3),
    "next customer": lambda ledger: ledger.next_due(3, opened_after=NOW - timedelta(minutes=15)),
    "next watched": next_watched,
    "start-up sweep": lambda ledger: make_due(ledger, NOW, beyond=timedelta(minutes=10)),
    "line is back": lambda ledger: wake(ledger, "airalo", NOW),
    "what waits": lambda ledger: ledger.orders(WAITING),
    "reviews": lambda ledger: ledger.orders([State.REVIEW]),
    "one card": lambda ledger: ledger.orders(sim="8901260862291477122"),
    "last six digits": lambda ledger: ledger.orders(sim="477122"),
}


def steps(ledger: Ledger, question: Callable[[Ledger], object]) -> int:
    """How many steps SQLite's machine takes to answer."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    question(ledger)  # the first time, SQLite reads its schema
    connection = ledger.database.connection
    connection.set_progress_handler(count, 1)
    question(ledger)
    connection.set_progress_handler(None, 1)
    return taken


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_settled_makes_nothing_slower(ledger: Ledger, question: str) -> None:
    """Two hundred settled orders more, with their attempts: not one step of it touches them."""
    ledger.database.execute("PRAGMA synchronous = OFF")
    waiting = recorded(ledger, State.SUBMITTING, 1)
    ledger.record(waiting, a_fact(Event.NOTED), at=NOW, due_at=NOW + timedelta(minutes=5))
    recorded(ledger, State.REVIEW, 2)
    recorded(ledger, State.COMPLETED, 3, sim_number="8901260000000000000")
    alone = steps(ledger, QUESTIONS[question])
    for number in range(4, MANY + 4):
        order = opened(ledger, number, sim_number="8901260000000000000")
        facts = [a_fact(event) for event in (Event.PAID, Event.DELIVERED, Event.CAPTURED)]
        ledger.record(order, a_fact(Event.NOTED, attempt=a_top_up(1, Outcome.DONE)), *facts, at=NOW)
    among_many = steps(ledger, QUESTIONS[question])

    assert among_many <= alone + 5


def test_what_waits_from_before_keeps_no_customer_waiting(ledger: Ledger) -> None:
    """Two hundred orders wait since yesterday: the customer's is found as if it stood alone."""
    ledger.database.execute("PRAGMA synchronous = OFF")
    opened(ledger, 1)
    alone = steps(ledger, QUESTIONS["next customer"])
    for number in range(2, MANY + 2):
        opened(ledger, number, opened_at=NOW - timedelta(days=1))
    among_many = steps(ledger, QUESTIONS["next customer"])

    assert among_many <= alone + 5
