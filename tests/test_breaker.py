"""A dead remote costs one probe, not a queue of time-outs; a line that comes back wakes all that waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.breaker import OPENS_AFTER, PROBE_MAX_S, Breakers
from kiosk.ledger.due import wake
from kiosk.order import State
from kiosk.simulation.shop import Shop
from tests.orders import NOW


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


def opened() -> Breakers:
    breakers = Breakers(2.0)
    for _ in range(OPENS_AFTER):
        breakers.silent("airalo", NOW)
    return breakers


def test_a_week_of_silence_is_only_more_of_the_same() -> None:
    """Thousands of probes without an answer: the pause stays at its limit."""
    breakers = Breakers(first_s=2.0)
    for _ in range(5000):
        breakers.silent("acme", NOW)

    assert breakers.may_call("acme", NOW) == NOW + timedelta(seconds=30)


def test_a_few_silences_open_it_and_one_asker_is_the_probe() -> None:
    """Nobody calls until the probe is due; then one does, and the others wait for what becomes of it."""
    breakers = opened()
    later = NOW + timedelta(seconds=2)

    assert breakers.may_call("airalo", NOW) == later
    assert breakers.may_call("wechat", NOW) is None
    assert breakers.may_call("airalo", later) is None
    assert breakers.may_call("airalo", later) is not None


def test_the_pause_grows_and_is_bounded() -> None:
    """A line that comes back is noticed within half a minute."""
    breakers = opened()
    for _ in range(20):
        breakers.silent("airalo", NOW)

    assert breakers.may_call("airalo", NOW) == NOW + timedelta(seconds=PROBE_MAX_S)


def test_one_answer_closes_it_and_says_that_it_was_open() -> None:
    """Whatever was said: the line is up. Where it never was away, nothing is woken."""
    breakers = opened()

    assert breakers.answered("airalo")
    assert not breakers.answered("airalo")
    assert breakers.may_call("airalo", NOW) is None


def test_a_dead_provider_costs_probes_and_not_a_queue_of_time_outs(shop: Shop) -> None:
    """Thirty paid orders, an hour without a line: about one call per half minute, not thirty."""
    names = [shop.sell("cash") for _ in range(30)]
    shop.provider.weather = lambda asked: "down"
    shop.wait(hours=1)
    calls = shop.asked("top_up")

    assert calls < 60 * 60 / PROBE_MAX_S + 30
    shop.provider.weather = lambda asked: None
    shop.wait(minutes=2)
    assert {shop.state(name) for name in names} == {State.COMPLETED}
    assert all(shop.provider.delivered(name) == 1 for name in names)


def test_a_poisoned_order_never_closes_the_line_for_the_others(shop: Shop) -> None:
    """An adapter that breaks over one order says nothing about the line."""
    poisoned = shop.sell("cash")
    shop.provider.weather = lambda asked: ValueError("no such thing") if asked == "top_up" else None
    for _ in range(6):
        shop.wait(minutes=10)
    shop.provider.weather = lambda asked: None
    healthy = shop.sell("cash")
    shop.now()

    assert shop.state(healthy) is State.COMPLETED
    assert shop.state(poisoned) is not State.COMPLETED


def test_the_customer_who_is_standing_there_comes_before_all_that_waits(shop: Shop) -> None:
    """Fifty paid orders wait from before; the one that was opened just now is worked first."""
    shop.provider.weather = lambda asked: "down"
    old = [shop.sell("cash") for _ in range(50)]
    shop.wait(hours=1)
    shop.provider.weather = lambda asked: None
    wake(shop.ledger, shop.order(old[0]).provider, shop.clock.now())
    new = shop.sell("cash")

    due = shop.queue.claims.take()

    assert due is not None
    assert due.reference == new
    assert shop.queue.claims.take(live_only=True) is None
    oldest = shop.queue.claims.take()
    assert oldest is not None
    assert oldest.reference == old[0]
