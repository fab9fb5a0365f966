"""The board: what needs a human, the most urgent first, and how everything else stands."""

from __future__ import annotations

from contextlib import suppress
from datetime import tzinfo
from functools import partial

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList

from kiosk.acts import Act, By, Verb, raised
from kiosk.board import Board, Kind, Row, Standing, read_board
from kiosk.errors import LedgerError
from kiosk.hearsay import written
from kiosk.identifiers import Reference
from kiosk.ledger.raised import raise_late
from kiosk.ledger.seats import come
from kiosk.supervision import close_finding
from kiosk.texts import printable
from screens.counter.act import ActScreen
from screens.counter.assist import AssistScreen
from screens.counter.cash import CashScreen
from screens.counter.frame import CounterScreen
from screens.counter.listing import Listing
from screens.counter.look_up import LookUpScreen
from screens.counter.more import MoreScreen
from screens.counter.order import OrderScreen
from screens.counter.shift import ShiftScreen
from screens.parts import Key, Words

ROLES = {Kind.CALL: "$k-bad", Kind.REVIEW: "$k-warm", Kind.FINDING: "$k-warm", Kind.CASH: "$k-accent"}
COUNTED = {
    Kind.CALL: "calls",
    Kind.REVIEW: "in review",
    Kind.FINDING: "findings",
    Kind.CASH: "cash to take",
    Kind.BACK: "cash to hand back",
    Kind.LINE: "wait for the line",
}
OF_THE_ROW = {Kind.CALL: "Coming", Kind.FINDING: "Dealt with", Kind.NEXT: "Next", Kind.BEFORE: "Before", None: ""}


class BoardScreen(CounterScreen[None]):
    """The first page after signing in."""

    reads = True

    def __init__(self) -> None:
        super().__init__()
        self._board: Board | None = None
        self._page = 0

    def body(self) -> ComposeResult:
        yield Words(id="counts", classes="bold")
        yield Listing(id="needs")
        yield Words(id="standings")

    def on_mount(self) -> None:
        self.query_one("#needs").focus()

    def keys(self) -> list[Key]:
        kind = chosen.kind if (chosen := self._chosen()) else None
        of_the_row = OF_THE_ROW.get(kind, "Open")
        keys = [Key("enter", "Enter", of_the_row)] if of_the_row else []
        if kind is Kind.FINDING and chosen and chosen.order:
            keys.append(Key("o", "O", "Its order"))
        keys += [Key("c", "C", "Cash"), Key("l", "L", "Look up"), Key("d", "D", "Shift"), Key("a", "A", "Assist")]
        if kind is not Kind.CALL and self._calls:
            keys.append(Key("s", "S", "Coming"))
        keys += [Key("m", "M", "More"), Key("f9", "F9", "Lock"), Key("f10", "F10", self.counter.ends)]
        room = self.app.size.width - sum(len(f" {key.cap}  {key.does} ") for key in keys)
        return keys if room >= 0 else [key for key in keys if key.name != "a"]  # it works all the same

    def _press(self, key: str) -> None:
        """Two keys work also where the foot does not name them: for lack of room, or as Enter does the same there."""
        if key in ("a", "s"):
            self.take(key)
        else:
            super()._press(key)

    @property
    def _calls(self) -> list[str]:
        """The seats that call, the longest wait first."""
        return [row.key for row in self._board.rows if row.kind is Kind.CALL] if self._board else []

    def take(self, key: str) -> None:
        match key:
            case "c":
                self.app.push_screen(CashScreen(), self.back)
            case "l":
                self.app.push_screen(LookUpScreen(), self.back)
            case "a":
                self.app.push_screen(AssistScreen(), self.back)
            case "s":
                self._come()
            case "m":
                self.app.push_screen(MoreScreen(), self.back)
            case "d":
                self.app.push_screen(ShiftScreen(), self.back)
            case "o":
                if (row := self._chosen()) and row.order:
                    self.app.push_screen(OrderScreen(row.order), self.back)
            case "f9":
                self.counter.lock()
            case "f10":
                self.app.exit()

    def scanned(self, text: str) -> None:
        """A receipt, a card: whose order is it?"""
        self.app.push_screen(LookUpScreen(text), self.back)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter, or a touch."""
        event.stop()
        row = self._chosen()
        if row is None:
            return
        if row.kind is Kind.CALL:
            self._come(row.key)
        elif row.kind in (Kind.NEXT, Kind.BEFORE):
            self._page += 1 if row.kind is Kind.NEXT else -1
            self._read_at = float("-inf")
        elif row.kind is Kind.FINDING:
            self.app.push_screen(self._dealing_with(row), self.back)
        else:
            self.app.push_screen(OrderScreen(Reference(row.key)), self.back)

    def back(self, told: str | None) -> None:
        """What a screen above has done."""
        if told:
            self.tell(told, "ok")

    def _dealing_with(self, row: Row) -> ActScreen:
        act = Act(Verb.NOTE, "", f"{row.key} is dealt with", "Closes this finding, with your words.", True, True)
        house = self.house

        def close(by: By) -> str:
            who = {"by": by.clerk, "supervisor": by.supervisor}
            close_finding(house.ledger, row.key, decision=written(by.reason), at=house.clock.now(), **who)
            return f"{row.key} is closed."

        return ActScreen(raised(house, act) if row.late else act, row.words, close)

    def _come(self, seat: str = "") -> None:
        """Tell the customer who comes: at this seat, else where somebody has waited longest."""
        to = seat or next(iter(self._calls), "")
        if not to:
            return
        known = partial(come, self.house.ledger, to, self.counter.clerk_name, at=self.house.clock.now())
        self.work(known, lambda known: self._came(to, known))

    def _came(self, seat: str, known: bool) -> None:
        if known:
            self.tell(f"Seat {seat} knows that {self.counter.clerk_name} is on the way.", "ok")
        else:
            self.tell(f"Nobody waits at seat {seat} any more, or somebody else is on the way already.")

    def read(self) -> Board:
        """Whoever sees first that something is late has it raised; a ledger that takes nothing down is read all the

        same.
        """
        house = self.house
        with suppress(LedgerError):
            raise_late(house.ledger, by="counter", at=house.clock.now())
        return read_board(house, self._page)

    def show(self, read: Board) -> None:
        self._board, self._page = read, read.page
        counts = [f"{read.raised} RAISED"] if read.raised else []
        counts += [f"{read.counts[kind]} {words}" for kind, words in COUNTED.items() if read.counts.get(kind)]
        self.query_one("#counts", Words).show("  ·  ".join(counts) or "Nothing needs anybody.")
        zone = self.house.config.zone
        lines = [(f"{row.kind} {row.key}", line_of(row, zone)) for row in read.rows]
        self.query_one("#needs", Listing).show(lines)
        self.query_one("#standings", Words).update(Content("\n").join(map(standing_line, read.standings)))

    def _chosen(self) -> Row | None:
        if self._board is None:
            return None
        key = self.query_one("#needs", Listing).chosen
        return next((row for row in self._board.rows if f"{row.kind} {row.key}" == key), None)


def line_of(row: Row, zone: tzinfo) -> Content:
    """Its kind as a word, its deadline, and what it is about."""
    role = "$k-bad" if row.late else ROLES.get(row.kind, "$k-dim")
    by = ""
    if row.by:
        by = f"{'LATE' if row.late else 'by'} {row.by.astimezone(zone):%m-%d %H:%M}  "
    return Content.assemble(
        (f"{'RAISED' if row.raised else row.kind:<8} ", f"bold {role}"), (by, role), printable(row.words)
    )


def standing_line(standing: Standing) -> Content:
    """`!` stands before what is not well: the colour says it a second time."""
    mark, role = ("  ", "$k-dim") if standing.well else ("! ", "bold $k-bad")
    words = "" if standing.well else role
    return Content.assemble((f"{mark}{printable(standing.name):<16} ", role), (printable(standing.words), words))
