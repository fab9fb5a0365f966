"""`kiosk run`: opens the kiosk: seat, queue and screens."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.cli import chosen
from kiosk.cli.out import put

if TYPE_CHECKING:
    from kiosk.assembly import House


@click.command("run")
@click.option(
    "--config", "config_path", type=click.Path(path_type=Path), envvar="KIOSK_CONFIG", help="The configuration."
)
@click.option("--training", is_flag=True, help="Practise: own ledger, local sandbox, no money.")
@click.option("--seat", default="1", show_default=True, help="Which of several screens on one ledger this is.")
def command(config_path: Path | None, training: bool, seat: str) -> None:
    """Open the kiosk. It stays open: only a clerk leaves it, with a PIN: F10 opens the counter there, F10 twice ends.

    Whoever leaves the counter, or is away from it, leaves the kiosk to the next customer.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError("The kiosk needs a terminal to paint on. The queue alone, without screens: kiosk sync.")
    from kiosk.supervisor import supervise

    config_path = chosen(config_path, training=training)
    if training:
        put(training_banner())
    which = "" if training or config_path is None else str(config_path)
    supervise(lambda: house_of(config_path, training), which, seat)


def house_of(config_path: Path | None, training: bool) -> House:
    from kiosk import assembly  # 150 ms: while the screens load

    return assembly.build(config_path, train=training)


def training_banner() -> str:
    from kiosk import training

    return training.banner()
