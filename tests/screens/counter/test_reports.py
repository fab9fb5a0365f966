"""The owner's page of reports: a period by one key, the ones before and after by arrows, as files by another."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from kiosk import clerks
from kiosk.reports.figures import read_report
from screens.counter.more import MoreScreen
from screens.counter.reports import FOLDER
from tests.screens.counter.desk import PIN, counter, reads, sign_in, tap
from tests.screens.room import NARROW, PLANS, Room, said, seen, settled


@pytest.fixture
def shop(desk: Room) -> Room:
    """A supervisor, an order of yesterday, two of today; by the shop's clock it is 08:00 on 1 August."""
    pepper = clerks.pepper_of(desk.config.file.ledger.pepper, "ledger.pepper")
    clerks.add_clerk(desk.ledger, pepper, "ana", PIN, "supervisor", at=desk.time.now())
    desk.time.go_on(days=-1)
    sold(desk)
    desk.time.go_on(days=1)
    for _ in range(2):
        sold(desk)
    return desk


def sold(room: Room) -> None:
    room.sell("cash", PLANS[1])
    room.pay_cash()
    room.time.go_on(seconds=4)
    room.work()


async def to_reports(pilot: Any, name: str = "ana") -> None:
    await sign_in(pilot, name)
    await tap(pilot, "m")
    await settled(pilot, lambda: isinstance(pilot.app.screen, MoreScreen), "what else")
    await tap(pilot, "r")


@pytest.mark.prove
async def test_a_day_a_week_and_a_month_and_the_ones_before(shop: Room) -> None:
    """Today first; D, W, M, and the arrows; what has not been yet is not shown."""
    async with counter(shop) as pilot:
        await to_reports(pilot)
        await reads(pilot, "Saturday 1 August 2026, so far", "Sold 2 orders 47.00 USD", "1 order more than 1;")
        await tap(pilot, "left")
        await reads(pilot, "Friday 31 July 2026", "Sold 1 order 23.50 USD", "08:00 to 09:00 1 4.0 s")
        await tap(pilot, "m")
        await reads(pilot, "July 2026", "Compared with the month before: 1 order more than 0;")
        await tap(pilot, "right")
        await reads(pilot, "August 2026, so far", "Sold 2 orders 47.00 USD")
        await tap(pilot, "right")
        await reads(pilot, "That has not been yet.")
        await tap(pilot, "w")
        await reads(pilot, "Week of 27 July to 2 August 2026, so far", "Sold 3 orders 70.50 USD")


@pytest.mark.prove
async def test_everything_is_there_by_touch_at_the_smallest_terminal(shop: Room) -> None:
    """Every key at the foot, the chart whole, and no line of the page broken."""
    async with counter(shop, NARROW) as pilot:
        await to_reports(pilot)
        await reads(pilot, "Delivery times by the hour at which it was paid")
        foot = seen(pilot).splitlines()[-1]
        assert [
            word for word in ("D  Day", "W  Week", "M  Month", "←  Prev", "→  Next", "E  Export") if word not in foot
        ] == []
        assert foot.rstrip().endswith("Esc  Back")
        await settled(pilot, lambda: "█" in said(pilot, "page"), "the chart")
        await pilot.click(offset=(foot.index("PgDn"), NARROW[1] - 1))
        await reads(pilot, "half of them within")
        await pilot.click(offset=(foot.index("Week"), NARROW[1] - 1))
        await reads(pilot, "Week of 27 July to 2 August 2026, so far")

        page = pilot.app.screen.query_one("#page")
        assert max(map(len, said(pilot, "page").splitlines())) <= page.content_size.width


@pytest.mark.prove
async def test_it_is_written_into_files_and_the_page_says_where(shop: Room) -> None:
    """Both kinds, readable by the owner of the ledger alone."""
    async with counter(shop) as pilot:
        await to_reports(pilot)
        await reads(pilot, "Sold 2 orders")
        await tap(pilot, "e")
        await reads(pilot, "Written", "report-day-2026-08-01.csv and report-day-2026-08-01.json, in", f"/{FOLDER}")

    files = sorted((shop.config.state_dir / FOLDER).iterdir())
    assert [(file.name, file.stat().st_mode & 0o777) for file in files] == [
        ("report-day-2026-08-01.csv", 0o600),
        ("report-day-2026-08-01.json", 0o600),
    ]


@pytest.mark.prove
async def test_a_clerk_is_told_that_it_takes_a_supervisor(shop: Room) -> None:
    """The page does not open."""
    async with counter(shop) as pilot:
        await to_reports(pilot, "mei")
        await reads(pilot, "Reports: it takes the supervisor. You are signed in as clerk.")

        assert isinstance(pilot.app.screen, MoreScreen)


@pytest.mark.prove
async def test_a_report_that_takes_long_says_how_far_it_is_and_holds_nobody_up(
    shop: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Meanwhile another one may be asked for, and that one is shown."""
    go_on = threading.Event()

    def slow(ledger: Any, config: Any, period: Any, now: Any, tell: Any) -> Any:
        tell(40)
        assert go_on.wait(20)
        return read_report(ledger, config, period, now, tell)

    monkeypatch.setattr("screens.counter.reports.read_report", slow)
    async with counter(shop) as pilot:
        await to_reports(pilot)
        await reads(pilot, "Reading Saturday 1 August 2026 ... 40 %")
        await tap(pilot, "m")
        await reads(pilot, "August 2026")
        go_on.set()
        await reads(pilot, "August 2026, so far", "Sold 2 orders 47.00 USD")
        await settled(pilot, lambda: not said(pilot, "told"), "nothing is read any more")
