"""The hardware: printers, scanners, voices, and simulated twins. Importing it costs nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.ports import Printer, Scanner
    from kiosk.speech import Headphones, Voice
    from kiosk.tables import PrinterTable, ScannerTable, VoiceTable


def printer(table: PrinterTable) -> Printer | None:
    """The printer that config.toml describes, or None where there is none. Opens nothing.

    A file's path that does not exist yet becomes a folder, except under /dev: there a printer is unplugged.
    """
    from devices.printers import EscposPrinter, FolderPrinter
    from devices.profiles import Profile

    profile, path = Profile.of(table), Path(table.path).expanduser()
    match table.kind:
        case "none":
            return None
        case "cups":
            from devices.cups import CupsPrinter

            return CupsPrinter(table.queue, profile, table.timeout_s)
        case "file" if path.is_dir() or not (path.exists() or path.is_relative_to("/dev")):
            return FolderPrinter(path, profile)
    from devices import links, usb

    host, port = table.host, table.port
    name, open_link = {
        "network": (f"printer at {host}:{port}", lambda until: links.network(host, port, until)),
        "serial": (f"printer at {path}", lambda _: links.serial(str(path), table.baud, table.flow)),
        "usb": (f"USB printer {table.usb_id}".rstrip(), lambda _: usb.usb(table.usb_id)),
        "file": (f"printer at {path}", lambda _: links.device(path)),
    }[table.kind]
    return EscposPrinter(name, open_link, profile, table.timeout_s)


def scanner(table: ScannerTable) -> Scanner:
    """The scanner that config.toml describes, where it does not type as a keyboard does. Opens nothing."""
    from devices.scanners import InputScanner, SerialScanner

    pause_ends = table.suffix == "none"
    if table.kind == "serial":
        return SerialScanner(table.device, table.baud, pause_ends=pause_ends)
    return InputScanner(table.device, pause_ends=pause_ends)


def voice(table: VoiceTable) -> Voice | None:
    """What reads aloud; None where config.toml names no program, or this machine has none of that name."""
    from devices.speaking import SpeakingProgram, found

    program = found(table.program)
    return SpeakingProgram(program) if program else None


def headphones(table: VoiceTable) -> Headphones | None:
    """The jack that config.toml names, listened to from now on; None where it names none."""
    from devices.jack import Jack

    return Jack(table.headphones) if table.headphones else None
