"""`kiosk sell`: the whole sale, from the SIM's number to the receipt, for a clerk with a terminal."""

from __future__ import annotations

import sys
import time
from typing import NoReturn

import click

from kiosk.assembly import House
from kiosk.by_hand import cash_tender, refuse_if_hindered, refuse_if_uncovered, sell_for_cash, unchecked
from kiosk.cli.common import (
    CHECKED,
    NUMBER,
    PIN_FD,
    columns_of,
    given,
    next_act,
    signed_in,
    sim_number,
    stopping,
    with_house,
)
from kiosk.cli.out import confirm, put, put_lines
from kiosk.errors import LedgerError, NotNow, QueueHeld, Unreachable
from kiosk.holder import IDLE_S, work
from kiosk.identifiers import SimNumber, grouped_number, grouped_reference, is_phone
from kiosk.ledger.jobs import JobStatus
from kiosk.order import WAITING, Order, State
from kiosk.plain import plain
from kiosk.plans import Sim, total_of
from kiosk.printing import Printed, print_receipt
from kiosk.sale import change_for, plan_of
from kiosk.telling import in_one_line
from kiosk.texts import LANGUAGES, printable

EXIT_CODES = {State.SUBMITTING: 10, State.CAPTURING: 10, State.REFUNDING: 11, State.REFUNDED: 11, State.REVIEW: 12}


@click.command("sell")
@NUMBER
@click.option("--plan", "plan_id", required=True, help="The plan's name, as `kiosk plans` lists it.")
@click.option("--tender", "tender_name", default="cash", show_default=True, help="The way to pay.")
@click.option("--clerk", required=True, metavar="NAME", help="Who takes the cash.")
@click.option("--tendered", metavar="AMOUNT", help="What the customer gave, such as 20.00 (default: what is due).")
@click.option("--lang", type=click.Choice(list(LANGUAGES)), default="en", show_default=True, help="For the receipt.")
@CHECKED
@click.option("--unseen", is_flag=True, help="Sell by the last known plans where the provider does not answer.")
@click.option(
    "--wait", "wait_s", type=click.IntRange(0, 3600), default=60, show_default=True,
    help="Seconds to wait for the delivery.",
)  # fmt: skip
@PIN_FD
@with_house
def command(
    house: House, number: str, plan_id: str, tender_name: str, clerk: str, lang: str, **options: object
) -> None:
    """Sell a top-up for cash. The clerk's PIN comes from a prompt, stdin, or --pin-fd."""
    checked = bool(options["checked"])
    known_by = sim_number(house, number, checked=checked)
    tender = cash_tender(house, tender_name)
    sim = asked(house, known_by, unseen=bool(options["unseen"]))
    plan = plan_of(sim, plan_id, house.config.prices)
    shown = house.quote(sim, plan)
    lines = shown.lines(lang)
    total = total_of(lines)
    tendered = given(options["tendered"], total)  # type: ignore[arg-type]
    change = change_for(total, tendered)
    refuse_if_uncovered(house, sim.provider, shown.plan)
    refuse_if_hindered(house, tender, sim, total)
    put(f"{plan.name} for {grouped_number(sim.number)}: {total} is due.", err=True)
    if not checked:
        confirmed(sim)
    by = signed_in(house, clerk, options["pin_fd"])  # type: ignore[arg-type]
    order = sell_for_cash(house, tender, sim, shown, tendered, language=lang, by=by)
    put(f"Order {grouped_reference(order.reference)}: {plan.name} for {grouped_number(sim.number)}")
    put(f"Due {total}, tendered {tendered}, change {change}")
    finish(house, order, int(str(options["wait_s"])))


def finish(house: House, order: Order, wait_s: int) -> NoReturn:
    """See the paid order through, hand over its paper, and end with the exit code of where it stands."""
    try:
        order = see_through(house, order, wait_s)
        put(in_one_line(order))
        hand_over_receipt(house, order)
    except LedgerError as error:
        put(f"{error}", err=True)
        put("The cash is on record; the top-up goes on by itself when the ledger works again.", err=True)
        sys.exit(EXIT_CODES[State.SUBMITTING])
    if advice := next_act(order):
        put(advice)
    sys.exit(EXIT_CODES.get(order.state, 0))


def confirmed(sim: Sim) -> None:
    """A mistyped phone number is somebody else's: a person at a terminal is asked, as the screens ask the customer."""
    if is_phone(sim.number) and sys.stdin.isatty():
        network = f", {printable(sim.network)}" if sim.network else ""
        confirm(f"{grouped_number(sim.number)}{network}: the customer's number?")


def asked(house: House, number: SimNumber, *, unseen: bool) -> Sim:
    """The SIM, by its provider; where that does not answer, by what is known of its kind, if the clerk says so.

    Raises NoAnswer.
    """
    try:
        return house.inquiry.sim_now(number)
    except Unreachable as error:
        sim = house.unseen(number)
        if sim is None:
            raise
        if not unseen:
            raise NotNow(f"{error} {unchecked(house, sim)} Sell it all the same: --unseen.") from None
        put(f"{error} {unchecked(house, sim)}", err=True)
        return sim


def see_through(house: House, order: Order, wait_s: int) -> Order:
    """Work the queue for this order, or leave it to the queue's holder and watch. Ctrl+C only ends the waiting."""
    deadline, told = time.monotonic() + wait_s, False
    with stopping() as stop:

        def over() -> bool:
            late = stop.is_set() or time.monotonic() > deadline
            return late or house.ledger.order(order.reference).state not in WAITING[2:4]

        while not over():
            try:
                with house.lock(f"kiosk sell {grouped_reference(order.reference)}"):
                    work(house.queue(), until=over, first=order.reference, idle=stop.wait)
            except QueueHeld as error:  # asked again and again: the holder may die
                if not told:
                    put(f"{error} It delivers this order; watching.")
                told = True
                stop.wait(IDLE_S)
    return house.ledger.order(order.reference)


def hand_over_receipt(house: House, order: Order) -> None:
    """Print the receipt, and say where it went. On the screen too, where there is no paper to hold."""
    tell_printed(house, print_receipt(house.ledger, house.config, house.printer, order, house.clock))


def tell_printed(house: House, printed: Printed) -> None:
    """Say what became of the paper, and show what stands on it where there is none to hold."""
    match printed.status:
        case JobStatus.PRINTED | JobStatus.SENT:
            where = house.printer.name if house.printer else ""
            put(f"Receipt {printed.status} to {where}.")
        case None:
            put(f"No receipt: {printed.reason}.")
        case _:
            put(f"The receipt is {printed.status}: {printed.reason.rstrip('.')}. This is it:")
    if printed.status in (None, JobStatus.FAILED, JobStatus.UNKNOWN) or house.config.training:
        put_lines(plain(printed.document, columns_of(house)))
