"""The counter's settings: how each stands, what a change will do, the PIN, and who was faster."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from kiosk.daily import change
from kiosk.ledger.settings import changed_settings
from kiosk.ledger.verify import problems
from screens.counter.act import ActScreen
from screens.counter.settings import SettingsScreen, ValueScreen, WordsScreen
from tests.screens.counter.desk import PIN, WRONG, a_desk, reads, sign_in, signed_in, tap
from tests.screens.counter.desk import counter as opened
from tests.screens.room import Room, settled


@pytest.fixture
def led(tmp_path: Path) -> Iterator[Room]:
    """A shop with two clerks, of whom mei has become the supervisor."""
    made = a_desk(tmp_path)
    made.ledger.database.execute("UPDATE clerks SET role = 'supervisor' WHERE name = 'mei'")
    yield made
    made.close()


async def to_settings(pilot: Any) -> None:
    await tap(pilot, "m", "t")
    await settled(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen), "the page")
    await reads(pilot, "in service", "WeChat Pay")


async def to_field(pilot: Any, kind: type[Any]) -> None:
    """Wait until such a screen takes what is typed."""
    await settled(pilot, lambda: isinstance(pilot.app.screen, kind) and isinstance(pilot.app.focused, Input), "a field")


@pytest.mark.prove
async def test_out_of_service_is_chosen_from_ready_messages_and_stands_on_the_board(led: Room) -> None:
    """In plain words what will happen; a wrong PIN changes nothing; back in service by the same line."""
    async with signed_in(led, (80, 24)) as pilot:
        await to_settings(pilot)
        await pilot.press("enter")
        await settled(pilot, lambda: isinstance(pilot.app.screen, ValueScreen), "the values")
        await pilot.press("down", "enter")
        await to_field(pilot, ActScreen)
        await reads(pilot, "Every screen takes no new sale from now on", 'customers read "Back soon."')
        await pilot.press(*WRONG, "enter")
        await reads(pilot, "do not match")
        assert changed_settings(led.ledger) == {}
        await pilot.press(*PIN, "enter")
        await reads(pilot, 'Out of service: "Back soon."', "! Service", "by mei")
        await pilot.press("escape")
        await tap(pilot, "escape")
        await reads(pilot, "! Settings", 'out of service: "Back soon." since')
    assert led.settings().message == "back_soon"


@pytest.mark.prove
async def test_words_of_ones_own_are_kept_as_they_are_typed(led: Room) -> None:
    """On two lines; a phone number is refused before anything is asked."""
    async with signed_in(led) as pilot:
        await to_settings(pilot)
        await pilot.press("enter")
        await settled(pilot, lambda: isinstance(pilot.app.screen, ValueScreen), "the values")
        await pilot.press("end", "enter")
        await to_field(pilot, WordsScreen)
        await pilot.press(*"+1 305 555 0142", "enter", *"Next door is open", "enter")
        await reads(pilot, "No phone number or address in a message")
        pilot.app.screen.query_one("#first", Input).value = "Back at 3 pm"
        await pilot.press("enter")
        await to_field(pilot, ActScreen)
        await pilot.press(*PIN, "enter")
        await settled(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen), "the page")
    assert led.settings().message == "Back at 3 pm\nNext door is open"
    assert [problem for problem in problems(led.ledger) if "setting" in problem] == []


@pytest.mark.prove
async def test_the_last_tender_leads_to_out_of_service_instead(led: Room) -> None:
    """And it is said why."""
    led.sell("wechat")
    async with signed_in(led) as pilot:
        await to_settings(pilot)
        await pilot.press("down", "enter")
        await to_field(pilot, ActScreen)
        await reads(pilot, "Customers can no longer pay by WeChat Pay; 1 order that waits for it stays payable.")
        await pilot.press(*PIN, "enter")
        await reads(pilot, "! WeChat Pay")
        await pilot.press("down", "enter")
        await settled(pilot, lambda: isinstance(pilot.app.screen, ValueScreen), "what is offered instead")
        await reads(pilot, "Cash is the last way to pay that is on")
    assert led.settings().tenders_off == {"wechat"}


@pytest.mark.prove
async def test_who_was_slower_is_told_who_and_what(led: Room) -> None:
    """Two supervisors at two counters: what the second one saw is not so any more."""
    led.ledger.database.execute("UPDATE clerks SET role = 'owner' WHERE name = 'bob'")
    async with signed_in(led) as pilot:
        await to_settings(pilot)
        await pilot.press("down", "enter")
        await to_field(pilot, ActScreen)
        change(led, "tender.wechat", False, by="clerk:bob", seen=None)
        await pilot.press(*PIN, "enter")
        await reads(pilot, "bob was faster: set it to off", "Nothing of yours was done")


@pytest.mark.prove
async def test_a_clerk_is_told_that_it_takes_the_supervisor(led: Room) -> None:
    """The page does not open."""
    async with opened(led) as pilot:
        await sign_in(pilot, "bob")
        await tap(pilot, "m")
        await reads(pilot, "takes the supervisor")
        await tap(pilot, "t")
        await reads(pilot, "Settings: it takes the supervisor. You are signed in as clerk.")


@pytest.mark.prove
async def test_volume_is_chosen_by_touch_alone(led: Room) -> None:
    """But for the PIN, each step is a touch."""
    async with signed_in(led, (80, 24)) as pilot:
        await to_settings(pilot)
        await pilot.click("#settings", offset=(5, 4))
        await settled(pilot, lambda: isinstance(pilot.app.screen, ValueScreen), "the values")
        await reads(pilot, "Volume of the voice", "150 %")
        await pilot.click("#values", offset=(2, 0))
        await to_field(pilot, ActScreen)
        await reads(pilot, "F8 makes it louder from there")
        await pilot.press(*PIN, "enter")
        await reads(pilot, "! Volume of the voice")
    assert led.settings().volume == 25
