"""`kiosk orders`: the newest orders."""

from __future__ import annotations

from collections.abc import Sequence

import click

from kiosk.assembly import House
from kiosk.cli.common import JSON, table, told, with_house
from kiosk.cli.out import put, say_json
from kiosk.errors import Unreadable
from kiosk.identifiers import SimRule, grouped_reference, masked_number
from kiosk.order import State
from kiosk.phones import Kind, PhoneDoubt, clean_number, read_phone, takes


def wanted(text: str, rules: Sequence[SimRule]) -> str:
    """The SIM to look for: a whole number, or how it ends. Raises Unreadable for anything between.

    Six last digits find either kind; fewer, as a receipt shows them, only a phone, which has no others to show.
    """
    ending = 4 if Kind.PHONE in takes(rules) else 6
    number = clean_number(text, rules)
    if not text or (number.isdecimal() and ending <= len(number) <= 6) or 18 <= len(number) <= 22:
        return number
    if Kind.PHONE in takes(rules) and (reading := read_phone(text)).doubt is PhoneDoubt.NONE:
        return f"+1{reading.digits}"
    few = "six" if ending == 6 else "four to six"
    raise Unreadable(f"{text!r} is no number of a SIM; give the whole number, or its last {few} digits.")


@click.command("orders")
@click.option(
    "--state", "states", multiple=True, type=click.Choice(list(State), case_sensitive=False), help="Only these."
)
@click.option(
    "--iccid",
    "--phone",
    "number",
    default="",
    help="Only this SIM: the whole number, or its last six digits (a phone's last four).",
)
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@JSON
@with_house
def command(house: House, states: tuple[State, ...], number: str, limit: int, as_json: bool) -> None:
    """List orders, the newest first."""
    orders = house.ledger.orders([State(state) for state in states], wanted(number, house.config.sims), limit)
    if as_json:
        say_json([told(order) for order in orders])
        return
    if not orders:
        put("No orders.")
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
    table(rows, ("REFERENCE", "OPENED", "STATE", "TOTAL", "TENDER", "SIM"))
