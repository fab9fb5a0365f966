"""A remote's access token: fetched, kept across starts in a file of mode 0600, renewed before it ends.

Remotes give few tokens, so every process of the kiosk shares the file, and one at a time asks for a new one. Only
adapters use it: what a token costs to fetch, each of them knows. The token is never logged.
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

from kiosk.ports import Clock
from kiosk.remote import Reply

MARGIN = timedelta(minutes=5)
LIFE_UNSAID_S = 3_600


class Kept(msgspec.Struct, frozen=True):
    """A token, as it lies in the file."""

    access_token: str
    expires_at: datetime


class Tokens:
    """The one place that has tokens of one account; `fetch` asks the remote for a fresh one, and raises NoAnswer."""

    def __init__(self, file: Path, clock: Clock, fetch: Callable[[], Kept]) -> None:
        self._file, self._clock, self._fetch = file, clock, fetch
        self._lock = threading.Lock()
        self._kept: Kept | None = None

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


def token_file(state_dir: Path, remote: str, client_id: str, base_url: str) -> Path:
    """Where the token of this account at this remote is kept."""
    whose = hashlib.sha256(f"{client_id}\n{base_url}".encode()).hexdigest()[:16]
    return state_dir / f"{remote}-token-{whose}.json"


def kept_of(reply: Reply, told: object, clock: Clock, life_max_s: int) -> Kept:
    """The token in an answer's object `access_token`, `expires_in`, for at most `life_max_s`. Raises Unreachable."""
    found = told if isinstance(told, dict) else {}
    token, life = found.get("access_token"), found.get("expires_in")
    if not isinstance(token, str) or not (token.isascii() and token.isprintable() and token.strip()):
        raise reply.odd("without an access token")
    life_s = min(life, life_max_s) if isinstance(life, int) and life > 0 else LIFE_UNSAID_S
    return Kept(token, clock.now() + timedelta(seconds=life_s))
