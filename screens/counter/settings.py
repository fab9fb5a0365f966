"""What changes from day to day: a line each, with how it is now, since when and by whom. Enter changes it, by PIN."""

from __future__ import annotations

from functools import partial

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, OptionList

from kiosk.acts import Act, By, Verb
from kiosk.daily import (
    READY,
    VOLUMES,
    Setting,
    change,
    consequence,
    parse_value,
    settings_now,
    since_words,
    title,
    value_words,
)
from kiosk.errors import Illegal, KioskError
from kiosk.ledger.settings import Value
from kiosk.settings import MESSAGE_COLUMNS, OUT_OF_SERVICE, USUAL_VOLUME, VOLUME
from kiosk.texts import printable
from screens.clerk import Field
from screens.counter.act import ActScreen
from screens.counter.frame import CounterScreen
from screens.counter.listing import Listing
from screens.parts import Key, Words

OWN = "own"
"""The line for a message of the clerk's own words."""


class ChangingScreen(CounterScreen[str]):
    """Leads from a value to its act: what will happen is looked up, then said, then done by PIN."""

    def change_to(self, setting: Setting, value: Value | None) -> None:
        self.work(lambda: consequence(self.house, setting.key, value), lambda tells: self._ask(setting, value, tells))

    def _ask(self, setting: Setting, value: Value | None, tells: str) -> None:
        act = Act(Verb.NOTE, "", title(setting.key, setting.name, value), tells, pin=True)
        do = partial(self._do, setting, value)
        self.app.push_screen(ActScreen(act, f"Now: {setting.words}", do), self.changed)

    def _do(self, setting: Setting, value: Value | None, by: By) -> str:
        """In a thread."""
        return change(self.house, setting.key, value, by=by.clerk, seen=setting.changed, reason=by.reason)

    def changed(self, told: str | None) -> None:
        """What came of it; nothing where the clerk went back."""
        if told:
            self.dismiss(told)


class SettingsScreen(ChangingScreen):
    """The page."""

    reads = True

    def __init__(self) -> None:
        super().__init__()
        self._found: list[Setting] = []

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        yield Listing(id="settings")

    def on_mount(self) -> None:
        self.query_one("#question", Words).show("What is to be different today?")
        hint = (
            "It holds at every screen within a second, until it is set back. What is not as configured has ! before it."
        )
        self.query_one("#hint", Words).show(hint)
        self.query_one("#settings").focus()

    def keys(self) -> list[Key]:
        return [Key("enter", "Enter", "Change"), Key("escape", "Esc", "Back")]

    def read(self) -> list[Setting]:
        return settings_now(self.house)

    def show(self, read: list[Setting]) -> None:
        self._found = read
        self.query_one("#settings", Listing).show([(each.key, self._line(each)) for each in read])

    def _line(self, setting: Setting) -> Content:
        mark, role = ("  ", "") if setting.as_configured else ("! ", "bold $k-warm")
        since = since_words(self.house, setting.changed) if setting.changed else "as configured"
        return Content.assemble(
            (f"{mark}{printable(setting.name):<26} ", role), (f"{printable(setting.words)}  ", role), (since, "$k-dim")
        )

    def take(self, key: str) -> None:
        """Enter, touched at the foot."""
        self._choose()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter, or a touch of a line."""
        event.stop()
        self._choose()

    def _choose(self) -> None:
        key = self.query_one("#settings", Listing).chosen
        setting = next((each for each in self._found if each.key == key), None)
        if setting is None:
            return
        if setting.known and key in (OUT_OF_SERVICE, VOLUME):
            self.app.push_screen(ValueScreen(setting), self.changed)
        else:
            self.change_to(setting, False if setting.as_configured else None)

    def failed(self, error: KioskError) -> None:
        """The last way to pay stays on: what may be meant is offered instead."""
        service = next((each for each in self._found if each.key == OUT_OF_SERVICE), None)
        if isinstance(error, Illegal) and service and service.as_configured:
            self.app.push_screen(ValueScreen(service, str(error)), self.changed)
        else:
            super().failed(error)

    def changed(self, told: str | None) -> None:
        """The page stays: often there is more to set."""
        if told:
            self.tell(told, "ok")


class ValueScreen(ChangingScreen):
    """To which of several values? `why` says what led here, where that was another setting."""

    def __init__(self, setting: Setting, why: str = "") -> None:
        super().__init__()
        self._setting, self._why = setting, why
        self._values: dict[str, Value | None] = {}

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="about")
        yield Listing(id="values")

    def on_mount(self) -> None:
        setting = self._setting
        self.query_one("#question", Words).show(setting.name)
        self.query_one("#about", Words).show(self._why or f"Now: {printable(setting.words)}")
        lines = [(each, value_words(setting.key, each)) for each in _values(setting.key)]
        self._values = {words: value for value, words in lines if value != setting.value}
        own = [(OWN, "out of service, in words of your own ...")] if setting.key == OUT_OF_SERVICE else []
        shown = [(words, words) for words in self._values] + own
        self.query_one("#values", Listing).show([(key, Content(words)) for key, words in shown])
        self.query_one("#values").focus()

    def keys(self) -> list[Key]:
        return [Key("enter", "Enter", "Choose"), Key("escape", "Esc", "Back, nothing is done")]

    def take(self, key: str) -> None:
        """Enter, touched at the foot."""
        self._choose()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter, or a touch of a line."""
        event.stop()
        self._choose()

    def _choose(self) -> None:
        chosen = self.query_one("#values", Listing).chosen
        if chosen == OWN:
            self.app.push_screen(WordsScreen(self._setting), self.changed)
        elif chosen in self._values:
            self.change_to(self._setting, self._values[chosen])


class WordsScreen(ChangingScreen):
    """A message in the clerk's own words: customers read it as it is typed, whatever their language."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._setting = setting

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="about")
        yield Field(id="first", placeholder="What customers read, as you type it", max_length=MESSAGE_COLUMNS)
        yield Field(id="second", placeholder="A second line, or Enter", max_length=MESSAGE_COLUMNS)

    def on_mount(self) -> None:
        self.query_one("#question", Words).show("Out of service, in words of your own")
        about = "Below a translated sentence that nothing is sold now. Two lines of 38 columns; no phone numbers."
        self.query_one("#about", Words).show(about)
        self.query_one("#first").focus()

    def keys(self) -> list[Key]:
        return [Key("enter", "Enter", "Next"), Key("escape", "Esc", "Back, nothing is done")]

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        second = self.query_one("#second", Input)
        if event.input is not second:
            second.focus()
            return
        typed = [self.query_one(f"#{line}", Input).value.strip() for line in ("first", "second")]
        try:
            message = parse_value(OUT_OF_SERVICE, "\n".join(filter(None, typed)))
        except Illegal as error:
            self.tell(str(error), "bad")
            return
        self.change_to(self._setting, message)


def _values(key: str) -> list[Value | None]:
    """What stands in the list, what is configured first."""
    if key == VOLUME:
        return [None if each == USUAL_VOLUME else each for each in VOLUMES]
    return [None, *(each.value for each in READY)]
