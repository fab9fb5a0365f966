"""Who stands at the counter: name and PIN. The PIN is never shown, nor kept; wrong ones make the next try wait."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Input

from kiosk.clerks import Role, role_of
from kiosk.ledger.roster import HOW, Owned, owned
from kiosk.sign_in import sign_in
from screens.clerk import Field
from screens.counter.first_run import FirstRunScreen
from screens.counter.frame import CounterScreen
from screens.parts import Key, Words


class SignInScreen(CounterScreen[tuple[str, Role]]):
    """Its answer is the clerk's name and role, after the PIN was right, or of who has just become the owner."""

    reads = True

    def __init__(self, why: str = "") -> None:
        super().__init__()
        self._why = why

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        yield Field(id="name", placeholder="Name", max_length=40)
        yield Field(id="pin", placeholder="PIN", password=True, max_length=40)

    def on_mount(self) -> None:
        self.query_one("#question", Words).show("Who is at the counter?")
        self._hint()
        self.tell(self._why, "warm")
        self.query_one("#name").focus()

    def _hint(self, more: str = "") -> None:
        hint = "Name, Enter, PIN, Enter."
        if self.house.config.embedded:
            hint += " Training: the name is demo, the PIN is 246810."
        self.query_one("#hint", Words).show(hint + more)

    def read(self) -> Owned:
        return owned(self.house.ledger)

    def show(self, read: Owned) -> None:
        """A ledger that nobody owns is handed to nobody who happens to stand here: only a new one is."""
        if read is Owned.NOT_YET:
            self.app.push_screen(FirstRunScreen(), self._begun)
        else:
            self._hint(f"\nThis kiosk has no owner; everything else works. {HOW}" if read is Owned.NO_MORE else "")

    def _begun(self, answer: tuple[str, Role] | str | None) -> None:
        if isinstance(answer, tuple):
            self.dismiss(answer)
        elif answer:
            self.tell(answer, "warm")

    def keys(self) -> list[Key]:
        return [Key("enter", "Enter", "Next"), Key("f10", "F10", "End the counter")]

    def take(self, key: str) -> None:
        if key == "f10":
            self.app.exit()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        name, pin = self.query_one("#name", Input), self.query_one("#pin", Input)
        if event.input is name:
            pin.focus()
            return
        typed, who = pin.value, name.value.strip()
        pin.value = ""
        self.work(lambda: self._checked(who, typed), self.dismiss)

    def _checked(self, who: str, typed: str) -> tuple[str, Role]:
        """In a thread."""
        sign_in(self.house, who, typed, self.counter.terminal)
        return who, role_of(self.house.ledger, who)
