"""`kiosk cash`: a clerk takes the cash for an order that waits at the kiosk."""

from __future__ import annotations

import click

from kiosk.assembly import House
from kiosk.cli.common import PIN_FD, cash_on_record, given, next_act, signed_in, with_house
from kiosk.cli.out import put
from kiosk.identifiers import parse_reference
from kiosk.sale import change_for, take_cash
from kiosk.telling import in_one_line


@click.command("cash")
@click.argument("reference")
@click.option("--clerk", required=True, metavar="NAME", help="Who takes the cash.")
@click.option("--tendered", metavar="AMOUNT", help="What the customer gave, such as 20.00 (default: what is due).")
@PIN_FD
@with_house
def command(house: House, reference: str, clerk: str, tendered: str | None, pin_fd: int | None) -> None:
    """Take the cash for an order. If it was abandoned meanwhile, the money goes on record, for a clerk to decide."""
    order = house.ledger.order(parse_reference(reference))
    cash = given(tendered, order.total)
    change = change_for(order.total, cash)
    by = signed_in(house, clerk, pin_fd)
    with cash_on_record():
        order = take_cash(house.ledger, order, cash, by=by, at=house.clock.now(), review_by=house.review_by())
    put(f"Due {order.total}, tendered {cash}, change {change}")
    put(in_one_line(order))
    if advice := next_act(order):
        put(advice)
