"""DT One: plans, what is left, promotions, balances; and its allowance is kept to."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.abilities import HasFloat, Listed, Lists, TellsPromotions
from kiosk.errors import ConfigError, Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.money import Money
from kiosk.plans import Place, Plan
from kiosk.providers import build
from tests.providers.dtone_world import (
    BALANCES,
    ICCID,
    LEFT,
    LIST,
    PRODUCTS,
    PROMOTIONS,
    REQUEST,
    STATUS,
    World,
    error,
    listed,
    offered,
    record,
)
from tests.providers.fakes import FixedClock, Step, answer


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def benefit(total: Any, unit: Any = "GB", **changed: Any) -> dict[str, Any]:
    return {"type": "DATA", "unit": unit, "amount": {"total_including_tax": total}} | changed


def test_a_plan_is_read_with_its_cost_its_data_and_its_days(world: World) -> None:
    """The wholesale price with its fee; only this operator's eSIM plans are asked for."""
    found = world.provider.sim(ICCID)

    assert found.plans == (Plan("50104", "USA 10 GB", 10_240, 30, Money(1950, "USD")),)
    asked = next(request for request in world.script.asked if request.url.path.endswith("products"))
    assert dict(asked.url.params) == {
        "type": "FIXED_VALUE_PIN_PURCHASE",
        "service_id": "13",
        "operator_id": "9901",
        "per_page": "100",
        "page": "1",
    }


@pytest.mark.parametrize(
    ("regions", "coverage"),
    [
        (None, ()),
        ("USA", ()),
        ([{"name": "United States", "code": "USA"}], (Place("USA", "United States"),)),
        ([{"name": "Global 109", "code": "GXX"}, {"name": "X"}], (Place("GXX", "Global 109"), Place("", "X"))),
        ([{"name": "United States", "code": "USA"}, {"code": "CAN"}], ()),
        ([{"name": "United States", "code": "USA"}, "?"], ()),
    ],
)
def test_where_a_plan_works_is_what_its_regions_say(world: World, regions: Any, coverage: tuple[Place, ...]) -> None:
    """All of them, or nothing: half a list would promise too little, and a guess too much."""
    world.on(PRODUCTS, listed(offered(regions=regions)))

    assert world.provider.sim(ICCID).plans[0].coverage == coverage


@pytest.mark.parametrize(
    ("amount", "fee", "unit", "cost"),
    [(3.451, 0.1, "USD", 356), ("3.45", None, "USD", 345), (400.2, 0, "JPY", 401)],
)
def test_a_cost_is_rounded_up_to_the_smallest_unit(world: World, amount: Any, fee: Any, unit: str, cost: int) -> None:
    """We would rather overstate it."""
    price = {"unit_type": "CURRENCY", "unit": unit, "amount": amount, "fee": fee}
    world.on(PRODUCTS, listed(offered(prices={"wholesale": price})))

    assert world.provider.sim(ICCID).plans[0].wholesale == Money(cost, unit)


@pytest.mark.parametrize(
    ("benefits", "data_mb"),
    [
        ([benefit(500, "MB")], 500),
        ([benefit(0.5)], 512),
        ([benefit(-1)], None),
        ([benefit(1), benefit(1, "TB")], 1024 + 1024 * 1024),
        ([benefit(3), {"type": "TALKTIME", "unit": "MINUTE"}], 3072),
    ],
)
def test_data_is_counted_in_megabytes(world: World, benefits: list[Any], data_mb: int | None) -> None:
    """With the promotion's bonus, which stands in the total; -1 is unlimited."""
    world.on(PRODUCTS, listed(offered(benefits=benefits)))

    assert world.provider.sim(ICCID).plans[0].data_mb == data_mb


@pytest.mark.parametrize(("quantity", "unit", "days"), [(48, "HOUR", 2), (2, "WEEK", 14), (1, "MONTH", 30)])
def test_a_validity_is_counted_in_days(world: World, quantity: int, unit: str, days: int) -> None:
    """A month is thirty of them."""
    world.on(PRODUCTS, listed(offered(validity={"unit": unit, "quantity": quantity})))

    assert world.provider.sim(ICCID).plans[0].days == days


@pytest.mark.parametrize(
    "odd",
    [
        {"id": "50104"},
        {"id": None},
        {"type": "FIXED_VALUE_RECHARGE"},
        {"service": {"id": 1}},
        {"service": None},
        {"validity": None},
        {"validity": {"unit": "DAY", "quantity": -1}},
        {"validity": {"unit": "DAY", "quantity": None}},
        {"validity": {"unit": ["DAY"], "quantity": 1}},
        {"validity": {"unit": "HOUR", "quantity": 36}},
        {"benefits": None},
        {"benefits": []},
        {"benefits": ["?"]},
        {"benefits": [benefit(1, "CUP")]},
        {"benefits": [benefit(1, ["GB"])]},
        {"benefits": [benefit(None)]},
        {"benefits": [benefit(-2)]},
        {"benefits": [benefit(0)]},
        {"prices": None},
        {"prices": {"wholesale": {"unit_type": "CURRENCY", "unit": "USD", "amount": "NaN", "fee": 0}}},
        {"prices": {"wholesale": {"unit_type": "CURRENCY", "unit": "USD", "amount": 0, "fee": 0}}},
        {"prices": {"wholesale": {"unit_type": "CURRENCY", "unit": "ZZZ", "amount": 1, "fee": 0}}},
        {"prices": {"wholesale": {"unit_type": "POINTS", "unit": "USD", "amount": 1, "fee": 0}}},
        {"required_sender_fields": [["last_name"]]},
        {"required_additional_identifier_fields": [["purchaser_id"]]},
        {"required_credit_party_identifier_fields": [["mobile_number"]]},
        {"required_credit_party_identifier_fields": [["account_number", "account_qualifier"]]},
        {"required_credit_party_identifier_fields": "account_number"},
    ],
)
def test_a_plan_that_cannot_be_read_or_asks_for_more_is_not_sold(world: World, odd: dict[str, Any]) -> None:
    """Beside one that can be; alone it is no answer at all."""
    world.on(PRODUCTS, listed(offered(**odd), offered(id=50101)))
    sold = [plan.id for plan in world.provider.sim(ICCID).plans]
    world.on(PRODUCTS, listed(offered(**odd)))

    assert sold == ["50101"]
    with pytest.raises(Unreachable):
        world.provider.sim(ICCID)


def test_a_card_number_may_be_asked_for_by_name(world: World) -> None:
    """As one of several ways."""
    ways = [["mobile_number"], ["account_number"]]
    world.on(PRODUCTS, listed(offered(required_credit_party_identifier_fields=ways)))

    assert len(world.provider.sim(ICCID).plans) == 1


def test_all_pages_of_plans_are_read(world: World) -> None:
    """As many as X-Total-Pages says."""

    def page(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params["page"])
        return answer(200, [offered(id=number)], x_total_pages="3")

    world.on(PRODUCTS, page)

    assert [plan.id for plan in world.provider.sim(ICCID).plans] == ["1", "2", "3"]


def test_a_list_without_end_is_no_answer(world: World) -> None:
    """Twenty pages are the most that can be ours."""
    world.on(PRODUCTS, answer(200, [offered()], x_total_pages="9999"))

    with pytest.raises(Unreachable):
        world.provider.sim(ICCID)
    assert world.count(PRODUCTS) == 20


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (answer(200, {}), Unreachable),
        (error(404, 1000404), Misconfigured),
        (error(404, 1005006), Misconfigured),
        (error(401, 1000401), Misconfigured),
        (answer(404), Unreachable),
        (error(503, 1009503), Unreachable),
        (error(429, 1000429), NotNow),
    ],
)
def test_what_goes_wrong_with_the_plans_is_said(world: World, reply: Step, kind: type[NoAnswer]) -> None:
    """To the owner, where it is the configuration."""
    world.on(PRODUCTS, reply)

    with pytest.raises(kind):
        world.provider.sim(ICCID)


# --- the SIM -----------------------------------------------------------------------------------------------------


def test_what_is_left_on_a_sim_is_told_with_its_end(world: World) -> None:
    """All data together, until the last of it ends."""
    until = {"expiration_date": "2026-12-01T00:00:00.000000000Z"}
    data = {"type": "DATA", "unit": "MB", "amount": 300}
    world.on(LEFT, listed(data | until, {"type": "DATA", "unit": "GB", "amount": 1, "expiration_date": None}))

    found = world.provider.sim(ICCID)

    assert (found.active, found.left_mb) == (True, 1324)
    assert found.left_until == datetime(2026, 12, 1, tzinfo=UTC)
    assert found.as_of == world.clock.now()


def test_a_card_that_was_never_in_use_is_not_active(world: World) -> None:
    """It is installed by its owner, at some later time."""
    world.on(STATUS, answer(200, {"installation_date": None, "activation_date": None}))

    assert not world.provider.sim(ICCID).active


def test_a_strangers_card_is_refused_before_it_is_paid(world: World) -> None:
    """1005003: DT One does not know it."""
    world.on(STATUS, error(400, 1005003))

    with pytest.raises(Refused) as caught:
        world.provider.sim(ICCID)

    assert caught.value.code == "unknown_sim"


@pytest.mark.parametrize("call", [STATUS, LEFT])
@pytest.mark.parametrize(
    "reply",
    [error(400, 1007500), error(400, 1000400), error(401), answer(500), answer(200, "?"), httpx.ReadTimeout("late")],
    ids=str,
)
def test_what_an_operator_does_not_say_of_a_sim_stops_no_sale(world: World, call: str, reply: Step) -> None:
    """The plans can be sold as well."""
    world.on(call, reply)

    found = world.provider.sim(ICCID)

    assert len(found.plans) == 1
    assert found.active
    assert found.left_mb is None


# --- the account -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([{"unit": "USD", "available": 961.505, "holding": 39}], Money(96150, "USD")),
        ([{"unit": "EUR", "available": 5}, {"unit": "USD", "available": 7}], Money(700, "USD")),
        ([{"unit": "JPY", "available": 961.5}], Money(961, "JPY")),
    ],
)
def test_the_float_is_what_may_still_be_spent(world: World, told: list[Any], expected: Money) -> None:
    """Rounded down; in the kiosk's currency, or the only one there is. What is held is not in it."""
    world.on(BALANCES, listed(*told))

    assert isinstance(world.provider, HasFloat)
    assert world.provider.balance() == expected


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (listed(), Unreachable),
        (listed({"unit": "EUR", "available": 5}, {"unit": "GBP", "available": 7}), Unreachable),
        (listed({"unit": "?", "available": 1}), Unreachable),
        (listed({"unit": "USD", "available": None}), Unreachable),
        (error(401, 1000401), Misconfigured),
    ],
)
def test_a_float_that_is_not_said_is_no_float(world: World, reply: Step, kind: type[NoAnswer]) -> None:
    """Never a guess."""
    world.on(BALANCES, reply)

    with pytest.raises(kind):
        world.provider.balance()


def test_what_dtone_has_of_us_is_listed_day_by_day(world: World) -> None:
    """24 hours at a time, every page; what stands on the border is told once, and another kiosk's not at all."""
    asked: list[dict[str, str]] = []

    def window(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        border, stranger = record(creation_date="2026-11-21T00:00:00Z"), record(id=78, external_id="K08")
        return answer(200, [border, stranger, record(id=80 + len(asked))], x_total_pages="1")

    world.on(LIST, window)
    since, until = datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 22, 6, tzinfo=UTC)
    found = world.provider.listed("T07", since, until)

    assert isinstance(world.provider, Lists)
    assert [entry.number for entry in found] == ["77", "81", "82", "83"]
    made_at = datetime(2026, 11, 21, tzinfo=UTC)
    assert found[0] == Listed(REQUEST.reference, "77", "COMPLETED, 2026-11-21T00:00:00Z", made_at, stands=True)
    assert [(told["from_date"], told["to_date"]) for told in asked] == [
        ("2026-11-20T00:00:00+00:00", "2026-11-21T00:00:00+00:00"),
        ("2026-11-21T00:00:00+00:00", "2026-11-22T00:00:00+00:00"),
        ("2026-11-22T00:00:00+00:00", "2026-11-22T06:00:00+00:00"),
    ]


@pytest.mark.parametrize(
    ("state", "stands"), [("COMPLETED", True), ("SUBMITTED", True), ("REVERSED", False), ("DECLINED", False)]
)
def test_what_failed_or_was_taken_back_does_not_stand_in_the_list(world: World, state: str, stands: bool) -> None:
    """Reconciliation counts what was delivered, not what was tried."""
    world.on(LIST, answer(200, [record(state)], x_total_pages="1"))

    (entry,) = world.provider.listed("T07", datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 20, 1, tzinfo=UTC))

    assert entry.stands is stands


def test_a_list_that_breaks_off_is_no_list(world: World) -> None:
    """Never a part of it alone."""
    world.on(LIST, listed(record()), answer(500))

    with pytest.raises(Unreachable):
        world.provider.listed("T07", datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC))


def test_promotions_are_read_with_their_plans(world: World) -> None:
    """One without dates is left out."""
    told = {"id": 7001, "title": "1 GB\x1b more", "description": "", "products": [{"id": 50103}, "?"]}
    dates = {"start_date": "2026-11-01T00:00:00Z", "end_date": "2026-12-31T23:59:59Z"}
    world.on(PROMOTIONS, listed(told | dates, told))

    (found,) = world.provider.promotions()

    assert isinstance(world.provider, TellsPromotions)
    assert (found.title, found.plan_ids) == ("1 GB more", ("50103",))
    assert found.first == datetime(2026, 11, 1, tzinfo=UTC)


# --- the allowance -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "pause_s"),
    [
        (answer(200, [], x_ratelimit_remaining="0"), 1),
        (error(429, 1000429), 1),
        (error(429, 1000429, retry_after="30"), 30),
    ],
)
def test_nothing_is_sent_while_the_allowance_is_used_up(world: World, reply: httpx.Response, pause_s: int) -> None:
    """Not now, and provably not sent; afterwards it goes on."""
    world.on(LIST, reply, listed())
    with suppress(NotNow):
        world.provider.look_up(REQUEST)
    world.clock.forward(seconds=pause_s - 0.1)
    with pytest.raises(NotNow):
        world.provider.look_up(REQUEST)
    sent = world.count(LIST)
    world.clock.forward(seconds=0.2)
    world.provider.look_up(REQUEST)

    assert (sent, world.count(LIST)) == (1, 2)


# --- the configuration -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "training", "told"),
    [
        ({"base_url": "https://preprod-dvs-api.dtone.com/v1"}, False, "base_url: a live ledger"),
        ({}, True, "base_url: a training ledger"),
        ({"api_key": "training-key"}, False, "api_key: a live ledger"),
        ({"operator_id": 0}, False, "operator_id"),
        ({"operator": 1}, False, "operator: no such key"),
    ],
)
def test_a_wrong_table_is_named_with_its_key(tmp_path: Path, table: dict[str, Any], training: bool, told: str) -> None:
    """Live meets live; DT One's own pre-production is for training."""
    (tmp_path / "secret").write_text("s3cret")
    full: dict[str, Any] = {"api_key": "shop", "api_secret": {"file": str(tmp_path / "secret")}, "operator_id": 9901}
    around: dict[str, Any] = {"currency": "USD", "state_dir": tmp_path, "clock": FixedClock()}

    with pytest.raises(ConfigError, match=told):
        build("dtone", full | table, path="config.toml: providers.dtone", training=training, **around)


def test_dtones_own_pre_production_is_for_training(tmp_path: Path) -> None:
    """It takes no money."""
    (tmp_path / "secret").write_text("s3cret")
    table = {"base_url": "https://preprod-dvs-api.dtone.com/v1", "api_key": "shop", "operator_id": 9901}
    around: dict[str, Any] = {"currency": "USD", "state_dir": tmp_path, "clock": FixedClock()}
    secret = {"api_secret": {"file": str(tmp_path / "secret")}}

    assert build("dtone", table | secret, path="config.toml: providers.dtone", training=True, **around).name == "dtone"
