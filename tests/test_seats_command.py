"""`kiosk seats`: the counter sees who stands where, and is called."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from kiosk.ledger import desk
from kiosk.ledger.seats import call_staff, seats, step_to, take_seat
from tests.world import World


@pytest.mark.prove
def test_the_counter_is_called_and_answers(kiosk: World) -> None:
    """Who calls stands first; one clerk answers, and the next one is told that nobody waits any more."""
    assert "No kiosk is open." in kiosk.run("seats")
    with closing(kiosk.house()) as house:
        desk.add_clerk(house.ledger, "li", "-", "clerk", at=house.clock.now())
        take_seat(house.ledger, "1", 1, at=house.clock.now())
        take_seat(house.ledger, "2", 1, at=house.clock.now())
        call_staff(house.ledger, "2", at=house.clock.now())

        told = json.loads(kiosk.run("seats", "--json"))
        shown = kiosk.run("seats")
        assert [seat["seat"] for seat in told] == ["2", "1"]
        assert "CALLED 0:0" in shown
        assert "--clerk NAME" in kiosk.run("seats", "--come", "2", code=2)
        assert "There is no active clerk nobody" in kiosk.run("seats", "--come", "2", "--clerk", "nobody", code=4)
        assert "Seat 2 knows" in kiosk.run("seats", "--come", "2", "--clerk", "mei")
        assert "Nobody waits for staff at seat 2" in kiosk.run("seats", "--come", "2", "--clerk", "li")

        called = seats(house.ledger, house.clock.now())[0].called
        assert called
        assert called.coming == "mei"
        assert "mei is on the way" in kiosk.run("seats")
        step_to(house.ledger, "2", "welcome", "en", at=house.clock.now())
        (came,) = house.ledger.database.rows("SELECT by, body FROM events WHERE event = 'staff_came'")
        assert (came["by"], json.loads(came["body"])["seat"]) == ("mei", "2")
        assert "whole" in kiosk.run("verify")


def test_a_counter_that_watches_is_rung_once_for_each_call(kiosk: World) -> None:
    """The bell of the terminal, and the line."""
    with closing(kiosk.house()) as house:
        take_seat(house.ledger, "1", 1, at=house.clock.now())
        watching = kiosk.start("seats", "--watch")
        assert watching.stdout
        assert "SEAT" in watching.stdout.readline()
        assert watching.stdout.readline().startswith("1")
        call_staff(house.ledger, "1", at=house.clock.now())

        rung = [watching.stdout.readline() for _ in range(3)]
        watching.kill()
        watching.communicate()

    assert rung[0] == "\a\n"
    assert "CALLED" in rung[2]
