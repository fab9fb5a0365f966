"""A page with fields, one after the other by Enter, each looked at before the next; the PIN comes last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from textual.app import ComposeResult
from textual.widgets import Input

from kiosk.errors import KioskError
from kiosk.sign_in import sign_in
from kiosk.texts import printable
from screens.clerk import Field
from screens.counter.frame import CounterScreen
from screens.parts import Key, Words

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Ask:
    """One field. `check` raises where what was typed cannot be read: then the next one is not gone to."""

    id: str
    placeholder: str
    check: Callable[[str], object] = str
    longest: int = 80


@dataclass(frozen=True, slots=True)
class Form(Generic[Answer]):
    """What the page says and asks. `do` is called in a thread with what was typed and who acts (`clerk:mei`)."""

    title: str
    tells: str
    asks: Sequence[Ask]
    do: Callable[[dict[str, str], str], Answer]
    pin: bool = True
    back: str = "Back, nothing is done"


class FormScreen(CounterScreen[Answer], Generic[Answer]):
    """Its answer is the form's; nothing where the clerk went back."""

    def __init__(self, form: Form[Answer]) -> None:
        super().__init__()
        self._form = form

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="tells")
        for ask in self._form.asks:
            yield Field(id=ask.id, placeholder=ask.placeholder, max_length=ask.longest)
        if self._form.pin:
            yield Field(id="pin", placeholder=f"PIN of {self.counter.clerk_name}", password=True, max_length=40)

    def on_mount(self) -> None:
        self.query_one("#question", Words).show(printable(self._form.title))
        self.query_one("#tells", Words).show(printable(self._form.tells))
        next(iter(self.query(Input))).focus()

    def keys(self) -> list[Key]:
        return [Key("enter", "Enter", "Next"), Key("escape", "Esc", self._form.back)]

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._next(event.input)

    def _next(self, field: Input) -> None:
        fields = list(self.query(Input))
        typed = {str(each.id): each.value.strip() for each in fields}
        here = fields.index(field)
        for ask, each in zip(self._form.asks, fields[: here + 1], strict=False):
            try:
                ask.check(typed[ask.id])
            except KioskError as error:
                each.focus()
                self.tell(str(error), "warm")
                return
        self.tell("")
        if here + 1 < len(fields):
            fields[here + 1].focus()
        else:
            self._begin(typed)

    def _begin(self, typed: dict[str, str]) -> None:
        for field in self.query(Input):
            if field.password:
                field.value = ""
        self.work(lambda: self._form.do(typed, self._who(typed)), self.dismiss)

    def _who(self, typed: dict[str, str]) -> str:
        """In a thread: who acts, after the PIN was right."""
        name = self.counter.clerk_name
        return sign_in(self.house, name, typed["pin"], self.counter.terminal) if self._form.pin else f"clerk:{name}"
