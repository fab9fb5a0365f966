"""Remotes that say exactly what a test wants: a scripted transport, and a real socket that misbehaves."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx

from kiosk.sandbox.knobs import ReplyLost

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Step = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class FixedClock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    @property
    def off_by(self) -> dict[str, timedelta]:
        return {}

    def heard(self, remote: str, told: datetime) -> None:
        """This clock stands above the others."""

    def not_before(self, at: datetime) -> None:
        """And above the ledger."""

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


class Script(httpx.BaseTransport):
    """Answers each `METHOD path` with the next step of its list; the last one stays. Keeps what was asked."""

    def __init__(self, **steps: list[Step]) -> None:
        self.steps: dict[str, list[Step]] = dict(steps)
        self.asked: list[httpx.Request] = []

    def on(self, call: str, *steps: Step) -> Script:
        self.steps[call] = list(steps)
        return self

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        steps = self.steps.get(f"{request.method} {request.url.path}")
        if not steps:
            raise AssertionError(f"nobody expected {request.method} {request.url}")
        step = steps.pop(0) if len(steps) > 1 else steps[0]
        if isinstance(step, Exception):
            raise step
        if isinstance(step, httpx.Response):
            return httpx.Response(step.status_code, headers=step.headers, content=step.content)
        return step(request)

    def count(self, call: str) -> int:
        return sum(f"{request.method} {request.url.path}" == call for request in self.asked)


class InProcess(httpx.BaseTransport):
    """The sandbox without a socket. A lost reply is a broken connection here too."""

    def __init__(self, application: WSGIApplication) -> None:
        self._inner = httpx.WSGITransport(application)
        self.seen: list[tuple[str, int]] = []
        """Every call that was answered, as `METHOD path`, with its HTTP status."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            response = self._inner.handle_request(request)
        except ReplyLost:
            raise httpx.ReadError("the reply was lost") from None
        self.seen.append((f"{request.method} {request.url.path}", response.status_code))
        return response


def answer(status: int = 200, body: Any = None, **headers: str) -> httpx.Response:
    """A JSON answer."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return httpx.Response(status, json=body if body is not None else {}, headers=named)


@contextmanager
def server(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """A real server on this machine; `behave` gets each accepted connection, which is closed after it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stopping = threading.Event()

        def run() -> None:
            while not stopping.is_set():
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    if not stopping.is_set():
                        behave(connection)

        thread = threading.Thread(target=run)
        thread.start()
        address = listener.getsockname()
        try:
            yield f"http://127.0.0.1:{address[1]}/"
        finally:
            stopping.set()
            with socket.create_connection(address):  # wakes accept()
                pass
            thread.join()
