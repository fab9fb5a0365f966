"""`kiosk clerk`: who may take money and decide. It takes no PIN but the new one: it is for who owns the machine."""

from __future__ import annotations

import click

from kiosk import clerks, staff
from kiosk.assembly import House
from kiosk.cli.common import JSON, PIN_FD, read_pin, table, with_house
from kiosk.cli.out import put, say_json
from kiosk.ledger import desk
from kiosk.sign_in import COMMAND_LINE

ROLE = click.Choice([role.value for role in clerks.ROLES])


@click.group("clerk")
def command() -> None:
    """Add, list and disable clerks; change a role or a PIN. The first one is the owner."""


@command.command("add")
@click.argument("name")
@click.option("--role", type=ROLE, default="clerk", show_default=True)
@PIN_FD
@with_house
def add(house: House, name: str, role: str, pin_fd: int | None) -> None:
    """Add a clerk. The PIN (at least 6 digits) comes from a prompt, stdin, or --pin-fd."""
    pin = _new_pin(name, pin_fd)
    staff.add(house, name, role, pin, pin, by=COMMAND_LINE)
    put(f"{name} is added ({role}).")


def _new_pin(name: str, pin_fd: int | None) -> str:
    return read_pin(f"A PIN for {name}, at least {clerks.PIN_DIGITS_MIN} digits", pin_fd, new=True)


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
    """Disable a clerk: the PIN opens nothing any more; what they did stays on record. Never the last owner."""
    staff.disable(house, name, by=COMMAND_LINE)
    put(f"{name} is disabled.")


@command.command("role")
@click.argument("name")
@click.argument("role", type=ROLE)
@with_house
def role(house: House, name: str, role: str) -> None:
    """Make a clerk, a supervisor or an owner of somebody."""
    staff.change_role(house, name, role, by=COMMAND_LINE)
    put(f"{name} is {role} now.")


@command.command("pin")
@click.argument("name")
@PIN_FD
@with_house
def pin(house: House, name: str, pin_fd: int | None) -> None:
    """Give somebody a new PIN, who has forgotten theirs or waits after wrong ones."""
    typed = _new_pin(name, pin_fd)
    staff.change_pin(house, name, typed, typed, by=COMMAND_LINE)
    put(f"{name} has a new PIN.")
