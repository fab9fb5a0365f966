"""The audit: who did what, newest first, a page at a time; a filter of some words; a table for the owner's files."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, OptionList

from kiosk.audit import Entry, Page, Wanted, entries, export, line_of, read_page
from kiosk.errors import KioskError
from kiosk.texts import printable
from screens.clerk import Field
from screens.counter.frame import CounterScreen
from screens.counter.listing import Listing
from screens.counter.order import OrderScreen
from screens.parts import Key, Words

SIZE = 100


class CannotWrite(KioskError):
    """The file of an export."""


class AuditScreen(CounterScreen[str]):
    """Its answer is nothing: it is left by Esc."""

    def __init__(self) -> None:
        super().__init__()
        self._wanted = Wanted()
        self._page = Page([], None)

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Field(id="filter", placeholder="Filter: a name, a day, words; Enter", max_length=80)
        yield Listing(id="acts")

    def on_mount(self) -> None:
        self.query_one("#question", Words).show("Who did what?")
        self.query_one("#acts").focus()
        self._read(None)

    def keys(self) -> list[Key]:
        if isinstance(self.focused, Input):
            return [Key("enter", "Enter", "Filter"), Key("tab", "Tab", "To the list"), Key("escape", "Esc", "Back")]
        keys = [Key("enter", "Enter", "Its order")] if (entry := self._chosen()) and entry.order else []
        keys += [Key("f", "F", "Filter"), Key("x", "X", "Export")]
        keys += [Key("o", "O", "Older")] if self._page.goes_on else []
        return [*keys, Key("n", "N", "Newest"), Key("escape", "Esc", "Back")]

    def take(self, key: str) -> None:
        match key:
            case "f":
                self.query_one("#filter").focus()
            case "x":
                self.work(self._export, lambda told: self.tell(told, "ok"))
            case "o":
                self._read(self._page.goes_on)
            case "n":
                self._read(None)
            case "tab":
                self.query_one("#acts").focus()
            case "enter":
                self._open()

    def on_key(self, event: events.Key) -> None:
        """Tab typed in the field is its own; touched at the foot, it is ours."""
        if event.key == "tab" and isinstance(self.focused, Input):
            event.prevent_default()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._filter()

    def _filter(self) -> None:
        self._wanted = Wanted(words=tuple(self.query_one("#filter", Input).value.split()))
        self.query_one("#acts").focus()
        self._read(None)

    def _read(self, before: int | None) -> None:
        house, wanted = self.house, self._wanted
        self.work(lambda: read_page(house, wanted, SIZE, before), self._show)

    def _show(self, page: Page) -> None:
        self._page = page
        self.query_one("#acts", Listing).show([(str(entry.seq), self._line(entry)) for entry in page.entries])
        if not page.entries:
            older = "among the newest; O looks further back" if page.goes_on else "on record"
            self.tell(f"Nothing of that kind is {older}.")

    def _line(self, entry: Entry) -> Content:
        role = "$k-warm" if entry.event in ("pin_refused", "configuration_changed") else ""
        return Content.styled(printable(line_of(self.house, entry)), role)

    def _chosen(self) -> Entry | None:
        key = self.query_one("#acts", Listing).chosen if self.is_mounted else ""
        return next((entry for entry in self._page.entries if str(entry.seq) == key), None)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._open()

    def _open(self) -> None:
        if (entry := self._chosen()) and entry.order:
            self.app.push_screen(OrderScreen(entry.order))

    def _export(self) -> str:
        """In a thread: everything that the filter wants, not this page alone."""
        try:
            path = export(self.house, entries(self.house, self._wanted))
        except OSError as error:
            raise CannotWrite(f"The table could not be written: {error.strerror}.") from None
        return f"It is in {path}, for the owner of this machine alone to read."
