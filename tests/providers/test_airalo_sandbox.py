"""The Airalo adapter against the sandbox that ships with the kiosk, over real sockets."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import NoAnswer, NotNow, Refused, Unreachable
from kiosk.identifiers import SimNumber
from kiosk.ports import Absent, Delivered, Processing, Provider, TopUp
from kiosk.providers import build
from kiosk.sandbox.server import Sandbox
from tests.providers.fakes import FixedClock

ICCID = SimNumber("8901260862291477122")
REQUEST = TopUp("T077Q3F9XKD2MWBT1", ICCID, "change-30days-5gb-topup")


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox(tmp_path / "books.db", limits=False) as running:
        yield running


@pytest.fixture
def provider(sandbox: Sandbox, tmp_path: Path) -> Provider:
    secret = tmp_path / "secret"
    secret.write_text("training-secret")
    table = {"base_url": f"{sandbox.url}/airalo/v2/", "client_id": "training-client", "timeout_s": 5.0}
    return build(
        "airalo",
        {**table, "client_secret": {"file": str(secret)}},
        path="config.toml: providers.airalo",
        training=True,
        currency="USD",
        state_dir=tmp_path,
        clock=FixedClock(),
    )


def turn(sandbox: Sandbox, **rule: Any) -> None:
    body = json.dumps({"remote": "airalo", **rule}).encode()
    request = urllib.request.Request(f"{sandbox.url}/_knobs", data=body, method="PUT")  # noqa: S310 -- our own sandbox
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request):  # noqa: S310
        pass


def test_a_sale_against_the_sandbox(provider: Provider) -> None:
    """Plans, the top-up, and its own record read back."""
    sim = provider.sim(ICCID)
    plan = next(plan for plan in sim.plans if plan.id == REQUEST.plan_id)

    found = provider.top_up(REQUEST)

    assert isinstance(found, Delivered)
    assert found.wholesale == plan.wholesale
    assert provider.look_up(REQUEST) == Delivered(found.number)
    assert any(plan.data_mb is None for plan in sim.plans)
    assert sim.left_mb is not None


@pytest.mark.parametrize("fault", [{"lose_reply": True}, {"fail_after": 502}, {"garbage": True}])
def test_a_lost_reply_is_found_in_the_list(sandbox: Sandbox, provider: Provider, fault: dict[str, Any]) -> None:
    """The order was carried out, the answer was lost: in doubt at first, then found by our reference."""
    turn(sandbox, endpoint="POST orders/topups", times=1, **fault)

    with pytest.raises(Unreachable) as caught:
        provider.top_up(REQUEST)

    assert caught.value.sent
    assert isinstance(provider.look_up(REQUEST), Delivered)


def test_an_order_that_is_listed_late_is_processing(sandbox: Sandbox, provider: Provider) -> None:
    """Accepted and not in the list: nothing is concluded from that, but a clerk is told what the SIM shows."""
    turn(sandbox, endpoint="GET orders", list_late_s=3600)

    assert isinstance(provider.top_up(REQUEST), Processing)
    assert provider.look_up(REQUEST) == Absent("the SIM shows 1 of this plan")


@pytest.mark.parametrize(("code", "kind"), [(11, NotNow), (13, NotNow), (23, Refused), (53, Unreachable)])
def test_the_sandboxs_refusals_mean_the_same(
    sandbox: Sandbox, provider: Provider, code: int, kind: type[NoAnswer]
) -> None:
    """The documented codes in the sandbox's own shape."""
    turn(sandbox, endpoint="POST orders/topups", reject=code, times=1)

    with pytest.raises(kind):
        provider.top_up(REQUEST)


@pytest.mark.parametrize(
    ("iccid", "code"), [("8901260455098172630", "recycled_sim"), ("8944000000000000009", "unknown_sim")]
)
def test_the_sandboxs_odd_cards_are_refused(provider: Provider, iccid: str, code: str) -> None:
    """A recycled card, and one of another shop."""
    with pytest.raises(Refused) as caught:
        provider.sim(SimNumber(iccid))

    assert caught.value.code == code
