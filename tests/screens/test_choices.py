"""Plan and summary: digits, arrows and touches choose; what cannot be paid says why; nothing from outside commands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from kiosk.money import Money
from kiosk.plans import Plan
from kiosk.ports import Tender
from kiosk.tenders.cash import Cash, Settings
from kiosk.ways import LineState
from screens.parts import Words
from screens.plan import PlanScreen
from screens.summary import Choice, SummaryScreen
from tests.screens.room import NARROW, PLANS, SIM, Host, Room, on, said, seen, sees, settled, speak

HOSTILE = "\x1b]0;gone\x07\x1b[2J[b]10 GB[/b] {total} \x9b31m\u202e"


def plans(room: Room) -> Host:
    return Host(room, lambda room: PlanScreen(room, room.network.sim(SIM)))


def summary(room: Room, plan: Plan = PLANS[1], *, changed: bool = False) -> Host:
    return Host(room, lambda room: SummaryScreen(room, room.network.sim(SIM), plan, changed=changed))


@pytest.fixture
def promoted(tmp_path: Path) -> Iterator[Room]:
    """A kiosk with a promotion on one plan, and a tax."""
    name = {"en": "Summer week", "zh": "夏季优惠"}
    promotion = {"name": name, "percent": 20, "first_day": "2026-08-01", "last_day": "2026-08-07", "plans": ["10gb"]}
    tax = {"kind": "tax", "name": {"en": "Sales tax"}, "percent": 8}
    made = Room(tmp_path, promotions=[dates(promotion)], charges=[tax])
    yield made
    made.close()


def dates(promotion: dict[str, object]) -> dict[str, object]:
    from datetime import date

    return {key: date.fromisoformat(str(value)) if key.endswith("_day") else value for key, value in promotion.items()}


async def test_credit_is_never_shown_as_data(room: Room) -> None:
    """Neither as so many gigabytes nor as unlimited; by what arrives on the number."""
    credit = Plan("548-10.00", "10.00 USD", 0, 0, Money(970, "USD"))
    app = Host(room, lambda room: PlanScreen(room, replace(room.network.sim(SIM), plans=(credit,))))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, PlanScreen)
        shown = seen(pilot)

    assert "1  10.00 USD " in shown
    assert "   credit " in shown
    assert not [word for word in ("GB", "MB", "Unlimited", "day") if word in shown]


@pytest.mark.prove
@pytest.mark.parametrize(
    ("keys", "plan"),
    [(["1"], 0), (["3"], 2), (["enter"], 0), (["right", "enter"], 1), (["right", "right", "left", "enter"], 1)],
)
async def test_digits_and_arrows_choose_a_plan(room: Room, keys: list[str], plan: int) -> None:
    """A digit takes it at once; arrows mark it, and Enter takes it."""
    app = plans(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, PlanScreen)

        await pilot.press(*keys)
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers == [PLANS[plan]]


async def test_a_touch_chooses_a_plan(room: Room) -> None:
    """Anywhere on its tile."""
    app = plans(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, PlanScreen)

        await pilot.click(app.screen.query(".plan-price")[1])
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers == [PLANS[1]]


async def test_the_promotion_shows_what_it_was(promoted: Room) -> None:
    """The price of today, and the price without it."""
    app = plans(promoted)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, PlanScreen)

        await sees(pilot, "was 23.50")
        await sees(pilot, "(plus taxes and fees)")


async def test_more_plans_than_digits_have_a_second_page(room: Room) -> None:
    """9 turns the page, and the digits choose from the page that is seen."""
    room.network.plans = tuple(Plan(f"p{n:02d}", "", 1024 * n, 30, Money(100 * n, "USD")) for n in range(1, 12))
    app = plans(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, PlanScreen)
        await pilot.press("9")
        await sees(pilot, "11 GB")

        await pilot.press("3")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers[0].id == "p11"


async def test_a_new_card_is_no_error(room: Room) -> None:
    """It can be topped up before its first use."""
    room.network.active = False
    app = plans(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, PlanScreen)

        assert "not yet used" in said(pilot, "hint")


async def test_the_summary_shows_each_line_and_answers_with_them(promoted: Room) -> None:
    """What was shown is what is charged."""
    app = summary(promoted)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SummaryScreen)
        for text in ("8900 0004 6144 2300 635", "Summer week", "-$4.70", "Sales tax", "$1.50", "Refunded in full."):
            await sees(pilot, text)

        await pilot.press("2")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        (choice,) = app.answers
        assert isinstance(choice, Choice)
        assert choice.tender.name == "cash"
        assert [line.amount.amount_minor for line in choice.lines] == [2350, -470, 150]


async def test_a_way_to_pay_without_its_line_says_so_and_cannot_be_chosen(room: Room) -> None:
    """Cash works without a line; a wallet's code does not."""
    app = summary(room)
    app.set_reactive(Host.line, LineState.DOWN)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SummaryScreen)
        await sees(pilot, "not now: there is no line")

        await pilot.press("1")
        await pilot.pause(0.1)
        chosen_wallet = list(app.answers)
        await pilot.press("enter")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert chosen_wallet == []
        assert app.answers[0].tender.name == "cash"


async def test_who_changed_the_way_to_pay_is_told_not_to_pay_the_old_code(room: Room) -> None:
    """Paying it would only be given back."""
    app = summary(room, changed=True)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SummaryScreen)

        await sees(pilot, "do not pay the old code")


async def test_a_hostile_name_commands_nothing(tmp_path: Path) -> None:
    """Escape sequences, markup and format places in a shop's or a fee's name are only text, or gone."""
    fee = {"kind": "fee", "name": {"en": HOSTILE}, "amount": "1.00"}
    room = Room(tmp_path, charges=[fee])
    app = summary(room, replace(PLANS[1], title=HOSTILE))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SummaryScreen)

        await sees(pilot, "[b]10 GB[/b]")

        assert not set(seen(pilot)) & set("\x1b\x07\x9b\u202e")
    room.close()


async def test_cash_above_the_shops_limit_is_shown_with_its_reason(tmp_path: Path) -> None:
    """It stands there, cannot be chosen, and says up to how much it could."""
    made = Room(tmp_path)
    made.tenders = {**made.tenders, "cash": cast(Tender, Cash(Settings(), amount_max=Money(2000, "USD")))}
    app = summary(made)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SummaryScreen)
        await sees(pilot, "only up to $20.00")
        await pilot.press("2")
        await pilot.pause(0.2)
        still = list(app.answers)
        await speak(pilot, "zh")
        await sees(pilot, "仅限")
    made.close()

    assert still == []


@pytest.mark.prove
@pytest.mark.parametrize("count", [5, 6])
@pytest.mark.parametrize(
    ("line", "words"), [("up", "show the code on your phone"), ("down", "not now: there is no line")]
)
async def test_many_ways_are_told_apart_on_the_smallest_terminal(
    tmp_path: Path, count: int, line: str, words: str
) -> None:
    """A wallet in two ways is two ways: each says how one pays there, or why not now; none of it is cut."""
    made = Room(tmp_path)
    wallets = [replace(made.wallet, name=name) for name in ("wechat", "alipay", "wallet")]
    scanners = [replace(made.scanner, name=name) for name in ("wechat_scan", "alipay_scan")]
    every = {way.name: cast(Tender, way) for way in [*scanners, *wallets]} | {"cash": made.tenders["cash"]}
    made.tenders = dict(list(every.items())[-count:])
    app = summary(made)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SummaryScreen)
        app.line = LineState(line)
        await sees(pilot, words)
        body = app.screen.query_one("#body").region
        cut = [
            each.said
            for each in app.screen.query("#ways Words").results(Words)
            if not body.contains_region(each.region)
        ]
        heights = {each.content_size.height for each in app.screen.query("#ways Words").results(Words)}
        await pilot.click(app.screen.query(".tile")[-1])
        await settled(pilot, lambda: bool(app.answers), "an answer")
    made.close()

    assert cut == []
    assert heights == {1}
    assert app.answers[0].tender.name == "cash"
