"""kill -9 at every part of a step and at any moment, again and again: books against books."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.crash.parts import LEDGER, QUEUE, SALE, STEP
from tests.crash.series import Series, Violation, doomed_world
from tests.crash.visits import die_on_a_screen, visit
from tests.journeys.terminal import Terminal

pytestmark = pytest.mark.prove
KILLS, SCREEN_KILLS, KILLS_MAX = 14, 8, 40
Start = Callable[..., Series]


@pytest.fixture
def start(tmp_path: Path, made_keys: Path, request: pytest.FixtureRequest) -> Iterator[Start]:
    """A series of this seed, on a kiosk of its own."""
    with doomed_world(tmp_path, made_keys) as kiosk:
        begun: list[Series] = []

        def begin(seed: int, **options: dict[str, str]) -> Series:
            begun.append(Series(kiosk, seed, f"pytest -m prove '{request.node.nodeid}'", **options))
            return begun[0]

        yield begin
        begun[0].close()


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_wherever_sync_is_killed_every_payment_ends_in_one_place(start: Start, seed: int) -> None:
    """After each kill nothing is twice; after the last, everything settles, and the books agree."""
    series = start(seed)
    series.run(KILLS)
    accounts = series.settle()

    assert series.kills.total() >= KILLS
    assert any(accounts.entry(order).delivered for order in accounts.orders.values())
    series.kiosk.run("verify")


def test_wherever_the_screens_program_is_killed_every_payment_ends_in_one_place(start: Start) -> None:
    """The same with `kiosk run`, while a customer stands there."""
    series = start(5, parts=STEP)
    for _ in range(SCREEN_KILLS):
        series.strike()
        die_on_a_screen(series)
    accounts = series.settle()

    assert len(accounts.orders) >= SCREEN_KILLS / 2
    assert series.kills.total() >= SCREEN_KILLS
    series.kiosk.run("verify")


@pytest.mark.parametrize("part", SALE)
def test_screens_that_die_at_a_part_of_the_sale_leave_the_order_to_the_queue(start: Start, part: str) -> None:
    """They are started again for the next customer; the last one's order goes on, and no paper comes twice."""
    series = start(6)
    series.kiosk.env |= {"CUT": f"{SALE[part]} 1"}
    with Terminal(series.kiosk, 80, 24) as terminal:
        with pytest.raises(AssertionError):
            visit(series, terminal, lambda: None, patience_s=5)
        terminal.wait_for("Choose your language")
    series.kiosk.env.pop("CUT")
    accounts = series.settle()

    assert len(accounts.orders) == 1


@pytest.mark.parametrize("defect", ["resend without a look", "write down after the call", "event and order apart"])
def test_a_planted_defect_is_found(start: Start, defect: str) -> None:
    """These tests can fail: each of these mistakes is seen within a few kills, at the parts where it hurts."""
    parts = QUEUE | LEDGER
    hurts = ("order written, not committed", "request sent, answer not read", "answered, before it is concluded")
    series = start(7, parts={part: parts[part] for part in hurts})
    series.kiosk.env |= {"DEFECT": defect}
    with pytest.raises(Violation):
        series.run(KILLS_MAX)
