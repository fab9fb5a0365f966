"""The customer's own payment code: scanned, passed on, and never seen again; what was wrong with it is said."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import cast

import pytest
from rich.console import Console
from rich.traceback import Traceback
from textual.pilot import Pilot

from kiosk.code_slot import CodeSlot
from kiosk.errors import Refused, Unreachable
from kiosk.order import State
from kiosk.ports import Tender
from kiosk.simulation.rails import FakeScanner
from screens.app import KioskApp
from screens.delivery import DeliveryScreen
from screens.done import DoneScreen
from screens.number import NumberScreen
from screens.pay import pay_screen
from screens.pay_scan import ScanScreen
from screens.welcome import WelcomeScreen
from tests.screens.room import (
    NARROW,
    SIM,
    Host,
    Room,
    hand_over,
    on,
    seen,
    sees,
    settled,
    speak,
    to_the_summary,
)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A kiosk that takes Alipay by the customer's code, and cash; the holder of its queue listens."""
    made = Room(tmp_path, tenders={"alipay": {}, "cash": {}})
    slot = CodeSlot(made.line, made.config.state_dir)
    yield made
    slot.stop()
    made.close()


def host(room: Room) -> Host:
    order = room.sell("alipay")
    return Host(room, lambda room: pay_screen(room, order, room.tenders["alipay"]))


def burst(app: KioskApp, code: str) -> None:
    """What a scanner types."""
    hand_over(app, *code, "enter")


async def to_the_code(pilot: Pilot[None]) -> None:
    """From the welcome screen to the payment code of Alipay."""
    await to_the_summary(pilot)
    await sees(pilot, "show the code on your phone")
    await pilot.press("1")
    await on(pilot, ScanScreen)


async def test_a_scanned_code_pays(room: Room) -> None:
    """What to do stands there; one scan, and the screen moves on by itself."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ScanScreen)
        await sees(pilot, "Show the payment code of Alipay")
        await sees(pilot, "works without data")
        code = room.scanner.show_code()

        burst(app, code)
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers[0].paid == room.only_order().total
        assert code not in seen(pilot)


async def test_a_scan_without_an_ending_pays_too(room: Room) -> None:
    """Some wedges are set up without Enter; where digits choose, a held burst is a scan."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ScanScreen)

        hand_over(app, *room.scanner.show_code())
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers[0].paid == room.only_order().total


async def test_the_payer_is_sent_to_the_phone(room: Room) -> None:
    """The wallet wants a password: the kiosk says where, and waits."""
    room.scanner.must_confirm = lambda: True
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ScanScreen)
        burst(app, room.scanner.show_code())
        await sees(pilot, "Please confirm on your phone")
        waits = list(app.answers)

        room.scanner.pay(room.only_order().reference, room.only_order().total)
        room.time.go_on(seconds=5)
        room.work()
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert waits == []
        assert app.answers[0].paid == room.only_order().total


async def test_a_lost_answer_asks_nobody_to_pay_again(room: Room) -> None:
    """The queue asks the rail; the screen says so."""
    room.scanner.faults.append("lost")
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ScanScreen)
        burst(app, room.scanner.show_code())
        await sees(pilot, "Please do not pay a second time")

        burst(app, room.scanner.show_code())
        room.work()
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers[0].paid == room.only_order().total
        assert len(room.scanner.charged) == 1


@pytest.mark.parametrize(
    ("scanned", "words"),
    [(SIM, "That is the number of a card"), ("https://example.com/12345", "That is no payment code of Alipay")],
)
async def test_another_scan_is_said_to_be_none(room: Room, scanned: str, words: str) -> None:
    """It goes nowhere, and the order waits on."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ScanScreen)

        burst(app, scanned)
        await sees(pilot, words)

        assert room.only_order().version == 1
        assert app.answers == []


async def test_the_code_of_another_wallet_is_called_so(room: Room) -> None:
    """Two wallets are taken by code: whoever has chosen the wrong one learns which it was, and nothing is charged."""
    room.tenders = {**room.tenders, "wechat_scan": cast(Tender, OtherWallet(room.time, name="wechat_scan"))}
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ScanScreen)

        burst(app, "990123456789012345")
        await sees(pilot, "That is a code of WeChat Pay. Press T and choose WeChat Pay")

        assert room.only_order().version == 1


async def test_where_nobody_takes_the_code_it_may_be_scanned_again(tmp_path: Path) -> None:
    """The queue's holder is starting: nothing was taken, and the screen says so."""
    room = Room(tmp_path, tenders={"alipay": {}})
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ScanScreen)
        burst(app, room.scanner.show_code())
        await sees(pilot, "nothing was taken. Please scan again")

        slot = CodeSlot(room.line, room.config.state_dir)
        burst(app, room.scanner.show_code())
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers[0].paid == room.only_order().total
    slot.stop()
    room.close()


@pytest.mark.prove
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Refused("the code is used"), "That code was not accepted; nothing was taken"),
        (Unreachable("no connection", sent=False), "Alipay cannot be reached; nothing was taken"),
    ],
)
async def test_a_code_that_took_nothing_makes_room_for_another(room: Room, fault: Exception, words: str) -> None:
    """A new order of the same cart, at once: the old one is dead, and the new code pays."""
    room.scanner.faults.append(fault)
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await to_the_code(pilot)
        burst(app, room.scanner.show_code())
        await settled(pilot, lambda: bool(room.scanner.calls), "a charge")
        room.work()
        await sees(pilot, words)
        await sees(pilot, "Show the payment code of Alipay")

        burst(app, room.scanner.show_code())
        await on(pilot, DeliveryScreen)
        room.work()
        await on(pilot, DoneScreen)
        await sees(pilot, "Delivered: 10 GB")

        states = sorted(order.state for order in room.ledger.orders())
        assert states == [State.ABANDONED, State.COMPLETED]
        assert len({(order.plan, order.lines, order.sim_number) for order in room.ledger.orders()}) == 1


@pytest.mark.prove
async def test_nobody_scans_and_the_time_ends(room: Room) -> None:
    """Nothing was payable: the order is dead without a call, and the customer is not asked for another code."""
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await to_the_code(pilot)

        room.time.go_on(minutes=5)
        room.work()
        await on(pilot, DoneScreen)

        assert room.only_order().state is State.ABANDONED
        assert room.scanner.calls == []


@pytest.mark.prove
async def test_the_language_changes_while_a_code_is_awaited(room: Room) -> None:
    """What was wrong with the last scan is said in the new words, too."""
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ScanScreen)
        burst(app, SIM)
        await sees(pilot, "That is the number of a card")

        await speak(pilot, "zh")

        await sees(pilot, "这是卡号。请出示手机上的付款码。")
        await sees(pilot, "请出示支付宝付款码")


@pytest.mark.parametrize("screen", [WelcomeScreen, NumberScreen])
async def test_a_payment_code_is_not_taken_for_a_card_number(
    room: Room, screen: type[WelcomeScreen] | type[NumberScreen]
) -> None:
    """It is money: it is neither shown nor carried on to the next screen."""
    app = Host(room, screen)
    app.tenders.begin()
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, screen)
        await settled(pilot, lambda: app.tenders.result is not None, "the ways to pay")
        code = room.scanner.show_code()

        burst(app, code)
        await pilot.pause(0.3)

        assert app.answers == []
        assert code[:6] not in seen(pilot).replace(" ", "")
        if screen is NumberScreen:
            assert "That is a payment code" in seen(pilot)


class OtherWallet(FakeScanner):
    """Its codes begin in another way."""

    def reads(self, scanned: str) -> bool:
        return scanned.startswith("99")


class Broken(FakeScanner):
    """An adapter with a defect that repeats what it was given."""

    def reads(self, scanned: str) -> bool:
        raise ValueError(f"cannot read {scanned}")


async def scan_and_wait(app: Host, code: str) -> None:
    """Until the screens have ended. Raises what ended them."""
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ScanScreen)
        burst(app, code)
        await settled(pilot, lambda: not app.is_running, "the end")


async def test_a_screen_that_dies_over_a_code_does_not_tell_it(room: Room) -> None:
    """Textual prints a traceback with every variable of every frame, and it goes into the log: the code is in none."""
    code = room.scanner.show_code()
    order, rail = room.sell("alipay"), Broken(room.time)
    app = Host(room, lambda room: ScanScreen(room, order, rail))
    with pytest.raises(RuntimeError, match="could not read a code: ValueError") as died:
        await scan_and_wait(app, code)

    told = Console(file=StringIO(), width=200)
    told.print(Traceback.from_exception(died.type, died.value, died.tb, show_locals=True, locals_max_string=1000))
    assert isinstance(told.file, StringIO)
    assert "PaymentCode(***)" in told.file.getvalue()
    assert code not in told.file.getvalue()
