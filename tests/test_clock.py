"""The kiosk's time: no deadline passes because somebody set the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.clock import SteadyClock

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)


@dataclass
class Machine:
    """A wall clock that can be set, and an uptime that cannot."""

    wall: datetime = NOON
    up_s: float = 100.0

    def clock(self) -> SteadyClock:
        return SteadyClock(lambda: self.wall, lambda: self.up_s)

    def go_on(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.up_s += seconds


@pytest.mark.parametrize("jump_h", [-24 * 365, -1, 1, 24 * 365])
def test_a_jump_of_the_wall_clock_changes_nothing_until_a_remote_confirms_it(jump_h: int) -> None:
    """Deadlines go by elapsed time; a remote that tells the new time ends the doubt."""
    machine = Machine()
    clock = machine.clock()
    machine.wall += timedelta(hours=jump_h)
    machine.go_on(30)

    before = clock.now()
    clock.heard("Acme", machine.wall + timedelta(seconds=2))

    assert before == NOON + timedelta(seconds=30)
    assert clock.now() == machine.wall
    assert clock.off_by == {}


def test_a_remote_that_contradicts_both_clocks_is_named_and_not_believed(capfd: pytest.CaptureFixture[str]) -> None:
    """Five minutes off, and nobody set anything: time stays, and it is on record by how much."""
    machine = Machine()
    clock = machine.clock()
    clock.heard("Acme", NOON - timedelta(minutes=5))

    assert clock.now() == NOON
    assert clock.off_by == {"Acme": timedelta(minutes=5)}


def test_a_remote_that_agrees_again_is_forgotten() -> None:
    """The clock was set right: nothing stops wallets any more."""
    machine = Machine()
    clock = machine.clock()
    clock.heard("Acme", NOON - timedelta(minutes=5))
    machine.wall -= timedelta(minutes=5)
    clock.heard("Acme", NOON - timedelta(minutes=5))

    assert clock.now() == NOON - timedelta(minutes=5)
    assert clock.off_by == {}


def test_small_corrections_are_followed_at_once() -> None:
    """Network time that corrects by seconds is right."""
    machine = Machine()
    clock = machine.clock()
    machine.wall += timedelta(seconds=-3)

    assert clock.now() == NOON - timedelta(seconds=3)


def test_a_machine_without_a_battery_starts_no_earlier_than_its_ledger() -> None:
    """1970 after a power cut: the kiosk goes on from its newest event, and then by uptime."""
    machine = Machine(wall=datetime(1970, 1, 1, tzinfo=UTC))
    clock = machine.clock()
    clock.not_before(NOON)
    machine.go_on(10)

    assert clock.now() == NOON + timedelta(seconds=10)


def test_a_ledger_from_before_holds_nothing_back() -> None:
    """The usual start: the newest event is older than now."""
    clock = Machine().clock()
    clock.not_before(NOON - timedelta(days=1))

    assert clock.now() == NOON
