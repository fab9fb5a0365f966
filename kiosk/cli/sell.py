"""`kiosk sell`: the whole sale, from the SIM's number to the receipt, for a clerk with a terminal."""

from __future__ import annotations

import sys
import time
from typing import NoReturn

import click

from kiosk.assembly import House
from kiosk.cli.common import (
    CHECKED,
    NUMBER,
    PIN_FD,
    cash_on_record,
    columns_of,
    given,
    next_act,
    signed_in,
    sim_number,
    stopping,
    with_house,
)
from kiosk.cli.out import confirm, put, put_lines
from kiosk.daily import settings_now, since_words
from kiosk.errors import Illegal, LedgerError, NotNow, QueueHeld, Unreachable
from kiosk.holder import IDLE_S, work
from kiosk.identifiers import SimNumber, grouped_number, grouped_reference, is_phone
from kiosk.ledger.jobs import JobStatus
from kiosk.money import Money
from kiosk.offers import covers
from kiosk.order import WAITING, Order, State
from kiosk.plain import plain
from kiosk.plans import Plan, Sim, total_of
from kiosk.ports import Acts, Tender
from kiosk.printing import Printed, print_receipt
from kiosk.quotes import Quote
from kiosk.sale import change_for, open_sale, plan_of, take_cash
from kiosk.settings import OUT_OF_SERVICE, TENDER
from kiosk.telling import in_one_line
from kiosk.texts import LANGUAGES, printable
from kiosk.ways import LineState, ways_to_pay

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
    refuse_if_hindered(house, tender, sim, total)
    now = house.quote(sim, plan, shown)
    refuse_if_another_price(shown, now)
    order = open_sale(
        house.ledger, sim, now.plan, lines, tender,
        kiosk=house.config.kiosk_id, language=lang, by=by, at=house.clock.now(), choose=house.choose,
    )  # fmt: skip
    with cash_on_record():
        order = take_cash(house.ledger, order, tendered, by=by, at=house.clock.now(), review_by=house.review_by())
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


def cash_tender(house: House, name: str) -> Tender:
    """A way to pay that a clerk can finish here. Raises Illegal for the others."""
    tender = house.tenders.get(name)
    if tender is None:
        raise Illegal(f"{name!r} is not configured; ways to pay: {', '.join(house.tenders) or 'none'}.")
    if tender.acts is not Acts.CLERK:
        raise Illegal(f"{name} needs the kiosk's screen; only cash can be sold from the command line.")
    return tender


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


def unchecked(house: House, sim: Sim) -> str:
    """What the clerk tells the customer of a SIM that nobody could look at."""
    assert sim.remembered_at is not None, "only such a one"
    at = f"{sim.remembered_at.astimezone(house.config.zone):%Y-%m-%d %H:%M}"
    return f"Its plans are those of {at}, for SIMs of its kind; if it takes no top-up, the money goes back."


def refuse_if_hindered(house: House, tender: Tender, sim: Sim, total: Money) -> None:
    """Say before any money is taken that nothing can be delivered now. Raises NotNow."""
    refuse_if_set_so(house, tender)
    if house.config.file.printer.required and not (printer := house.paper_watch.look()).condition.prints:
        raise NotNow(f"No receipt can be printed: {printer.why or printer.condition}. Nothing was sold; take no money.")
    outlook = house.outlook(sim.provider, total, unseen=sim.remembered_at is not None)
    (way,) = ways_to_pay({tender.name: tender}, LineState.UP, outlook)
    if way.hindrance is None:
        return
    why = outlook.limit or f"[offline] in the configuration does not let {tender.name} be taken meanwhile"
    raise NotNow(f"{sim.provider} does not answer, and {why}. Nothing was sold; take no money.")


def refuse_if_set_so(house: House, tender: Tender) -> None:
    """What somebody at the counter has set holds here, too. Raises NotNow."""
    found = {each.key: each for each in settings_now(house)}
    for key in (OUT_OF_SERVICE, TENDER + tender.name):
        setting = found.get(key)
        if setting and setting.changed and not setting.as_configured:
            name = "It" if key == OUT_OF_SERVICE else setting.name
            raise NotNow(
                f"{name} is {setting.words} {since_words(house, setting.changed)}. Nothing was sold; take no money."
                f" A supervisor sets it back: kiosk settings reset {key} --clerk NAME."
            )


def refuse_if_uncovered(house: House, provider: str, plan: Plan) -> None:
    """Say before any money is taken that our float does not cover the plan. Raises NotNow."""
    if not covers(house.left_to_sell(provider), plan):
        raise NotNow(f"{plan.id} is not available now: our credit at {provider} does not cover it. Take no money.")


def refuse_if_another_price(shown: Quote, now: Quote) -> None:
    """The clerk said yes to another price, or to something else for it. Raises Illegal."""
    if now.same(shown):
        return
    before, after = total_of(shown.lines("en")), total_of(now.lines("en"))
    told = f"{before} before, now {after}" if before != after else "the same total for something else"
    raise Illegal(f"The price has changed meanwhile: {told}. Nothing was sold; ask the customer, and sell anew.")


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
