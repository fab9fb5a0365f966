"""The board: what needs a human stands first, in words; it is read anew by itself, and never blocks the screen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.ledger import desk as findings
from kiosk.ledger.floats import Float, note_float
from kiosk.ledger.seats import call_staff, seats, take_seat
from kiosk.ledger.troubles import Trouble, note_trouble
from kiosk.money import Money
from screens.counter.order import OrderScreen
from tests.screens.counter.desk import PIN, in_review, reads, signed_in, tap
from tests.screens.room import NARROW, Room, seen, settled


def call(room: Room, seat: str = "2") -> None:
    take_seat(room.ledger, seat, 1, at=room.time.now())
    call_staff(room.ledger, seat, at=room.time.now())


def called(room: Room, seat: str = "2") -> str:
    (found,) = [each for each in seats(room.ledger, room.time.now()) if each.name == seat]
    return found.called.coming if found.called else "nobody calls"


def a_finding(room: Room, reason: str, hours: int) -> str:
    now = room.time.now()
    return findings.open_finding(room.ledger, "float_low", reason, at=now, deadline_at=now + timedelta(hours=hours))


async def test_what_needs_a_human_stands_first_by_its_deadline(desk: Room) -> None:
    """A call before all, then what is late, then reviews and findings, then cash; each with its word, and counted."""
    a_finding(desk, "the float is low", hours=2)
    in_review(desk)
    a_finding(desk, "it was due long ago", hours=-1)
    desk.sell("cash")
    call(desk)
    async with signed_in(desk) as pilot:
        await reads(pilot, "1 calls", "1 in review", "2 findings", "1 cash to take")

        lines = seen(pilot).splitlines()

    words = ["Seat 2: calls staff", "LATE", "the float is low", "nobody knows of the top-up", "CASH"]
    places = [next(at for at, line in enumerate(lines) if word in line) for word in words]
    assert places == sorted(places)


async def test_a_queue_that_nobody_works_is_not_well(desk: Room) -> None:
    """What was paid waits for a program that runs: the board says which, as soon as something is a minute overdue."""
    desk.sell("cash")
    desk.pay_cash()
    async with signed_in(desk) as pilot:
        await reads(pilot, "Queue 1 wait (1 SUBMITTING)")
        assert "NOBODY" not in seen(pilot)
        desk.time.go_on(seconds=70)
        await reads(pilot, "! Queue", "NOBODY HAS WORKED IT, 1:10 ago it was due: start `kiosk run` or `kiosk sync`")


async def test_it_says_how_everything_else_stands(desk: Room) -> None:
    """Printer, remotes, float, queue, today's money; what is not well has a mark, not a colour alone."""
    now = desk.time.now()
    desk.sell("wechat")
    note_trouble(desk.ledger, "airtime", Trouble.AWAY, now)
    desk.work()
    desk.time.go_on(seconds=65)
    note_float(desk.ledger, "airtime", Float(Money(900, "USD"), now, low=True))
    async with signed_in(desk) as pilot:
        await reads(
            pilot,
            "! airtime",
            "DOES NOT ANSWER",
            "LOW: 9.00 USD",
            "airtime DOES NOT ANSWER; nobody has asked it yet",
            "wechat answered 1:05 ago",
        )
        await reads(pilot, "Queue 1 wait (1 AUTHORIZING)", "Today 0 paid, 0.00 USD; 0 given back")
        await reads(pilot, "Printer none is configured" if desk.printer is None else "Printer")


@pytest.mark.prove
async def test_it_is_read_anew_by_itself(desk: Room) -> None:
    """What happens at the kiosk stands here a moment later; the line that was chosen stays chosen."""
    order = desk.sell("cash")
    async with signed_in(desk) as pilot:
        await reads(pilot, "1 cash to take")
        in_review(desk)
        await reads(pilot, "1 in review")
        await pilot.press("enter")
        await settled(pilot, lambda: isinstance(pilot.app.screen, OrderScreen), "the order that was chosen")
        await reads(pilot, order.reference[-4:], "Take cash")


@pytest.mark.prove
async def test_a_call_is_answered_by_a_key_with_the_clerks_name(desk: Room) -> None:
    """S from wherever one stands on the board; the customer reads who comes, and nobody answers twice."""
    desk.sell("cash")
    call(desk)
    async with signed_in(desk) as pilot:
        await reads(pilot, "1 calls")
        await pilot.press("down")
        await reads(pilot, "S Coming")
        await pilot.press("s")
        await reads(pilot, "Seat 2 knows that mei is on the way", "mei is on the way, at the welcome screen")
        await pilot.press("s")
        await reads(pilot, "somebody else is on the way already")

    assert called(desk) == "mei"


async def test_s_answers_a_call_that_is_chosen_itself_too(desk: Room) -> None:
    """Enter is named there, which does the same; who has learnt S need not look."""
    call(desk)
    async with signed_in(desk) as pilot:
        await reads(pilot, "1 calls", "Enter Coming")
        await pilot.press("s")
        await reads(pilot, "Seat 2 knows that mei is on the way")

    assert called(desk) == "mei"


@pytest.mark.prove
async def test_a_finding_is_dealt_with_by_words_and_pin(desk: Room) -> None:
    """It leaves the board, and who closed it is on record."""
    name = a_finding(desk, "the float is low", hours=2)
    async with signed_in(desk) as pilot:
        await reads(pilot, "the float is low")
        await pilot.press("enter")
        await reads(pilot, f"{name} is dealt with")
        await pilot.press(*"paid in", "enter", *PIN, "enter")
        await reads(pilot, f"{name} is closed", "Nothing needs anybody")

    decided = [event for event in desk.ledger.events() if event["event"] == "finding_decided"]
    assert [(event["by"], event["body"]["decision"]) for event in decided] == [("clerk:mei", "paid in")]


@pytest.mark.prove
async def test_the_smallest_terminal_has_room_for_it(desk: Room) -> None:
    """At 80 by 24 the keys, what needs somebody and how things stand are all there."""
    call(desk)
    in_review(desk)
    async with signed_in(desk, NARROW) as pilot:
        await reads(pilot, "Seat 2: calls staff", "in review", "Printer", "Today", "F10 End", "mei is signed in")


@pytest.mark.prove
async def test_the_keys_work_as_they_are_printed_with_caps_lock_too(desk: Room) -> None:
    """C and L in capital letters, on a page and on the next."""
    order = in_review(desk)
    async with signed_in(desk) as pilot:
        await tap(pilot, "C")
        await reads(pilot, "Which order is paid in cash?")
        await pilot.press("escape", "enter")
        await reads(pilot, order.reference[-4:], "N Note")
        await tap(pilot, "N")
        await reads(pilot, "Writes a note into the order's timeline")
