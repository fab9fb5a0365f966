"""`kiosk settings`: what changes from day to day, without touching a file."""

from __future__ import annotations

import click

from kiosk.assembly import House
from kiosk.cli.common import JSON, PIN_FD, signed_in, table, with_house
from kiosk.cli.out import put, say_json
from kiosk.daily import Setting, change, consequence, parse_value, settings_now, since_words
from kiosk.errors import Illegal
from kiosk.ledger.settings import Value

CLERK = click.option("--clerk", required=True, metavar="NAME", help="Who changes it: a supervisor, or the owner.")
REASON = click.option("--reason", default="", help="Why; it goes on record.")


class Listed(click.Group):
    """Without a word of its own it lists."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        asked = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if asked else ["list", *args])


@click.group("settings", cls=Listed)
def command() -> None:
    """List and change what changes daily: out of service, ways to pay, promotions, volume. Each is an event.

    Without a subcommand it lists. A setting stands above config.toml until it is set back.
    """


@command.command("list")
@JSON
@with_house
def show(house: House, as_json: bool) -> None:
    """List every setting: as it is now, since when, by whom."""
    found = settings_now(house)
    if as_json:
        say_json([_told(each) for each in found])
        return
    rows = [(each.key, each.words, since_words(house, each.changed) if each.changed else "") for each in found]
    table(rows, ("SETTING", "NOW", "CHANGED"))


@command.command("set")
@click.argument("key")
@click.argument("value")
@CLERK
@REASON
@PIN_FD
@with_house
def set_to(house: House, key: str, value: str, clerk: str, reason: str, pin_fd: int | None) -> None:
    """Change one: `on` or `off`; a volume in percent; for out_of_service a message.

    back_soon, ask_at_counter, back_tomorrow and no_message are read in each customer's language; other words are shown
    as they are, on at most two lines (\\n between them) of 38 columns.
    """
    _change(house, key, parse_value(_named(house, key).key, value), clerk, reason, pin_fd)


@command.command("reset")
@click.argument("key")
@CLERK
@REASON
@PIN_FD
@with_house
def reset(house: House, key: str, clerk: str, reason: str, pin_fd: int | None) -> None:
    """Set one back to what is configured; for out_of_service, back in service."""
    _change(house, key, None, clerk, reason, pin_fd)


def _change(house: House, key: str, value: Value | None, clerk: str, reason: str, pin_fd: int | None) -> None:
    seen = _named(house, key).changed
    will = consequence(house, key, value)
    by = signed_in(house, clerk, pin_fd)
    put(change(house, key, value, by=by, seen=seen, reason=reason))
    put(will)


def _named(house: House, key: str) -> Setting:
    """Raises Illegal where there is no such setting."""
    found = {each.key: each for each in settings_now(house)}
    if key not in found:
        raise Illegal(f"There is no setting {key}; there are: {', '.join(found)}.")
    return found[key]


def _told(each: Setting) -> dict[str, object]:
    return {
        "key": each.key,
        "value": each.value,
        "now": each.words,
        "as_configured": each.as_configured,
        "changed_at": each.changed.at.isoformat() if each.changed else None,
        "changed_by": each.changed.by if each.changed else None,
    }
