"""`kiosk verify`: is the ledger what its events say?"""

from __future__ import annotations

import re
import sys

import click

from kiosk.assembly import House
from kiosk.cli.common import with_house
from kiosk.cli.out import put
from kiosk.errors import Unreadable
from kiosk.ledger.gaps import gaps
from kiosk.ledger.verify import problems


@click.command("verify")
@click.option("--head", default="", metavar="SEQ:HASH", help="The head printed on a receipt: finds a cut tail.")
@with_house
def command(house: House, head: str) -> None:
    """Check the hash chain, rebuild every order from its events, and check the invariants."""
    if head and not re.fullmatch(r"[0-9]{1,15}:[0-9a-f]{8,64}", head, re.IGNORECASE):
        raise Unreadable(f"{head!r} is not the head of a ledger; it looks like 1234:0123456789abcdef0123.")
    found = 0
    for problem in problems(house.ledger, head):
        found += 1
        put(problem)
    if found:
        put(f"{found} {'problem' if found == 1 else 'problems'}. Stop selling, and keep this file as it is.", err=True)
        sys.exit(1)
    for gap in gaps(house.ledger):
        lost = f"events {gap.lost[0]} to {gap.lost[-1]} were lost" if gap.lost else "no event is known to be lost"
        put(f"It was restored at {gap.at:%Y-%m-%d %H:%M} UTC: {lost}.")
    put(f"The ledger is whole. Its head is {house.ledger.head()}")
