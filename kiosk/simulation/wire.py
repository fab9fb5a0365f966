"""The line between a real adapter and its remote's sandbox, in one process: each request meets the weather."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import httpx

from kiosk.errors import Misconfigured, NotNow, Refused
from kiosk.ports import Clock
from kiosk.simulation.remotes import Fault

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.sandbox.app import Application

Rows = Sequence[Mapping[str, Any]]
GARBAGE = "<!DOCTYPE html><html><body><h1>It works!</h1></body></html>"


CHANGES = ("top_up", "start", "charge", "cancel", "capture", "refund")
"""What a remote may answer with a definite no; a look that is refused says nothing."""


class Wire(httpx.BaseTransport):
    """`asked` says what a request asks for, in the weather's words; `codes` are two documented ones of the remote: for

    a definite no, and for credentials that do not serve.
    """

    def __init__(
        self,
        sandbox: Application,
        clock: Clock,
        remote: str,
        codes: tuple[int | str, int | str],
        asked: Callable[[httpx.Request], str],
    ) -> None:
        self._sandbox, self._inside = sandbox, httpx.WSGITransport(app=sandbox)
        self._clock, self._remote, self._codes, self._asked = clock, remote, codes, asked
        self.weather: Callable[[str], Fault] = lambda asked: None
        self.late_by: Callable[[], timedelta] = lambda: timedelta(minutes=10)
        self.under_way: list[tuple[datetime, httpx.Request]] = []
        self._read_at: datetime | None = None
        self._read: dict[tuple[str, ...], list[Rows]] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.arrive()
        request.read()
        asked = self._asked(request)
        fault = self.weather(asked)
        match fault:
            case None:
                return self._execute(request)
            case "down":
                raise httpx.ConnectError("nothing left", request=request)
            case "dark":
                raise httpx.ReadTimeout("nothing came back", request=request)
            case "late":
                self.under_way.append((self._clock.now() + self.late_by(), request))
                raise httpx.ReadTimeout("no answer in time", request=request)
            case "lost":
                self._execute(request)
                raise httpx.ReadError("the reply was lost", request=request)
            case NotNow(retry_after_s=wait_s):
                after = {} if wait_s is None else {"Retry-After": str(int(wait_s))}
                return httpx.Response(429, headers=after, json={"message": "Too Many Attempts."}, request=request)
            case Refused() if asked in CHANGES:
                return self._rehearsed(request, self._codes[0])
            case Misconfigured():
                return self._rehearsed(request, self._codes[1])
        self._execute(request)
        return httpx.Response(200, html=GARBAGE, request=request)

    def arrive(self) -> None:
        """Requests that were given up long ago reach the vendor after all."""
        now = self._clock.now()
        due = [request for at, request in self.under_way if at <= now]
        self.under_way = [(at, request) for at, request in self.under_way if at > now]
        for request in due:
            self._execute(request)

    def inside(self, method: str, path: str, body: object = None) -> bytes:
        """Ask the sandbox itself: its knobs, its files. No weather there."""
        content = b"" if body is None else json.dumps(body).encode()
        request = httpx.Request(
            method, f"http://127.0.0.1{path}", content=content, headers={"Content-Type": "application/json"}
        )
        return self._execute(request).content

    def books(self, *names: str) -> list[Rows]:
        """The sandbox's books of these names. Only a request or time changes them: they are not read again before."""
        if self._clock.now() != self._read_at:
            self._read_at, self._read = self._clock.now(), {}
        if names not in self._read:
            self._read[names] = [self._sandbox.books(name) for name in names]
        return self._read[names]

    def post(self, address: str, **form: str) -> int:
        """What somebody outside does on a page of the sandbox, and its status. No weather there, either."""
        return self._execute(httpx.Request("POST", address, data=form)).status_code

    def page(self, path: str, **form: str) -> str:
        """What somebody outside does there, and the address of the page that they are sent to."""
        return self._execute(httpx.Request("POST", f"http://127.0.0.1{path}", data=form)).headers["location"]

    def _execute(self, request: httpx.Request) -> httpx.Response:
        self._read = {}
        response = self._inside.handle_request(request)
        response.read()
        response.headers["Date"] = format_datetime(self._clock.now(), usegmt=True)  # as every server tells it
        return response

    def _rehearsed(self, request: httpx.Request, code: int | str) -> httpx.Response:
        """This request is answered with one of the remote's documented codes, and not executed."""
        self.inside("PUT", "/_knobs", {"remote": self._remote, "reject": code, "times": 1})
        return self._execute(request)
