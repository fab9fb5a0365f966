"""Every page of the counter has its picture in docs/counter: made by docs/counter_pictures.py."""

from __future__ import annotations

import html
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import screens.counter
from screens.counter.frame import CounterScreen

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def made() -> ModuleType:
    """What makes them."""
    sys.path.insert(0, str(DOCS))
    try:
        return importlib.import_module("counter_pictures")
    finally:
        sys.path.remove(str(DOCS))


def pages() -> Iterator[type[CounterScreen]]:  # type: ignore[type-arg]
    for module in pkgutil.walk_packages(screens.counter.__path__, "screens.counter."):
        for found in vars(importlib.import_module(module.name)).values():
            if isinstance(found, type) and issubclass(found, CounterScreen) and found.__module__ == module.name:
                yield found


def test_every_page_has_a_picture(made: ModuleType) -> None:
    """A page that is added takes one line in PICTURES, and `make pictures`."""
    shown = {picture.page for picture in (*made.PICTURES, made.FIRST_RUN)}
    bases = {base for page in pages() for base in page.__mro__[1:]}

    assert sorted(page.__name__ for page in set(pages()) - shown - bases) == []


def test_every_picture_is_there_and_shows_its_page(made: ModuleType) -> None:
    """The words by which it was known to be ready stand in it; none is left of a page that is gone."""
    every = (*made.PICTURES, made.FIRST_RUN)
    for picture in every:
        assert squeezed(picture.shows) in squeezed(words(DOCS / "counter" / f"{picture.name}.svg")), picture.name
    assert {file.stem for file in (DOCS / "counter").iterdir()} == {picture.name for picture in every}


def words(picture: Path) -> str:
    """What stands in it, from top to bottom."""
    text = picture.read_text(encoding="utf-8")
    return html.unescape("".join(re.findall(r"<text[^>]*>([^<]*)</text>", text)))


def squeezed(text: str) -> str:
    return "".join(text.split())
