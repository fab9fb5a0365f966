"""The counter of `kiosk train`: a strip above every page says who wants what, and whether it was solved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner

from kiosk.cli.train import command
from kiosk.train.cases import Case, Situation
from kiosk.train.course import Course, Lesson
from kiosk.train.manual import manual, rows
from kiosk.train.shop import NotSo, Shop
from kiosk.train.situations import SITUATIONS
from kiosk.training import CLERK, PIN
from screens.counter.training import TrainingApp
from tests.screens.counter.desk import reads, sign_in
from tests.screens.room import NARROW, seen


def a_course(shop: Shop, *situations: Situation) -> TrainingApp:
    course = Course(shop, [Lesson(situation) for situation in situations])
    return TrainingApp(course, rows(manual()), "kiosk run --config FILE")


@pytest.mark.prove
async def test_the_strip_has_the_customers_words_the_hint_and_the_verdict(shop: Shop) -> None:
    """By touch, on the smallest terminal; the kiosk's command before anybody is signed in; the last one ends it."""
    call = SITUATIONS["call"]
    async with a_course(shop, call).run_test(size=NARROW) as pilot:
        await reads(pilot, "0 of 1 solved", "The kiosk beside it: kiosk run --config FILE")
        await sign_in(pilot, CLERK, PIN)
        await reads(pilot, f"“{call.words}”", "CALL", "Lock")
        await touch(pilot, "F7  Done")
        await reads(pilot, "Not solved: The customer does not know yet that somebody comes.")
        await touch(pilot, "F6  Hint")
        await reads(pilot, "Keys: Enter", "You see: CALL")
        await pilot.press("enter")
        await reads(pilot, "knows that demo is on the way")
        await pilot.press("f7")
        await reads(pilot, "1 of 1 solved", "Solved. F8: the next one.")
        await pilot.press("f8")
        await reads(pilot, "That was all: F10 ends.", "Nothing needs anybody")


@pytest.mark.prove
async def test_a_customer_who_cannot_come_is_said_and_the_next_one_comes(shop: Shop) -> None:
    """A situation that could not be prepared counts as unsolved, and stops nothing."""

    def cannot(_: Shop) -> Case:
        raise NotSo("The sandbox does not answer.")

    broken = replace(SITUATIONS["cash"], build=cannot)
    async with a_course(shop, broken, SITUATIONS["call"]).run_test(size=NARROW) as pilot:
        await sign_in(pilot, CLERK, PIN)
        await reads(pilot, f"0 of 2 solved “{SITUATIONS['call'].words}”")


def test_the_situations_are_listed_without_a_terminal_and_nothing_opens_there() -> None:
    """Every name, with the customer's words."""
    listed = CliRunner().invoke(command, ["--list"])
    refused = CliRunner().invoke(command, [])

    assert listed.exit_code == 0
    assert all(name in listed.output and each.words in listed.output for name, each in SITUATIONS.items())
    assert "Training needs a terminal" in refused.output
    assert refused.exit_code == 2


async def touch(pilot, words: str) -> None:  # type: ignore[no-untyped-def]
    """Touch what stands there."""
    await reads(pilot, words)
    lines = seen(pilot).splitlines()
    row = next(row for row, line in enumerate(lines) if words in line)
    await pilot.click(offset=(lines[row].index(words) + 1, row))
