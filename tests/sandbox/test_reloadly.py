"""The stand-in of Reloadly answers and refuses as documented and as measured, over real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.sandbox.reloadly_facts import CODES, ENDINGS, REFUSED
from kiosk.sandbox.server import Sandbox
from tests.sandbox.conftest import SetClock
from tests.sandbox.reloadly_buyer import PHONE, REFERENCE, balance, buyer, code, create, log_in, look, wish

TOP_UP = {"transactionId", "status", "operatorTransactionId", "customIdentifier", "recipientPhone", "recipientEmail"}
TOP_UP |= {"senderPhone", "countryCode", "operatorId", "operatorName", "discount", "discountCurrencyCode"}
TOP_UP |= {"requestedAmount", "requestedAmountCurrencyCode", "deliveredAmount", "deliveredAmountCurrencyCode"}
TOP_UP |= {"transactionDate", "fee", "pinDetail", "balanceInfo"}
PAGE = {"content", "pageable", "totalPages", "totalElements", "last", "sort", "first", "numberOfElements", "size"}
PAGE |= {"number", "empty"}


@pytest.fixture
def reloadly(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with buyer(sandbox) as client:
        yield client


def turn(http: httpx.Client, **rule: Any) -> None:
    assert http.put("/_knobs", json={"remote": "reloadly", **rule}).status_code == 200


def statuses(http: httpx.Client) -> list[str]:
    return [row["status"] for row in http.get("/_books/reloadly/topups").json()]


# --- the log-in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"client_secret": "guess"}, (401, "INVALID_CREDENTIALS")),
        ({"client_id": None}, (401, "INVALID_CREDENTIALS")),
        ({"audience": "https://giftcards.reloadly.com"}, (400, "INVALID_AUDIENCE")),
        ({"grant_type": "password"}, (400, "INVALID_REQUEST")),
    ],
)
def test_a_wrong_log_in_gets_no_token(sandbox: Sandbox, changed: dict[str, Any], expected: tuple[int, str]) -> None:
    """By what is wrong with it."""
    assert code(log_in(sandbox, **changed)) == expected


def test_a_token_is_good_for_a_day(sandbox: Sandbox, clock: SetClock) -> None:
    """Without one, with a wrong one, and with one that has ended: each has its code."""
    told = log_in(sandbox).json()
    with buyer(sandbox) as reloadly:
        before = reloadly.get("countries").status_code
        clock.forward(86_401)
        ended = code(reloadly.get("countries"))
        wrong = code(reloadly.get("countries", headers={"Authorization": "Bearer guess"}))
        del reloadly.headers["Authorization"]
        missing = code(reloadly.get("countries"))

    assert set(told) == {"access_token", "scope", "expires_in", "token_type"}
    assert (before, told["expires_in"]) == (200, 86_400)
    assert [ended, wrong, missing] == [(401, name) for name in ("TOKEN_EXPIRED", "INVALID_TOKEN", "MISSING_TOKEN")]


def test_an_unknown_address_is_answered_in_another_shape(reloadly: httpx.Client) -> None:
    """Not by Reloadly, but by what it is built with. A method that an address does not have is Reloadly's again."""
    nowhere = reloadly.get("topup")

    assert nowhere.status_code == 404
    assert set(nowhere.json()) == {"timestamp", "status", "error", "message", "path"}
    assert code(reloadly.delete("countries")) == (405, "METHOD_NOT_SUPPORTED")
    assert code(reloadly.get("countries", headers={"Accept": "text/html"})) == (406, "MEDIA_TYPE_NOT_ACCEPTABLE")


# --- top-ups -----------------------------------------------------------------------------------------------------


def test_a_top_up_is_debited_and_read_back(reloadly: httpx.Client) -> None:
    """20 USD, 3 % less: by the answer, by its state, by the report, and by the balance."""
    told = create(reloadly)
    live = look(reloadly, told["transactionId"])
    page = reloadly.get("topups/reports/transactions", params={"customIdentifier": REFERENCE}).json()

    assert set(told) == TOP_UP
    assert (told["status"], told["recipientPhone"]) == ("SUCCESSFUL", f"1{PHONE}")
    assert told["balanceInfo"] | {"updatedAt": ""} == {
        "oldBalance": 1000,
        "newBalance": 980.6,
        "cost": 19.4,
        "currencyCode": "USD",
        "currencyName": "US Dollar",
        "updatedAt": "",
    }
    assert (live["status"], live["transaction"]["transactionId"]) == ("SUCCESSFUL", told["transactionId"])
    assert set(page) == PAGE
    assert page["content"] == [told | {"balanceInfo": None}]
    assert reloadly.get(f"topups/reports/transactions/{told['transactionId']}").json() == told
    assert balance(reloadly) == 980.6


@pytest.mark.parametrize(
    ("operator", "phone", "amount", "cost"),
    [(801, PHONE, 20, 19.4), (802, PHONE, 25, 23.75), (803, "4155550142", 10, 9.9), (805, "2135550142", 15, 16.5)],
)
def test_what_is_debited_is_as_measured(
    reloadly: httpx.Client, operator: int, phone: str, amount: int, cost: float
) -> None:
    """Less the discount; a flat fee on top; a fee in percent instead of the discount."""
    told = create(reloadly, phone=phone, amount=amount, operatorId=operator)

    assert told["balanceInfo"]["cost"] == cost


def test_an_amount_in_the_numbers_own_currency_is_divided_by_the_rate(reloadly: httpx.Client) -> None:
    """And gets no discount."""
    there = {"countryCode": "MX", "number": "5512345678"}
    told = create(reloadly, amount=175, operatorId=806, useLocalAmount=True, recipientPhone=there)

    assert (told["balanceInfo"]["cost"], told["deliveredAmount"], told["deliveredAmountCurrencyCode"]) == (
        10,
        175,
        "MXN",
    )


def test_an_identifier_is_used_once_it_is_recorded(reloadly: httpx.Client, http: httpx.Client) -> None:
    """Whatever else the second request says. Another case is another identifier, and found by the same search."""
    create(reloadly)
    again = code(reloadly.post("topups-async", json=wish(amount="nonsense")))
    create(reloadly, REFERENCE.lower(), "3055550143")
    found = reloadly.get("topups/reports/transactions", params={"customIdentifier": REFERENCE}).json()["content"]

    assert again == (400, "CUSTOM_IDENTIFIER_ALREADY_USED")
    assert [row["customIdentifier"] for row in found] == [REFERENCE, REFERENCE.lower()]
    assert len(statuses(http)) == 2


def test_two_requests_in_flight_at_once_are_both_carried_out(sandbox: Sandbox, http: httpx.Client) -> None:
    """The look at the identifier and the execution are not one: measured. A third, later, is refused."""
    turn(http, endpoint="POST topups-async", held_s=0.3)
    with buyer(sandbox) as reloadly:
        calls = [
            threading.Thread(target=lambda: reloadly.post("topups-async", json=wish(), timeout=10)) for _ in range(2)
        ]
        for call in calls:
            call.start()
        for call in calls:
            call.join()
        later = code(reloadly.post("topups-async", json=wish()))

    assert statuses(http) == ["SUCCESSFUL", "SUCCESSFUL"]
    assert later == (400, "CUSTOM_IDENTIFIER_ALREADY_USED")


@pytest.mark.parametrize("last", REFUSED)
def test_what_is_refused_leaves_no_record(reloadly: httpx.Client, http: httpx.Client, last: str) -> None:
    """By numbers of our own; the identifier stays free."""
    refused = code(reloadly.post("topups-async", json=wish(phone=f"305555{last}")))
    create(reloadly)

    assert refused == (CODES[REFUSED[last]][0], REFUSED[last])
    assert statuses(http) == ["SUCCESSFUL"]


@pytest.mark.parametrize("last", ENDINGS)
def test_the_last_digits_say_how_a_top_up_ends(reloadly: httpx.Client, clock: SetClock, last: str) -> None:
    """PROCESSING at first, without the top-up in the answer; what failed or was refunded costs nothing."""
    outcome, takes_s = ENDINGS[last]
    id = reloadly.post("topups-async", json=wish(phone=f"305555{last}")).json()["transactionId"]
    first = look(reloadly, id)
    clock.forward(takes_s)
    told = look(reloadly, id)

    if takes_s:
        assert (first["status"], first["transaction"]) == ("PROCESSING", None)
    assert (told["status"], told["transaction"]["status"]) == (outcome, outcome)
    assert balance(reloadly) == (980.6 if outcome == "SUCCESSFUL" else 1000)


def test_a_number_is_not_topped_up_twice_within_two_minutes(reloadly: httpx.Client, clock: SetClock) -> None:
    """Documented. Another number is."""
    create(reloadly)
    at_once = code(reloadly.post("topups", json=wish("K07B")))
    create(reloadly, "K07C", "3055550143")
    clock.forward(120)
    create(reloadly, "K07B")

    assert at_once == (400, "PHONE_RECENTLY_RECHARGED")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"customIdentifier": "K" * 151}, "INVALID_INPUT_PROVIDED"),
        ({"customIdentifier": 7}, "INVALID_INPUT_PROVIDED"),
        ({"operatorId": None}, "INVALID_INPUT_PROVIDED"),
        ({"operatorId": 99}, "OPERATOR_UNAVAILABLE_OR_CURRENTLY_INACTIVE"),
        ({"operatorId": 807}, "OPERATOR_UNAVAILABLE_OR_CURRENTLY_INACTIVE"),
        ({"operatorId": 803, "amount": 25}, "OPERATOR_AND_RECIPIENT_PHONE_MISMATCH"),
        ({"operatorId": 802, "amount": 26}, "INVALID_AMOUNT_FOR_OPERATOR"),
        ({"recipientPhone": None}, "INVALID_INPUT_PROVIDED"),
        ({"recipientPhone": {"countryCode": "US", "number": "555"}}, "INVALID_RECIPIENT_PHONE"),
        ({"recipientPhone": {"countryCode": "MX", "number": "5512345678"}}, "INVALID_RECIPIENT_PHONE"),
        ({"senderPhone": {"countryCode": "US", "number": "x"}}, "INVALID_SENDER_PHONE"),
        ({"amount": None}, "INVALID_INPUT_PROVIDED"),
        ({"amount": "ten"}, "INVALID_AMOUNT"),
        ({"amount": -1}, "INVALID_AMOUNT"),
        ({"amount": 4.99}, "INVALID_AMOUNT_FOR_OPERATOR"),
        ({"amount": 150.01}, "INVALID_AMOUNT_FOR_OPERATOR"),
        ({"useLocalAmount": True}, "LOCAL_AMOUNTS_NOT_SUPPORTED_BY_OPERATOR"),
        ({"useLocalAmount": "false"}, "INVALID_INPUT_PROVIDED"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(reloadly: httpx.Client, changed: dict[str, Any], expected: str) -> None:
    """With its code; the identifier stays free."""
    refused = code(reloadly.post("topups-async", json=wish() | changed))

    assert refused == (CODES[expected][0], expected)
    assert create(reloadly)["customIdentifier"] == REFERENCE


def test_a_local_amount_has_bounds_of_its_own(reloadly: httpx.Client) -> None:
    """In the number's currency."""
    there = {"countryCode": "MX", "number": "5512345678"}
    body = wish(amount=49, operatorId=806, useLocalAmount=True, recipientPhone=there)

    assert code(reloadly.post("topups", json=body)) == (400, "INVALID_LOCAL_AMOUNT_FOR_OPERATOR")


@pytest.mark.parametrize("how", ["13055550142", "+13055550142", "+1 305-555-0142", "305 555 0142", 3055550142])
def test_a_number_may_be_written_in_several_ways(reloadly: httpx.Client, how: Any) -> None:
    """And comes back as digits with the country's."""
    there = {"countryCode": "us", "number": how}

    assert create(reloadly, recipientPhone=there)["recipientPhone"] == "13055550142"


def test_an_empty_balance_refuses_and_keeps_the_identifier_free(reloadly: httpx.Client) -> None:
    """1000 USD are six times 150 USD less 3 %, and not seven."""
    for number in range(6):
        create(reloadly, f"K07FLOAT{number}", f"305555010{number}", amount=150)

    assert code(reloadly.post("topups", json=wish(amount=150))) == (400, "INSUFFICIENT_BALANCE")
    assert create(reloadly)["customIdentifier"] == REFERENCE


def test_a_report_is_searched_and_turned_page_by_page(reloadly: httpx.Client, clock: SetClock) -> None:
    """Oldest first; pages begin with 1, and 0 is 1, too; dates are read four hours behind."""
    for number in range(3):
        create(reloadly, f"K07{number}", f"305555010{number}")
        clock.forward(3600)

    def names(**asked: Any) -> list[str]:
        page = reloadly.get("topups/reports/transactions", params=asked).json()
        return [row["customIdentifier"] for row in page["content"]]

    assert names() == ["K070", "K071", "K072"]
    assert names(size=2) == names(size=2, page=0) == names(size=2, page=1) == ["K070", "K071"]
    assert names(size=2, page=2) == ["K072"]
    assert names(size=2, page=3) == []
    assert names(startDate="2026-11-22 08:30:00", endDate="2026-11-22 09:30:00") == ["K071"]
    assert names(operatorId=803) == []
    assert names(countryCode="US", operatorName="Training Mobile USA") == ["K070", "K071", "K072"]
    wrong = reloadly.get("topups/reports/transactions", params={"startDate": "yesterday"})
    assert code(wrong) == (400, "INVALID_INPUT_PROVIDED")
    assert code(reloadly.get("topups/1/status")) == (404, "TRANSACTION_NOT_FOUND")


def test_the_books_survive_a_restart(tmp_path: Path, clock: SetClock) -> None:
    """Top-ups, tokens, the balance, and what the future holds."""
    with Sandbox(tmp_path / "books.db", limits=False, clock=clock) as first, buyer(first) as reloadly:
        id = reloadly.post("topups-async", json=wish(phone="3055550204")).json()["transactionId"]
        token = reloadly.headers["Authorization"]
    clock.forward(10)
    with Sandbox(tmp_path / "books.db", limits=False, clock=clock) as second, buyer(second) as reloadly:
        reloadly.headers["Authorization"] = token

        assert look(reloadly, id)["status"] == "FAILED"
        assert code(reloadly.post("topups", json=wish())) == (400, "CUSTOM_IDENTIFIER_ALREADY_USED")
        assert balance(reloadly) == 1000


# --- faults to rehearse ------------------------------------------------------------------------------------------


def test_states_of_a_top_up_can_be_rehearsed(reloadly: httpx.Client, http: httpx.Client, clock: SetClock) -> None:
    """Slow, failed, refunded, refunded later, listed late, listed without a state: each by its knob."""
    turn(http, takes_s=60, refunds_s=600, times=1)
    slow = create(reloadly, "K07SLOW")["transactionId"]
    turn(http, ends_failed=True, times=1)
    failed = create(reloadly, "K07FAILED", "3055550143")["status"]
    turn(http, ends_refunded=True, times=1)
    refunded = create(reloadly, "K07REFUNDED", "3055550144")["status"]
    turn(http, endpoint="GET topups/reports/*", list_late_s=30, times=1)
    late = reloadly.get("topups/reports/transactions").json()["content"]
    turn(http, endpoint="GET topups/reports/*", tells_no_status=True, times=1)
    silent = reloadly.get("topups/reports/transactions").json()["content"]
    states = [look(reloadly, slow)["status"]]
    for step in (60, 600):
        clock.forward(step)
        states.append(look(reloadly, slow)["status"])

    assert (failed, refunded, late) == ("FAILED", "REFUNDED", [])
    assert [set(row) for row in silent] == [TOP_UP - {"status"}] * 3
    assert states == ["PROCESSING", "SUCCESSFUL", "REFUNDED"]


@pytest.mark.prove
@pytest.mark.parametrize("name", CODES)
def test_every_code_can_be_rehearsed(reloadly: httpx.Client, http: httpx.Client, name: str) -> None:
    """With its HTTP status, and nothing is executed."""
    turn(http, endpoint="POST topups-async", reject=name, times=1)

    assert code(reloadly.post("topups-async", json=wish())) == (CODES[name][0], name)
    assert statuses(http) == []


def test_too_many_requests_are_refused_until_the_window_has_passed(tmp_path: Path, clock: SetClock) -> None:
    """429, and how long to wait."""
    with Sandbox(tmp_path / "books.db", clock=clock) as limited, buyer(limited) as reloadly:
        good = [reloadly.get("countries").status_code for _ in range(59)]
        refused = reloadly.get("countries")
        clock.forward(11)
        after = reloadly.get("countries")

    assert set(good) == {200}
    assert code(refused) == (429, "RATE_LIMIT_REACHED")
    assert refused.headers["Retry-After"] == "10"
    assert after.status_code == 200
