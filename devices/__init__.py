"""The hardware: printers, scanners and their simulated twins. Importing it costs nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.ports import Printer
    from kiosk.tables import PrinterTable


def printer(table: PrinterTable) -> Printer | None:
    """The printer that config.toml describes, or None where there is none. Opens nothing."""
    from devices.printers import FilePrinter, NetworkPrinter
    from devices.profiles import Profile

    match table.kind:
        case "none":
            return None
        case "network":
            return NetworkPrinter(table.host, table.port, Profile.of(table), table.timeout_s)
        case "file":
            return FilePrinter(Path(table.path).expanduser(), Profile.of(table), table.timeout_s)
