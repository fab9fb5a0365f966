"""The list of doors is whole: a new module that writes to the outside is listed here, with the sink that proves it."""

from __future__ import annotations

import pytest

from tests.sinks.doors import doors, kinds
from tests.sinks.sinks import SINKS

FIXED = "fixed words and names of our own: nothing from outside"
LETTERS = "blocks that letters are drawn with, a code, and the caps of keys, which parts.py has cleaned"
NUMBERS = "digits of a number that was read, or of an amount"
DOORS = {
    "terminal": {
        "kiosk/cli/out.py": "the command line",
        "kiosk/cli/common.py": FIXED,
        "kiosk/cli/restore.py": FIXED,
        "kiosk/cli/shift.py": FIXED,
        "kiosk/cli/simulate.py": FIXED,
        "kiosk/supervisor.py": "out of service",
    },
    "screen": {
        "screens/parts.py": "the screen",
        "screens/paper.py": "the screen",
        "screens/clerk.py": "the screen",
        "screens/counter/board.py": "the counter",
        "screens/counter/cash.py": NUMBERS,
        "screens/counter/sale_cash.py": NUMBERS,
        "screens/large.py": LETTERS,
        "screens/large_parts.py": LETTERS,
        "screens/number.py": NUMBERS,
        "screens/pay.py": NUMBERS,
        "screens/pay_reader.py": NUMBERS,
        "screens/pay_scan.py": NUMBERS,
        "screens/plan.py": NUMBERS,
        "screens/summary.py": NUMBERS,
    },
    "title": {},
    "log": {"kiosk/log.py": "the log", "devices/usb.py": "a handler that drops what a library says"},
    "mail": {"kiosk/messages/letters.py": "e-mail", "kiosk/messages/smtp.py": "e-mail"},
    "SMS": {"kiosk/messages/http_sms.py": "SMS", "kiosk/messages/twilio.py": "SMS"},
    "printer": {
        "devices/printers.py": "the printer",
        "devices/cups.py": "the printer",
        "devices/raster.py": "the printer",
    },
    "file": {
        "kiosk/messages/folder.py": "names of files",
        "devices/printers.py": "names of files",
        "kiosk/log.py": "the log",
        "kiosk/cli/simulate_printer.py": "a number's name, and printable lines",
        "kiosk/cli/sandbox.py": "the folder that its owner names",
        "kiosk/ledger/backup.py": "the file that its owner names",
        "kiosk/reports/sheet.py": "a date's name, and harmless cells",
        "kiosk/audit.py": "an audit's table",
        "screens/process.py": "the terminal itself, for Textual",
    }
    | dict.fromkeys(("kiosk/ledger/hold.py", "kiosk/ledger/restore.py", "kiosk/ledger/store.py"), FIXED)
    | dict.fromkeys(("kiosk/clerks.py", "kiosk/code_slot.py", "kiosk/doctor/machine.py", "kiosk/holder.py"), FIXED)
    | dict.fromkeys(("kiosk/tokens.py", "kiosk/training.py", "kiosk/train/room.py"), FIXED)
    | dict.fromkeys(("devices/links.py", "devices/scanner_twin.py", "devices/twin.py"), "a device's own file"),
}
"""By kind, each module that holds such a door, and the sink that strings are pushed through, or why none is."""


def test_every_door_to_the_outside_is_on_the_list_and_no_other() -> None:
    """Whoever writes a new one says here how it is proven that no string from outside gets through as a command."""
    listed = {(kind, module) for kind, modules in DOORS.items() for module in modules}

    assert doors() == listed


def test_every_sink_that_strings_are_pushed_through_belongs_to_a_door() -> None:
    """Paper as text has none of its own: the screen, the command line and the printer's folder show it."""
    proven = {sink for modules in DOORS.values() for sink in modules.values()}

    assert set(SINKS) - proven == {"paper as text"}


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("terminal", "print(name)"),
        ("terminal", "click.secho(name)"),
        ("terminal", "sys.stderr.write(name)"),
        ("screen", "self.query_one(Static).update(name)"),
        ("screen", "class Note(Static): ..."),
        ("title", "send(f'\\x1b]0;{name}')"),
        ("log", "root.addHandler(handler)"),
        ("mail", "made = EmailMessage()"),
        ("file", "path.open('a')"),
        ("file", "open(path, mode='w')"),
        ("file", "(folder / name).write_text(text)"),
    ],
)
def test_a_new_door_would_be_found(kind: str, source: str) -> None:
    """The search knows the ways to write."""
    assert kind in set(kinds(source, "screens/new.py"))
