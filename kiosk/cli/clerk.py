"""`kiosk clerk`: who may take money and decide."""

from __future__ import annotations

import click

from kiosk import clerks
from kiosk.assembly import House
from kiosk.cli.common import JSON, PIN_FD, read_pin, table, with_house
from kiosk.cli.out import put, say_json
from kiosk.ledger import desk


@click.group("clerk")
def command() -> None:
    """Add, list and disable clerks."""


@command.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in clerks.ROLES]), default="clerk", show_default=True)
@PIN_FD
@with_house
def add(house: House, name: str, role: str, pin_fd: int | None) -> None:
    """Add a clerk. The PIN (at least 6 digits) comes from a prompt, stdin, or --pin-fd."""
    pepper = clerks.pepper_of(house.config.file.ledger.pepper, "ledger.pepper")
    pin = read_pin(f"A PIN for {name}, at least {clerks.PIN_DIGITS_MIN} digits", pin_fd, new=True)
    clerks.add_clerk(house.ledger, pepper, name, pin, role, at=house.clock.now())
    put(f"{name} is added ({role}).")


@command.command("list")
@JSON
@with_house
def show(house: House, as_json: bool) -> None:
    """List the clerks."""
    rows = desk.clerks(house.ledger)
    if as_json:
        say_json(rows)
        return
    table(
        [(row["name"], row["role"], row["added_at"][:10], (row["disabled_at"] or "")[:10]) for row in rows],
        ("NAME", "ROLE", "ADDED", "DISABLED"),
    )


@command.command("disable")
@click.argument("name")
@with_house
def disable(house: House, name: str) -> None:
    """Disable a clerk: the PIN opens nothing any more; what they did stays on record."""
    desk.disable_clerk(house.ledger, name, at=house.clock.now())
    put(f"{name} is disabled.")
