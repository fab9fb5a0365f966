"""Reloadly: plans and credit of a number's network, what they cost us, promotions, the balance, the report."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kiosk.abilities import HasFloat, Listed, Lists, TellsPromotions
from kiosk.errors import ConfigError, Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.identifiers import SimNumber
from kiosk.money import Money
from kiosk.plans import Plan
from kiosk.providers import build
from kiosk.providers.reloadly.plans import read
from tests.providers.fakes import FixedClock, Step, answer
from tests.providers.reloadly_world import (
    BALANCE,
    DETECT,
    PHONE,
    PROMOTIONS,
    REPORT,
    REQUEST,
    World,
    error,
    listed,
    operator,
    record,
)

DATA = operator(
    id=802,
    operatorId=802,
    name="Training Mobile USA Data",
    data=True,
    denominationType="FIXED",
    internationalDiscount=5,
    minAmount=None,
    maxAmount=None,
    fixedAmounts=[9, 12.0, 25],
    fixedAmountsDescriptions={"9.00": "Night owl pack", "12.00": "1 GB, 7 days", "25.00": "5GB for 30 days"},
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def offered(world: World, **changed: Any) -> list[tuple[str, str, str]]:
    """The plans of an operator as changed: id, title, and what they cost us."""
    world.on(DETECT, answer(200, operator(**changed)))
    return [(plan.id, plan.title, str(plan.wholesale)) for plan in world.provider.sim(PHONE).plans]


def test_a_number_is_known_with_its_network_and_the_credit_it_takes(world: World) -> None:
    """The configured steps within the network's bounds, as credit; at the amount less the discount."""
    found = world.provider.sim(PHONE)

    assert (found.number, found.provider, found.network) == (PHONE, "reloadly", "Training Mobile USA")
    assert found.plans == (
        Plan("801-10.00", "10.00 USD", 0, 0, Money(970, "USD")),
        Plan("801-20.00", "20.00 USD", 0, 0, Money(1940, "USD")),
    )
    assert all(plan.is_credit for plan in found.plans)


def test_a_network_may_have_steps_of_its_own(tmp_path: Path) -> None:
    """Others keep the common ones."""
    world = World(tmp_path, steps=["5.00"], steps_of={"801": ["7.50", "25.00", "25.01"]})

    assert [id for id, *_ in offered(world)] == ["801-7.50", "801-25.00"]
    assert [id for id, *_ in offered(world, operatorId=803)] == ["803-5.00"]


def test_the_data_plans_of_a_network_are_an_operator_of_their_own(tmp_path: Path) -> None:
    """The configuration says which belongs to which; a plan whose words do not say what it is is not sold."""
    world = World(tmp_path, also={"801": [802]}).on("GET /operators/802", answer(200, DATA))
    plans = world.provider.sim(PHONE).plans[2:]

    assert plans == (
        Plan("802-12.00", "1 GB, 7 days", 1024, 7, Money(1140, "USD")),
        Plan("802-25.00", "5GB for 30 days", 5120, 30, Money(2375, "USD")),
    )


@pytest.mark.parametrize(
    ("words", "content"),
    [
        ("1 GB, 7 days", (1024, 7)),
        ("5GB of high-speed data, valid for 30 days", (5120, 30)),
        ("Unlimited talk & text + 2.5 GB for 1 month", (2560, 30)),
        ("500MB / 24 hours", (500, 1)),
        ("Unlimited data for 30 days", (None, 30)),
        ("Unlimited 5G data, 2 weeks", (None, 14)),
        ("Unlimited data, first 10GB at high speed, 30 days", (10_240, 30)),
        ("30-day plan with 3GB", (3072, 30)),
        ("5GB + 1GB bonus, 30 days", None),
        ("1 GB for 7 days or 30 days", None),
        ("Unlimited talk and text, 30 days", None),
        ("5 GB", None),
        ("1 GB, 12 hours", None),
        ("0 GB, 30 days", None),
        ("12345678GB 30 days", None),
        ("Night owl pack", None),
        ("", None),
    ],
)
def test_a_description_is_believed_where_it_says_one_size_and_one_time(words: str, content: Any) -> None:
    """Credit or a riddle is never sold as data; of unlimited and a size, the size is promised."""
    assert read(words) == content


@pytest.mark.parametrize("flag", ["data", "bundle", "comboProduct"])
def test_a_bundle_that_says_nothing_is_not_sold_as_credit(world: World, flag: str) -> None:
    """Its price is no amount that arrives."""
    changed = {flag: True, "denominationType": "FIXED", "fixedAmounts": [10]}

    assert offered(world, **changed) == []


def test_a_pin_is_never_sold(world: World) -> None:
    """It would still have to be redeemed."""
    assert offered(world, pin=True) == []


def test_fixed_credit_is_what_arrives(world: World) -> None:
    """In one currency the amount itself; in two, what Reloadly lists beside it; else nothing is certain."""
    fixed = {"denominationType": "FIXED", "fixedAmounts": [8.9, 17.75], "minAmount": None, "maxAmount": None}
    euros = {"senderCurrencyCode": "EUR"}

    assert offered(world, **fixed) == [("801-8.90", "8.90 USD", "8.64 USD"), ("801-17.75", "17.75 USD", "17.22 USD")]
    assert offered(world, **fixed, **euros, localFixedAmounts=[10, 20]) == [
        ("801-8.90", "10.00 USD", "8.64 EUR"),
        ("801-17.75", "20.00 USD", "17.22 EUR"),
    ]
    assert offered(world, **fixed, **euros, localFixedAmounts=[10]) == []


def test_credit_is_bought_in_the_numbers_currency_where_that_can_be(world: World) -> None:
    """An account in euros: the amount is divided by the rate, and gets the discount for local amounts."""
    euros = {"senderCurrencyCode": "EUR", "fx": {"rate": 1.1, "currencyCode": "USD"}, "localDiscount": 1}
    bounds = {"localMinAmount": 5, "localMaxAmount": 15}

    assert offered(world, **euros, **bounds, supportsLocalAmounts=True) == [("801-L10.00", "10.00 USD", "9.00 EUR")]
    assert offered(world, **euros, **bounds, supportsLocalAmounts=False) == []
    assert offered(world, **euros, supportsLocalAmounts=True) == []


@pytest.mark.parametrize(
    ("changed", "cost"),
    [
        ({"internationalDiscount": 3, "fees": {"international": 0.20, "internationalPercentage": 0}}, "9.90 USD"),
        ({"internationalDiscount": 4, "fees": {"international": 0, "internationalPercentage": 10}}, "11.00 USD"),
        ({"internationalDiscount": 4.42, "fees": None}, "9.56 USD"),
        ({"internationalDiscount": None}, "10.00 USD"),
    ],
)
def test_what_we_are_debited_is_the_amount_less_discount_with_fees(
    world: World, changed: dict[str, Any], cost: str
) -> None:
    """Rounded up; a fee in percent stands instead of the discount (measured)."""
    assert next(found for found in offered(world, **changed) if found[0] == "801-10.00")[2] == cost


@pytest.mark.parametrize(
    "odd",
    [
        {"internationalDiscount": "3 %"},
        {"internationalDiscount": 100},
        {"internationalDiscount": -1},
        {"fees": {"international": "?"}},
        {"senderCurrencyCode": None, "destinationCurrencyCode": None},
        {"minAmount": None},
        {"maxAmount": "NaN"},
        {"denominationType": "FIXED", "fixedAmounts": "10"},
        {"denominationType": "FIXED", "fixedAmounts": [0, -5, "x", None]},
        {
            "senderCurrencyCode": "EUR",
            "supportsLocalAmounts": True,
            "localMinAmount": 5,
            "localMaxAmount": 50,
            "fx": {},
        },
    ],
    ids=str,
)
def test_what_cannot_be_read_is_not_sold(world: World, odd: dict[str, Any]) -> None:
    """Neither its cost nor its amount is guessed."""
    assert offered(world, **odd) == []


# --- the number --------------------------------------------------------------------------------------------------


def test_a_card_number_is_refused_and_nobody_is_asked(world: World) -> None:
    """Reloadly knows phone numbers alone."""
    with pytest.raises(Refused) as caught:
        world.provider.sim(SimNumber("8901260862291477122"))

    assert caught.value.code == "unknown_sim"
    assert world.script.asked == []


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (error(404, "COULD_NOT_AUTO_DETECT_OPERATOR"), Refused),
        (error(400, "INVALID_PHONE_NUMBER"), Refused),
        (answer(200, operator(status="INACTIVE")), NotNow),
        (answer(200, {"name": "?"}), Unreachable),
        (answer(404), Unreachable),
        (answer(401), Misconfigured),
        (error(429, "RATE_LIMIT_REACHED"), NotNow),
    ],
)
def test_what_goes_wrong_with_a_number_is_said(world: World, reply: Step, kind: type[NoAnswer]) -> None:
    """Nobody's number is refused in words that the screen knows."""
    world.on(DETECT, reply)

    with pytest.raises(kind) as caught:
        world.provider.sim(PHONE)

    assert getattr(caught.value, "code", "") == ("unknown_sim" if kind is Refused else "")


# --- the account -------------------------------------------------------------------------------------------------


def test_the_float_is_rounded_down(world: World) -> None:
    """In the account's currency."""
    world.on(BALANCE, answer(200, {"balance": 962.24964, "currencyCode": "USD"}))

    assert isinstance(world.provider, HasFloat)
    assert world.provider.balance() == Money(96224, "USD")


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (answer(200, {}), Unreachable),
        (answer(200, {"balance": "?", "currencyCode": "USD"}), Unreachable),
        (answer(200, {"balance": 1, "currencyCode": "?"}), Unreachable),
        (error(404, "ACCOUNT_NOT_FOUND"), Misconfigured),
    ],
)
def test_a_float_that_is_not_said_is_no_float(world: World, reply: Step, kind: type[NoAnswer]) -> None:
    """Never a guess."""
    world.on(BALANCE, reply)

    with pytest.raises(kind):
        world.provider.balance()


def test_what_reloadly_has_of_us_is_listed_with_a_day_more_on_each_side(world: World) -> None:
    """Every page, each top-up once; another kiosk's and a nameless one are left out."""
    stranger, nameless = (
        record(transactionId=78, customIdentifier="K08"),
        record(transactionId=79, customIdentifier=None),
    )
    world.on(REPORT, listed(record(), stranger, last=False), listed(record(), nameless, record(transactionId=80)))
    since, until = datetime(2026, 11, 20, 6, tzinfo=UTC), datetime(2026, 11, 22, 6, tzinfo=UTC)
    found = world.provider.listed("T07", since, until)

    assert isinstance(world.provider, Lists)
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert found == tuple(
        Listed(REQUEST.reference, number, "SUCCESSFUL, 2026-11-22 12:00:00", noon, stands=True)
        for number in ("77", "80")
    )
    asked = world.script.asked[-1].url.params
    assert (asked["startDate"], asked["endDate"]) == ("2026-11-19 06:00:00", "2026-11-23 06:00:00")


@pytest.mark.parametrize(
    ("status", "stands"),
    [("SUCCESSFUL", True), ("PROCESSING", True), (None, True), ("FAILED", False), ("REFUNDED", False)],
)
def test_what_failed_does_not_stand(world: World, status: Any, stands: bool) -> None:
    """So that a day's comparison does not take it for a top-up that nobody paid."""
    world.on(REPORT, listed(record(status)))
    (found,) = world.provider.listed("T07", datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC))

    assert found.stands is stands


def test_a_list_that_breaks_off_is_no_list(world: World) -> None:
    """Never a part of it alone."""
    world.on(REPORT, listed(record(), last=False), answer(500))

    with pytest.raises(Unreachable):
        world.provider.listed("T07", datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC))


def promotion(**changed: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"id": 9001, "promotionId": 9001, "operatorId": 801, "title": "Training Mobile From 01 Nov"}
    said |= {"title2": "2 GB more", "startDate": "2026-11-01 05:00:00", "endDate": "2027-01-01 04:59:00"}
    return said | {"denominations": "USD 20 and up"} | changed


@pytest.mark.parametrize(
    ("denominations", "ids"),
    [
        ("All", ("801-10.00", "801-20.00")),
        ("USD 20 and up", ("801-20.00",)),
        ("USD 1 and above", ("801-10.00", "801-20.00")),
        ("USD 10 and 15", ("801-10.00",)),
        ("USD 20", ("801-20.00",)),
        ("USD 99 and up", None),
        (None, None),
    ],
)
@pytest.mark.parametrize("paged", [False, True])
def test_promotions_are_told_with_the_plans_that_their_words_name(
    world: World, denominations: Any, ids: Any, paged: bool
) -> None:
    """Documented as words; what names no plan of ours is not told."""
    entries = [promotion(denominations=denominations), "?", {"operatorId": None}]
    world.on(PROMOTIONS, answer(200, {"content": entries} if paged else entries))
    world.on("GET /operators/801", answer(200, operator()))
    found = world.provider.promotions()

    assert isinstance(world.provider, TellsPromotions)
    assert [each.plan_ids for each in found] == ([] if ids is None else [ids])
    assert all((each.id, each.title) == ("9001", "2 GB more") for each in found)


@pytest.mark.parametrize(
    "start",
    ["2026-11-01 05:00:00", "2026-11-01T05:00", "2026-11-01T05:00:00Z", "Sun, 01 Nov 2026 05:00:00 +0000", "soon"],
)
def test_the_dates_of_a_promotion_are_read_as_reloadly_writes_them(world: World, start: str) -> None:
    """In four ways, UTC where it does not say; one without dates is left out."""
    world.on(PROMOTIONS, answer(200, [promotion(startDate=start)])).on("GET /operators/801", answer(200, operator()))
    found = world.provider.promotions()

    assert [each.first for each in found] == ([] if start == "soon" else [datetime(2026, 11, 1, 5, tzinfo=UTC)])


# --- the configuration -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "training", "told"),
    [
        ({"base_url": "https://topups-sandbox.reloadly.com"}, False, "base_url: a live ledger"),
        ({}, True, "base_url: a training ledger"),
        ({"client_id": "training-client"}, False, "client_id: a live ledger"),
        ({"auth_url": "http://auth.example.com"}, False, "auth_url: only https"),
        ({"steps": []}, False, "steps"),
        ({"steps": ["ten"]}, False, r"steps\[0\]"),
        ({"also": {"801": "802"}}, False, "also"),
        ({"stepps": []}, False, "stepps: no such key"),
    ],
)
def test_a_wrong_table_is_named_with_its_key(tmp_path: Path, table: dict[str, Any], training: bool, told: str) -> None:
    """Live meets live; Reloadly's own sandbox is for training."""
    (tmp_path / "secret").write_text("s3cret")
    full: dict[str, Any] = {"client_id": "shop", "client_secret": {"file": str(tmp_path / "secret")}}
    around: dict[str, Any] = {"currency": "USD", "state_dir": tmp_path, "clock": FixedClock()}

    with pytest.raises(ConfigError, match=told):
        build("reloadly", full | table, path="config.toml: providers.reloadly", training=training, **around)


def test_reloadlys_own_sandbox_is_for_training(tmp_path: Path) -> None:
    """It takes no money."""
    (tmp_path / "secret").write_text("s3cret")
    table = {"base_url": "https://topups-sandbox.reloadly.com", "client_id": "shop"}
    secret = {"client_secret": {"file": str(tmp_path / "secret")}}
    around: dict[str, Any] = {"currency": "USD", "state_dir": tmp_path, "clock": FixedClock()}

    assert build("reloadly", table | secret, path="config.toml", training=True, **around).name == "reloadly"
