"""`kiosk doctor`: is everything as it must be? One line a check, and what to do where it is not.

A check is a function of the house that yields its lines. It changes nothing, and has a deadline.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import click

from kiosk.abilities import Greets
from kiosk.assembly import House
from kiosk.cli.common import with_house
from kiosk.errors import ConfigError, NoAnswer
from kiosk.paper import Condition
from kiosk.printing import shop_of
from kiosk.slips import printer_check
from kiosk.texts import LANGUAGES, printable, texts


class Verdict(StrEnum):
    FINE = "ok"
    NOTE = "note"
    """To be known; nothing fails by it now."""
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Line:
    what: str
    verdict: Verdict
    said: str
    todo: str = ""


ADVICE = {
    Condition.READY: "",
    Condition.NEAR_END: "Have a new roll at hand.",
    Condition.OUT: "Put in a new roll, and close the cover.",
    Condition.COVER: "Close its cover.",
    Condition.OFFLINE: "Press its feed or online button, and look at its lamp.",
    Condition.ERROR: "Look for jammed paper or a stuck knife; switch it off and on.",
    Condition.AWAY: "Is it on, its cable in, and what [printer] says true? Its self-test page shows address and speed.",
    Condition.UNKNOWN: "It prints, perhaps; what came out must be looked at: kiosk print-test.",
}

FONTS = "Install fonts-wqy-microhei, or name a font in [printer] font: then they are drawn."


def printer(house: House) -> Iterator[Line]:
    """Nothing is printed for it."""
    made = house.printer
    if made is None:
        yield Line(
            "printer", Verdict.NOTE, "there is none: customers photograph the screen", "See [printer] in config.toml."
        )
        return
    state = made.look()
    said = f"{made.name}: {state.condition}" + (f" ({state.why})" if state.why else "")
    verdict = Verdict.FINE if state.condition is Condition.READY else Verdict.NOTE
    yield Line(
        "printer", verdict if state.condition.prints else Verdict.WRONG, printable(said), ADVICE[state.condition]
    )


def languages(house: House) -> Iterator[Line]:
    """Whether each language's receipts come in that language."""
    made, config = house.printer, house.config
    for language, name in LANGUAGES.items() if made else ():
        page = printer_check(shop_of(config, language), texts(language), config.zone, house.clock.now())
        if made and not made.can_say(page):
            said = f"{name}: the printer has no letters for it; such receipts are in English"
            yield Line("receipts", Verdict.NOTE, said, FONTS)


def messages(house: House) -> Iterator[Line]:
    """Whether customers can be written to; each server is greeted, and nothing is sent."""
    from kiosk.post import channels_of, messengers  # loads httpx: only for who asks

    if not house.config.file.messages:
        yield Line("messages", Verdict.NOTE, "there are none to customers", "See [messages.email] in config.toml.")
    try:
        for channel in channels_of(house.config):
            made = messengers(house)(channel)
            if made is not None and isinstance(made, Greets):
                made.greet()
            yield Line("messages", Verdict.FINE, f"{channel} can be sent")
    except (ConfigError, NoAnswer) as error:
        todo = "No order waits for it; what customers are to be told is tried again by itself."
        yield Line("messages", Verdict.WRONG, printable(str(error)).rstrip("."), todo)


CHECKS: tuple[Callable[[House], Iterator[Line]], ...] = (printer, languages, messages)


@click.command("doctor")
@with_house
def command(house: House) -> None:
    """Look at everything that a sale needs, and say what to do about what is not right. Exit code 1 where it is not."""
    wrong = False
    for check in CHECKS:
        for line in check(house):
            wrong |= line.verdict is Verdict.WRONG
            click.echo(f"{line.verdict:<6} {line.what:<10} {line.said}{f'. {line.todo}' if line.todo else ''}")
    sys.exit(1 if wrong else 0)
