"""What the tests of the screens may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.room import EITHER, Room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.close()


@pytest.fixture
def either(tmp_path: Path) -> Iterator[Room]:
    """A shop that takes card numbers and phone numbers."""
    made = Room(tmp_path, sims=EITHER)
    yield made
    made.close()
