"""How long a top-up usually takes, said before it is paid, where the ledger knows it; and all of it is seen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.texts import LANGUAGES
from screens.help import HelpScreen
from screens.pay import CounterScreen, pay_screen
from tests.screens.room import NARROW, Host, Room, on, said, sees
from tests.screens.test_hour import evening
from tests.screens.test_matrix import EVERY
from tests.screens.test_room_enough import a_wordy_room, nothing_is_cut

PAYING = ["code", "code shown", "scan", "scan again", "confirm", "counter", "reader", "reader, declined"]


def counter(room: Room) -> Host:
    order = room.sell("cash")
    return Host(room, lambda room: pay_screen(room, order, room.tenders["cash"]))


async def test_who_pays_reads_how_long_it_takes_afterwards(room: Room) -> None:
    """By this kiosk's own history; and Help says the same."""
    evening(room, minutes=0.5)
    app = counter(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, CounterScreen)
        told = said(pilot, "after")
        await pilot.press("question_mark")
        await on(pilot, HelpScreen)
        await pilot.press("q")
        await sees(pilot, "How long does it take?")

        assert told.startswith("After the payment: mostly done within ")
        assert told in said(pilot, "help-1")


async def test_a_new_kiosk_says_nothing_that_it_does_not_know(room: Room) -> None:
    """Fewer than five top-ups tell nothing."""
    app = counter(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, CounterScreen)
        told = said(pilot, "after")
        await pilot.press("question_mark")
        await on(pilot, HelpScreen)
        await pilot.press("q")
        await sees(pilot, "Mostly less than a minute after the payment.")

        assert told == ""


@pytest.mark.prove
@pytest.mark.parametrize("mode", ["live", "training"])
@pytest.mark.parametrize("name", PAYING)
async def test_it_has_room_on_every_payment_screen(
    tmp_path: Path, name: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 80x24, in every language. Beside a code, who practises reads where to pay instead."""
    monkeypatch.setattr("screens.pay.usual_span", lambda house, provider: timedelta(seconds=45))
    room = a_wordy_room(tmp_path, ledger={"mode": mode, "state_dir": str(tmp_path)})

    await nothing_is_cut(room, EVERY[name], list(LANGUAGES))
