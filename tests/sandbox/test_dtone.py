"""The stand-in of DT One answers and refuses as the documentation says, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from stdnum import luhn

from kiosk.sandbox.dtone_facts import CODES, FLOAT_CENTS, PRODUCTS, SIMS
from kiosk.sandbox.server import Sandbox
from tests.sandbox.conftest import SetClock
from tests.sandbox.dtone_buyer import (
    ACTIVE,
    NEW,
    PLAN,
    PLAN_CENTS,
    REFERENCE,
    ROAMING,
    SILENT,
    STRANGER,
    balance,
    buyer,
    code,
    create,
    ending_in,
    look,
    wish,
)

FLOAT, PRICE = FLOAT_CENTS / 100, PLAN_CENTS / 100


@pytest.fixture
def dtone(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with buyer(sandbox) as client:
        yield client


def turn(http: httpx.Client, **rule: Any) -> None:
    assert http.put("/_knobs", json={"remote": "dtone", **rule}).status_code == 200


def test_whoever_is_not_logged_in_is_told_nothing(sandbox: Sandbox) -> None:
    """Without a key, and with a wrong secret: 1000401."""
    with buyer(sandbox, ("training-key", "guess")) as wrong:
        refused = code(wrong.get("products"))

    assert refused == (401, 1000401)


def test_an_unknown_address_is_refused_in_dtones_words(dtone: httpx.Client) -> None:
    """1000404, also for a method that an address does not have."""
    assert code(dtone.get("nowhere")) == (404, 1000404)
    assert code(dtone.delete("balances")) == (404, 1000404)


# --- transactions ------------------------------------------------------------------------------------------------


def test_a_top_up_is_confirmed_then_completed(dtone: httpx.Client) -> None:
    """The asynchronous answer comes before the operator's; the transaction says what was topped up."""
    made = create(dtone)
    found = dtone.get("transactions", params={"external_id": REFERENCE}).json()[0]

    assert made["status"] == {"id": 20000, "message": "CONFIRMED", "class": {"id": 2, "message": "CONFIRMED"}}
    assert found["status"] == {"id": 70000, "message": "COMPLETED", "class": {"id": 7, "message": "COMPLETED"}}
    assert found["credit_party_identifier"] == {"account_number": ACTIVE}
    assert found["metadata"]["activation_type"] == "TOP_UP"
    assert "profile" not in found["metadata"]
    assert found["product"]["id"] == PLAN


def test_a_reference_is_used_once_whatever_became_of_it(dtone: httpx.Client) -> None:
    """Completed or declined: a second transaction under it is 1007001, and costs nothing."""
    create(dtone)
    create(dtone, "K07DECLINEDT1", STRANGER)

    again = [code(dtone.post("async/transactions", json=wish(name))) for name in (REFERENCE, "K07DECLINEDT1")]

    assert again == [(400, 1007001)] * 2
    assert balance(dtone) == (FLOAT - PRICE, 0)


def test_without_an_iccid_a_new_esim_is_bought(dtone: httpx.Client) -> None:
    """The trap that the documentation points out; the new eSIM can be topped up then."""
    id = create(dtone, iccid=None)["id"]
    bought = dtone.get(f"transactions/{id}").json()
    iccid = bought["pin"]["serial"]

    assert bought["metadata"]["activation_type"] == "DATA_PLAN"
    assert bought["metadata"]["profile"]["iccid"] == iccid
    assert look(dtone, create(dtone, "K07SECOND", iccid)["id"]) == "COMPLETED"


@pytest.mark.parametrize(
    ("last", "status"),
    [
        ("00", "COMPLETED"),
        ("01", "COMPLETED"),
        ("02", "DECLINED-INVALID-CREDIT-PARTY"),
        ("03", "DECLINED-BARRED-CREDIT-PARTY"),
        ("04", "DECLINED-OPERATOR-CURRENTLY-UNAVAILABLE"),
        ("05", "DECLINED-DUPLICATED-TRANSACTION"),
        ("06", "DECLINED"),
        ("07", "DECLINED-EXCEPTION"),
    ],
)
def test_the_last_digits_say_how_it_ends_and_when(dtone: httpx.Client, clock: SetClock, last: str, status: str) -> None:
    """1xx after 3 s, 2xx after 20 s, 3xx after 5 min; until then it is confirmed, then submitted."""
    ids = {delay: create(dtone, f"K07{delay}", ending_in(delay[0] + last))["id"] for delay in ("1s", "2s", "3s")}
    seen = []
    for step in (2, 1.5, 17, 280):
        clock.forward(step)
        seen.append([look(dtone, id) for id in ids.values()])

    assert seen == [
        ["SUBMITTED"] * 3,
        [status, "SUBMITTED", "SUBMITTED"],
        [status, status, "SUBMITTED"],
        [status] * 3,
    ]


@pytest.mark.parametrize(
    ("iccid", "status"),
    [(STRANGER, "DECLINED-INVALID-CREDIT-PARTY"), (ROAMING, "DECLINED-INELIGIBLE-CREDIT-PARTY"), (NEW, "COMPLETED")],
)
def test_a_card_takes_its_own_operators_plans(dtone: httpx.Client, iccid: str, status: str) -> None:
    """A stranger's card and another operator's are declined, and nothing is taken for it."""
    assert look(dtone, create(dtone, iccid=iccid)["id"]) == status
    assert balance(dtone) == (FLOAT - (PRICE if status == "COMPLETED" else 0), 0)


def test_the_balance_is_held_then_taken_or_given_back(dtone: httpx.Client, clock: SetClock) -> None:
    """CREATED holds, COMPLETED takes, DECLINED and CANCELLED give back."""
    create(dtone, "K07A", ending_in("200"))
    create(dtone, "K07B", ending_in("206"))
    waiting = create(dtone, "K07C", auto_confirm=False)["id"]
    held = balance(dtone)
    clock.forward(21)
    dtone.post(f"transactions/{waiting}/cancel")

    assert held == (FLOAT - 3 * PRICE, 3 * PRICE)
    assert balance(dtone) == (FLOAT - PRICE, 0)


def test_what_is_not_confirmed_waits_an_hour(dtone: httpx.Client, clock: SetClock) -> None:
    """Confirmed in time it goes on; too late it can only be cancelled."""
    first, late = (create(dtone, name, auto_confirm=False)["id"] for name in ("K07A", "K07B"))
    accepted = dtone.post(f"async/transactions/{first}/confirm")
    again = code(dtone.post(f"async/transactions/{first}/confirm"))
    clock.forward(3601)

    assert (accepted.status_code, accepted.json()["status"]["message"]) == (202, "CONFIRMED")
    assert again == (400, 1007002)
    assert code(dtone.post(f"transactions/{first}/cancel")) == (400, 1007007)
    assert code(dtone.post(f"async/transactions/{late}/confirm")) == (400, 1007004)
    assert dtone.post(f"transactions/{late}/cancel").json()["status"]["message"] == "CANCELLED"
    assert code(dtone.post(f"transactions/{late}/cancel")) == (400, 1007005)
    assert code(dtone.post(f"async/transactions/{late}/confirm")) == (400, 1007005)


def test_an_empty_balance_refuses_and_keeps_the_reference_free(dtone: httpx.Client, clock: SetClock) -> None:
    """1006001: nothing was made of it; when there is money again, the same reference is taken."""
    plan = PRODUCTS[50106]
    times = FLOAT_CENTS // (plan.cost_cents + plan.fee_cents)
    for number in range(times):
        create(dtone, f"K07FLOAT{number}", ending_in("206"), plan.id)

    refused = code(dtone.post("async/transactions", json=wish(plan=plan.id)))
    clock.forward(21)

    assert refused == (400, 1006001)
    assert create(dtone, plan=plan.id)["external_id"] == REFERENCE


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"external_id": ""}, 1000400),
        ({"external_id": "K" * 41}, 1000400),
        ({"external_id": 7}, 1000400),
        ({"product_id": "50104"}, 1000400),
        ({"product_id": 99999}, 1003001),
        ({"auto_confirm": "yes"}, 1000400),
        ({"credit_party_identifier": {}}, 1000400),
        ({"credit_party_identifier": {"account_number": " "}}, 1000400),
        ({"credit_party_identifier": {"account_number": "8" * 91}}, 1000400),
        ({"credit_party_identifier": {"mobile_number": "650-253"}}, 1005003),
        ({"product_id": 50107}, 1000400),
        ({"product_id": 50301}, 1005003),
    ],
)
def test_a_wish_that_cannot_be_is_refused(dtone: httpx.Client, change: dict[str, Any], expected: int) -> None:
    """By the documented schema, with the documented code; the reference stays free."""
    answer = dtone.post("async/transactions", json=wish() | change)

    assert code(answer) == (CODES[expected][0], expected)
    assert create(dtone)["external_id"] == REFERENCE


def test_transactions_are_found_by_reference_or_within_a_day(dtone: httpx.Client, clock: SetClock) -> None:
    """The last 24 hours by default, a window of at most 24 hours, any age by `external_id`."""
    create(dtone)
    clock.forward(90_000)
    create(dtone, "K07LATER")
    window = {"from_date": "2026-11-22T00:00:00Z", "to_date": "2026-11-23T00:00:00Z"}

    def names(**asked: Any) -> list[str]:
        return [found["external_id"] for found in dtone.get("transactions", params=asked).json()]

    assert names() == ["K07LATER"]
    assert names(external_id=REFERENCE) == [REFERENCE]
    assert names(**window) == [REFERENCE]
    assert names(credit_party_account_number=ACTIVE, status_id=70000) == ["K07LATER"]
    assert code(dtone.get("transactions", params={"external_id": "K07NOBODY"})) == (404, 1008004)
    assert code(dtone.get("transactions", params=window | {"to_date": "2026-11-23T00:00:01Z"})) == (400, 1000400)
    assert code(dtone.get("transactions/1")) == (404, 1008004)


def test_the_books_survive_a_restart(tmp_path: Path, clock: SetClock) -> None:
    """Transactions, the balance, and what the future holds for them."""
    with Sandbox(tmp_path / "books.db", limits=False, clock=clock) as first, buyer(first) as dtone:
        id = create(dtone, iccid=ending_in("206"))["id"]
    clock.forward(21)
    with Sandbox(tmp_path / "books.db", limits=False, clock=clock) as second, buyer(second) as dtone:
        assert look(dtone, id) == "DECLINED"
        assert code(dtone.post("async/transactions", json=wish())) == (400, 1007001)
        assert balance(dtone) == (FLOAT, 0)


# --- faults to rehearse ------------------------------------------------------------------------------------------


def test_states_of_a_transaction_can_be_rehearsed(dtone: httpx.Client, http: httpx.Client, clock: SetClock) -> None:
    """Slow, unconfirmed, rejected, reversed, listed late: each by its knob."""
    turn(http, takes_s=60, reverses_s=600, times=1)
    slow = create(dtone, "K07SLOW")["id"]
    turn(http, stays_created=True, times=1)
    created = create(dtone, "K07CREATED")["status"]["message"]
    turn(http, ends_rejected=True, times=1)
    rejected = create(dtone, "K07REJECTED")["status"]
    turn(http, endpoint="GET transactions", list_late_s=30, times=1)
    hidden = code(dtone.get("transactions", params={"external_id": "K07SLOW"}))
    states = [look(dtone, slow)]
    for step in (60, 600):
        clock.forward(step)
        states.append(look(dtone, slow))

    assert states == ["CONFIRMED", "COMPLETED", "REVERSED"]
    assert created == "CREATED"
    assert (rejected["id"], rejected["class"]) == (30400, {"id": 3, "message": "REJECTED"})
    assert hidden == (404, 1008004)


@pytest.mark.parametrize("number", CODES)
def test_every_documented_code_can_be_rehearsed(dtone: httpx.Client, http: httpx.Client, number: int) -> None:
    """With its documented HTTP status, and nothing is executed."""
    turn(http, endpoint="POST async/transactions", reject=number, times=1)

    assert code(dtone.post("async/transactions", json=wish())) == (CODES[number][0], number)
    assert http.get("/_books/dtone/transactions").json() == []


def test_too_many_requests_are_refused_until_the_window_has_passed(tmp_path: Path, clock: SetClock) -> None:
    """Every answer says what is left; then 1000429, without a word on when to come back."""
    with Sandbox(tmp_path / "books.db", clock=clock) as limited, buyer(limited) as dtone:
        left = [int(dtone.get("balances").headers["X-Ratelimit-Remaining"]) for _ in range(60)]
        refused = dtone.get("balances")
        clock.forward(11)
        after = dtone.get("balances")

    assert left == list(range(59, -1, -1))
    assert code(refused) == (429, 1000429)
    assert refused.headers["X-Ratelimit-Remaining"] == "0"
    assert "retry-after" not in refused.headers
    assert after.status_code == 200


def test_every_training_sim_passes_the_check_digit_test() -> None:
    """So that the kiosk takes them as they are typed."""
    assert set(SIMS) == {ACTIVE, NEW, SILENT, ROAMING}
    assert all(map(luhn.is_valid, SIMS))
