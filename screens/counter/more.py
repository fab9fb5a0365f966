"""The counter's further pages, by their keys: what is not needed every minute. Who may not open one is told who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList

from kiosk.clerks import Role
from kiosk.daily import NEEDS
from screens.counter.assist import AssistScreen
from screens.counter.audit import AuditScreen
from screens.counter.clerks import ClerksScreen, MyPinScreen
from screens.counter.frame import CounterScreen
from screens.counter.listing import Listing
from screens.counter.reports import ReportsScreen
from screens.counter.sale import SaleScreen
from screens.counter.settings import SettingsScreen
from screens.counter.shift import ShiftScreen
from screens.parts import Key, Words


@dataclass(frozen=True, slots=True)
class Page:
    """One of them. `opens` makes its screen; `needs` is the role that it takes."""

    key: str
    title: str
    tells: str
    opens: Callable[[], CounterScreen[str]]
    needs: Role = Role.CLERK


PAGES: tuple[Page, ...] = (
    Page("a", "Assist", "where each customer is, and the words that help", AssistScreen),
    Page("n", "New sale", "a top-up for cash, from SIM number to receipt", SaleScreen),
    Page("d", "Shift and closing", "change money, cash in and out, count and close", ShiftScreen),
    Page("r", "Reports", "sales, margin, delivery times, failures", ReportsScreen, Role.SUPERVISOR),
    Page("t", "Settings", "out of service, ways to pay, promotions, volume", SettingsScreen, NEEDS),
    Page("p", "My PIN", "change your own PIN", MyPinScreen),
    Page("u", "Audit", "who did what, wrong PINs, what was changed", AuditScreen, Role.SUPERVISOR),
    Page("k", "Clerks", "who works here, roles, new PINs", ClerksScreen, Role.OWNER),
)
"""In the order in which they are listed."""


class MoreScreen(CounterScreen[str]):
    """Its answer is what the page that was opened has done."""

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Listing(id="pages")

    def on_mount(self) -> None:
        self.query_one("#question", Words).show("What else?")
        self.query_one("#pages", Listing).show([(page.key, self._line(page)) for page in PAGES])
        self.query_one("#pages").focus()

    def _line(self, page: Page) -> Content:
        open_to = self.counter.role.may(page.needs)
        tells = page.tells if open_to else f"takes the {page.needs}"
        return Content.assemble((f"{page.key.upper():<3} ", "bold $k-accent"), f"{page.title:<22} ", (tells, "$k-dim"))

    def keys(self) -> list[Key]:
        return [Key("enter", "Enter", "Open"), Key("escape", "Esc", "Back")]

    def _press(self, key: str) -> None:
        if page := next((page for page in PAGES if page.key == key), None):
            self._open(page)
        else:
            super()._press(key)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter, or a touch of a line."""
        event.stop()
        self._press(self.query_one("#pages", Listing).chosen)

    def _open(self, page: Page) -> None:
        if self.counter.role.may(page.needs):
            self.app.push_screen(page.opens(), self._done)
        else:
            self.tell(f"{page.title}: it takes the {page.needs}. You are signed in as {self.counter.role}.", "warm")

    def _done(self, told: str | None) -> None:
        if told:
            self.tell(told, "ok")
