"""Who works here: the first one is the owner, there always is one, and every change is on record."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kiosk import staff
from kiosk.errors import ClerkError
from kiosk.ledger import desk
from kiosk.ledger.roster import Owned, owned
from kiosk.ledger.verify import problems
from kiosk.sign_in import COMMAND_LINE, FREE, MustWait, WrongPin, sign_in
from tests.screens.room import Room

PIN, OTHER = "135790", "975310"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A shop that nobody works in yet."""
    pepper = {"file": str(tmp_path / "pepper")}
    made = Room(tmp_path, ledger={"mode": "live", "state_dir": str(tmp_path), "pepper": pepper})
    yield made
    made.close()


def told(room: Room) -> list[tuple[str, str]]:
    return [(event["event"], event["by"]) for event in room.ledger.events()][1:]


def test_who_begins_is_the_owner_and_nobody_begins_twice(room: Room) -> None:
    """The second one is told who was faster."""
    staff.begin(room, "mei", PIN, PIN)

    with pytest.raises(ClerkError, match="mei was faster"):
        staff.begin(room, "bob", PIN, PIN)
    assert owned(room.ledger) is Owned.YES
    assert sign_in(room, "mei", PIN, "counter") == "clerk:mei"
    assert told(room) == [("clerk_added", "clerk:mei")]


@pytest.mark.prove
def test_of_two_that_begin_at_once_one_is_the_owner(room: Room) -> None:
    """Whoever is second has nothing, not even a name."""

    def begin(name: str) -> str:
        try:
            staff.begin(room, name, PIN, PIN)
        except ClerkError as error:
            return str(error)
        return "owner"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(begin, ("ann", "bob", "cas", "dee")))

    assert sorted(answer == "owner" for answer in answers) == [False, False, False, True]
    assert len(desk.clerks(room.ledger)) == 1


@pytest.mark.parametrize("pin", ["12345", "123456", "654321", "890123", "111111", "246810", "12a456"])
def test_a_pin_that_anybody_would_guess_is_refused(room: Room, pin: str) -> None:
    """The manual's, too; the sentence does not repeat it."""
    with pytest.raises(ClerkError, match="PIN") as refused:
        staff.begin(room, "mei", pin, pin)

    assert pin not in str(refused.value)
    assert owned(room.ledger) is Owned.NOT_YET


def test_the_first_one_added_must_be_the_owner(room: Room) -> None:
    """And is told how."""
    with pytest.raises(ClerkError, match="kiosk clerk add bob --role owner"):
        staff.add(room, "bob", "clerk", PIN, PIN, by=COMMAND_LINE)
    staff.add(room, "bob", "owner", PIN, PIN, by=COMMAND_LINE)
    staff.add(room, "li", "clerk", PIN, PIN, by="clerk:bob")

    assert told(room) == [("clerk_added", COMMAND_LINE), ("clerk_added", "clerk:bob")]


def test_clerks_without_an_owner_go_on_and_somebody_is_made_one_on_the_machine(room: Room) -> None:
    """A ledger from before there were owners: more clerks may come, and nobody becomes the owner by standing there."""
    desk.add_clerk(room.ledger, "bob", "-", "clerk", at=room.time.now())
    assert owned(room.ledger) is Owned.NO_MORE
    staff.add(room, "li", "clerk", PIN, PIN, by=COMMAND_LINE)

    with pytest.raises(ClerkError, match="bob was faster"):
        staff.begin(room, "eve", PIN, PIN)
    staff.change_role(room, "li", "owner", by=COMMAND_LINE)

    assert owned(room.ledger) is Owned.YES


def test_the_last_owner_stays(room: Room) -> None:
    """Neither disabled nor made less, until there is another."""
    staff.begin(room, "mei", PIN, PIN)
    with pytest.raises(ClerkError, match="mei is the only owner"):
        staff.disable(room, "mei", by="clerk:mei")
    with pytest.raises(ClerkError, match="mei is the only owner"):
        staff.change_role(room, "mei", "clerk", by="clerk:mei")
    desk.add_clerk(room.ledger, "bob", "-", "owner", at=room.time.now())
    staff.disable(room, "mei", by="clerk:bob")

    assert told(room)[-1] == ("clerk_disabled", "clerk:bob")


@pytest.mark.prove
def test_a_new_pin_is_good_at_once_and_the_old_one_is_not(room: Room) -> None:
    """Also for who has to wait after wrong ones; and verify knows of every change."""
    staff.begin(room, "mei", PIN, PIN)
    for _ in range(FREE):
        with pytest.raises(WrongPin):
            sign_in(room, "mei", "864209", "counter")
    with pytest.raises(MustWait):
        sign_in(room, "mei", PIN, "counter")
    staff.change_pin(room, "mei", OTHER, OTHER, by="clerk:mei")

    assert sign_in(room, "mei", OTHER, "counter") == "clerk:mei"
    with pytest.raises(WrongPin):
        sign_in(room, "mei", PIN, "counter")
    assert list(problems(room.ledger)) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE clerks SET role = 'owner' WHERE name = 'bob'",
        "UPDATE clerks SET pin_hash = 'another' WHERE name = 'bob'",
        "UPDATE clerks SET disabled_at = NULL WHERE name = 'bob'",
    ],
    ids=["role", "PIN", "enabled again"],
)
def test_verify_notices_who_was_changed_behind_the_ledgers_back(room: Room, change: str) -> None:
    """A role, a PIN, a clerk who was disabled."""
    now = room.time.now()
    desk.add_clerk(room.ledger, "ada", "-", "owner", at=now)
    desk.add_clerk(room.ledger, "bob", "-", "clerk", at=now)
    staff.change_role(room, "bob", "supervisor", by="clerk:ada")
    staff.disable(room, "bob", by="clerk:ada")
    assert list(problems(room.ledger)) == []

    room.ledger.database.execute(change)

    assert "The clerk bob is not what the events say" in next(problems(room.ledger))


def test_it_takes_an_owner_to_change_anybody(room: Room) -> None:
    """A right PIN of a supervisor is not enough."""
    staff.begin(room, "mei", PIN, PIN)
    assert staff.as_owner(room, "mei", PIN, "counter") == "clerk:mei"
    desk.add_clerk(room.ledger, "bob", "-", "owner", at=room.time.now())
    staff.change_role(room, "mei", "supervisor", by="clerk:bob")

    with pytest.raises(ClerkError, match="takes an owner"):
        staff.as_owner(room, "mei", PIN, "counter")
