"""Training in a real terminal: customers come, the manual's keys solve what they bring, and the ledger says so."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kiosk.train.manual import Row, manual, rows
from kiosk.train.situations import SITUATIONS
from kiosk.training import CLERK, PIN
from tests.journeys.terminal import Terminal
from tests.world import World

pytestmark = pytest.mark.prove
CHANGES_S = 3.0
"""So long a key may take to show; one that moves from field to field shows nothing."""


def page(counter: Terminal, seconds: float = 0.05) -> str:
    """What stands on the screen below the clock."""
    return counter.look(seconds).partition("\n")[2]


def rest(counter: Terminal) -> None:
    """Until nothing moves any more."""
    before, now = "", "One moment"
    while before != now or "One moment" in now:
        before, now = now, page(counter, 0.3)


def follow(counter: Terminal, row: Row) -> None:
    """Press what the manual says; what stands in its brackets is read off the screen, or known.

    Whoever opens what the board lists waits until it is listed.
    """
    if row.keys.startswith("Enter"):
        counter.wait_for(row.sees[0])
    rest(counter)
    for is_key, press in row.presses():
        if press == "<reference>":
            press = next(word for word in counter.look().split() if word.startswith("T07-")).rstrip(",")
        named = {"escape": "esc"}.get(press, press)
        before, ends = page(counter), time.monotonic() + CHANGES_S
        counter.press(*([named] if is_key else {"<PIN>": PIN}.get(press, press)))
        while page(counter) == before and time.monotonic() < ends:
            pass
        rest(counter)


def is_solved(counter: Terminal, seconds: float = 60) -> None:
    """F7, until it says so: a refund takes the queue a moment."""
    ends = time.monotonic() + seconds
    while "Solved. F8" not in counter.look(0.5):
        assert time.monotonic() < ends, counter.look()
        counter.press("f7")


def test_two_situations_are_solved_by_the_keys_of_the_manual_and_one_is_left(kiosk: World, tmp_path: Path) -> None:
    """It says which, and why; its summary too, and its exit code; nothing of it is in the everyday training ledger."""
    kiosk.env = {name: value for name, value in kiosk.env.items() if name != "TMUX"} | {"XDG_STATE_HOME": str(tmp_path)}
    names = ("refund", "line-down", "call")
    arguments = [word for name in names for word in ("--situation", name)]
    with Terminal(kiosk, 80, 24, *arguments, command="train") as counter:
        counter.wait_for("Who is at the counter?", seconds=60)
        counter.wait_for("The kiosk beside it: kiosk run --config")
        follow(counter, Row("", (), f"{CLERK} Enter <PIN> Enter"))
        for solved, name in enumerate(names[:2]):
            words = SITUATIONS[name].words
            counter.wait_for(f"{solved} of 3 solved “{words}”")
            follow(counter, rows(manual())[words])
            is_solved(counter)
            counter.press("f8")
        counter.wait_for(f"2 of 3 solved “{SITUATIONS['call'].words}”")
        counter.press("f6")
        counter.wait_for("Keys: Enter")
        counter.press("f7")
        counter.wait_for("Not solved: The customer does not know yet that somebody comes.")
        counter.press("f8")
        counter.wait_for("2 of 3 solved. That was all")
        counter.press("f10")
        counter.process.wait()
        told = counter.look(0.5)

    assert counter.process.exitstatus == 1
    assert "2 of 3 solved." in told
    assert "kiosk train --situation call" in told
    assert not (tmp_path / "kiosk-training").exists()
