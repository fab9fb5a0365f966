"""Airalo: what each of its answers means. A lost reply never delivers twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.identifiers import Iccid
from kiosk.money import Money
from kiosk.plans import Plan
from kiosk.ports import Absent, Delivered, NotDelivered, Processing, Provider, TopUp
from kiosk.providers import build
from tests.providers.fakes import FixedClock, Script, Step, answer

ICCID = Iccid("8901260862291477122")
REQUEST = TopUp("T077Q3F9XKD2MWBT1", ICCID, "us-5gb-30days-topup")
TOKEN, TOPUPS = "POST /airalo/v2/token", f"GET /airalo/v2/sims/{ICCID}/topups"
USAGE, ORDER, ORDERS = f"GET /airalo/v2/sims/{ICCID}/usage", "POST /airalo/v2/orders/topups", "GET /airalo/v2/orders"


def token(name: str = "tok.1", expires_in: Any = 86_400) -> httpx.Response:
    return answer(200, {"data": {"token_type": "Bearer", "expires_in": expires_in, "access_token": name}})


def record(**changed: Any) -> dict[str, Any]:
    said = {"id": 1, "code": "20261122-000001", "description": REQUEST.reference, "package_id": REQUEST.plan_id}
    said |= {"price": "12.50", "currency": "USD", "sims": [], "status": {"name": "Completed", "slug": "completed"}}
    return said | changed


def listed(*records: dict[str, Any], page: int = 1, last: int = 1) -> httpx.Response:
    return answer(200, {"data": list(records), "meta": {"current_page": page, "last_page": last}})


def status(slug: str) -> dict[str, str]:
    return {"name": slug.title(), "slug": slug}


def offered(**changed: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"id": "us-5gb-30days-topup", "type": "topup", "title": "5 GB - 30 Days", "price": 16}
    return said | {"amount": 5120, "day": 30, "is_unlimited": False, "net_price": 12.5} | changed


class World:
    """An Airalo that answers as told, and the adapter in front of it."""

    def __init__(self, tmp_path: Path) -> None:
        self.script = Script().on(TOKEN, token())
        self.clock = FixedClock()
        self.state_dir = tmp_path / "state"
        self.secret = tmp_path / "secret"
        self.secret.write_text("training-secret")
        self.provider = self.started()

    def started(self) -> Provider:
        """The adapter, as after a start of the kiosk."""
        table = {"base_url": "http://127.0.0.1:1/airalo/v2/", "client_id": "training-client"}
        return build(
            "airalo",
            {**table, "client_secret": {"file": str(self.secret)}},
            path="config.toml: providers.airalo",
            training=True,
            currency="USD",
            state_dir=self.state_dir,
            clock=self.clock,
            transport=self.script,
        )

    def on(self, call: str, *steps: Step) -> World:
        self.script.on(call, *steps)
        return self


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# --- plans -------------------------------------------------------------------------------------------------------


def test_a_sim_shows_its_plans_at_wholesale_and_what_is_left(world: World) -> None:
    """Prices are what Airalo charges us; what is left is as old as Airalo's cache."""
    usage = {"remaining": 512, "total": 1024, "expired_at": "2026-12-01 00:00:00", "status": "ACTIVE"}
    world.on(TOPUPS, answer(200, {"data": [offered()]})).on(USAGE, answer(200, {"data": usage}))

    sim = world.provider.sim(ICCID)

    assert sim.plans == (Plan("us-5gb-30days-topup", "5 GB - 30 Days", 5120, 30, Money(1250, "USD")),)
    assert (sim.left_mb, sim.active, str(sim.left_until)) == (512, True, "2026-12-01 00:00:00+00:00")
    assert sim.as_of is not None
    assert sim.as_of < world.clock.now()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"net_price": "12.50", "amount": "5120", "day": "30"}, (5120, 30, 1250)),
        ({"net_price": None, "prices": {"net_price": {"USD": 11.999, "EUR": 9}}}, (5120, 30, 1200)),
        ({"net_price": None, "price": "16.00"}, (5120, 30, 1600)),
        ({"amount": 0, "is_unlimited": True}, (None, 30, 1250)),
        ({"amount": 0}, None),
        ({"amount": "1e999999999"}, None),
        ({"net_price": None, "price": None}, None),
        ({"net_price": -1, "price": "NaN"}, None),
        ({"day": None}, None),
        ({"id": "x\x1b[0m"}, None),
        ({"type": "sim"}, None),
    ],
)
def test_a_plan_is_sold_only_where_it_can_be_read(
    world: World, changed: dict[str, Any], expected: tuple[int | None, int, int] | None
) -> None:
    """Numbers may come as texts; a plan without price, size or days is not sold."""
    good = offered(id="good")
    world.on(TOPUPS, answer(200, {"data": [offered(**changed), good]})).on(USAGE, answer(500))

    first, *rest = world.provider.sim(ICCID).plans

    assert len(rest) == (expected is not None)
    assert (first.data_mb, first.days, first.wholesale.amount_minor) == (expected or (5120, 30, 1250))


def test_a_sim_without_plans_is_a_sim_without_plans(world: World) -> None:
    """An empty list is an answer; a list that nobody can read is none."""
    world.on(TOPUPS, answer(200, {"data": []}), answer(200, {"data": ["?"]})).on(USAGE, answer(429))

    assert world.provider.sim(ICCID).plans == ()
    with pytest.raises(Unreachable):
        world.provider.sim(ICCID)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (answer(404, {"data": [], "meta": {"message": "messages.resource_not_found"}}), "unknown_sim"),
        (answer(422, {"code": 73, "reason": "recycled"}), "recycled_sim"),
    ],
)
def test_a_card_that_airalo_does_not_take_is_refused_with_a_reason(
    world: World, reply: httpx.Response, code: str
) -> None:
    """The screens learn which of the two it is."""
    world.on(TOPUPS, reply)

    with pytest.raises(Refused) as caught:
        world.provider.sim(ICCID)

    assert caught.value.code == code


# --- top-ups -----------------------------------------------------------------------------------------------------


def test_a_top_up_is_delivered_when_it_was_read_back(world: World) -> None:
    """Sent once, signed, with our reference; delivered by Airalo's own record."""
    world.on(ORDER, answer(200, {"data": record(description="Topup", net_price=9.5)})).on(ORDERS, listed(record()))

    found = world.provider.top_up(REQUEST)

    assert found == Delivered("20261122-000001", Money(950, "USD"))
    sent = next(request for request in world.script.asked if request.url.path.endswith("orders/topups"))
    assert json.loads(sent.content) == {
        "package_id": REQUEST.plan_id,
        "iccid": REQUEST.iccid,
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

    assert looks == [Absent(), Delivered("20261122-000001")]
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


# --- the token ---------------------------------------------------------------------------------------------------


def test_a_token_is_kept_across_starts_for_its_owner_alone(world: World) -> None:
    """Three tokens a minute are few: a restart uses the one on disk, which only its owner can read."""
    world.on(ORDERS, listed())
    world.provider.look_up(REQUEST)
    world.started().look_up(REQUEST)
    (kept,) = world.state_dir.iterdir()

    assert world.script.count(TOKEN) == 1
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("expires_in", [86_400, "soon", 31_622_400, -1])
def test_a_token_is_renewed_before_it_ends(world: World, expires_in: object) -> None:
    """Nobody trusts a token for longer than the 24 hours of the documentation."""
    world.on(TOKEN, token("tok.1", expires_in), token("tok.2")).on(ORDERS, listed())
    world.provider.look_up(REQUEST)
    world.clock.forward(hours=24)
    world.provider.look_up(REQUEST)

    assert [r.headers["authorization"] for r in world.script.asked if "orders" in r.url.path] == [
        "Bearer tok.1",
        "Bearer tok.2",
    ]


def test_a_refused_token_is_renewed_once(world: World) -> None:
    """401 says that nothing was done: once more with a fresh token, then it is the configuration."""
    world.on(TOKEN, token("tok.1"), token("tok.2")).on(ORDER, answer(401), answer(200, {"data": record()}))
    world.on(ORDERS, listed(record()))

    assert isinstance(world.provider.top_up(REQUEST), Delivered)
    assert world.script.count(ORDER) == 2


def test_a_torn_token_file_is_as_good_as_none(world: World) -> None:
    """What a power cut left on disk never stops a sale."""
    world.on(ORDERS, listed())
    world.provider.look_up(REQUEST)
    (kept,) = world.state_dir.iterdir()
    kept.write_text('{"access_token": "tok')

    assert world.started().look_up(REQUEST) == Absent()


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (httpx.ReadTimeout("late"), Unreachable),
        (answer(500), Unreachable),
        (answer(200, {"data": {"access_token": "a\nb"}}), Unreachable),
        (answer(422, {"data": {"client_id": "The selected client id is invalid."}}), Misconfigured),
        (answer(401, {"data": []}), Misconfigured),
        (answer(429), NotNow),
    ],
)
def test_without_a_token_no_top_up_ever_left(world: World, reply: Step, kind: type[NoAnswer]) -> None:
    """A token that did not come puts no top-up in doubt."""
    world.on(TOKEN, reply)

    with pytest.raises(kind) as caught:
        world.provider.top_up(REQUEST)

    assert getattr(caught.value, "sent", False) is False
    assert world.script.count(ORDER) == 0
    assert "training-secret" not in str(caught.value)
