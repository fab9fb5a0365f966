"""`kiosk verify`: is the ledger what its events say?"""

from __future__ import annotations

import sys

import click

from kiosk.assembly import House
from kiosk.cli.common import with_house
from kiosk.ledger.verify import problems


@click.command("verify")
@click.option("--head", default="", metavar="SEQ:HASH", help="The head printed on a receipt: finds a cut tail.")
@with_house
def command(house: House, head: str) -> None:
    """Check the hash chain, rebuild every order from its events, and check the invariants."""
    found = 0
    for problem in problems(house.ledger, head):
        found += 1
        click.echo(problem)
    if found:
        click.echo(
            f"{found} {'problem' if found == 1 else 'problems'}. Stop selling, and keep this file as it is.", err=True
        )
        sys.exit(1)
    click.echo(f"The ledger is whole. Its head is {house.ledger.head()}")
