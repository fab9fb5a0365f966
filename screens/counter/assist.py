"""Assist: where each kiosk's customer is, and the sentences that help there, in their language and in English.

It only reads: nothing on a customer's screen is changed from here but that somebody is on the way. A sale that is begun
here is the counter's own.
"""

from __future__ import annotations

from functools import partial

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from kiosk.board import ago
from kiosk.ledger.seats import Seat, come, seats
from kiosk.telling import step_words
from kiosk.texts import LANGUAGES, SOURCE, printable, texts
from screens.counter.frame import CounterScreen
from screens.counter.listing import Listing
from screens.counter.phrases import phrases
from screens.counter.sale import SaleScreen
from screens.parts import Key, Words


class AssistScreen(CounterScreen[str]):
    """Its answer is what was done from here."""

    reads = True

    def __init__(self) -> None:
        super().__init__()
        self._seats: list[Seat] = []

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Listing(id="seats")
        yield Words(id="about")
        yield VerticalScroll(Words(id="page", hang=3), id="scroll", can_focus=False)

    def on_mount(self) -> None:
        self.query_one("#question", Words).show("Who is at which kiosk?")
        self.query_one("#seats").focus()

    def keys(self) -> list[Key]:
        keys = [Key("up", "↑↓", "Choose"), Key("pagedown", "PgDn", "More words")]
        if (seat := self._chosen()) and seat.called and not seat.called.coming:
            keys.append(Key("s", "S", "Coming"))
        return [*keys, Key("n", "N", "New sale"), Key("escape", "Esc", "Back")]

    def take(self, key: str) -> None:
        seat = self._chosen()
        if key == "s" and seat:
            now = self.house.clock.now()
            known = partial(come, self.house.ledger, seat.name, self.counter.clerk_name, at=now)
            self.work(known, partial(self._came, seat.name))
        elif key == "n":
            self.app.push_screen(SaleScreen(seat.language if seat else ""), self._sold)
        elif key == "pagedown":
            scroll = self.query_one("#scroll", VerticalScroll)
            at_the_end = scroll.scroll_offset.y >= scroll.max_scroll_y
            scroll.scroll_to(y=0 if at_the_end else scroll.scroll_offset.y + scroll.size.height, animate=False)
        elif key == "up":  # touched: the next one, round and round
            listing = self.query_one("#seats", Listing)
            listing.highlighted = ((listing.highlighted or 0) + 1) % max(1, len(listing.keys))

    def _sold(self, told: str | None) -> None:
        if told:
            self.tell(told, "ok")

    def _came(self, seat: str, known: bool) -> None:
        name = self.counter.clerk_name
        self.tell(f"Seat {seat} knows that {name} is on the way." if known else "Somebody else is on the way already.")

    def read(self) -> list[Seat]:
        found = seats(self.house.ledger, self.house.clock.now())
        for seat in found:
            texts(seat.language or SOURCE)  # a catalogue that is read here is not waited for on the screen
        return found

    def show(self, read: list[Seat]) -> None:
        self._seats = read
        self.query_one("#seats", Listing).show([(seat.name, Content(printable(self._line(seat)))) for seat in read])
        self._show_words()

    def on_option_list_option_highlighted(self) -> None:
        self._show_words()

    def _line(self, seat: Seat) -> str:
        now = self.house.clock.now()
        language = LANGUAGES.get(seat.language, "no language yet")
        since = f", for {ago(seat.step_at, now).removesuffix(' ago')}" if seat.step_at else ""
        called = ""
        if seat.called:
            called = f"  CALLS STAFF {ago(seat.called.at, now)}"
            called = f"  {seat.called.coming} is on the way" if seat.called.coming else called
        alive = "" if seat.alive else "  no sign of life"
        return f"Seat {seat.name}: {step_words(seat.step)}{since}  ({language}){called}{alive}"

    def _show_words(self) -> None:
        seat = self._chosen()
        about = "No kiosk is open." if not self._seats else ""
        said: list[str] = []
        if seat:
            about = f"Seat {seat.name}: what helps at this step. Read it out, or point at it:"
            two = seat.language not in ("", SOURCE)
            for number, (own, english) in enumerate(phrases(self.house, seat.step, seat.language), start=1):
                said.append(f"{number}. {own}" + (f"\n   {english}" if two else ""))
        self.query_one("#about", Words).show(about)
        page, text = self.query_one("#page", Words), "\n".join(said)
        if page.said != text:
            page.show(text)

    def _chosen(self) -> Seat | None:
        name = self.query_one("#seats", Listing).chosen if self.is_mounted else ""
        return next((seat for seat in self._seats if seat.name == name), None)
