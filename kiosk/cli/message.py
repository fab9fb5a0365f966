"""`kiosk message`: the message about an order, sent once more."""

from __future__ import annotations

import click

from kiosk.assembly import House
from kiosk.cli.common import in_one_line, with_house
from kiosk.errors import Illegal
from kiosk.identifiers import parse_reference
from kiosk.ledger.messages import no_such_contact, send_again
from kiosk.notices import kind_of


@click.command("message")
@click.argument("reference")
@with_house
def command(house: House, reference: str) -> None:
    """Send the message about an order, as it stands now, once more to the address that its customer left."""
    order = house.ledger.order(parse_reference(reference))
    kind = kind_of(order)
    if kind is None:
        raise Illegal(f"There is nothing to tell about this order: {in_one_line(order)}.")
    contact = send_again(house.ledger, order, kind, at=house.clock.now())
    if contact is None:
        raise Illegal(no_such_contact(order))
    click.echo(in_one_line(order))
    click.echo(f"Its message goes to {contact.masked} while `kiosk run` or `kiosk sync` runs.")
