"""Help over every screen: it says what that screen asks, warns before it goes, and never hides that it is paid."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.errors import LedgerError
from screens import over
from screens.delivery import DeliveryScreen
from screens.frame import KioskScreen
from screens.help import HelpScreen
from screens.number import NumberScreen
from screens.parts import Words
from screens.pay import CodeScreen, CounterScreen, pay_screen
from tests.screens.room import NARROW, Host, Room, on, said, sees, settled
from tests.screens.test_matrix import EVERY, wordy

__all__ = ["wordy"]


@pytest.mark.prove
@pytest.mark.parametrize("name", [name for name in EVERY if name != "help"])
async def test_every_screen_has_words_for_this_step(wordy: Room, name: str) -> None:
    """Whatever it is asked about, help begins with what stands there."""
    app = Host(wordy, EVERY[name])
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, KioskScreen)
        await settled(pilot, lambda: bool(app.screen.query_one("#question", Words).said), "a question")
        await pilot.pause(0.5)  # a screen that looks something up has found it
        asked, screen = said(pilot, "question"), app.screen
        assert isinstance(screen, KioskScreen)
        screen.press("?")  # as a touch does; where a clerk types, the key is a sign
        await on(pilot, HelpScreen)

        assert asked
        assert said(pilot, "help-0").startswith(asked)
    wordy.close()


@pytest.mark.parametrize("key", ["f3", "f5"])
async def test_a_key_that_comes_while_help_comes_up_ends_nothing(
    room: Room, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faster than the next screen is there: this kiosk has neither voice nor large letters, and says so or does not."""
    monkeypatch.setattr(over, "can_be_large", lambda app: False)
    room.voice = None
    app = Host(room, NumberScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        screen = app.screen
        assert isinstance(screen, KioskScreen)
        screen.press("?")
        screen.press(key)
        await on(pilot, HelpScreen)
        await pilot.press(key)

        assert "This kiosk has no" in said(pilot, "still-there")


@pytest.mark.prove
async def test_help_warns_before_it_goes(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """As any screen does; then the screen below is there, with its whole time."""
    monkeypatch.setattr(HelpScreen, "idle_s", 21.0)
    app = Host(room, NumberScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        await pilot.press("question_mark")
        await on(pilot, HelpScreen)
        await settled(pilot, lambda: said(pilot, "still-there").startswith("Are you still there?"), "the warning")
        app.screen.idle_s = 0.1  # type: ignore[attr-defined]
        await on(pilot, NumberScreen)

        assert app.answers == []


@pytest.mark.parametrize("tender", ["cash", "wechat"])
async def test_a_payment_that_comes_in_under_help_is_seen_at_once(room: Room, tender: str) -> None:
    """Help goes by itself: nobody pays twice because a page of answers lay over the word *paid*."""
    order = room.sell(tender)
    app = Host(room, lambda room: pay_screen(room, order, room.tenders[tender]))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, CounterScreen if tender == "cash" else CodeScreen)
        await pilot.press("question_mark")
        await on(pilot, HelpScreen)
        room.work()
        if tender == "cash":
            room.pay_cash()
        else:
            room.wallet.pay(order.reference, order.total)
            room.time.go_on(seconds=10)
            room.work()

        await settled(pilot, lambda: bool(app.answers), "the end of the payment screen")
        assert app.answers[0].paid == order.total


async def test_what_ends_under_help_is_seen_when_it_closes(room: Room) -> None:
    """A delivery goes on below; Help stays as long as it is read, and the result is there behind it."""
    room.sell("cash")
    room.pay_cash()
    app = Host(room, lambda room: DeliveryScreen(room, room.only_order()))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, DeliveryScreen)
        await pilot.press("question_mark")
        await on(pilot, HelpScreen)
        room.work()
        await pilot.pause(0.5)
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")

        await settled(pilot, lambda: bool(app.answers), "the end of the delivery")
        assert app.answers[0].delivered_at is not None


class NoLedger:
    """A seat whose ledger takes nothing down."""

    def call(self) -> Any:
        raise LedgerError("The disk is full.")

    called = call


@pytest.mark.parametrize("seat", [True, False], ids=["no ledger", "no seat"])
async def test_who_cannot_be_heard_is_told_to_go_to_the_counter(room: Room, seat: bool) -> None:
    """Waiting for somebody who was never called is the worst of all."""
    app = Host(room, NumberScreen)
    if seat:
        app.staff = NoLedger()
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        await pilot.press("question_mark")
        await on(pilot, HelpScreen)
        await pilot.pause(1.2)
        assert said(pilot, "called") == ""
        await pilot.press("s")

        await sees(pilot, "Nobody can be called from here just now. Please ask at the counter.")


@pytest.mark.prove
async def test_what_lies_over_a_screen_is_there_once_however_often_it_is_asked_for(room: Room) -> None:
    """Help over the clerk's screen over help ... would be closed one by one, and each goes on looking at its clock."""
    app = Host(room, NumberScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        for key in ("?", "f10", "?", "f2", "?", "f10", "f2", "f10", "?") * 3:
            screen = app.screen
            assert isinstance(screen, KioskScreen)
            screen.press(key)
            await pilot.pause(0.05)
            kinds = [type(each) for each in app.screen_stack]
            assert len(kinds) == len(set(kinds)), kinds
        for _ in range(4):
            screen = app.screen
            assert isinstance(screen, KioskScreen)
            if not isinstance(screen, NumberScreen):
                screen.press("escape")
                await pilot.pause(0.1)
        assert isinstance(app.screen, NumberScreen)
