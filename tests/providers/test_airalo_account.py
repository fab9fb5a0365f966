"""Airalo: the account itself. One token for all, rate limits that are obeyed, our float, requests for credit."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.abilities import HasFloat, Shown, ShowsTopUps, TakesRequests
from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.money import Money
from kiosk.ports import Absent, Delivered, Provider
from kiosk.providers.airalo import Airalo
from tests.providers.airalo_world import ICCID, ORDER, ORDERS, PACKAGES, REQUEST, TOKEN, World, listed, record, token
from tests.providers.fakes import answer
from tests.providers.stand import AIRALO, Stand, stand
from tests.sandbox.conftest import PLAIN

BALANCE, REFUND = "GET /airalo/v2/balance", "POST /airalo/v2/refund"
MANY = 8


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def airalo(tmp_path: Path) -> Iterator[Stand]:
    """The adapter before the sandbox."""
    with stand(AIRALO, tmp_path) as made:
        yield made


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Stand]:
    """The sandbox keeps Airalo's rate limits."""
    with stand(AIRALO, tmp_path, limits=True) as made:
        yield made


def able(provider: Provider) -> Airalo:
    assert isinstance(provider, Airalo)
    return provider


def tokens_given(at: Stand) -> int:
    """How many tokens the sandbox has given, by its own books."""
    connection = sqlite3.connect(at.folder / "books.db")
    count = connection.execute("SELECT count(*) FROM airalo_tokens").fetchone()[0]
    connection.close()
    return int(count)


# --- one token ---------------------------------------------------------------------------------------------------


def test_threads_that_all_meet_an_old_token_fetch_one_new_one(airalo: Stand) -> None:
    """Eight calls at once after every token was withdrawn: one of them fetches, the others use it."""
    provider = airalo.provider()
    provider.look_up(airalo.case.request())
    with sqlite3.connect(airalo.folder / "books.db") as books:
        books.execute("DELETE FROM airalo_tokens")
    airalo.turn("POST token", delay_s=0.2)

    with ThreadPoolExecutor(MANY) as pool:
        found = list(pool.map(provider.look_up, [airalo.case.request()] * MANY))

    assert {type(each) for each in found} == {Absent}
    assert tokens_given(airalo) == 1


PROCESS = """
import sys
from pathlib import Path
from tests.providers.stand import AIRALO, SECRET, Stand
from tests.providers.fakes import FixedClock

class There:
    url = sys.argv[1]

made = Stand(AIRALO, There(), Path(sys.argv[2]), FixedClock())
provider = made.provider()
print("ready", flush=True)
sys.stdin.readline()
provider.look_up(AIRALO.request())
"""


def test_processes_share_one_token(airalo: Stand) -> None:
    """Three of them start at the same moment, without a token on disk: the first fetches it for all, however long."""
    airalo.turn("POST token", delay_s=0.5)
    airalo.provider()
    command = [sys.executable, "-c", PROCESS, airalo.sandbox.url, str(airalo.folder)]
    pipe = subprocess.PIPE
    started = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(3)]
    for process in started:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in started:
        process.communicate()

    assert [process.returncode for process in started] == [0, 0, 0]
    assert tokens_given(airalo) == 1


# --- rate limits -------------------------------------------------------------------------------------------------


def test_after_too_many_attempts_nothing_is_sent_until_the_time_that_airalo_named(world: World) -> None:
    """Retry-After is obeyed by everybody who asks the same, and by nobody else."""
    world.on(BALANCE, answer(429, {"message": "Too Many Attempts."}, retry_after="30"), answer(200))
    world.on(ORDERS, listed())
    airalo = able(world.provider)
    with pytest.raises(NotNow):
        airalo.balance()
    world.clock.forward(seconds=29)

    with pytest.raises(NotNow) as caught:
        airalo.balance()
    other = airalo.look_up(REQUEST)
    held_back = world.script.count(BALANCE)
    world.clock.forward(seconds=1)
    with pytest.raises(Unreachable):
        airalo.balance()

    assert caught.value.retry_after_s == 1.0
    assert held_back == 1
    assert isinstance(other, Absent)
    assert world.script.count(BALANCE) == 2


def test_an_allowance_that_is_used_up_is_not_overdrawn(world: World) -> None:
    """`x-ratelimit-remaining: 0` on a good answer: the answer counts, and the next call waits a moment."""
    world.on(ORDERS, answer(200, {"data": [record()], "meta": {}}, x_ratelimit_remaining="0"))

    first = world.provider.look_up(REQUEST)
    with pytest.raises(NotNow):
        world.provider.look_up(REQUEST)
    world.clock.forward(seconds=1)

    assert first == world.provider.look_up(REQUEST) == Delivered("20261122-000001")


def test_a_top_up_that_may_not_be_sent_now_was_not_sent(world: World) -> None:
    """NotNow before the wire is a definite *not done*: the queue sends it later, once."""
    refused = answer(429, {"message": "Too Many Attempts."}, retry_after="5")
    world.on(ORDER, refused, answer(200, {"data": record()})).on(ORDERS, listed(record()))
    for _ in range(3):
        with pytest.raises(NotNow):
            world.provider.top_up(REQUEST)
    world.clock.forward(seconds=5)

    assert isinstance(world.provider.top_up(REQUEST), Delivered)
    assert world.script.count(ORDER) == 2


def test_no_more_tokens_are_asked_for_than_airalo_gives(world: World) -> None:
    """The three a minute: who was told to wait for one holds everybody back."""
    world.on(TOKEN, answer(429, {"message": "Too Many Attempts."}, retry_after="60"), token()).on(ORDERS, listed())
    for _ in range(5):
        with pytest.raises(NotNow):
            world.provider.look_up(REQUEST)
    asked = world.script.count(TOKEN)
    world.clock.forward(seconds=60)

    assert isinstance(world.provider.look_up(REQUEST), Absent)
    assert asked == 1


def test_the_kiosk_never_meets_a_limit_twice(limited: Stand) -> None:
    """Twelve looks at one SIM within a minute, of which Airalo allows ten: what is held back costs it nothing."""
    provider = able(limited.provider())
    seen: list[object] = []
    for _ in range(12):
        try:
            seen.append(provider.shown(limited.case.request(), 1))
        except NotNow as error:
            seen.append(error.retry_after_s)
        limited.forward(1.1)

    assert all(isinstance(each, Shown) for each in seen[:10])
    assert seen[10] == pytest.approx(49.0, abs=1)
    assert isinstance(seen[11], float)
    assert seen[11] < seen[10]  # type: ignore[operator]


# --- the float, the SIM, requests for credit ---------------------------------------------------------------------


def test_airalo_has_every_ability(airalo: Stand) -> None:
    """The kiosk asks for abilities by their methods."""
    provider = airalo.provider()

    assert isinstance(provider, HasFloat)
    assert isinstance(provider, ShowsTopUps)
    assert isinstance(provider, TakesRequests)


def test_the_float_is_what_airalo_says(airalo: Stand) -> None:
    """Before and after a top-up, in Airalo's currency."""
    provider = able(airalo.provider())
    before = provider.balance()
    provider.top_up(airalo.case.request())

    assert before == Money(1_000_00, "USD")
    assert provider.balance() == Money(1_000_00 - 11_80, "USD")


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        (12.345, "USD", 1234),
        ("7", "USD", 700),
        (0, "USD", 0),
        (-3.5, "USD", -350),
        (1e300, "USD", None),
        ("NaN", "USD", None),
        (None, "USD", None),
        (5, "dollars", None),
        ([], "USD", None),
    ],
)
def test_a_float_is_believed_only_where_it_can_be_read(
    world: World, amount: Any, currency: str, expected: int | None
) -> None:
    """Rounded down: what cannot be spent is not counted."""
    told = {"balances": {"name": "balance", "availableBalance": {"amount": amount, "currency": currency}}}
    world.on(BALANCE, answer(200, {"data": told}))

    if expected is not None:
        assert able(world.provider).balance() == Money(expected, "USD")
        return
    with pytest.raises(Unreachable):
        able(world.provider).balance()


def test_the_sim_shows_what_was_delivered_and_how_often(airalo: Stand) -> None:
    """No reference of ours is in its list: two top-ups of one plan must be there twice."""
    provider, request = able(airalo.provider()), airalo.case.request()
    before = provider.shown(request, 1)
    provider.top_up(request)

    assert before == Shown(False, "the SIM shows 0 of this plan")
    assert provider.shown(request, 1) == Shown(True, "the SIM shows 1 of this plan")
    assert not provider.shown(request, 2).there


def test_a_sim_that_cannot_be_asked_shows_nothing_either_way(world: World) -> None:
    """No answer is not an empty SIM."""
    world.on(PACKAGES, answer(500))

    with pytest.raises(Unreachable):
        able(world.provider).shown(REQUEST, 1)


def test_a_request_for_credit_names_the_card_and_our_reference(airalo: Stand) -> None:
    """Multipart, as documented; ASCII, at most 255 characters; people at Airalo read it."""
    number = able(airalo.provider()).request_credit(airalo.case.request(), "卡上没有\x1b[0m " + "x" * 300)
    (kept,) = httpx.get(f"{airalo.sandbox.url}/_books/airalo/refunds", verify=PLAIN).json()

    assert number == "1"
    assert (kept["iccids"], kept["reason"]) == (airalo.case.sim, "TOP_UP_PACKAGE_FAILURE")
    assert kept["notes"].startswith("T077Q3F9XKD2MW01T1: ????[0m xxx")
    assert len(kept["notes"]) == 255


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (answer(422, {"data": [], "meta": {"message": "The following ICCIDs do not belong to your company"}}), Refused),
        (answer(422, {"data": {"reason": "The selected reason is invalid."}, "meta": {}}), Refused),
        (answer(422, {"data": [], "meta": {}}), Unreachable),
        (answer(403), Misconfigured),
        (answer(429, retry_after="60"), NotNow),
        (answer(500), Unreachable),
        (httpx.ReadTimeout("late"), Unreachable),
    ],
)
def test_each_answer_to_a_request_for_credit_means_one_thing(
    world: World, reply: httpx.Response | Exception, kind: type[NoAnswer]
) -> None:
    """Sent once, whatever comes back."""
    world.on(REFUND, reply)

    with pytest.raises(kind):
        able(world.provider).request_credit(REQUEST, "the SIM shows nothing")

    assert world.script.count(REFUND) == 1


def test_a_request_that_was_taken_on_without_a_readable_number_was_taken_on(world: World) -> None:
    """202 says it; what is missing is only the number to quote."""
    world.on(REFUND, httpx.Response(202, text="thanks"))

    assert able(world.provider).request_credit(REQUEST, "the SIM shows nothing") == "?"
    sent = world.script.asked[-1]
    assert sent.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert ICCID.encode() in sent.content
