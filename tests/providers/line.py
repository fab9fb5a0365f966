"""A line to a sandbox that breaks where a test says. Real sockets; the sandbox gets every request."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from enum import StrEnum
from urllib.parse import urlsplit


class Break(StrEnum):
    """What happens to the reply. The request has always been carried out by then."""

    HALF = "half"  # half of it, then the connection is closed
    RESET = "reset"  # not a byte, and the connection is reset
    HALF_CLOSED = "half_closed"  # not a byte, and the far end only stops sending
    AFTERWARDS = "afterwards"  # all of it; then the connection, which the kiosk might keep, is reset


class Line:
    """Stands before the sandbox at `url`. Requests that begin with `method` break as `how`; the others pass."""

    def __init__(self, url: str, method: str, how: Break) -> None:
        self._far = (urlsplit(url).hostname or "", urlsplit(url).port or 0)
        self._method, self._how = method.encode(), how
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Line:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                with near, suppress(OSError):
                    self._relay(near)

    def _relay(self, near: socket.socket) -> None:
        request = _message(near)
        with socket.create_connection(self._far, timeout=10) as far:
            far.sendall(request)
            reply = _message(far)
        how = self._how if request.startswith(self._method) else None
        if how in (None, Break.AFTERWARDS):
            near.sendall(reply)
        elif how is Break.HALF:
            near.sendall(reply[: len(reply) // 2])
        if how in (Break.RESET, Break.AFTERWARDS):
            near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if how is Break.HALF_CLOSED:
            near.shutdown(socket.SHUT_WR)
            near.settimeout(10)
            near.recv(1)  # until the kiosk hangs up


def _message(connection: socket.socket) -> bytes:
    """One HTTP message: its head, and as much of a body as the head says."""
    connection.settimeout(10)
    with connection.makefile("rb") as reader:
        head = b""
        length = 0
        while (line := reader.readline()) not in (b"\r\n", b""):
            head += line
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return head + b"\r\n" + reader.read(length)
