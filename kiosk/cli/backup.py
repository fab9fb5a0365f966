"""`kiosk backup`: a copy of the ledger, while the kiosk goes on selling."""

from __future__ import annotations

from pathlib import Path

import click

from kiosk.assembly import House
from kiosk.cli.common import with_house
from kiosk.cli.out import put, tell_progress
from kiosk.ledger.backup import back_up

PAGES_WORTH_TELLING = 10_000
"""A smaller ledger is copied before anybody can read a figure."""


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@with_house
def command(house: House, file: Path) -> None:
    """Copy the ledger to FILE, which must be new. The kiosk goes on selling meanwhile."""

    def progress(done: int, total: int) -> None:
        if total > PAGES_WORTH_TELLING:
            tell_progress(100 * done // total, done=done == total)

    head = back_up(house.ledger, file, progress)
    put(f"{file} holds the ledger up to {head}. Keep it on another disk, and the pepper file apart from it.")
