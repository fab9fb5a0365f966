"""Airalo's access token: fetched, kept across starts in a file of mode 0600, renewed before it ends.

Airalo gives three tokens a minute, so every process of the kiosk shares the file, and one at a time asks for a new
one. The token is never logged.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from kiosk.errors import Misconfigured, NotNow, Unreachable
from kiosk.ports import Clock
from kiosk.providers.airalo.limits import Limits
from kiosk.remote import Remote, Reply

MARGIN = timedelta(minutes=5)
LIFE_MAX_S = 86_400  # the documentation says 24 h, its example a year: the shorter one is safe
LIFE_UNSAID_S = 3_600


class Kept(msgspec.Struct, frozen=True):
    """A token, as it lies in the file."""

    access_token: str
    expires_at: datetime


class Tokens:
    """The one place that asks for tokens; `sign` makes the `airalo-signature` header of a payload."""

    def __init__(
        self,
        remote: Remote,
        login: tuple[str, str],
        state_dir: Path,
        clock: Clock,
        sign: Callable[[bytes], str],
        limits: Limits,
    ) -> None:
        self._remote = remote
        self._id, self._secret = login
        self._clock = clock
        self._sign = sign
        self._limits = limits
        self._lock = threading.Lock()
        self._kept: Kept | None = None
        whose = hashlib.sha256(f"{self._id}\n{remote.base_url}".encode()).hexdigest()[:16]
        self._file = state_dir / f"airalo-token-{whose}.json"

    def current(self, refused: str = "") -> str:
        """A token that should be accepted; never `refused`, which was answered with 401. One fetch at a time.

        Raises NoAnswer. Its Unreachable is never `sent`: whatever the token was for has not left yet.
        """
        with self._lock:
            found = self._good(self._kept, refused) or self._good(self._read(), refused)
            if found is None:
                with self._turn():  # another process may have fetched one while we waited for our turn
                    found = self._good(self._read(), refused) or self._renewed()
            self._kept = found
            return found.access_token

    def _good(self, kept: Kept | None, refused: str) -> Kept | None:
        fresh = kept and kept.access_token != refused and kept.expires_at - MARGIN > self._clock.now()
        return kept if fresh else None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One process at a time; the kernel lets go with it. A disk that takes no lock must not stop a sale."""
        lock = -1
        with suppress(OSError):
            lock = os.open(self._file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            if lock >= 0:
                os.close(lock)

    def _renewed(self) -> Kept:
        kept = self._fetch()
        self._write(kept)
        return kept

    def _fetch(self) -> Kept:
        form = {"client_id": self._id, "client_secret": self._secret, "grant_type": "client_credentials"}
        signature = {"airalo-signature": self._sign(msgspec.json.encode(form))}
        try:
            self._limits.obey("POST token")
            reply = self._remote.send("POST", "token", changes=False, form=form, headers=signature)
            self._limits.hear("POST token", reply)
            if reply.status == 200:
                return self._kept_of(reply)
        except Unreachable as error:
            raise Unreachable(f"No access token: {error}", sent=False) from None
        if reply.status in (400, 401, 403, 422):
            raise Misconfigured("Airalo does not accept the client_id and client_secret of the configuration.")
        if reply.status == 429:
            raise NotNow("Airalo gives no more access tokens for now.", retry_after_s=reply.retry_after_s)
        raise Unreachable(f"Airalo gave no access token (HTTP {reply.status}).", sent=False)

    def _kept_of(self, reply: Reply) -> Kept:
        data = reply.record().get("data")
        token = data.get("access_token") if isinstance(data, dict) else None
        if not isinstance(token, str) or not (token.isascii() and token.isprintable() and token.strip()):
            raise reply.odd("without an access token")
        life = data.get("expires_in") if isinstance(data, dict) else None
        known = isinstance(life, int) and life > 0
        life_s = min(life, LIFE_MAX_S) if known and isinstance(life, int) else LIFE_UNSAID_S
        return Kept(token, self._clock.now() + timedelta(seconds=life_s))

    def _read(self) -> Kept | None:
        try:
            kept = msgspec.json.decode(self._file.read_bytes(), type=Kept)
        except (OSError, msgspec.DecodeError):
            return None
        return kept if kept.expires_at.tzinfo is not None else None

    def _write(self, kept: Kept) -> None:
        """Whole or not at all. A full disk must not stop a sale: then the token lives in memory alone."""
        fresh = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(msgspec.json.encode(kept))
            fresh.replace(self._file)
