"""Shift and closing: the shift that is open, what went in and out of its till, and the closings before it."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList

from kiosk.clerks import Role
from kiosk.closing import closed_words, closing_line, print_x, print_z, printed_words, till_now
from kiosk.closing_paper import WAYS, in_words, x_paper, z_paper
from kiosk.ledger import shifts
from kiosk.ledger.closing import Count
from kiosk.ledger.shifts import Move, Shift, Way
from kiosk.texts import printable
from screens.counter.closing import changing, closing, counting, opening
from screens.counter.form import FormScreen
from screens.counter.frame import CounterScreen
from screens.counter.listing import Listing
from screens.counter.paper import PaperScreen
from screens.parts import Key, Words

MOVES_SHOWN, CLOSINGS_SHOWN = 5, 30


@dataclass(frozen=True, slots=True)
class Read:
    """What stands on the page: nothing of what must be in the till."""

    shift: Shift | None
    moves: tuple[Move, ...]
    closings: list[tuple[str, str]]


class ShiftScreen(CounterScreen[str]):
    """Its answer is what was closed, as a sentence; nothing where it was left by Esc."""

    reads = True

    def __init__(self) -> None:
        super().__init__()
        self._read: Read | None = None

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="about")
        yield Words(id="hint")
        yield Listing(id="closings")

    def on_mount(self) -> None:
        self.query_one("#closings").focus()

    def keys(self) -> list[Key]:
        begins = self._read is not None and self._read.shift is None
        keys = [Key("b", "B", "Begin")] if begins else []
        keys += [Key("i", "I", "Cash in"), Key("o", "O", "Cash out"), Key("x", "X", "So far")]
        keys += [Key("z", "Z", "Close")]
        if self._read and self._read.closings:
            keys.append(Key("enter", "Enter", "Show"))
        return [*keys, Key("escape", "Esc", "Back")]

    def take(self, key: str) -> None:
        house = self.house
        match key:
            case "b":
                self.app.push_screen(FormScreen(opening(house)), self._done)
            case "i":
                self.app.push_screen(FormScreen(changing(house, Way.IN)), self._done)
            case "o":
                self.app.push_screen(FormScreen(changing(house, Way.OUT)), self._done)
            case "x":
                self.work(self._x_page, self.app.push_screen)
            case "z":
                self.work(lambda: shifts.current(house.ledger), self._count)
            case "enter":
                self._show_chosen()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._show_chosen()

    def _show_chosen(self) -> None:
        if z := self.query_one("#closings", Listing).chosen:
            self.work(lambda: self._z_page(int(z)), self.app.push_screen)

    def _z_page(self, z: int) -> PaperScreen:
        """In a thread."""
        house = self.house
        document = z_paper(house, shifts.closed_shift(house.ledger, z))
        return PaperScreen(f"Z {z}", document, lambda: print_z(house, z))

    def _x_page(self) -> PaperScreen:
        """In a thread. What must be in the till stands on a supervisor's alone."""
        house, by = self.house, f"clerk:{self.counter.clerk_name}"
        full = self.counter.role.may(Role.SUPERVISOR)
        document = x_paper(house, till_now(house), by, with_expected=full)
        note = "" if full else "What must be in the till stands on a supervisor's reading alone."
        return PaperScreen("X: a reading, which closes nothing", document, lambda: print_x(house, document), note)

    def _count(self, shift: Shift | None) -> None:
        told = shift is not None and shift.till_float is not None
        self.app.push_screen(FormScreen(counting(self.house, ask_change_money=not told)), self._counted)

    def _counted(self, count: Count | None) -> None:
        if count is not None:
            self.app.push_screen(FormScreen(closing(self.house, count)), self._end)

    def _end(self, shift: Shift | None) -> None:
        """It is closed: whatever becomes of the paper."""
        if shift is not None:
            self.work(lambda: self._on_paper(shift), self.dismiss)

    def _on_paper(self, shift: Shift) -> str:
        """In a thread."""
        return f"{closed_words(self.house, shift)} {printed_words(print_z(self.house, shift.z or 0))}"

    def _done(self, told: str | None) -> None:
        if told:
            self.tell(told, "ok")
        self._read_at = float("-inf")

    def read(self) -> Read:
        house = self.house
        last = shifts.last_closed(house.ledger)
        after = (last and last.closed_seq) or 0
        closings = [
            (str(shift.z), closing_line(house, shift)) for shift in shifts.closings(house.ledger, CLOSINGS_SHOWN)
        ]
        return Read(shifts.current(house.ledger), shifts.moves(house.ledger, after), closings)

    def show(self, read: Read) -> None:
        self._read, shift = read, read.shift
        zone = self.house.config.zone
        title, about = "No shift is open. It begins with the first cash, or by B with the change money counted.", ""
        if shift:
            since = f"{shift.opened_at.astimezone(zone):%Y-%m-%d %H:%M %Z}"
            title = f"Shift {shift.id} is open since {since}, by {shift.opened_by.removeprefix('clerk:')}"
            told = in_words(shift.till_float) if shift.till_float else "not told; it is asked for at the count"
            about = f"Change money: {told}"
        lines = [about, *(self._move_line(move) for move in read.moves[-MOVES_SHOWN:])]
        self.query_one("#question", Words).show(printable(title))
        self.query_one("#about", Words).show(printable_lines(lines))
        self.query_one("#hint", Words).show("\nClosings" if read.closings else "\nNothing has been closed yet.")
        self.query_one("#closings", Listing).show([(z, Content(printable(line))) for z, line in read.closings])

    def _move_line(self, move: Move) -> str:
        at = move.at.astimezone(self.house.config.zone)
        by, why = move.by.removeprefix("clerk:"), f": {move.reason}" if move.reason else ""
        return f"{at:%H:%M %Z}  {WAYS[move.way]} {in_words(move.amount)}, {by}{why}"


def printable_lines(lines: list[str]) -> str:
    return "\n".join(printable(line) for line in lines if line)
