"""`kiosk devices simulate`: simulated devices, for training and for a shop that waits for its own. One module each."""

from __future__ import annotations

import click

from kiosk.cli import simulate_printer, simulate_scanner


@click.group("devices")
def command() -> None:
    """The hardware beside the kiosk."""


@command.group("simulate")
def simulate() -> None:
    """Stand in for a device that is not there."""


simulate.add_command(simulate_printer.command)
simulate.add_command(simulate_scanner.command)
