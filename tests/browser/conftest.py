"""One Chromium for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import PROGRAM, Chromium


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[Chromium]:
    assert PROGRAM, "There is no Chromium here: make browser"
    with Chromium(tmp_path / "chromium") as browser:
        yield browser
