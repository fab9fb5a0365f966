"""What every test may ask for."""

import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from kiosk.sandbox.wechat_certificates import certificate_keys
from kiosk.sandbox.wechat_keys import training_keys
from tests.world import World, world

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it
ROOM = 2 * 1024**3
"""Bytes: what the largest tests may write at once."""
LONG = (
    "tests/simulation/test_days.py",
    "tests/journeys/test_fuzz.py",
    "tests/journeys/test_wechat.py",
    "tests/journeys/test_card.py",
    "tests/devices/test_soak.py",
    "tests/crash/",
)
"""Minutes each."""


def pytest_configure() -> None:
    """Files of tests lie in memory where there is room: they are real files, and nobody cuts this machine's power.

    Whether commits are few enough is measured on a disk, by `benchmarks/ledger.py`; a whole disk is a test's own.
    """
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest begin first: else one worker is still at them when the others have nothing left to do."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture(autouse=True)
def light_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PIN's hash takes a quarter of a second on purpose. Within a test's own process it is one of small parameters.

    The programs that tests start hash as always, and so does a test marked `heavy_hashes`.
    """
    if request.node.get_closest_marker("heavy_hashes") is None:
        light = partial(PasswordHasher, time_cost=1, memory_cost=64, parallelism=1)
        monkeypatch.setattr("kiosk.clerks.PasswordHasher", light)


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[World]:
    """The real program with the sandbox and a printer around it."""
    with world(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def made_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys take a while to make: once for all tests."""
    folder = tmp_path_factory.mktemp("keys")
    training_keys(folder)
    certificate_keys(folder)
    return folder


@pytest.fixture
def keys(tmp_path: Path, made_keys: Path) -> Path:
    """The folder of the books, with training keys in it."""
    return Path(shutil.copytree(made_keys, tmp_path, dirs_exist_ok=True))
