"""What the commands share: the configuration, the clerk's PIN, how an order is told in one line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from kiosk import assembly
from kiosk.assembly import House
from kiosk.errors import ClerkError
from kiosk.identifiers import grouped_reference, masked_iccid
from kiosk.order import Order, State

STATE_WORDS = {
    State.AUTHORIZING: "waiting for the payment",
    State.CANCELLING: "cancelled; making sure that nothing was paid",
    State.SUBMITTING: "paid; the top-up is being delivered",
    State.CAPTURING: "delivered; the card's money is being taken",
    State.REFUNDING: "the money is to be given back",
    State.REVIEW: "a clerk must decide",
    State.COMPLETED: "delivered and verified",
    State.REFUNDED: "the money is given back",
    State.ABANDONED: "nothing was paid",
}
PIN_FD = click.option("--pin-fd", type=int, help="Read the clerk's PIN from this file descriptor (default: stdin).")
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document, for scripts.")


def with_house(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command its kiosk, from --config or --training, and close it afterwards."""

    @click.option(
        "--config",
        "config_path",
        type=click.Path(path_type=Path),
        envvar="KIOSK_CONFIG",
        help="The configuration file.",
    )
    @click.option("--training", is_flag=True, help="Practise: own ledger, local sandbox, no money.")
    @wraps(command)
    def wrapped(config_path: Path | None, training: bool, **arguments: Any) -> None:
        house = assembly.build(config_path, train=training)
        try:
            command(house, **arguments)
        finally:
            house.close()

    return wrapped


def signed_in(house: House, clerk: str, pin_fd: int | None) -> str:
    """Who acts, after the PIN was checked: from a prompt, from stdin, or from a file descriptor. Raises ClerkError."""
    return house.who(clerk, read_pin(f"PIN of {clerk}", pin_fd))


def read_pin(prompt: str, pin_fd: int | None) -> str:
    """A PIN, never echoed. Raises ClerkError where none is given."""
    if pin_fd is not None:
        try:
            with os.fdopen(pin_fd, closefd=False) as source:
                pin = source.readline().strip()
        except OSError as error:
            raise ClerkError(f"The PIN cannot be read from file descriptor {pin_fd}: {error.strerror}.") from None
    elif sys.stdin.isatty():
        pin = click.prompt(prompt, hide_input=True, err=True)
    else:
        pin = sys.stdin.readline().strip()
    if not pin:
        raise ClerkError("No PIN was given.")
    return pin


def say_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def table(rows: Iterable[tuple[str, ...]], header: tuple[str, ...]) -> None:
    """Columns for people, each as wide as its widest entry."""
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def told(order: Order) -> dict[str, Any]:
    """An order for a script: names as in the ledger, money as integers with their currency."""
    return {
        "reference": order.reference,
        "state": order.state.value,
        "iccid": masked_iccid(order.iccid),
        "provider": order.provider,
        "tender": order.tender,
        "plan": order.plan.id,
        "total_minor": order.total.amount_minor,
        "currency": order.total.currency,
        "opened_at": order.opened_at.isoformat(),
        "paid_at": order.paid_at.isoformat() if order.paid_at else None,
        "delivered_at": order.delivered_at.isoformat() if order.delivered_at else None,
        "refunded_at": order.refunded_at.isoformat() if order.refunded_at else None,
        "reason": order.reason,
        "deadline_at": order.deadline_at.isoformat() if order.deadline_at else None,
    }


def in_one_line(order: Order) -> str:
    """An order for a person."""
    text = f"{grouped_reference(order.reference)}  {order.state}: {STATE_WORDS[order.state]}"
    return f"{text} ({order.reason})" if order.reason else text
