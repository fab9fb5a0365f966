"""The small things that screens are made of: words, touch targets, the head and the foot.

A touch target is a key that can be touched: it does what the key printed on it does, and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from textual import events
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from kiosk.texts import wrapped
from kiosk.untrusted import printable, printable_lines


class Words(Static):
    """Text as it is: nothing in it is markup."""

    def __init__(self, id: str | None = None, classes: str | None = None, hang: int = 0) -> None:
        """`hang` is how far the rest of a line that is too long is set in: below its words, not below its time."""
        super().__init__("", markup=False, id=id, classes=classes)
        self.said, self._hang = "", hang

    def show(self, text: str) -> None:
        """Show this text, and nothing else: whatever is in it, the terminal is told to draw letters."""
        self.said = printable_lines(text)
        self.update(self._fitted())

    def on_resize(self) -> None:
        if self._hang or not self.said.isascii():
            self.update(self._fitted())

    def _fitted(self) -> str:
        """Textual breaks a Chinese line anywhere, before a comma too: what needs several lines is broken here."""
        columns = self._room()
        lines = self.said.split("\n")
        if (
            (self.said.isascii() and not self._hang)
            or columns <= self._hang
            or max(Content(line).cell_length for line in lines) <= columns
        ):
            return self.said
        return "\n".join(line for long in lines for line in self._broken(long, columns))

    def _room(self) -> int:
        """Columns for the words. What grows with them has all of its parent: broken at its own width, it would not."""
        own, grows = self.content_size.width, self.styles.width is None or self.styles.width.is_auto
        if grows and isinstance(self.parent, Widget):
            return max(own, self.parent.content_size.width - self.gutter.width)
        return own

    def _broken(self, long: str, columns: int) -> list[str]:
        first, *rest = wrapped(long, columns)
        if not rest or not self._hang:
            return [first, *rest]
        hanging = wrapped(long[len(first) :].strip(), columns - self._hang)
        return [first, *(" " * self._hang + line for line in hanging)]


class Notice(Words):
    """One line above the foot: that the screen is about to close, or for some seconds a word on what just happened."""

    TOLD_S = 8.0
    closing = False
    _until = 0.0

    def warn(self, text: str) -> None:
        """The screen is about to close. The bell rings once: who looks elsewhere hears it."""
        if not self.closing:
            self.app.bell()
        self.closing = self.display = True
        self.show(text)

    def tell(self, text: str) -> None:
        self.closing, self.display, self._until = False, True, time.monotonic() + self.TOLD_S
        self.show(text)

    def clear(self) -> bool:
        """Nothing more to say. Returns whether the screen was about to close."""
        was_closing, self.closing, self.display = self.closing, False, False
        return was_closing

    def look(self) -> None:
        """What was told long enough goes."""
        if self.display and not self.closing and time.monotonic() > self._until:
            self.display = False


class Touched(Message):
    """A touch target was touched: `key` is the key printed on it."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


@dataclass(frozen=True, slots=True)
class Key:
    """A key that works now: its name, how it is printed, and what it does."""

    name: str
    cap: str
    does: str


class Touch(Static):
    """A touch target of one line: the key and what it does."""

    def __init__(self, key: str = "", id: str | None = None, classes: str | None = None) -> None:
        super().__init__("", markup=False, id=id, classes=classes)
        self.key, self.cap, self.does = key, "", ""

    def show(self, cap: str, does: str) -> None:
        """Print the key and the words on it. Those that stand there already cost no new layout."""
        said = printable(cap), printable(does)
        if said == (self.cap, self.does):
            return
        self.cap, self.does = said
        self.update(Content.assemble((self.cap, "bold $k-accent"), "  " if cap and does else "", self.does))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(Touched(self.key))


class Tile(Vertical):
    """A touch target with several things in it."""

    def __init__(self, *children: Widget, key: str, id: str | None = None, classes: str = "") -> None:
        super().__init__(*children, id=id, classes=f"tile {classes}")
        self.key = key

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(Touched(self.key))


class Head(Static):
    """One line, the same on every screen: who this is, the steps, the line, the time."""

    def __init__(self) -> None:
        super().__init__("", markup=False, id="head-line")
        self._parts: tuple[Content, Content, Content] = (Content(""), Content(""), Content(""))

    def show(self, name: Content, mark: Content, right: Content) -> None:
        if (name, mark, right) != self._parts:
            self._parts = (name, mark, right)
            self.refresh()

    def render(self) -> Content:
        """Where there is little room, the name is cut; the mark and what stands at the right are not."""
        name, mark, right = self._parts
        room = self.content_size.width - right.cell_length
        left = name.truncate(max(0, room - mark.cell_length - 1)) + mark
        return left.pad_right(max(0, room - left.cell_length)) + right


class Foot(Horizontal):
    """The keys that work here, in the same order on every screen; each can be touched."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self._slots = [Touch(classes="foot-key") for _ in keys]
        self._line = Horizontal(*self._slots, id="foot-line")
        super().__init__(self._line, id="foot")
        self.show(keys)

    def show(self, keys: Sequence[Key]) -> None:
        """These keys, and no others."""
        if more := [Touch(classes="foot-key") for _ in keys[len(self._slots) :]]:
            self._slots += more
            self._line.mount(*more)
        for slot, key in zip_longest(self._slots, keys):
            slot.display = key is not None
            if key is not None:
                slot.key = key.name
                slot.show(key.cap, key.does)
