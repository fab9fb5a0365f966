"""Each thing that a clerk does, in real terminals: two counters and a kiosk on one ledger, and all of them run on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from kiosk.identifiers import grouped_reference
from kiosk.ledger.seats import call_staff
from tests.journeys.at_the_counter import (
    MAIL,
    PAYMENT_NUMBER,
    an_order,
    counters,
    fill,
    in_review,
    to_page,
    to_the_pin,
)
from tests.journeys.terminal import Terminal
from tests.journeys.visits import CASH, to_payment
from tests.world import PIN, SIM, World

pytestmark = pytest.mark.prove
Shop = tuple[World, Terminal, Terminal, Terminal]
WRONG, SOON_S = "908172", 3.0


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Made once: every journey leaves both counters at the board, and the kiosk at its welcome screen."""
    with counters(tmp_path_factory.mktemp("shop")) as made:
        yield made


def events(made: World, reference: str) -> list[tuple[str, str]]:
    rows = made.rows(f"SELECT event, by FROM events WHERE order_id = '{reference}' ORDER BY seq")  # noqa: S608
    return [(row["event"], row["by"]) for row in rows]


def test_who_stands_at_the_counter_is_known(shop: Shop) -> None:
    """A wrong PIN opens nothing and can be typed again; F9 leaves nothing of the board; no PIN is ever on the line."""
    made, _, mei, _ = shop
    order = an_order(made)
    mei.wait_for(grouped_reference(order.reference))
    mei.press("f9")
    mei.wait_for("nobody is signed in")
    assert grouped_reference(order.reference) not in mei.look()
    fill(mei, "mei", WRONG)
    mei.wait_for("do not match")
    fill(mei, PIN)
    mei.wait_for("mei is signed in")
    mei.wait_for(grouped_reference(order.reference))

    assert PIN.encode() not in mei.raw
    assert WRONG.encode() not in mei.raw
    assert made.rows("SELECT * FROM pin_tries") == []


def test_the_board_sees_within_moments_what_others_write(shop: Shop) -> None:
    """A call at the kiosk, cash that waits, a review that another program writes: on both counters, in words."""
    made, _, mei, bob = shop
    started = time.monotonic()
    with closing(made.house()) as house:
        call_staff(house.ledger, "1", at=house.clock.now())
    order = in_review(made)
    for counter in (mei, bob):
        counter.wait_for("1 calls", "1 call", seconds=SOON_S)
        counter.wait_for(grouped_reference(order.reference), seconds=SOON_S)
    assert time.monotonic() - started < 3 * SOON_S
    bob.press("s")
    bob.wait_for("knows that bob is on the way")
    mei.wait_for("bob is on the way", seconds=SOON_S)


def test_cash_by_number_and_by_scan(shop: Shop) -> None:
    """The change stands there before the PIN; the receipt comes out; a scan at the board's list opens the same page."""
    made, _, mei, _ = shop
    papers = len(made.twin.receipts)
    first, second = an_order(made), an_order(made)
    to_the_pin(mei, second)
    mei.press("enter")
    mei.wait_for("Taken: 30.00 USD, change 5.50 USD")
    mei.press("c")
    mei.wait_for("Which order is paid in cash?")
    mei.press("down")
    mei.process.send(first.reference + "\r")  # a scanner types all of it at once, where no field is
    mei.wait_for("24.50 USD is due")
    fill(mei, "24.50", PIN)
    mei.wait_for("Taken: 24.50 USD, change 0.00 USD")
    for order in (first, second):
        made.wait_for(f"SELECT 1 FROM orders WHERE reference = '{order.reference}' AND state = 'COMPLETED'")  # noqa: S608
        assert ("paid", "clerk:mei") in events(made, order.reference)
    deadline = time.monotonic() + 10
    while len(made.twin.receipts) < papers:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_an_order_is_found_by_whatever_the_customer_has_in_hand(shop: Shop) -> None:
    """Eight ways; it says how it read each, and one hit opens at once."""
    made, _, mei, _ = shop
    order = in_review(made)
    ways = {
        grouped_reference(order.reference).lower(): "read as a reference",
        SIM: "read as a SIM's number",
        SIM[-6:]: "the end of a card number",
        "305 555 0199": "phone number",
        MAIL.upper(): "an e-mail address",
        PAYMENT_NUMBER: "a payment's number",
        "today": "read as the day",
        "24.50": "read as the amount 24.50 USD",
    }
    for typed, read_as in ways.items():
        mei.press("l")
        mei.wait_for("Look up an order")
        fill(mei, typed)
        while "N  Note" not in (seen := mei.wait_for(read_as, "N  Note")) and "1 found" in seen:
            mei.look(0.1)  # its page comes
        if "N  Note" in seen:
            assert grouped_reference(order.reference) in seen
            mei.press("esc")
            mei.wait_for(read_as)
        mei.press("esc")
        mei.wait_for("Today")


def test_acts_on_reviews(shop: Shop) -> None:
    """Each says what it does, and is on record by who did it; giving back takes two, and who is late is told."""
    made, _, mei, bob = shop
    order, other = in_review(made), in_review(made)
    to_page(mei, order)
    for key, words, told in (
        ("n", "came back at noon", "The note is on record"),
        ("p", "", "The receipt is printed"),
        ("p", "", "The receipt is printed"),
        ("m", "", "Its message goes to l***@example.com"),
    ):
        mei.press(key)
        mei.wait_for("Back, nothing is done")
        fill(mei, words)
        mei.wait_for(told)
    to_page(bob, order)
    bob.press("d")
    bob.wait_for("it goes on record")
    mei.press("f")
    mei.wait_for("It takes two people.")
    fill(mei, "asked for it", PIN, "bob", PIN)
    mei.wait_for("Decided. The order is REFUNDING now.")
    fill(bob, "I saw it", PIN)
    bob.wait_for("has moved on meanwhile: refund_ordered by clerk:mei, clerk:bob")
    to_the_board(mei)
    to_the_board(bob)
    to_page(bob, other)
    bob.press("d")
    bob.wait_for("it goes on record")
    fill(bob, "it is in their list", PIN)
    bob.wait_for("Decided. The order is COMPLETED now.")
    to_the_board(bob)

    assert ("refund_ordered", "clerk:mei, clerk:bob") in events(made, order.reference)
    assert ("settled_delivered", "clerk:bob") in events(made, other.reference)
    assert not {event for event, by in events(made, order.reference) if by == "clerk:bob"}
    assert any("COPY" in receipt for receipt in made.twin.receipts)


def to_the_board(counter: Terminal) -> None:
    while "Today" not in counter.look(0.2):
        counter.press("esc")


@pytest.mark.parametrize("first", ["mei", "customer", "all"])
def test_cash_at_two_counters_while_the_customer_cancels(shop: Shop, first: str) -> None:
    """Whoever is first: the money is taken once or not at all, and the others read who it was and what they did."""
    made, terminal, mei, bob = shop
    to_payment(terminal, CASH)
    terminal.wait_for("Please pay")
    order = made.house().ledger.orders(limit=1)[0]
    for counter in (mei, bob):
        to_the_pin(counter, order)
    acts = {"mei": (mei, "\r"), "bob": (bob, "\r"), "customer": (terminal, "\x1b")}
    for name in sorted(acts, key=lambda name: name != first):
        acts[name][0].process.send(acts[name][1])
        time.sleep(0.0 if first == "all" else 0.4 if name == first else 0.0)
    told = {counter: counter.wait_for("Taken:", "not on record") for counter in (mei, bob)}
    took = [counter for counter in (mei, bob) if "Taken:" in told[counter]]
    paid = [by for event, by in events(made, order.reference) if event == "paid"]
    winner = paid[0] if paid else "customer"
    assert len(took) == len(paid) <= 1
    for counter in {mei, bob} - set(took):
        assert f"by {winner}" in " ".join(told[counter].split())
        counter.press("esc", "esc")
    made.wait_for(
        f"SELECT 1 FROM orders WHERE reference = '{order.reference}'"  # noqa: S608
        f" AND state = '{'COMPLETED' if paid else 'ABANDONED'}'"
    )
    terminal.wait_for("Delivered" if paid else "Cancelled", "Choose your language")  # a late Esc has closed it
    while "Choose your language" not in terminal.look(0.3):
        terminal.press("esc")
    for counter in (mei, bob):
        counter.wait_for("Today")
    made.run("verify")
