"""Signing in at the counter: wrong PINs are counted on disk, and the next try has to wait, longer every time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk import clerks
from kiosk.errors import ClerkError
from kiosk.ledger.desk import open_findings
from kiosk.sign_in import FIRST, FREE, LONGEST, MustWait, sign_in
from tests.screens.room import Room

PIN, WRONG = "135790", "999999"


def a_shop(folder: Path, mode: str = "training", pin: str = PIN) -> Room:
    pepper = {"file": str(folder / "pepper")}
    room = Room(folder, ledger={"mode": mode, "state_dir": str(folder), "pepper": pepper})
    made = clerks.pepper_of(room.config.file.ledger.pepper, "ledger.pepper")
    for name in ("mei", "bob"):
        clerks.add_clerk(room.ledger, made, name, pin, "clerk", at=room.time.now())
    return room


def guess(room: Room, times: int, name: str = "mei", terminal: str = "counter") -> None:
    for _ in range(times):
        with pytest.raises(ClerkError, match="do not match"):
            sign_in(room, name, WRONG, terminal)


def pass_by(room: Room, time: timedelta) -> None:
    room.time.at += time


def test_the_right_pin_says_who_acts_and_forgets_the_wrong_ones(tmp_path: Path) -> None:
    """A clerk who mistypes now and then never waits."""
    room = a_shop(tmp_path)

    for _ in range(3):
        guess(room, FREE - 1)
        assert sign_in(room, "mei", PIN, "counter") == "clerk:mei"


@pytest.mark.prove
def test_after_five_wrong_ones_even_the_right_pin_waits_and_twice_as_long_each_time(tmp_path: Path) -> None:
    """It says for how long; a try that came too early looks at nothing, and makes the wait no longer."""
    room = a_shop(tmp_path)
    guess(room, FREE)

    for seconds in (30, 60, 120):
        with pytest.raises(MustWait) as told:
            sign_in(room, "mei", PIN, "counter")
        assert told.value.seconds == seconds
        pass_by(room, timedelta(seconds=seconds))
        guess(room, 1)
    pass_by(room, timedelta(seconds=240))

    assert sign_in(room, "mei", PIN, "counter") == "clerk:mei"


@pytest.mark.prove
def test_no_delay_is_longer_than_the_longest(tmp_path: Path) -> None:
    """A clerk whose colleague played with the keyboard comes back within the hour."""
    room = a_shop(tmp_path)
    guess(room, FREE)
    delay = FIRST
    for _ in range(12):
        pass_by(room, delay)
        guess(room, 1)
        delay = min(2 * delay, LONGEST)

    with pytest.raises(MustWait) as told:
        sign_in(room, "mei", PIN, "counter")

    assert told.value.seconds == LONGEST.total_seconds()


def test_a_restart_forgives_nothing_and_nobody_else_waits(tmp_path: Path) -> None:
    """The count is of one clerk at one terminal, on disk."""
    room = a_shop(tmp_path)
    guess(room, FREE)
    room.let_go()

    with pytest.raises(MustWait):
        sign_in(room, "mei", PIN, "counter")
    assert sign_in(room, "bob", PIN, "counter") == "clerk:bob"
    assert sign_in(room, "mei", PIN, "other") == "clerk:mei"


def test_names_that_nobody_has_are_told_like_wrong_pins_and_counted_as_one(tmp_path: Path) -> None:
    """Nobody learns who works here, nor fills the disk with guesses."""
    room = a_shop(tmp_path)
    for number in range(FREE):
        guess(room, 1, name=f"guess{number}")

    with pytest.raises(MustWait):
        sign_in(room, "another", PIN, "counter")
    assert len(room.ledger.database.rows("SELECT * FROM pin_tries")) == 1


@pytest.mark.parametrize(("mode", "opens"), [("training", True), ("live", False)])
def test_the_pin_of_the_manual_opens_no_live_ledger(tmp_path: Path, mode: str, opens: bool) -> None:
    """Whoever has read the manual has read it."""
    tables: Any = {"mode": mode}
    room = a_shop(tmp_path, **tables, pin="246810")

    if opens:
        assert sign_in(room, "mei", "246810", "counter") == "clerk:mei"
    else:
        with pytest.raises(ClerkError, match="stands in the manual"):
            sign_in(room, "mei", "246810", "counter")


def test_no_pin_is_kept(tmp_path: Path) -> None:
    """Neither the right one nor a wrong one is in any file."""
    room = a_shop(tmp_path)
    guess(room, 2)
    sign_in(room, "mei", PIN, "counter")
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())

    assert PIN.encode() not in everything
    assert WRONG.encode() not in everything


def test_every_wrong_pin_is_on_record_and_none_while_a_delay_runs(tmp_path: Path) -> None:
    """With whose it should have been and where; the fifth is put before the supervisor, once."""
    room = a_shop(tmp_path)
    guess(room, FREE)
    for _ in range(20):
        with pytest.raises(MustWait):
            sign_in(room, "mei", PIN, "counter")
    pass_by(room, FIRST)
    guess(room, 1)
    guess(room, 1, name="nobody", terminal="seat 1")
    refused = [event for event in room.ledger.events() if event["event"] == "pin_refused"]

    said = [(event["by"], event["body"]["clerk"], event["body"]["terminal"]) for event in refused]
    assert said == [("-", "mei", "counter")] * (FREE + 1) + [("-", "-", "seat 1")]
    (finding,) = open_findings(room.ledger)
    assert finding.kind == "pin_refused"
    assert "five wrong PINs in a row at counter for mei" in finding.reason
    assert WRONG not in "".join(str(event) for event in room.ledger.events())
