"""What every test may ask for."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.sandbox.wechat_certificates import certificate_keys
from kiosk.sandbox.wechat_keys import training_keys
from tests.world import World, world


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
