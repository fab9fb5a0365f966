"""`kiosk cash-back`: a clerk hands cash back."""

from __future__ import annotations

from typing import Any

import click

from kiosk.assembly import House
from kiosk.cli.common import (
    PIN_FD,
    SECOND,
    SECOND_PIN_FD,
    SUPERVISOR,
    SUPERVISOR_PIN_FD,
    all_signed_in,
    with_house,
)
from kiosk.cli.out import put
from kiosk.cli.sell import hand_over_receipt
from kiosk.decisions import hand_back
from kiosk.identifiers import parse_reference
from kiosk.telling import in_one_line


@click.command("cash-back")
@click.argument("reference")
@click.option("--clerk", required=True, metavar="NAME", help="Who hands the cash back.")
@PIN_FD
@SECOND
@SECOND_PIN_FD
@SUPERVISOR
@SUPERVISOR_PIN_FD
@with_house
def command(house: House, reference: str, clerk: str, **who: Any) -> None:
    """Record that cash was handed back: for cash, or for what a wallet or card service has refused to give back."""
    order = house.ledger.order(parse_reference(reference))
    by, second, supervisor = all_signed_in(house, clerk, **who)
    now, above = house.clock.now(), house.config.second_person_above
    order = hand_back(house.ledger, order, by=by, at=now, second=second, supervisor=supervisor, above=above)
    put(f"Hand back {order.paid}.")
    put(in_one_line(order))
    hand_over_receipt(house, order)
