"""A printer without paper: said before anybody pays; a sale is refused for it only where the owner says so."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from kiosk.errors import DeviceError
from kiosk.outlook import with_paper
from kiosk.paper import Condition, PrinterState
from kiosk.paper_watch import PaperWatch
from kiosk.ways import CLEAR
from screens.done import DoneScreen
from screens.summary import SummaryScreen
from tests.screens.room import NARROW, PLANS, SIM, FakePrinter, Host, Room, on, said, settled

NO_PAPER = "No paper receipt now: it will be on the screen."


def summary(room: Room, condition: Condition) -> Host:
    room.paper.condition = condition
    room.paper_watch.look()
    return Host(room, lambda room: SummaryScreen(room, room.network.sim(SIM), PLANS[1]))


async def test_the_customer_is_told_before_paying_and_may_pay_all_the_same(room: Room) -> None:
    """The receipt is then on the screen. With a new roll the words are gone by themselves."""
    app = summary(room, Condition.OUT)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SummaryScreen)
        await settled(pilot, lambda: NO_PAPER in said(pilot, "hint"))
        room.paper.condition = Condition.NEAR_END
        room.paper_watch.look()
        await settled(pilot, lambda: NO_PAPER not in said(pilot, "hint"))
        room.paper.condition = Condition.COVER
        room.paper_watch.look()
        await settled(pilot, lambda: NO_PAPER in said(pilot, "hint"))
        await pilot.press("2")
        await settled(pilot, lambda: bool(app.answers), "an answer")

    assert app.answers[0].tender.name == "cash"


async def test_nothing_is_sold_without_paper_where_the_owner_says_so(tmp_path: Path) -> None:
    """Neither key pays, and the customer reads why; with paper the ways open by themselves."""
    room = Room(tmp_path, printer={"required": True, "kind": "file", "path": "/unused"})
    app = summary(room, Condition.OUT)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SummaryScreen)
        await settled(pilot, lambda: "No receipt can be printed now, so nothing is sold." in said(pilot, "hint"))
        await pilot.press("1", "2", "enter")
        await pilot.pause(0.1)
        taken = list(app.answers)
        room.paper.condition = Condition.UNKNOWN
        room.paper_watch.look()
        await pilot.press("2")
        await settled(pilot, lambda: bool(app.answers), "an answer")
    room.close()

    assert taken == []


@pytest.mark.parametrize(
    ("told", "required", "paperless", "needed"),
    [
        (None, False, False, False),
        (None, True, False, True),
        (Condition.UNKNOWN, True, False, False),
        (Condition.NEAR_END, True, False, False),
        (Condition.OUT, False, True, False),
        (Condition.AWAY, True, True, True),
    ],
)
def test_unknown_is_not_empty(told: Condition | None, required: bool, paperless: bool, needed: bool) -> None:
    """Nobody is told that there is no paper because a printer cannot say; what nobody has asked is no promise."""
    outlook = with_paper(CLEAR, PrinterState(told) if told else None, required=required)

    assert (outlook.paperless, outlook.paper_needed) == (paperless, needed)


@pytest.mark.parametrize("error", [None, DeviceError("it broke off", sent=True)])
async def test_what_nobody_has_seen_come_out_is_not_called_printed(room: Room, error: DeviceError | None) -> None:
    """Sent, or cut off in the middle: the customer looks for the paper, and knows what to do without."""
    room.sell("cash")
    room.pay_cash()
    room.work()
    room.paper.confirms, room.paper.error = False, error
    async with Host(room, lambda room: DoneScreen(room, room.only_order())).run_test(size=NARROW) as pilot:
        await on(pilot, DoneScreen)
        await settled(pilot, lambda: said(pilot, "paper").startswith("If no paper receipt comes out"))


def test_a_glance_never_waits_and_asks_once() -> None:
    """The printer hangs: whoever looks goes on at once, and one thread waits, not one a look."""
    asked, go_on = [], threading.Event()

    class Hangs(FakePrinter):
        def look(self) -> PrinterState:
            asked.append(1)
            go_on.wait()
            return PrinterState(Condition.OUT)

    watch = PaperWatch(Hangs)
    watch.every_s = 0.0
    glances, times = [watch.glance() for _ in range(50)], len(asked)
    go_on.set()
    while watch.glance() is None:
        pass

    assert glances == [None] * 50
    assert times <= 1
    assert watch.glance() == PrinterState(Condition.OUT)


def test_a_defect_in_a_driver_is_no_lack_of_paper() -> None:
    """It is unknown, and the sale goes on."""

    def broken() -> FakePrinter:
        raise ZeroDivisionError

    assert PaperWatch(broken).look() == PrinterState(Condition.UNKNOWN, "ZeroDivisionError")
    assert PaperWatch(lambda: None).look().condition is Condition.AWAY
