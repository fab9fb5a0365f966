"""A deadline for a whole exchange over a socket, whatever the library's own time-outs do. Knows no httpx.

One thread watches over every call of the process: a thread for each would cost more than the call itself.
"""

from __future__ import annotations

import socket
import threading
import time
from typing import Any


class Deadline:
    """Cuts the connection when the whole call's time is over: httpx's own time-outs begin again with every byte."""

    def __init__(self, timeout_s: float) -> None:
        self.over = False
        self._timeout_s = timeout_s
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        WATCHDOG.add(self, time.monotonic() + self._timeout_s)

    def __exit__(self, *_: object) -> None:
        WATCHDOG.remove(self)
        with self._lock:
            self._socket = None

    def watch(self, event: str, info: dict[str, Any]) -> None:
        """httpx's `trace` extension: learn which socket this call goes through, before and after TLS."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self.guard(info["return_value"].get_extra_info("socket"))

    def guard(self, connection: socket.socket) -> None:
        """This is the socket that the call goes through, from now on."""
        with self._lock:
            self._socket = connection
            if self.over:
                self._shut()

    def cut(self) -> None:
        with self._lock:
            self.over = True
            self._shut()

    def _shut(self) -> None:
        """Wake the thread that reads. Not SSLSocket.shutdown: that pulls TLS from under the reader."""
        if self._socket is not None:
            try:
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                self._socket = None  # closed already


class Watchdog:
    """The thread that cuts what is over. It sleeps until the nearest deadline, and starts with the first call."""

    def __init__(self) -> None:
        self._ends: dict[Deadline, float] = {}
        self._changed = threading.Condition()
        self._wakes_at = 0.0
        self._thread: threading.Thread | None = None

    def add(self, deadline: Deadline, end: float) -> None:
        with self._changed:
            self._ends[deadline] = end
            if self._thread is None or not self._thread.is_alive():  # the first call, or the first one after a fork
                self._wakes_at = end
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif end < self._wakes_at:
                self._changed.notify()

    def remove(self, deadline: Deadline) -> None:
        with self._changed:
            self._ends.pop(deadline, None)

    def _run(self) -> None:
        while True:
            with self._changed:
                now = time.monotonic()
                over = [deadline for deadline, end in self._ends.items() if end <= now]
                for deadline in over:
                    del self._ends[deadline]
                if not over:
                    self._wakes_at = min(self._ends.values(), default=now + 60.0)
                    self._changed.wait(self._wakes_at - now)
            for deadline in over:
                deadline.cut()


WATCHDOG = Watchdog()
