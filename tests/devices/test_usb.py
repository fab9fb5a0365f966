"""A USB printer below pyusb: python-escpos finds and opens it, and our link carries bytes with a limit each way."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from usb.backend import IBackend
from usb.core import USBError, USBTimeoutError

from devices.printers import EscposPrinter
from devices.profiles import Profile
from devices.twin_engine import Engine
from devices.usb import usb
from kiosk.errors import DeviceError
from kiosk.paper import Condition
from tests.receipts import ORDER, SHOP, printed

PROFILE = Profile(columns=42, chinese=True, native_qr=True, cutter=True, answers=True)
DOCUMENT = printed(ORDER, SHOP)
BUSY = USBError("Resource busy", None, 16)


class Bus(IBackend):  # type: ignore[misc]
    """A bus with a mouse and one printer, whose pipes are not where python-escpos supposes them."""

    OUT, IN = 0x03, 0x84

    def __init__(self) -> None:
        self.printer = Engine()
        self.plugged, self.fails = True, False
        self.timeouts: list[int] = []
        self.opened = 0

    def enumerate_devices(self) -> Any:
        return iter(["mouse", "printer"] if self.plugged else ["mouse"])

    def get_device_descriptor(self, device: str) -> Any:
        ids = {"idVendor": 0x04B8, "idProduct": 0x0202 if device == "printer" else 0x0001}
        names = ("iManufacturer", "iProduct", "iSerialNumber", "bDeviceClass", "bDeviceSubClass", "bDeviceProtocol")
        more = dict.fromkeys((*names, "bcdUSB", "bcdDevice", "speed", "port_number"), 0)
        sizes = {"bLength": 18, "bDescriptorType": 1, "bMaxPacketSize0": 64, "bNumConfigurations": 1}
        return SimpleNamespace(**ids, **more, **sizes, address=1, bus=1, port_numbers=(1,))

    def get_configuration_descriptor(self, device: str, number: int) -> Any:
        if number:
            raise IndexError
        names = ("iConfiguration", "bmAttributes", "bMaxPower", "wTotalLength")
        sizes = {"bLength": 9, "bDescriptorType": 2, "bNumInterfaces": 1, "bConfigurationValue": 1}
        return SimpleNamespace(**dict.fromkeys(names, 0), **sizes, extra_descriptors=[])

    def get_interface_descriptor(self, device: str, interface: int, setting: int, number: int) -> Any:
        if interface or setting:
            raise IndexError
        names = ("bInterfaceNumber", "bAlternateSetting", "bInterfaceSubClass", "bInterfaceProtocol", "iInterface")
        sizes = {"bLength": 9, "bDescriptorType": 4, "bNumEndpoints": 2}
        kind = {"bInterfaceClass": 7 if device == "printer" else 3}
        return SimpleNamespace(**dict.fromkeys(names, 0), **sizes, **kind, extra_descriptors=[])

    def get_endpoint_descriptor(self, device: str, endpoint: int, *_: int) -> Any:
        names = {"bInterval": 0, "bRefresh": 0, "bSynchAddress": 0, "bLength": 7, "bDescriptorType": 5}
        address = (self.OUT, self.IN)[endpoint]
        return SimpleNamespace(
            **names, bEndpointAddress=address, bmAttributes=2, wMaxPacketSize=64, extra_descriptors=[]
        )

    def open_device(self, device: str) -> str:
        self.opened += 1
        return device

    def close_device(self, device: str) -> None:
        self.opened -= 1

    def set_configuration(self, device: str, value: int) -> None: ...

    def get_configuration(self, device: str) -> int:
        return 1

    def claim_interface(self, device: str, number: int) -> None:
        if self.fails:
            raise BUSY

    def release_interface(self, device: str, number: int) -> None: ...

    def reset_device(self, device: str) -> None: ...

    def bulk_write(self, device: str, endpoint: int, number: int, data: Any, timeout: int) -> int:
        assert endpoint == self.OUT
        self.timeouts.append(timeout)
        size = min(len(data), self.printer.reads())
        if not size:
            raise USBTimeoutError("Operation timed out", None, 110)
        self.printer.take(bytes(data[:size]))
        return size

    def bulk_read(self, device: str, endpoint: int, number: int, buffer: Any, timeout: int) -> int:
        assert endpoint == self.IN
        self.timeouts.append(timeout)
        said = self.printer.say()
        if not said:
            raise USBTimeoutError("Operation timed out", None, 110)
        buffer[: len(said)] = type(buffer)("B", said)
        return len(said)


def at(bus: Bus, usb_id: str = "") -> EscposPrinter:
    return EscposPrinter("USB printer", lambda _: usb(usb_id, backend=bus), PROFILE, 10.0, ask_wait_s=0.05)


@pytest.mark.parametrize("usb_id", ["", "04b8:0202"])
def test_a_usb_printer_is_found_prints_and_says_so(usb_id: str) -> None:
    """By its class or its id; with a limit on every transfer; and it is let go of afterwards."""
    bus = Bus()
    said = at(bus, usb_id).print(DOCUMENT)

    assert said is True
    assert len(bus.printer.paper.receipts) == 1
    assert min(bus.timeouts) > 0
    assert bus.opened == 0


def test_without_paper_it_gets_nothing() -> None:
    """The same questions as on every other line."""
    bus = Bus()
    bus.printer.turn(paper=False)

    assert at(bus).look().condition is Condition.OUT
    with pytest.raises(DeviceError, match="it has no paper"):
        at(bus).print(DOCUMENT)


def test_what_is_unplugged_or_taken_is_said() -> None:
    """No such device, and one that another program holds: nothing was sent, and the clerk reads what to look at."""
    bus = Bus()
    bus.fails = True
    with pytest.raises(DeviceError) as taken:
        at(bus).print(DOCUMENT)
    bus.plugged = False
    with pytest.raises(DeviceError, match="lsusb lists what is plugged in") as gone:
        at(bus).print(DOCUMENT)

    assert (taken.value.sent, gone.value.sent) == (False, False)


def test_a_usb_printer_that_stops_taking_is_left_in_time() -> None:
    """Half of it may be on paper."""
    bus = Bus()
    bus.printer.turn(hang_after=100)
    with pytest.raises(DeviceError, match="Look at the paper") as caught:
        at(bus).print(DOCUMENT)

    assert caught.value.sent is True
