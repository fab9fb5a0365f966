"""`kiosk devices simulate scanner`: each line typed is sent as one scan, the way the options say."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk import training
from kiosk.cli.out import put
from kiosk.errors import ConfigError

if TYPE_CHECKING:
    from devices.scanner_twin import ScannerTwin

PULL, PLUG = "!pull", "!plug"


@click.command("scanner")
@click.option(
    "--suffix",
    type=click.Choice(["cr", "lf", "crlf", "tab", "etx", "none"]),
    default="cr",
    show_default=True,
    help="What ends a code (etx: STX before it, ETX behind).",
)
@click.option("--prefix", default="", help="What stands before each code, such as ]C1.")
@click.option("--baud", type=click.IntRange(min=0), default=0, help="The pace of the line; 0 sends at once.")
@click.option("--split", type=click.IntRange(min=0), default=0, help="Send so many bytes at a time, with a pause.")
@click.option("--burst", type=click.IntRange(1, 10_000), default=1, help="Send each code so many times.")
@click.option("--gap-ms", type=click.IntRange(min=0), default=0, help="Milliseconds between two of a burst.")
@click.option("--link", type=click.Path(path_type=Path), help="A name for the line that stays the same.")
@click.option("--training", "for_training", is_flag=True, help="The scanner of training mode: its link.")
def command(
    suffix: str, prefix: str, baud: int, split: int, burst: int, gap_ms: int, link: Path | None, for_training: bool
) -> None:
    """Be a scanner on a serial line. Each line typed here is one scan; <GS> stands for GS1's separator.

    !pull pulls its cable, !plug puts it back. The kiosk reads it with kind = "serial" and this path as device in
    [scanner].
    """
    from devices.scanner_twin import Manner, ScannerTwin

    place = training.state_dir() / training.SCANNER if for_training else link
    try:
        with ScannerTwin(Manner(suffix, prefix, baud, split), place) as twin:
            put(f"The scanner is at {place or twin.path}. Type a code and Enter; Ctrl+D ends it.")
            for line in sys.stdin:
                _do(twin, line.rstrip("\r\n"), burst, gap_ms)
    except OSError as error:
        raise ConfigError(f"The simulated scanner cannot use {place or 'a pty'}: {error.strerror}.") from None


def _do(twin: ScannerTwin, line: str, burst: int, gap_ms: int) -> None:
    """What one typed line asks for."""
    if line == PULL:
        twin.pull()
    elif line == PLUG:
        twin.plug()
    elif line:
        for number in range(burst):
            time.sleep(gap_ms / 1000 if number else 0)
            twin.scan(line)
