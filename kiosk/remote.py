"""One HTTP exchange over httpx: it ends in a `Reply`, or in one of the four NoAnswer errors. Nowhere else.

Only modules of kiosk.providers, kiosk.tenders and kiosk.messages import it (httpx takes a while to load). It must never
repeat a call, follow a redirect, or put a header or body into an error's text.

Every call opens its own connection. A kept one may have gone stale, and then nobody knows whether the request left;
so a connection that never opened is the one proof that nothing was sent.
"""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import httpx
import msgspec

from kiosk.abilities import Allowance
from kiosk.deadline import Deadline
from kiosk.errors import ConfigError, Misconfigured, NoAnswer, Unreachable
from kiosk.ports import Clock
from kiosk.untrusted import printable

BODY_MAX_BYTES = 5_000_000
CONNECT_S = 10.0

TRUSTS_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For plain http, which needs no certificates."""

NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
OUR_FAULT = (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError)
IN_DOUBT = (httpx.HTTPError, httpx.StreamError, httpx.CookieConflict)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: any status but a redirect. `body` is the raw body, `remote` the remote's name for messages."""

    remote: str
    status: int
    headers: httpx.Headers
    body: bytes

    def json(self) -> Any:
        """The body as JSON. Raises Unreachable(sent=True) where it is none."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise self.odd("with something that is not JSON") from None

    def record(self) -> dict[str, Any]:
        """The body as a JSON object. Raises Unreachable(sent=True) where it is none."""
        found = self.json()
        if not isinstance(found, dict):
            raise self.odd("with JSON that is not an object")
        return found

    def odd(self, what: str) -> Unreachable:
        """The error for an answer that cannot be understood: it proves nothing either way."""
        return Unreachable(f"{self.remote} answered {what} (HTTP {self.status}).", sent=True)

    @property
    def date(self) -> datetime | None:
        """The remote's own clock, where it tells the time."""
        try:
            told = parsedate_to_datetime(self.headers.get("date", ""))
        except (ValueError, TypeError, OverflowError):
            return None
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)

    @property
    def retry_after_s(self) -> float | None:
        """How long the remote asks us to wait, at most an hour; a date instead of seconds is not read."""
        told = self.headers.get("retry-after", "").strip()
        return min(float(told), 3600.0) if _is_number(told) else None

    @property
    def allowance(self) -> Allowance | None:
        """What is left of the remote's rate limit, where it says so."""
        limit = self.headers.get("x-ratelimit-limit", "").strip()
        left = self.headers.get("x-ratelimit-remaining", "").strip()
        return Allowance(int(limit), int(left)) if _is_number(limit) and _is_number(left) else None


def _is_number(told: str) -> bool:
    return told.isascii() and told.isdigit() and len(told) < 10


@cache
def trusted(trust_env: bool) -> ssl.SSLContext:
    """Whom we believe to be who they say, read once for all remotes: that takes longer than a call."""
    return httpx.create_ssl_context(trust_env=trust_env)


class Remote:
    """One remote under one base address. Holds no connection, so there is nothing to close."""

    def __init__(
        self,
        name: str,
        base_url: str,
        timeout_s: float,
        transport: httpx.BaseTransport | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.name, self._clock = name, clock
        self.base_url = base_url.rstrip("/") + "/"
        self.allowance: Allowance | None = None
        self._timeout_s, self._transport = timeout_s, transport
        trust_env = not is_loopback(base_url)  # a shop's proxy is for the outside, not for the sandbox
        self._client = httpx.Client(
            verify=trusted(trust_env) if base_url.startswith("https:") else TRUSTS_NOBODY,
            transport=transport,
            follow_redirects=False,
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=trust_env,
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "topup-kiosk"},
        )

    def under(self, base_url: str) -> Remote:
        """The same remote at another address of its own, such as one that it has told."""
        return Remote(self.name, base_url, self._timeout_s, self._transport, self._clock)

    def raw_path(self, path: str) -> str:
        """`path` (and its query) as it goes over the wire, the base address's own path before it: what is signed."""
        return httpx.URL(self.base_url + path.lstrip("/")).raw_path.decode("ascii")

    def send(
        self,
        method: str,
        path: str,
        *,
        changes: bool,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        form: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> Reply:
        """Make one exchange, within `timeout_s` altogether. `changes` says whether it may change the remote.

        Raises Unreachable or Misconfigured; every status below 300 or from 400 is a Reply.
        """
        limit_s = timeout_s or self._timeout_s
        deadline = Deadline(limit_s)
        try:
            request = self._client.build_request(
                method,
                self.base_url + path.lstrip("/"),
                params=params,
                headers=headers,
                content=content,
                data=form,
                timeout=httpx.Timeout(limit_s, connect=min(limit_s, CONNECT_S)),
                extensions={"trace": deadline.watch},
            )
            with deadline:
                reply = self._exchange(request)
        except (*OUR_FAULT, *NEVER_LEFT, *IN_DOUBT) as error:
            raise no_answer(error, self.name, changes=changes, over=deadline.over) from None
        if self._clock and reply.date and "age" not in reply.headers:  # a cache would tell an old time
            self._clock.heard(self.name, reply.date)
        self.allowance = reply.allowance
        if 300 <= reply.status < 400:
            raise reply.odd("with a redirect, which is not followed")
        return reply

    def _exchange(self, request: httpx.Request) -> Reply:
        response = self._client.send(request, stream=True)
        try:
            reply = Reply(self.name, response.status_code, response.headers, b"")
            if response.headers.get("content-encoding", "identity").lower() != "identity":
                raise reply.odd("with a compressed body that nobody asked for")
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > BODY_MAX_BYTES:
                    raise reply.odd(f"with more than {BODY_MAX_BYTES // 1_000_000} MB")
            return Reply(self.name, response.status_code, response.headers, bytes(body))
        finally:
            response.close()


def no_answer(error: Exception, remote: str, *, changes: bool, over: bool = False) -> NoAnswer:
    """Which of the four ways of giving no answer an exception of httpx is. In doubt unless it proves otherwise."""
    kind = type(error).__name__
    if isinstance(error, OUR_FAULT):
        return Misconfigured(f"The address of {remote} in the configuration cannot be used ({kind}).")
    if isinstance(error, NEVER_LEFT):
        return Unreachable(f"{remote} cannot be reached: no connection opened, nothing was sent ({kind}).", sent=False)
    what = "did not answer in time" if over or isinstance(error, httpx.TimeoutException) else "broke off"
    doubt = " Whether it took effect is not known." if changes else ""
    return Unreachable(f"{remote} {what} ({kind}).{doubt}", sent=True)


def is_loopback(base_url: str) -> bool:
    """Whether the address is this machine: where a sandbox lives, and no live remote does."""
    host = _host(base_url)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _host(base_url: str) -> str:
    try:
        return httpx.URL(base_url).host.lower().rstrip(".")
    except (httpx.InvalidURL, UnicodeError):
        return ""


def check_address(base_url: str, path: str) -> None:
    """Refuse an address that is no address, holds a log-in, or is plain http to another machine. Raises ConfigError."""
    if not _host(base_url):
        raise ConfigError(f"{path}: not an address; write it like https://example.com/v2/.")
    url = httpx.URL(base_url)
    if url.userinfo or url.query or url.fragment:
        raise ConfigError(f"{path}: only scheme, host and path are allowed; no log-in, query or fragment.")
    if url.scheme != "https" and not (url.scheme == "http" and is_loopback(base_url)):
        raise ConfigError(f"{path}: only https is allowed (plain http for a sandbox on this machine).")


def plain(text: object, limit: int = 160) -> str:
    """A remote's words without control characters, on one line, cut: fit for a terminal, a printer and a log."""
    return " ".join(printable(str(text)).split())[:limit]
