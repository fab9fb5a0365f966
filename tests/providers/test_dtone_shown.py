"""DT One: what a SIM shows of its top-up, by the one sum of all that is left on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kiosk.abilities import Shown, ShowsTopUps
from kiosk.errors import NoAnswer, Refused, Unreachable
from tests.providers.dtone_world import LEFT, REQUEST, World, error, listed, offered
from tests.providers.fakes import Step, answer

PLAN = "GET /dtone/v1/products/50104"
LATER, OVER = "2099-01-01T00:00:00Z", "2020-01-01T00:00:00Z"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The plan has ten gigabytes."""
    return World(tmp_path).on(PLAN, answer(200, offered()))


def left(amount: Any, unit: Any = "MB", until: str | None = LATER, kind: str = "DATA") -> dict[str, Any]:
    return {"type": kind, "unit_type": "DATA", "unit": unit, "amount": amount, "expiration_date": until}


@pytest.mark.parametrize(
    ("benefits", "there", "evidence"),
    [
        ([left(10_240)], True, "the SIM shows 10240 MB"),
        ([left(6, "GB"), left(5, "GB", None)], True, "the SIM shows 11264 MB"),
        ([left(-1)], True, "the SIM shows data without limit"),
        ([left(10_239)], None, "the SIM shows 10239 MB, which may be of this plan or of another"),
        ([], False, "the SIM shows 0 MB"),
        ([left(0)], False, "the SIM shows 0 MB"),
        ([left(10_240, until=OVER)], False, "the SIM shows 0 MB"),
        ([left(50, kind="TALKTIME")], False, "the SIM shows 0 MB"),
    ],
)
def test_nothing_left_is_no_top_up_and_enough_for_the_plan_is_one(
    world: World, benefits: list[Any], there: bool | None, evidence: str
) -> None:
    """What lies between may be of an earlier plan, or be used up in part: that says neither."""
    world.on(LEFT, listed(*benefits))

    assert isinstance(world.provider, ShowsTopUps)
    assert world.provider.shown(REQUEST, 1) == Shown(there, evidence)


@pytest.mark.parametrize(
    "step", [error(404, 1003001), answer(200, {"id": "?"}), answer(503)], ids=["gone", "odd", "503"]
)
def test_a_plan_that_cannot_be_read_any_more_makes_nothing_certain(world: World, step: Step) -> None:
    """Then only nothing at all is something."""
    world.on(PLAN, step).on(LEFT, listed(left(10_240)))

    assert world.provider.shown(REQUEST, 1).there is None


def test_an_operator_that_does_not_tell_is_no_finding(world: World) -> None:
    """1007500, and any other no that is not about the SIM."""
    world.on(LEFT, error(400, 1007500))

    found = world.provider.shown(REQUEST, 1)

    assert found.there is None
    assert "the operator does not support this" in found.evidence


@pytest.mark.parametrize(
    ("step", "raised"),
    [
        (error(400, 1005003), Refused),
        (error(500, 1009001), Unreachable),
        (listed(left("?")), Unreachable),
        (answer(200, {"not": "a list"}), Unreachable),
    ],
    ids=["a stranger", "500", "unreadable", "no list"],
)
def test_a_sim_that_is_not_known_any_more_is_refused_and_an_odd_answer_is_asked_for_again(
    world: World, step: Step, raised: type[NoAnswer]
) -> None:
    """The first is a finding; the second is none."""
    world.on(LEFT, step)

    with pytest.raises(raised):
        world.provider.shown(REQUEST, 1)
