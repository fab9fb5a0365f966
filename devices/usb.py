"""A USB printer without the kernel's driver, found and opened by python-escpos (pyusb, and the system's libusb).

Its `_raw` and `_read` are not used: by default they wait without a limit. Where the kernel has /dev/usb/lp0, a printer
of kind "file" needs none of this.
"""

from __future__ import annotations

import logging
import tempfile
import time
from functools import cache
from threading import Lock
from types import ModuleType
from typing import Any

from devices.links import Link

CHUNK = 1024
PRINTER_CLASS = 7  # USB.org's defined class codes
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


class UsbLink:
    """The two pipes of a printer's interface. `left` is always 0: what libusb says was taken has been taken."""

    def __init__(self, printer: Any, sends: Any, hears: Any | None) -> None:
        self._printer, self._sends, self._hears = printer, sends, hears

    def write(self, data: bytes, until: float) -> int:
        from usb.core import USBTimeoutError

        taken = 0
        while taken < len(data):
            try:
                taken += self._sends.write(data[taken : taken + CHUNK], _ms(until))
            except USBTimeoutError:  # of this piece some bytes may have gone
                return max(taken, 1)
        return taken

    def read(self, until: float) -> bytes:
        from usb.core import USBTimeoutError

        while self._hears is not None:
            try:
                if heard := bytes(self._hears.read(self._hears.wMaxPacketSize, _ms(until))):
                    return heard
            except USBTimeoutError:
                break
            if time.monotonic() >= until:  # a printer may send empty packets for ever
                break
        return b""

    def left(self) -> int:
        return 0

    def close(self, *, forget: bool = False) -> None:
        self._printer.close()


def usb(usb_id: str, **found_by: Any) -> Link:
    """The printer of this id (`04b8:0202`), or the one that there is. Raises OSError; its reason is for the clerk."""
    printers = _library()
    from escpos.exceptions import Error

    ids = [int(part, 16) for part in usb_id.split(":")] if usb_id else []
    wanted: dict[str, Any] = dict(zip(("idVendor", "idProduct"), ids, strict=False)) or {"custom_match": _is_printer}
    printer = printers.Usb(usb_args=wanted | found_by)
    try:
        printer.open()
        sends, hears = _pipes(printer.device)
    except ValueError:  # pyusb's NoBackendError
        raise OSError(0, "the system's libusb is missing (Debian: libusb-1.0-0)") from None
    except (Error, OSError) as error:
        reason = str(error).strip().rpartition("\n")[2] or type(error).__name__
        raise OSError(0, f"{reason} (lsusb lists what is plugged in)") from None
    return UsbLink(printer, sends, hears)


def _is_printer(device: Any) -> bool:
    return any(interface.bInterfaceClass == PRINTER_CLASS for setting in device for interface in setting)


def _pipes(device: Any) -> tuple[Any, Any | None]:
    """The endpoints of the printer's interface, out and in; its first interface where none calls itself a printer."""
    interfaces = list(device.get_active_configuration())
    interface = next((each for each in interfaces if each.bInterfaceClass == PRINTER_CLASS), interfaces[0])
    out = [point for point in interface if not point.bEndpointAddress & 0x80]
    back = [point for point in interface if point.bEndpointAddress & 0x80]
    if not out:
        raise OSError(0, "it is no printer: nothing can be written to it")
    return out[0], back[0] if back else None


def _ms(until: float) -> int:
    """For pyusb, where 0 means for ever."""
    return max(1, int((until - time.monotonic()) * 1000))
