"""DT One: what each answer to a top-up means. One reference is one transaction, whatever was lost on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.identifiers import SimNumber
from kiosk.money import Money
from kiosk.ports import Absent, Delivered, NotDelivered, Processing
from tests.providers.dtone_world import (
    CANCEL,
    CONFIRM,
    CREATE,
    ICCID,
    LIST,
    REQUEST,
    World,
    created,
    error,
    listed,
    record,
)
from tests.providers.fakes import Step, answer

DONE = Delivered("77", Money(1950, "USD"))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_top_up_is_delivered_when_it_was_read_back(world: World) -> None:
    """Sent once, with our reference, our card, and confirmed in the same call."""
    world.on(CREATE, created()).on(LIST, listed(record()))

    assert world.provider.top_up(REQUEST) == DONE
    sent, look = world.script.asked
    assert json.loads(sent.content) == {
        "external_id": REQUEST.reference,
        "product_id": 50104,
        "auto_confirm": True,
        "credit_party_identifier": {"account_number": ICCID},
    }
    assert sent.headers["authorization"] == "Basic dHJhaW5pbmcta2V5OnRyYWluaW5nLXNlY3JldA=="
    assert look.url.params["external_id"] == REQUEST.reference


@pytest.mark.parametrize("iccid", ["", " "])
def test_without_a_card_number_nothing_is_ever_sent(world: World, iccid: str) -> None:
    """It would buy a new eSIM."""
    with pytest.raises(Refused, match="new eSIM"):
        world.provider.top_up(replace(REQUEST, sim_number=SimNumber(iccid)))

    assert world.script.asked == []


def test_a_plan_of_somebody_else_is_not_sent(world: World) -> None:
    """Where the table of config.toml was given another kind meanwhile."""
    with pytest.raises(Refused, match="not one of DT One's"):
        world.provider.top_up(replace(REQUEST, plan_id="change-30days-10gb-topup"))

    assert world.script.asked == []


@pytest.mark.parametrize(
    "look",
    [listed(), error(404, 1008004), answer(500), error(429, 1000429), error(401), httpx.ReadTimeout("late")],
    ids=str,
)
def test_taken_on_and_not_read_back_is_processing(world: World, look: Step) -> None:
    """After DT One took it on, nothing that goes wrong with the look can read as a no, or as not sent."""
    world.on(CREATE, created()).on(LIST, look)

    found = world.provider.top_up(REQUEST)

    assert isinstance(found, Processing)
    assert found.number == "77"


@pytest.mark.parametrize(
    ("reply", "kind", "sent"),
    [
        (httpx.ConnectError("refused"), Unreachable, False),
        (httpx.ReadTimeout("late"), Unreachable, True),
        (answer(201, []), Unreachable, True),
        (httpx.Response(201, text="<html>"), Unreachable, True),
        (answer(400), Unreachable, True),
        (answer(404), Unreachable, True),
        (answer(400, {"errors": "?"}), Unreachable, True),
        (answer(400, {"errors": [{"code": "1003001"}]}), Unreachable, True),
        (error(400, 1234567), Unreachable, True),
        (error(400, 1003001, 1234567), Unreachable, True),
        (error(400, 1003001, 1006001), Unreachable, True),
        (error(500, 1003001), Unreachable, True),
        (error(503, 1009503), Unreachable, True),
        (error(409, 1003001), Refused, None),
        (answer(401), Misconfigured, None),
        (answer(403), Misconfigured, None),
        (answer(429, retry_after="9"), NotNow, None),
    ],
)
def test_an_answer_beside_the_documented_ones_proves_nothing(
    world: World, reply: Step, kind: type[NoAnswer], sent: bool | None
) -> None:
    """The documented codes are in docs/providers.md; here is what stands beside that table."""
    world.on(CREATE, reply)

    with pytest.raises(kind) as caught:
        world.provider.top_up(REQUEST)

    assert getattr(caught.value, "sent", None) is sent
    assert getattr(caught.value, "retry_after_s", 9) == 9


# --- our reference is known there --------------------------------------------------------------------------------


@pytest.mark.parametrize("message", ["CONFIRMED", "SUBMITTED", "COMPLETED"])
def test_a_reference_that_is_used_is_fetched_and_adopted(world: World, message: str) -> None:
    """1007001 is no failure: the first call came through, and its answer was lost."""
    world.on(CREATE, error(400, 1007001)).on(LIST, listed(record(message)))

    found = world.provider.top_up(REQUEST)

    assert found == (DONE if message == "COMPLETED" else Processing("77", message))
    assert world.provider.repeat_is_lookup


@pytest.mark.parametrize("look", [listed(), error(404, 1008004)], ids=str)
def test_a_reference_that_is_used_and_not_listed_is_processing(world: World, look: Step) -> None:
    """It says itself that it has it; so it is looked up from now on."""
    world.on(CREATE, error(400, 1007001)).on(LIST, look)

    assert isinstance(world.provider.top_up(REQUEST), Processing)


@pytest.mark.parametrize("look", [answer(500), error(429, 1000429), error(401), httpx.ConnectError("gone")], ids=str)
def test_a_reference_that_is_used_and_cannot_be_fetched_is_in_doubt(world: World, look: Step) -> None:
    """Never "not now": that would say that nothing was done under it."""
    world.on(CREATE, error(400, 1007001)).on(LIST, look)

    with pytest.raises(Unreachable) as caught:
        world.provider.top_up(REQUEST)

    assert caught.value.sent


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("REJECTED-INSUFFICIENT-BALANCE", "our balance"),
        ("CANCELLED", "cancelled"),
        ("REVERSED", "took it back"),
        ("DECLINED", "the operator refused it"),
        ("DECLINED-BARRED-CREDIT-PARTY", "the SIM is barred"),
        ("DECLINED-LIMITATIONS-ON-CUSTOMER-QUANTITY", "a limit"),
        ("DECLINED-EXCEPTION", "DECLINED-EXCEPTION"),
    ],
)
@pytest.mark.parametrize("used", [False, True])
def test_a_transaction_that_failed_is_a_no(world: World, message: str, words: str, used: bool) -> None:
    """At once, or adopted. Its reference is spent: the order is given back, and not tried again."""
    world.on(CREATE, error(400, 1007001) if used else created(message)).on(LIST, listed(record(message)))

    with pytest.raises(Refused, match=words):
        world.provider.top_up(REQUEST)

    looked = world.provider.look_up(REQUEST)
    assert isinstance(looked, NotDelivered)
    assert words in looked.reason


def test_a_failure_that_shows_in_the_list_first_is_a_no_too(world: World) -> None:
    """Taken on, and declined by the time it is read back."""
    world.on(CREATE, created()).on(LIST, listed(record("DECLINED")))

    with pytest.raises(Refused):
        world.provider.top_up(REQUEST)


# --- confirming --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("used", [False, True])
def test_what_waits_to_be_confirmed_is_confirmed(world: World, used: bool) -> None:
    """Where `auto_confirm` was not taken up."""
    world.on(CREATE, error(400, 1007001) if used else created("CREATED"))
    world.on(CONFIRM, answer(202, record("CONFIRMED")))
    world.on(LIST, *([listed(record("CREATED"))] if used else []), listed(record()))

    assert world.provider.top_up(REQUEST) == DONE


def test_what_can_no_longer_be_confirmed_is_cancelled(world: World) -> None:
    """That is a definite no, and our balance is free again."""
    world.on(CREATE, error(400, 1007001)).on(LIST, listed(record("CREATED")))
    world.on(CONFIRM, error(400, 1007004)).on(CANCEL, answer(202, record("CANCELLED")))

    with pytest.raises(Refused, match="cancelled"):
        world.provider.top_up(REQUEST)


@pytest.mark.parametrize("code", [1007002, 1007005])
def test_what_somebody_confirmed_or_cancelled_meanwhile_is_read_again(world: World, code: int) -> None:
    """A second worker, or DT One itself."""
    world.on(CREATE, created("CREATED")).on(CONFIRM, error(400, code)).on(LIST, listed(record()))

    assert world.provider.top_up(REQUEST) == DONE


@pytest.mark.parametrize(
    "confirm", [httpx.ReadTimeout("late"), httpx.ConnectError("gone"), error(429, 1000429), answer(500), error(401)]
)
def test_a_confirmation_without_an_answer_is_in_doubt(world: World, confirm: Step) -> None:
    """Never "not sent": the transaction exists. Sent again, it is adopted and confirmed."""
    world.on(CREATE, created("CREATED")).on(CONFIRM, confirm).on(LIST, listed(record("CREATED")))

    with pytest.raises(Unreachable) as caught:
        world.provider.top_up(REQUEST)

    assert caught.value.sent


def test_a_strangers_transaction_is_not_confirmed(world: World) -> None:
    """Our reference with another card: a clerk must look."""
    other = record("CREATED", credit_party_identifier={"account_number": "8901260999999999993"})
    world.on(CREATE, error(400, 1007001)).on(LIST, listed(other))

    found = world.provider.top_up(REQUEST)

    assert isinstance(found, Processing)
    assert "another card" in found.said


# --- looking -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([record()], Delivered),
        ([record("CREATED")], Processing),
        ([record("ODD")], Processing),
        ([record(status=None)], Processing),
        ([record(status={"class": {"id": "7"}})], Processing),
        ([record("DECLINED"), record()], Delivered),
        ([record("DECLINED"), record("SUBMITTED")], Processing),
        ([record(product={"id": 50103})], Processing),
        ([record(product=None)], Processing),
        ([record(credit_party_identifier=None)], Processing),
        ([record(credit_party_identifier={"mobile_number": "+16502530000"})], Processing),
        ([record(metadata={"activation_type": "DATA_PLAN"})], Processing),
        ([record(metadata={"activation_type": "TOP_UP"})], Delivered),
        ([record("DECLINED", product={"id": 50103})], Processing),
        ([record(external_id=REQUEST.reference + "X")], Absent),
        ([record(external_id=REQUEST.reference.lower())], Absent),
        ([record(external_id=None), "?"], Absent),
        ([], Absent),
    ],
)
def test_a_look_up_believes_only_our_own_transaction(world: World, records: list[Any], expected: type) -> None:
    """Exactly our reference, our plan, our card; a new eSIM is no top-up; only a no says no."""
    world.on(LIST, listed(*records))

    assert isinstance(world.provider.look_up(REQUEST), expected)


def test_a_transaction_that_is_taken_back_is_not_delivered_any_more(world: World) -> None:
    """COMPLETED, and REVERSED some days later: the watch puts it before a clerk."""
    world.on(LIST, listed(record()), listed(record("REVERSED")))

    assert world.provider.look_up(REQUEST) == DONE
    assert isinstance(world.provider.look_up(REQUEST), NotDelivered)


@pytest.mark.parametrize("reply", [answer(200, {}), answer(400), error(404, 1000400), error(400, 1003001), answer(500)])
def test_a_failed_look_up_is_never_a_no(world: World, reply: httpx.Response) -> None:
    """Whatever goes wrong with looking says nothing about the top-up."""
    world.on(LIST, reply)

    with pytest.raises(Unreachable):
        world.provider.look_up(REQUEST)
