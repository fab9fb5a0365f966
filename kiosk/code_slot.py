"""The way of a scanned payment code from a screen to the queue's holder: a Unix socket that its owner alone may use.

Only the holder of the queue's lock listens. A code is handed over, charged, and gone: neither side writes it anywhere.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path

from kiosk.abilities import ChargesCodes
from kiosk.facts import Call
from kiosk.identifiers import Reference, parse_reference
from kiosk.order import State
from kiosk.payment_codes import PaymentCode, reads
from kiosk.ports import Acts
from kiosk.questions import Question
from kiosk.steps import Task
from kiosk.sync import Queue

log = logging.getLogger(__name__)

NAME = "payment-codes"
LINE_MAX = 512
HAND_OVER_S = 5.0
"""Longer than this, neither side waits for the other's line."""


class Passed(StrEnum):
    """What became of a code that was handed over."""

    TAKEN = "taken"  # the charge is on record, and is being made
    TWICE = "twice"  # the order had a code already
    OVER = "over"  # the order waits for no payment any more
    NO_CODE = "no_code"  # not a payment code of this wallet
    NOT_NOW = "not_now"  # nothing was done: the rail is away, or nobody works the queue at this moment


# --- the screen's side ---------------------------------------------------------------------------------------------


def pass_on(state_dir: Path, order: Reference, code: PaymentCode) -> Passed:
    """Hand a code over to the queue's holder, whichever process that is. Waits some seconds at most.

    Where the answer is lost, so is the word of it: what became of the code, the order's own record says.
    """
    try:
        with _folder(state_dir) as folder, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(HAND_OVER_S)
            line.connect(f"{folder}/{NAME}")
            line.sendall(json.dumps({"order": order, "code": code.reveal()}).encode() + b"\n")
            return Passed(_line(line))
    except (OSError, ValueError) as error:
        log.warning("A payment code could not be handed over: %s", type(error).__name__)
        return Passed.NOT_NOW


# --- the holder's side ---------------------------------------------------------------------------------------------


def slot_of(queue: Queue, state_dir: Path) -> CodeSlot | None:
    """The slot, where a way to pay scans customers' codes. Raises OSError where there can be no socket here now."""
    scans = any(tender.acts is Acts.SCANS_CUSTOMER_CODE for tender in queue.remotes.tenders.values())
    return CodeSlot(queue, state_dir) if scans else None


class CodeSlot:
    """Listens as long as its process holds the queue's lock. Each code has a thread of its own, and no two an order."""

    def __init__(self, queue: Queue, state_dir: Path) -> None:
        """Only for who holds the lock. Raises OSError."""
        self._queue, self._state_dir = queue, state_dir
        self._stopped = threading.Event()
        self._charging: list[threading.Thread] = []
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with _folder(state_dir) as folder:
            place = Path(folder) / NAME
            place.unlink(missing_ok=True)  # a dead predecessor's: the lock says that nobody else listens
            os.fchmod(self._listening.fileno(), 0o600)  # before it has a name: at no moment may others connect
            self._listening.bind(str(place))
        self._listening.listen()
        self._thread = threading.Thread(target=self._run, name="code-slot", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Take no more codes, and let each charge end, at most so long."""
        self._stopped.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout_s)
        self._listening.close()
        with suppress(OSError), _folder(self._state_dir) as folder:
            (Path(folder) / NAME).unlink()
        for charging in self._charging:
            charging.join(timeout_s)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                line, _ = self._listening.accept()
            except OSError:  # stopped, or who called has hung up, or the machine has no more descriptors now
                self._stopped.wait(0.1)
                continue
            self._charging = [thread for thread in self._charging if thread.is_alive()]
            charging = threading.Thread(target=self._serve, args=(line,), name="charge", daemon=True)
            self._charging.append(charging)
            charging.start()

    def _serve(self, line: socket.socket) -> None:
        with line:
            line.settimeout(HAND_OVER_S)

            def tell(passed: Passed) -> None:
                with suppress(OSError):  # whoever has hung up reads it in the ledger
                    line.sendall(passed.encode() + b"\n")

            try:
                if _caller(line) in (os.getuid(), 0):
                    order, code = _handed_over(line)
                    charge(self._queue, order, code, tell)
            except Exception as error:  # noqa: BLE001 - only its kind is told: what it says may hold the code
                log.warning("A payment code was not charged: %s", type(error).__name__)
                tell(Passed.NOT_NOW)


def charge(queue: Queue, name: Reference, code: PaymentCode, tell: Callable[[Passed], None]) -> None:
    """Charge this order by this code, if it waits for one. `tell` hears once, before the money moves.

    Once it is on record the charge is made, whether anybody still listens or not. Raises LedgerError.
    """
    order = queue.ledger.order(name)
    tender, _ = queue.remotes.of(order)
    if not (isinstance(tender, ChargesCodes) and reads(tender, code)):
        tell(Passed.NO_CODE)
        return
    told = False
    if due := queue.claims.claim(name):
        for part in queue.parts(due, code):
            if isinstance(part, Task) and part.question is Question.CHARGE:
                tell(Passed.TAKEN)
                told = True
    if not told:
        tell(_why_not(queue, name))


def _why_not(queue: Queue, name: Reference) -> Passed:
    order = queue.ledger.order(name)
    if order.of(Call.CHARGE):
        return Passed.TWICE
    return Passed.NOT_NOW if order.state is State.AUTHORIZING else Passed.OVER


# --- both sides ----------------------------------------------------------------------------------------------------


@contextmanager
def _folder(state_dir: Path) -> Iterator[str]:
    """A short name of this folder: a socket's path has 107 bytes at most, and a folder's may be longer (Linux)."""
    descriptor = os.open(state_dir, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


def _line(line: socket.socket) -> str:
    """One line, without its end. Raises OSError, ValueError."""
    said = b""
    while not said.endswith(b"\n"):
        more = line.recv(LINE_MAX)
        if not more or len(said) + len(more) > LINE_MAX:
            raise ValueError("no whole line")
        said += more
    return said.decode("ascii").rstrip("\n")


def _handed_over(line: socket.socket) -> tuple[Reference, PaymentCode]:
    said = json.loads(_line(line))
    return parse_reference(said["order"]), PaymentCode(said["code"])


def _caller(line: socket.socket) -> int:
    """The operating-system user at the other end, by the kernel's word."""
    size = struct.calcsize("3i")
    _, user, _ = struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return int(user)
