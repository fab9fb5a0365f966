"""Promotions from the welcome screen to the receipt: what is cheaper today, and what the network gives on top."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.ledger.promotions import note_promotions
from kiosk.order import State
from kiosk.plans import LineKind
from kiosk.promotions import ProviderPromotion
from screens.app import KioskApp
from screens.done import DoneScreen
from screens.number import NumberScreen
from screens.parts import Words
from screens.plan import PlanScreen
from screens.scans import STALL_S
from screens.summary import SummaryScreen
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, PLANS, SIM, WIDE, Host, Room, hand_over, on, said, sees, settled
from tests.screens.test_room_enough import cut

WEEK = {"first_day": date(2026, 8, 1), "last_day": date(2026, 8, 7)}
SUMMER = {"name": {"en": "Summer week", "zh": "夏季优惠"}, "percent": 20, **WEEK}
SATURDAY = {"name": {"en": "Saturday deal", "zh": "周六特惠"}, "amount": "1.50", "weekdays": ["sat"], **WEEK}
TITLE = "Ten gigabytes more for every traveller of this season"


@pytest.fixture
def promoted(tmp_path: Path) -> Iterator[Room]:
    """Saturday, 1 August: 20 % off all plans, 1.50 off on Saturdays; the network gives more with the middle plan."""
    made = Room(tmp_path, promotions=[SATURDAY, SUMMER], wifi={"name": "SHOP-GUEST", "password": "travel2026"})
    tell(made)
    yield made
    made.close()


def tell(room: Room, title: str = TITLE) -> None:
    now = room.time.now()
    told = ProviderPromotion("7001", title, now, now + timedelta(days=7), (PLANS[1].id,))
    note_promotions(room.ledger, "airtime", (told,), now)


@pytest.mark.prove
async def test_the_welcome_screen_tells_what_runs_today(promoted: Room) -> None:
    """The owner's promotions, in the order of the file; on Sunday one of them is over, and the network's has room."""
    app = Host(promoted, WelcomeScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await sees(pilot, "Saturday deal: $1.50 off today")
        await sees(pilot, "Summer week: 20 % off until 7 Aug 2026")
        promoted.time.go_on(days=1)
        tell(promoted)
        app.language = "zh"
        await settled(pilot, lambda: f"运营商优惠：{TITLE}，截至2026年8月9日" in said(pilot, "promotion"))
        app.language = "en"
        await settled(pilot, lambda: said(pilot, "promotion").startswith("Summer week: 20 % off until"))
        await settled(pilot, lambda: f"offer: {TITLE}, until 9 Aug 2026" in said(pilot, "promotion"))

        assert "Saturday" not in said(pilot, "promotion")
        assert cut(pilot.app.screen) == []  # type: ignore[arg-type]


async def test_a_plan_with_a_bonus_says_so(room: Room) -> None:
    """Only that plan; its price is what it was."""
    tell(room)
    app = Host(room, lambda room: PlanScreen(room, room.network.sim(SIM)))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, PlanScreen)
        await sees(pilot, "with a bonus")
        english = [tile.display for tile in pilot.app.screen.query(".plan-was")]
        app.language = "zh"
        await sees(pilot, "含运营商优惠")

        assert english == [False, True, False]


@pytest.mark.prove
async def test_a_plan_that_is_cheaper_and_has_a_bonus_says_both_where_there_is_room(promoted: Room) -> None:
    """On a small terminal the price; the summary says the rest."""
    for size, middle in ((WIDE, "was 23.50, + bonus"), (NARROW, "was 23.50")):
        app = Host(promoted, lambda room: PlanScreen(room, room.network.sim(SIM)))
        async with app.run_test(size=size) as pilot:
            await on(pilot, PlanScreen)
            await sees(pilot, "was 23.50")
            assert [found.said for found in pilot.app.screen.query(".plan-was").results(Words)] == [
                "was 5.50",
                middle,
                "was 65.00",
            ]
            app.language = "zh"
            await pilot.pause(0.2)
            assert cut(pilot.app.screen) == []  # type: ignore[arg-type]


@pytest.mark.prove
async def test_a_visit_carries_the_best_promotion_and_the_bonus_to_the_receipt(promoted: Room) -> None:
    """20 % off beat 1.50 off; both lines stand on the summary, on the order and on the paper."""
    app = KioskApp(promoted)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        hand_over(app, *SIM, "enter")
        await on(pilot, NumberScreen)
        await pilot.pause(STALL_S)  # an Enter right behind a scan is its second ending
        await pilot.press("enter")
        await on(pilot, PlanScreen)
        await sees(pilot, "was 23.50")
        await pilot.press("2")
        await on(pilot, SummaryScreen)
        await sees(pilot, "Summer week")
        await sees(pilot, "-$4.70")
        await sees(pilot, "Included: Ten gigabytes more for every")
        await pilot.press("2")
        await settled(pilot, lambda: bool(promoted.ledger.orders([State.AUTHORIZING])), "an order")
        promoted.pay_cash()
        promoted.work()
        await on(pilot, DoneScreen)
        order = promoted.only_order()
        await settled(pilot, lambda: f"Included: {TITLE}" in paper(promoted), "the receipt")

        assert [line.kind for line in order.lines] == [LineKind.PLAN, LineKind.BONUS, LineKind.DISCOUNT]
        assert order.total.amount_minor == 18_80
        assert "Summer week" in paper(promoted)


def paper(room: Room) -> str:
    return " ".join(str(block) for document in room.paper.papers for block in document.blocks)
