"""Reviews and assisting, in two terminals on one ledger: what the sides say, a supervisor, a sale at the counter."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest

from kiosk.facts import Event, Fact
from tests.journeys.terminal import Terminal
from tests.journeys.test_counter import at_the_counter
from tests.journeys.visits import to_plans
from tests.world import PIN, SIM, World

pytestmark = pytest.mark.prove


def a_late_review(kiosk: World) -> None:
    """A top-up that was delivered, and that somebody says was taken back; nobody decided it in time."""
    kiosk.sell()
    with closing(kiosk.house()) as house:
        (order,) = house.ledger.orders([])
        now = house.clock.now()
        by, why = now + timedelta(seconds=1), "the customer says that it is gone"
        fact = Fact(event=Event.REVERSED, by="airalo", reason=why, deadline_at=by)
        house.ledger.record(order, fact, at=now)


def test_what_the_provider_says_is_asked_now_and_a_supervisor_decides_what_is_late(kiosk: World) -> None:
    """The kiosk's queue looks it up within a moment; the clerk reads it, and ana's PIN stands beside bob's."""
    kiosk.hire("bob", "clerk")
    kiosk.hire("ana", "supervisor")
    a_late_review(kiosk)
    with Terminal(kiosk, 80, 24) as terminal, Terminal(kiosk, 80, 24, command="counter") as counter:
        terminal.wait_for("Choose your language")
        counter.wait_for("Who is at the counter?", seconds=60)
        counter.press(*"bob", "enter", *PIN, "enter")
        counter.wait_for("1 RAISED")
        counter.press("enter")
        counter.wait_for("Why: the customer says that it is gone")
        counter.press("w")
        counter.wait_for("the top-up was delivered (number")
        counter.wait_for("Fits: D It was delivered - airalo says that it was delivered.")
        counter.press("d")
        counter.wait_for("Name of the supervisor or owner")
        counter.press(*"looked up", "enter", *PIN, "enter", *"ana", "enter", *PIN, "enter")
        counter.wait_for("Decided. The order is COMPLETED now.")

    events = kiosk.rows("SELECT event, by FROM events WHERE event IN ('raised', 'sides_asked', 'settled_delivered')")
    assert {row["event"]: row["by"] for row in events} | {"raised": ""} == {
        "raised": "",
        "sides_asked": "clerk:bob",
        "settled_delivered": "clerk:bob, clerk:ana",
    }
    assert PIN.encode() not in counter.raw
    kiosk.run("verify")


def test_a_cash_sale_is_made_at_the_counter_while_a_customer_uses_the_kiosk(kiosk: World) -> None:
    """The clerk sees where that customer is, and sells to another one; neither waits for the other."""
    with Terminal(kiosk, 80, 24) as terminal, Terminal(kiosk, 80, 24, command="counter") as counter:
        at_the_counter(counter)
        to_plans(terminal)
        terminal.wait_for("Choose a plan")
        counter.press("a")
        counter.wait_for("choosing a plan")
        counter.press("n")
        counter.wait_for("which SIM?")
        counter.press(*SIM, "enter")
        counter.wait_for("Which plan?")
        counter.wait_for("10 GB, 30 days")
        counter.press("down", "down", "down", "down", "enter")
        counter.wait_for("is due. Read it together with the customer.")
        counter.press(*"100", "enter", *PIN, "enter")
        counter.wait_for("is paid; change")
        counter.wait_for("COMPLETED: delivered and verified")
        counter.wait_for("The receipt is printed")
        assert "Choose a plan" in terminal.look()

    (order,) = kiosk.orders()
    assert (order["state"], order["tender"]) == ("COMPLETED", "cash")
    assert len(kiosk.delivered()) == 1
    kiosk.run("verify")
