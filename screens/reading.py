"""A screen read from top to bottom: its lines in order, each with the key that does what it says.

What shows a screen in another form, larger or spoken, reads it here: no screen is written twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from textual.containers import Grid, Horizontal
from textual.widget import Widget
from textual.widgets import Digits

from screens.paper import Paper
from screens.parts import Tile, Touch, Words

if TYPE_CHECKING:
    from screens.frame import KioskScreen

DRAWN = "drawn"
"""The class of words that are a picture: nothing is read in them."""
TYPED = ("number", "plain-number", "typed")
"""What the customer is typing."""
SCROLL = "down"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to read. `key` is what chooses it; empty where there is nothing to choose."""

    said: str
    key: str = ""
    off: bool = False
    """It stands there, and cannot be chosen now."""
    typed: bool = False
    widget: Widget | None = field(default=None, compare=False)
    """Where it stands."""


@dataclass(frozen=True, slots=True)
class Pads:
    """The keys of a keyboard on the screen: each key and what is printed on it, and how many stand in a row."""

    keys: tuple[tuple[str, str], ...]
    columns: int


def items(screen: KioskScreen[Any]) -> list[Item]:
    """What stands on it, as it stands there; then the keys that work."""
    keys = [Item(f"{key.cap}  {key.does}", key.name) for key in screen.foot_keys() if key.name != SCROLL]
    return [*_read(screen.query_one("#body")), *keys]


def pads(screen: KioskScreen[Any]) -> Pads | None:
    """The keyboard on the screen, where it has one."""
    for grid in screen.query(Grid):
        if keys := [touch for touch in grid.children if isinstance(touch, Touch)]:
            shown = tuple((touch.key, touch.cap or touch.does) for touch in keys)
            return Pads(shown, grid.styles.grid_size_columns)
    return None


def _read(widget: Widget) -> Iterator[Item]:
    """The lines in this widget. Words beside each other, and those of a tile, are one line."""
    for child in widget.children:
        if not child.display or not child.visible or isinstance(child, Paper) or {DRAWN, "pad"} & child.classes:
            continue
        if isinstance(child, Touch):
            yield Item(f"{child.cap}  {child.does}", child.key, widget=child)
        elif isinstance(child, Tile):
            yield Item(_beside(child), child.key, off=child.has_class("-off"), widget=child)
        elif _is_line(child):
            if said := _beside(child):
                yield Item(said, typed=child.id in TYPED, widget=child)
        else:
            yield from _read(child)


def _is_line(widget: Widget) -> bool:
    if isinstance(widget, Words | Digits):
        return True
    return isinstance(widget, Horizontal) and all(isinstance(each, Words | Digits) for each in widget.children)


def _beside(widget: Widget) -> str:
    if isinstance(widget, Words):
        return widget.said.strip()
    if isinstance(widget, Digits):
        return widget.value.strip()
    return "  ".join(said for each in widget.children if each.display and (said := _beside(each)))
