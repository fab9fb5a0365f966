"""`kiosk doctor`: is everything as it must be? One line a check, and what to do where it is not."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from kiosk.assembly import House
from kiosk.cli.common import JSON, with_house
from kiosk.cli.out import put, say_json
from kiosk.doctor import Line, Verdict, examine


@click.command("doctor")
@with_house
@click.option(
    "--privacy", is_flag=True, help="Look for what names a customer, or opens a door, and should not be there."
)
@JSON
def command(house: House, privacy: bool, as_json: bool) -> None:
    """Look at everything that a sale needs, and say what to do about what is not right. Exit code 1 where it is not.

    It sells nothing, moves no money and prints nothing.
    """
    lines = []
    for line in _privacy(house) if privacy else examine(house):
        lines.append(line)
        if not as_json:  # each as it comes: a remote that is away takes its time
            put(f"{line.verdict:<6} {line.what:<10} {line}")
    wrong = any(line.verdict is Verdict.WRONG for line in lines)
    if as_json:
        say_json({"well": not wrong, "lines": [asdict(line) for line in lines]}, indent=None)
    sys.exit(1 if wrong else 0)


def _privacy(house: House) -> list[Line]:
    from kiosk.doctor.privacy import privacy

    return list(privacy(house))
