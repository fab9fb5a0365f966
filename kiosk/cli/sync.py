"""`kiosk sync`: works the queue without a screen."""

from __future__ import annotations

import click

from kiosk.assembly import House
from kiosk.cli.common import stopping, with_house
from kiosk.holder import Workers, drain
from kiosk.order import WAITING


@click.command("sync")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
@with_house
def command(house: House, once: bool) -> None:
    """Work the queue: deliver, give back, look up. Only one process does; a second one says who."""
    with house.lock("kiosk sync"), stopping() as stop:
        queue = house.queue()
        if once:
            steps = drain(queue, stop.is_set)
        else:
            workers = Workers(queue, house.config.file.sync.workers)
            click.echo("Working the queue. Ctrl+C stops it; nothing is lost.")
            while not stop.wait(0.5):
                pass
            workers.stop()
    waiting = len(house.ledger.orders(WAITING))
    done = f"{steps} {'step' if steps == 1 else 'steps'} done, " if once else ""
    click.echo(f"{done}{waiting} {'order waits' if waiting == 1 else 'orders wait'} for an answer.")
