"""`kiosk print-test`: a test page, and what the printer says."""

from __future__ import annotations

import sys

import click

from kiosk.assembly import House
from kiosk.cli import MACHINE
from kiosk.cli.common import with_house
from kiosk.cli.out import put
from kiosk.doctor.devices import ADVICE, FONTS
from kiosk.errors import ConfigError, DeviceError
from kiosk.paper import PrinterState
from kiosk.ports import Printer
from kiosk.printing import shop_of
from kiosk.slips import printer_check
from kiosk.texts import LANGUAGES, printable, texts


@click.command("print-test")
@click.option("--lang", type=click.Choice(list(LANGUAGES)), default="en", show_default=True, help="Of the test page.")
@with_house
def command(house: House, lang: str) -> None:
    """Print a test page. Says how the printer is, and whether it was printed, only sent, or why not."""
    printer = house.printer
    if printer is None:
        raise ConfigError(f'{house.config.source}: printer.kind: is "none"; there is nothing to print with.')
    state = printer.look()
    put(told(printer, state))
    if not state.condition.prints:
        put(ADVICE[state.condition])
        sys.exit(MACHINE)
    document = printer_check(shop_of(house.config, lang), texts(lang), house.config.zone, house.clock.now())
    if not printer.can_say(document):
        put(f"It has no letters for {LANGUAGES[lang]}, so its receipts are in English. {FONTS}")
    try:
        printed = printer.print(document)
    except DeviceError as error:
        put(f"{'Nobody knows' if error.sent else 'Not printed'}: {error}")
        sys.exit(MACHINE)
    put("Printed: the printer says so." if printed else "Sent; the printer does not say whether it printed.")
    put("On the paper: the lines straight, no question marks, the QR code whole, and cut if it has a knife.")


def told(printer: Printer, state: PrinterState) -> str:
    """How it is, in one line."""
    why = f" ({printable(state.why)})" if state.why else ""
    return f"The {printer.name}: {state.condition}{why}."
