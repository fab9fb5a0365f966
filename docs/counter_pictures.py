"""Makes docs/counter/*.svg from the running counter, on a prepared ledger and by a clock that stands: `make pictures`.

With names, only those. A new page of the counter is one more line in PICTURES; a test fails where a page has none.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from textual.pilot import Pilot
from textual.widgets import Input

sys.path.insert(0, str(Path(__file__).parent.parent))

from kiosk import clerks
from kiosk.contacts import Channel, Contact
from kiosk.ledger.desk import open_finding
from kiosk.ledger.floats import Float, note_float
from kiosk.ledger.messages import leave_contact
from kiosk.ledger.seats import call_staff, step_to, take_seat
from kiosk.money import Money
from screens.counter.act import ActScreen
from screens.counter.app import CounterApp
from screens.counter.assist import AssistScreen
from screens.counter.audit import AuditScreen
from screens.counter.board import BoardScreen
from screens.counter.cash import CashScreen, TakeCashScreen
from screens.counter.clerks import ClerksScreen, MyPinScreen
from screens.counter.first_run import FirstRunScreen
from screens.counter.form import FormScreen
from screens.counter.frame import CounterScreen
from screens.counter.look_up import LookUpScreen
from screens.counter.more import MoreScreen
from screens.counter.order import OrderScreen
from screens.counter.paper import PaperScreen
from screens.counter.reports import ReportsScreen
from screens.counter.sale import SalePlanScreen, SaleScreen
from screens.counter.sale_cash import SaleCashScreen
from screens.counter.settings import SettingsScreen, ValueScreen, WordsScreen
from screens.counter.shift import ShiftScreen
from screens.counter.sign_in import SignInScreen
from tests.screens.counter.desk import PIN, a_desk, in_review, reads, sign_in, tap
from tests.screens.room import SIM, Room

FOLDER = Path(__file__).parent / "counter"
SIZE = (80, 24)
WHO = "ana"
"""The owner: every page is open to her."""


@dataclass(frozen=True)
class Picture:
    """One page, as it is after these keys from the board; a step of several signs is typed, and {review} is an order's

    reference. `shows` stands on it when it is ready, and in the picture.
    """

    name: str
    page: type[CounterScreen]  # type: ignore[type-arg]
    steps: tuple[str, ...]
    shows: str


PICTURES = (
    Picture("sign-in", SignInScreen, ("f9", WHO), "Who is at the counter?"),
    Picture("board", BoardScreen, (), "1 calls"),
    Picture("cash", CashScreen, ("c",), "2 wait."),
    Picture("take-cash", TakeCashScreen, ("c", "1", "enter", "30"), "is due"),
    Picture("look-up", LookUpScreen, ("l", "today", "enter"), "read as the day"),
    Picture("order", OrderScreen, ("l", "{review}", "enter"), "Refund"),
    Picture("act", ActScreen, ("l", "{review}", "enter", "f"), "It takes two people."),
    Picture("shift", ShiftScreen, ("d",), "Cash out"),
    Picture("form", FormScreen, ("d", "i"), "PIN of ana"),
    Picture("paper", PaperScreen, ("d", "x"), "23.50"),
    Picture("more", MoreScreen, ("m",), "What else?"),
    Picture("reports", ReportsScreen, ("m", "r"), "so far"),
    Picture("assist", AssistScreen, ("a",), "choosing a plan"),
    Picture("sale", SaleScreen, ("m", "n"), "which SIM?"),
    Picture("sale-plan", SalePlanScreen, ("m", "n", SIM, "enter"), "10 GB, 30 days"),
    Picture("sale-cash", SaleCashScreen, ("m", "n", SIM, "enter", "down", "enter", "30"), "Read it together"),
    Picture("settings", SettingsScreen, ("m", "t"), "Volume"),
    Picture("setting-value", ValueScreen, ("m", "t", "enter"), "in words of your own"),
    Picture("setting-words", WordsScreen, ("m", "t", "enter", "end", "enter"), "A second line"),
    Picture("audit", AuditScreen, ("m", "u"), "signed in"),
    Picture("clerks", ClerksScreen, ("m", "k"), "owner"),
    Picture("my-pin", MyPinScreen, ("m", "p"), "The old one opens nothing"),
)
FIRST_RUN = Picture("first-run", FirstRunScreen, (WHO, "enter"), "no owner yet")
"""On a ledger of its own, in which nobody is yet."""


def a_day(folder: Path) -> tuple[Room, dict[str, str]]:
    """A shop in the middle of its day: somebody calls, somebody pays in cash, something must be decided."""
    room = a_desk(folder, sales={"refund_second_person_above": "20.00"})
    room.choose = Random(10).choice  # type: ignore[assignment, method-assign]  # noqa: S311 - the same references each time
    pepper = clerks.pepper_of(room.config.file.ledger.pepper, "ledger.pepper")
    clerks.add_clerk(room.ledger, pepper, WHO, PIN, "owner", at=room.time.now())
    for tender in ("cash", "cash"):
        room.sell(tender)
        room.pay_cash()
        room.work()
        room.time.go_on(seconds=700)
    review = in_review(room)
    leave_contact(room.ledger, review, Contact(Channel.EMAIL, "lee@example.com", "en"), None, at=room.time.now())
    now = room.time.now()
    note_float(room.ledger, "airtime", Float(Money(4210, "USD"), now, low=True))
    low = "airtime has 42.10 USD left of our float"
    open_finding(room.ledger, "float_low", low, at=now, deadline_at=now + timedelta(hours=2))
    for _ in range(2):
        room.sell("cash")
        room.time.go_on(seconds=75)
    take_seat(room.ledger, "2", 1, at=room.time.now())
    step_to(room.ledger, "2", "plan", "es", at=room.time.now())
    call_staff(room.ledger, "2", at=room.time.now())
    room.time.go_on(seconds=20)
    return room, {"review": review.reference}


async def take(room: Room, names: dict[str, str], picture: Picture) -> str:
    """The page as SVG."""
    app = CounterApp(room)
    async with app.run_test(size=SIZE) as pilot:
        if picture is FIRST_RUN:
            await reads(pilot, picture.shows)
        else:
            await reads(pilot, "Who is at the counter?")
            await sign_in(pilot, WHO)
        for step in picture.steps:
            await walk(pilot, step.format(**names))
        await reads(pilot, picture.shows)
        assert isinstance(app.screen, picture.page), f"{picture.name} is {type(app.screen).__name__}"
        for field in app.screen.query(Input):
            field.cursor_blink = False
        await pilot.pause(1.5)  # what is read every second has been read
        return app.export_screenshot(title="kiosk counter")


async def walk(pilot: Pilot[None], step: str) -> None:
    if len(step) == 1 and not isinstance(pilot.app.focused, Input):
        await tap(pilot, step)
    else:
        await pilot.press(*([step] if step in ("enter", "escape", "tab", "down", "end", "f9") else step))
    await pilot.pause(0.6)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        room, names = a_day(Path(folder) / "day")
        empty = Room(Path(folder) / "empty")
        wanted = [picture for picture in (*PICTURES, FIRST_RUN) if picture.name in (sys.argv[1:] or [picture.name])]
        for picture in wanted:
            text = asyncio.run(take(empty if picture is FIRST_RUN else room, names, picture))
            (FOLDER / f"{picture.name}.svg").write_text(text, encoding="utf-8")
        room.close()
        empty.close()


if __name__ == "__main__":
    main()
