"""Airalo: what each answer to a top-up means. A lost reply never delivers twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.money import Money
from kiosk.ports import Absent, Delivered, NotDelivered, Processing
from tests.providers.airalo_world import (
    ICCID,
    ORDER,
    ORDERS,
    REQUEST,
    World,
    listed,
    record,
    status,
)
from tests.providers.fakes import Step, answer


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# --- top-ups -----------------------------------------------------------------------------------------------------


def test_a_top_up_is_delivered_when_it_was_read_back(world: World) -> None:
    """Sent once, signed, with our reference; delivered by Airalo's own record."""
    world.on(ORDER, answer(200, {"data": record(description="Topup", net_price=9.5)})).on(ORDERS, listed(record()))

    found = world.provider.top_up(REQUEST)

    assert found == Delivered("20261122-000001", Money(950, "USD"))
    sent = next(request for request in world.script.asked if request.url.path.endswith("orders/topups"))
    assert json.loads(sent.content) == {
        "package_id": REQUEST.plan_id,
        "iccid": REQUEST.sim_number,
        "description": REQUEST.reference,
    }
    assert len(sent.headers["airalo-signature"]) == 128
    assert sent.headers["accept"] == "application/json"


@pytest.mark.parametrize(
    "orders", [listed(), answer(500), answer(429), answer(401), httpx.ReadTimeout("late")], ids=str
)
def test_accepted_and_not_read_back_is_processing(world: World, orders: Step) -> None:
    """After Airalo took it on, nothing that goes wrong with the look can read as a no."""
    world.on(ORDER, answer(200, {"data": record()})).on(ORDERS, orders)

    found = world.provider.top_up(REQUEST)

    assert isinstance(found, Processing)
    assert found.number == "20261122-000001"


CASES: list[tuple[Step, type[NoAnswer], bool | None]] = [
    (answer(422, {"code": 11, "reason": "credit"}), NotNow, None),
    (answer(422, {"code": "13", "reason": "maintenance"}), NotNow, None),
    *[(answer(422, {"code": code, "reason": "no"}), Refused, None) for code in (14, 23, 33, 34, 43, 73)],
    (answer(422, {"data": {"package_id": "invalid topup package"}, "meta": {}}), Refused, None),
    (answer(404, {"data": [], "meta": {}}), Refused, None),
    (httpx.Response(404, text="<h1>nginx</h1>"), Unreachable, True),
    (answer(422, {"code": 53, "reason": "something unexpected"}), Unreachable, True),
    (answer(422, {"code": 999, "data": {"a": "b"}}), Unreachable, True),
    (httpx.Response(422, text="?"), Unreachable, True),
    *[(answer(code), Unreachable, True) for code in (400, 418, 500, 502, 503, 504)],
    (answer(200, []), Unreachable, True),
    (answer(200, {"data": []}), Unreachable, True),
    (httpx.Response(200, text="<html>"), Unreachable, True),
    (httpx.ReadTimeout("late"), Unreachable, True),
    (httpx.RemoteProtocolError("gone"), Unreachable, True),
    (httpx.ConnectError("down"), Unreachable, False),
    (answer(403, {"code": 89}), Misconfigured, None),
    (answer(401), Misconfigured, None),
    (answer(429, {"message": "Too Many Attempts."}, retry_after="9"), NotNow, None),
]


@pytest.mark.parametrize(("reply", "kind", "sent"), CASES)
def test_each_answer_to_a_top_up_means_one_thing(
    world: World, reply: Step, kind: type[NoAnswer], sent: bool | None
) -> None:
    """The table of docs/providers.md: what is a no, what is not now, and what is in doubt."""
    world.on(ORDER, reply)

    with pytest.raises(kind) as caught:
        world.provider.top_up(REQUEST)

    assert getattr(caught.value, "sent", None) is sent


def test_a_lost_reply_never_delivers_twice(world: World) -> None:
    """One call sends one order, whatever comes back; the doubt is looked up, not sent again."""
    world.on(ORDER, httpx.ReadError("gone")).on(ORDERS, listed(), listed(record()))

    with pytest.raises(Unreachable):
        world.provider.top_up(REQUEST)
    looks = [world.provider.look_up(REQUEST), world.provider.look_up(REQUEST)]

    assert looks == [Absent("the SIM shows 0 of this plan"), Delivered("20261122-000001")]
    assert world.script.count(ORDER) == 1
    assert not world.provider.repeat_is_lookup


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([record(status=status("failed"))], NotDelivered),
        ([record(status=status("refunded"))], NotDelivered),
        ([record(status=status("partially_refunded"))], Processing),
        ([record(status=None)], Processing),
        ([record(status=status("failed")), record(status=status("pending"))], Processing),
        ([record(status=status("failed")), record()], Delivered),
        ([record(package_id="another-plan")], Processing),
        ([record(sims=[{"iccid": "8901260862291477999"}])], Processing),
        ([record(sims=[{"iccid": ICCID}])], Delivered),
        ([record(description=REQUEST.reference + "X")], Absent),
        ([record(description=REQUEST.reference.lower())], Absent),
        ([record(description=None), "?"], Absent),
    ],
)
def test_a_look_up_believes_only_our_own_record(world: World, records: list[Any], expected: type) -> None:
    """Exactly our reference, our plan, our card; all must have failed before it is a no."""
    world.on(ORDERS, listed(*records))

    assert isinstance(world.provider.look_up(REQUEST), expected)


def test_a_look_up_reads_all_pages_and_names_both_orders(world: World) -> None:
    """Our reference carried out twice shows in the number, for the clerk."""

    def page(request: httpx.Request) -> httpx.Response:
        number = int(parse_qs(request.url.query.decode())["page"][0])
        return listed(record(code=f"A-{number}"), page=number, last=2)

    world.on(ORDERS, page)

    assert world.provider.look_up(REQUEST) == Delivered("A-1, A-2")


@pytest.mark.parametrize(
    "reply",
    [
        answer(404, {"data": []}),
        answer(422, {"code": 43}),
        answer(422, {"code": 13}),
        answer(500),
        answer(200, {}),
        listed(last=9999),
    ],
)
def test_a_failed_look_up_is_never_a_no(world: World, reply: httpx.Response) -> None:
    """Whatever goes wrong with looking says nothing about the top-up."""
    world.on(ORDERS, reply)

    with pytest.raises(Unreachable):
        world.provider.look_up(REQUEST)
