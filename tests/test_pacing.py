"""What waits from before leaves room for the customer who is standing there, and is never forgotten for it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.abilities import Allowance
from kiosk.errors import NotNow
from kiosk.identifiers import Reference
from kiosk.order import State
from kiosk.pacing import CALM, GAP_FIRST_S, GAP_MAX_S, NEAR, TURN_MAX, Paces
from kiosk.simulation.remotes import Fault
from kiosk.simulation.shop import Shop
from tests.orders import NOW

MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


class Limit:
    """So many calls in each minute of the shop's clock; the next is told to wait for the end of it."""

    def __init__(self, shop: Shop, calls: int, *, tells_what_is_left: bool) -> None:
        self.shop, self.calls, self.tells = shop, calls, tells_what_is_left
        self.begun = shop.clock.now()
        self.made = 0
        self.refused: deque[str] = deque()

    def __call__(self, asked: str) -> Fault:
        now = self.shop.clock.now()
        if now - self.begun >= MINUTE:
            self.begun, self.made = now, 0
        self.made += 1
        left = max(0, self.calls - self.made)
        if self.tells:
            self.shop.provider.allowance = Allowance(self.calls, left)
        if self.made <= self.calls:
            return None
        self.refused.append(self.shop.provider.calls[-1][1])
        return NotNow("too often", retry_after_s=(self.begun + MINUTE - now).total_seconds() + 1)


def backlog(shop: Shop, orders: int) -> list[Reference]:
    """Paid orders that wait since an hour; the kiosk was off."""
    names = [shop.sell("cash") for _ in range(orders)]
    shop.clock.go_on(hours=1)
    return names


@pytest.mark.prove
@pytest.mark.parametrize("tells", [True, False], ids=["says what is left", "says only too often"])
def test_the_customer_who_is_standing_there_has_a_share_of_the_limit(shop: Shop, tells: bool) -> None:
    """While 300 orders drain through 30 calls a minute, nearly every customer who comes is served at once.

    Without a pace it is 6 of 20, and the provider refuses more than a thousand calls.
    """
    waiting = backlog(shop, 300)
    limit = Limit(shop, 30, tells_what_is_left=tells)
    shop.provider.weather = limit
    shop.wait(minutes=2)
    live, at_once = [], 0
    for _ in range(20):
        name = shop.sell("cash")
        live.append(name)
        shop.wait(seconds=37)
        at_once += shop.state(name) is State.COMPLETED and name + "T1" not in limit.refused

    assert at_once >= 18
    shop.wait(minutes=20)
    assert {shop.state(name) for name in [*waiting, *live]} == {State.COMPLETED}
    assert all(shop.provider.delivered(name) == 1 for name in [*waiting, *live])
    assert len(limit.refused) < 20


def test_no_order_of_the_backlog_is_starved(shop: Shop) -> None:
    """However slowly they go: all of them, each once."""
    waiting = backlog(shop, 40)
    shop.provider.weather = Limit(shop, 5, tells_what_is_left=False)
    shop.wait(minutes=30)

    assert {shop.state(name) for name in waiting} == {State.COMPLETED}
    assert len(shop.provider.executed) == 40


def test_another_remotes_backlog_is_not_slowed_down() -> None:
    """A pace belongs to one remote."""
    paces = Paces()
    paces.too_often("airalo", 30, NOW)

    assert paces.turn("airalo", NOW) is not None
    assert paces.turn("wechat", NOW) is None


def test_turns_come_one_after_another_and_within_ten_minutes() -> None:
    """Who is put off comes at a time of their own, however many there are."""
    paces = Paces()
    paces.too_often("airalo", 30, NOW)

    turns = [paces.turn("airalo", NOW) for _ in range(5000)]

    assert all(turns)
    ats = [at for at in turns if at]
    assert ats[0] == NOW + timedelta(seconds=30)
    assert ats == sorted(ats)
    assert ats[1] - ats[0] == timedelta(seconds=GAP_FIRST_S)
    assert ats[-1] == NOW + TURN_MAX


def test_each_too_often_halves_the_pace_once_and_calm_doubles_it_again() -> None:
    """Workers that were refused together count once; the pace is bounded, and comes back step by step."""
    paces, now = Paces(), NOW

    def gap() -> float:
        """Between two calls of the backlog."""
        assert paces.turn("airalo", now) is None
        after = paces.turn("airalo", now)
        return (after - now).total_seconds() if after else 0.0

    gaps = []
    for _ in range(7):
        for _ in range(3):
            paces.too_often("airalo", 1, now)
        now += timedelta(minutes=2)
        gaps.append(gap())
        now += timedelta(minutes=2)
    assert gaps == [GAP_FIRST_S, 4.0, 8.0, GAP_MAX_S, GAP_MAX_S, GAP_MAX_S, GAP_MAX_S]
    for _ in range(6):
        now += CALM
        paces.answered("airalo", None, now)
    assert gap() == 0.0


def test_a_remote_that_says_too_often_at_once_is_asked_ever_more_rarely() -> None:
    """Its answer comes long before the pause between two calls is over; it counts all the same."""
    paces, now, pauses = Paces(), NOW, []
    paces.too_often("airalo", 1, now)
    for _ in range(6):
        called_at = now
        while paces.turn("airalo", now):
            now += timedelta(seconds=1)
        pauses.append((now - called_at).total_seconds())
        paces.too_often("airalo", 1, now)

    assert pauses == [GAP_FIRST_S, 4.0, 8.0, GAP_MAX_S, GAP_MAX_S, GAP_MAX_S]


def test_where_little_is_left_the_backlog_waits_a_moment_and_asks_anew() -> None:
    """A fifth is kept; without a word on the limit nothing is."""
    paces = Paces()
    paces.answered("airalo", Allowance(30, 7), NOW)
    plenty = paces.turn("airalo", NOW)
    paces.answered("airalo", None, NOW)
    unknown = paces.turn("airalo", NOW)
    paces.answered("airalo", Allowance(30, 6), NOW)

    assert (plenty, unknown) == (None, None)
    assert paces.turn("airalo", NOW) == NOW + NEAR
    assert paces.turn("airalo", NOW + NEAR) is None
