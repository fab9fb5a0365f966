"""What every test may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World, world


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[World]:
    """The real program with the sandbox and a printer around it."""
    with world(tmp_path) as made:
        yield made
