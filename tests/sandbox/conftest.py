"""A sandbox on a free port, and a caller who has logged in."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.sandbox.server import Sandbox
from tests.sandbox.merchant import Merchant

PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used, but httpx would load all certificates for each client
JSON = {"Accept": "application/json"}
CREDENTIALS = {"client_id": "training-client", "client_secret": "training-secret", "grant_type": "client_credentials"}


class SetClock:
    """A clock that stands still until it is put forward."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def sandbox(tmp_path: Path, clock: SetClock) -> Iterator[Sandbox]:
    with Sandbox(tmp_path / "books.db", limits=False, clock=clock) as running:
        yield running


@pytest.fixture
def http(sandbox: Sandbox) -> Iterator[httpx.Client]:
    """Talks to the sandbox itself: knobs, health, books."""
    with httpx.Client(base_url=sandbox.url, timeout=10, verify=PLAIN) as client:
        yield client


@pytest.fixture
def merchant(http: httpx.Client, keys: Path, clock: SetClock) -> Merchant:
    """Talks to WeChat Pay, and signs."""
    return Merchant(http, keys, clock)


@pytest.fixture
def airalo(sandbox: Sandbox) -> Iterator[httpx.Client]:
    """Talks to Airalo, logged in."""
    with logged_in(sandbox) as client:
        yield client


@contextmanager
def logged_in(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{sandbox.url}/airalo/v2/", headers=JSON, timeout=10, verify=PLAIN) as client:
        token = client.post("token", data=CREDENTIALS).json()["data"]["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def turn(http: httpx.Client, **rule: Any) -> None:
    """Put one rule; it must be a good one."""
    assert http.put("/_knobs", json={"remote": "airalo", **rule}).status_code == 200


def executed(http: httpx.Client) -> list[dict[str, Any]]:
    orders: list[dict[str, Any]] = http.get("/_books/airalo/orders").json()
    return orders
