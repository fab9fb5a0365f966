"""`kiosk cash-back`: a clerk hands cash back."""

from __future__ import annotations

import click

from kiosk.assembly import House
from kiosk.cli.common import PIN_FD, in_one_line, signed_in, with_house
from kiosk.cli.sell import hand_over_receipt
from kiosk.identifiers import parse_reference
from kiosk.sale import hand_back


@click.command("cash-back")
@click.argument("reference")
@click.option("--clerk", required=True, metavar="NAME", help="Who hands the cash back.")
@PIN_FD
@with_house
def command(house: House, reference: str, clerk: str, pin_fd: int | None) -> None:
    """Record that the cash of an order to be refunded was handed back."""
    order = house.ledger.order(parse_reference(reference))
    by = signed_in(house, clerk, pin_fd)
    order = hand_back(house.ledger, order, by=by, at=house.clock.now())
    click.echo(f"Hand back {order.total}.")
    click.echo(in_one_line(order))
    hand_over_receipt(house, order)
