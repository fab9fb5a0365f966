"""The first run and the audit in real terminals: nobody has a PIN before, and everything about access is on record."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.terminal import Terminal
from tests.world import PIN, World, world

pytestmark = pytest.mark.prove

WRONG = "864209"


@pytest.fixture
def nobody(tmp_path: Path) -> Iterator[World]:
    """A kiosk in which nobody works yet."""
    with world(tmp_path, owner="") as made:
        yield made


def wait_for_guesses(kiosk: World, number: int) -> None:
    """Until so many are on record."""
    end = time.monotonic() + 60
    while len(kiosk.rows("SELECT 1 FROM events WHERE event = 'pin_refused'")) < number:
        assert time.monotonic() < end, f"never the guess number {number}"
        time.sleep(0.05)


def test_the_first_run_makes_one_owner_and_the_audit_tells_who_came_and_who_guessed(nobody: World) -> None:
    """Two counters at their first run: one makes the owner, the other is told. A kill -9 leaves nobody signed in."""
    with (
        Terminal(nobody, 80, 24, command="counter") as counter,
        Terminal(nobody, 100, 30, "--terminal", "till-2", command="counter") as other,
    ):
        for terminal in (counter, other):
            terminal.wait_for("This kiosk has no owner yet", seconds=60)
        counter.press(*"ada", "enter", *PIN, "enter", *PIN, "enter")
        counter.wait_for("ada at counter", seconds=60)
        other.wait_for("Somebody became the owner at another terminal")
        other.press(*"ada", "enter")
        for number in range(1, 6):
            other.press(*WRONG, "enter")
            wait_for_guesses(nobody, number)
            other.wait_for("do not match")
        counter.wait_for("five wrong PINs in a row at till-2 for ada", seconds=60)
        counter.press("m")
        counter.wait_for("What else?")
        counter.press("u")
        counter.wait_for("number 5 in a row")
        other.kill()
        assert PIN.encode() not in counter.raw

    told = nobody.run("audit", "--by", "ada")
    assert told.splitlines()[-1].endswith("ada          added ada as owner")
    assert "wrong PIN for ada at till-2, number 1 in a row" in told
    assert nobody.run("audit", "--event", "started").count("was started, version") == 2
    assert WRONG not in told
    nobody.run("verify")
