"""The machine under the kiosk: terminal, locale, files, disk, the ledger on it, and who works the queue."""

from __future__ import annotations

import codecs
import locale as machines
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.daily import not_as_configured
from kiosk.doctor import Line, Verdict
from kiosk.doctor.secret_files import secret_files
from kiosk.errors import KioskError, LedgerError, QueueHeld
from kiosk.ledger.place import ROOM_BYTES
from kiosk.ledger.pulse import refuse_unless_well, refuse_unless_whole
from kiosk.money import Money
from kiosk.order import State
from kiosk.texts import printable

if TYPE_CHECKING:
    from kiosk.assembly import House

COLUMNS, ROWS = 80, 24
WARN_BYTES = 20 * ROOM_BYTES


def terminal(house: House) -> Iterator[Line]:
    """Whether the screens have room and colours. Without a terminal (a script, a unit of systemd) it cannot be told."""
    if not sys.stdout.isatty():
        said = "this is no terminal: run it where the kiosk will stand to know whether the screens have room"
        yield Line("terminal", Verdict.NOTE, said)
        return
    columns, rows = os.get_terminal_size(sys.stdout.fileno())
    called = os.environ.get("TERM", "")
    if called in ("", "dumb"):
        yield Line("terminal", Verdict.WRONG, "TERM is not set", "Start it from a terminal, or set TERM=linux.")
    elif columns < COLUMNS or rows < ROWS:
        said = f"{columns} x {rows} characters; the screens need {COLUMNS} x {ROWS}"
        yield Line("terminal", Verdict.WRONG, said, "Make its window larger, or its letters smaller.")
    elif called == "linux" and set(house.config.file.kiosk.languages) & {"zh", "zh_Hant", "ja", "ko"}:
        said = "the Linux console has no Chinese, Japanese or Korean letters"
        yield Line(
            "terminal", Verdict.WRONG, said, "Use a terminal that has (docs/kiosk-machine.md), or other languages."
        )
    else:
        yield Line("terminal", Verdict.FINE, f"{columns} x {rows} characters, {called}")


def locale(house: House) -> Iterator[Line]:
    """Every language needs UTF-8."""
    try:
        encoding = codecs.lookup(machines.getencoding()).name
    except LookupError:
        encoding = "unknown"
    if encoding == "utf-8":
        yield Line("locale", Verdict.FINE, "UTF-8")
    else:
        yield Line("locale", Verdict.WRONG, f"the machine writes {encoding}", "Set LANG=C.UTF-8.")


def permissions(house: House) -> Iterator[Line]:
    """The ledger, the log and the secrets are the kiosk's user's alone."""
    open_to = [path for path in dict.fromkeys(_ours(house)) if _others_may(path)]
    for path in open_to:
        said = f"{path} may be read or written by other users of this machine"
        yield Line("files", Verdict.WRONG, said, f"chmod go= {path}")
    if not open_to:
        yield Line("files", Verdict.FINE, "what the kiosk keeps, and its secrets, are its user's alone")


def _ours(house: House) -> Iterator[Path]:
    folder = house.config.state_dir
    yield folder
    if _others_may(folder):  # else nobody comes to what is in it
        yield from sorted(folder.rglob("*"))
    yield from secret_files(house.config.file)


def _others_may(path: Path) -> bool:
    """Whether anybody but its owner may read or write it."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    return not stat.S_ISLNK(mode) and not stat.S_ISSOCK(mode) and bool(mode & (stat.S_IRWXG | stat.S_IRWXO))


def disk(house: House) -> Iterator[Line]:
    """Room for orders, and a disk that can be written."""
    folder = house.config.state_dir
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        yield Line("disk", Verdict.WRONG, f"{folder} cannot be used: {error.strerror}", "See ledger.state_dir.")
        return
    said = f"{free / 2**30:.1f} GB are free for {folder}"
    verdict = Verdict.WRONG if free < ROOM_BYTES else Verdict.NOTE if free < WARN_BYTES else Verdict.FINE
    yield Line("disk", verdict, said, "" if verdict is Verdict.FINE else "Free some space: without it nothing is sold.")


def ledger(house: House) -> Iterator[Line]:
    """It opens, it is whole, it can be written; and what waits in it for somebody."""
    try:
        made = house.ledger
        refuse_unless_whole(made.path)
        refuse_unless_well(made)
        yield Line("ledger", Verdict.FINE, f"{house.config.file.ledger.mode}, {made.head().seq} events, whole")
        if reviews := len(made.orders([State.REVIEW])):
            said = f"{reviews} {'order waits' if reviews == 1 else 'orders wait'} for a clerk's decision"
            yield Line("ledger", Verdict.NOTE, said, "kiosk review")
        waiting = made.orders([State.SUBMITTING])
        if waiting:
            owed = sum((order.total for order in waiting), Money(0, house.config.currency))
            said = f"{len(waiting)} paid and not delivered, together {owed.decimal} {owed.currency}"
            yield Line("ledger", Verdict.NOTE, said, "They are delivered by themselves: kiosk sync, or the kiosk.")
    except LedgerError as error:
        yield Line("ledger", Verdict.WRONG, printable(str(error)).rstrip("."), "Until then nothing is sold.")


def settings(house: House) -> Iterator[Line]:
    """What somebody has set for today, above the configuration."""
    try:
        parts = not_as_configured(house)
    except LedgerError:  # said above
        return
    for part in parts:
        yield Line("settings", Verdict.NOTE, printable(part), "Is it still meant? kiosk settings")
    if not parts:
        yield Line("settings", Verdict.FINE, "as configured")


def queue(house: House) -> Iterator[Line]:
    """Whether somebody works what waits. The lock is taken for a moment, and let go."""
    try:
        house.lock("kiosk doctor").release()
    except QueueHeld as error:
        yield Line("queue", Verdict.FINE, printable(str(error)).rstrip("."))
    except KioskError as error:
        yield Line("queue", Verdict.WRONG, printable(str(error)).rstrip("."))
    else:
        yield Line(
            "queue", Verdict.NOTE, "nobody works it at this moment", "The kiosk does while it runs; or: kiosk sync"
        )
