"""`kiosk sync`: works the queue without a screen."""

from __future__ import annotations

import threading

import click

from kiosk.assembly import House
from kiosk.backstage import Backstage
from kiosk.cli.common import stopping, with_house
from kiosk.cli.out import put
from kiosk.errands import Errands
from kiosk.holder import drain
from kiosk.order import WAITING
from kiosk.post import outbox
from kiosk.starts import note_start


@click.command("sync")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
@with_house
def command(house: House, once: bool) -> None:
    """Work the queue: deliver, give back, look up. Only one process does; a second one says who."""
    steps = 0
    with stopping() as stop:
        if once:
            with house.lock("kiosk sync"):
                note_start(house, "")  # a timer may start it every minute: only what was changed goes on record
                queue = house.queue()
                worked = (queue, Errands(queue), outbox(house))
                steps = sum(drain(each, stop.is_set) for each in worked)
        else:
            work_until(stop, house)
    waiting = len(house.ledger.orders(WAITING))
    done = f"{steps} {'step' if steps == 1 else 'steps'} done, " if once else ""
    put(f"{done}{waiting} {'order waits' if waiting == 1 else 'orders wait'} for an answer.")


def work_until(stop: threading.Event, house: House) -> None:
    """Work the queue. Trouble with the ledger is said and waited out. Raises QueueHeld, LedgerError at the start."""
    backstage = Backstage(house, "kiosk sync", changed=lambda trouble: put(trouble or "The ledger works again."))
    backstage.take_queue()
    _ = house.ledger
    backstage.start()
    put("Working the queue. Ctrl+C stops it; nothing is lost.")
    while not stop.wait(0.5):
        pass
    backstage.stop()
