"""`kiosk counter`: the clerk's console in a terminal of its own, while customers go on at the kiosk."""

from __future__ import annotations

import sys

import click

from kiosk.assembly import House
from kiosk.cli.common import with_house
from kiosk.starts import note_start
from kiosk.untrusted import printable


@click.command("counter")
@click.option("--terminal", default="counter", show_default=True, help="Which of several terminals of clerks this is.")
@with_house
def command(house: House, terminal: str) -> None:
    """Open the counter: what needs a clerk, cash, orders by what a customer has in hand, and what may be done.

    It works no queue and holds no seat: `kiosk run` may run beside it on the same ledger, or not.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError("The counter needs a terminal. Without one: kiosk review, cash, decide, show.")
    terminal = printable(terminal)[:40].strip() or "counter"
    note_start(house, f"kiosk counter, terminal {terminal}")  # what is wrong with the ledger is said here, too
    from screens.counter.app import CounterApp
    from screens.keyboard import Keyboard

    app = CounterApp(house, terminal=terminal)
    app.driver_class = Keyboard  # no byte that a scanner sends ends it
    app.run()
