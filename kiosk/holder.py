"""The thin shell around the queue: its lock, its threads, real time. Only the holder of the lock calls a remote."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Protocol

from kiosk.errors import LedgerBroken, LedgerError, LedgerGone, QueueHeld
from kiosk.identifiers import Reference
from kiosk.sync import Queue

log = logging.getLogger(__name__)

IDLE_S, TROUBLE_S = 0.1, 5.0


class QueueLock:
    """At most one process works the queue. The kernel releases the lock when the process ends, however it ends."""

    def __init__(self, path: Path, name: str) -> None:
        """Take the lock as `name`. Raises QueueHeld with the holder's name and process."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise LedgerError(f"{path} cannot be used: {error.strerror}. Check the disk and the permissions.") from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._file, 200).decode(errors="replace").strip() or "another process"
            os.close(self._file)
            raise QueueHeld(f"The queue is worked by {holder}.") from None
        with suppress(OSError):  # a disk that is full: the lock is ours all the same, only its name is not told
            os.ftruncate(self._file, 0)
            os.write(self._file, f"{name} (process {os.getpid()})".encode())

    def release(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> QueueLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.release()


def work(
    queue: Queue,
    *,
    until: Callable[[], bool],
    first: Reference | None = None,
    idle: Callable[[float], object] = time.sleep,
    live_only: bool = False,
    fails: Callable[[LedgerError], object] = lambda error: None,
) -> None:
    """Work the queue until `until()` says so. A ledger that fails is waited out; `fails` hears of it, and once the log.

    What could not be written down was not sent; an answer that could not be written down is looked up later.
    """
    told = ""
    while not until():
        try:
            if queue.step(first=first, live_only=live_only) is None:
                idle(IDLE_S)
        except LedgerError as error:
            if told != str(error):
                log.exception("The ledger cannot be used; trying again.")
            told = str(error)
            fails(error)
            idle(1.0)


class Steps(Protocol):
    """What is worked step by step: the queue, and the messages."""

    def step(self) -> object | None: ...


def drain(queue: Steps, stop: Callable[[], bool] = lambda: False) -> int:
    """Do everything that is due now, and what that makes due, unless told to `stop`. Returns how many steps it took."""
    steps = 0
    while not stop() and queue.step() is not None:
        steps += 1
    return steps


class Workers:
    """The queue's threads: plain ones, owned by nobody's screen. One of several is kept for who is standing there."""

    def __init__(self, queue: Queue, count: int) -> None:
        self.broken: LedgerError | None = None
        """Why the ledger can no longer be worked on: damaged, or gone."""
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(
                target=self._run, args=(queue, 0 < number == count - 1), name=f"queue-{number}", daemon=True
            )
            for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def _run(self, queue: Queue, live_only: bool) -> None:
        while not self._stop.is_set():
            try:
                work(queue, until=self._stop.is_set, idle=self._stop.wait, live_only=live_only, fails=self._hear)
            except Exception:
                log.exception("A worker of the queue failed; it goes on in a second.")
                self._stop.wait(1.0)

    def _hear(self, error: LedgerError) -> None:
        if isinstance(error, LedgerBroken | LedgerGone):
            self.broken = error

    def stop(self, timeout_s: float = 5.0) -> None:
        """Let each worker end its call, at most so long."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout_s)


class Rounds:
    """One thread in real time, for what is worked beside the queue. What fails is logged, and stops nothing else."""

    def __init__(self, name: str, make: Callable[[], Steps], idle_s: float = 1.0) -> None:
        """`make` is called within the thread, and again until it succeeds."""
        self._name, self._make, self._idle_s = name, make, idle_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        steps: Steps | None = None
        told = ""
        while not self._stop.is_set():
            try:
                steps = steps or self._make()
                idle = steps.step() is None
                self._stop.wait(self._idle_s if idle else 0)
                told = ""
            except Exception as error:
                if told != str(error):
                    log.exception("The rounds of %s fail just now; trying again.", self._name)
                told = str(error)
                self._stop.wait(TROUBLE_S)

    def stop(self, timeout_s: float = 5.0) -> None:
        """Let it end its call, at most so long."""
        self._stop.set()
        self._thread.join(timeout_s)
