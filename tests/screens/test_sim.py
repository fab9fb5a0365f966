"""The question what the SIM is: nothing freezes, and every answer has an honest sentence and a way on."""

from __future__ import annotations

import threading

import pytest

from kiosk.errors import Misconfigured, NotNow, Refused, Unreachable
from kiosk.identifiers import SimNumber
from kiosk.plans import Sim
from kiosk.ways import LineState
from screens.sim import SimScreen
from tests.screens.room import NARROW, SIM, Host, Network, Room, on, said, seen, sees, settled, speak


def host(room: Room) -> Host:
    return Host(room, lambda room: SimScreen(room, SIM))


@pytest.mark.prove
@pytest.mark.parametrize(
    ("says", "words", "line", "again"),
    [
        (Refused("unknown", code="unknown_sim"), "This card was not found", LineState.UP, False),
        (Refused("recycled", code="recycled_sim"), "This card can no longer be used", LineState.UP, False),
        (Refused("no"), "This card cannot be topped up", LineState.UP, False),
        (NotNow("maintenance"), "Not possible just now", LineState.UP, True),
        (Unreachable("nothing came back", sent=True), "No line at the moment", LineState.DOWN, True),
        (Misconfigured("our password is wrong"), "This kiosk cannot help just now", LineState.UNKNOWN, True),
    ],
)
async def test_every_no_has_its_sentence(room: Room, says: Exception, words: str, line: LineState, again: bool) -> None:
    """What is wrong, whether the line is to blame, and whether trying again makes sense."""
    room.network.says = says
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SimScreen)

        await sees(pilot, words)

        assert app.line is line
        assert ("Try again" in seen(pilot)) is again
        assert "password" not in seen(pilot)


@pytest.mark.prove
async def test_a_line_that_comes_back_is_found_by_trying_again(room: Room) -> None:
    """Enter asks once more."""
    room.network.says = Unreachable("nothing came back", sent=False)
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SimScreen)
        await sees(pilot, "No line at the moment")
        room.network.says = None

        await pilot.press("enter")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers[0].number == SIM
        assert app.line is LineState.UP


async def test_a_card_without_plans_is_no_dead_end(room: Room) -> None:
    """The customer is told, and takes another number."""
    room.network.plans = ()
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SimScreen)
        await sees(pilot, "This card takes no top-ups")

        await pilot.press("escape")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers == [None]


class Silent(Network):
    """A provider that answers when it is let."""

    def __init__(self, room: Room) -> None:
        super().__init__(room.time)
        self.let = threading.Event()

    def sim(self, number: SimNumber) -> Sim:
        self.let.wait(10)
        return super().sim(number)


async def test_a_provider_that_does_not_answer_holds_nothing_up(room: Room) -> None:
    """The language can be changed, and the customer can go back, while the question is out."""
    room.network = silent = Silent(room)
    app = host(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, SimScreen)

        await speak(pilot, "zh")
        asking = said(pilot, "question")
        await pilot.press("escape")
        await settled(pilot, lambda: bool(app.answers), "an answer")
        silent.let.set()

        assert asking == "正在查询您的卡……"
        assert app.answers == [None]


class Hasty(SimScreen):
    """A SIM screen that soon finds its provider slow."""

    slow_s = 0.1


async def test_a_slow_answer_is_told_while_it_is_waited_for(room: Room) -> None:
    """Nobody stands before a screen that says nothing; the answer goes on as ever."""
    room.network = silent = Silent(room)
    app = Host(room, lambda room: Hasty(room, SIM))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, Hasty)
        await sees(pilot, "slow just now: up to 20 seconds")

        silent.let.set()
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers[0].number == SIM
