"""`kiosk devices simulate printer`: a receipt printer on a TCP port or a serial line, and all that goes wrong."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk import training
from kiosk.cli.out import put, put_lines
from kiosk.errors import ConfigError
from kiosk.untrusted import printable_lines

if TYPE_CHECKING:
    from devices.twin import Twin

LOOK_S = 0.1
DOTS = 576  # of 80 mm paper


@click.command("printer")
@click.option("--port", type=click.IntRange(0, 65535), help="The TCP port of 127.0.0.1 (default: 9100).")
@click.option("--pty", is_flag=True, help="On a serial line of its own instead.")
@click.option("--link", type=click.Path(path_type=Path), help="A name for that line that stays the same.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep each receipt there, as text and as a picture.")
@click.option("--training", "for_training", is_flag=True, help="The printer of training mode; start it first.")
def command(port: int | None, pty: bool, link: Path | None, folder: Path | None, for_training: bool) -> None:
    """Be a receipt printer: shows what it prints, and misbehaves as it is told.

    Type at its terminal: paper out, new roll, open cover, hang, reset after 200, slow 9600, status … (help lists all).
    The kiosk reaches it with [printer] kind = "network", host = "127.0.0.1", or kind = "serial" and this path.
    """
    from devices.twin import PrinterTwin, PtyTwin

    if for_training:
        port, folder = port or training.PRINTER_PORT, folder or training.state_dir() / "paper"
    try:
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        twin = PtyTwin(link=link) if pty or link else PrinterTwin(port=9100 if port is None else port)
    except OSError as error:
        raise ConfigError(f"The simulated printer cannot start: {error.strerror}.") from None
    with twin:
        where = f"{twin.host}:{twin.port}" if isinstance(twin, PrinterTwin) else str(link or twin.path)
        put(f"The printer is at {where}. Type help for what can go wrong; Ctrl+D ends it.")
        show = threading.Thread(target=show_paper, args=(twin, folder), daemon=True)
        show.start()
        obey(twin)


def obey(twin: Twin) -> None:
    """Turn the knobs as somebody types, until they end it. Without a terminal it runs until it is stopped."""
    from devices.twin_words import knobs_of
    from devices.twin_words import told as standing

    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            if line.strip() != "status":
                twin.turn(**knobs_of(line))
            put(f"[{standing(twin.knobs)}]")
        except ValueError as error:
            put(str(error))
    if not sys.stdin.isatty():
        threading.Event().wait()


def show_paper(twin: Twin, folder: Path | None) -> None:
    """Whatever comes out is shown, and kept."""
    number = 0
    while True:
        for receipt in twin.receipts[number : len(twin.paper.sheets)]:
            number += 1
            if folder:
                keep(twin, number - 1, folder / f"{number:05d}")
            put_lines(f"--- receipt {number} " + "-" * 30 + f"\n{receipt}\n" + "-" * 44)
        threading.Event().wait(LOOK_S)


def keep(twin: Twin, index: int, path: Path) -> None:
    """As text, and as a picture of the paper."""
    from devices.photo import photograph

    path.with_suffix(".txt").write_text(printable_lines(twin.receipts[index]) + "\n", encoding="utf-8")
    photograph(twin.paper.sheets[index], DOTS).save(path.with_suffix(".png"))
