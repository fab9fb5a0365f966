"""The machine: its table, and how an order begins."""

from __future__ import annotations

import contextlib

import pytest

from kiosk.errors import Illegal
from kiosk.facts import Event
from kiosk.money import Money
from kiosk.order import SETTLED, TRANSITIONS, WAITING, State, advance, open_order, targets
from kiosk.plans import Line, LineKind
from tests.orders import NOW, PATHS, a_fact, an_order, an_order_in, usd

E, S = Event, State
OUTSIDE_FACTS = {E.FOUND_PAID, E.FOUND_DELIVERED, E.REVERSED, E.REFUND_FAILED}


# --- the table ---------------------------------------------------------------------------------------------------


def test_every_state_is_reachable_from_the_first() -> None:
    """No room of the house is walled up."""
    seen, todo = {S.AUTHORIZING}, [S.AUTHORIZING]
    while todo:
        for target in targets(todo.pop()).values():
            if target not in seen:
                seen.add(target)
                todo.append(target)

    assert seen == set(State)


@pytest.mark.parametrize("state", State)
def test_the_usual_path_leads_to_each_state(state: State) -> None:
    """The machine itself, not only its table, reaches every state."""
    assert an_order_in(state).state is state


@pytest.mark.parametrize("state", SETTLED)
def test_a_settled_order_is_left_only_by_a_clerk_or_an_outside_fact(state: State) -> None:
    """What is settled stays settled, unless a clerk orders a refund of a delivered order or a remote says more."""
    leaving = {event for event, target in targets(state).items() if target is not state}

    assert leaving - OUTSIDE_FACTS == ({E.REFUND_ORDERED} if state is S.COMPLETED else set())
    assert all(targets(state)[event] is S.REVIEW for event in OUTSIDE_FACTS)


@pytest.mark.parametrize("state", WAITING)
def test_every_waiting_state_has_a_way_to_a_clerk(state: State) -> None:
    """Nothing can wait for ever without somebody who may decide."""
    assert targets(state)[E.ESCALATED] is S.REVIEW


def test_a_state_that_ends_in_ing_waits_and_no_other_does() -> None:
    """The name of a state says whether it waits for an answer."""
    assert {state for state in State if state.endswith("ING")} == set(WAITING)


def test_a_note_never_moves_an_order() -> None:
    """A late answer is recorded in every state and changes none."""
    assert all(targets(state)[E.NOTED] is state for state in State)


def test_nothing_opens_an_order_twice() -> None:
    """`opened` makes an order; it happens to none."""
    assert not [state for state, event in TRANSITIONS if event is E.OPENED]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_advance_accepts_nothing_that_the_table_lacks(state: State, event: Event) -> None:
    """The table is the whole of legality: a guard may forbid more, nothing may allow more."""
    order = an_order_in(state)

    if event in targets(state):
        with contextlib.suppress(Illegal):  # a guard's objection
            assert advance(order, a_fact(event), NOW).state is targets(state)[event]
    else:
        with pytest.raises(Illegal, match="cannot happen to it now"):
            advance(order, a_fact(event), NOW)


# --- opening -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"total": usd(1800)},
        {"lines": ()},
        {"lines": (Line(LineKind.PLAN, "10 GB", usd(0)),), "total": usd(0)},
        {"lines": (Line(LineKind.PLAN, "10 GB", usd(1000)), Line(LineKind.FEE, "Fee", Money(750, "CNY")))},
        {"state": State.COMPLETED},
        {"version": 2},
    ],
)
def test_an_order_that_does_not_add_up_is_not_opened(changes: dict[str, object]) -> None:
    """A new order waits for its payment, has lines of one currency, and costs what they say."""
    with pytest.raises(Illegal):
        open_order(an_order(**changes))


def test_the_builder_knows_a_path_to_every_state() -> None:
    """The other tests may ask for an order in any state."""
    assert PATHS.keys() == set(State)
