"""A kiosk with WeChat Pay of the sandbox, worked by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.tenders.till import Till, opened


@pytest.fixture
def open_till(keys: Path) -> Iterator[Callable[..., Till]]:
    """See `opened`; what it opens is closed after the test."""
    with ExitStack() as stack:
        yield lambda **how: stack.enter_context(opened(keys, **how))


@pytest.fixture
def till(open_till: Callable[..., Till]) -> Till:
    return open_till()
