"""The screens said aloud: in order, one sentence at a time, and chosen from by ear."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from textual.pilot import Pilot

from kiosk.contacts import Channel
from kiosk.speech import LOUD, QUIET, SLOWER, USUAL, Sentence
from kiosk.texts import LANGUAGES
from screens.clerk import ClerkScreen, end_words
from screens.contact import ContactScreen
from screens.frame import KioskScreen
from screens.number import NumberScreen
from screens.plan import PlanScreen
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, PLANS, SIM, Host, Room, hand_over, on, settled, type_in
from tests.screens.test_matrix import EVERY


@dataclass
class FakeVoice:
    """Keeps what it was told to say. While `slow`, it is still at its first sentence."""

    said: list[Sentence] = field(default_factory=list)
    how: list[tuple[int, int]] = field(default_factory=list)
    slow: bool = False
    _speaks: bool = False

    def begin(self, sentence: Sentence, *, words_a_minute: int, loudness: int) -> None:
        self.said.append(sentence)
        self.how.append((words_a_minute, loudness))
        self._speaks = self.slow

    @property
    def speaks(self) -> bool:
        return self._speaks

    def stop(self) -> None:
        self._speaks = False

    @property
    def words(self) -> list[str]:
        return [sentence.text for sentence in self.said]


@dataclass
class FakeJack:
    plugged: bool | None = None

    def stop(self) -> None:
        """Nothing to stop."""


def with_voice(room: Room) -> FakeVoice:
    voice = FakeVoice()
    room.voice = voice
    return voice


async def hears(pilot: Pilot[None], voice: FakeVoice, words: str) -> None:
    await settled(pilot, lambda: any(words in said for said in voice.words), f"heard: {words}")


async def test_a_screen_is_said_from_top_to_bottom(room: Room) -> None:
    """What the keys of the voice are, the question, the choices with their numbers, the keys that work."""
    voice, app = with_voice(room), Host(room, lambda room: PlanScreen(room, room.network.sim(SIM)))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, PlanScreen)
        await pilot.press("f5")
        await hears(pilot, voice, "Help")

    places = [
        next(place for place, said in enumerate(voice.words) if words in said)
        for words in ("Spoken mode", "F6", "Choose a plan", "1 1 GB", "2 10 GB", "Escape Back", "Language", "Help")
    ]
    assert places == sorted(places)
    assert "hidden digits" in " ".join(voice.words)


async def test_enter_takes_what_is_being_said(room: Room) -> None:
    """Whoever hears the second plan presses Enter, and has it; afterwards Enter is the screen's own again."""
    voice, app = with_voice(room), Host(room, lambda room: PlanScreen(room, room.network.sim(SIM)))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, PlanScreen)
        await pilot.press("f5")
        voice.slow = True
        for _ in range(40):
            await settled(pilot, lambda: voice.speaks, "something is said")
            if voice.words[-1].startswith("2 10 GB"):
                break
            voice.stop()  # the sentence is over
            await pilot.pause(0.15)
        await pilot.press("enter")
        await settled(pilot, lambda: bool(app.answers), "an answer")

    assert app.answers[0] == PLANS[1]


@pytest.mark.prove
async def test_arrows_go_from_line_to_line_and_the_cursor_goes_along(room: Room) -> None:
    """Down, down, up: each says where one is; a braille display finds the terminal's cursor there."""
    voice, app = with_voice(room), Host(room, lambda room: PlanScreen(room, room.network.sim(SIM)))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, PlanScreen)
        await pilot.press("f5")
        await hears(pilot, voice, "Choose a plan")
        while not voice.words[-1].startswith("2 10 GB"):
            await pilot.press("down")
            await pilot.pause(0.25)
        first = app.cursor_position
        tile = app.screen.query(".plan")[1]
        assert tile.region.contains(*first)
        await pilot.press("up")
        await settled(pilot, lambda: voice.words[-1].startswith("1 1 GB"), "the first plan")
        await pilot.press("enter")
        await settled(pilot, lambda: bool(app.answers), "an answer")

    assert app.answers[0] == PLANS[0]


@pytest.mark.prove
async def test_any_key_ends_what_is_said(room: Room) -> None:
    """Nobody has to listen to the end; nothing of the rest comes later."""
    voice, app = with_voice(room), Host(room, WelcomeScreen)
    voice.slow = True
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await pilot.press("f5")
        await settled(pilot, lambda: voice.speaks, "the first sentence")
        await pilot.press("f7")
        await settled(pilot, lambda: voice.words[-1] == "Slower.", "the new pace")
        voice.stop()
        await pilot.pause(0.4)

        assert voice.words[-1] == "Slower."


@pytest.mark.prove
async def test_pace_and_loudness_are_chosen_and_are_usual_again_for_the_next(room: Room) -> None:
    """F7 slower, F8 louder; the next customer's voice begins as everybody's."""
    voice, app = with_voice(room), Host(room, WelcomeScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await pilot.press("f5")
        await pilot.press("f7", "f8")
        await hears(pilot, voice, "Louder.")
        assert voice.how[-1] == (SLOWER, LOUD)
        first = app.screen
        hand_over(app, "enter")
        await settled(pilot, lambda: app.screen is not first and isinstance(app.screen, WelcomeScreen), "the next")
        assert app.reader is None
        await pilot.press("f5")
        await settled(pilot, lambda: voice.how[-1] == (USUAL, QUIET), "as everybody's")


@pytest.mark.prove
async def test_each_digit_that_is_typed_is_said(room: Room) -> None:
    """And what is deleted; F6 says the whole number again."""
    voice, app = with_voice(room), Host(room, NumberScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        await pilot.press("f5")
        await hears(pilot, voice, "Help")
        await type_in(pilot, "8")
        await settled(pilot, lambda: "8" in voice.words, "the first digit")
        await type_in(pilot, "9")
        await settled(pilot, lambda: "9" in voice.words, "the second")
        await pilot.press("backspace")
        await hears(pilot, voice, "Deleted 8")


@pytest.mark.prove
async def test_every_language_is_said_in_itself(room: Room) -> None:
    """On the first screen each tile speaks to those who need it."""
    voice, app = with_voice(room), Host(room, WelcomeScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await pilot.press("f5")
        await hears(pilot, voice, "Help")

    said = {sentence.language: sentence.text for sentence in voice.said if sentence.text[:1].isdigit()}
    assert {language: f"{n} {name}" for n, (language, name) in enumerate(LANGUAGES.items(), start=1)} == said


@pytest.mark.prove
async def test_an_address_and_a_pin_are_never_said(room: Room) -> None:
    """It is said that they are not; nothing that is typed is heard."""
    screens: list[Any] = [
        lambda room: ContactScreen(room, (Channel.EMAIL, Channel.SMS)),
        lambda room: ClerkScreen(room, lambda clerk, pin: False, end_words),
    ]
    for make in screens:
        voice, app = with_voice(room), Host(room, make)
        async with app.run_test(size=NARROW) as pilot:
            await on(pilot, KioskScreen)
            app.spoken = True
            await hears(pilot, voice, "not said aloud")
            await type_in(pilot, "zq7")
            await pilot.pause(0.5)

        assert not any("z" in said.lower().split() or "zq" in said.lower() for said in voice.words)


async def test_a_warning_is_said_at_once_and_who_listens_has_twice_the_time(room: Room) -> None:
    """Before anything else that waits to be said."""
    voice, app = with_voice(room), Host(room, NumberScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, NumberScreen)
        await pilot.press("f5")
        await hears(pilot, voice, "Help")
        screen = app.screen
        assert isinstance(screen, NumberScreen)
        screen._active_at -= (screen.idle_s or 0) * 1.9
        await hears(pilot, voice, "Are you still there")


@pytest.mark.prove
async def test_who_hears_and_reads_large_letters_may_press_anything_at_once(room: Room) -> None:
    """A page in large letters that is not whole yet is gone to all the same, and a new screen in the middle of it."""
    with_voice(room)
    app = Host(room, WelcomeScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        for keys in (("f5", "f3", "down"), ("f2", "down", "up"), ("f3", "f3", "down", "f6"), ("escape", "up", "enter")):
            await pilot.press(*keys)
            await pilot.pause(0.15)
        assert app.is_running


@pytest.mark.prove
async def test_headphones_begin_and_end_it(room: Room) -> None:
    """Plugged in, the kiosk speaks; pulled out, it is silent; the next customer's that are still in are spoken to."""
    voice, jack, app = with_voice(room), FakeJack(), Host(room, WelcomeScreen)
    room.headphones = lambda: jack  # type: ignore[method-assign]
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        app.listen_for_headphones()
        jack.plugged = True
        await hears(pilot, voice, "Spoken mode")
        first = app.screen
        hand_over(app, "enter")
        await settled(pilot, lambda: app.screen is not first and app.spoken, "still in")
        jack.plugged = False
        await settled(pilot, lambda: not app.spoken, "pulled out")


async def test_a_kiosk_without_a_voice_says_so_in_writing(room: Room) -> None:
    """F5 is no dead key."""
    room.voice = None
    app = Host(room, WelcomeScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await pilot.press("f5")
        await settled(pilot, lambda: bool(app.screen.query_one("#still-there").display), "a notice")
        assert not app.spoken


@pytest.mark.prove
@pytest.mark.parametrize("name", ["number", "code", "summary", "delivered", "sim"])
async def test_no_screen_makes_the_voice_read_pictures(room: Room, name: str) -> None:
    """Boxes, bars, blocks, codes: none of them is heard."""
    voice, app = with_voice(room), Host(room, EVERY[name])
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, KioskScreen)
        app.spoken = True
        await hears(pilot, voice, "Help")
    assert not [said for said in voice.words if any(0x2190 <= ord(char) <= 0x27BF for char in said)]
