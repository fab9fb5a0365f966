"""Receipt printers: one on the network, one behind a file, and a folder that stands in for one.

Each job opens, prints and closes; every call has a deadline. Silence means that nobody knows: it must never be taken
for "there is paper" or "it is printed", and a job is never sent twice from here.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread

from devices import transport
from devices.encode import END_OF_JOB, escpos
from devices.profiles import Profile
from kiosk.errors import DeviceError
from kiosk.plain import plain
from kiosk.receipt import Document

ASK_PAPER = b"\x10\x04\x04"  # DLE EOT 4, answered at once
ASK_WAIT_S = 0.5  # a printer that answers does so within milliseconds; most that do not, never do


def _is_status(byte: int) -> bool:
    """The fixed bits of an answer to DLE EOT: 0xx1xx10. Answers to GS r and unasked status have others."""
    return byte & 0x93 == 0x12


def _is_end_of_job(byte: int) -> bool:
    """The fixed bits of an answer to GS r: 0xx0xxxx."""
    return byte & 0x90 == 0x00


def _paper_is_out(byte: int) -> bool:
    return byte & 0x60 != 0


class NetworkPrinter:
    """An ESC/POS printer that listens on a TCP port, usually 9100. One job at a time."""

    def __init__(
        self, host: str, port: int, profile: Profile, timeout_s: float, *, ask_wait_s: float = ASK_WAIT_S
    ) -> None:
        self.name = f"printer at {host}:{port}"
        self.columns, self.chinese = profile.columns, profile.chinese
        self._address = (host, port)
        self._profile = profile
        self._timeout_s = timeout_s
        self._ask_wait_s = ask_wait_s
        self._lock = Lock()

    def print(self, document: Document) -> bool:
        """True where the printer said that the whole job is through. Raises DeviceError."""
        job = escpos(document, self._profile)
        transport.prepare()
        with self._lock:
            connection = self._connected()
            try:
                return self._sent(connection, job)
            finally:
                connection.close()

    def _connected(self) -> socket.socket:
        try:
            return socket.create_connection(self._address, timeout=self._timeout_s)
        except OSError as error:
            raise DeviceError(f"The {self.name} cannot be reached: {_why(error)}.", sent=False) from None

    def _sent(self, connection: socket.socket, job: bytes) -> bool:
        link = transport.over_network(connection)
        try:
            paper = self._paper(connection, link)
            if paper is False:
                raise DeviceError(f"The {self.name} has no paper.", sent=False)
            return self._worked(connection, link, job, talks=paper is not None)
        finally:
            with suppress(OSError):
                _drain(connection)  # to close over unread answers resets the connection, and the job with it
            link.close()

    def _paper(self, connection: socket.socket, link: transport.Transport) -> bool | None:
        """Is there paper? None where the printer does not say. Asked first: what is sent without prints later."""
        try:
            return _has_paper(connection, link, self._ask_wait_s)
        except OSError as error:
            raise DeviceError(f"The {self.name} broke off before the receipt: {_why(error)}.", sent=False) from None

    def _worked(self, connection: socket.socket, link: transport.Transport, job: bytes, *, talks: bool) -> bool:
        """Send the job and wait for its end; one that `talks` gets all the time there is to print it."""
        try:
            connection.settimeout(self._timeout_s)
            link._raw(job + END_OF_JOB)
            if _answer(connection, _is_end_of_job, self._timeout_s if talks else self._ask_wait_s) is not None:
                return True
            if talks and _has_paper(connection, link, self._ask_wait_s) is False:
                raise DeviceError(f"The {self.name} ran out of paper; with paper in, it goes on.", sent=True)
        except OSError as error:
            raise DeviceError(f"The {self.name} broke off: {_why(error)}. Look at the paper.", sent=True) from None
        return False


def _has_paper(connection: socket.socket, link: transport.Transport, within_s: float) -> bool | None:
    _drain(connection)
    connection.settimeout(within_s)
    link._raw(ASK_PAPER)
    status = _answer(connection, _is_status, within_s)
    return None if status is None else not _paper_is_out(status)


def _drain(connection: socket.socket) -> None:
    """Drop what is there already: an answer that came late would be taken for the next one's."""
    connection.setblocking(False)
    with suppress(BlockingIOError):
        while connection.recv(256):
            pass


def _answer(connection: socket.socket, fits: Callable[[int], bool], within_s: float) -> int | None:
    """The first byte that `fits`, or None where none comes in time. Raises OSError where the printer hangs up."""
    until = time.monotonic() + within_s
    while (left_s := until - time.monotonic()) > 0:
        connection.settimeout(left_s)
        try:
            heard = connection.recv(16)
        except TimeoutError:
            return None
        if not heard:
            raise ConnectionAbortedError("it closed the connection")
        if fitting := [byte for byte in heard if fits(byte)]:
            return fitting[-1]
    return None


def _why(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__


class FilePrinter:
    """A device file such as /dev/usb/lp0, or a folder that takes each receipt as NAME.escpos and NAME.txt.

    A path that does not exist yet becomes a folder, except under /dev: there a printer is unplugged.
    """

    def __init__(self, path: Path, profile: Profile, timeout_s: float = 10.0) -> None:
        self.name = f"printer at {path}"
        self.columns, self.chinese = profile.columns, profile.chinese
        self._path = path
        self._profile = profile
        self._timeout_s = timeout_s
        self._lock = Lock()
        self._stuck: Thread | None = None

    def print(self, document: Document) -> bool:
        """True where the receipt is in the folder; False for a device, which does not answer. Raises DeviceError."""
        job = escpos(document, self._profile)
        folder = self._path.is_dir() or not (self._path.exists() or self._path.is_relative_to("/dev"))
        with self._lock:
            if not folder:
                self._write(job)
                return False
            try:
                self._put(document, job)
            except OSError as error:
                raise DeviceError(f"The {self.name} cannot be written: {_why(error)}.", sent=False) from None
        return True

    def _put(self, document: Document, job: bytes) -> None:
        self._path.mkdir(parents=True, exist_ok=True)
        number = sum(1 for _ in self._path.glob("*.escpos")) + 1
        while True:  # another process may have taken the number
            try:
                with (self._path / f"{number:05d}-{document.kind}.escpos").open("xb") as file:
                    file.write(job)
                break
            except FileExistsError:
                number += 1
        text = plain(document, self._profile.columns)
        (self._path / f"{number:05d}-{document.kind}.txt").write_text(text, encoding="utf-8")

    def _write(self, job: bytes) -> None:
        """Write in a thread that can be left behind: to open or write a device may block for ever."""
        if self._stuck is not None and self._stuck.is_alive():
            raise DeviceError(f"The {self.name} still holds the receipt before.", sent=False)
        if not self._path.exists():
            raise DeviceError(f"There is no {self.name}.", sent=False)
        transport.prepare()
        failures: list[DeviceError] = []
        self._stuck = Thread(target=_write_to, args=(self._path, job, failures), daemon=True)
        self._stuck.start()
        self._stuck.join(self._timeout_s)
        if self._stuck.is_alive():
            raise DeviceError(f"The {self.name} does not take the receipt. Look at the paper.", sent=True)
        if failures:
            raise failures[0]


def _write_to(path: Path, job: bytes, failures: list[DeviceError]) -> None:
    try:
        link = transport.to_file(path)
    except OSError as error:
        failures.append(DeviceError(f"The printer at {path} cannot be opened: {_why(error)}.", sent=False))
        return
    try:
        link._raw(job)
        link.close()
    except OSError as error:
        failures.append(DeviceError(f"The printer at {path} broke off: {_why(error)}. Look at the paper.", sent=True))
