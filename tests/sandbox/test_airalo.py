"""The stand-in of Airalo answers and refuses as the documentation says, over real HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.sandbox.airalo_facts import CATALOGUE, ERROR_PACKAGES, SIMS
from kiosk.sandbox.server import Sandbox
from tests.sandbox.conftest import CREDENTIALS, JSON, PLAIN, SetClock, executed, logged_in, turn
from tests.sandbox.partner import ACTIVE, NEW, NO_TOP_UPS, PLAN, RECYCLED, order


def test_wrong_credentials_are_refused_in_the_documented_words(sandbox: Sandbox) -> None:
    """An unknown client is a 422 on its field, a wrong secret a 401, a missing field a 422."""
    url = f"{sandbox.url}/airalo/v2/token"

    unknown = httpx.post(url, verify=PLAIN, data=CREDENTIALS | {"client_id": "nobody"}, headers=JSON)
    wrong = httpx.post(url, verify=PLAIN, data=CREDENTIALS | {"client_secret": "guess"}, headers=JSON)
    missing = httpx.post(url, verify=PLAIN, data={"grant_type": "client_credentials"}, headers=JSON)

    assert (unknown.status_code, unknown.json()["data"]) == (
        422,
        {"client_id": "The selected client id is invalid."},
    )
    assert (wrong.status_code, wrong.json()) == (
        401,
        {"data": [], "meta": {"message": "Client authentication failed"}},
    )
    assert set(missing.json()["data"]) == {"client_id", "client_secret"}


def test_a_token_lives_a_day_and_has_a_full_stop(airalo: httpx.Client, clock: SetClock) -> None:
    """After its life, and without one, every call is a 401."""
    fresh = airalo.get("balance").status_code
    clock.forward(86_401)

    assert "." in airalo.headers["Authorization"]
    assert (fresh, airalo.get("balance").status_code) == (200, 401)
    assert airalo.get("balance", headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_an_active_sim_takes_the_whole_catalogue(airalo: httpx.Client) -> None:
    """Numbers are numbers here, unlimited is an amount of 0, and the wholesale price is net_price."""
    answer = airalo.get(f"sims/{ACTIVE}/topups").json()

    assert answer["pricing"] == {"model": "net_pricing", "discount_percentage": 0}
    assert {offer["id"] for offer in answer["data"]} == set(CATALOGUE)
    assert {offer["amount"] for offer in answer["data"] if offer["is_unlimited"]} == {0}
    assert next(offer for offer in answer["data"] if offer["id"] == PLAN)["net_price"] == 18.7


def test_sims_that_cannot_be_topped_up_say_why(airalo: httpx.Client) -> None:
    """A stranger is a 404, a recycled SIM code 73, one without top-ups an empty list and code 23 when ordered."""
    unknown = airalo.get("sims/8901260128734650919/topups")
    recycled = airalo.get(f"sims/{RECYCLED}/topups")
    fields = {"package_id": PLAN, "iccid": NO_TOP_UPS}

    assert (unknown.status_code, unknown.json()["meta"]["message"]) == (404, "messages.resource_not_found")
    assert (recycled.status_code, recycled.json()["code"]) == (422, 73)
    assert airalo.get(f"sims/{NO_TOP_UPS}/topups").json() == {"data": []}
    assert airalo.post("orders/topups", data=fields).json()["code"] == 23


@pytest.mark.parametrize("how", ["multipart", "json", "form"])
def test_a_top_up_may_be_sent_in_three_ways(airalo: httpx.Client, how: str) -> None:
    """Numbers and not strings in the answer, our description echoed, and no word of the SIM."""
    fields = {"package_id": PLAN, "iccid": ACTIVE, "description": "K077Q3F9XKD2MWBT1"}
    kinds: dict[str, Any] = {
        "multipart": {"files": {name: (None, value) for name, value in fields.items()}},
        "json": {"json": fields},
        "form": {"data": fields},
    }

    data = airalo.post("orders/topups", **kinds[how]).json()["data"]

    assert (data["validity"], data["price"], data["quantity"], data["net_price"]) == (30, 26, 1, 18.7)
    assert (data["description"], data["type"], data["code"]) == ("K077Q3F9XKD2MWBT1", "topup", "20261122-009001")
    assert "sims" not in data
    assert ACTIVE not in json.dumps(data)


def test_two_equal_posts_are_two_top_ups(airalo: httpx.Client, http: httpx.Client) -> None:
    """Nothing is deduplicated, and both are paid for."""
    order(airalo)
    order(airalo)

    balance = airalo.get("balance").json()["data"]["balances"]["availableBalance"]
    assert len(executed(http)) == 2
    assert balance == {"amount": 962.6, "currency": "USD"}


def test_credit_that_does_not_suffice_is_code_11_and_nothing_is_executed(
    airalo: httpx.Client, http: httpx.Client
) -> None:
    """The float is debited by wholesale prices and never goes below zero."""
    for _ in range(19):
        order(airalo, plan="change-30days-unlimited-topup")
    refused = airalo.post("orders/topups", json={"package_id": "change-30days-unlimited-topup", "iccid": ACTIVE})

    assert (refused.status_code, refused.json()["code"]) == (422, 11)
    assert len(executed(http)) == 19


@pytest.mark.parametrize(("package", "code"), ERROR_PACKAGES.items())
def test_the_documented_error_packages_give_their_codes(airalo: httpx.Client, package: str, code: int) -> None:
    """Each test package is a 422 with its own code."""
    answer = airalo.post("orders/topups", json={"package_id": package, "iccid": ACTIVE})

    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_validation_error_is_html_for_who_does_not_accept_json(airalo: httpx.Client) -> None:
    """With the Accept header it is a 422 that names the fields; without, a 500 page."""
    good = airalo.post("orders/topups", json={"package_id": "no-such", "iccid": ACTIVE})
    bad = airalo.post("orders/topups", json={}, headers={"Accept": "*/*"})

    assert (good.status_code, good.json()["data"]) == (422, {"package_id": "invalid topup package"})
    assert (bad.status_code, bad.headers["content-type"]) == (500, "text/html; charset=utf-8")


def test_a_top_up_shows_on_the_sim(airalo: httpx.Client, clock: SetClock) -> None:
    """History gains a package at once; usage counts it when its cache of an hour is over."""
    before = airalo.get(f"sims/{ACTIVE}/usage").json()["data"]
    id = order(airalo)["id"]

    clock.forward(3599)
    cached = airalo.get(f"sims/{ACTIVE}/usage").json()["data"]
    clock.forward(1)
    after = airalo.get(f"sims/{ACTIVE}/usage").json()["data"]
    history = airalo.get(f"sims/{ACTIVE}/packages").json()["data"]
    assert (before["remaining"], before["total"], before["status"]) == (1210, 3072, "ACTIVE")
    assert cached == before
    assert (after["remaining"], after["total"]) == (1210 + 10_240, 3072 + 10_240)
    assert (history[0]["id"], history[0]["status"], history[0]["package"]["id"]) == (id, "ACTIVE", PLAN)
    assert history[0]["expired_at"] == "2026-12-22T12:00:00+00:00"


def test_a_new_sim_and_an_unlimited_plan_show_as_documented(airalo: httpx.Client) -> None:
    """Nothing is active on a new SIM; unlimited is 0 of 0."""
    order(airalo, iccid=ACTIVE, plan="change-10days-unlimited-topup")

    new, unlimited = (airalo.get(f"sims/{iccid}/usage").json()["data"] for iccid in (NEW, ACTIVE))
    recycled = airalo.get(f"sims/{RECYCLED}/usage").json()["data"]
    assert (new["status"], new["expired_at"], new["remaining"]) == ("NOT_ACTIVE", None, 3072)
    assert (unlimited["is_unlimited"], unlimited["remaining"], unlimited["total"]) == (True, 0, 0)
    assert (recycled["status"], recycled["is_unlimited"]) == ("RECYCLED", None)


def test_a_refund_is_only_a_request(airalo: httpx.Client) -> None:
    """It is accepted for known SIMs and reasons, and gives nothing back by itself."""
    order(airalo)
    form = {"iccids[]": [ACTIVE], "reason": "TOP_UP_PACKAGE_FAILURE"}

    accepted = airalo.post("refund", data=form)
    foreign = airalo.post("refund", data=form | {"iccids[]": ["894000000000001"]})
    reasonless = airalo.post("refund", data=form | {"reason": "BORED"})

    wordless, wordy, nowhere = (
        airalo.post("refund", data=form | more).json()["data"]
        for more in ({"reason": "OTHERS"}, {"notes": "x" * 256}, {"email": "nowhere"})
    )

    assert (wordless.keys(), wordy.keys(), nowhere.keys()) == ({"notes"}, {"notes"}, {"email"})
    assert (accepted.status_code, accepted.json()["data"]["refund_id"]) == (202, "1")
    assert "do not belong to your company" in foreign.json()["meta"]["message"]
    assert "reason" in reasonless.json()["data"]
    assert airalo.get("balance").json()["data"]["balances"]["availableBalance"]["amount"] == 981.3


def test_a_signature_is_checked_where_there_is_one(airalo: httpx.Client, http: httpx.Client) -> None:
    """HMAC-SHA512 over compact JSON, with the slash escaped as PHP escapes it."""
    fields = {"package_id": PLAN, "iccid": ACTIVE, "description": "A/B"}
    text = json.dumps(fields, separators=(",", ":")).replace("/", "\\/")
    right = hmac.new(b"training-secret", text.encode(), hashlib.sha512).hexdigest()

    good = airalo.post("orders/topups", json=fields, headers={"airalo-signature": right})
    bad = airalo.post("orders/topups", json=fields, headers={"airalo-signature": right[::-1]})

    assert good.status_code == 200
    assert (bad.status_code, bad.json()["code"]) == (422, 43)
    assert len(executed(http)) == 1


def test_the_fourth_token_in_a_minute_is_one_too_many(tmp_path: Path, clock: SetClock) -> None:
    """429 with Retry-After, and again welcome after that time."""
    with Sandbox(tmp_path / "books.db", clock=clock) as limited, httpx.Client(headers=JSON, verify=PLAIN) as client:
        url = f"{limited.url}/airalo/v2/token"
        first, _, _, refused = (client.post(url, data=CREDENTIALS) for _ in range(4))
        clock.forward(float(refused.headers["Retry-After"]))
        again = client.post(url, data=CREDENTIALS)

    assert (first.headers["x-ratelimit-limit"], first.headers["x-ratelimit-remaining"]) == ("3", "2")
    assert (refused.status_code, refused.json()) == (429, {"message": "Too Many Attempts."})
    assert refused.headers["Retry-After"] == "60"
    assert again.status_code == 200


def test_history_is_limited_for_each_sim(tmp_path: Path, clock: SetClock) -> None:
    """Ten a minute for one SIM say nothing about another; five a second hold for all."""
    with Sandbox(tmp_path / "books.db", clock=clock) as limited, logged_in(limited) as client:
        answers = []
        for _ in range(11):
            clock.forward(1.1)
            answers.append(client.get(f"sims/{ACTIVE}/packages").status_code)
        other = client.get(f"sims/{NEW}/packages").status_code
        burst = [client.get("balance").status_code for _ in range(6)]

    assert answers == [200] * 10 + [429]
    assert other == 200
    assert burst == [200] * 5 + [429]


def test_a_sim_may_be_told_to_show_nothing(airalo: httpx.Client, http: httpx.Client) -> None:
    """The knob that rehearses a top-up which never arrives: the order is completed, and the SIM knows nothing of it."""
    order(airalo)
    turn(http, endpoint="sims/*", sim_shows_nothing=True)

    history = airalo.get(f"sims/{ACTIVE}/packages").json()["data"]
    assert PLAN not in [held["package"]["id"] for held in history]
    assert len(executed(http)) == 1


def test_the_books_survive_a_restart(tmp_path: Path) -> None:
    """Tokens, orders, balance and knobs are as they were."""
    with Sandbox(tmp_path / "books.db", limits=False) as first, logged_in(first) as client:
        order(client)
        with httpx.Client(base_url=first.url, verify=PLAIN) as http:
            turn(http, endpoint="balance", fail_before=503)
        authorization = client.headers["Authorization"]

    with (
        Sandbox(tmp_path / "books.db", limits=False) as second,
        httpx.Client(base_url=f"{second.url}/airalo/v2/", headers=JSON | {"Authorization": authorization}) as client,
    ):
        assert client.get("orders").json()["meta"]["total"] == 1
        assert client.get("balance").status_code == 503


def test_the_training_sims_pass_the_check_digit() -> None:
    """The kiosk would not let a customer go on with one that does not."""
    from stdnum import luhn

    assert all(luhn.is_valid(iccid) for iccid in SIMS)
    assert {len(iccid) for iccid in SIMS} == {19, 20}
