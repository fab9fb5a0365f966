"""Scanners that do not type into the terminal: on a serial line, or as a Linux input device that is ours alone.

Each is opened when it is first read, and again after it was lost. A read never waits longer than it was told to. What a
code says must never be in an error: it may be money.
"""

from __future__ import annotations

import errno
import select
import termios
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from devices.frames import Frames
from devices.keymap import DROPPED, Keys
from kiosk.errors import DeviceError

if TYPE_CHECKING:
    import serial

LOOK_S = 0.1
"""So often a pause is looked for."""
WHY: dict[int | None, str] = {
    errno.ENOENT: "is not there: is its cable plugged in?",
    errno.ENODEV: "is not there: is its cable plugged in?",
    errno.EACCES: "may not be opened by this user: put the user into the group that the device belongs to",
    errno.EPERM: "may not be opened by this user: put the user into the group that the device belongs to",
    errno.EBUSY: "is in use by another program",
    errno.EAGAIN: "is in use by another program",
    errno.ENOTTY: "is no device of this kind: see [scanner] in the configuration",
}

SILENT = "does not answer: is it the right device, and is its cable plugged in?"


class _Line(Protocol):
    """An open device."""

    def close(self) -> None: ...


class _Scanner:
    """What both have in common: whole codes wait in a row; a device that fails is closed, the next read opens it."""

    def __init__(self, device: str, *, pause_ends: bool) -> None:
        self.name = device
        self._frames = Frames(pause_ends=pause_ends)
        self._codes: deque[str] = deque()
        self._silent_s = 0.0
        """For so long nothing came while somebody listened. Other time proves no pause: a busy machine reads late."""

    def read(self, timeout_s: float) -> str | None:
        """The next code, or None where nothing was scanned in time. Raises DeviceError."""
        until = time.monotonic() + timeout_s
        try:
            while not self._codes and (rest_s := until - time.monotonic()) > 0:
                wait_s, asked_at = min(LOOK_S, rest_s), time.monotonic()
                data = self._bytes(wait_s)
                self._silent_s += min(wait_s, time.monotonic() - asked_at)
                self._codes += self._frames.feed(data, self._silent_s) if data else self._frames.quiet(self._silent_s)
        except (OSError, ValueError, termios.error) as error:  # pyserial's own error is an OSError
            self.close()
            why = WHY.get(getattr(error, "errno", None), SILENT)
            raise DeviceError(f"The scanner {self.name} {why}", sent=False) from None
        return self._codes.popleft() if self._codes else None

    def _bytes(self, timeout_s: float) -> bytes:
        """What has come; empty where nothing came in time. Opens the device. Raises OSError."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the device; what came of a code is half of one."""
        self._frames.forget()


class SerialScanner(_Scanner):
    """On a serial line, a USB one too: 8 bits, no parity, one stop bit."""

    def __init__(self, device: str, baud: int, *, pause_ends: bool = False) -> None:
        super().__init__(device, pause_ends=pause_ends)
        self._baud = baud
        self._port: serial.Serial | None = None

    def _bytes(self, timeout_s: float) -> bytes:
        import serial  # 40 ms: never before the first picture

        if self._port is None:
            self._port = serial.Serial(self.name, self._baud, timeout=timeout_s, exclusive=True)
            self._port.reset_input_buffer()  # what was scanned while nobody listened is nobody's
        self._port.timeout = timeout_s
        first: bytes = self._port.read(1)
        return first + self._port.read(self._port.in_waiting) if first else b""

    def close(self) -> None:
        super().close()
        port, self._port = self._port, None
        _close(port)


class Input(Protocol):
    """An open input device, as evdev has it."""

    fd: int

    def read(self) -> Iterator[object]: ...
    def close(self) -> None: ...


def grabbed(device: str) -> Input:
    """The device, for us alone: what it types reaches no terminal. Raises OSError."""
    import evdev  # 0.3 s: never before the first picture

    found = evdev.InputDevice(device)
    try:
        found.grab()
    except OSError:
        found.close()
        raise
    return found


class InputScanner(_Scanner):
    """A scanner that is a keyboard to Linux, read below the terminal."""

    def __init__(self, device: str, *, pause_ends: bool = False, open_device: Callable[[str], Input] = grabbed) -> None:
        super().__init__(device, pause_ends=pause_ends)
        self._open = open_device
        self._input: Input | None = None
        self._keys = Keys()

    def _bytes(self, timeout_s: float) -> bytes:
        if self._input is None:
            self._input, self._keys = self._open(self.name), Keys()
        if not select.select([self._input.fd], [], [], timeout_s)[0]:
            return b""
        typed, events = "", list(self._input.read())
        if not events:
            raise OSError(errno.ENODEV, "the device is gone")
        for event in events:
            kind, code, value = event.type, event.code, event.value  # type: ignore[attr-defined]
            if (kind, code) == DROPPED:  # the kernel had no room: a code has a hole in it
                self._frames.forget()
                typed, self._keys = "", Keys()
            typed += self._keys.take(kind, code, value)
        return typed.encode()

    def close(self) -> None:
        super().close()
        device, self._input = self._input, None
        _close(device)


def _close(line: _Line | None) -> None:
    """A device that is gone may say so once more."""
    if line is not None:
        try:
            line.close()
        except (OSError, termios.error):
            return
