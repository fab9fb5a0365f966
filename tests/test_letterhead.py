"""What the owner puts on receipts is looked at when the kiosk starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kiosk.config import check
from kiosk.errors import ConfigError


def png(width: int, height: int, more: int = 0) -> bytes:
    """The head of a PNG, and so many bytes more."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + size + b"\x01\x00\x00\x00\x00" + bytes(more)


def refused(tables: dict[str, Any]) -> str:
    with pytest.raises(ConfigError) as caught:
        check({"providers": {}} | tables, "config.toml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (None, "cannot be read: No such file or directory."),
        (b"GIF89a", "is not a PNG."),
        (b"", "is not a PNG."),
        (png(4000, 100), "is 4000 x 100 dots; at most 576 x 256 go on a receipt (384 wide on 58 mm paper)."),
        (png(384, 257), "is 384 x 257 dots;"),
        (png(0, 20), "is 0 x 20 dots;"),
        (png(384, 96, 300_000), "has more than 256 kB."),
    ],
)
def test_a_logo_that_cannot_be_printed_is_refused_at_the_start(tmp_path: Path, file: bytes | None, said: str) -> None:
    """By name, with what would do."""
    logo = tmp_path / "logo.png"
    if file is not None:
        logo.write_bytes(file)

    told = refused({"receipt": {"logo": str(logo)}})

    assert told.startswith("config.toml: receipt.logo: ")
    assert said in told


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"receipt": {"header": {"xx": ["Hi"]}}}, "receipt.header.xx: no such language"),
        ({"receipt": {"footer": {"en": ["line"] * 13}}}, "receipt.footer.en: at most 12 lines"),
        ({"receipt": {"clerk_language": "klingon"}}, "receipt.clerk_language: no such language; known here: en"),
        ({"printer": {"font": "/nowhere/font.ttf"}}, "printer.font: /nowhere/font.ttf cannot be read"),
        ({"printer": {"font": "/dev/null"}}, "printer.font: is not a TrueType or OpenType font."),
    ],
)
def test_words_and_fonts_that_fail_later_are_refused_at_the_start(tables: dict[str, Any], said: str) -> None:
    """A language that nobody speaks here, a page of text, a font that is none."""
    assert said in refused(tables)


def test_a_logo_that_fits_is_taken(tmp_path: Path) -> None:
    """384 x 96 dots go on every paper."""
    (tmp_path / "logo.png").write_bytes(png(384, 96))
    tables = {"receipt": {"logo": str(tmp_path / "logo.png"), "header": {"en": ["Open daily"]}}}

    assert check({"providers": {}} | tables, "config.toml").file.receipt.header == {"en": ["Open daily"]}
