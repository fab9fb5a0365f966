"""While the provider is away nothing is sold but by the owner's rules, and it is said before money moves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from kiosk.config import Config, check
from kiosk.errors import ConfigError
from kiosk.ledger.troubles import BELIEVED_FOR
from kiosk.money import Money
from kiosk.offline import OfflineRules, Undelivered, check_holds
from kiosk.order import State
from kiosk.outlook import outlook
from kiosk.simulation.rails import FakeCard
from kiosk.simulation.remotes import PRICE, SetClock
from kiosk.simulation.shop import Shop
from kiosk.tenders.cash import Cash, Settings
from kiosk.ways import Hindrance, LineState, Outlook, ways_to_pay
from tests.orders import NOW

RULES = {"orders_max": 3, "amount_max": "100.00", "oldest_max_h": 2, "tenders": ["cash"]}
HOUR = timedelta(hours=1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


def config(**rules: Any) -> Config:
    raw: dict[str, Any] = {"ledger": {"mode": "training"}, "providers": {"airtime": {}}}
    raw["tenders"] = {"cash": {}, "wechat": {}}
    return check(raw | ({"offline": RULES | rules} if rules else {}), "config.toml")


def ahead(shop: Shop, **rules: Any) -> Outlook:
    """What stands against one more sale, for a kiosk with these rules."""
    return outlook(shop.ledger, config(**rules), shop.clock, ["airtime"], PRICE)


def offered(shop: Shop, **rules: Any) -> dict[str, Hindrance | None]:
    ways = ways_to_pay({"cash": shop.tenders["cash"], "wallet": shop.wallet}, LineState.UP, ahead(shop, **rules))
    return {way.tender.name: way.hindrance for way in ways}


def away(shop: Shop, orders: int = 1) -> None:
    """So many paid orders wait, and the provider has not answered for a while."""
    shop.provider.weather = lambda asked: "down"
    for _ in range(orders):
        shop.sell("cash")
    shop.wait(minutes=2)


def test_without_rules_nothing_is_sold_while_the_provider_is_away(shop: Shop) -> None:
    """Known from the queue's own calls, by the ledger; no sale on credit of the line, and no way to pay is left."""
    before = offered(shop)
    away(shop)

    assert before == {"cash": None, "wallet": None}
    assert set(offered(shop).values()) == {Hindrance.PROVIDER_AWAY}


def test_what_was_paid_before_waits_and_the_first_answer_opens_the_kiosk_again(shop: Shop) -> None:
    """Back by itself: the waiting order is the probe."""
    name = shop.sell("cash")
    shop.provider.weather = lambda asked: "down"
    shop.wait(minutes=2)
    closed = offered(shop)["cash"]
    shop.provider.weather = lambda asked: None
    shop.wait(minutes=11)

    assert closed is Hindrance.PROVIDER_AWAY
    assert shop.state(name) is State.COMPLETED
    assert offered(shop) == {"cash": None, "wallet": None}


def test_it_is_closed_before_the_queue_is_restarted_and_after(shop: Shop) -> None:
    """A new holder of the queue knows nothing yet: what stands in the ledger holds, and its first answer ends it."""
    away(shop)
    shop.restart()
    still = offered(shop)["cash"]
    shop.provider.weather = lambda asked: None
    shop.wait(minutes=11)

    assert still is Hindrance.PROVIDER_AWAY
    assert offered(shop)["cash"] is None


def test_an_old_silence_is_not_believed(shop: Shop) -> None:
    """Whoever heard it may have ended long ago: then nobody knows, and the next customer's question decides."""
    away(shop)
    shop.clock.go_on(seconds=BELIEVED_FOR.total_seconds() + 601)

    assert offered(shop)["cash"] is None


def test_a_long_silence_is_believed_to_its_end(shop: Shop) -> None:
    """However slowly the waiting orders probe: at no moment of three hours is the kiosk open."""
    away(shop)
    seen = set()
    for _ in range(36):
        shop.wait(minutes=5)
        seen.add(offered(shop)["cash"])

    assert seen == {Hindrance.PROVIDER_AWAY}


def test_a_silence_that_nobody_waits_for_closes_nothing(shop: Shop) -> None:
    """No order is there to notice that the provider is back, and the customer's own question has just been answered."""
    name = shop.sell("cash")
    shop.provider.faults.extend(["dark", "lost", "lost", "lost"])
    shop.wait(seconds=20)
    shop.wait(hours=5)

    assert shop.state(name) is not State.SUBMITTING
    assert offered(shop)["cash"] is None


def test_the_rules_let_the_kiosk_sell_until_a_limit_is_reached(shop: Shop) -> None:
    """Three orders may wait: the fourth customer is told, before any money is taken."""
    away(shop, orders=2)
    third = offered(shop, orders_max=3)
    shop.sell("cash")

    assert third == {"cash": None, "wallet": Hindrance.PROVIDER_AWAY}
    assert offered(shop, orders_max=3)["cash"] is Hindrance.LIMIT
    assert "offline.orders_max is 3" in ahead(shop, orders_max=3).limit


def test_an_order_that_is_being_paid_counts_too(shop: Shop) -> None:
    """Two screens cannot both sell the last one: the first order stands before its money."""
    away(shop, orders=2)
    shop.open("cash")

    assert offered(shop, orders_max=3)["cash"] is Hindrance.LIMIT


def test_limits_hold_only_while_the_provider_is_away(shop: Shop) -> None:
    """One order that the provider ponders over closes no shop whose line is up."""
    shop.provider.takes = timedelta(hours=3)
    for _ in range(4):
        shop.sell("cash")
    shop.wait(minutes=5)

    assert offered(shop, orders_max=3)["cash"] is None


@pytest.mark.parametrize(
    ("waiting", "reached"),
    [
        (Undelivered(2, Money(3600, "USD"), NOW - HOUR), ""),
        (Undelivered(3, Money(3600, "USD"), NOW - HOUR), "3 orders wait already, and offline.orders_max is 3"),
        (Undelivered(2, Money(8200, "USD"), NOW - HOUR), ""),
        (Undelivered(2, Money(8201, "USD"), NOW), "82.01 USD wait already, and offline.amount_max is 100.00 USD"),
        (Undelivered(1, Money(1800, "USD"), NOW - 2 * HOUR), "waits since .*, and offline.oldest_max_h is 2"),
        (Undelivered(0, Money(0, "USD"), None), ""),
    ],
)
def test_each_limit_is_named_when_it_is_reached(waiting: Undelivered, reached: str) -> None:
    """To the cent, to the order, to the hour."""
    rules = OfflineRules(3, Money(10_000, "USD"), 2 * HOUR, ("cash",))

    found = rules.limit_reached(waiting, PRICE, NOW)

    assert re.search(reached, found) if reached else found == ""


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"tenders": ["cash", "beads"]}, r"offline\.tenders\[1\]: there is no table \[tenders\.beads\]"),
        ({"tenders": []}, r"offline\.tenders"),
        ({"oldest_max_h": 25}, r"offline\.oldest_max_h: no order waits for longer than sales\.deliver_within_h"),
        ({"amount_max": "0"}, r"offline\.amount_max: must be more than nothing"),
        ({"orders_max": 0}, r"offline\.orders_max"),
        ({"forever": True}, r"offline\.forever: no such key"),
    ],
)
def test_rules_that_cannot_hold_are_refused_by_name(changed: dict[str, Any], told: str) -> None:
    """No limit is left out, and none is there that means nothing."""
    with pytest.raises(ConfigError, match=told):
        config(**changed)


@pytest.mark.parametrize("key", sorted(RULES))
def test_no_limit_has_a_default(key: str) -> None:
    """Whoever sells on credit of the line says how much."""
    rules = {name: value for name, value in RULES.items() if name != key}

    with pytest.raises(ConfigError, match=rf"offline.*{key}"):
        check({"offline": rules, "tenders": {"cash": {}}}, "config.toml")


@pytest.mark.parametrize(
    ("tenders", "held_h", "refused"),
    [(("card",), 23, True), (("card",), None, True), (("card",), 25, False), (("cash",), 1, False)],
)
def test_a_card_is_taken_offline_only_where_its_hold_outlasts_the_wait(
    tenders: tuple[str, ...], held_h: int | None, refused: bool
) -> None:
    """Otherwise the money would be gone before the top-up is given up."""
    card = FakeCard(SetClock())
    card.held_for = None if held_h is None else held_h * HOUR
    rules = OfflineRules(3, Money(10_000, "USD"), HOUR, tenders)
    ways = [card, cast(Any, Cash(Settings()))]

    if refused:
        with pytest.raises(ConfigError, match=r"offline\.tenders: card only holds the money"):
            check_holds(rules, ways, 24 * HOUR, "config.toml")
    else:
        check_holds(rules, ways, 24 * HOUR, "config.toml")


def test_a_rail_that_is_away_is_not_offered_and_the_others_are(shop: Shop) -> None:
    """The queue hears nothing of the wallet: its code would not come."""
    shop.wallet.weather = lambda asked: "down"
    shop.open("wallet")
    shop.wait(minutes=1)

    assert offered(shop) == {"cash": None, "wallet": Hindrance.NO_LINE}


def test_a_clock_that_is_off_stops_wallets_and_nothing_else(shop: Shop) -> None:
    """Their signatures hold the time; cash does not."""
    ways = ways_to_pay(
        {"cash": shop.tenders["cash"], "wallet": shop.wallet}, LineState.UP, replace(Outlook(), clock_is_off=True)
    )

    assert {way.tender.name: way.hindrance for way in ways} == {"cash": None, "wallet": Hindrance.CLOCK}


@pytest.mark.parametrize(
    ("weather", "ends"), [("down", State.REFUNDING), ("dark", State.REVIEW)], ids=["never left", "in doubt"]
)
def test_after_deliver_within_h_it_goes_back_only_where_it_is_proven_not_delivered(
    shop: Shop, weather: str, ends: State
) -> None:
    """Sold by the owner's rules, and the provider never came back: never both delivered and given back."""
    away(shop)
    assert offered(shop, orders_max=3)["cash"] is None
    name = shop.sell("cash")
    shop.provider.weather = lambda asked: weather
    shop.wait(hours=5)

    assert shop.state(name) is ends
    assert shop.order(name).reason
