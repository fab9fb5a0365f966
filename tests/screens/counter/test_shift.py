"""Shift and closing at the counter: by keys and by touch, counted blind, closed whatever is broken."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kiosk import closing
from kiosk.errors import DeviceError
from kiosk.ledger import shifts
from kiosk.ledger.shifts import Way, closing_of
from kiosk.ledger.verify import problems
from screens.counter.form import FormScreen
from screens.counter.paper import PaperScreen
from screens.counter.shift import ShiftScreen
from screens.parts import Touch
from tests.orders import usd
from tests.screens.counter.desk import PIN, in_review, reads, signed_in, tap
from tests.screens.room import NARROW, Room, seen, settled

WIDE = (100, 34)


async def to_shift(pilot: Any) -> None:
    await tap(pilot, "d")
    await settled(pilot, lambda: isinstance(pilot.app.screen, ShiftScreen), "shift and closing")


async def to_form(pilot: Any, key: str) -> None:
    await tap(pilot, key)
    await settled(pilot, lambda: isinstance(pilot.app.screen, FormScreen), "a form")
    await pilot.pause()


async def touch(pilot: Any, words: str) -> None:
    """A key at the foot."""
    for slot in pilot.app.screen.query(Touch):
        if slot.display and words in str(slot.render()):
            await pilot.click(slot)
            await pilot.pause()
            return
    raise AssertionError(f"no {words} to touch:\n{seen(pilot)}")


@pytest.mark.prove
@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_day_from_the_change_money_to_the_closing_by_keys(desk: Room, size: tuple[int, int]) -> None:
    """Change money, a sale, cash out, the count, the difference with its reason, the PIN; the paper comes out."""
    async with signed_in(desk, size) as pilot:
        await to_shift(pilot)
        await reads(pilot, "No shift is open", "Nothing has been closed yet")
        await to_form(pilot, "b")
        await pilot.press(*"5x20", "enter", *PIN, "enter")
        await reads(pilot, "S1 is open, with $100.00 change money", "Change money: $100.00")
        desk.sell()
        desk.pay_cash()
        await to_form(pilot, "o")
        await pilot.press(*"5", "enter", *"stamps", "enter", *PIN, "enter")
        await reads(pilot, "Cash out: 5.00 USD, stamps", "Cash out $5.00, mei: stamps")
        await to_form(pilot, "z")
        assert "118" not in seen(pilot)
        await pilot.press(*"117.50", "enter")
        await reads(pilot, "Short by $1.00", "there must be $118.50")
        await pilot.press(*"one missing", "enter", *PIN, "enter")
        await reads(pilot, "S1 is closed, Z 1. Short by $1.00. The paper is printed.")

    shift = shifts.last_closed(desk.ledger)
    assert shift is not None
    assert (shift.closed_by, closing_of(desk.ledger, shift)[0].reason) == ("clerk:mei", "one missing")
    assert len(desk.paper.papers) == 1
    assert list(problems(desk.ledger)) == []


@pytest.mark.prove
async def test_all_of_it_works_by_touch(desk: Room) -> None:
    """With a keyboard for the figures alone."""
    async with signed_in(desk, NARROW) as pilot:
        await touch(pilot, "Shift")
        await reads(pilot, "No shift is open")
        await touch(pilot, "Close")
        await reads(pilot, "Nobody told the change money")
        await pilot.press(*"50")
        await touch(pilot, "Next")
        await pilot.press(*"50")
        await touch(pilot, "Next")
        await reads(pilot, "Exact")
        await pilot.press(*PIN)
        await touch(pilot, "Next")
        await reads(pilot, "S1 is closed, Z 1. Exact.")


@pytest.mark.prove
async def test_a_closing_without_a_printer_is_closed_and_printed_later(desk: Room) -> None:
    """Nothing that is broken or open hinders it; what is open is listed. The first paper is no copy, the second is."""
    reviewed = in_review(desk)
    desk.paper.error = DeviceError("no paper", sent=False)
    async with signed_in(desk) as pilot:
        await to_shift(pilot)
        await to_form(pilot, "z")
        await pilot.press("enter", *"0", "enter")
        await reads(pilot, "Exact")
        await pilot.press(*PIN, "enter")
        await reads(pilot, "S1 is closed, Z 1.", "The paper did not come out: no paper. It can be printed later.")
        desk.paper.error = None
        await to_shift(pilot)
        await reads(pilot, "Z 1  S1")
        await tap(pilot, "enter")
        await settled(pilot, lambda: isinstance(pilot.app.screen, PaperScreen), "the paper")
        await reads(pilot, "P Print")
        await tap(pilot, "p")
        await reads(pilot, "The paper is printed.")
        await tap(pilot, "p")
        await settled(pilot, lambda: len(desk.paper.papers) == 2, "a copy")

    assert reviewed.reference[-4:] in str(desk.paper.papers[0])
    assert ["COPY" in str(paper) for paper in desk.paper.papers] == [False, True]


@pytest.mark.prove
async def test_until_it_is_counted_no_page_tells_a_clerk_what_must_be_there(desk: Room) -> None:
    """Neither the shift's, nor the reading, nor the count's own."""
    closing.open_till(desk, usd(10000), "clerk:mei")
    desk.sell()
    desk.pay_cash()
    closing.move(desk, Way.IN, usd(1000), "coins", "clerk:mei")
    pages = []
    async with signed_in(desk) as pilot:
        await to_shift(pilot)
        await reads(pilot, "Change money: $100.00")
        pages.append(seen(pilot))
        await tap(pilot, "x")
        await reads(pilot, "X: a reading", "a supervisor's reading alone")
        pages.append(seen(pilot))
        await tap(pilot, "escape")
        await to_form(pilot, "z")
        pages.append(seen(pilot))

    assert not [page for page in pages if re.search(r"133\.50|23\.50", page)]


@pytest.mark.prove
async def test_who_closes_second_is_told_who_was_first(desk: Room) -> None:
    """Two counters on one shift: nothing of the second one's is done."""
    async with signed_in(desk) as pilot:
        await tap(pilot, "m")
        await reads(pilot, "What else?", "D   Shift and closing")
        await to_shift(pilot)
        await to_form(pilot, "z")
        await pilot.press("enter", *"0", "enter")
        await reads(pilot, "Exact")
        closing.close(desk, closing.count(desk, usd(0), "clerk:bob"), "", "clerk:bob")
        await pilot.press(*PIN, "enter")
        await reads(pilot, "S1 was closed meanwhile by clerk:bob")

    assert [shift.z for shift in shifts.closings(desk.ledger)] == [1]


@pytest.mark.prove
async def test_what_is_no_amount_is_told_before_the_pin(desk: Room) -> None:
    """And the next field is not gone to."""
    async with signed_in(desk) as pilot:
        await to_shift(pilot)
        await to_form(pilot, "i")
        await pilot.press(*"many", "enter")
        await reads(pilot, "is not an amount of money")
        await pilot.press(*["backspace"] * 4, *"10", "enter", "enter")
        await reads(pilot, "Why? It goes on record.")

    assert not [row for row in desk.ledger.events() if row["event"] == "cash_moved"]
