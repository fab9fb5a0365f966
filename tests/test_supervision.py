"""What was not decided in time is raised, once, and takes a supervisor from then on; nothing is ever hidden."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.acts import DECIDES, acts_for
from kiosk.board import SHOWN, Kind, read_board
from kiosk.decisions import decide, hand_back
from kiosk.errands import Errands
from kiosk.errors import Illegal
from kiosk.facts import Attempt, Call, Event, Fact, Outcome
from kiosk.holder import drain
from kiosk.ledger.desk import add_clerk, disable_clerk, open_finding
from kiosk.ledger.needs import NEEDS, WITH_RAISED
from kiosk.ledger.raised import LATE, raise_late, raisings
from kiosk.ledger.verify import problems
from kiosk.money import Money
from kiosk.order import Order, State
from kiosk.supervision import close_finding
from tests.screens.counter.desk import in_review
from tests.screens.room import Room


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Room]:
    """A shop with two clerks, and nobody above them."""
    made = Room(tmp_path)
    for name in ("mei", "bob"):
        hire(made, name, "clerk")
    yield made
    made.close()


def hire(room: Room, name: str, role: str) -> None:
    """Without a PIN: nobody signs in here."""
    add_clerk(room.ledger, name, "no hash", role, at=room.time.now())


def late(room: Room) -> Order:
    order = in_review(room)
    room.time.go_on(days=9)
    return order


def refund(room: Room, order: Order, **who: str) -> Order:
    said = {"by": "clerk:mei", "reason": "asked"} | who
    return decide(room.ledger, order, "refund", at=room.time.now(), **said)  # type: ignore[arg-type]


def events(room: Room, name: str) -> list[str]:
    return [event["by"] for event in room.ledger.events() if event["event"] == name]


def test_it_is_raised_once_by_the_queues_holder_or_by_a_counter(desk: Room) -> None:
    """Not before its deadline; an order and a finding alike; and it stands in the chain."""
    order, now = in_review(desk), desk.time.now()
    finding = open_finding(desk.ledger, "float_low", "low", at=now, deadline_at=desk.review_by())
    assert raise_late(desk.ledger, by="counter", at=now) == 0
    desk.time.go_on(days=9)

    drain(Errands(desk.line))
    assert raise_late(desk.ledger, by="counter", at=desk.time.now()) == 0

    assert events(desk, "raised") == ["queue", "queue"]
    assert len(raisings(desk.ledger, order.reference)) == len(raisings(desk.ledger, finding)) == 1
    assert desk.ledger.order(order.reference) == order
    assert list(problems(desk.ledger)) == []


def test_an_order_that_comes_back_with_another_deadline_is_raised_again(desk: Room) -> None:
    """Once for each deadline."""
    order = late(desk)
    raise_late(desk.ledger, by="counter", at=desk.time.now())
    now = desk.time.now()
    resumed = decide(desk.ledger, order, "resume", by="clerk:mei", reason="look", at=now)
    again = Fact(event=Event.ESCALATED, by="queue", reason="still", deadline_at=now + timedelta(hours=1))
    desk.ledger.record(resumed, again, at=now)
    desk.time.go_on(hours=2)

    assert raise_late(desk.ledger, by="counter", at=desk.time.now()) == 1
    assert len(raisings(desk.ledger, order.reference)) == 2


def test_from_then_on_a_decision_takes_a_supervisor(desk: Room) -> None:
    """A clerk alone decides nothing; with the supervisor's word both names are on record."""
    hire(desk, "ana", "supervisor")
    order = late(desk)

    with pytest.raises(Illegal, match="takes a supervisor's or the owner's PIN"):
        refund(desk, order)
    with pytest.raises(Illegal, match="takes a supervisor"):
        refund(desk, order, supervisor="clerk:bob")
    refund(desk, order, supervisor="clerk:ana")

    assert events(desk, "refund_ordered") == ["clerk:mei, clerk:ana"]


@pytest.mark.parametrize("role", ["supervisor", "owner"])
def test_a_supervisor_and_an_owner_decide_it_alone(desk: Room, role: str) -> None:
    """Whoever is one needs nobody beside them."""
    hire(desk, "ana", role)

    refund(desk, late(desk), by="clerk:ana")

    assert events(desk, "refund_ordered") == ["clerk:ana"]


def test_before_the_deadline_a_clerk_decides(desk: Room) -> None:
    """As always."""
    hire(desk, "ana", "supervisor")

    assert refund(desk, in_review(desk)).state is State.REFUNDING


def test_a_shop_without_supervisor_or_owner_goes_on_deciding_and_says_so(desk: Room) -> None:
    """One who was disabled is none; nothing waits for somebody who does not exist."""
    hire(desk, "ana", "supervisor")
    disable_clerk(desk.ledger, "ana", at=desk.time.now())
    order = late(desk)

    acts = [act for act in acts_for(desk, order) if act.verb in DECIDES]

    assert acts
    assert all("no supervisor and no owner" in act.tells and not act.raised for act in acts)
    assert refund(desk, order).state is State.REFUNDING


def test_above_the_limit_the_second_person_is_still_another_one(desk: Room) -> None:
    """Clerk, supervisor, and a third: each by name."""
    hire(desk, "ana", "supervisor")
    order, above = late(desk), Money(2000, "USD")
    said = {"by": "clerk:mei", "reason": "asked", "supervisor": "clerk:ana", "at": desk.time.now(), "above": above}

    with pytest.raises(Illegal, match="takes two clerks"):
        decide(desk.ledger, order, "refund", **said)  # type: ignore[arg-type]
    with pytest.raises(Illegal, match="must be another one"):
        decide(desk.ledger, order, "refund", second="clerk:ana", **said)  # type: ignore[arg-type]
    decide(desk.ledger, order, "refund", second="clerk:bob", **said)  # type: ignore[arg-type]

    assert events(desk, "refund_ordered") == ["clerk:mei, clerk:ana, clerk:bob"]


def test_cash_for_what_a_rail_refuses_to_give_back_takes_the_supervisor_as_well(desk: Room) -> None:
    """It is a decision about a review like any other."""
    hire(desk, "ana", "supervisor")
    order = late(desk)
    now = desk.time.now()
    refused = Attempt(1, Call.REFUND, f"{order.reference}R1", now, Outcome.REFUSED, now, "no")
    order = desk.ledger.record(order, Fact(event=Event.NOTED, by="queue", attempt=refused), at=now)

    with pytest.raises(Illegal, match="takes a supervisor"):
        hand_back(desk.ledger, order, by="clerk:mei", at=now)
    assert hand_back(desk.ledger, order, by="clerk:mei", supervisor="clerk:ana", at=now).state is State.REFUNDED


def test_a_late_finding_takes_the_supervisor_as_well(desk: Room) -> None:
    """And stays open until then."""
    hire(desk, "ana", "owner")
    name = open_finding(desk.ledger, "float_low", "low", at=desk.time.now(), deadline_at=desk.review_by())
    desk.time.go_on(days=9)
    said = {"decision": "paid in", "at": desk.time.now(), "by": "clerk:mei"}

    with pytest.raises(Illegal, match="takes a supervisor"):
        close_finding(desk.ledger, name, **said)  # type: ignore[arg-type]
    close_finding(desk.ledger, name, supervisor="clerk:ana", **said)  # type: ignore[arg-type]

    assert events(desk, "finding_decided") == ["clerk:mei, clerk:ana"]


def test_what_was_raised_behind_the_ledgers_back_is_found(desk: Room) -> None:
    """Nobody takes a raised order from the supervisor's list."""
    late(desk)
    raise_late(desk.ledger, by="queue", at=desk.time.now())
    desk.ledger.database.execute("DELETE FROM raised")

    assert [told for told in problems(desk.ledger) if "raised to the supervisor" in told]


def test_of_500_reviews_none_is_hidden(desk: Room) -> None:
    """All are counted, raised ones first, and each stands on exactly one page."""
    first = in_review(desk)
    one = desk.ledger.database
    columns = ", ".join(row["name"] for row in one.rows("SELECT name FROM pragma_table_info('orders')"))
    values = columns.replace("reference", ":new").replace("deadline_at", ":by").replace("due_at", ":by")
    for number in range(1, 500):
        by = f"2026-08-{1 + number % 28:02d}T12:00:00.000000+00:00"
        sql = " ".join(("INSERT INTO orders (", columns, ") SELECT", values, "FROM orders WHERE reference = :old"))
        one.execute(sql, {"new": f"T07{number:013d}", "by": by, "old": first.reference})
    desk.time.go_on(days=9)
    while raise_late(desk.ledger, by="queue", at=desk.time.now()):
        pass

    pages = [read_board(desk, page) for page in range(5)]

    found = [row for page in pages for row in page.rows if row.kind is Kind.REVIEW]
    assert pages[0].counts[Kind.REVIEW] == len(found) == len({row.key for row in found}) == 500
    assert [row.raised for row in found] == sorted((row.raised for row in found), reverse=True)
    assert pages[0].raised == sum(row.raised for row in found) > 100
    assert [len(page.rows) for page in pages] == [SHOWN + 1, *[SHOWN + 2] * 3, SHOWN + 1]
    assert pages[0].rows[-1].words.startswith("400 more")
    assert read_board(desk, 99).page == 4


def test_the_board_s_list_is_read_by_indexes(desk: Room) -> None:
    """A million settled orders cost nothing."""
    needing = " ".join((NEEDS, "SELECT * FROM", WITH_RAISED, "ORDER BY rank, needs.at LIMIT 100"))
    for sql in (needing, LATE):
        plan = desk.ledger.database.rows("EXPLAIN QUERY PLAN " + sql, {"now": "", "limit": 1})
        scans = [row["detail"] for row in plan if row["detail"].startswith("SCAN") and "needs" not in row["detail"]]
        assert all("INDEX" in scan for scan in scans if "orders" in scan or "findings" in scan), plan
