"""Whatever JSON Reloadly answers with, the adapter answers in one of the ways of the port: never with a defect."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import NoAnswer
from kiosk.ports import Delivered
from tests.providers.fakes import answer
from tests.providers.reloadly_world import (
    BALANCE,
    CREATE,
    DETECT,
    PHONE,
    PROMOTIONS,
    REPORT,
    REQUEST,
    STATUS,
    World,
    accepted,
    listed,
    operator,
    record,
    told,
)

AT = datetime(2026, 11, 22, tzinfo=UTC)
PROMOTION = {"id": 1, "operatorId": 801, "title2": "More", "denominations": "All"}
PROMOTION |= {"startDate": "2026-11-01 05:00:00", "endDate": "2026-12-01 05:00:00"}

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
anything = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=6)


def changed(body: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An answer as it should be, with some of its fields said otherwise."""
    fields = st.sampled_from(sorted(set(body) - {"operatorId"}))
    return st.dictionaries(fields, anything, max_size=4).map(lambda other: body | other)


def ask(call: Callable[[World], object], **answers: Any) -> object:
    with TemporaryDirectory() as folder:
        world = World(Path(folder))
        world.on("GET /operators/801", answer(200, operator()))
        for name, body in answers.items():
            world.on({"create": CREATE, "status": STATUS, "report": REPORT, "detect": DETECT}.get(name, name), body)
        with suppress(NoAnswer):
            return call(world)
    return None


@settings(deadline=None, max_examples=25)
@given(body=anything | changed(operator()))
def test_any_operator_is_an_answer_or_none(body: Any) -> None:
    """What can be sold of it has a cost."""
    found = ask(lambda world: world.provider.sim(PHONE).plans, detect=answer(200, body))

    assert all(plan.wholesale.amount_minor > 0 for plan in found or ())  # type: ignore[attr-defined]


@settings(deadline=None, max_examples=25)
@given(body=anything | changed(record()))
def test_any_top_up_is_an_answer_or_none(body: Any) -> None:
    """Delivered only by what is ours."""
    live = answer(200, {"status": "SUCCESSFUL", "transaction": body})
    found = ask(lambda world: world.provider.top_up(REQUEST), create=accepted(), status=live)
    id = body.get("transactionId") if isinstance(body, dict) else 77
    asked = {f"GET /topups/{id}/status": told("PROCESSING")}
    looked = ask(lambda world: world.provider.look_up(REQUEST), report=listed(body), **asked)

    if isinstance(found, Delivered) or isinstance(looked, Delivered):
        assert body["customIdentifier"] == REQUEST.reference
        assert body["operatorId"] == 801


@settings(deadline=None, max_examples=25)
@given(body=anything, code=st.sampled_from([200, 201, 204, 400, 401, 404, 409, 422, 429, 500, 503]))
def test_anything_at_all_is_an_answer_or_none(body: Any, code: int) -> None:
    """To every call."""
    said = answer(code, body)

    assert not isinstance(ask(lambda world: world.provider.top_up(REQUEST), create=said, status=said), Delivered)
    assert not isinstance(ask(lambda world: world.provider.look_up(REQUEST), report=said, status=said), Delivered)
    ask(lambda world: world.provider.balance(), **{BALANCE: said})
    ask(lambda world: world.provider.promotions(), **{PROMOTIONS: said})
    ask(lambda world: world.provider.listed("T07", AT, AT), report=said)


@settings(deadline=None, max_examples=25)
@given(body=changed(PROMOTION) | anything)
def test_any_promotion_is_told_or_left_out(body: Any) -> None:
    """With a title, dates and plans of ours."""
    found = ask(lambda world: world.provider.promotions(), **{PROMOTIONS: answer(200, [body])})

    assert all(each.plan_ids for each in found or ())  # type: ignore[attr-defined]
