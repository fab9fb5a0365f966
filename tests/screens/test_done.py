"""Delivery and the end: each standing in plain words, the receipt printed once, late news shown to who still stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.facts import Event, Fact
from kiosk.order import Order, State
from kiosk.sale import cancel
from screens.delivery import PATIENCE, DeliveryScreen
from screens.done import DoneScreen
from screens.parts import Words
from tests.screens.room import NARROW, WIDE, Host, Room, on, said, seen, sees, settled, speak


def paid(room: Room) -> Order:
    room.sell("cash")
    room.pay_cash()
    return room.only_order()


def delivered(room: Room) -> Order:
    paid(room)
    room.work()
    return room.only_order()


def refused(room: Room) -> Order:
    room.network.fails = True
    return delivered(room)


def cancelled(room: Room) -> Order:
    return cancel(room.ledger, room.sell("wechat"), by="customer", at=room.time.now())


def in_review(room: Room) -> Order:
    order = paid(room)
    fact = Fact(event=Event.ESCALATED, by="queue", reason="nobody knows", deadline_at=room.time.now())
    return room.ledger.record(order, fact, at=room.time.now())


@pytest.mark.prove
@pytest.mark.parametrize(
    ("happened", "state", "english", "chinese"),
    [
        (delivered, State.COMPLETED, "Delivered: 10 GB on your card", "充值成功：10 GB已到账"),
        (paid, State.SUBMITTING, "Paid; your top-up follows", "已付款，充值稍后到账"),
        (refused, State.REFUNDING, "Your money is on its way back", "正在为您退款"),
        (in_review, State.REVIEW, "A clerk is looking into it", "工作人员正在核查"),
        (cancelled, State.CANCELLING, "Cancelled", "已取消"),
    ],
)
async def test_every_standing_has_plain_words_in_both_languages(
    room: Room, happened: Callable[[Room], Order], state: State, english: str, chinese: str
) -> None:
    """Nobody leaves without knowing how it stands."""
    order = happened(room)
    app = Host(room, lambda room: DoneScreen(room, order))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, DoneScreen)
        first = said(pilot, "question")

        await speak(pilot, "zh")
        await pilot.pause()

        assert order.state is state
        assert (first, said(pilot, "question")) == (english, chinese)


@pytest.mark.prove
async def test_the_receipt_is_printed_once_and_shown(room: Room) -> None:
    """On paper and on the screen."""
    order = delivered(room)
    app = Host(room, lambda room: DoneScreen(room, order))
    async with app.run_test(size=WIDE) as pilot:
        await on(pilot, DoneScreen)
        await sees(pilot, "Your receipt is printed.")

        for language in ("zh", "pt", "en"):
            await speak(pilot, language)

        assert [paper.kind.value for paper in room.paper.papers] == ["sale"]
        assert "Top-up receipt" in seen(pilot)
        assert order.sim_number not in seen(pilot)


async def test_the_receipt_is_in_the_language_that_the_customer_reads_now(tmp_path: Path) -> None:
    """Whoever changed it after the order was opened, too: every line, the shop's own fees as well."""
    room = Room(tmp_path, charges=[{"kind": "fee", "name": {"en": "Call fee", "zh": "通话费"}, "amount": "0.50"}])
    order = delivered(room)

    def in_chinese(room: Room) -> DoneScreen:
        app.language = "zh"
        return DoneScreen(room, order)

    app = Host(room, in_chinese)
    async with app.run_test(size=WIDE) as pilot:
        await on(pilot, DoneScreen)
        await settled(pilot, lambda: bool(room.paper.papers), "paper")

        shown = said(pilot, "receipt-text")
        app.language = "en"
        await pilot.pause()

        assert order.language == "en"
        assert [paper.language for paper in room.paper.papers] == ["zh"]
        for words in ("充值小票", "10 GB，30天", "通话费"):
            assert words in shown
            assert words not in said(pilot, "receipt-text")
    room.close()


async def test_a_printer_that_fails_is_told_and_fails_no_sale(room: Room) -> None:
    """The customer takes a photo instead."""
    room.paper.broken = True
    order = delivered(room)
    app = Host(room, lambda room: DoneScreen(room, order))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, DoneScreen)

        await settled(pilot, lambda: "take a photo" in said(pilot, "paper"), "the advice")


async def test_an_order_that_nobody_paid_wastes_no_paper(room: Room) -> None:
    """And the customer may take another way to pay."""
    order = cancelled(room)
    app = Host(room, lambda room: DoneScreen(room, order))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, DoneScreen)
        room.work()
        await pilot.pause(0.3)

        await pilot.press("t")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers == [True]
        assert room.paper.papers == []


async def test_who_was_too_slow_gets_a_fresh_start_once_the_old_order_is_cancelled(room: Room) -> None:
    """The number need not be typed again; the old code can only be given back from now on."""
    order = room.sell("wechat")
    app = Host(room, lambda room: DoneScreen(room, order))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, DoneScreen)
        await sees(pilot, "The time to pay is over")
        await sees(pilot, "Checking the payment")

        await pilot.press("t")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers == [True]
        assert room.only_order().state is State.CANCELLING


async def test_a_payment_that_was_faster_than_a_fresh_start_is_delivered(room: Room) -> None:
    """Nobody pays twice because a screen was slow."""
    order = room.sell("cash")
    app = Host(room, lambda room: DoneScreen(room, order))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, DoneScreen)
        room.pay_cash()

        await pilot.press("t")
        await sees(pilot, "Paid; your top-up follows")

        assert app.answers == []
        assert room.only_order().state is State.SUBMITTING


async def test_what_arrives_while_the_customer_stands_there_is_shown_and_printed(room: Room) -> None:
    """Paid and waiting becomes delivered before their eyes."""
    order = paid(room)
    app = Host(room, lambda room: DoneScreen(room, order))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, DoneScreen)
        await sees(pilot, "Your receipt is printed.")

        room.work()
        await sees(pilot, "Delivered: 10 GB")
        await settled(pilot, lambda: len(room.paper.papers) == 2, "the second paper")

        assert [paper.kind.value for paper in room.paper.papers] == ["waiting", "sale"]


async def test_the_delivery_is_told_line_by_line_until_it_is_settled(room: Room) -> None:
    """Money first, with its time; then what is being waited for."""
    order = paid(room)
    app = Host(room, lambda room: DeliveryScreen(room, order))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, DeliveryScreen)
        await sees(pilot, "08:00:00  Paid: $23.50, Cash")
        await sees(pilot, "now       Waiting for the line")

        room.work()
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers[0].state is State.COMPLETED


async def test_a_delivery_without_a_line_keeps_nobody_waiting(room: Room) -> None:
    """After a while the customer gets the receipt that says: it comes by itself."""
    room.network.faults.extend(["down"] * 50)
    order = paid(room)
    app = Host(room, lambda room: DeliveryScreen(room, order))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, DeliveryScreen)
        room.work()
        await sees(pilot, "No answer")

        room.time.at += PATIENCE
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers[0].state is State.SUBMITTING


async def test_a_long_line_of_progress_goes_on_below_its_words(room: Room) -> None:
    """Times stand in a column of their own."""
    order = delivered(room)
    app = Host(room, lambda room: Done(room, order))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, Done)
        app.screen.query_one("#progress-lines", Words).show("08:00:00  Paid: $1,234.50, some long way to pay")
        await pilot.pause()

        await sees(pilot, "  08:00:00  Paid: $1,234.50,")
        await sees(pilot, "            long way to pay")


class Done(DoneScreen):
    """The end of a visit, written once."""

    def _look(self) -> None:
        """Nothing changes any more."""
