"""The only door to python-escpos, of which we use one method: `_raw`, which carries bytes to a device.

It must never be asked for text or status: its text() sends hanzi unasked, and takes silence for "paper is there".
"""

from __future__ import annotations

import logging
import socket
import tempfile
from functools import cache
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Protocol


class Transport(Protocol):
    """What we use of a python-escpos printer."""

    def _raw(self, msg: bytes) -> None: ...

    def close(self) -> None: ...


_importing = Lock()


def _library() -> ModuleType:
    with _importing:  # the import borrows what belongs to the whole process; two at once would not give it back
        return _imported()


@cache
def _imported() -> ModuleType:
    """python-escpos, imported when first needed: it costs 0.35 s.

    Its import leaves a folder with a pickle in the temporary folder each time, and hangs a handler that writes to
    the terminal on the root logger where there is none. Both would be ours to clean up, so neither happens.
    """
    quiet, usual = logging.NullHandler(), tempfile.tempdir
    logging.getLogger().addHandler(quiet)
    try:
        with tempfile.TemporaryDirectory(prefix="kiosk-escpos-") as folder:
            tempfile.tempdir = folder
            from escpos import printer

            return printer  # type: ignore[no-any-return]
    finally:
        tempfile.tempdir = usual
        logging.getLogger().removeHandler(quiet)


def prepare() -> None:
    """Load the library now, before the deadline of a job counts."""
    _library()


def over_network(connection: socket.socket) -> Transport:
    """A transport over an open connection. The library's own open() loses its socket where it is refused."""
    printer = _library().Network()
    printer.device = connection
    return printer  # type: ignore[no-any-return]


def to_file(path: Path) -> Transport:
    """A transport to a device file such as /dev/usb/lp0. Raises OSError. A FIFO without a reader blocks for ever."""
    printer = _library().File(str(path))
    printer.device = path.open("ab")
    return printer  # type: ignore[no-any-return]
