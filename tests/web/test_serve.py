"""`kiosk serve` by its own wire: every page is a seat, and what a page does not do no process outlives."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from kiosk.web.place import AWAY, CLOSED, ELSEWHERE, FULL
from tests.web.server import address_of, screens_of, served
from tests.web.visitor import Visitor
from tests.world import PIN, World, kill

DRAWN = {"8900": "┣━┫┗━┫┃ ┃┃ ┃", "8901": "┣━┫┗━┫┃ ┃ ┃"}
"""The middle of the large digits."""


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    """Without cookies: each page is opened by somebody new."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


def lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def name_and_pin(page: Visitor) -> None:
    """Of mei, by a hand: what comes faster is a scanner's."""
    for key in (*"mei", "\r", *PIN, "\r"):
        await page.press(key)
        await asyncio.sleep(0.25)


async def gone(pid: int, seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while lives(pid):
            await asyncio.sleep(0.05)


@pytest.mark.prove
async def test_two_pages_are_two_seats_and_a_page_that_comes_back_finds_its_own(
    kiosk: World, browser: aiohttp.ClientSession
) -> None:
    """What each has typed stands on its own screen, in its own process, and again after a reload."""
    with served(kiosk) as server:
        one, two = await Visitor(browser, server.url).open(), await Visitor(browser, server.url).open()
        for visitor, card in ((one, "8900"), (two, "8901")):
            await visitor.wait_for("Choose your language")
            await visitor.press("1")
            await visitor.wait_for("What is the number of your card?")
            await visitor.press(*card)
        seats = [row["seat"] for row in kiosk.rows("SELECT seat FROM seats ORDER BY seat")]
        screens = server.screens()
        await one.wait_for(DRAWN["8900"])
        await two.wait_for(DRAWN["8901"])

        await one.line.close()
        await asyncio.sleep(0.3)
        await one.open()
        await one.wait_for(DRAWN["8900"])

        assert seats == ["web1", "web2"]
        assert len(screens) == 2
        assert server.screens() == screens
        assert one.address != two.address


@pytest.mark.prove
async def test_a_closed_page_is_waited_for_and_then_its_process_ends_and_its_seat_is_free(
    kiosk: World, browser: aiohttp.ClientSession
) -> None:
    """After the grace time, and not before."""
    with served(kiosk, grace_s=2) as server:
        page = await Visitor(browser, server.url).open()
        await page.wait_for("Choose your language")
        (screens,) = server.screens()
        left_at = time.monotonic()
        await page.line.close()

        await gone(screens)

        assert 1.5 < time.monotonic() - left_at < 6
        await asyncio.sleep(0.3)
        assert kiosk.rows("SELECT * FROM seats") == []


@pytest.mark.prove
async def test_no_screens_outlive_their_server_however_it_ends(kiosk: World, browser: aiohttp.ClientSession) -> None:
    """Asked to end, it says so to its pages, which come back; killed, it takes its screens with it."""
    with served(kiosk) as server:
        page = await Visitor(browser, server.url).open()
        await page.wait_for("Choose your language")
        (screens,) = server.screens()
        server.end()
        assert await page.end() == AWAY
        await gone(screens)
    assert kiosk.rows("SELECT * FROM seats") == []

    process = kiosk.start("serve", "--port", "0")
    page = await Visitor(browser, address_of(process)).open()
    await page.wait_for("Choose your language")
    (screens,) = screens_of(process.pid)
    kill(process)

    await gone(screens)


@pytest.mark.prove
async def test_a_second_window_of_one_page_takes_it_over(kiosk: World, browser: aiohttp.ClientSession) -> None:
    """One seat has one screen; the first window is told."""
    with served(kiosk) as server:
        first = await Visitor(browser, server.url).open()
        await first.wait_for("Choose your language")
        second = Visitor(browser, server.url)
        second.address = first.address
        await second.open()

        assert await first.end() == ELSEWHERE
        await second.wait_for("Choose your language")
        assert len(server.screens()) == 1


@pytest.mark.prove
async def test_when_every_seat_is_taken_a_page_is_told_to_wait(kiosk: World, browser: aiohttp.ClientSession) -> None:
    """It starts no process."""
    with served(kiosk, seats_max=1) as server:
        page = await Visitor(browser, server.url).open()
        await page.wait_for("Choose your language")

        assert await (await Visitor(browser, server.url).open()).end() == FULL
        assert len(server.screens()) == 1


@pytest.mark.prove
async def test_a_clerk_closes_a_page_with_the_pin(kiosk: World, browser: aiohttp.ClientSession) -> None:
    """Its seat is free at once."""
    with served(kiosk) as server:
        page = await Visitor(browser, server.url).open()
        await page.wait_for("Choose your language")
        await page.press("\x1b[21~")
        await page.wait_for("For clerks: open the counter here")
        await page.press("\x1b[21~")
        await page.wait_for("For clerks: end the kiosk")
        await name_and_pin(page)

        assert await page.end() == CLOSED
        server.wait_for_screens(0)
        assert kiosk.rows("SELECT * FROM seats") == []


@pytest.mark.prove
async def test_a_clerk_opens_the_counter_in_the_place_of_a_page_and_leaves_it_again(
    kiosk: World, browser: aiohttp.ClientSession
) -> None:
    """In the same process; a page that is reloaded, or has another size, finds it; every key is heard once."""
    with served(kiosk) as server:
        page = await Visitor(browser, server.url).open()
        await page.wait_for("Choose your language")
        screens = server.screens()
        for _ in range(2):
            await page.press("\x1b[21~")
            await page.wait_for("For clerks: open the counter here")
            await name_and_pin(page)
            await page.wait_for("mei at seat web1")
            await page.line.close()
            await page.open()
            await page.wait_for("mei at seat web1")
            await page.press("a")
            await page.wait_for("Seat web1: nobody: a clerk has the counter open there")
            await page.press("\x1b")
            await page.wait_for("mei at seat web1")
            await page.press("\x1b[21~")
            await page.wait_for("Choose your language")
        await page.press("1")
        await page.wait_for("What is the number of your card?")

        assert server.screens() == screens


@pytest.mark.prove
async def test_screens_that_die_are_out_of_service_for_a_moment(kiosk: World, browser: aiohttp.ClientSession) -> None:
    """The page stays, and has them again by itself."""
    with served(kiosk) as server:
        page = await Visitor(browser, server.url).open()
        await page.wait_for("Choose your language")
        os.kill(server.screens()[0], signal.SIGKILL)

        await page.wait_for("Out of service. Back in a moment.")
        await page.wait_for("Choose your language")


@pytest.mark.prove
async def test_a_ledger_that_is_gone_closes_every_page_until_it_is_back(
    kiosk: World, browser: aiohttp.ClientSession
) -> None:
    """Nobody pays where nothing can be recorded; the same page sells again when it can."""
    with served(kiosk) as server:
        page = await Visitor(browser, server.url).open()
        await page.wait_for("Choose your language")
        ledger, aside = kiosk.state / "ledger.db", kiosk.state / "aside.db"
        ledger.rename(aside)

        await page.wait_for("Please do not pay now")
        server.wait_for_screens(0)
        aside.rename(ledger)
        await page.wait_for("Choose your language", 30)
        assert [row["seat"] for row in kiosk.rows("SELECT seat FROM seats")] == ["web1"]


@pytest.mark.prove
async def test_a_browser_that_was_started_again_finds_its_place(kiosk: World) -> None:
    """By a cookie, where nobody else has come to it; a second window of that browser is a place of its own."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as same:
        with served(kiosk) as server:
            before = await Visitor(same, server.url).open()
            await before.wait_for("Choose your language")
            window = await Visitor(same, server.url).open()
            await window.wait_for("Choose your language")
            await window.line.close()
            await asyncio.sleep(0.2)

            again = await Visitor(same, server.url).open()

            assert before.address != window.address
            assert again.address == window.address
