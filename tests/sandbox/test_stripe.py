"""The stand-in of Stripe refuses what the real one refuses: states, keys, parameters, a reader that is away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from kiosk.sandbox.server import Sandbox
from tests.sandbox.conftest import PLAIN, SetClock
from tests.sandbox.stripe_caller import CANCEL_ACTION, ORDER, PRESENT, PROCESS, Caller

DAY_S = 86_400


@pytest.fixture
def caller(http: httpx.Client) -> Caller:
    return Caller(http)


def turn(caller: Caller, **rule: object) -> None:
    answer = caller.http.put("/_knobs", json={"remote": "stripe", **rule})
    assert answer.status_code == 200, answer.text


# --- the intent ----------------------------------------------------------------------------------------------------


def test_a_hold_is_captured_once(caller: Caller) -> None:
    """All of it; the second capture and a cancel are refused, and show how it stands."""
    intent = caller.authorized()
    taken = caller.post(f"payment_intents/{intent}/capture")
    again = caller.refused(f"payment_intents/{intent}/capture")
    late = caller.refused(f"payment_intents/{intent}/cancel")

    assert (taken["status"], taken["amount_received"]) == ("succeeded", 2400)
    assert [error["code"] for error in (again, late)] == ["payment_intent_unexpected_state"] * 2
    assert again["payment_intent"]["status"] == "succeeded"


def test_a_part_can_be_captured_and_the_rest_is_let_go(caller: Caller) -> None:
    """More than is held cannot."""
    intent = caller.authorized()
    more = caller.refused(f"payment_intents/{intent}/capture", amount_to_capture="2401")
    part = caller.post(f"payment_intents/{intent}/capture", amount_to_capture="400")

    assert more["code"] == "amount_too_large"
    assert (part["amount_received"], caller.look(intent)["latest_charge"]["amount_refunded"]) == (400, 2000)


def test_a_hold_that_nobody_captures_is_given_back_by_itself(caller: Caller, clock: SetClock) -> None:
    """After `capture_before`, which the charge tells; then it cannot be captured any more."""
    intent = caller.authorized()
    card = caller.look(intent)["latest_charge"]["payment_method_details"]["card_present"]
    clock.forward(2 * DAY_S - 1)
    before = caller.look(intent)["status"]
    clock.forward(1)

    assert card["capture_before"] == clock.now.timestamp()
    assert (before, caller.look(intent)["status"]) == ("requires_capture", "canceled")
    assert caller.look(intent)["cancellation_reason"] == "automatic"
    assert caller.refused(f"payment_intents/{intent}/capture")["code"] == "payment_intent_unexpected_state"


def test_a_charge_tells_what_a_receipt_needs_and_no_number_of_the_card(caller: Caller) -> None:
    """Brand, last four, how it was read, application, authorization."""
    answer = caller.look(caller.authorized())
    card = answer["latest_charge"]["payment_method_details"]["card_present"]

    assert (card["brand"], card["last4"], card["read_method"]) == ("visa", "4242", "contactless_emv")
    assert (card["receipt"]["dedicated_file_name"], card["receipt"]["authorization_code"]) == (
        "A0000000031010",
        "123456",
    )
    assert "4242424242424242" not in str(answer)


def test_a_refund_gives_back_no_more_than_was_taken(caller: Caller) -> None:
    """Nothing of a hold, all of a capture, and then no more."""
    intent = caller.authorized()
    held = caller.refused("refunds", payment_intent=intent)
    caller.post(f"payment_intents/{intent}/capture")
    more = caller.refused("refunds", payment_intent=intent, amount="2401")
    back = caller.post("refunds", payment_intent=intent, **{"metadata[refund]": "R1"})
    again = caller.refused("refunds", payment_intent=intent)

    assert held["code"] == "payment_intent_unexpected_state"
    assert more["param"] == "amount"
    assert (back["status"], back["amount"], back["metadata"]) == ("succeeded", 2400, {"refund": "R1"})
    assert again["code"] == "charge_already_refunded"


def test_a_refund_may_pend_and_fail_and_another_may_follow(caller: Caller, clock: SetClock) -> None:
    """A failed one stays failed; the money is there to be given back again."""
    intent = caller.authorized()
    caller.post(f"payment_intents/{intent}/capture")
    turn(caller, endpoint="POST refunds", refund_pends_s=60, refund_fails=True, times=1)
    pending = caller.post("refunds", payment_intent=intent)
    while_pending = caller.refused("refunds", payment_intent=intent)
    clock.forward(60)
    failed = caller.get(f"refunds/{pending['id']}")
    second = caller.post("refunds", payment_intent=intent)

    assert (pending["status"], failed["status"], second["status"]) == ("pending", "failed", "succeeded")
    assert while_pending["code"] == "charge_already_refunded"
    assert caller.get(f"refunds/{pending['id']}")["status"] == "failed"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"amount": ""}, "parameter_missing"),
        ({"amount": "12.50"}, "parameter_invalid_integer"),
        ({"amount": "0"}, "parameter_invalid_integer"),
        ({"tip": "3"}, "parameter_unknown"),
        ({"currency": "usdollar"}, None),
        ({"expand[]": "customer"}, None),
        ({"payment_method_types[]": "card"}, None),
    ],
)
def test_a_wrong_parameter_is_refused_and_named(caller: Caller, changed: dict[str, str], code: str | None) -> None:
    """Before anything began: the key remembers nothing, and serves for the request that is right."""
    good = {"amount": "100", "currency": "usd", "payment_method_types[]": "card_present"}
    error = caller.refused("payment_intents", key=ORDER, **good | changed)
    answer = caller.send("POST", "payment_intents", key=ORDER, **good)

    assert error.get("code") == code
    assert answer.status_code == 200


# --- idempotency keys ------------------------------------------------------------------------------------------------


def test_a_key_replays_the_first_answer_for_a_day(caller: Caller, clock: SetClock) -> None:
    """The saved answer, not the present state; after 24 hours the same request is a new one."""
    intent = caller.authorized()
    wish = {"amount": "2400", "currency": "usd", "payment_method_types[]": "card_present"}
    wish |= {"capture_method": "manual", "metadata[order]": ORDER}
    again = caller.send("POST", "payment_intents", key=ORDER, **wish)
    clock.forward(DAY_S)
    later = caller.send("POST", "payment_intents", key=ORDER, **wish)

    assert (again.json()["id"], again.json()["status"]) == (intent, "requires_payment_method")
    assert again.headers["Idempotent-Replayed"] == "true"
    assert later.json()["id"] != intent
    assert "Idempotent-Replayed" not in later.headers


def test_a_key_remembers_a_500_as_well(caller: Caller) -> None:
    """Broken inside, and the same for a day: whoever repeats it learns nothing new."""
    turn(caller, endpoint="POST payment_intents", breaks_inside=True, times=1)
    wish = {"amount": "2400", "currency": "usd", "payment_method_types[]": "card_present"}
    first, again = (caller.send("POST", "payment_intents", key=ORDER, **wish) for _ in range(2))

    assert (first.status_code, again.status_code) == (500, 500)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert caller.get("payment_intents")["data"] == []


def test_a_key_for_something_else_is_an_error(caller: Caller) -> None:
    """Another amount, or another address."""
    intent = caller.intent()
    other = caller.refused("payment_intents", key=ORDER, amount="1", currency="usd", **{"payment_method_types[]": "x"})
    elsewhere = caller.refused(f"payment_intents/{intent}/cancel", key=ORDER)

    assert (other["type"], elsewhere["type"]) == ("idempotency_error", "idempotency_error")


# --- the reader ------------------------------------------------------------------------------------------------------


def test_a_reader_that_is_in_progress_takes_another_intent(caller: Caller) -> None:
    """An action that has not begun is replaced; the card then pays the second."""
    first, second = caller.intent(key="A"), caller.intent(key="B")
    caller.process(first)
    caller.process(second)
    caller.post(PRESENT)

    assert [caller.look(intent)["status"] for intent in (first, second)] == [
        "requires_payment_method",
        "requires_capture",
    ]


def test_a_card_that_is_being_authorized_makes_the_reader_busy(caller: Caller, clock: SetClock) -> None:
    """It can be neither replaced nor cancelled; then it is through."""
    turn(caller, endpoint="POST */process_payment_intent", authorizes_s=5)
    intent = caller.intent()
    caller.process(intent)
    caller.post(PRESENT)
    other = caller.refused(PROCESS, payment_intent=caller.intent(key="B"))
    cancelled = caller.refused(CANCEL_ACTION)
    meanwhile = caller.look(intent)["status"]
    clock.forward(5)

    assert (other["code"], cancelled["code"]) == ("terminal_reader_busy", "terminal_reader_busy")
    assert meanwhile == "requires_payment_method"
    assert caller.reader()["action"]["status"] == "succeeded"
    assert caller.look(intent)["status"] == "requires_capture"


def test_an_intent_that_is_held_cannot_be_processed_again(caller: Caller) -> None:
    """Nor one that is cancelled."""
    intent = caller.authorized()
    held = caller.refused(PROCESS, payment_intent=intent)
    caller.post(f"payment_intents/{intent}/cancel")
    dead = caller.refused(PROCESS, payment_intent=intent)

    assert (held["code"], dead["code"]) == ("intent_invalid_state", "intent_invalid_state")
    assert dead["payment_intent"]["status"] == "canceled"


def test_a_reader_without_power_times_out_and_is_offline_after_two_minutes(caller: Caller, clock: SetClock) -> None:
    """Nothing is queued for it; back on its feet it takes the next."""
    intent = caller.intent()
    caller.act("pull")
    at_once = caller.refused(PROCESS, payment_intent=intent)
    clock.forward(120)
    later = caller.refused(PROCESS, payment_intent=intent)
    offline = caller.reader()["status"]
    caller.act("plug")

    assert (at_once["code"], later["code"], offline) == (
        "terminal_reader_timeout",
        "terminal_reader_offline",
        "offline",
    )
    assert caller.reader()["action"] is None
    assert caller.process(intent)["action"]["status"] == "in_progress"


def test_a_reader_that_loses_its_line_stays_in_progress_for_ever(caller: Caller, clock: SetClock) -> None:
    """The card was authorized all the same: the intent is the truth."""
    intent = caller.intent()
    caller.process(intent)
    caller.act("tap_and_pull")
    clock.forward(DAY_S)
    caller.act("plug")

    assert caller.reader()["action"]["status"] == "in_progress"
    assert caller.look(intent)["status"] == "requires_capture"


def test_the_x_on_the_reader_ends_the_action_alone(caller: Caller) -> None:
    """The intent takes a card as before; where the caller has not allowed it, there is no X."""
    intent = caller.intent()
    caller.post(PROCESS, payment_intent=intent)
    without = caller.act("x")
    caller.process(intent)
    with_it = caller.act("x")

    assert (without, with_it) == (409, 303)
    assert caller.reader()["action"]["failure_code"] == "customer_canceled"
    assert caller.reader()["action"]["api_error"] is None
    assert caller.look(intent)["last_payment_error"] is None


def test_an_older_version_has_no_api_error(caller: Caller) -> None:
    """It came with 2026-05-27."""
    caller.process(caller.intent(2405))
    caller.act("tap")
    headers = {"Authorization": "Bearer sk_test_training", "Stripe-Version": "2025-09-30.clover"}
    old = caller.http.get(f"/stripe/v1/terminal/readers/{caller.reader()['id']}", headers=headers).json()

    assert "api_error" not in old["action"]
    assert caller.reader()["action"]["api_error"]["decline_code"] == "generic_decline"


def test_a_false_time_out_was_executed(caller: Caller) -> None:
    """The caller hears that it timed out, and the reader asks for a card."""
    turn(caller, endpoint="POST */process_payment_intent", times_out=True, times=1)
    intent = caller.intent()
    error = caller.refused(PROCESS, payment_intent=intent)

    assert error["code"] == "terminal_reader_timeout"
    assert caller.reader()["action"]["process_payment_intent"]["payment_intent"] == intent


def test_the_readers_page_shows_what_stands_on_it(caller: Caller) -> None:
    """Welcome, the amount, the outcome; and dark without power."""
    seen = [caller.http.get("/reader").text]
    caller.process(caller.intent())
    seen.append(caller.http.get("/reader").text)
    caller.act("decline")
    seen.append(caller.http.get("/reader").text)
    caller.act("pull")
    seen.append(caller.http.get("/reader").text)

    for page, word in zip(seen, ("Welcome", "24.00 USD", "Declined", "no power"), strict=True):
        assert word in page
    assert caller.act("tap") == 409


# --- lists, search, errors --------------------------------------------------------------------------------


def test_a_list_has_pages_and_a_search_may_come_late(caller: Caller, clock: SetClock) -> None:
    """Newest first; what was made a moment ago may not be found yet, but is listed."""
    turn(caller, endpoint="POST payment_intents", search_late_s=60)
    made = [caller.intent(key=str(number)) for number in range(3)]
    first = caller.get("payment_intents", limit="2")
    rest = caller.get("payment_intents", limit="2", starting_after=first["data"][-1]["id"])
    query = {"query": f"metadata['order']:'{ORDER}'"}
    at_once = caller.get("payment_intents/search", **query)["data"]
    clock.forward(60)

    assert [each["id"] for each in first["data"] + rest["data"]] == made[::-1]
    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert at_once == []
    assert len(caller.get("payment_intents/search", **query)["data"]) == 3
    assert caller.get("payment_intents", **{"created[gte]": str(int(clock.now.timestamp()))})["data"] == []


@pytest.mark.parametrize(
    ("path", "secret", "status", "code"),
    [
        ("payment_intents/pi_none", "sk_test_training", 404, "resource_missing"),
        ("balance", "sk_test_training", 404, None),
        ("payment_intents", "sk_live_somebody", 401, None),
        ("payment_intents", "", 401, None),
    ],
)
def test_who_is_wrong_is_told(caller: Caller, path: str, secret: str, status: int, code: str | None) -> None:
    """A stranger, an address that there is not, an intent of nobody."""
    error = caller.refused(path, "GET", secret=secret)

    assert (error["status"], error.get("code")) == (status, code)


def test_the_books_survive_a_restart(tmp_path: Path) -> None:
    """The hold, and the key."""
    with running_on(tmp_path) as caller:
        intent = caller.authorized()
    with running_on(tmp_path) as caller:
        assert caller.intent() == intent
        assert caller.look(intent)["status"] == "requires_capture"
        assert [row["id"] for row in caller.http.get("/_books/stripe/payments").json()] == [intent]


@contextmanager
def running_on(folder: Path) -> Iterator[Caller]:
    with (
        Sandbox(folder / "books.db", limits=False) as running,
        httpx.Client(base_url=running.url, verify=PLAIN) as http,
    ):
        yield Caller(http)


# --- the balance -------------------------------------------------------------------------------------------------


def test_the_balance_moves_when_a_hold_is_taken_and_not_before(caller: Caller, clock: SetClock) -> None:
    """Stripe keeps its fee of what came in; what went back is negative, and brings no fee back."""
    intent = caller.authorized()
    held = caller.get("balance_transactions")["data"]
    clock.forward(60)
    caller.post(f"payment_intents/{intent}/capture")
    clock.forward(60)
    caller.post("refunds", payment_intent=intent, **{"metadata[refund]": "R1"})
    back, taken = caller.get("balance_transactions", **{"expand[]": "data.source"})["data"]

    assert held == []
    assert (taken["type"], taken["amount"], taken["fee"], taken["net"]) == ("charge", 2400, 69, 2331)
    assert (back["type"], back["amount"], back["fee"], back["net"]) == ("refund", -2400, 0, -2400)
    assert taken["source"]["metadata"] == {"order": ORDER}
    assert (back["source"]["metadata"], back["created"] - taken["created"]) == ({"refund": "R1"}, 60)


def test_a_refund_that_fails_moves_the_balance_back(caller: Caller, clock: SetClock) -> None:
    """Another entry, of when it failed: nothing in a balance is ever changed."""
    intent = caller.authorized()
    caller.post(f"payment_intents/{intent}/capture")
    turn(caller, endpoint="POST refunds", refund_pends_s=60, refund_fails=True, times=1)
    refund = caller.post("refunds", payment_intent=intent)
    clock.forward(3600)

    came, went, _ = caller.get("balance_transactions")["data"]

    assert (came["type"], came["amount"], came["source"]) == ("refund_failure", 2400, refund["id"])
    assert (came["created"] - went["created"], went["amount"]) == (60, -2400)
    assert caller.get(f"refunds/{refund['id']}")["failure_balance_transaction"] == came["id"]


def test_the_balance_is_listed_by_seconds_and_in_pages(caller: Caller, clock: SetClock) -> None:
    """Newest first; `gte` and `lt` let in their own second and the one before; two pages have every entry once."""
    for key in ("one", "two", "three"):
        caller.post(f"payment_intents/{caller.authorized(key=key)}/capture")
        clock.forward(60)
    every = caller.get("balance_transactions")["data"]
    last = str(every[0]["created"])

    page = caller.get("balance_transactions", limit="2")
    rest = caller.get("balance_transactions", limit="2", starting_after=page["data"][-1]["id"])

    assert [each["id"] for each in (*page["data"], *rest["data"])] == [each["id"] for each in every]
    assert (page["has_more"], rest["has_more"]) == (True, False)
    assert caller.get("balance_transactions", **{"created[gte]": last})["data"] == every[:1]
    assert caller.get("balance_transactions", **{"created[lt]": last})["data"] == every[1:]


@pytest.mark.parametrize(
    "wish",
    [
        {"created[gte]": "2026-11-22"},
        {"created[since]": "1"},
        {"limit": "101"},
        {"starting_after": "txn_nobody"},
        {"day": "2026-11-22"},
        {"expand[]": "data.customer"},
    ],
    ids=str,
)
def test_a_balance_that_is_asked_for_wrongly_is_refused(caller: Caller, wish: dict[str, str]) -> None:
    """Never with the whole list, nor with an empty one."""
    assert caller.refused("balance_transactions", "GET", **wish)["status"] == 400
