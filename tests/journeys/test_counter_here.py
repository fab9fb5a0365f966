"""The counter at the kiosk itself: F10 and a PIN open it, and whatever ends it, customers have the kiosk again."""

from __future__ import annotations

import os
import signal
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys.at_the_counter import an_order, fill
from tests.journeys.terminal import Terminal
from tests.journeys.test_access import wait_for_guesses
from tests.journeys.visits import CASH, to_payment
from tests.world import PIN, World

pytestmark = pytest.mark.prove


def screens_of(terminal: Terminal) -> int:
    """The process that paints: the one child of `kiosk run`."""
    kiosk = int(terminal.process.pid or 0)
    (screens,) = Path(f"/proc/{kiosk}/task/{kiosk}/children").read_text(encoding="utf-8").split()
    return int(screens)


def open_the_counter(terminal: Terminal) -> None:
    terminal.press("f10")
    terminal.wait_for("For clerks: open the counter here")
    terminal.press(*"mei", "enter", *PIN, "enter")
    terminal.wait_for("mei is signed in")
    terminal.wait_for("mei at seat 1")


@contextmanager
def the_counter(kiosk: World) -> Iterator[Terminal]:
    """A kiosk at which mei has opened the counter."""
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("Choose your language")
        open_the_counter(terminal)
        yield terminal


def test_a_clerk_takes_cash_at_the_kiosk_and_leaves_it_to_the_next_customer(kiosk: World) -> None:
    """In the middle of a sale: it waits on the board, is paid there, and is delivered without screens."""
    with Terminal(kiosk, 80, 24) as terminal:
        before = termios.tcgetattr(terminal.process.child_fd)
        to_payment(terminal, CASH)
        terminal.wait_for("Please pay")
        screens = screens_of(terminal)
        open_the_counter(terminal)
        kiosk.wait_for("SELECT 1 FROM seats WHERE step = 'counter'")
        terminal.wait_for("CASH")
        terminal.press("c")
        terminal.wait_for("Which order is paid in cash?")
        terminal.press("1", "enter")
        terminal.wait_for("24.50 USD is due")
        terminal.press(*"30", "enter", *PIN, "enter")
        terminal.wait_for("change 5.50 USD")
        kiosk.wait_for("SELECT 1 FROM orders WHERE state = 'COMPLETED'")
        terminal.press("f10")
        terminal.wait_for("Choose your language")
        assert "mei" not in terminal.look(0.3)
        kiosk.wait_for("SELECT 1 FROM seats WHERE step = 'welcome'")
        kiosk.wait_for("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM terminals)")
        assert screens_of(terminal) == screens

        to_payment(terminal, CASH)
        terminal.wait_for("Please pay")
        open_the_counter(terminal)
        terminal.press("f10")
        terminal.wait_for("Choose your language")
        terminal.press("f10", "f10")
        terminal.wait_for("For clerks: end the kiosk")
        fill(terminal, "mei", PIN)
        while terminal.process.isalive():
            terminal.look(0.1)
        assert termios.tcgetattr(terminal.process.child_fd) == before
        assert PIN.encode() not in terminal.raw
        assert b"Traceback" not in terminal.raw

    paid = kiosk.rows("SELECT by FROM events WHERE event = 'paid'")
    assert [row["by"] for row in paid] == ["clerk:mei"]
    assert len(kiosk.delivered()) == 1
    assert kiosk.rows("SELECT 1 FROM events WHERE event = 'signed_out' AND by = 'clerk:mei'")
    kiosk.run("verify")


def test_a_wrong_pin_opens_nothing(kiosk: World) -> None:
    """However often; then the right one waits, too."""
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("Choose your language")
        terminal.press("f10")
        terminal.wait_for("For clerks: open the counter here")
        terminal.press(*"mei", "enter")
        for number in range(1, 6):
            terminal.press(*"864209", "enter")
            wait_for_guesses(kiosk, number)
            terminal.wait_for("do not match")
        terminal.press(*PIN, "enter")
        terminal.wait_for("Too many wrong PINs")
        assert "COUNTER" not in terminal.look(0.5)
        terminal.press("esc")
        terminal.wait_for("Choose your language")

    assert not kiosk.rows("SELECT 1 FROM events WHERE event = 'signed_in'")


def test_nobody_at_the_counter_is_the_kiosk_again(kiosk: World) -> None:
    """No customer stands before it: it does not ask who is there, it is gone."""
    kiosk.set("[counter]\nlock_after_s = 2")
    with the_counter(kiosk) as terminal:
        terminal.press("m")
        terminal.wait_for("What else?")
        terminal.wait_for("Choose your language", seconds=10)
        assert "mei" not in terminal.look(0.3)

    assert kiosk.rows("SELECT 1 FROM events WHERE event = 'locked' AND by = 'clerk:mei'")


def test_keys_behind_the_pin_press_nothing_at_the_counter(kiosk: World) -> None:
    """As fast as a terminal takes them: neither a page of it nor its way out is opened by them."""
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("Choose your language")
        terminal.press("f10")
        terminal.wait_for("For clerks: open the counter here")
        terminal.press(*"mei", "enter", *PIN)
        terminal.process.send("\r\x1b[21~c\x1b[21~d\r")

        terminal.wait_for("mei at seat 1")
        assert "F10  Kiosk" in terminal.look(1)


def test_a_counter_that_dies_brings_the_kiosk_back(kiosk: World) -> None:
    """kill -9 of the screens; what was on the ledger stays, and mei is signed in nowhere."""
    order = an_order(kiosk)
    with the_counter(kiosk) as terminal:
        terminal.wait_for("CASH")
        os.kill(screens_of(terminal), signal.SIGKILL)
        terminal.wait_for("Out of service. Back in a moment.")
        terminal.wait_for("Choose your language")
        assert "COUNTER" not in terminal.look(0.5)
        open_the_counter(terminal)
        terminal.wait_for("CASH")

    assert [row["state"] for row in kiosk.orders()] == ["AUTHORIZING"]
    assert kiosk.orders()[0]["reference"] == order.reference
