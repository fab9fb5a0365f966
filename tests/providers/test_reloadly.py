"""Reloadly: what each answer to a top-up means. Sent once; what it became is read back, looked up, or adopted."""

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
from tests.providers.fakes import Step, answer
from tests.providers.reloadly_world import (
    CREATE,
    REPORT,
    REQUEST,
    STATUS,
    TOKEN,
    World,
    accepted,
    error,
    listed,
    record,
    token,
    told,
)

USED = error(400, "CUSTOM_IDENTIFIER_ALREADY_USED")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_top_up_is_delivered_when_it_was_read_back(world: World) -> None:
    """Sent once, with our reference and the number; what it cost stands in what was read back."""
    balance = {"cost": 19.39521, "oldBalance": 1000, "newBalance": 980.60479, "currencyCode": "USD"}
    world.on(CREATE, accepted()).on(STATUS, told(balanceInfo=balance))

    assert world.provider.top_up(REQUEST) == Delivered("77", Money(1940, "USD"))
    asked, sent, _ = world.script.asked
    assert json.loads(asked.content)["audience"] == "http://127.0.0.1:1"
    assert json.loads(sent.content) == {
        "operatorId": 801,
        "amount": 20.0,
        "useLocalAmount": False,
        "customIdentifier": REQUEST.reference,
        "recipientPhone": {"countryCode": "US", "number": "13055550142"},
    }
    assert sent.headers["authorization"] == "Bearer tok.1"
    assert sent.headers["accept"] == "application/com.reloadly.topups-v1+json"


def test_a_plan_of_its_own_currency_says_so(world: World) -> None:
    """`L` in its id."""
    world.on(CREATE, accepted()).on(STATUS, told("PROCESSING"))
    world.provider.top_up(replace(REQUEST, plan_id="806-L200.00"))

    sent = json.loads(world.script.asked[1].content)
    assert (sent["operatorId"], sent["amount"], sent["useLocalAmount"]) == (806, 200.0, True)


@pytest.mark.parametrize(
    "change",
    [
        {"sim_number": SimNumber("8901260862291477122")},
        {"plan_id": "50104"},
        {"plan_id": "change-30days-10gb-topup"},
        {"plan_id": "801-1e9"},
        {"plan_id": "801-20"},
    ],
    ids=str,
)
def test_what_cannot_be_reloadlys_is_never_sent(world: World, change: dict[str, Any]) -> None:
    """A card number, another provider's plan."""
    with pytest.raises(Refused, match="nothing was sent"):
        world.provider.top_up(replace(REQUEST, **change))

    assert world.script.asked == []


@pytest.mark.parametrize(
    "look",
    [
        told("PROCESSING"),
        answer(404),
        error(404, "TRANSACTION_NOT_FOUND"),
        error(400, "INVALID_AMOUNT"),
        answer(500),
        error(429, "RATE_LIMIT_REACHED"),
        error(403, "NOT_AUTHORIZED"),
        answer(200, {"transaction": {}}),
        httpx.ReadTimeout("late"),
    ],
    ids=str,
)
def test_taken_on_and_not_read_back_is_processing(world: World, look: Step) -> None:
    """After Reloadly took it on, nothing that goes wrong with the look can read as a no, or as not sent."""
    world.on(CREATE, accepted()).on(STATUS, look)

    found = world.provider.top_up(REQUEST)

    assert isinstance(found, Processing)
    assert found.number == "77"


@pytest.mark.parametrize(
    ("reply", "kind", "sent"),
    [
        (httpx.ConnectError("refused"), Unreachable, False),
        (httpx.ReadTimeout("late"), Unreachable, True),
        (answer(200, {}), Unreachable, True),
        (accepted("77"), Unreachable, True),
        (httpx.Response(200, text="<html>"), Unreachable, True),
        (answer(400), Unreachable, True),
        (answer(404, {"timestamp": "…", "status": 404, "error": "Not Found"}), Unreachable, True),
        (error(400, None), Unreachable, True),
        (error(400, "SOMETHING_NEW"), Unreachable, True),
        (error(500, "INSUFFICIENT_BALANCE"), Unreachable, True),
        (error(500, "INVALID_AMOUNT"), Unreachable, True),
        (error(500, "TRANSACTION_CANNOT_BE_PROCESSED_AT_THE_MOMENT"), Unreachable, True),
        (error(200, "INVALID_AMOUNT"), Unreachable, True),
        (error(409, "INSUFFICIENT_BALANCE"), NotNow, None),
        (answer(401), Misconfigured, None),
        (answer(403), Misconfigured, None),
        (answer(429, retry_after="9"), NotNow, None),
    ],
)
def test_an_answer_beside_the_known_ones_proves_nothing(
    world: World, reply: Step, kind: type[NoAnswer], sent: bool | None
) -> None:
    """The known codes are in docs/providers.md; here is what stands beside that table."""
    world.on(CREATE, reply)

    with pytest.raises(kind) as caught:
        world.provider.top_up(REQUEST)

    assert getattr(caught.value, "sent", None) is sent


@pytest.mark.parametrize(
    ("reply", "wait_s"),
    [
        (error(400, "PHONE_RECENTLY_RECHARGED"), 120),
        (error(400, "TOPUP_TRANSACTION_FAILED"), 1800),
        (error(400, "INSUFFICIENT_BALANCE"), None),
        (error(400, "INSUFFICIENT_BALANCE", retry_after="7"), 7),
        (answer(429), 10),
    ],
)
def test_how_long_to_wait_is_said_where_reloadly_says_it(world: World, reply: Step, wait_s: float | None) -> None:
    """In the answer, or in its documentation: two minutes for a number, half an hour after a failure."""
    world.on(CREATE, reply)

    with pytest.raises(NotNow) as caught:
        world.provider.top_up(REQUEST)

    assert caught.value.retry_after_s == wait_s


# --- our reference is known there --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["PROCESSING", "SUCCESSFUL"])
def test_a_reference_that_is_used_is_fetched_and_adopted(world: World, status: str) -> None:
    """It is no failure: an earlier call came through. Never a refund by itself."""
    world.on(CREATE, USED).on(REPORT, listed(record(status))).on(STATUS, told(status))

    found = world.provider.top_up(REQUEST)

    assert found == (Delivered("77") if status == "SUCCESSFUL" else Processing("77", status))
    assert not world.provider.repeat_is_lookup


def test_a_reference_that_is_used_and_not_listed_is_processing(world: World) -> None:
    """It says itself that it has it; so it is looked up from now on."""
    world.on(CREATE, USED)

    assert isinstance(world.provider.top_up(REQUEST), Processing)


@pytest.mark.parametrize(
    "look", [answer(500), error(429, "RATE_LIMIT_REACHED"), answer(403), httpx.ConnectError("gone")], ids=str
)
def test_a_reference_that_is_used_and_cannot_be_fetched_is_in_doubt(world: World, look: Step) -> None:
    """Never "not now": that would say that nothing was done under it."""
    world.on(CREATE, USED).on(REPORT, look)

    with pytest.raises(Unreachable) as caught:
        world.provider.top_up(REQUEST)

    assert caught.value.sent


@pytest.mark.parametrize("status", ["FAILED", "REFUNDED"])
@pytest.mark.parametrize("used", [False, True])
def test_a_top_up_that_failed_is_a_no(world: World, status: str, used: bool) -> None:
    """At once, or adopted. Its reference is spent: the order is given back, and not tried again."""
    world.on(CREATE, USED if used else accepted()).on(STATUS, told(status)).on(REPORT, listed(record(status)))

    with pytest.raises(Refused, match=status):
        world.provider.top_up(REQUEST)

    assert isinstance(world.provider.look_up(REQUEST), NotDelivered)


# --- looking -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([record()], Delivered),
        ([record("FAILED"), record(transactionId=78)], Delivered),
        ([record("FAILED"), record("REFUNDED", transactionId=78)], NotDelivered),
        ([record(customIdentifier=REQUEST.reference.lower())], Absent),
        ([record(customIdentifier=REQUEST.reference + "X")], Absent),
        ([record(customIdentifier=None), "?"], Absent),
        ([record(operatorId=803)], Processing),
        ([record(requestedAmount=25)], Processing),
        ([record(requestedAmount="20.00")], Delivered),
        ([record(recipientPhone="+13055550142")], Delivered),
        ([record(recipientPhone="13055550143")], Processing),
        ([record(recipientPhone=None)], Processing),
        ([record(pinDetail={"code": "77"})], Processing),
        ([record("FAILED", operatorId=803)], Processing),
        ([record(["FAILED"], transactionId=None)], Processing),
        ([], Absent),
    ],
)
def test_a_look_up_believes_only_our_own_top_up(world: World, records: list[Any], expected: type) -> None:
    """Exactly our reference, number, network and amount; a PIN is no top-up; only a no says no."""
    world.on(REPORT, listed(*records))

    assert isinstance(world.provider.look_up(REQUEST), expected)
    assert world.count(STATUS) == 0


def test_a_reference_that_was_carried_out_twice_is_delivered_with_both_numbers(world: World) -> None:
    """Two requests in flight at once: the clerk reads both."""
    world.on(REPORT, listed(record(), record(transactionId=78)))

    assert world.provider.look_up(REQUEST) == Delivered("77, 78")


@pytest.mark.parametrize("status", ["PROCESSING", None, "SOMETHING"])
@pytest.mark.parametrize(
    ("live", "expected"),
    [
        (told(), Delivered),
        (told("FAILED"), NotDelivered),
        (told("PROCESSING"), Processing),
        (answer(200, record()), Delivered),
        (told(requestedAmount=25), Processing),
    ],
)
def test_what_the_report_has_not_settled_is_asked_for_by_its_number(
    world: World, status: Any, live: Step, expected: type
) -> None:
    """A report may lag; older answers have no state in it; the OpenAPI document wraps the live state in nothing."""
    world.on(REPORT, listed(record(status))).on(STATUS, live)

    assert isinstance(world.provider.look_up(REQUEST), expected)


def test_a_top_up_without_a_number_cannot_be_asked_for(world: World) -> None:
    """It is ours, and not settled: a clerk decides in the end."""
    world.on(REPORT, listed(record("PROCESSING", transactionId=None)))

    assert isinstance(world.provider.look_up(REQUEST), Processing)


def test_all_pages_of_the_report_are_read(world: World) -> None:
    """And a top-up that stands on two of them is one."""
    world.on(REPORT, listed(record(customIdentifier="t0"), last=False), listed(record(), last=False), listed(record()))

    assert world.provider.look_up(REQUEST) == Delivered("77")
    pages = [request.url.params["page"] for request in world.script.asked if request.url.path.endswith("transactions")]
    assert pages == ["1", "2", "3"]


@pytest.mark.parametrize(
    "reply",
    [
        answer(200, {}),
        answer(200, []),
        answer(400),
        error(400, "INVALID_INPUT_PROVIDED"),
        error(404, "COULD_NOT_AUTO_DETECT_OPERATOR"),
        answer(500),
        listed(last=False),
    ],
    ids=str,
)
def test_a_failed_look_up_is_never_a_no(world: World, reply: httpx.Response) -> None:
    """Whatever goes wrong with looking says nothing about the top-up; a list without end is no list."""
    world.on(REPORT, reply)

    with pytest.raises(Unreachable):
        world.provider.look_up(REQUEST)


# --- the token ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["TOKEN_EXPIRED", "INVALID_TOKEN", None])
def test_a_token_that_is_refused_is_renewed_once(world: World, code: Any) -> None:
    """401 says that nothing was done: the top-up is sent once more, with another token."""
    world.on(TOKEN, token("tok.1"), token("tok.2"))
    world.on(CREATE, error(401, code), accepted()).on(STATUS, told())

    assert isinstance(world.provider.top_up(REQUEST), Delivered)
    sent = [each.headers["authorization"] for each in world.script.asked if each.url.path == "/topups-async"]
    assert sent == ["Bearer tok.1", "Bearer tok.2"]


def test_a_token_lives_a_day_at_most_and_is_shared(world: World) -> None:
    """Sixty days are not believed; another process finds it in the file, which is for this user alone."""
    world.on(TOKEN, token(expires_in=5_184_000))
    world.provider.look_up(REQUEST)
    world.started().look_up(REQUEST)
    shared = world.count(TOKEN)
    world.clock.forward(hours=23, minutes=56)
    world.provider.look_up(REQUEST)

    (file,) = world.folder.glob("reloadly-token-*.json")
    assert (shared, world.count(TOKEN)) == (1, 2)
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (error(401, "INVALID_CREDENTIALS"), Misconfigured),
        (error(400, "INVALID_AUDIENCE"), Misconfigured),
        (error(401, None), Misconfigured),
        (answer(403), Misconfigured),
        (answer(429), NotNow),
        (answer(500), Unreachable),
        (answer(200, {"access_token": 7}), Unreachable),
        (answer(200, []), Unreachable),
        (httpx.ReadTimeout("late"), Unreachable),
    ],
)
def test_without_a_token_nothing_was_sent(world: World, reply: Step, kind: type[NoAnswer]) -> None:
    """Whatever the log-in says, the top-up has not left."""
    world.on(TOKEN, reply)

    with pytest.raises(kind) as caught:
        world.provider.top_up(REQUEST)

    assert world.count(CREATE) == 0
    assert getattr(caught.value, "sent", False) is False
    assert "training-secret" not in str(caught.value)


def test_after_too_many_requests_nothing_is_sent_for_a_while(world: World) -> None:
    """As long as Reloadly says; not even a look."""
    world.on(CREATE, error(429, "RATE_LIMIT_REACHED", retry_after="30"))
    with pytest.raises(NotNow):
        world.provider.top_up(REQUEST)
    world.clock.forward(seconds=29)
    with pytest.raises(NotNow):
        world.provider.look_up(REQUEST)
    quiet = world.count(REPORT)
    world.clock.forward(seconds=2)
    world.provider.look_up(REQUEST)

    assert (quiet, world.count(REPORT)) == (0, 1)
