"""What a page in large letters is made of: words, and the caps of a keyboard on the screen."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.widgets import Static

from screens.letters import large
from screens.parts import Touch, Touched
from screens.reading import Item

CAP_ROWS = 4
"""A cap is drawn so high, and shown without its lowest row, which no capital reaches."""


class LargeWords(Static):
    """One item."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__("", markup=False, id=id, classes="large-words")
        self.item = Item("")
        self._drawn: object = None

    def show(self, item: Item, columns: int, rows: int, font: str) -> None:
        if (item, columns, rows) != self._drawn:
            self.item, self._drawn = item, (item, columns, rows)
            self.set_class(bool(item.key) and not item.off, "-choice")
            self.set_class(item.off, "-off")
            self.update(Content("\n".join(large(item.said, columns, rows, font))))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if self.item.key:
            self.post_message(Touched(self.item.key))


class Cap(Touch):
    """A key of the keyboard on the screen, its one sign as large as it fits."""

    def draw(self, key: str, shown: str, font: str) -> None:
        self.key = key
        if len(shown) == 1 and shown.isalnum():
            rows = large(shown.upper(), CAP_ROWS * 3, CAP_ROWS, font)[:-1]
            self.update(Content("\n".join(rows)))
        else:
            self.update(Content(f"\n{shown}"))
