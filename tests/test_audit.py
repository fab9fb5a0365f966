"""The audit: who did what, newest first, in words; and what was started on which configuration."""

from __future__ import annotations

import csv
import stat
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from kiosk.audit import LOOKED_AT, Entry, Wanted, as_csv, entries, export, read_page
from kiosk.decisions import decide
from kiosk.ledger import desk
from kiosk.ledger.closing import Count, close_shift
from kiosk.ledger.shifts import Way, move_cash, till
from kiosk.ledger.terminals import LOCKED, SIGNED_OUT, come_to, leave, who_is_where
from kiosk.ledger.verify import problems
from kiosk.money import Money
from kiosk.sign_in import WrongPin, sign_in
from kiosk.starts import leaves, note_start
from kiosk.untrusted import FORMULA
from tests.screens.counter.desk import in_review
from tests.screens.room import Room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A shop in which nobody has a PIN."""
    made = Room(tmp_path)
    yield made
    made.close()


def words(room: Room, **wanted: Any) -> list[str]:
    return [f"{entry.by}: {entry.words}" for entry in entries(room, Wanted(**wanted))]


def test_it_tells_every_act_of_a_person_in_words_and_nothing_of_the_queue_or_a_customer(room: Room) -> None:
    """Newest first; an order's own, with its number and the reason that was given."""
    now = room.time.now()
    desk.add_clerk(room.ledger, "mei", "-", "owner", at=now)
    order = in_review(room)
    decide(room.ledger, order, "refund", by="clerk:mei", reason="asked twice", at=now)
    desk.open_finding(room.ledger, "float_low", "the float is low", at=now, deadline_at=now)
    desk.decide_finding(room.ledger, "F1", by="clerk:mei", decision="topped up", at=now)

    assert words(room) == [
        "mei: closed finding F1: topped up",
        "mei: ordered a refund: asked twice",
        "mei: added mei as owner",
        "kiosk: began this ledger: training, kiosk T07",
    ]
    assert [entry.order for entry in entries(room, Wanted(order=order.reference))] == [order.reference]


def test_it_is_filtered_by_person_event_day_and_words(room: Room) -> None:
    """By a person: what they did, and what was done about them."""
    begun = room.time.now()
    desk.add_clerk(room.ledger, "mei", "-", "owner", at=begun)
    room.time.go_on(seconds=86400 * 3)
    now = room.time.now()
    desk.add_clerk(room.ledger, "bob", "-", "clerk", at=now, by="clerk:mei")
    with pytest.raises(WrongPin):
        sign_in(room, "bob", "000000", "till-2")

    assert words(room, by="bob") == ["?: wrong PIN for bob at till-2, number 1 in a row", "mei: added bob as clerk"]
    assert words(room, event="clerk_added") == ["mei: added bob as clerk", "mei: added mei as owner"]
    assert words(room, event="clerk_added", since=now) == ["mei: added bob as clerk"]
    assert words(room, event="clerk_added", until=now) == ["mei: added mei as owner"]
    assert words(room, words=("TILL-2", "wrong")) == ["?: wrong PIN for bob at till-2, number 1 in a row"]


def test_a_page_goes_on_where_the_last_one_ended(room: Room) -> None:
    """However many there are, each is on exactly one page."""
    desk.add_clerk(room.ledger, "mei", "-", "owner", at=room.time.now())
    for _ in range(5):
        come_to(room.ledger, "counter", "mei", at=room.time.now())
    seen, before = [], None
    while True:
        page = read_page(room, Wanted(), 3, before)
        seen += [entry.seq for entry in page.entries]
        before = page.goes_on
        if before is None:
            break

    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_a_page_reads_by_the_index_of_acts(room: Room) -> None:
    """What customers and the queue have done in between costs nothing."""
    query = "EXPLAIN QUERY PLAN SELECT seq FROM events INDEXED BY events_of_people WHERE"
    query += " (order_id IS NULL OR (by >= 'clerk:' AND by < 'clerk;')) AND seq < 9 ORDER BY seq DESC LIMIT 5"

    plan = " ".join(row["detail"] for row in room.ledger.database.rows(query))

    assert "events_of_people (seq<?)" in plan
    assert "TEMP B-TREE" not in plan
    assert LOOKED_AT >= 1000


@pytest.mark.parametrize("begin", FORMULA)
def test_no_cell_of_the_table_is_a_formula(room: Room, begin: str) -> None:
    """A reason is a clerk's words, and a spreadsheet would run them."""
    entry = Entry(1, room.time.now(), "mei", "noted", None, f"{begin}cmd|'/c calc'!A1")

    *_, cell = next(csv.reader(StringIO(as_csv([entry]).split("\n", 1)[1])))

    assert not cell.startswith(FORMULA)


def test_an_export_is_its_owners_alone(room: Room) -> None:
    """In the state folder."""
    path = export(room, entries(room, Wanted()))

    assert path.parent == room.config.state_dir / "audit"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "began this ledger" in path.read_text(encoding="utf-8")


def test_who_is_signed_in_where_is_known_until_they_go_or_the_terminal_dies(room: Room) -> None:
    """Coming and going are events, and verify knows whether the list is what they say."""
    ledger, now = room.ledger, room.time.now()
    first = come_to(ledger, "counter", "mei", at=now)
    come_to(ledger, "till-2", "bob", at=now)
    leave(ledger, first, LOCKED, at=now)
    leave(ledger, come_to(ledger, "counter", "li", at=now), SIGNED_OUT, at=now)

    assert [(stay.clerk, stay.terminal) for stay in who_is_where(ledger, now)] == [("bob", "till-2")]
    room.time.go_on(seconds=31)
    assert who_is_where(ledger, room.time.now()) == []
    assert list(problems(ledger)) == []
    ledger.database.execute("UPDATE terminals SET clerk = 'eve'")
    assert "Who is signed in at till-2 is not what the events say" in next(problems(ledger))


def test_a_changed_configuration_is_named_by_its_keys_and_no_value_is_kept(tmp_path: Path) -> None:
    """At each start what was started is on record; what has changed, once."""
    room = Room(tmp_path)
    note_start(room, "kiosk run, seat 1")
    note_start(room, "kiosk run, seat 1")
    room.close()
    changed = Room(tmp_path, sales={"refund_second_person_above": "31.75"})
    note_start(changed, "")
    note_start(changed, "")

    first, *_, last = [words(changed, event=event) for event in ("started", "configuration_changed")]
    assert len(first) == 2
    assert first[0].startswith("kiosk: kiosk run, seat 1 was started, version ")
    assert "configuration changed: sales.refund_second_person_above" in last[0]
    assert "for the first time" in last[1]
    assert "31.75" not in "".join(str(event) for event in changed.ledger.events())
    changed.close()


def test_with_another_pepper_nobody_can_tell_which_keys_have_changed(tmp_path: Path) -> None:
    """That something has, can be told all the same."""
    folder = str(tmp_path)
    for name in ("one", "two"):
        pepper = {"file": f"{folder}/{name}"}
        room = Room(tmp_path, ledger={"mode": "training", "state_dir": folder, "pepper": pepper})
        note_start(room, "")
        told = words(room, event="configuration_changed")
        room.close()

    assert "which keys cannot be told" in told[0]


def test_keys_are_named_by_their_whole_path() -> None:
    """Tables, lists of tables, plain lists."""
    table = {"a": {"b": 1, "c": [1, 2]}, "sims": [{"prefix": "89"}, {"prefix": "+1"}], "d": {}}

    assert [path for path, _ in leaves(table)] == ["a.b", "a.c", "sims[0].prefix", "sims[1].prefix", "d"]


def test_what_happens_at_the_till_is_told_too(room: Room) -> None:
    """Shifts, cash in and out, counts: amounts as people read them."""
    now = room.time.now()
    move_cash(room.ledger, Way.IN, Money(1000, "USD"), "change from the bank", "clerk:mei", at=now)
    move_cash(room.ledger, Way.COUNTED, Money(1000, "USD"), "", "clerk:mei", at=now)

    assert words(room, by="mei") == [
        "mei: counted 10.00 USD in the till",
        "mei: cash in, 10.00 USD: change from the bank",
        "mei: opened shift S1",
    ]


@pytest.mark.parametrize(
    ("counted", "told"),
    [(900, "short 1.00 USD: a note was torn"), (1000, "no difference"), (1250, "over 2.50 USD: tip")],
)
def test_a_closing_says_what_was_short_or_over_and_why(room: Room, counted: int, told: str) -> None:
    """Of each shift that was closed, beside its number on the paper."""
    move_cash(room.ledger, Way.IN, Money(1000, "USD"), "change from the bank", "clerk:mei", at=room.time.now())
    reason = told.partition(": ")[2]
    usd = Money(counted, "USD")
    close_shift(room.ledger, Count(usd, till(room.ledger, "USD")), reason=reason, by="clerk:mei", at=room.time.now())

    assert words(room, by="mei")[0] == f"mei: closed shift S1 as Z 1, {told}"
