"""Behind the screens: whatever is wrong with the ledger is named, waited out, and over when its cause is."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.backstage import Backstage
from kiosk.contacts import Channel, Contact
from kiosk.errors import LedgerBusy, SeatTaken, WrongLedger
from kiosk.ledger import Ledger, seats
from kiosk.ledger.backup import back_up
from kiosk.ledger.hold import Hold
from kiosk.ledger.restore import reopen, restore
from kiosk.order import State
from kiosk.post import leave
from tests.screens.room import Room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path / "state")
    yield made
    made.close()


@pytest.fixture
def backstage(room: Room) -> Iterator[Backstage]:
    """It looks when the test says so; its queue works by itself."""
    made = Backstage(room, "the test", "1")
    made.sit_down()
    made.look()
    assert made.trouble == ""
    yield made
    made.start()
    made.stop()


def test_a_healthy_ledger_is_no_trouble_and_its_queue_is_worked(room: Room, backstage: Backstage) -> None:
    """The seat is taken and alive, the lock is held, and what is paid is delivered."""
    order = room.sell("cash")
    room.pay_cash()
    for _ in range(200):
        if room.ledger.order(order.reference).state is State.COMPLETED:
            break
        backstage._stop.wait(0.02)

    assert room.ledger.order(order.reference).state is State.COMPLETED
    assert room.ledger.database.rows("SELECT pid FROM seats") == [{"pid": os.getpid()}]


def test_a_file_that_is_moved_away_is_let_go_of_and_not_made_anew(room: Room, backstage: Backstage) -> None:
    """Gone: named, and nobody holds it any more. Back: in service, without a word from anybody."""
    path = room.ledger.path
    elsewhere = path.with_name("elsewhere.db")
    path.rename(elsewhere)

    backstage.look()
    assert "was deleted, moved or replaced" in backstage.trouble
    backstage.look()
    assert "is gone" in backstage.trouble
    assert not path.exists()
    Hold(path, alone=True).release()

    elsewhere.rename(path)
    backstage.look()
    assert backstage.trouble == ""


def test_a_damaged_file_is_opened_again_only_when_it_is_whole(room: Room, backstage: Backstage) -> None:
    """However often it looks in between, and whatever else can still be read of it."""
    path = room.ledger.path
    for _ in range(40):
        room.sell("cash")
    room.ledger.database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = path.read_bytes()
    path.write_bytes(whole[: 4096 * 8] + os.urandom(4096 * 8) + whole[4096 * 16 :])

    backstage._whole_at = 0
    backstage.look()
    assert "damaged" in backstage.trouble
    first = backstage.trouble
    backstage.look()
    assert backstage.trouble == first

    for log in ("-wal", "-shm"):
        Path(f"{path}{log}").unlink(missing_ok=True)
    path.write_bytes(whole)
    backstage.look()
    assert backstage.trouble == ""


def test_a_ledger_that_is_locked_is_named_and_waited_out(room: Room, backstage: Backstage) -> None:
    """Another program's transaction."""
    room.ledger.database.execute("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(room.ledger.path, isolation_level=None)) as tool:
        tool.execute("BEGIN IMMEDIATE")
        backstage.look()
        assert "locked by another program" in backstage.trouble
        tool.execute("ROLLBACK")

    backstage.look()
    assert backstage.trouble == ""


def test_a_ledger_that_takes_no_entry_is_named_and_waited_out(room: Room, backstage: Backstage) -> None:
    """The same write as a sale's: a disk that is read-only refuses it."""
    room.ledger.database.execute("PRAGMA query_only = ON")
    backstage.look()
    assert "read-only" in backstage.trouble
    room.ledger.database.execute("PRAGMA query_only = OFF")

    backstage.look()
    assert backstage.trouble == ""


def test_a_restored_ledger_is_trouble_until_a_clerk_says_yes(room: Room, backstage: Backstage) -> None:
    """Restored under a waiting kiosk: refused while it is open, and closed for sale until the yes."""
    path = room.ledger.path
    copy = path.with_name("copy.db")
    back_up(room.ledger, copy)
    told = {"mode": "training", "kiosk": room.config.kiosk_id, "at": room.time.now()}
    with pytest.raises(LedgerBusy):
        restore(copy, path, None, treat=lambda ledger, restored: None, **told)  # type: ignore[arg-type]
    path.unlink()
    backstage.look()
    restore(copy, path, None, treat=lambda ledger, restored: None, **told)  # type: ignore[arg-type]

    backstage.look()
    assert "no clerk has said yes" in backstage.trouble
    reopen(room.ledger, "clerk:mei", room.time.now())
    backstage.look()
    assert backstage.trouble == ""


def test_what_no_waiting_mends_is_not_waited_for(room: Room, tmp_path: Path) -> None:
    """A ledger of another kiosk, a seat that is taken: said at once."""
    seats.take_seat(room.ledger, "1", os.getppid(), at=room.time.now())
    with pytest.raises(SeatTaken):
        Backstage(room, "the test", "1").sit_down()
    room.let_go()
    path = room.config.state_dir / "ledger.db"
    path.rename(tmp_path / "elsewhere.db")
    Path(f"{path}-lock").unlink()
    Ledger(path, mode="training", kiosk="T99", at=room.time.now()).close()
    with pytest.raises(WrongLedger):
        Backstage(room, "the test", "1").sit_down()


def test_every_change_of_trouble_is_told_once(room: Room) -> None:
    """Whoever watches hears what is wrong, and that it is over; not the same again every five seconds."""
    heard: list[str] = []
    backstage = Backstage(room, "the test", "1", heard.append)
    backstage.sit_down()
    room.ledger.database.execute("PRAGMA query_only = ON")
    for _ in range(3):
        backstage.look()
    room.ledger.database.execute("PRAGMA query_only = OFF")
    for _ in range(3):
        backstage.look()
    backstage.start()
    backstage.stop()

    assert len(heard) == 2
    assert heard[1] == ""


def test_messages_are_sent_behind_the_screens(tmp_path: Path) -> None:
    """By the holder of the queue, in a thread of its own."""
    mails = tmp_path / "mails"
    room = Room(tmp_path / "state", messages={"email": {"kind": "folder", "path": str(mails)}})
    backstage = Backstage(room, "the test", "1")
    order = room.sell("cash")
    room.pay_cash()
    leave(room, order, Contact(Channel.EMAIL, "mei@example.com", "en"))
    backstage.sit_down()
    backstage.look()
    for _ in range(400):
        if (sent := list(mails.glob("*.eml"))) and sent[0].stat().st_size:
            break
        backstage._stop.wait(0.02)
    backstage.start()
    backstage.stop()
    room.close()

    assert b"To: mei@example.com" in sent[0].read_bytes()
