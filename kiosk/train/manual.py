"""docs/clerk.md as a clerk's hands read it: for each situation what stands on the page, and which keys to press."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PLACES = (HERE / "clerk.md", HERE.parent.parent / "docs" / "clerk.md")
"""In an installed kiosk, and among its sources."""
HEAD = "| what the customer says | what you see | keys |"
NAMED = {"Enter": "enter", "Esc": "escape", "Down": "down", "Tab": "tab", "Backspace": "backspace"}
ROLL = "<new-roll>"
"""Not a key: hands put paper into the printer."""


@dataclass(frozen=True, slots=True)
class Row:
    """One situation: literal words of the pages, in the order in which they come, and the keys."""

    words: str
    sees: tuple[str, ...]
    keys: str

    def presses(self) -> list[tuple[bool, str]]:
        """One after another: a key by its name (True), or what is typed: a text, or `<PIN>` and the like."""
        return [_press(each) for each in shlex.split(self.keys)]


def _press(each: str) -> tuple[bool, str]:
    if each in NAMED:
        return True, NAMED[each]
    return bool(re.fullmatch("[A-Z]", each)), each


def manual() -> str:
    """The whole text. Every kiosk has it."""
    return next(path for path in PLACES if path.exists()).read_text(encoding="utf-8")


def rows(text: str) -> dict[str, Row]:
    """Every situation of the manual, by the customer's words."""
    found = {}
    for table in text.split(HEAD)[1:]:
        for line in table.strip().splitlines()[1:]:
            if not line.startswith("|"):
                break
            words, sees, keys = (cell.strip() for cell in line.strip("|").split("|"))
            found[words] = Row(words, tuple(re.findall("`([^`]+)`", sees)), keys.strip("`"))
    return found
