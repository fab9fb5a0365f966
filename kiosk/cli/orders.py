"""`kiosk orders`: the newest orders."""

from __future__ import annotations

import click

from kiosk.assembly import House
from kiosk.cli.common import JSON, say_json, table, told, with_house
from kiosk.errors import Unreadable
from kiosk.identifiers import clean_iccid, grouped_reference, masked_number
from kiosk.order import State


def wanted(iccid: str) -> str:
    """The card to look for: a whole number, or its last six digits. Raises Unreadable for anything between."""
    number = clean_iccid(iccid)
    if iccid and len(number) != 6 and not 18 <= len(number) <= 22:
        raise Unreadable(f"{iccid!r} is no card number; give the whole number, or its last six digits.")
    return number


@click.command("orders")
@click.option(
    "--state", "states", multiple=True, type=click.Choice(list(State), case_sensitive=False), help="Only these."
)
@click.option("--iccid", default="", help="Only this card: the whole number, or its last six digits.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@JSON
@with_house
def command(house: House, states: tuple[State, ...], iccid: str, limit: int, as_json: bool) -> None:
    """List orders, the newest first."""
    orders = house.ledger.orders([State(state) for state in states], wanted(iccid), limit)
    if as_json:
        say_json([told(order) for order in orders])
        return
    if not orders:
        click.echo("No orders.")
        return
    rows = [
        (
            grouped_reference(order.reference),
            f"{order.opened_at.astimezone(house.config.zone):%Y-%m-%d %H:%M}",
            order.state.value,
            str(order.total),
            order.tender,
            masked_number(order.sim_number),
        )
        for order in orders
    ]
    table(rows, ("REFERENCE", "OPENED", "STATE", "TOTAL", "TENDER", "CARD"))
