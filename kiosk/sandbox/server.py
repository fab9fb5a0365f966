"""The sandbox behind a socket: a threaded HTTP/1.1 server. A lost reply is a closed socket, never an error page.

It is quiet: no request is ever written to stdout or stderr; a fault of the sandbox itself goes to the log.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any

from werkzeug.exceptions import ClientDisconnected
from werkzeug.serving import BaseWSGIServer, ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request

from kiosk.sandbox.app import application, utc_now
from kiosk.sandbox.knobs import ReplyLost
from kiosk.sandbox.wechat_keys import training_keys

log = logging.getLogger("kiosk.sandbox")


class Sandbox:
    """The whole sandbox at `url`. Start it, or use it as a context manager; `serve_forever` is for the command line."""

    def __init__(
        self,
        books: Path,
        *,
        port: int = 0,
        bind: str = "127.0.0.1",
        limits: bool = True,
        clock: Callable[[], datetime] = utc_now,
        payer_url: str = "",
    ) -> None:
        """Bind the port (0: any free one). Raises OSError where it is taken. See `application` for the rest."""
        app = application(books, limits=limits, clock=clock, payer_url=payer_url)
        self._folder = books.parent
        with socket.create_server((bind, port)) as listening:
            self._server = _Server(bind, port, app, _Handler, fd=listening.fileno())
        self._server.clock = clock
        self._thread: threading.Thread | None = None
        self.url = f"http://{bind}:{self._server.port}"

    def start(self) -> Sandbox:
        """Serve in a daemon thread until `stop`."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="sandbox", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and hang up on everybody, as a power cut would. The books stay."""
        if self._thread:
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        self._server.hang_up()

    def serve_forever(self) -> None:
        """Serve in this thread until interrupted. The training keys are there before anybody asks for them."""
        training_keys(self._folder)
        try:
            self._server.serve_forever()
        finally:
            self._server.hang_up()

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Server(ThreadedWSGIServer):
    """Knows its open connections, so that stopping also ends those that are kept alive."""

    clock: Callable[[], datetime]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._open: dict[socket.socket, threading.Thread] = {}
        super().__init__(*args, **kwargs)

    def opened(self, connection: socket.socket) -> None:
        self._open[connection] = threading.current_thread()

    def closed(self, connection: socket.socket) -> None:
        self._open.pop(connection, None)

    def hang_up(self) -> None:
        for connection, thread in list(self._open.items()):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(1.0)

    def log(self, type: str, message: str, *args: Any) -> None:
        if type == "error":
            log.error(message, *args)


class _Handler(WSGIRequestHandler):
    """One connection. werkzeug's own `run_wsgi` closes it after every answer; this one keeps it alive."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: in two, Nagle's algorithm costs 40 ms a request
    server: BaseWSGIServer

    def setup(self) -> None:
        super().setup()
        assert isinstance(self.server, _Server)
        self.server.opened(self.connection)

    def finish(self) -> None:
        assert isinstance(self.server, _Server)
        self.server.closed(self.connection)
        with suppress(OSError):  # flushing to a caller who has hung up
            super().finish()
        self.rfile.close()  # not reached above in that case: the socket would be open until it is collected

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        # The body is read to its end before anything else: what is left of it would be taken for the next request.
        try:
            body = Request(environ).get_data(cache=False)
        except ClientDisconnected:  # a killed kiosk leaves half a body behind
            self.close_connection = True
            return
        environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        try:
            chunks, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        except ReplyLost:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        except Exception:  # the shell's last resort: a 500, and the reason in the log
            log.exception("The sandbox itself failed at %s %s.", self.command, environ["PATH_INFO"])
            self._write("500 INTERNAL SERVER ERROR", [("Content-Length", "0")], b"")
        else:
            self._write(status, list(headers), b"".join(chunks))

    def _write(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """What every answer says of the time: it is the sandbox's own."""
        assert isinstance(self.server, _Server)
        return format_datetime(self.server.clock().astimezone(UTC), usegmt=True)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Nothing: the books say what happened."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing either: a caller who sends half a request, or hangs up, is part of the rehearsal."""
