"""The screen below it in large letters: one line after the other, with one to be at; a code to scan stays as it is.

It reads the screen again and again, and shows what it reads. What is typed or touched goes to that screen.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Grid, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.css.query import NoMatches
from textual.widgets import Static

from screens.large_parts import Cap, LargeWords
from screens.letters import large
from screens.parts import Notice, Touch, Words
from screens.reading import Item, Pads, items, pads

if TYPE_CHECKING:
    from screens.frame import KioskScreen

LOOK_S = 0.1
LINES, LETTERS = 4, 14
"""At least so many lines high and letters wide is what is seen at once."""
LEAST = 4
NOTICE_COLUMNS = 5
"""Beside the words of a notice: its bar and blanks."""
HANZI = ("zh", "zh_Hant", "ja", "ko")
HANZI_ROWS = 7 / 5
"""A hanzi has more strokes than a letter."""
UP, DOWN = "pageup", "pagedown"
STEPS = {"up": -1, "down": 1}
PAGES = {UP: -1, DOWN: 1}


class LargePage(Vertical):
    """All of a screen's body, in large letters."""

    DEFAULT_CSS = """
    LargePage { height: 1fr; width: 100%; }
    #large-notice { display: none; color: $k-warm; height: auto; padding-left: 2; }
    #large-all, #large-items { height: 1fr; }
    #large-items { width: 1fr; scrollbar-size: 0 0; }
    #large-code { width: auto; height: auto; color: #000000; background: #ffffff; margin-right: 1; }
    #large-moves { width: 9; height: 1fr; }
    .large-move { height: 1fr; width: 9; background: $k-panel; content-align: center middle; color: $k-accent; }
    .large-move:hover { background: $k-line; }
    .large-words { width: 100%; height: auto; border-left: blank; padding-left: 1; }
    .large-words.-choice { border-left: thick $k-line; color: $k-accent; }
    .large-words.-off { color: $k-dim; }
    .large-words.-at { border-left: thick $k-accent; background: $k-panel; }
    #large-pads { display: none; }
    LargePage.-keypad #large-pads { display: block; width: 30; height: 1fr; grid-rows: 1fr; }
    LargePage.-keyboard #large-pads { display: block; dock: bottom; width: 1fr; height: 12; grid-rows: 3; }
    .large-cap { height: 100%; background: $k-panel; content-align: center middle; color: $k-accent; }
    .large-cap:hover { background: $k-line; }
    """

    def __init__(self, screen: KioskScreen[Any]) -> None:
        super().__init__(id="large")
        self._of = screen
        self._font = screen.house.config.file.printer.font
        self.at = 0
        """The number of the item that Enter chooses."""
        self._pads: Pads | None = None
        self._scroll = VerticalScroll(id="large-items", can_focus=False)

    def compose(self) -> ComposeResult:
        yield LargeWords(id="large-notice")
        with Horizontal(id="large-all"):
            yield Static("", markup=False, id="large-code")
            yield self._scroll
            yield Grid(id="large-pads")
            with Vertical(id="large-moves"):
                yield Touch(UP, classes="large-move")
                yield Touch(DOWN, classes="large-move")

    def on_mount(self) -> None:
        for move, sign in zip(self.query(".large-move").results(Touch), "^v", strict=False):
            move.update(Content("\n".join(large(sign, 8, 5, self._font))))
        self.look()
        self.set_interval(LOOK_S, self.look)

    # --- what is shown ---------------------------------------------------------------------------------------

    @property
    def _shown(self) -> list[LargeWords]:
        """None of them before the page is whole, and while its screen is taken down."""
        return [words for words in self._scroll.children if isinstance(words, LargeWords) and words.display]

    @property
    def _here(self) -> LargeWords | None:
        shown = self._shown
        return shown[min(self.at, len(shown) - 1)] if shown else None

    def look(self) -> None:
        """Read the screen, and show what has changed; nothing of one that is just being taken down."""
        if not self.display:
            return
        with suppress(NoMatches):
            self._show_notice()
            self._show_code()
            self._show_pads()
            self._show_items(items(self._of))

    def _show_items(self, read: list[Item]) -> None:
        scroll = self._scroll
        columns = scroll.scrollable_content_region.width - 3  # the bar at the left, and a blank beside it
        if columns < LEAST:
            return
        typed = next((each for each in self._shown if each.item.typed), None)
        before = typed.item if typed else None
        have = [words for words in scroll.children if isinstance(words, LargeWords)]
        if more := [LargeWords() for _ in read[len(have) :]]:
            scroll.mount(*more)
        for words, item in zip_longest([*have, *more], read):
            words.display = item is not None
            if item is not None:
                words.show(item, columns, self.rows, self._font)
        self.at = max(0, min(self.at, len(read) - 1))
        self._mark()
        now = next((place for place, item in enumerate(read) if item.typed), None)
        if now is not None and before is not None and read[now] != before:
            self.at = now
            self.call_after_refresh(self._into_sight)

    @property
    def rows(self) -> int:
        """How high a letter is: as many as leave some lines in sight, and some letters in each."""
        room = self._scroll.size
        rows = max(LEAST, min(room.height // LINES, room.width // LETTERS))
        return round(rows * HANZI_ROWS) if self._of.texts.language in HANZI else rows

    def _show_notice(self) -> None:
        notice, words = self._of.query_one(Notice), self.query_one("#large-notice", LargeWords)
        columns = self.size.width - NOTICE_COLUMNS
        words.display = bool(notice.display) and columns >= LEAST
        if words.display:
            words.show(Item(notice.said), columns, self.rows, self._font)

    def _show_code(self) -> None:
        code = self.query_one("#large-code", Static)
        shown = [words for words in self._of.query("#qr").results(Words) if words.display and words.said]
        code.display = bool(shown)
        if shown:
            code.update(Content(shown[0].said))

    def _show_pads(self) -> None:
        shown = pads(self._of)
        if shown == self._pads:
            return
        self._pads = shown
        grid = self.query_one("#large-pads", Grid)
        self.set_class(shown is not None and shown.columns <= 3, "-keypad")
        self.set_class(shown is not None and shown.columns > 3, "-keyboard")
        if shown is not None:
            grid.styles.grid_size_columns = shown.columns
            have = list(grid.query(Cap))
            if more := [Cap(classes="large-cap") for _ in shown.keys[len(have) :]]:
                grid.mount(*more)
            for cap, (key, printed) in zip([*have, *more], shown.keys, strict=False):
                cap.draw(key, printed, self._font)

    # --- where the customer is -------------------------------------------------------------------------------

    def take(self, key: str) -> str:
        """What this key is for the screen: another one, where it chooses; empty, where it only moved."""
        if (here := self._here) is None:
            return key
        if key in STEPS:
            self._step(STEPS[key])
        elif key in PAGES:
            self._page(PAGES[key])
        elif key == "enter" and here.has_class("-choice"):
            return here.item.key
        else:
            return key
        return ""

    def _step(self, step: int) -> None:
        """To the next item; within one that is higher than what is seen, a screen further."""
        if (item := self._here) is None:
            return
        scroll = self._scroll
        top, bottom, seen = item.virtual_region.y, item.virtual_region.bottom, scroll.size.height
        if (step > 0 and bottom > scroll.scroll_y + seen) or (step < 0 and top < scroll.scroll_y):
            scroll.scroll_to(y=scroll.scroll_y + step * max(1, seen - self.rows), animate=False, immediate=True)
            return
        self.go_to(self.at + step)

    def go_to(self, place: int) -> None:
        """Be at this item, or at the nearest there is."""
        self.at = max(0, min(place, len(self._shown) - 1))
        self._mark()
        self._into_sight()

    def _page(self, step: int) -> None:
        scroll = self._scroll
        scroll.scroll_to(
            y=scroll.scroll_y + step * max(1, scroll.size.height - self.rows), animate=False, immediate=True
        )

    def _mark(self) -> None:
        for place, words in enumerate(self._shown):
            words.set_class(place == self.at, "-at")

    def _into_sight(self) -> None:
        """The item to be at: all of it where that fits, else its beginning."""
        if (here := self._here) is None:
            return
        scroll, region = self._scroll, here.virtual_region
        seen = scroll.size.height
        if region.y < scroll.scroll_y or region.height > seen:
            scroll.scroll_to(y=region.y, animate=False, immediate=True)
        elif region.bottom > scroll.scroll_y + seen:
            scroll.scroll_to(y=region.bottom - seen, animate=False, immediate=True)
