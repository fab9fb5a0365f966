"""`kiosk shift`: change money, cash in and out, readings and closings, without a screen."""

from __future__ import annotations

import sys
from typing import Any

import click
import msgspec

from kiosk import closing
from kiosk.assembly import House
from kiosk.clerks import Role, role_of
from kiosk.cli import MACHINE
from kiosk.cli.common import JSON, PIN_FD, columns_of, signed_in, table, with_house
from kiosk.cli.out import put, put_lines, say_json
from kiosk.closing_paper import difference_words, in_words, told_figures, x_paper, z_paper
from kiosk.errors import Illegal
from kiosk.ledger import shifts
from kiosk.ledger.jobs import JobStatus
from kiosk.ledger.shifts import Shift, Way, closing_of
from kiosk.money import Money
from kiosk.plain import plain
from kiosk.printing import Printed

CLERK = click.option("--clerk", required=True, metavar="NAME", help="Who does it.")
COUNT = "a total such as 123.45, or pieces such as '5x20 3x10 1.25'"


@click.group("shift")
def command() -> None:
    """The shift: change money, cash in and out, X, and the closing (Z)."""


@command.command("open")
@click.option("--change-money", required=True, metavar="COUNT", help=f"What is in the till: {COUNT}.")
@CLERK
@PIN_FD
@with_house
def begin(house: House, change_money: str, clerk: str, pin_fd: int | None) -> None:
    """Begin a shift with its change money, counted."""
    money, _ = closing.read_count(change_money, house.config.currency)
    shift = closing.open_till(house, money, signed_in(house, clerk, pin_fd))
    put(f"{shift.id} is open, with {in_words(money)} change money.")


def _moving(way: Way) -> None:
    """`kiosk shift in`, `kiosk shift out`."""

    @command.command(way.value, help=f"Cash goes {way} beside the sales, with a reason.")
    @click.argument("amount")
    @click.option("--reason", required=True, help="Why; it goes on record.")
    @CLERK
    @PIN_FD
    @with_house
    def move(house: House, amount: str, reason: str, clerk: str, pin_fd: int | None) -> None:
        money = Money.parse(amount, house.config.currency)
        put(closing.move(house, way, money, reason, signed_in(house, clerk, pin_fd)))


_moving(Way.IN)
_moving(Way.OUT)


@command.command("x")
@CLERK
@PIN_FD
@click.option("--print", "on_paper", is_flag=True, help="On paper, too.")
@JSON
@with_house
def reading(house: House, clerk: str, pin_fd: int | None, on_paper: bool, as_json: bool) -> None:
    """A reading: how the shift stands, closing nothing. What must be in the till stands on a supervisor's alone."""
    by = signed_in(house, clerk, pin_fd)
    full = role_of(house.ledger, clerk).may(Role.SUPERVISOR)
    till = closing.till_now(house)
    document = x_paper(house, till, by, with_expected=full)
    if as_json:
        say_json({"shift": till.shift and _of_shift(till.shift), **told_figures(till, with_expected=full)})
    else:
        put_lines(plain(document, columns_of(house)))
    if on_paper:
        _tell(closing.print_x(house, document), err=as_json)


@command.command("close")
@click.option("--counted", metavar="COUNT", help=f"What was counted: {COUNT} (default: asked, or stdin's next line).")
@click.option("--change-money", metavar="COUNT", help="What it began with, where nobody told it then.")
@click.option("--reason", default="", help="Why there is a difference; asked where a person sits here.")
@CLERK
@PIN_FD
@with_house
def close(
    house: House, counted: str | None, change_money: str | None, reason: str, clerk: str, pin_fd: int | None
) -> None:
    """Count, then close. The count goes on record before you are told what must be in the till.

    It is closed whatever is open or broken, and its paper is printed, now or later (kiosk shift show Z --print).
    """
    currency = house.config.currency
    by = signed_in(house, clerk, pin_fd)
    began = _began(house, change_money)
    money, pieces = closing.read_count(_counted(counted), currency)
    count = closing.count(house, money, by, pieces=pieces, till_float=began)
    word, amount = difference_words(count.difference)
    put(f"Counted {in_words(money)}; there must be {in_words(count.till.expected)}: {word.lower()}, {amount}.")
    if count.difference.amount_minor and not reason.strip() and sys.stdin.isatty():
        reason = click.prompt("Why is there a difference", err=True)
    done = closing.close(house, count, reason, by)
    put(closing.closed_words(house, done))
    _tell(closing.print_z(house, done.z or 0))


def _began(house: House, given: str | None) -> Money | None:
    """The change money of a shift that began without any being told; a person who sits here is asked for it."""
    shift = shifts.current(house.ledger)
    if shift and shift.till_float:
        if given is not None:
            raise Illegal(f"{shift.id} began with {shift.till_float}, which is on record: leave out --change-money.")
        return None
    if given is None and sys.stdin.isatty():
        given = str(click.prompt("Nobody told the change money that it began with. How much was it", "0", err=True))
    return closing.read_count(given, house.config.currency)[0] if given else None


def _counted(given: str | None) -> str:
    """From the option, a prompt, or standard input (whose first line was the PIN, unless --pin-fd says where it is)."""
    if given is not None:
        return given
    if sys.stdin.isatty():
        return str(click.prompt("Counted in the till", err=True))
    return sys.stdin.buffer.readline(1000).decode(errors="replace")


@command.command("list")
@JSON
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="So many of the newest.")
@with_house
def listing(house: House, as_json: bool, limit: int) -> None:
    """The shift that is open, and the closings, the newest first."""
    now, done = shifts.current(house.ledger), shifts.closings(house.ledger, limit)
    if as_json:
        say_json({"open": now and _of_shift(now), "closings": [_of_shift(shift) for shift in done]})
        return
    put(
        f"{now.id} is open, since {now.opened_at.astimezone(house.config.zone):%Y-%m-%d %H:%M %Z}."
        if now
        else "None is open."
    )
    rows = []
    for shift in done:
        closed, _ = closing_of(house.ledger, shift)
        at = f"{shift.closed_at.astimezone(house.config.zone):%Y-%m-%d %H:%M %Z}" if shift.closed_at else ""
        word, amount = difference_words(closed.difference)
        rows.append(
            (str(shift.z), shift.id, at, shift.closed_by, str(closed.counted), f"{word} {amount}", closed.reason)
        )
    if rows:
        table(rows, ("Z", "SHIFT", "CLOSED", "BY", "COUNTED", "", "WHY"))


@command.command("show")
@click.argument("z", type=click.IntRange(1))
@click.option("--print", "on_paper", is_flag=True, help="On paper, too; what may be the second one is marked COPY.")
@JSON
@with_house
def show(house: House, z: int, on_paper: bool, as_json: bool) -> None:
    """A closing as it was, whenever it was."""
    shift = shifts.closed_shift(house.ledger, z)
    if as_json:
        closed, head = closing_of(house.ledger, shift)
        say_json(_of_shift(shift) | msgspec.to_builtins(closed) | {"ledger": head})
    else:
        put_lines(plain(z_paper(house, shift), columns_of(house)))
    if on_paper:
        _tell(closing.print_z(house, z), err=as_json)


def _of_shift(shift: Shift) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(shift)
    return told


def _tell(printed: Printed, *, err: bool = False) -> None:
    """What became of the paper. Nothing that was closed depends on it; a script sees by the exit code."""
    put(closing.printed_words(printed), err=err)
    if printed.status in (JobStatus.FAILED, JobStatus.UNKNOWN):
        sys.exit(MACHINE)
