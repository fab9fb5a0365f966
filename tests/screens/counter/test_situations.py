"""Every situation of docs/clerk.md: a real ledger, remotes over HTTP, the counter, and exactly the keys of its row."""

from __future__ import annotations

import time

import pytest

from kiosk.identifiers import grouped_reference
from kiosk.ledger.verify import problems
from kiosk.order import State
from kiosk.train.cases import Case, Situation
from kiosk.train.course import Course, Lesson
from kiosk.train.manual import ROLL, manual, rows
from kiosk.train.shop import Shop
from kiosk.train.situations import COURSE, SITUATIONS
from kiosk.training import CLERK, PIN
from screens.counter.app import CounterApp
from tests.screens.counter.desk import reads, sign_in, squeezed
from tests.screens.room import seen, settled

ROWS = rows(manual())
QUICK = ("cash",)


def test_every_row_of_the_manual_is_a_situation_and_every_situation_has_its_row() -> None:
    """None is without keys, and none is without somebody who plays it; there are at least twenty."""
    assert sorted(ROWS) == sorted(situation.words for situation in SITUATIONS.values())
    assert len(ROWS) >= 20
    assert set(COURSE) <= set(SITUATIONS)
    assert all(row.sees and row.presses() for row in ROWS.values())


def each() -> list[object]:
    """One of them in the quick tests, the others among the proofs."""
    marks = {name: () if name in QUICK else (pytest.mark.prove,) for name in SITUATIONS}
    return [pytest.param(situation, id=name, marks=marks[name]) for name, situation in SITUATIONS.items()]


@pytest.mark.parametrize("situation", each())
async def test_the_keys_of_the_manual_solve_it(shop: Shop, situation: Situation) -> None:
    """Before them it is not solved; each literal word of its row stood on the screen; the ledger is whole after it."""
    row, case = ROWS[situation.words], situation.build(shop)
    assert situation.why_not(case), "it is solved before anybody has done anything"
    shop.house.paper_watch.look()
    async with CounterApp(shop.house).run_test(size=(100, 50)) as pilot:
        await reads(pilot, "Who is at the counter?")
        await sign_in(pilot, CLERK, PIN)
        stood = squeezed(seen(pilot))
        for is_key, press in row.presses():
            await at_rest(pilot)
            stood += squeezed(seen(pilot))
            if press == ROLL:
                shop.paper.load_paper()
            elif is_key:
                await pilot.press(press)
            else:
                await pilot.press(*typed(case, press))
        await at_rest(pilot)
        stood += squeezed(seen(pilot))

    assert [words for words in row.sees if squeezed(words) not in stood] == []
    comes_true(shop, situation, case)
    assert list(problems(shop.house.ledger)) == []


def typed(case: Case, text: str) -> str:
    order = case.order if case.about else None
    known = {"<PIN>": PIN, "<in-the-till>": str(case.counted.decimal) if case.counted else ""}
    if order:
        known |= {"<reference>": grouped_reference(order.reference), "<last-six>": order.sim_number[-6:]}
    return known.get(text, text)


async def at_rest(pilot) -> None:  # type: ignore[no-untyped-def]
    """Until all that was begun is done, and the page that stands there was read since."""
    await pilot.pause(0.02)
    since, app, asked = time.monotonic(), pilot.app, set()

    def rests() -> bool:
        page = app.screen
        if page.busy or app._bursts._held:
            return False
        if page.reads and page not in asked:
            asked.add(page)
            page._read_at = float("-inf")  # at once, and not within a second
        return not page.reads or (page._read_at >= since and page._reading is None)

    await settled(pilot, rests, "all done")


def comes_true(shop: Shop, situation: Situation, case: Case) -> None:
    """The outside reacts, the queue works, and then it is solved."""
    why = "nobody looked"
    for _ in range(60):
        situation.reacts(case)
        why = situation.why_not(case)
        if not why:
            return
        shop.wait()
    raise AssertionError(why)


@pytest.mark.prove
def test_what_a_clerk_leaves_is_seen_to_before_the_next_customer_comes(shop: Shop) -> None:
    """A course without a single key: nothing is solved, each says why, and no order waits for anybody at its end."""
    course = Course(shop, [Lesson(SITUATIONS[name]) for name in ("late-payment", "hand-back", "in-doubt", "refund")])
    while course.lesson:
        course.begin()
        assert course.judge()
        course.leave()
    for _ in range(60):
        shop.wait()

    assert course.solved == 0
    assert [lesson.tries for lesson in course.lessons] == [1] * 4
    left = [order.state for order in shop.house.ledger.orders([])]
    assert set(left) <= {State.COMPLETED, State.REFUNDED, State.ABANDONED}, left
