"""Reloadly behind the real queue, in virtual time: one payment is one top-up, money back, or in front of a clerk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.abilities import HasFloat, Lists, TellsPromotions
from kiosk.identifiers import Purpose, wire_reference
from kiosk.ledger.verify import problems
from kiosk.money import Money
from kiosk.order import State
from kiosk.sandbox.reloadly_facts import ENDINGS
from tests.providers.sandbox_shop import SandboxShop
from tests.providers.stand import RELOADLY

CREATE, REPORT, STATUS = "POST topups-async", "GET topups/reports/*", "GET topups/*/status"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SandboxShop]:
    made = SandboxShop(tmp_path, RELOADLY)
    yield made
    assert list(problems(made.ledger)) == []
    made.close()


def balance(shop: SandboxShop) -> Money:
    assert isinstance(shop.adapter, HasFloat)
    return shop.adapter.balance()


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"endpoint": CREATE, "lose_reply": True, "times": 1},
        {"endpoint": CREATE, "fail_after": 502, "times": 1},
        {"endpoint": CREATE, "garbage": True, "times": 1},
        {"endpoint": CREATE, "reject": "INSUFFICIENT_BALANCE", "times": 3},
        {"endpoint": CREATE, "reject": "PHONE_RECENTLY_RECHARGED", "times": 3},
        {"endpoint": CREATE, "reject": "RATE_LIMIT_REACHED", "times": 3},
        {"endpoint": CREATE, "reject": "TOKEN_EXPIRED", "times": 1},
        {"endpoint": "POST oauth/token", "down": True, "times": 3},
        {"endpoint": "POST oauth/token", "fail_before": 503, "times": 3},
        {"endpoint": "GET topups/*", "down": True, "times": 3},
        {"endpoint": REPORT, "list_late_s": 60, "times": 8},
        {"takes_s": 300},
        {"endpoint": REPORT, "tells_no_status": True},
    ],
    ids=str,
)
def test_whatever_is_lost_one_top_up_is_carried_out(shop: SandboxShop, fault: dict[str, Any]) -> None:
    """Looked up by our reference, adopted, and never sent again over a doubt."""
    name = shop.buy()
    if fault:
        shop.turn(**fault)
    if "takes_s" in fault:
        shop.turn(endpoint=CREATE, lose_reply=True, takes_s=fault["takes_s"])
    shop.wait(hours=1)

    assert shop.state(name) is State.COMPLETED
    assert shop.statuses() == ["SUCCESSFUL"]


@pytest.mark.parametrize("last", [last for last, (outcome, _) in ENDINGS.items() if outcome != "SUCCESSFUL"])
@pytest.mark.parametrize("lost", [False, True])
def test_what_the_mobile_network_fails_is_given_back_and_never_sent_again(
    shop: SandboxShop, last: str, lost: bool
) -> None:
    """FAILED and REFUNDED, at once or after a while, whether the answer came or not; nothing is charged."""
    name = shop.buy(f"+1305555{last}")
    if lost:
        shop.turn(endpoint=CREATE, lose_reply=True, times=1)
    shop.wait(hours=1)

    assert shop.state(name) is State.REFUNDING
    assert shop.statuses() == [ENDINGS[last][0]]
    assert balance(shop) == Money(100_000, "USD")


def test_what_takes_long_is_waited_for(shop: SandboxShop) -> None:
    """PROCESSING is not delivered: five minutes, and then it is."""
    name = shop.buy("+13055550203")
    shop.wait(seconds=60)
    waiting = shop.state(name)
    shop.wait(minutes=30)

    assert waiting is State.SUBMITTING
    assert shop.state(name) is State.COMPLETED


@pytest.mark.parametrize("fault", [{"down": True}, {"fail_before": 503}, {"reject": "PROVIDER_INTERNAL_ERROR"}])
def test_what_may_have_been_sent_and_is_never_listed_goes_to_a_clerk(shop: SandboxShop, fault: dict[str, Any]) -> None:
    """In doubt, and not in the report: that proves nothing, and it is not sent again."""
    name = shop.buy()
    shop.turn(endpoint=CREATE, times=1, **fault)
    shop.wait(hours=2)
    order = shop.order(name)

    assert order.state is State.REVIEW
    assert order.deadline_at is not None
    assert shop.statuses() == []


def test_a_number_that_was_just_topped_up_waits_two_minutes(shop: SandboxShop) -> None:
    """Reloadly takes no second one before that; both customers are served."""
    first, second = shop.buy(), shop.buy()
    shop.wait(seconds=60)
    before = {shop.state(first), shop.state(second)}
    shop.wait(minutes=10)

    assert before == {State.COMPLETED, State.SUBMITTING}
    assert shop.state(second) is State.COMPLETED
    assert shop.statuses() == ["SUCCESSFUL", "SUCCESSFUL"]


def test_a_reference_that_an_earlier_ledger_has_used_is_adopted(shop: SandboxShop) -> None:
    """As after a restore: Reloadly has it, and the ledger knows of no attempt. Neither repeated nor given back."""
    name = shop.buy()
    request = RELOADLY.request()
    wire = wire_reference(name, Purpose.TOP_UP)
    shop.adapter.top_up(type(request)(wire, request.sim_number, request.plan_id))
    shop.wait(hours=1)

    assert shop.state(name) is State.COMPLETED
    assert shop.statuses() == ["SUCCESSFUL"]


def test_a_top_up_that_is_refunded_later_goes_to_a_clerk(shop: SandboxShop) -> None:
    """SUCCESSFUL, and a day later REFUNDED: with a reason and a deadline."""
    name = shop.buy()
    shop.turn(endpoint=CREATE, refunds_s=30 * 3600)
    shop.wait(hours=1)
    before = shop.state(name)
    shop.wait(hours=48)
    order = shop.order(name)

    assert before is State.COMPLETED
    assert order.state is State.REVIEW
    assert "REFUNDED" in order.reason
    assert order.deadline_at is not None


def test_the_float_and_the_report_say_what_was_sold(shop: SandboxShop) -> None:
    """25 USD less 5 %, three times; the report finds our references, and no others."""
    since, before = shop.clock.now(), balance(shop)
    names = []
    for _ in range(3):
        names.append(shop.buy())
        shop.wait(hours=23)
    until = shop.clock.now()
    assert isinstance(shop.adapter, Lists)
    found = shop.adapter.listed("T07", since, until)

    assert before - balance(shop) == Money(3 * 2375, "USD")
    assert [entry.reference for entry in found] == [wire_reference(name, Purpose.TOP_UP) for name in names]
    assert all(entry.said.startswith("SUCCESSFUL") for entry in found)
    assert shop.adapter.listed("K08", since, until) == ()
    assert shop.adapter.listed("T07", until + timedelta(days=3), until + timedelta(days=4)) == ()


def test_promotions_are_told_with_the_plans_of_their_network(shop: SandboxShop) -> None:
    """Of all US networks: credit of 20 USD and more of one, two amounts of another (of which one is on offer)."""
    assert isinstance(shop.adapter, TellsPromotions)
    found = {each.title: each.plan_ids for each in shop.adapter.promotions()}

    assert found == {
        "2 GB more": ("801-20.00", "801-30.00", "801-50.00"),
        "Bonus 2x": ("803-25.00", "803-45.00"),
    }
