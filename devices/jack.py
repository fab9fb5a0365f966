"""Whether headphones are plugged in: the switch that Linux has for a jack, read below /dev/input.

SW_HEADPHONE_INSERT is switch 2 (linux/input-event-codes.h). `evtest DEVICE` shows whether a jack tells of it.
"""

from __future__ import annotations

import logging
import select
from collections.abc import Callable
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devices.scanners import Input

SWITCH, HEADPHONES = 5, 2
LOOK_S, AGAIN_S = 0.5, 10.0

log = logging.getLogger(__name__)


def opened(device: str) -> Input:
    """The device; others may read it, too. Raises OSError."""
    import evdev  # 0.3 s: never before the first picture

    return evdev.InputDevice(device)


class Jack:
    """See `kiosk.speech.Headphones`. Listens in a thread of its own, and tries again where the device is gone."""

    def __init__(self, device: str, open_device: Callable[[str], Input] = opened) -> None:
        self._device, self._open = device, open_device
        self._stopped = Event()
        self.plugged: bool | None = None
        self._thread = Thread(target=self._listen, name="headphones", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(timeout=2)

    def _listen(self) -> None:
        while not self._stopped.is_set():
            try:
                self._read(self._open(self._device))
            except OSError as error:
                self.plugged = None
                log.warning("the headphones' jack %s cannot be read: %s", self._device, error.strerror)
            self._stopped.wait(AGAIN_S)

    def _read(self, device: Input) -> None:
        """Until it is gone. Raises OSError."""
        try:
            while not self._stopped.is_set():
                if not select.select([device.fd], [], [], LOOK_S)[0]:
                    continue
                for event in device.read():
                    if (event.type, event.code) == (SWITCH, HEADPHONES):  # type: ignore[attr-defined]
                        self.plugged = bool(event.value)  # type: ignore[attr-defined]
        finally:
            device.close()
