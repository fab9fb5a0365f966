"""A list that is written anew every second under the clerk's hand: whoever has chosen a line keeps it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option


class Listing(OptionList):
    """Lines by their keys; the chosen one is known by its key, wherever it moves to."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id, markup=False)
        self.keys: list[str] = []

    def show(self, lines: Sequence[tuple[str, Content]]) -> None:
        """These lines, in this order, each under its key."""
        keys = [key for key, _ in lines]
        if keys == self.keys:
            for place, (_, line) in enumerate(lines):
                self.replace_option_prompt_at_index(place, line)
            return
        chosen = self.chosen
        self.keys = keys
        self.clear_options()
        self.add_options([Option(line) for _, line in lines])
        if keys:
            self.highlighted = keys.index(chosen) if chosen in keys else 0

    @property
    def chosen(self) -> str:
        """The key of the line that is chosen; empty where there is none."""
        place = self.highlighted
        return self.keys[place] if place is not None and place < len(self.keys) else ""
