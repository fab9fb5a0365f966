"""One act: in plain words what it will do, its reason, the PIN where it takes one, a second person where it takes two.

Whoever loses a race is told who was faster and what they did; nothing was done then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input

from kiosk.acts import Act, By
from kiosk.clerks import Role
from kiosk.sign_in import sign_in
from kiosk.texts import printable
from screens.clerk import Field
from screens.counter.frame import CounterScreen
from screens.parts import Key, Words


class ActScreen(CounterScreen[str]):
    """Its answer is what came of it, as a sentence; nothing where the clerk went back."""

    def __init__(self, act: Act, about: str, do: Callable[[By], str]) -> None:
        """`about` names what it is done to; `do` is called in a thread, after every PIN was right."""
        super().__init__()
        self._act, self._about, self._do = act, about, do

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="about")
        yield Words(id="tells")
        act = self._act
        if act.reason:
            yield Field(id="reason", placeholder="Why, and with which evidence; it goes on record", max_length=300)
        if act.pin:
            yield Field(id="pin", placeholder=f"PIN of {self.counter.clerk_name}", password=True, max_length=40)
        if self._supervisor:
            yield from _other("supervisor", "the supervisor or owner")
        if act.second:
            yield from _other("second", "the second person")

    @property
    def _supervisor(self) -> bool:
        """Whether somebody else must be one: not where the one who is signed in is."""
        return self._act.raised and not self.counter.role.may(Role.SUPERVISOR)

    def on_mount(self) -> None:
        self.query_one("#question", Words).show(self._act.title)
        self.query_one("#about", Words).show(printable(self._about))
        two = " It takes two people." if self._act.second else ""
        self.query_one("#tells", Words).show(self._act.tells + two)
        if fields := self._fields():
            fields[0].focus()

    def keys(self) -> list[Key]:
        does = "Next" if self._act.reason or self._act.pin else "Do it"
        return [Key("enter", "Enter", does), Key("escape", "Esc", "Back, nothing is done")]

    def take(self, key: str) -> None:
        """Enter, where there is no field for it."""
        if key == "enter" and not self._fields():
            self._begin()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        fields = self._fields()
        rest = fields[fields.index(event.input) + 1 :]
        if rest:
            rest[0].focus()
        else:
            self._begin()

    def _fields(self) -> list[Input]:
        return list(self.query(Input))

    def _begin(self) -> None:
        typed = {str(field.id): field.value.strip() for field in self._fields()}
        for field in self._fields():
            if field.password:
                field.value = ""
        self.work(lambda: self._checked(typed), self.dismiss)

    def _checked(self, typed: dict[str, str]) -> str:
        """In a thread: the PINs, then the act."""
        house, name, terminal = self.house, self.counter.clerk_name, self.counter.terminal
        clerk = sign_in(house, name, typed["pin"], terminal) if self._act.pin else f"clerk:{name}"
        second, supervisor = (
            sign_in(house, typed[other], typed[f"{other}-pin"], terminal) if other in typed else ""
            for other in ("second", "supervisor")
        )
        return self._do(By(clerk, second, typed.get("reason", ""), supervisor))


def _other(id: str, who: str) -> Iterator[Horizontal]:
    """Somebody beside the clerk: name and PIN in one line, so that the smallest terminal has room for two of them."""
    name = Field(id=id, placeholder=f"Name of {who}", max_length=40)
    pin = Field(id=f"{id}-pin", placeholder=f"PIN of {who}", password=True, max_length=40)
    yield Horizontal(name, pin, classes="pair")
