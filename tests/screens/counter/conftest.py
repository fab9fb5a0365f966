"""What the tests of the counter may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.counter.desk import a_desk
from tests.screens.room import Room


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Room]:
    """A shop with two clerks."""
    made = a_desk(tmp_path)
    yield made
    made.close()
