"""Days of faults, by seed: no payment is ever in two places, or in none."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk.simulation import outside
from kiosk.simulation.adapted_rails import RAILS, AdaptedRail
from kiosk.simulation.adapted_reader import CARD
from kiosk.simulation.day import Day
from kiosk.simulation.days import live_through
from kiosk.simulation.wire import Rows, Wire
from tests.simulation.mutations import MUTATIONS, planted

SEEDS_PROVED, CHUNK = 1000, 125
"""With 20 orders and more a seed: a tenth of what the benchmark lives through."""


NICE = ("nice", "-n", "10")


def simulate(*arguments: str, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    command = [*before, sys.executable, "-m", "kiosk", "simulate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_day_of_faults_ends_with_every_payment_in_one_place(seed: int) -> None:
    """The real ledger, settlement and queue, among everything that may befall them."""
    lived = live_through(seed, orders=10)

    assert not lived.violation
    assert sum(lived.faults.values()) > 20
    assert sum(lived.ended.values()) > 5


@pytest.mark.prove
@pytest.mark.parametrize("first", range(0, SEEDS_PROVED, CHUNK))
def test_twenty_thousand_orders_among_a_hundred_thousand_faults(first: int) -> None:
    """Each chunk an eighth of it, by the command that anybody can run; it lets go first whatever is tried beside it."""
    done = simulate("--seeds", str(CHUNK), "--from", str(first), "--orders", "20", "--jobs", "1", "--json", before=NICE)
    assert done.stdout, done.stderr
    lived = json.loads(done.stdout)

    assert not lived["violation"], lived["violation"]
    assert done.returncode == 0
    assert lived["orders"] >= 20_000 * CHUNK / SEEDS_PROVED
    assert sum(lived["faults"].values()) >= 100_000 * CHUNK / SEEDS_PROVED


def test_the_same_seed_is_the_same_day(tmp_path: Path) -> None:
    """Fault by fault and line by line: otherwise no failure could be replayed."""
    days = []
    for name in ("once", "again"):
        (tmp_path / name).mkdir()
        day = Day(tmp_path / name, 3, 10)
        day.run()
        days.append((day.history.of(None), day.struck, day.ended))

    assert days[0] == days[1]


@pytest.mark.parametrize(
    "seed", [1, pytest.param(2, marks=pytest.mark.prove), pytest.param(3, marks=pytest.mark.prove)]
)
def test_the_real_adapters_live_through_such_days_too(seed: int, tmp_path: Path) -> None:
    """Of providers and rails, before their sandboxes, with every fault on the line between them."""
    with planted(outside, "REAL", lambda original: 1.0):
        day = Day(tmp_path, seed, 10)
        day.run()

    assert {"airalo", "dtone", "reloadly"} == set(day.outside.providers)
    assert {vendor.name for vendor in (*RAILS, CARD)} == set(day.outside.wallets)
    assert sum(len(provider.executed) for provider in day.outside.providers.values()) > 0


def test_a_sandbox_has_what_the_day_has_read_of_it_before(tmp_path: Path) -> None:
    """The check keeps what it has read until a request or time may have changed it: nothing else changes any book."""
    compared: Counter[bool] = Counter()

    def books_and_again(original: Callable[..., list[Rows]]) -> Callable[..., list[Rows]]:
        def books(self: Any, *names: str) -> list[Rows]:
            told = original(self, *names)
            compared[told == [self._sandbox.books(name) for name in names]] += 1
            return told

        return books

    with planted(outside, "REAL", lambda original: 1.0), planted(Wire, "books", books_and_again):
        Day(tmp_path, 4, 5).run()

    assert compared[True] > 500
    assert not compared[False]


@pytest.mark.prove
def test_each_real_rail_is_paid_and_gives_back_in_some_day(tmp_path: Path) -> None:
    """Or its adapter would be there for nothing. The days go on until all have, and not for ever."""
    paid: Counter[str] = Counter()
    back: Counter[str] = Counter()
    names = {vendor.name for vendor in (*RAILS, CARD)}
    with planted(outside, "REAL", lambda original: 1.0):
        for seed in range(1, 41):
            (tmp_path / str(seed)).mkdir()
            day = Day(tmp_path / str(seed), seed, 15)
            day.run()
            for rail in day.outside.wallets.values():
                assert isinstance(rail, AdaptedRail)
                payments = [payment for wire in rail.codes if (payment := rail.payment(wire))]
                paid[rail.name] += sum(payment.paid is not None for payment in payments)
                back[rail.name] += sum(bool(payment.back) for payment in payments)
            if all(paid[name] and back[name] for name in names):
                break

    assert {name for name in names if paid[name] and back[name]} == names


def test_the_command_tells_where_the_orders_ended() -> None:
    """Anybody can run it, and a script can read it."""
    done = simulate("--seeds", "2", "--orders", "5", "--json")

    told = json.loads(done.stdout)
    assert done.returncode == 0
    assert told["violation"] == ""
    assert told["orders"] == sum(told["ended"].values()) > 0
    assert sum(Counter(told["faults"]).values()) > 0


def found(name: str) -> str:
    """The first violation that this mutation leads to; empty where its seeds are used up."""
    mutation = MUTATIONS[name]
    with mutation.planted():
        for seed in range(mutation.seeds):
            if violation := live_through(seed, orders=20).violation:
                return violation
    return ""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.prove) if m.seeds > 5 else name for name, m in MUTATIONS.items()]
)
def test_a_planted_bug_is_found(name: str) -> None:
    """The simulator is not blind: within the stated number of seeds it finds each classic way to lose money."""
    violation = found(name)

    assert violation
    assert "Traceback" not in violation  # found by what the books say, and not because the plant no longer fits


def test_a_violation_tells_its_seed_its_story_and_how_to_see_it_again() -> None:
    """What a developer needs is on the screen: no debugger, no luck."""
    violation = found("lost due time")

    first, *story, last = violation.splitlines()
    assert "seed 0: T07-" in first
    assert "waits for nothing" in first
    assert any("opened: " in line for line in story)
    assert last == "Again: kiosk simulate --seeds 1 --from 0 --orders 20"
