"""The log: written for the owner, and safe to send to somebody who helps."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.log import log_to


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """A log as the kiosk keeps it; its door is closed again."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    level = root.level
    log_to(tmp_path / "kiosk.log")
    yield tmp_path / "kiosk.log"
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("the SIM 8901260862291477122 is unknown", "the SIM 8901****7122 is unknown"),
        ("the SIM +13055550142 is unknown", "the SIM +****0142 is unknown"),
        ("GET /operators/auto-detect/phone/13055550142/countries/US", "/phone/+****0142/countries/US"),
        ("told li.wei@example.com", "told ****@****"),
        ("order T077Q3F9XKD2MWB waits since 1798243200", "order T077Q3F9XKD2MWB waits since 1798243200"),
    ],
)
def test_a_customers_numbers_are_masked(log: Path, said: str, kept: str) -> None:
    """Cards, phones, addresses; what helps to find an order stays."""
    logging.getLogger("kiosk").warning("%s", said)

    assert kept in log.read_text(encoding="utf-8")
