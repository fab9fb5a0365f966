"""A customer who wants a message says where to, by keys or by touch alone; who does not loses nothing by it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from kiosk.contacts import Channel, Contact
from kiosk.ledger.messages import contact_of, messages_of
from kiosk.notices import MessageKind
from kiosk.order import Order
from kiosk.texts import LANGUAGES
from screens.contact import KEYBOARD, ContactScreen
from screens.done import DoneScreen
from screens.parts import Touch, Words
from tests.screens.room import NARROW, WIDE, Host, Room, on, said, seen, sees, settled, speak, type_in

BOTH = (Channel.EMAIL, Channel.SMS)
MAIL = "mei.wang@example.com"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Room]:
    """It can send both."""
    made = Room(tmp_path, messages={"sms": {"kind": "twilio"}, "email": {"kind": "folder"}})
    yield made
    made.close()


def paid(room: Room) -> Order:
    room.sell("cash")
    room.pay_cash()
    return room.only_order()


def asks(room: Room, channels: tuple[Channel, ...] = BOTH) -> Host:
    return Host(room, lambda room: ContactScreen(room, channels))


async def touch(pilot: Pilot[None], key: str) -> None:
    assert await pilot.click(f"#key-{KEYBOARD.index(key)}")


async def test_a_message_is_asked_for_typed_and_queued(shop: Room) -> None:
    """From the last screen and back to it, which says where it goes without telling who looks over the shoulder."""
    order = paid(shop)
    app = Host(shop, lambda room: DoneScreen(room, order))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, DoneScreen)
        await pilot.press("m")
        await on(pilot, ContactScreen)
        await type_in(pilot, MAIL)
        await sees(pilot, f"> {MAIL}_")
        await pilot.press("enter")
        await sees(pilot, "Messages go to m***@example.com")

        assert MAIL not in seen(pilot)
        assert contact_of(shop.ledger, order.reference) == Contact(Channel.EMAIL, MAIL, "en")
        assert [entry.kind for entry in messages_of(shop.ledger, order.reference)] == [MessageKind.WAITING]


async def test_the_message_is_in_the_language_of_the_screen(shop: Room) -> None:
    """Changed in the middle or not."""
    order = paid(shop)
    app = Host(shop, lambda room: DoneScreen(room, order))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, DoneScreen)
        await pilot.press("m")
        await on(pilot, ContactScreen)
        await type_in(pilot, "13800138000")
        await sees(pilot, "This is no whole mobile number yet.")
        await speak(pilot, "fr")
        await sees(pilot, "> 13800138000_")
        await speak(pilot, "zh")
        await sees(pilot, "手机号 +86 138 0013 8000")
        await pilot.press("enter")
        await on(pilot, DoneScreen)

        assert contact_of(shop.ledger, order.reference) == Contact(Channel.SMS, "+8613800138000", "zh")


@pytest.mark.prove
async def test_touch_alone_is_enough_on_the_smallest_terminal(shop: Room) -> None:
    """Letters, digits, the signs of an address, a wrong one taken back."""
    app = asks(shop)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ContactScreen)
        for key in (*"m3x", "backspace", *"+@q", ".com"):
            await touch(pilot, key)
        await sees(pilot, "> m3+@q.com_")
        await touch(pilot, "enter")
        await settled(pilot, lambda: bool(app.answers), "an answer")

        assert app.answers == [Contact(Channel.EMAIL, "m3+@q.com", "en")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [NARROW, pytest.param(WIDE, marks=pytest.mark.prove)])
async def test_every_key_is_three_lines_high_and_every_word_is_seen(
    shop: Room, language: str, size: tuple[int, int]
) -> None:
    """In every language: the question, the keys, and what becomes of the address."""
    app = asks(shop)
    async with app.run_test(size=size) as pilot:
        await on(pilot, ContactScreen)
        app.language = language
        await pilot.pause()

        foot = app.screen.query_one("#foot").region
        for key in app.screen.query("#keyboard Touch").results(Touch):
            assert (key.region.height, key.region.width >= 6) == (3, True)
            assert foot.y >= key.region.bottom
        consent = app.screen.query_one("#consent", Words)
        assert consent.region.bottom <= foot.y
        assert said(pilot, "consent").replace(" ", "")[-12:] in "".join(seen(pilot).split())


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("mei@", "This is no whole e-mail address yet."),
        ("+8613", "This is no whole mobile number yet."),
        ("", "A number from outside the US begins with + and its country code."),
    ],
)
async def test_what_is_no_address_yet_is_not_sent(shop: Room, typed: str, told: str) -> None:
    """It says what is missing, and waits."""
    app = asks(shop)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ContactScreen)
        await type_in(pilot, typed) if typed else None
        await pilot.press("enter")
        await sees(pilot, told)

        assert app.answers == []
        assert app.screen.query_one("#typed-is", Words).has_class("warm")


async def test_what_this_shop_cannot_send_is_said(shop: Room) -> None:
    """A shop without SMS asks for an e-mail address alone."""
    app = asks(shop, (Channel.EMAIL,))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ContactScreen)
        assert said(pilot, "question") == "To which e-mail address may we send a message?"
        await type_in(pilot, "3055550142")
        await sees(pilot, "No SMS can be sent from here; an e-mail can.")
        await pilot.press("enter")
        await asyncio.sleep(0)

        assert app.answers == []


@pytest.mark.prove
async def test_who_goes_back_or_away_leaves_nothing(shop: Room) -> None:
    """Neither in the ledger, nor on a later visit's screen."""
    order = paid(shop)
    app = Host(shop, lambda room: DoneScreen(room, order))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, DoneScreen)
        await pilot.press("m")
        await on(pilot, ContactScreen)
        await type_in(pilot, MAIL)
        await pilot.press("escape")
        await on(pilot, DoneScreen)
        assert contact_of(shop.ledger, order.reference) is None

        await pilot.press("m")
        await on(pilot, ContactScreen)
        assert "mei" not in seen(pilot)
        await type_in(pilot, MAIL)
        app.screen.idle_s = 0.0  # type: ignore[attr-defined]
        await settled(pilot, lambda: app.gone == 1, "a visit that nobody ended")

        assert contact_of(shop.ledger, order.reference) is None


async def test_who_pastes_or_types_full_width_is_understood(shop: Room) -> None:
    """And what could command the terminal is left out."""
    app = asks(shop)
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, ContactScreen)
        screen = app.screen
        assert isinstance(screen, ContactScreen)
        for sign in "ＭＥＩ＠":
            screen.take(sign)
        screen.post_message(events.Paste("q\x1b q.com\n"))
        await sees(pilot, "> mei@qq.com_")


async def test_an_unpaid_order_offers_no_message(shop: Room) -> None:
    """There is nothing to tell."""
    await offers_none(shop, shop.sell("wechat"))


async def test_a_shop_without_messages_offers_none(room: Room) -> None:
    """There is no way to tell it."""
    await offers_none(room, paid(room))


async def offers_none(room: Room, order: Order) -> None:
    app = Host(room, lambda room: DoneScreen(room, order))
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, DoneScreen)
        await pilot.press("m", "down")  # a key that is no sign: the one before it waits for no scan

        assert "M  Message" not in seen(pilot)
        assert isinstance(app.screen, DoneScreen)
