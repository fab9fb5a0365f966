"""The tiles of the ways to pay: each says how one pays by it, or why that does not work now."""

from __future__ import annotations

from kiosk.abilities import amount_limit
from kiosk.ports import Acts
from kiosk.texts import Texts
from kiosk.ways import Hindrance, Way
from screens.parts import Tile, Words

ROOMY, CROWD = 4, 5
"""So many ways to pay fit the smallest terminal with a frame each; so many with a line between them."""


def room_for(count: int) -> str:
    """The class of their column: how much room there is for each of so many."""
    if count > CROWD:
        return "-many -crowd"
    return "-many" if count > ROOMY else ""


def fill(tile: Tile, way: Way, texts: Texts) -> None:
    """Write this way to pay on its tile, in these words."""
    tile.query_one(".way-name", Words).show(f"{tile.key}  {texts.tender(way.tender.name)}")
    tile.query_one(".way-says", Words).show("   " + way_words(way, texts))
    tile.set_class(way.hindrance is not None, "-off")


def way_words(way: Way, texts: Texts) -> str:
    """How one pays by it, or why that does not work now."""
    say = texts.say
    match way.hindrance:
        case Hindrance.NO_LINE:
            return say("not now: there is no line")
        case Hindrance.READER_OFF:
            return say("not now: the reader is off")
        case Hindrance.READER_BUSY:
            return say("not now: the reader is busy")
        case Hindrance.CLOCK:
            return say("not now: the clock is wrong")
        case Hindrance.PROVIDER_AWAY:
            return say("not now: no network answer")
        case Hindrance.LIMIT:
            return say("not now: too many wait")
        case Hindrance.NO_PAPER:
            return say("not now: no receipt paper")
        case Hindrance.SWITCHED_OFF:
            return say("not offered just now")
        case Hindrance.AMOUNT:
            return say("only up to {amount}", amount=amount_limit(way.tender))
    match way.tender.acts:
        case Acts.CLERK:
            return say("at the counter")
        case Acts.SHOWS_CODE:
            return say("scan a code with your phone")
        case Acts.SCANS_CUSTOMER_CODE:
            return say("show the code on your phone")
        case Acts.READER:
            return say("insert, tap or swipe it")
