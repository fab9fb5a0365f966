"""A form with several PINs in it, old and new ones: none is shown, and all are typed anew after a refusal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from textual.app import ComposeResult
from textual.widgets import Input

from kiosk.errors import KioskError
from kiosk.texts import printable
from screens.clerk import Field
from screens.counter.frame import CounterScreen
from screens.parts import Key, Words

Answer = TypeVar("Answer")
Typed = dict[str, str]
"""What stands in the fields, by the names of these."""
PIN_MAX = 40


class PinFormScreen(CounterScreen[Answer], Generic[Answer]):
    """Its answer is what `do` gives, in a thread. What it refuses is told, and every field but the PINs stays."""

    def __init__(self, title: str, tells: str, fields: Sequence[tuple[str, str]], do: Callable[[Typed], Any]) -> None:
        """Each of `fields` has a name and what stands in it while it is empty; `pin` in a name hides what is typed."""
        super().__init__()
        self._title, self._tells, self._names, self._do = title, tells, fields, do

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="tells")
        for name, words in self._names:
            yield Field(id=name, placeholder=printable(words), password="pin" in name, max_length=PIN_MAX)

    def on_mount(self) -> None:
        self.query_one("#question", Words).show(printable(self._title))
        self.query_one("#tells", Words).show(printable(self._tells))
        self.query(Input).first().focus()

    def keys(self) -> list[Key]:
        return [Key("enter", "Enter", "Next"), Key("escape", "Esc", "Back, nothing is done")]

    def take(self, key: str) -> None:
        """Enter, touched at the foot."""
        if key == "enter":
            field = self.focused if isinstance(self.focused, Input) else self.query(Input).first()
            self._next(field)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._next(event.input)

    def _next(self, field: Input) -> None:
        fields = list(self.query(Input))
        if rest := fields[fields.index(field) + 1 :]:
            rest[0].focus()
            return
        typed = {str(each.id): each.value.strip() for each in fields}
        self._forget_pins()
        self.work(lambda: self._do(typed), self.dismiss)

    def _forget_pins(self) -> None:
        for each in self.query(Input):
            if each.password:
                each.value = ""

    def failed(self, error: KioskError) -> None:
        """From the first PIN again: none of them is kept."""
        super().failed(error)
        next(each for each in self.query(Input) if each.password).focus()
