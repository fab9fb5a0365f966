"""`kiosk seats`: at which step the customer of each screen is, and who calls for staff."""

from __future__ import annotations

import time

import click

from kiosk.assembly import House
from kiosk.cli.common import JSON, table, with_house
from kiosk.cli.out import put, ring, say_json
from kiosk.ledger import desk
from kiosk.ledger.seats import Seat, come, seats
from kiosk.texts import LANGUAGES

LOOK_S = 0.5


@click.command("seats")
@click.option("--watch", is_flag=True, help="Go on looking, and ring the bell when somebody calls. Ctrl+C ends it.")
@click.option("--come", "to", metavar="SEAT", help="Tell the customer there that somebody is on the way.")
@click.option("--clerk", metavar="NAME", default="", help="Who comes.")
@JSON
@with_house
def command(house: House, watch: bool, to: str | None, clerk: str, as_json: bool) -> None:
    """Show at which step each kiosk's customer is, and who calls for staff, the longest wait first."""
    if to is not None:
        if not clerk.strip():
            raise click.UsageError("Who comes? Say --clerk NAME.")
        desk.pin_hash_of(house.ledger, clerk.strip())  # a name that nobody has would be on record for ever
        known = come(house.ledger, to, clerk.strip(), at=house.clock.now())
        put(f"Seat {to} knows that you are on the way." if known else f"Nobody waits for staff at seat {to}.")
        return
    found = seats(house.ledger, house.clock.now())
    if as_json:
        say_json([_told(seat) for seat in found])
        return
    show(house, found)
    while watch:
        time.sleep(LOOK_S)
        before, found = found, seats(house.ledger, house.clock.now())
        if found != before:
            calls = {seat.name for seat in found if seat.called and not seat.called.coming}
            if calls - {seat.name for seat in before if seat.called}:
                ring()
            else:
                put()
            show(house, found)


def show(house: House, found: list[Seat]) -> None:
    """A line each."""
    rows = [(seat.name, _calls(house, seat), seat.step, LANGUAGES.get(seat.language, "")) for seat in found]
    if not rows:
        put("No kiosk is open.")
        return
    table(rows, ("SEAT", "STAFF", "STEP", "LANGUAGE"))


def _calls(house: House, seat: Seat) -> str:
    if not seat.called:
        return "" if seat.alive else "no sign of life"
    if seat.called.coming:
        return f"{seat.called.coming} is on the way"
    waits = max(0, round((house.clock.now() - seat.called.at).total_seconds()))
    return f"CALLED {waits // 60}:{waits % 60:02d} ago"


def _told(seat: Seat) -> dict[str, object]:
    called = seat.called
    return {
        "seat": seat.name,
        "step": seat.step,
        "language": seat.language,
        "alive": seat.alive,
        "called_at": called.at.isoformat() if called else None,
        "coming": called.coming if called else "",
    }
