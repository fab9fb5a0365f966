"""`kiosk request-credit`: a clerk asks the provider's people for the price of a top-up that failed."""

from __future__ import annotations

import click

from kiosk.assembly import House
from kiosk.cli.common import PIN_FD, signed_in, with_house
from kiosk.cli.out import put
from kiosk.credit import request_credit
from kiosk.errors import Illegal
from kiosk.identifiers import parse_reference


@click.command("request-credit")
@click.argument("reference")
@click.option("--clerk", required=True, metavar="NAME", help="Who asks.")
@click.option("--reason", required=True, help="What failed, for the provider's people; it goes on record.")
@click.option("--again", is_flag=True, help="Ask once more, although it was asked already.")
@PIN_FD
@with_house
def command(house: House, reference: str, clerk: str, reason: str, again: bool, pin_fd: int | None) -> None:
    """Ask the provider to pay a failed top-up back to the float.

    People there decide. It gives nothing to the customer, and moves no order: the money back is another matter.
    """
    if not reason.strip():
        raise Illegal("A request needs a reason.")
    order = house.ledger.order(parse_reference(reference))
    by, provider = signed_in(house, clerk, pin_fd), house.providers.get(order.provider)
    number = request_credit(house.ledger, order, provider, reason, by=by, clock=house.clock, again=again)
    put(f"{order.provider} has taken the request on (number {number}). Its people decide; watch the float.")
