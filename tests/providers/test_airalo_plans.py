"""Airalo: which plans are sold, and how the access token is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.money import Money
from kiosk.plans import Plan
from kiosk.ports import Absent, Delivered
from tests.providers.airalo_world import (
    ICCID,
    ORDER,
    ORDERS,
    REQUEST,
    TOKEN,
    TOPUPS,
    USAGE,
    World,
    listed,
    offered,
    record,
    token,
)
from tests.providers.fakes import Step, answer


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# --- plans -------------------------------------------------------------------------------------------------------


def test_a_sim_shows_its_plans_at_wholesale_and_what_is_left(world: World) -> None:
    """Prices are what Airalo charges us; what is left is as old as Airalo's cache."""
    usage = {"remaining": 512, "total": 1024, "expired_at": "2026-12-01 00:00:00", "status": "ACTIVE"}
    world.on(TOPUPS, answer(200, {"data": [offered()]})).on(USAGE, answer(200, {"data": usage}))

    sim = world.provider.sim(ICCID)

    assert sim.plans == (Plan("us-5gb-30days-topup", "5 GB - 30 Days", 5120, 30, Money(1250, "USD")),)
    assert (sim.left_mb, sim.active, str(sim.left_until)) == (512, True, "2026-12-01 00:00:00+00:00")
    assert sim.as_of is not None
    assert sim.as_of < world.clock.now()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"net_price": "12.50", "amount": "5120", "day": "30"}, (5120, 30, 1250)),
        ({"net_price": None, "prices": {"net_price": {"USD": 11.999, "EUR": 9}}}, (5120, 30, 1200)),
        ({"net_price": None, "price": "16.00"}, (5120, 30, 1600)),
        ({"amount": 0, "is_unlimited": True}, (None, 30, 1250)),
        ({"amount": 0}, None),
        ({"amount": "1e999999999"}, None),
        ({"net_price": None, "price": None}, None),
        ({"net_price": -1, "price": "NaN"}, None),
        ({"day": None}, None),
        ({"id": "x\x1b[0m"}, None),
        ({"type": "sim"}, None),
    ],
)
def test_a_plan_is_sold_only_where_it_can_be_read(
    world: World, changed: dict[str, Any], expected: tuple[int | None, int, int] | None
) -> None:
    """Numbers may come as texts; a plan without price, size or days is not sold."""
    good = offered(id="good")
    world.on(TOPUPS, answer(200, {"data": [offered(**changed), good]})).on(USAGE, answer(500))

    first, *rest = world.provider.sim(ICCID).plans

    assert len(rest) == (expected is not None)
    assert (first.data_mb, first.days, first.wholesale.amount_minor) == (expected or (5120, 30, 1250))


def test_a_sim_without_plans_is_a_sim_without_plans(world: World) -> None:
    """An empty list is an answer; a list that nobody can read is none."""
    world.on(TOPUPS, answer(200, {"data": []}), answer(200, {"data": ["?"]})).on(USAGE, answer(429))

    assert world.provider.sim(ICCID).plans == ()
    with pytest.raises(Unreachable):
        world.provider.sim(ICCID)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (answer(404, {"data": [], "meta": {"message": "messages.resource_not_found"}}), "unknown_sim"),
        (answer(422, {"code": 73, "reason": "recycled"}), "recycled_sim"),
    ],
)
def test_a_card_that_airalo_does_not_take_is_refused_with_a_reason(
    world: World, reply: httpx.Response, code: str
) -> None:
    """The screens learn which of the two it is."""
    world.on(TOPUPS, reply)

    with pytest.raises(Refused) as caught:
        world.provider.sim(ICCID)

    assert caught.value.code == code


# --- the token ---------------------------------------------------------------------------------------------------


def test_a_token_is_kept_across_starts_for_its_owner_alone(world: World) -> None:
    """Three tokens a minute are few: a restart uses the one on disk, which only its owner can read."""
    world.on(ORDERS, listed())
    world.provider.look_up(REQUEST)
    world.started().look_up(REQUEST)
    (kept,) = world.state_dir.glob("*.json")

    assert world.script.count(TOKEN) == 1
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("expires_in", [86_400, "soon", 31_622_400, -1])
def test_a_token_is_renewed_before_it_ends(world: World, expires_in: object) -> None:
    """Nobody trusts a token for longer than the 24 hours of the documentation."""
    world.on(TOKEN, token("tok.1", expires_in), token("tok.2")).on(ORDERS, listed())
    world.provider.look_up(REQUEST)
    world.clock.forward(hours=24)
    world.provider.look_up(REQUEST)

    assert [r.headers["authorization"] for r in world.script.asked if "orders" in r.url.path] == [
        "Bearer tok.1",
        "Bearer tok.2",
    ]


def test_a_refused_token_is_renewed_once(world: World) -> None:
    """401 says that nothing was done: once more with a fresh token, then it is the configuration."""
    world.on(TOKEN, token("tok.1"), token("tok.2")).on(ORDER, answer(401), answer(200, {"data": record()}))
    world.on(ORDERS, listed(record()))

    assert isinstance(world.provider.top_up(REQUEST), Delivered)
    assert world.script.count(ORDER) == 2


def test_a_torn_token_file_is_as_good_as_none(world: World) -> None:
    """What a power cut left on disk never stops a sale."""
    world.on(ORDERS, listed())
    world.provider.look_up(REQUEST)
    (kept,) = world.state_dir.glob("*.json")
    kept.write_text('{"access_token": "tok')

    assert world.started().look_up(REQUEST) == Absent("the SIM shows 0 of this plan")


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (httpx.ReadTimeout("late"), Unreachable),
        (answer(500), Unreachable),
        (answer(200, {"data": {"access_token": "a\nb"}}), Unreachable),
        (answer(422, {"data": {"client_id": "The selected client id is invalid."}}), Misconfigured),
        (answer(401, {"data": []}), Misconfigured),
        (answer(429), NotNow),
    ],
)
def test_without_a_token_no_top_up_ever_left(world: World, reply: Step, kind: type[NoAnswer]) -> None:
    """A token that did not come puts no top-up in doubt."""
    world.on(TOKEN, reply)

    with pytest.raises(kind) as caught:
        world.provider.top_up(REQUEST)

    assert getattr(caught.value, "sent", False) is False
    assert world.script.count(ORDER) == 0
    assert "training-secret" not in str(caught.value)
