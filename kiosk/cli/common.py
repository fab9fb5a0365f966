"""What the commands share: the configuration, the clerk's PIN, how an order is told in one line."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click

from kiosk import assembly
from kiosk.assembly import House
from kiosk.cli import chosen
from kiosk.cli.out import confirm, put
from kiosk.errors import BadIccid, ClerkError, LedgerError
from kiosk.facts import Call, refused_for_good
from kiosk.identifiers import Doubt, SimNumber, grouped_iccid, grouped_reference, masked_number
from kiosk.money import Money
from kiosk.order import Order, State
from kiosk.phones import parse_number
from kiosk.sign_in import COMMAND_LINE, WrongPin, sign_in
from kiosk.texts import printable

PIN_FD = click.option(
    "--pin-fd", type=click.IntRange(min=0), help="Read the clerk's PIN from this file descriptor (default: stdin)."
)
NUMBER = click.option(
    "--iccid",
    "--phone",
    "number",
    required=True,
    help="The card number beside the barcode, or the SIM's US phone number.",
)
CHECKED = click.option("--checked", is_flag=True, help="A human compared the number with the customer's.")
SECOND = click.option("--second", metavar="NAME", help="A second clerk, where giving money back takes two.")
SECOND_PIN_FD = click.option(
    "--second-pin-fd",
    type=click.IntRange(min=0),
    help="Where the second clerk's PIN is (default: stdin's second line).",
)
SUPERVISOR = click.option("--supervisor", metavar="NAME", help="A supervisor or owner, after a review's deadline.")
SUPERVISOR_PIN_FD = click.option(
    "--supervisor-pin-fd",
    type=click.IntRange(min=0),
    help="Where the supervisor's PIN is (default: stdin's next line).",
)
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
        house = assembly.build(chosen(config_path, training=training), train=training)
        try:
            command(house, **arguments)
        finally:
            house.close()

    return wrapped


def sim_number(house: House, text: str, *, checked: bool) -> SimNumber:
    """The number as typed; where only a check digit is in doubt, a person is asked. Raises BadIccid, BadPhone."""
    try:
        return parse_number(text, house.config.sims, checked=checked)
    except BadIccid as error:
        if error.reading.doubt is not Doubt.CHECK_DIGIT or not sys.stdin.isatty():
            raise
        confirm(f"{error} Is it {grouped_iccid(error.reading.digits)} on the card, too?")
        return parse_number(text, house.config.sims, checked=True)


def signed_in(house: House, clerk: str, pin_fd: int | None) -> str:
    """Who acts, after the PIN was checked: from a prompt, from stdin, or from a file descriptor. Raises ClerkError."""
    try:
        return sign_in(house, clerk, read_pin(f"PIN of {clerk}", pin_fd), COMMAND_LINE)
    except WrongPin:
        raise WrongPin(f"This is not the PIN of {clerk}. Nothing was done.") from None


def all_signed_in(
    house: House,
    clerk: str,
    pin_fd: int | None = None,
    second: str | None = None,
    second_pin_fd: int | None = None,
    supervisor: str | None = None,
    supervisor_pin_fd: int | None = None,
) -> tuple[str, str, str]:
    """Who acts, the second one and the supervisor (empty: nobody), after every PIN was checked. Raises ClerkError."""
    first = signed_in(house, clerk, pin_fd)
    other = signed_in(house, second, second_pin_fd) if second else ""
    return first, other, signed_in(house, supervisor, supervisor_pin_fd) if supervisor else ""


@contextmanager
def cash_on_record() -> Iterator[None]:
    """Where cash cannot be recorded, the clerk learns that it is still the customer's. Raises LedgerError."""
    try:
        yield
    except LedgerError as error:
        raise type(error)(f"{error} The cash is not on record: give it back, or try again in a moment.") from None


def read_pin(prompt: str, pin_fd: int | None, *, new: bool = False) -> str:
    """A PIN, never echoed; a new one is typed twice. Raises ClerkError where none is given."""
    if pin_fd is None and sys.stdin is not None and sys.stdin.isatty():
        pin = click.prompt(prompt, hide_input=True, err=True, confirmation_prompt="Once more" if new else False)
    else:
        pin = _first_line(pin_fd)
    if not pin:
        raise ClerkError("No PIN was given.")
    return pin


def _first_line(pin_fd: int | None) -> str:
    """What a script gives. Bytes that are no text are no PIN either."""
    try:
        if pin_fd is None:
            line = b"" if sys.stdin is None else sys.stdin.buffer.readline()
        else:
            with os.fdopen(pin_fd, "rb", closefd=False) as source:
                line = source.readline()
    except OSError as error:
        where = "standard input" if pin_fd is None else f"file descriptor {pin_fd}"
        raise ClerkError(f"The PIN cannot be read from {where}: {error.strerror}.") from None
    return line.decode(errors="replace").strip()


def given(tendered: str | None, due: Money) -> Money:
    """What the customer gave: what is due, unless somebody says another amount. Raises BadMoney."""
    return due if tendered is None else Money.parse(tendered, due.currency)


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that Ctrl+C or SIGTERM sets: a call that is out ends first. The second time they end the program."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}

    def ask(*_: object) -> None:
        stop.set()
        for name, handler in before.items():
            signal.signal(name, handler)

    for name in before:
        signal.signal(name, ask)
    try:
        yield stop
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def columns_of(house: House) -> int:
    """How wide a receipt is on the screen: as on the paper, where there is a printer."""
    return house.printer.columns if house.printer else 42


def table(rows: Iterable[tuple[str, ...]], header: tuple[str, ...]) -> None:
    """Columns for people, each as wide as its widest entry. No cell can command the terminal."""
    lines = [header, *(tuple(map(printable, row)) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        put("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def told(order: Order) -> dict[str, Any]:
    """An order for a script: names as in the ledger, money as integers with their currency."""
    return {
        "reference": order.reference,
        "state": order.state.value,
        "sim_number": masked_number(order.sim_number),
        "provider": order.provider,
        "network": order.network,
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


def next_act(order: Order) -> str:
    """What a person does next about an order, or an empty text where nothing is left to do."""
    name = grouped_reference(order.reference)
    match order.state:
        case State.AUTHORIZING if order.tender == "cash":
            return f"Once the cash is taken: kiosk cash {name} --clerk NAME"
        case State.AUTHORIZING | State.CANCELLING | State.SUBMITTING | State.CAPTURING:
            return f"It goes on by itself while `kiosk run` or `kiosk sync` runs. How it stands: kiosk show {name}"
        case State.REFUNDING if order.tender == "cash":
            return f"Hand back {order.total}, then: kiosk cash-back {name} --clerk NAME"
        case State.REFUNDING:
            return f"The refund goes on by itself while `kiosk run` or `kiosk sync` runs: kiosk show {name}"
        case State.REVIEW if order.tender != "cash" and refused_for_good(order.of(Call.REFUND)):
            return (
                f"Let {order.tender} try again: kiosk decide {name} refund --clerk NAME --reason …; or hand back"
                f" {order.paid} in cash: kiosk cash-back {name} --clerk NAME"
            )
        case State.REVIEW:
            return f"Decide it: kiosk decide {name} resume|refund|delivered|returned|unpaid --clerk NAME --reason …"
    return ""
