"""Settings at the screens: out of service with a message, ways to pay, promotions and volume, within a second."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from kiosk.daily import change
from kiosk.ledger import desk
from kiosk.ledger.settings import Value, changed_settings
from kiosk.order import State
from kiosk.speech import LOUDEST, QUIET
from kiosk.texts import LANGUAGES, texts
from screens.app import KioskApp
from screens.closed import ClosedScreen
from screens.done import DoneScreen
from screens.found import FoundScreen
from screens.help import HelpScreen
from screens.number import NumberScreen
from screens.pay import CounterScreen
from screens.summary import SummaryScreen
from screens.welcome import WelcomeScreen
from screens.where import WhereScreen
from tests.screens.room import NARROW, SIM, Host, Room, hand_over, on, said, seen, sees, settled, speak, to_the_summary
from tests.screens.test_room_enough import closed, cut
from tests.screens.test_spoken import with_voice

SUMMER = {
    "name": {"en": "Summer week"},
    "percent": 20,
    "first_day": date(2026, 8, 1),
    "last_day": date(2026, 8, 7),
}


def put(room: Room, key: str, value: Value | None) -> float:
    """As a supervisor at the counter does; when that was."""
    if not any(row["name"] == "sue" for row in desk.clerks(room.ledger)):
        desk.add_clerk(room.ledger, "sue", "-", "supervisor", at=room.time.now())
    change(room, key, value, by="clerk:sue", seen=changed_settings(room.ledger).get(key))
    return time.monotonic()


async def test_the_welcome_screen_turns_into_out_of_service_and_back_within_a_second(room: Room) -> None:
    """With the message below, in the customer's language; what was typed by hand as it was typed."""
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await settled(pilot, lambda: app.following.known)
        since = put(room, "out_of_service", "ask_at_counter")
        await on(pilot, ClosedScreen)
        assert time.monotonic() - since < 5  # one second, on a machine with nothing else to do
        await sees(pilot, "No top-ups are sold here just now")
        await sees(pilot, "Please ask at the counter.")
        await speak(pilot, "zh")
        await sees(pilot, "此处暂停充值服务")
        await sees(pilot, texts("zh").say("Please ask at the counter."))
        put(room, "out_of_service", "Gegenüber offen")
        await sees(pilot, "Gegenüber offen")
        await sees(pilot, "已付款项安全")
        put(room, "out_of_service", None)
        await on(pilot, WelcomeScreen)
        assert app.language == "en"


@pytest.mark.prove
async def test_a_sale_that_has_begun_goes_on_to_its_end(room: Room) -> None:
    """Chosen, paid at the counter, delivered, receipt; only then the kiosk takes no new one."""
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await to_the_summary(pilot)
        put(room, "out_of_service", "back_soon")
        await settled(pilot, lambda: app.following.settings.message == "back_soon")
        await pilot.press("2")
        await on(pilot, CounterScreen)
        room.pay_cash()
        room.work()
        await on(pilot, DoneScreen)
        assert room.only_order().state is State.COMPLETED
        await pilot.press("enter")
        await on(pilot, ClosedScreen)


@pytest.mark.prove
async def test_who_has_bought_finds_the_top_up_while_nothing_is_sold(room: Room) -> None:
    """By key, or by the receipt; a card that is scanned starts nothing, and that is said."""
    order = room.sell("cash")
    put(room, "out_of_service", "no_message")
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ClosedScreen)
        hand_over(app, *SIM, "enter")
        await settled(pilot, lambda: "No top-ups are sold here" in said(pilot, "still-there"))
        assert isinstance(app.screen, ClosedScreen)
        await pilot.press("w")
        await on(pilot, WhereScreen)
        await pilot.press("escape")
        await on(pilot, ClosedScreen)
        hand_over(app, *order.reference, "enter")
        await on(pilot, FoundScreen)


@pytest.mark.prove
async def test_who_reads_help_or_types_a_number_is_not_thrown_out(room: Room) -> None:
    """The help lies over the welcome screen; the number is a sale that has begun."""
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await pilot.press("question_mark")
        await on(pilot, HelpScreen)
        put(room, "out_of_service", "back_soon")
        await settled(pilot, lambda: app.following.settings.message is not None)
        await pilot.pause(0.7)
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        await on(pilot, ClosedScreen)
        put(room, "out_of_service", None)
        await on(pilot, WelcomeScreen)
        await pilot.press("enter")
        await on(pilot, NumberScreen)
        put(room, "out_of_service", "back_soon")
        await settled(pilot, lambda: app.following.settings.message is not None)
        await pilot.pause(0.7)
        await on(pilot, NumberScreen)


@pytest.mark.prove
async def test_a_tender_that_is_switched_off_goes_from_the_welcome_screen_and_cannot_be_chosen(room: Room) -> None:
    """At a summary that is open it says so, and its key does nothing; switched on again, it works again."""
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await settled(pilot, lambda: said(pilot, "ways") == "WeChat Pay, Cash")
        put(room, "tender.wechat", False)
        await settled(pilot, lambda: said(pilot, "ways") == "Cash")
        put(room, "tender.wechat", None)
        await settled(pilot, lambda: said(pilot, "ways") == "WeChat Pay, Cash")
        await to_the_summary(pilot)
        await sees(pilot, "scan a code with your phone")
        put(room, "tender.wechat", False)
        await pilot.press("1")
        await sees(pilot, "not offered just now")
        assert isinstance(app.screen, SummaryScreen)
        assert room.ledger.orders([]) == []


@pytest.mark.prove
async def test_a_price_that_was_seen_is_kept_when_its_promotion_is_switched_off(tmp_path: Path) -> None:
    """On the summary and when it is charged, also by another way to pay; the next customer pays the whole price."""
    room = Room(tmp_path, promotions=[SUMMER])
    app = KioskApp(room)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await settled(pilot, lambda: said(pilot, "promotion").startswith("Summer week"))
        await to_the_summary(pilot)
        await sees(pilot, "Summer week")
        put(room, "promotion.Summer week", False)
        await pilot.press("2")
        await on(pilot, CounterScreen)
        first = room.only_order().total
        await pilot.press("t")
        await on(pilot, SummaryScreen)
        await sees(pilot, "Summer week")
        assert "price has changed" not in said(pilot, "hint")
        await pilot.press("2")
        await on(pilot, CounterScreen)
        assert {order.total for order in room.ledger.orders([])} == {first}
        await pilot.press("escape")
        await settled(pilot, lambda: not isinstance(app.screen, CounterScreen))
    async with KioskApp(room).run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await settled(pilot, lambda: not said(pilot, "promotion"))
        await to_the_summary(pilot)
        assert "Summer week" not in seen(pilot)
    room.close()


@pytest.mark.prove
async def test_the_voice_is_as_loud_as_is_set_and_f8_is_louder_than_that(room: Room) -> None:
    """From the next sentence on; never louder than the synthesizer gets."""
    voice = with_voice(room)
    app = Host(room, WelcomeScreen)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, WelcomeScreen)
        await settled(pilot, lambda: app.following.known)
        put(room, "volume", 50)
        await settled(pilot, lambda: app.following.settings.volume == 50)
        await pilot.press("f5")
        await settled(pilot, lambda: bool(voice.how))
        assert {loudness for _, loudness in voice.how} == {QUIET // 2}
        put(room, "volume", 150)
        await settled(pilot, lambda: app.following.settings.volume == 150)
        await pilot.press("f8", "f8")
        await settled(pilot, lambda: voice.how[-1][1] == LOUDEST)


@pytest.mark.prove
async def test_the_picture_is_read_aloud_in_every_language(room: Room) -> None:
    """The sentence, the message, and that what was paid is safe."""
    voice = with_voice(room)
    app = Host(room, closed)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ClosedScreen)
        await pilot.press("f5")
        for language in LANGUAGES:
            app.language = language
            told = texts(language).say("No top-ups are sold here just now")
            await settled(pilot, lambda told=told: any(told in words for words in voice.words), told)  # type: ignore[misc]
        assert any("Wir sind gegen" in words for words in voice.words)


@pytest.mark.prove
async def test_nothing_is_cut_where_somebody_has_typed_as_much_as_fits(room: Room) -> None:
    """In each language, on the smallest terminal."""
    app = Host(room, closed)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ClosedScreen)
        for language in LANGUAGES:
            app.language = language
            await pilot.pause(0.1)
            assert cut(app.screen) == [], language  # type: ignore[arg-type]


@pytest.mark.prove
async def test_who_comes_next_finds_the_kiosks_own_language(room: Room) -> None:
    """The one before has gone, with a language and a contrast that were theirs."""
    app = Host(room, closed)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ClosedScreen)
        await pilot.press("7")
        await settled(pilot, lambda: app.language == "fr")
        await pilot.press("f4")
        await settled(pilot, lambda: app.theme != app.first_theme)
        assert isinstance(app.screen, ClosedScreen)
        app.screen.anew_s = 0.2
        await settled(pilot, lambda: app.language == "en" and app.theme == app.first_theme)
