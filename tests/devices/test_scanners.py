"""Scanners on a serial line and as an input device: every burst whole, and a cable that is pulled and put back."""

from __future__ import annotations

import os
import struct
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

import evdev
import pytest
from evdev import ecodes

from devices import scanner
from devices.frames import PAUSE_S
from devices.keymap import Keys
from devices.scanner_twin import Manner, ScannerTwin
from devices.scanners import InputScanner, SerialScanner
from kiosk.errors import DeviceError
from kiosk.scanning import Scanning
from kiosk.tables import ScannerTable

CODE = "8900000461442300635"
EVENT = struct.Struct("@llHHi")
"""linux/input.h: struct input_event: seconds, microseconds, type, code, value."""
KEY = ecodes.EV_KEY


def codes(count: int) -> list[str]:
    return [f"89{number:017d}" for number in range(count)]


def taken(scanner: SerialScanner | InputScanner, count: int) -> list[str]:
    """So many codes, or what came until nothing more did."""
    found: list[str] = []
    while len(found) < count and (code := scanner.read(5.0)) is not None:
        found.append(code)
    return found


@pytest.fixture
def line(tmp_path: Path) -> Path:
    return tmp_path / "scanner"


@pytest.mark.parametrize("manner", [Manner(), Manner("crlf", "]C1"), Manner("etx"), Manner("lf", piece=7, pause_s=0.0)])
def test_bursts_back_to_back_arrive_whole(line: Path, manner: Manner) -> None:
    """Five hundred, whatever ends them, in pieces or not: none is lost, none runs into the next."""
    sent = codes(500)
    with ScannerTwin(manner, line) as twin:
        serial = SerialScanner(str(line), 9600)
        assert serial.read(0.01) is None
        sender = threading.Thread(target=lambda: deque(map(twin.scan, sent)))
        sender.start()
        found = taken(serial, 500)
        sender.join()
        serial.close()

    assert found == [manner.prefix + code for code in sent]


def test_a_busy_machine_that_reads_the_rest_of_a_code_late_tears_none(line: Path) -> None:
    """The rest came at once: that nobody read it for a moment is no pause of the scanner's."""
    with ScannerTwin(link=line) as twin:
        serial = SerialScanner(str(line), 9600)
        assert serial.read(0.01) is None
        twin.send(CODE[:9].encode())
        assert serial.read(0.05) is None
        twin.send(CODE[9:].encode() + b"\r")
        time.sleep(2 * PAUSE_S)

        assert serial.read(5.0) == CODE
        serial.close()


def test_a_pause_that_was_listened_to_ends_half_a_code(line: Path) -> None:
    """What comes behind it is another code."""
    with ScannerTwin(link=line) as twin:
        serial = SerialScanner(str(line), 9600)
        assert serial.read(0.01) is None
        twin.send(CODE[:9].encode())
        assert serial.read(2 * PAUSE_S) is None
        twin.scan(CODE)

        assert serial.read(5.0) == CODE
        serial.close()


def test_what_was_scanned_while_nobody_listened_is_nobodys(line: Path) -> None:
    """The next customer does not get the last one's card."""
    with ScannerTwin(link=line) as twin:
        twin.scan(CODE)
        serial = SerialScanner(str(line), 9600)

        assert serial.read(0.2) is None
        serial.close()


def test_a_pulled_cable_is_told_and_a_new_one_is_read(line: Path) -> None:
    """In the middle of a burst: its half is dropped, and the next code is whole."""
    with ScannerTwin(link=line) as twin:
        serial = SerialScanner(str(line), 9600)
        serial.read(0.01)
        twin.send(CODE[:11].encode())
        assert serial.read(0.05) is None
        twin.pull()
        with pytest.raises(DeviceError, match="is its cable plugged in"):
            serial.read(1.0)
        with pytest.raises(DeviceError, match="is not there"):
            serial.read(1.0)
        twin.plug()
        assert serial.read(0.01) is None
        twin.scan(CODE)

        assert serial.read(1.0) == CODE
        serial.close()


def test_a_line_that_another_program_has_is_said_to_be_in_use(line: Path) -> None:
    """Two kiosks at one scanner would each get half of it."""
    with ScannerTwin(link=line):
        first, second = SerialScanner(str(line), 9600), SerialScanner(str(line), 9600)
        first.read(0.01)

        with pytest.raises(DeviceError, match="in use by another program"):
            second.read(0.01)
        first.close()


@pytest.mark.parametrize("kind", ["serial", "input"])
def test_a_file_that_is_no_scanner_is_said_to_be_none(tmp_path: Path, kind: Any) -> None:
    """A path that was mistyped in the configuration."""
    place = tmp_path / "notes.txt"
    place.write_text("1234567890\n")

    with pytest.raises(DeviceError, match=r"is no device of this kind|the right device"):
        scanner(ScannerTable(kind=kind, device=str(place))).read(0.1)


# --- an input device: real struct input_event bytes through a pipe, for this machine has no uinput ----------------


def typed(text: str) -> bytes:
    """What the kernel says when a scanner types this, as a US keyboard."""
    signs = {sign: (name, upper) for name, pair in _pairs() for upper, sign in enumerate(pair)}
    said = b""
    for sign in text:
        name, upper = signs[sign]
        keys = [("KEY_LEFTSHIFT", 1)] * upper + [(name, 1), (name, 0)] + [("KEY_LEFTSHIFT", 0)] * upper
        for key, value in keys:
            said += EVENT.pack(1, 0, ecodes.EV_MSC, ecodes.MSC_SCAN, 458756)
            said += EVENT.pack(1, 0, KEY, getattr(ecodes, key), value) + EVENT.pack(1, 0, ecodes.EV_SYN, 0, 0)
    return said


def _pairs() -> list[tuple[str, str]]:
    rows = ("`1234567890-=", "~!@#$%^&*()_+"), ("[]\\;',./", '{}|:"<>?'), ("abcdefghijklmnopqrstuvwxyz", "")
    names = {"`": "GRAVE", "-": "MINUS", "=": "EQUAL", "[": "LEFTBRACE", "]": "RIGHTBRACE", "\\": "BACKSLASH"}
    names |= {";": "SEMICOLON", "'": "APOSTROPHE", ",": "COMMA", ".": "DOT", "/": "SLASH"}
    found = [("KEY_ENTER", "\r"), ("KEY_SPACE", " "), ("KEY_TAB", "\t")]
    for low, high in rows:
        for place, sign in enumerate(low):
            found.append((f"KEY_{names.get(sign, sign.upper())}", sign + (high[place] if high else sign.upper())))
    return found


class Device:
    """A device file that a test writes into, opened as evdev opens one but for the kernel's questions."""

    def __init__(self) -> None:
        reading, self.writing = os.pipe()
        os.set_blocking(reading, False)
        self.reading = reading
        self.opened = 0

    def open(self, path: str) -> Any:
        self.opened += 1
        device = evdev.InputDevice.__new__(evdev.InputDevice)
        device.fd = self.reading
        return device

    def send(self, raw: bytes) -> None:
        for start in range(0, len(raw), 24 * 64):
            os.write(self.writing, raw[start : start + 24 * 64])


def test_an_input_devices_bursts_arrive_whole() -> None:
    """Letters, signs and digits, five hundred back to back."""
    device, sent = Device(), codes(499)
    sent.insert(7, "]C1LPA:1$rsp.example.com$Ab-12_%^?")
    scanner = InputScanner("/dev/input/by-id/scanner", open_device=device.open)
    sender = threading.Thread(target=device.send, args=(b"".join(typed(code + "\r") for code in sent),))
    sender.start()
    found = taken(scanner, 500)
    sender.join()

    assert found == sent
    assert device.opened == 1
    scanner.close()
    os.close(device.writing)


def test_every_key_of_the_layout_is_its_own_sign() -> None:
    """Plain, with shift, and on the keypad; a release and a repeat type nothing."""
    for name, pair in _pairs():
        for upper, sign in enumerate(pair):
            keys, code = Keys(), getattr(ecodes, name)
            if upper:
                keys.take(KEY, ecodes.KEY_RIGHTSHIFT, 1)
            assert [keys.take(KEY, code, value) for value in (1, 2, 0)] == [sign, "", ""], name
    keypad = [Keys().take(KEY, getattr(ecodes, f"KEY_KP{digit}"), 1) for digit in range(10)]
    assert "".join(keypad) + Keys().take(KEY, ecodes.KEY_KPENTER, 1) == "0123456789\r"


def test_the_sign_between_gs1s_fields_is_typed_with_control() -> None:
    """GS is Ctrl and ]; other keys with Ctrl are no signs."""
    keys = Keys()
    keys.take(KEY, ecodes.KEY_LEFTCTRL, 1)

    assert [keys.take(KEY, code, 1) for code in (ecodes.KEY_RIGHTBRACE, ecodes.KEY_Q)] == ["\x1d", ""]
    keys.take(KEY, ecodes.KEY_LEFTCTRL, 0)
    assert keys.take(KEY, ecodes.KEY_RIGHTBRACE, 1) == "]"


def test_a_code_in_which_the_kernel_lost_events_is_dropped() -> None:
    """SYN_DROPPED: nobody knows what is missing."""
    device = Device()
    scanner = InputScanner("/dev/input/by-id/scanner", open_device=device.open)
    dropped = EVENT.pack(1, 0, ecodes.EV_SYN, ecodes.SYN_DROPPED, 0)
    device.send(typed("890000") + dropped + typed("35\r") + typed(CODE + "\r"))

    assert taken(scanner, 2) == ["35", CODE]
    scanner.close()
    os.close(device.writing)


def test_an_unplugged_input_device_is_opened_again() -> None:
    """Half a code, the end of the file, and then a whole one from the same device."""
    first, second = Device(), Device()
    devices = [first, second]
    scanner = InputScanner("/dev/input/by-id/scanner", open_device=lambda path: devices.pop(0).open(path))
    first.send(typed("890000"))
    assert scanner.read(0.05) is None
    os.close(first.writing)
    with pytest.raises(DeviceError, match="is its cable plugged in"):
        scanner.read(1.0)
    second.send(typed(CODE + "\r"))

    assert scanner.read(1.0) == CODE
    scanner.close()
    os.close(second.writing)


# --- the thread that listens -----------------------------------------------------------------------------------


def wait_until(holds: Any) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline, "never so"
        time.sleep(0.005)


def test_the_listener_says_what_is_wrong_once_and_goes_on(
    line: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A missing scanner is told to the clerk; when it is there, its codes come; nothing scanned is ever logged."""
    monkeypatch.setattr("kiosk.scanning.AGAIN_S", 0.01)
    caplog.set_level("DEBUG")
    got: list[str] = []
    listener = Scanning(lambda: SerialScanner(str(line), 9600), got.append)
    listener.start()
    wait_until(lambda: "is not there" in listener.trouble)
    with ScannerTwin(link=line) as twin:
        wait_until(lambda: listener.trouble == "")
        twin.scan(CODE)
        wait_until(lambda: got == [CODE])
        twin.pull()
        wait_until(lambda: listener.trouble != "")
    listener.stop()

    assert sum("is not there" in line for line in caplog.text.splitlines()) <= 2
    assert CODE not in caplog.text


def test_a_defect_of_a_scanner_tells_no_code(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever is raised: its text may hold what was scanned."""
    monkeypatch.setattr("kiosk.scanning.AGAIN_S", 0.01)

    class Broken:
        name = "broken"

        def read(self, timeout_s: float) -> str | None:
            raise ValueError(f"cannot make sense of {CODE}")

        def close(self) -> None:
            """Nothing to close."""

    listener = Scanning(Broken, print)
    listener.start()
    wait_until(lambda: listener.trouble == "The scanner failed: ValueError.")
    listener.stop()

    assert CODE not in caplog.text


def test_a_scanner_that_hangs_is_told_and_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A driver that never comes back: the clerk learns it, and the kiosk ends without waiting for it."""
    monkeypatch.setattr("kiosk.scanning.STUCK_S", 0.02)
    asked, released = threading.Event(), threading.Event()

    class Stuck:
        def read(self, timeout_s: float) -> str | None:
            asked.set()
            released.wait()
            return None

        def close(self) -> None:
            """Nothing to close."""

    listener = Scanning(Stuck, print)
    listener.start()
    assert asked.wait(10)
    wait_until(lambda: listener.trouble.startswith("The scanner hangs"))
    listener.stop()
    assert not released.is_set()
    released.set()
