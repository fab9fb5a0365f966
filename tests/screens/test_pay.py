"""Paying: the code can be read, cancelling is on disk before the screen goes, the ledger alone says what is paid."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from kiosk.order import State
from screens.pay import AFTER_THE_END, CodeScreen, CounterScreen, pay_screen
from tests.screens.room import NARROW, Host, Room, on, said, seen, sees, settled, speak


def host(room: Room, tender: str) -> Host:
    order = room.sell(tender)
    return Host(room, lambda room: pay_screen(room, order, room.tenders[tender]))


def photographed(code: str) -> str:
    """What a phone reads off half blocks, black on white."""
    lines = code.split("\n")
    picture = Image.new("L", (len(lines[0]), 2 * len(lines)), 255)
    for row, line in enumerate(lines):
        for column, sign in enumerate(line):
            for half, dark in enumerate((sign in "▀█", sign in "▄█")):
                picture.putpixel((column, 2 * row + half), 0 if dark else 255)
    (found,) = zxingcpp.read_barcodes(picture.resize((picture.width * 8, picture.height * 8)))
    return str(found.text)


async def test_the_code_can_be_read_off_the_screen(room: Room) -> None:
    """By a decoder that knows nothing of us, at 80x24, black on white whatever the theme."""
    app = host(room, "wechat")
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, CodeScreen)
        await sees(pilot, "Getting your code")
        room.work()
        await sees(pilot, "Scan with WeChat Pay")

        await pilot.press("f4")
        await pilot.pause()
        qr = app.screen.query_one("#qr")

        assert photographed(said(pilot, "qr")) == room.only_order().code
        assert (qr.styles.color.hex, qr.styles.background.hex) == ("#000000", "#FFFFFF")
        assert app.screen.query_one("#body").content_region.contains_region(qr.region)


@pytest.mark.parametrize("mode", ["training", "live"])
async def test_who_practises_reads_where_to_pay(tmp_path: Path, mode: str) -> None:
    """A phone does not reach the sandbox of this machine. Where money is real, the code says it all."""
    room = Room(tmp_path, ledger={"mode": mode, "state_dir": str(tmp_path)})
    app = host(room, "wechat")
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, CodeScreen)
        room.work()
        await sees(pilot, "Scan with WeChat Pay")

        words = said(pilot, "practice")
    code = room.only_order().code
    room.close()

    assert words == (f"Training: pay at {code}" if mode == "training" else "")


async def test_a_payment_moves_on_by_itself(room: Room) -> None:
    """The rail says paid, the queue writes it down, the screen sees it."""
    app = host(room, "wechat")
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, CodeScreen)
        room.work()
        room.wallet.pay(room.only_order().reference, room.only_order().total)
        room.time.go_on(seconds=10)

        room.work()
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers[0].paid == room.only_order().total


async def test_a_wallet_that_does_not_answer_is_told(room: Room) -> None:
    """The customer can wait, or take another way to pay."""
    room.wallet.faults.extend(["down"])
    app = host(room, "wechat")
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, CodeScreen)

        room.work()

        await sees(pilot, "does not answer; trying again")
        await sees(pilot, "no line")


async def test_cancelling_is_on_disk_before_the_screen_goes(room: Room) -> None:
    """What still arrives on this order can only be given back."""
    app = host(room, "wechat")
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, CodeScreen)
        room.work()

        await pilot.press("escape")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers[0].state is State.CANCELLING
        assert room.only_order().state is State.CANCELLING


async def test_another_way_to_pay_cancels_this_one(room: Room) -> None:
    """Never two orders that can both be paid for one cart."""
    app = host(room, "cash")
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, CounterScreen)

        await pilot.click(app.screen.query(".foot-key")[1])
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers[0] is None  # the host shows the screen again at once
        assert room.only_order().state is State.CANCELLING


async def test_a_payment_that_was_faster_than_cancel_wins(room: Room) -> None:
    """Who has paid a moment before Esc gets the top-up, not a refund."""
    app = host(room, "cash")
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, CounterScreen)
        room.pay_cash()

        await pilot.press("escape")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers[0].state is State.SUBMITTING


async def test_the_counter_screen_names_amount_and_order(room: Room) -> None:
    """The customer tells the clerk these two."""
    app = host(room, "cash")
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, CounterScreen)
        reference = room.only_order().reference

        await sees(pilot, "Please pay $23.50 at the counter")

        assert reference[-4:] in seen(pilot)
        assert reference not in seen(pilot)


async def test_a_payment_screen_stays_until_its_own_end(room: Room) -> None:
    """While the code can be paid nobody is sent away; some time after its end the queue is left alone with it."""
    app = host(room, "wechat")
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, CodeScreen)
        room.time.go_on(minutes=5)
        room.work()
        await sees(pilot, "The time to pay is over")
        early = list(app.answers)
        assert "left to pay" not in seen(pilot)
        assert not app.screen.query_one("#qr").display

        room.time.at += AFTER_THE_END + timedelta(seconds=1)
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert early == []
        assert app.answers[0].state is State.AUTHORIZING


@pytest.mark.prove
async def test_the_language_changes_while_a_code_is_up(room: Room) -> None:
    """The same code, other words."""
    app = host(room, "wechat")
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, CodeScreen)
        room.work()
        await sees(pilot, "Scan with WeChat Pay")
        code = said(pilot, "qr")

        await speak(pilot, "zh")
        await pilot.pause()

        assert said(pilot, "qr") == code
        assert said(pilot, "question") == "请用微信支付扫码付款"


def test_every_tender_has_its_screen(room: Room) -> None:
    """A clerk's tender sends to the counter, the others show a code."""
    kinds = {name: type(pay_screen(room, room.sell(name), tender)) for name, tender in room.tenders.items()}

    assert kinds == {"wechat": CodeScreen, "cash": CounterScreen}
