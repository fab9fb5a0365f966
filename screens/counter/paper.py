"""A paper on the screen, in plain text, and on paper by P."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from kiosk.closing import printed_words
from kiosk.ledger.jobs import JobStatus
from kiosk.plain import plain
from kiosk.printing import Printed
from kiosk.receipt import Document
from screens.counter.frame import CounterScreen
from screens.parts import Key, Words

COLUMNS = 42
"""Of its picture, where there is no printer to say."""


class PaperScreen(CounterScreen[None]):
    """Left by Esc."""

    def __init__(self, title: str, document: Document, print_it: Callable[[], Printed], note: str = "") -> None:
        """`print_it` is called in a thread."""
        super().__init__()
        self._title, self._document, self._print, self._note = title, document, print_it, note

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield VerticalScroll(Words(id="page"), id="scroll")

    def on_mount(self) -> None:
        printer = self.house.printer
        self.query_one("#question", Words).show(self._title)
        self.query_one("#page", Words).show(plain(self._document, printer.columns if printer else COLUMNS))
        self.query_one("#scroll").focus()
        self.tell(self._note)

    def keys(self) -> list[Key]:
        return [Key("p", "P", "Print"), Key("pagedown", "PgDn", "More"), Key("escape", "Esc", "Back")]

    def take(self, key: str) -> None:
        if key == "p":
            self.work(self._print, self._done)
        else:
            self.query_one("#scroll", VerticalScroll).scroll_page_down()

    def _done(self, printed: Printed) -> None:
        well = printed.status in (JobStatus.PRINTED, JobStatus.SENT)
        self.tell(printed_words(printed), "ok" if well else "warm")
