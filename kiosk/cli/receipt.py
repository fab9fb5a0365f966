"""`kiosk receipt`: an order's receipt once more, on paper or on the screen."""

from __future__ import annotations

import sys

import click

from kiosk.assembly import House
from kiosk.cli import MACHINE
from kiosk.cli.common import columns_of, with_house
from kiosk.cli.out import put_lines
from kiosk.cli.sell import tell_printed
from kiosk.identifiers import parse_reference
from kiosk.ledger.jobs import JobStatus
from kiosk.plain import plain
from kiosk.printing import document_of, print_again
from kiosk.texts import LANGUAGES


@click.command("receipt")
@click.argument("reference")
@click.option("--lang", type=click.Choice(list(LANGUAGES)), help="The language (default: the order's).")
@click.option("--show", is_flag=True, help="On the screen alone; nothing is printed.")
@with_house
def command(house: House, reference: str, lang: str | None, show: bool) -> None:
    """Print the receipt of an order as it stands now. What may be its second paper is marked COPY."""
    order = house.ledger.order(parse_reference(reference))
    if show:
        document = document_of(house.ledger, house.config, order, house.clock, lang or "")
        put_lines(plain(document, columns_of(house)))
        return
    printed = print_again(house.ledger, house.config, house.printer, order, house.clock, lang or "")
    tell_printed(house, printed)
    if printed.status in (JobStatus.FAILED, JobStatus.UNKNOWN):
        sys.exit(MACHINE)
