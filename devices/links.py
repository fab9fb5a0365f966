"""Bytes to a printer and back, over a socket, a serial line or a device file. Nothing waits longer than it is told.

python-escpos's own transports are not used for these: its Network hides how much was taken, its Serial writes and
closes without a limit, its File waits for ever for a FIFO's reader.
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import socket
import stat
import struct
import termios
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

CHUNK = 1024
EMPTY_S = 0.01


class Link(Protocol):
    """An open way to a printer. Instants are those of time.monotonic()."""

    def write(self, data: bytes, until: float) -> int:
        """How many bytes were taken by then. Raises OSError where the line is broken."""

    def read(self, until: float) -> bytes:
        """What the printer has said, or nothing by then. Raises OSError where it hangs up."""

    def left(self) -> int:
        """How many of the bytes taken have not reached the printer, as far as anybody knows."""

    def close(self, *, forget: bool = False) -> None:
        """`forget` drops what has not reached the printer: it must not print by itself later."""


class Descriptor:
    """A link over a descriptor that never blocks. `hears` is False where nothing can be read.

    `ends` is False where reading nothing does not mean that the other side is gone: a USB printer that has nothing to
    say sends empty packets, which Linux's usblp passes on.
    """

    def __init__(self, fd: int, close: Callable[[bool], None], *, hears: bool = True, ends: bool = True) -> None:
        self._fd, self._close, self._hears, self._ends = fd, close, hears, ends

    def write(self, data: bytes, until: float) -> int:
        taken = 0
        while taken < len(data) and self._ready(select.POLLOUT, until):
            with suppress(BlockingIOError):
                taken += os.write(self._fd, data[taken : taken + CHUNK])
        return taken

    def read(self, until: float) -> bytes:
        while self._hears and self._ready(select.POLLIN, until):
            with suppress(BlockingIOError):
                if heard := os.read(self._fd, 256):
                    return heard
                if self._ends:
                    raise ConnectionAbortedError(errno.ECONNABORTED, "it closed the connection")
                if time.monotonic() >= until:
                    break
                time.sleep(EMPTY_S)
        return b""

    def left(self) -> int:
        with suppress(OSError):  # a file has no queue
            return int(struct.unpack("i", fcntl.ioctl(self._fd, termios.TIOCOUTQ, b"\0" * 4))[0])
        return 0

    def close(self, *, forget: bool = False) -> None:
        with suppress(OSError):
            self._close(forget)

    def _ready(self, event: int, until: float) -> bool:
        poll = select.poll()
        poll.register(self._fd, event)
        return bool(poll.poll(max(0.0, until - time.monotonic()) * 1000))


def network(host: str, port: int, until: float) -> Link:
    """A printer's TCP port. To look up a name has no limit of its own. Raises OSError."""
    connection = socket.create_connection((host, port), timeout=max(0.001, until - time.monotonic()))
    connection.setblocking(False)

    def close(forget: bool) -> None:
        if forget:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with connection, suppress(OSError):
            while connection.recv(256):  # to close over unread answers resets the connection, and the job with it
                pass

    return Descriptor(connection.fileno(), close)


def serial(path: str, baud: int, flow: str) -> Link:
    """A serial line, for us alone: a second kiosk on it is refused. Raises OSError."""
    from serial import Serial  # pyserial; its errors are OSErrors

    flows = {name: name == flow for name in ("rtscts", "dsrdtr", "xonxoff")}
    try:
        line = Serial(path, baud, timeout=0, exclusive=True, **flows)
    except OSError as error:  # its own text says everything twice
        reason = os.strerror(error.errno) if error.errno else "it is no serial line, or another program has it"
        raise OSError(error.errno or 0, reason) from None

    def close(forget: bool) -> None:
        if forget:
            with suppress(OSError, termios.error):
                line.reset_output_buffer()  # to close over what cannot leave would wait for it
        line.close()

    return Descriptor(line.fileno(), close)


def device(path: Path) -> Link:
    """A device file such as /dev/usb/lp0, or a FIFO. Raises OSError, for a FIFO that nobody reads too."""
    flags = os.O_NONBLOCK | os.O_NOCTTY | os.O_APPEND
    hears = stat.S_ISCHR(path.stat().st_mode)
    try:
        fd = os.open(path, (os.O_RDWR if hears else os.O_WRONLY) | flags)
    except OSError:
        if not hears:
            raise
        fd, hears = os.open(path, os.O_WRONLY | flags), False
    return Descriptor(fd, lambda _: os.close(fd), hears=hears, ends=False)
