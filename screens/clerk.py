"""A clerk says yes with name and PIN: to the counter, to the end, or that cash was taken. The PIN is never shown."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Input

from kiosk.texts import printable
from screens.background import begin
from screens.frame import KioskScreen
from screens.parts import Key, Words

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.order import Order
    from kiosk.texts import Texts


def end_words(texts: Texts) -> tuple[str, str]:
    """For the clerk who ends the program."""
    return texts.say("For clerks: end the kiosk"), _leaving(texts)


def counter_words(texts: Texts) -> tuple[str, str]:
    """For the clerk who opens the counter in the place of the screens."""
    return texts.say("For clerks: open the counter here"), _leaving(texts)


def _leaving(texts: Texts) -> str:
    return texts.say("Name, Enter, PIN, Enter. Sales in progress go on by themselves.")


def cash_words(texts: Texts, order: Order) -> tuple[str, str]:
    """For the clerk who takes cash at the kiosk."""
    question = texts.say("For clerks: {amount} in cash was taken", amount=order.total)
    return question, texts.say("Name, Enter, PIN, Enter. The top-up starts at once.")


class Field(Input):
    """What is typed or pasted into it stays letters: Textual's own would send a pasted command on to the terminal.

    Enter is told to the screen at once, and not by way of the queues of everything between: what is typed behind it is
    for the field that comes next. Else a PIN's first digits would stand, readable, in the field for the name.
    """

    _behind: list[events.Key] | None = None
    """Keys that were typed behind Enter, until it is known which field comes next."""

    def validate_value(self, value: str) -> str:
        return printable(value)

    async def _on_key(self, event: events.Key) -> None:
        submitted = getattr(self.screen, "on_input_submitted", None)
        if self._behind is not None:
            self._behind.append(event)
        elif isinstance(next_one := self.screen.focused, Field) and next_one is not self:
            next_one.post_message(events.Key(event.key, event.character))
        elif event.key == "enter" and submitted:
            self._behind = []
            submitted(self.Submitted(self, self.value))
            self.app.call_later(self._go_on, self.screen)  # behind the focus, which moves in the same way
        else:
            return
        event.stop()
        event.prevent_default()

    def _go_on(self, screen: Screen[Any]) -> None:
        """What was typed behind Enter goes where the focus has gone; nowhere, where another screen has come."""
        behind, self._behind = self._behind or [], None
        if screen.is_current and isinstance(screen.focused, Field):
            for key in behind:
                screen.focused.post_message(events.Key(key.key, key.character))


class ClerkScreen(KioskScreen[bool]):
    """Answers True where the PIN was right."""

    name_of_step = "clerk"
    lies_over = True
    types = True
    whispers = True
    may_be_large = False  # a clerk's, with fields that the kiosk's own letters do not fill
    idle_s = 30.0
    hears: ClassVar[tuple[str, ...]] = ("escape", "f2")
    """Keys that are not the fields' own."""

    def __init__(
        self, house: House, check: Callable[[str, str], bool], words: Callable[[Texts], tuple[str, str]]
    ) -> None:
        """`check` is asked in a thread of its own; it may raise MustWait. `words`: the question, and what follows."""
        super().__init__(house)
        self._check, self._words = check, words
        self._asked: Future[bool] | None = None
        self.clerk = ""
        """Whose PIN was asked for last."""
        self.wrong = False
        self._left = ""

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        yield Field(id="clerk-name", max_length=40)
        yield Field(id="clerk-pin", password=True, max_length=40)

    def on_mount(self) -> None:
        self.query_one("#clerk-name").focus()
        self.set_interval(0.1, self._look)

    def relabel(self) -> None:
        say = self.texts.say
        question, hint = self._words(self.texts)
        self.query_one("#question", Words).show(question)
        if self._asked is not None:
            hint = say("One moment ...")
        elif self._left:
            hint = say("Too many wrong PINs. The next try is possible in {time} min.", time=self._left)
        elif self.wrong:
            hint = say("This name and PIN do not match.")
        if self.house.config.embedded:
            hint += " " + say("Training: the name is demo, the PIN is 246810.")
        elif self.kiosk.scanning and self.kiosk.scanning.trouble:
            hint += "\n" + printable(self.kiosk.scanning.trouble)
        self.query_one("#hint", Words).show(hint)
        self.query_one("#clerk-name", Input).placeholder = say("Name")
        self.query_one("#clerk-pin", Input).placeholder = say("PIN")

    def keys(self) -> list[Key]:
        return [Key("escape", "Esc", self.texts.say("Back"))]

    def on_key(self, event: events.Key) -> None:
        """The inputs' own keys (Enter, Backspace, arrows) go on to their bindings."""
        if event.key not in self.hears:
            self.stay()
            event.prevent_default()

    def take(self, key: str) -> None:
        if key == "escape":
            self.leave()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.stay()
        name, pin = self.query_one("#clerk-name", Input), self.query_one("#clerk-pin", Input)
        if event.input is name:
            pin.focus()
            return
        typed = (name.value.strip(), pin.value)
        pin.value = ""
        if self._asked is None:  # what is typed while a PIN is looked at is none
            self.clerk = typed[0]
            self._asked = begin(lambda: self._check(*typed), "clerk")
            self.relabel()

    def _look(self) -> None:
        if self._asked is None or not self._asked.done():
            return
        asked, self._asked = self._asked, None
        from kiosk.sign_in import MustWait

        self._left = ""
        try:
            if asked.result():
                self.leave(True)
        except MustWait as error:
            self._left = error.left
        self.wrong = True
        self.relabel()


class DoorScreen(ClerkScreen):
    """The way out of the kiosk's screens: to the counter, which opens in their place, or to the end of the kiosk."""

    hears = (*ClerkScreen.hears, "f10")

    def __init__(self, house: House, check: Callable[[str, str], bool], *, counter: bool) -> None:
        """`counter`: whether it can be opened here. What ends the kiosk for customers takes a key more then."""
        super().__init__(house, check, lambda texts: end_words(texts) if self.ends else counter_words(texts))
        self._counter, self.ends = counter, not counter

    def on_mount(self) -> None:
        if self._counter:
            begin(_load_the_counter, "counter")  # while a name is typed: nobody stands before an empty terminal

    def keys(self) -> list[Key]:
        say = self.texts.say
        other = say("Open the counter") if self.ends else say("End the kiosk")
        return [*super().keys(), Key("f10", "F10", other)] if self._counter else super().keys()

    def turn(self) -> None:
        """To the other one; not any more once a PIN is looked at, nor for a key that was typed behind it."""
        if self._counter and self._asked is None:
            self.ends = not self.ends
            self.write()


def _load_the_counter() -> None:
    import screens.counter.here  # noqa: F401
