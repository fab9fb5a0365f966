"""`kiosk message`: the message about an order, sent once more; and which messages failed."""

from __future__ import annotations

import click

from kiosk.assembly import House
from kiosk.cli.common import table, with_house
from kiosk.cli.out import put
from kiosk.errors import Illegal
from kiosk.identifiers import grouped_reference, parse_reference
from kiosk.ledger.messages import failed_messages, no_such_contact, send_again
from kiosk.notices import kind_of
from kiosk.telling import in_one_line


@click.command("message")
@click.argument("reference", required=False)
@click.option("--failed", is_flag=True, help="List the messages that failed and were not sent again.")
@with_house
def command(house: House, reference: str | None, failed: bool) -> None:
    """Send the message about an order, as it stands now, once more to the address that its customer left."""
    if failed == bool(reference):
        raise click.UsageError("Give a REFERENCE, or --failed.")
    if reference:
        again(house, reference)
    else:
        list_failed(house)


def again(house: House, reference: str) -> None:
    """Raises Illegal where there is nothing to tell, or nobody to tell it to."""
    order = house.ledger.order(parse_reference(reference))
    kind = kind_of(order)
    if kind is None:
        raise Illegal(f"There is nothing to tell about this order: {in_one_line(order)}.")
    contact = send_again(house.ledger, order, kind, at=house.clock.now())
    if contact is None:
        raise Illegal(no_such_contact(order))
    put(in_one_line(order))
    put(f"Its message goes to {contact.masked} while `kiosk run` or `kiosk sync` runs.")


def list_failed(house: House) -> None:
    entries = failed_messages(house.ledger)
    if not entries:
        put("No message has failed.")
        return
    zone = house.config.zone
    rows = [
        (
            f"{entry.changed_at.astimezone(zone):%m-%d %H:%M}",
            grouped_reference(entry.order),
            entry.kind.value,
            entry.channel.value,
            entry.reason,
        )
        for entry in entries
    ]
    table(rows, ("WHEN", "ORDER", "KIND", "BY", "WHY"))
