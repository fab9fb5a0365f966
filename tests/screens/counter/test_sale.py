"""A sale that is started at the counter: from the SIM's number to the receipt, for cash; nothing is taken by half."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import NotNow, Unreachable
from kiosk.ledger.seats import step_to, take_seat
from kiosk.order import State
from kiosk.texts import texts
from screens.counter.assist import AssistScreen
from screens.counter.order import OrderScreen
from screens.counter.sale import SalePlanScreen, SaleScreen
from screens.counter.sale_cash import SaleCashScreen
from tests.screens.counter.desk import PIN, WRONG, a_desk, reads, signed_in, tap
from tests.screens.room import EITHER, NARROW, PHONE, SIM, Room, seen, settled


async def on(pilot: Any, kind: type) -> None:
    await settled(pilot, lambda: isinstance(pilot.app.screen, kind), kind.__name__)


async def to_sale(pilot: Any) -> None:
    await tap(pilot, "m", "n")
    await on(pilot, SaleScreen)


async def to_cash(pilot: Any) -> None:
    await to_sale(pilot)
    await pilot.press(*SIM, "enter")
    await on(pilot, SalePlanScreen)
    await reads(pilot, "Which plan?", "10 GB, 30 days")
    await pilot.press("down", "enter")
    await on(pilot, SaleCashScreen)
    await reads(pilot, "is due")


@pytest.mark.prove
async def test_a_sale_begins_where_the_clerk_assists_and_ends_on_the_orders_page(desk: Room) -> None:
    """In the customer's language beside the English; the change; the PIN; the top-up and the paper follow."""
    take_seat(desk.ledger, "1", 1, at=desk.time.now())
    step_to(desk.ledger, "1", "plan", "zh", at=desk.time.now())
    async with signed_in(desk, NARROW) as pilot:
        await tap(pilot, "a")
        await on(pilot, AssistScreen)
        await reads(pilot, "choosing a plan")
        await tap(pilot, "n")
        await on(pilot, SaleScreen)
        await pilot.press(*SIM, "enter")
        await on(pilot, SalePlanScreen)
        await reads(pilot, "8900 0004 6144 2300 635", "10 GB, 30 days")
        await pilot.press("down", "enter")
        await on(pilot, SaleCashScreen)
        plan = texts("zh").plan(desk.network.plans[1])
        await reads(pilot, "23.50 USD is due", plan, "(10 GB, 30 days)", "全额退款", "Refunded in full", "PIN of mei")
        await pilot.press(*"30", "enter", *PIN)
        assert PIN not in seen(pilot)
        await pilot.press("enter")
        await on(pilot, OrderScreen)
        await reads(pilot, "is paid; change 6.50 USD")
        desk.work()
        await reads(pilot, "COMPLETED: delivered and verified", "The receipt is printed")
        await pilot.press("escape")
        await on(pilot, AssistScreen)

    sold = desk.only_order()
    assert (sold.state, sold.language, sold.tender) == (State.COMPLETED, "zh", "cash")
    by = [event["by"] for event in desk.ledger.events(sold.reference) if event["event"] in ("opened", "paid")]
    assert by == ["clerk:mei", "clerk:mei"]
    assert len(desk.paper.papers) == 1


@pytest.mark.prove
async def test_too_little_and_a_wrong_pin_sell_nothing(desk: Room) -> None:
    """What was typed stays; nothing is on record before the PIN."""
    async with signed_in(desk) as pilot:
        await to_cash(pilot)
        await pilot.press(*"20", "enter")
        await reads(pilot, "3.50 USD is missing")
        await pilot.press("backspace", "backspace", *"24", "enter", *WRONG, "enter")
        await reads(pilot, "do not match")

        assert desk.ledger.orders([]) == []


@pytest.mark.prove
async def test_a_price_that_changed_meanwhile_is_not_charged(desk: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are said, and the money is still the customer's."""
    async with signed_in(desk) as pilot:
        await to_cash(pilot)
        plans = [plan.__class__(plan.id, plan.title, 512, plan.days, plan.wholesale) for plan in desk.network.plans]
        desk.network.plans = tuple(plans)
        desk.inquiry.sim_now(SIM)
        await pilot.press(*"30", "enter", *PIN, "enter")
        await reads(pilot, "The price has changed meanwhile", "Nothing was sold")

        assert desk.ledger.orders([]) == []


@pytest.mark.prove
async def test_a_phone_number_is_compared_with_the_customer_first(tmp_path: Path) -> None:
    """Mistyped, it is somebody else's: number and network, before any plan."""
    room = a_desk(tmp_path, sims=EITHER)
    async with signed_in(room) as pilot:
        await to_sale(pilot)
        await pilot.press(*PHONE, "enter")
        await on(pilot, SalePlanScreen)
        await reads(pilot, "is this their number?", "T-Mobile USA")
        assert "10 GB" not in seen(pilot)
        await pilot.press("enter")
        await reads(pilot, "Which plan?", "10 GB, 30 days")
    room.close()


@pytest.mark.prove
async def test_money_and_a_wrong_number_are_not_looked_up(desk: Room) -> None:
    """A wallet's code goes from the screen; a number that cannot be one is said to be none."""
    async with signed_in(desk) as pilot:
        await to_sale(pilot)
        await pilot.press(*"134567890123456789", "enter")
        await reads(pilot, "It is money")
        assert "134567" not in seen(pilot)
        await pilot.press(*"8900", "enter")
        await reads(pilot, "15 or 16 are missing")
        await pilot.press(*["backspace"] * 4, *(SIM[:-1] + "6"), "enter")
        await reads(pilot, "Enter once more")


@pytest.mark.prove
@pytest.mark.parametrize(
    ("says", "told"),
    [
        (Unreachable("nothing came back", sent=True), "nothing came back"),
        (NotNow("a pause for maintenance"), "maintenance"),
    ],
)
async def test_where_the_provider_says_nothing_nothing_is_sold(desk: Room, says: Exception, told: str) -> None:
    """It is said before any money is counted."""
    desk.network.says = says
    async with signed_in(desk) as pilot:
        await to_sale(pilot)
        await pilot.press(*SIM, "enter")
        await reads(pilot, told)
        assert isinstance(pilot.app.screen, SaleScreen)


@pytest.mark.prove
async def test_the_pin_is_asked_behind_the_cash(tmp_path: Path) -> None:
    """Address, cash, PIN: a clerk's fingers, which know cash and PIN, put no PIN where it can be read."""
    room = a_desk(tmp_path, messages={"email": {"kind": "folder", "path": str(tmp_path / "mails")}})
    async with signed_in(room) as pilot:
        await to_cash(pilot)
        await pilot.press(*"nobody", "enter")
        await reads(pilot, "No message can be sent to that address")
        await pilot.press(*["backspace"] * 6, "enter", *"30", "enter", *PIN)
        assert PIN not in seen(pilot)
        await pilot.press("enter")
        await on(pilot, OrderScreen)
    room.close()
