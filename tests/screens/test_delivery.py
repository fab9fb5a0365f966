"""While it is delivered: how long that takes by what the ledger knows, and what becomes of the money otherwise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.peak import Past, usual
from kiosk.simulation.remotes import NOON
from kiosk.texts import texts
from screens.delivery import DeliveryScreen, usual_words
from tests.screens.room import NARROW, Host, Room, on, said


def took(*seconds: float) -> list[Past]:
    return [Past(NOON, NOON + timedelta(seconds=each)) for each in seconds]


@pytest.mark.parametrize(
    ("pasts", "words"),
    [
        (took(3, 4, 5, 6), ""),
        (took(3, 4, 5, 6, 90), "Mostly done within 6 seconds. "),
        (took(0.2, 0.3, 0.4, 0.5, 0.6), "Mostly done within 1 second. "),
        (took(11, 12, 13, 14, 15), "Mostly done within 15 seconds. "),
        (took(70, 80, 100, 110, 900), "Mostly done within 2 minutes. "),
        ([*took(3, 4, 5, 6), Past(NOON, None), Past(NOON, None, failed=True)], ""),
    ],
)
def test_the_time_is_what_eight_of_ten_took_and_nothing_where_few_are_known(pasts: list[Past], words: str) -> None:
    """No promise: history, rounded up."""
    assert usual_words(texts("en"), usual(pasts)) == f"{words}If it fails, your money comes back."


async def test_the_screen_says_it_by_the_ledgers_own_history(room: Room) -> None:
    """Five were delivered by this provider before, each in four seconds."""
    for _ in range(5):
        room.sell("cash")
        room.pay_cash()
        room.time.go_on(seconds=4)
        room.work()
    order = room.sell("cash")
    room.pay_cash()
    order = room.ledger.order(order.reference)
    app = Host(room, lambda room: DeliveryScreen(room, order))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, DeliveryScreen)

        assert (
            said(pilot, "hint") == "10 GB, 30 days\nMostly done within 4 seconds. If it fails, your money comes back."
        )
