"""Two counters and a kiosk act on one order in the same moment: one is first, the others are told who and what."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

from kiosk.errors import KioskError
from kiosk.facts import Event
from kiosk.ledger import Ledger
from kiosk.ledger.verify import problems
from kiosk.money import Money
from kiosk.order import Order, State
from kiosk.sale import cancel, take_cash
from tests.orders import NOW, a_fact, opened

ROUNDS, APART_S = 20, 0.002


@contextmanager
def at_one_ledger(folder: Path) -> Iterator[list[Ledger]]:
    """Three programs, each with a connection of its own."""
    with (
        closing(Ledger(folder / "ledger.db", mode="training", kiosk="T07", at=NOW)) as one,
        closing(Ledger(folder / "ledger.db", mode="training", kiosk="T07", at=NOW)) as two,
        closing(Ledger(folder / "ledger.db", mode="training", kiosk="T07", at=NOW)) as three,
    ):
        one.database.execute("PRAGMA synchronous = OFF")
        yield [one, two, three]


def rush(acts: dict[str, Callable[[], object]], dice: Random) -> dict[str, str]:
    """All of them at once, give or take; what each was told, nothing where it was first."""
    told: dict[str, str] = {}
    gate = threading.Barrier(len(acts))

    def run(name: str, act: Callable[[], object], late_s: float) -> None:
        gate.wait()
        time.sleep(late_s)
        try:
            act()
            told[name] = ""
        except KioskError as error:
            told[name] = str(error)

    threads = [
        threading.Thread(target=run, args=(name, act, dice.uniform(0, APART_S)), daemon=True)
        for name, act in acts.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return told


def test_cash_at_two_counters_and_a_cancel_at_the_kiosk_end_in_one_of_them(tmp_path: Path) -> None:
    """Twenty times: the money is taken once or not at all; who lost knows the winner's name and what they did."""
    dice, firsts = Random(7), set()  # noqa: S311 - it need only repeat
    with at_one_ledger(tmp_path) as (mei, bob, customer):
        for number in range(1, ROUNDS + 1):
            order = opened(mei, number, tender="cash")
            acts: dict[str, Callable[[], object]] = {
                "clerk:mei": partial(cash, mei, order, "clerk:mei"),
                "clerk:bob": partial(cash, bob, order, "clerk:bob"),
                "customer": partial(cancel, customer, order, by="customer", at=NOW),
            }

            told = rush(acts, dice)

            (first,) = [name for name, words in told.items() if not words]
            what = "cancelled" if first == "customer" else "paid"
            assert all(f"{what} by {first}" in words for name, words in told.items() if name != first), told
            now = mei.order(order.reference)
            assert (now.state, now.paid) == (
                (State.CANCELLING, None) if first == "customer" else (State.SUBMITTING, order.total)
            )
            firsts.add(first)
        assert list(problems(mei)) == []
    assert len(firsts) > 1


def test_three_decisions_about_one_review_end_in_one(tmp_path: Path) -> None:
    """Refund, again, and delivered after all: one of them is on record, and the two others were told."""
    dice = Random(8)  # noqa: S311 - it need only repeat
    with at_one_ledger(tmp_path) as ledgers:
        for number in range(1, ROUNDS + 1):
            order = opened(ledgers[0], number)
            late = a_fact(Event.ESCALATED, reason="nobody knows", deadline_at=NOW + timedelta(days=1))
            order = ledgers[0].record(order, a_fact(Event.PAID), late, at=NOW)
            events = (Event.REFUND_ORDERED, Event.RESUMED_SUBMITTING, Event.SETTLED_DELIVERED)
            acts: dict[str, Callable[[], object]] = {
                f"clerk:{event}": partial(
                    ledger.record, order, a_fact(event, by=f"clerk:{event}", reason="seen"), at=NOW
                )
                for ledger, event in zip(ledgers, events, strict=True)
            }

            told = rush(acts, dice)

            (first,) = [name for name, words in told.items() if not words]
            assert all(f"by {first}" in words for name, words in told.items() if name != first), told
        assert list(problems(ledgers[0])) == []


def cash(ledger: Ledger, order: Order, by: str) -> None:
    tendered = Money(order.total.amount_minor + 100, order.total.currency)
    take_cash(ledger, order, tendered, by=by, at=NOW, review_by=NOW + timedelta(days=1))
