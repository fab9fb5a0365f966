"""An order in review begins with what its clerk needs: why, until when, what each side says, what fits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.acts import Verb, acts_for
from kiosk.errands import Errands
from kiosk.facts import Event, Fact
from kiosk.fitting import fitting, span
from kiosk.holder import drain
from kiosk.ledger.desk import open_finding
from kiosk.ledger.sides import Proves, Said, Sides
from tests.screens.counter.desk import PIN, a_desk, counter, hire, in_review, reads, sign_in, signed_in, tap
from tests.screens.counter.test_acts import to_page
from tests.screens.room import NARROW, Room, seen


def said(room: Room, payment: Proves = Proves.NOTHING, delivery: Proves = Proves.NOTHING) -> Sides:
    now = room.time.now()
    return Sides(1, in_review(room).reference, "clerk:mei", now, now, Said("", payment, now), Said("", delivery, now))


@pytest.mark.prove
async def test_both_sides_are_asked_by_one_key_and_answer_on_the_page(desk: Room) -> None:
    """It says what it waits for, and then what they said, with the time; on the smallest terminal as well."""
    order = in_review(desk)
    async with signed_in(desk, NARROW) as pilot:
        await to_page(pilot, order)
        await reads(pilot, "Why: nobody knows of the top-up", "Decide by 2026-08-01", "min left", "Fits: W")
        await tap(pilot, "w")
        await reads(pilot, "They are being asked", "wechat: asking ...")
        drain(Errands(desk.line))
        await reads(pilot, "airtime, asked 08-01", "Nothing was ever sent to airtime", "Fits: F Refund")

        lines = seen(pilot).splitlines()

    assert next(at for at, line in enumerate(lines) if "Why:" in line) < 6


@pytest.mark.prove
async def test_where_no_queue_runs_that_is_said(desk: Room) -> None:
    """A clerk waits for nothing that nobody works on."""
    order = in_review(desk)
    async with signed_in(desk) as pilot:
        await to_page(pilot, order)
        await tap(pilot, "w")
        await reads(pilot, "asking ...")
        desk.time.go_on(seconds=4)
        await reads(pilot, "NOT ASKED YET: nobody works the queue", "kiosk sync")
        await tap(pilot, "w")
        await reads(pilot, "They are being asked already")


@pytest.mark.parametrize(
    ("payment", "delivery", "first"),
    [
        (Proves.PAID, Proves.DELIVERED, Verb.DELIVERED),
        (Proves.PAID, Proves.NOT_DELIVERED, Verb.REFUND),
        (Proves.BACK, Proves.NOT_DELIVERED, Verb.RETURNED),
    ],
)
def test_what_the_sides_prove_fits_first_and_says_why(
    room: Room, payment: Proves, delivery: Proves, first: Verb
) -> None:
    """And nothing that the machine does not allow."""
    order = in_review(room)
    acts = acts_for(room, order)

    fits = fitting(order, acts, said(room, payment, delivery))

    assert fits[0][0].verb is first
    assert all(act in acts and why.endswith(".") for act, why in fits)


def test_without_a_payment_on_record_the_rails_word_decides_what_fits(room: Room) -> None:
    """Its proof of unpaid settles it; its word that it was paid sends it back to the queue."""
    order = room.sell("wechat")
    asked = Fact(event=Event.ESCALATED, by="queue", reason="unknown", deadline_at=room.review_by())
    order = room.ledger.record(order, asked, at=room.time.now())
    acts = acts_for(room, order)

    assert fitting(order, acts, None)[0][0].verb is Verb.SIDES
    assert fitting(order, acts, said(room, Proves.UNPAID))[0][0].verb is Verb.UNPAID
    assert fitting(order, acts, said(room, Proves.PAID))[0][0].verb is Verb.RESUME


@pytest.mark.parametrize(
    ("minutes", "words"), [(-5, "0 min"), (12, "12 min"), (192, "3 h 12 min"), (51 * 60, "2 d 3 h")]
)
def test_how_long_is_said_in_words(minutes: int, words: str) -> None:
    """Short, and never below nothing."""
    assert span(timedelta(minutes=minutes)) == words


@pytest.mark.prove
async def test_a_clerk_decides_what_is_late_with_a_supervisors_pin(tmp_path: Path) -> None:
    """RAISED stands first; with two people beside the clerk, all of it fits on the smallest terminal."""
    room = a_desk(tmp_path, sales={"refund_second_person_above": "20.00"})
    hire(room, "ana", "supervisor")
    order = in_review(room)
    room.time.go_on(days=9)
    async with signed_in(room, NARROW) as pilot:
        await reads(pilot, "1 RAISED", "RAISED LATE 08-01")
        await pilot.press("enter")
        await reads(pilot, "LATE since 2026-08-01", "it takes a supervisor's or the owner's PIN", "F Refund")
        await tap(pilot, "f")
        await reads(pilot, "Name of the supervisor or owner", "PIN of the second person", "Enter Next")
        await pilot.press(*"asked", "enter", *PIN, "enter", *"ana", "enter", *PIN, "enter")
        await pilot.press(*"bob", "enter", *PIN, "enter")
        await reads(pilot, "Decided. The order is REFUNDING now.")

    *_, last = room.ledger.events(order.reference)
    assert last["by"] == "clerk:mei, clerk:ana, clerk:bob"
    room.close()


@pytest.mark.prove
async def test_a_supervisor_who_is_signed_in_needs_nobody_else(desk: Room) -> None:
    """Not for an order, and not for a finding."""
    hire(desk, "ana", "supervisor")
    name = open_finding(desk.ledger, "float_low", "low", at=desk.time.now(), deadline_at=desk.review_by())
    desk.time.go_on(days=9)
    async with counter(desk) as pilot:
        await sign_in(pilot, "ana")
        await reads(pilot, "1 RAISED")
        await pilot.press("enter")
        await reads(pilot, f"{name} is dealt with")
        await pilot.press(*"paid in", "enter", *PIN, "enter")
        await reads(pilot, f"{name} is closed")


@pytest.mark.prove
async def test_the_next_page_is_one_row_away(desk: Room) -> None:
    """By Enter or touch, there and back."""
    now = desk.time.now()
    for number in range(150):
        by = now + timedelta(hours=1, minutes=number)
        open_finding(desk.ledger, "float_low", f"number {number:03d}.", at=now, deadline_at=by)
    async with signed_in(desk) as pilot:
        await reads(pilot, "150 findings", "number 000.")
        await pilot.press("end")
        await reads(pilot, "50 more: Enter shows the next 50")
        await pilot.press("enter")
        await reads(pilot, "number 100.")
        await pilot.press("end", "enter")
        await reads(pilot, "number 000.")
