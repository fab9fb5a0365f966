"""`kiosk backup`: a copy of the ledger, while the kiosk goes on selling."""

from __future__ import annotations

from pathlib import Path

import click

from kiosk.assembly import House
from kiosk.cli.common import with_house
from kiosk.ledger.backup import back_up


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@with_house
def command(house: House, file: Path) -> None:
    """Copy the ledger to FILE, which must be new. The kiosk goes on selling meanwhile."""
    ledger = house.ledger
    with click.progressbar(length=100, label="Backing up", file=click.get_text_stream("stderr")) as bar:
        head = back_up(ledger, file, lambda done, total: bar.update(int(100 * done / max(total, 1)) - bar.pos))
    click.echo(
        f"{file} holds the ledger up to {head}. Keep it on another disk, and keep the pepper file apart from it."
    )
