"""Two terminals on one ledger: a customer at the kiosk, a clerk at the counter. Neither waits for the other."""

from __future__ import annotations

import pytest

from tests.journeys.terminal import Terminal
from tests.journeys.visits import CASH, to_payment
from tests.world import PIN, World

pytestmark = pytest.mark.prove


def at_the_counter(counter: Terminal) -> None:
    counter.wait_for("Who is at the counter?", seconds=60)
    counter.press(*"mei", "enter", *PIN, "enter")
    counter.wait_for("mei is signed in")
    counter.wait_for("Nothing needs anybody", "cash to take")


def test_cash_is_taken_at_the_counter_while_the_customer_waits_at_the_kiosk(kiosk: World) -> None:
    """The order comes up at the counter by itself; with the PIN the top-up starts, and the customer sees it arrive."""
    with Terminal(kiosk, 80, 24) as terminal, Terminal(kiosk, 80, 24, command="counter") as counter:
        at_the_counter(counter)
        to_payment(terminal, CASH)
        terminal.wait_for("Please pay")
        counter.wait_for("1 cash to take")
        counter.press("c")
        counter.wait_for("1 wait")
        counter.press("1", "enter")
        counter.wait_for("24.50 USD is due")
        counter.press(*"30", "enter", *PIN, "enter")
        counter.wait_for("Taken: 30.00 USD, change 5.50 USD")
        terminal.wait_for("Delivered: 10 GB")
        counter.wait_for("1 paid, 24.50 USD")

    paid = kiosk.rows("SELECT by, body FROM events WHERE event = 'paid'")
    assert [row["by"] for row in paid] == ["clerk:mei"]
    assert '"change":{"amount_minor":550' in paid[0]["body"]
    assert PIN.encode() not in counter.raw
    assert len(kiosk.delivered()) == 1
    kiosk.run("verify")


def test_a_review_is_decided_at_the_counter_and_its_cash_handed_back(kiosk: World) -> None:
    """The customer left, and pays all the same: it is put before the clerk, who gives the money back; on record."""
    with Terminal(kiosk, 80, 24) as terminal, Terminal(kiosk, 100, 30, command="counter") as counter:
        to_payment(terminal, CASH)
        terminal.wait_for("Please pay")
        reference = kiosk.orders()[0]["reference"]
        terminal.press("esc")
        kiosk.wait_for("SELECT 1 FROM orders WHERE state = 'ABANDONED'")
        at_the_counter(counter)
        counter.press("c")
        counter.wait_for("Which order is paid in cash?")
        counter.press(*reference, "enter")
        counter.wait_for("The time to pay is over")
        counter.press(*"24.50", "enter", *PIN, "enter")
        counter.wait_for("1 in review")
        counter.press("enter")
        counter.wait_for("Refund")
        counter.press("f")
        counter.wait_for("Orders 24.50 USD to be given back")
        counter.press(*"came too late", "enter", *PIN, "enter")
        counter.wait_for("The order is REFUNDING now")
        counter.wait_for("Hand back cash")
        counter.press("h")
        counter.wait_for("You hand 24.50 USD back in cash")
        counter.press(*PIN, "enter")
        counter.wait_for("Hand back 24.50 USD. It is on record.")
        counter.wait_for("REFUNDED: the money is given back")
        counter.press("esc")
        counter.wait_for("Nothing needs anybody")
        counter.press("f10")
        counter.process.wait()

    told = kiosk.rows("SELECT event, by FROM events WHERE order_id IS NOT NULL ORDER BY seq")
    by_mei = [row["event"] for row in told if row["by"] == "clerk:mei"]
    assert by_mei == ["found_paid", "refund_ordered", "refunded"]
    assert kiosk.delivered() == []
    kiosk.run("verify")
