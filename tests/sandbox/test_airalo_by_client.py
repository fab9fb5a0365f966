"""Airalo's own client for Python (airalo-sdk) works against the stand-in, and signs as the kiosk does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from airalo import Airalo
from airalo.config import Config
from airalo.exceptions import AiraloException, APIError
from airalo.helpers.cached import Cached
from airalo.helpers.signature import Signature

from kiosk.sandbox.server import Sandbox
from tests.providers.airalo_world import ORDER, ORDERS, REQUEST, World, listed, record
from tests.providers.fakes import answer
from tests.sandbox.conftest import executed, turn
from tests.sandbox.partner import ACTIVE, NO_TOP_UPS, PLAN, RECYCLED

LOGIN = {"client_id": "training-client", "client_secret": "training-secret"}


class Loopback(Config):  # type: ignore[misc]  # it ships no types
    """The client takes its address from nowhere but this method."""

    def __init__(self, url: str, **login: str) -> None:
        super().__init__(login)
        self._url = url

    def get_url(self) -> str:
        return f"{self._url}/airalo/v2/"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    """The client pickles its token and its reads beside its own code: here, into the test's folder instead."""
    folder = tmp_path / "client"
    folder.mkdir()
    Cached._cache_path = folder
    yield folder
    Cached._cache_path = None


@pytest.fixture
def client(sandbox: Sandbox, kept: Path) -> Airalo:
    return Airalo(Loopback(sandbox.url, **LOGIN))


def test_the_client_lists_and_buys_a_top_up(client: Airalo, http: httpx.Client) -> None:
    """Token, plans of a SIM, the top-up with its signature, its history, what is left: all understood."""
    plans = client.get_sim_topups(ACTIVE)
    bought = client.topup(PLAN, ACTIVE, "K077Q3F9XKD2MWBT1")
    history = client.get_sim_package_history(ACTIVE)
    usage = client.sim_usage(ACTIVE)

    assert PLAN in [plan["id"] for plan in plans["data"]]
    assert (bought["data"]["package_id"], bought["data"]["description"]) == (PLAN, "K077Q3F9XKD2MWBT1")
    assert history["data"][0]["package"]["id"] == PLAN
    assert usage["data"]["status"] == "ACTIVE"
    assert [order["description"] for order in executed(http)] == ["K077Q3F9XKD2MWBT1"]


def test_the_client_asks_for_many_sims_at_once(client: Airalo) -> None:
    """Its threads keep their connections apart."""
    found = client.sim_usage_bulk([ACTIVE, NO_TOP_UPS])

    assert {iccid: told["data"]["remaining"] for iccid, told in found.items()} == {ACTIVE: 1210, NO_TOP_UPS: 890}


def test_the_client_understands_each_refusal(client: Airalo, http: httpx.Client) -> None:
    """Airalo's documented error packages, a SIM that was recycled, one that takes nothing: its own exception."""
    for package, code in (
        ("test-insufficient-balance-7days-1gb", 11),
        ("test-maintenance-mode-7days-1gb", 13),
        ("test-disabled-top-up-7days-1gb", 23),
        ("test-not-enough-7days-1gb", 33),
        ("test-out-of-stock-7days-1gb", 34),
    ):
        with pytest.raises(APIError, match=rf'422, response: {{"code": {code}, "reason"'):
            client.topup(package, ACTIVE)
    for iccid, code in ((RECYCLED, 73), (NO_TOP_UPS, 23)):
        with pytest.raises(APIError, match=rf'"code": {code}'):
            client.topup(PLAN, iccid)
    assert client.get_sim_topups(NO_TOP_UPS) is None
    assert executed(http) == []


def test_the_client_with_a_wrong_secret_gets_no_token(sandbox: Sandbox, kept: Path) -> None:
    """Its signature is wrong with it, and refused before anybody looks at the secret."""
    with pytest.raises(AiraloException, match="token"):
        Airalo(Loopback(sandbox.url, client_id="training-client", client_secret="another"))


def test_a_lost_answer_is_an_exception_to_the_client_and_a_top_up_in_the_books(
    client: Airalo, http: httpx.Client
) -> None:
    """What the client cannot know, the books do."""
    turn(http, endpoint="POST orders/topups", lose_reply=True, times=1)

    with pytest.raises(AiraloException):
        client.topup(PLAN, ACTIVE, "K077Q3F9XKD2MWBT1")

    assert len(executed(http)) == 1


def test_the_kiosk_signs_as_the_client_does(tmp_path: Path) -> None:
    """The same payload, the same secret, the same signature: for the token and for a top-up."""
    world = World(tmp_path).on(ORDER, answer(200, {"data": record()})).on(ORDERS, listed(record()))
    world.provider.top_up(REQUEST)
    theirs = Signature("training-secret")

    token, order, *_ = [sent for sent in world.script.asked if sent.method == "POST"]
    assert token.headers["airalo-signature"] == theirs.get_signature(LOGIN | {"grant_type": "client_credentials"})
    assert order.headers["airalo-signature"] == theirs.get_signature(json.loads(order.content))
