"""Assist: where each kiosk's customer is, and the words that help there. It changes nothing of theirs."""

from __future__ import annotations

import pytest

from kiosk.ledger.seats import call_staff, seats, step_to, take_seat
from kiosk.telling import STEP_WORDS
from kiosk.texts import LANGUAGES, texts
from screens.counter.assist import AssistScreen
from screens.counter.phrases import phrases
from screens.frame import KioskScreen
from tests.screens.counter.desk import reads, signed_in, tap
from tests.screens.room import NARROW, Room, settled


def all_steps(kind: type[KioskScreen]) -> set[str]:  # type: ignore[type-arg]
    below = {name for each in kind.__subclasses__() for name in all_steps(each)}
    return below | ({kind.name_of_step} if kind.name_of_step else set())


def test_every_step_of_the_kiosk_has_words_for_the_clerk() -> None:
    """A new screen says what its customer does there."""
    assert all_steps(KioskScreen) <= set(STEP_WORDS)


def test_every_step_has_sentences_in_the_customers_language_beside_the_english(desk: Room) -> None:
    """The kiosk's own, so that both read the same."""
    for language in LANGUAGES:
        for step in STEP_WORDS:
            pairs = phrases(desk, step, language)
            assert len(pairs) >= 2
            assert all(own and english for own, english in pairs)
            assert language == "en" or all(own != english for own, english in pairs if "Refunded" not in english)


@pytest.mark.prove
async def test_a_clerk_reads_step_language_and_the_words_that_help(desk: Room) -> None:
    """On the smallest terminal, anew by itself; S says that somebody is coming."""
    take_seat(desk.ledger, "2", 1, at=desk.time.now())
    step_to(desk.ledger, "2", "plan", "zh", at=desk.time.now())
    desk.time.go_on(seconds=75)
    touch, paying = "Every key on the bottom line can be touched.", "4. Pay. The screen says when it has arrived."
    async with signed_in(desk, NARROW) as pilot:
        await tap(pilot, "a")
        await settled(pilot, lambda: isinstance(pilot.app.screen, AssistScreen), "the page")
        await reads(pilot, "Seat 2: choosing a plan, for 1:15", LANGUAGES["zh"])
        await reads(pilot, "2. Choose a plan, or answer three questions", texts("zh").say(touch))
        step_to(desk.ledger, "2", "pay", "es", at=desk.time.now())
        call_staff(desk.ledger, "2", at=desk.time.now())
        await reads(pilot, "Seat 2: paying", "CALLS STAFF", texts("es").say(paying))
        await tap(pilot, "s")
        await reads(pilot, "Seat 2 knows that mei is on the way")

    (seat,) = seats(desk.ledger, desk.time.now())
    assert (seat.step, seat.language) == ("pay", "es")
    assert seat.called
    assert seat.called.coming == "mei"
