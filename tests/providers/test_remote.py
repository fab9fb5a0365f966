"""Every way an HTTP exchange can end becomes an answer or one of the four NoAnswer errors."""

from __future__ import annotations

import inspect
import socket
import struct
import threading
from contextlib import ExitStack, suppress

import httpx
import pytest

from kiosk.abilities import Allowance
from kiosk.errors import ConfigError, Misconfigured, NoAnswer, Unreachable
from kiosk.remote import IN_DOUBT, NEVER_LEFT, OUR_FAULT, Remote, check_address, is_loopback, no_answer, plain
from tests.providers.fakes import Script, answer, server

HTTPX_ERRORS = [kind for _, kind in inspect.getmembers(httpx, inspect.isclass) if issubclass(kind, Exception)]


def ask(base_url: str, *, timeout_s: float = 5.0, transport: httpx.BaseTransport | None = None) -> object:
    return Remote("Acme", base_url, timeout_s, transport).send("POST", "x", changes=True, content=b"{}").json()


def reset(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize("kind", HTTPX_ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_of_httpx_has_its_place(kind: type[Exception]) -> None:
    """A new httpx with a new kind of error fails here, before it can fail at a customer."""
    assert issubclass(kind, (*NEVER_LEFT, *OUR_FAULT, *IN_DOUBT))


def test_only_a_connection_that_never_opened_proves_that_nothing_left() -> None:
    """The list of errors that say `sent=False` is short, and known."""
    proofs = set()
    for kind in HTTPX_ERRORS:
        made = kind.__new__(kind)  # some need a request to be constructed; their class is all that counts
        found = no_answer(made, "Acme", changes=True)
        if isinstance(found, Unreachable) and not found.sent:
            proofs.add(kind.__name__)

    assert proofs == {"ConnectError", "ConnectTimeout", "PoolTimeout"}


def test_a_refused_connection_sent_nothing() -> None:
    """Nobody listens: Unreachable, and provably not sent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(Unreachable) as caught:
        ask(f"http://127.0.0.1:{port}/")

    assert not caught.value.sent


@pytest.mark.parametrize(
    "behave",
    [
        pytest.param(lambda connection: None, id="closed at once"),
        pytest.param(reset, id="reset after the request"),
        pytest.param(lambda c: (c.recv(4096), c.sendall(b"HTTP/1.1 200 OK\r\n")), id="half the headers"),
        pytest.param(
            lambda c: (c.recv(4096), c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}")), id="half the body"
        ),
        pytest.param(lambda c: (c.recv(4096), c.sendall(b"\x16\x03\x01\x00garbage\r\n\r\n")), id="not HTTP"),
        pytest.param(
            lambda c: (c.recv(4096), c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n<p>")), id="not JSON"
        ),
    ],
)
def test_a_broken_exchange_is_in_doubt(behave: object) -> None:
    """Once a connection opened, nobody knows: `sent` is True."""
    assert callable(behave)

    with server(behave) as base_url, pytest.raises(Unreachable) as caught:
        ask(base_url)

    assert caught.value.sent


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"], ids=["headers", "body"])
def test_a_remote_that_drips_is_cut_at_the_deadline(start: bytes) -> None:
    """One byte at a time keeps no call alive beyond its time-out."""
    stopped = threading.Event()

    def drip(connection: socket.socket) -> None:
        with suppress(OSError):
            connection.recv(4096)
            connection.sendall(start)
            while not stopped.wait(0.02):
                connection.sendall(b"H")

    with server(drip) as base_url:
        try:
            with pytest.raises(Unreachable, match="in time") as caught:
                ask(base_url, timeout_s=0.2)
        finally:
            stopped.set()

    assert caught.value.sent


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("start", "more"),
    [
        (HEAD + b"Content-Length: 1073741824\r\n\r\n", b" " * 65536),
        (HEAD + b"\r\n", b" " * 65536),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b" " * 65536 + b"\r\n"),
        (HEAD, b"X-More: " + b"x" * 4096 + b"\r\n"),
        (HEAD + b"X-One: ", b"x" * 65536),
    ],
    ids=[
        "a gigabyte",
        "a body without an end",
        "chunks without an end",
        "headers without an end",
        "one endless header",
    ],
)
def test_an_answer_without_an_end_is_cut_by_its_size(start: bytes, more: bytes) -> None:
    """Long before the memory is full, and long before the time is over."""
    sent = 0

    def flood(connection: socket.socket) -> None:
        nonlocal sent
        with suppress(OSError):
            connection.recv(65536)
            connection.sendall(start)
            while sent < 200_000_000:
                connection.sendall(more)
                sent += len(more)

    with server(flood) as base_url, pytest.raises(Unreachable) as caught:
        ask(base_url, timeout_s=60.0)

    assert caught.value.sent
    assert sent < 50_000_000, "it was read to the end"


@pytest.mark.parametrize("digits", [400, 5000, 100_000])
def test_a_number_without_an_end_is_no_answer_or_a_number(digits: int) -> None:
    """A JSON integer of any length crashes nothing."""
    script = Script().on("POST /x", httpx.Response(200, content=b'{"amount": ' + b"9" * digits + b"}"))

    with suppress(Unreachable):
        assert isinstance(ask("http://127.0.0.1/", transport=script), dict)


def test_each_call_opens_its_own_connection() -> None:
    """A kept connection may be stale, and then nobody knows whether the request left: none is kept."""
    accepted = []

    def once(connection: socket.socket) -> None:
        accepted.append(connection.recv(4096))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    with server(once) as base_url:
        ask(base_url)
        ask(base_url)

    assert len([request for request in accepted if request]) == 2


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(302, headers={"location": "https://portal.example/"}),
        httpx.Response(200, content=b"[" * 100_000),
        httpx.Response(200, content=b'{"a": NaN}'),
        httpx.Response(200, content=b'"\xff"'),
        httpx.Response(200, content=b" " * 5_000_001),
        httpx.Response(200, headers={"content-encoding": "br"}, content=b""),
    ],
    ids=["redirect", "too deep", "NaN", "not UTF-8", "too long", "compressed"],
)
def test_an_answer_that_cannot_be_trusted_is_no_answer(response: httpx.Response) -> None:
    """Redirects are not followed, five megabytes are enough, and JSON is JSON."""
    with pytest.raises(Unreachable) as caught:
        ask("http://127.0.0.1/", transport=Script().on("POST /x", response))

    assert caught.value.sent


@pytest.mark.parametrize("base_url", ["http://[::1", "ftp://127.0.0.1/", "http://a..b/", "nothing"])
def test_an_address_that_cannot_be_used_stops_for_the_clerk(base_url: str) -> None:
    """Our own mistake is Misconfigured, never a line that is down."""
    with pytest.raises(Misconfigured):
        ask(base_url)


def test_errors_hold_no_secret() -> None:
    """Neither headers nor bodies reach the text that a clerk and the log see."""
    remote = Remote("Acme", "http://127.0.0.1/", 5.0, Script().on("POST /x", httpx.ReadError("boom s3cret")))

    with pytest.raises(NoAnswer) as caught:
        remote.send("POST", "x", changes=True, headers={"Authorization": "s3cret"}, form={"key": "s3cret"})

    assert "s3cret" not in str(caught.value)


def test_the_remotes_clock_and_its_wish_to_wait_are_read() -> None:
    """`date` is aware UTC; odd headers are as good as none."""
    script = Script().on(
        "GET /x",
        answer(date="Sun, 22 Nov 2026 12:00:00 GMT", retry_after="7"),
        answer(date="yesterday", retry_after="soon"),
    )
    remote = Remote("Acme", "http://127.0.0.1/", 5.0, script)
    good, odd = remote.send("GET", "x", changes=False), remote.send("GET", "x", changes=False)

    assert good.date is not None
    assert good.date.isoformat() == "2026-11-22T12:00:00+00:00"
    assert good.retry_after_s == 7.0
    assert (odd.date, odd.retry_after_s) == (None, None)


@pytest.mark.parametrize(
    ("limit", "left", "known"),
    [("80", "12", Allowance(80, 12)), ("80", "", None), ("", "1", None), ("lots", "1", None), ("9" * 99, "1", None)],
)
def test_what_is_left_of_the_rate_limit_is_read(limit: str, left: str, known: Allowance | None) -> None:
    """Of the newest answer; a word that cannot be read is as good as none."""
    headers = {"x-ratelimit-limit": limit, "x-ratelimit-remaining": left}
    remote = Remote("Acme", "http://127.0.0.1/", 5.0, Script().on("GET /x", httpx.Response(200, headers=headers)))

    remote.send("GET", "x", changes=False)

    assert remote.allowance == known


def test_the_signed_path_is_the_path_as_sent() -> None:
    """A base address with a path of its own, a query and signs that are escaped: all as on the wire."""
    script = Script().on("GET /wechat/v3/a b", answer())
    remote = Remote("Acme", "http://127.0.0.1:1/wechat", 5.0, script)
    remote.send("GET", "/v3/a b?x=1", changes=False)

    assert remote.raw_path("/v3/a b?x=1") == script.asked[0].url.raw_path.decode() == "/wechat/v3/a%20b?x=1"


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("http://127.0.0.1:8731/", True),
        ("http://LOCALHOST/", True),
        ("http://[::1]:1/", True),
        ("https://partners-api.airalo.com/v2/", False),
        ("https://127.0.0.1.example.com/", False),
        ("nonsense", False),
    ],
)
def test_a_sandbox_is_known_by_its_address(base_url: str, expected: bool) -> None:
    """Only this machine counts as a sandbox."""
    assert is_loopback(base_url) is expected


@pytest.mark.parametrize(
    "base_url", ["", "shop", "http://example.com/", "https://user:pass@example.com/", "https://a.example/?x=1"]
)
def test_a_doubtful_address_is_refused_with_its_key(base_url: str) -> None:
    """Plain http leaves this machine for nobody; a log-in does not belong in an address."""
    with pytest.raises(ConfigError, match=r"providers\.acme\.base_url"):
        check_address(base_url, "config.toml: providers.acme.base_url")


def test_a_remotes_words_cannot_steer_a_terminal() -> None:
    """Control characters and line breaks do not survive, and nobody writes us a novel."""
    assert plain("a\x1b[31m\nb\u202ec" + "x" * 999, 10) == "a[31m bcxx"


def test_many_calls_at_once_are_each_cut_at_their_own_deadline() -> None:
    """One thread watches over all of them: the last to come may be the first to end."""
    stopped = threading.Event()

    def drip(connection: socket.socket) -> None:
        with suppress(OSError):
            while not stopped.wait(0.02):
                connection.sendall(b"H")

    ended: list[float] = []

    def call(timeout_s: float, base_url: str) -> None:
        with pytest.raises(Unreachable):
            ask(base_url, timeout_s=timeout_s)
        ended.append(timeout_s)

    with ExitStack() as stack:
        stack.callback(stopped.set)
        calls = [
            threading.Thread(target=call, args=(timeout_s, stack.enter_context(server(drip))))
            for timeout_s in (2.2, 1.2, 0.2)
        ]
        for thread in calls:
            thread.start()
        for thread in calls:
            thread.join()

    assert ended == [0.2, 1.2, 2.2]
