"""Roles, PINs and the audit on the command line; wrong PINs there wait as they do at the counter."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.backstage import Backstage
from kiosk.sign_in import FREE, MustWait
from screens.__main__ import Seat
from tests.screens.counter.desk import PIN, WRONG, a_desk
from tests.screens.room import Room
from tests.world import World


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Room]:
    """A shop with two clerks."""
    made = a_desk(tmp_path)
    yield made
    made.close()


@pytest.mark.prove
def test_roles_pins_and_the_audit_on_the_command_line(kiosk: World) -> None:
    """Whoever owns the machine changes them; who is who is on record, and goes into a file of its owner's."""
    assert "bob is added (clerk)" in kiosk.run("clerk", "add", "bob", pin="975310")
    assert "bob is supervisor now" in kiosk.run("clerk", "role", "bob", "supervisor")
    assert "bob has a new PIN" in kiosk.run("clerk", "pin", "bob", pin="864209")
    assert "mei is the only owner" in kiosk.run("clerk", "disable", "mei", code=4)
    assert "only count up or down" in kiosk.run("clerk", "pin", "bob", pin="345678", code=4)
    table = kiosk.folder / "audit.json"
    kiosk.run("audit", "--by", "bob", "--json", "--output", str(table))

    told = json.loads(table.read_text(encoding="utf-8"))
    assert [line["event"] for line in told] == ["clerk_pin", "clerk_role", "clerk_added"]
    assert {line["by"] for line in told} == {"command line"}
    assert stat.S_IMODE(table.stat().st_mode) == 0o600
    assert "is there already" in kiosk.run("audit", "--output", str(table), code=9)
    kiosk.run("verify")


@pytest.mark.prove
def test_after_five_wrong_pins_the_command_line_waits_too(kiosk: World) -> None:
    """Even for the right one; at the counter the same clerk goes on."""
    for _ in range(FREE):
        assert "not the PIN of mei" in kiosk.run(*kiosk.sell_arguments(), pin="864209", code=4)

    assert "Too many wrong PINs" in kiosk.sell(code=4)
    assert kiosk.orders() == []
    places = kiosk.rows("SELECT json_extract(body, '$.terminal') AS at FROM events WHERE event = 'pin_refused'")
    assert [row["at"] for row in places] == ["command line"] * FREE


@pytest.mark.prove
def test_the_kiosks_own_clerk_screen_counts_by_its_seat(desk: Room) -> None:
    """Who guesses there waits there."""
    seat = Seat(desk, "1")
    assert [seat.leave("mei", WRONG) for _ in range(FREE)] == [False] * FREE

    with pytest.raises(MustWait):
        seat.leave("mei", PIN)
    *_, last = [event["body"] for event in desk.ledger.events() if event["event"] == "pin_refused"]
    assert (last["clerk"], last["terminal"]) == ("mei", "seat 1")


def test_what_works_the_queue_is_on_record_once_a_start(desk: Room) -> None:
    """However often it looks."""
    backstage = Backstage(desk, "kiosk run, seat 1", "1")
    backstage.sit_down()
    backstage.look()
    backstage.look()
    backstage.start()
    backstage.stop()

    started = [event["body"] for event in desk.ledger.events() if event["event"] == "started"]
    assert [body["what"] for body in started] == ["kiosk run, seat 1"]
