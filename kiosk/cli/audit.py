"""`kiosk audit`: who did what, who signed in, which PINs were wrong, what was changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

import click

from kiosk.assembly import House
from kiosk.audit import Entry, Wanted, as_csv, entries, line_of, write_new
from kiosk.cli.common import JSON, with_house
from kiosk.cli.out import put, put_lines, say_json
from kiosk.errors import Unreadable
from kiosk.identifiers import parse_reference
from kiosk.untrusted import json_text, printable_lines


@click.command("audit")
@click.option("--since", metavar="DATE", help="From this day on, by the shop's clock: 2026-11-28.")
@click.option("--until", metavar="DATE", help="To this day, with it.")
@click.option("--by", metavar="NAME", default="", help="What this person did, and what was done about them.")
@click.option("--event", metavar="NAME", default="", help="This event alone: pin_refused, refund_ordered, …")
@click.option("--order", metavar="REF", help="This order alone.")
@click.option("--limit", type=click.IntRange(min=1), help="The newest so many.")
@click.option("--csv", "as_table", is_flag=True, help="A table for a spreadsheet.")
@JSON
@click.option("--output", type=click.Path(path_type=Path), help="Into a new file, for you alone to read.")
@with_house
def command(
    house: House,
    since: str | None,
    until: str | None,
    by: str,
    event: str,
    order: str | None,
    limit: int | None,
    as_table: bool,
    as_json: bool,
    output: Path | None,
) -> None:
    """Show every act of a person and everything about access, the newest first. Only read.

    Also what the machine did about access: when a kiosk was started, and which keys of its configuration were changed.
    """
    if as_table and as_json:
        raise click.UsageError("Either --csv or --json.")
    wanted = Wanted(
        since=_midnight(house, since) if since else None,
        until=_midnight(house, until, timedelta(days=1)) if until else None,
        by=by,
        event=event,
        order=parse_reference(order) if order else None,
    )
    found = list(islice(entries(house, wanted), limit))
    text = _written(house, found, as_table, as_json)
    if output:
        write_new(output, text)
        put(f"{len(found)} {'line is' if len(found) == 1 else 'lines are'} in {output}.")
    elif as_json:
        say_json([entry.told() for entry in found])
    elif found:
        put_lines(text)
    else:
        put("Nothing of that kind is on record.", err=True)


def _written(house: House, found: list[Entry], as_table: bool, as_json: bool) -> str:
    if as_json:
        return json_text([entry.told() for entry in found], 2) + "\n"
    if as_table:
        return as_csv(found)
    return printable_lines("".join(f"{line_of(house, entry)}\n" for entry in found))


def _midnight(house: House, text: str, later: timedelta = timedelta(0)) -> datetime:
    """The day's first moment by the shop's clock. Raises Unreadable."""
    try:
        day = date.fromisoformat(text) + later
    except (ValueError, OverflowError):
        raise Unreadable(f"{text!r} is no day; write it as 2026-11-28.") from None
    return datetime.combine(day, time(), house.config.zone).astimezone(UTC)
