"""The counter in a real browser: signed in by keys, cash taken, found again after a reload; each page its own."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium
from tests.browser.page import Page
from tests.journeys.at_the_counter import an_order
from tests.web.server import served
from tests.world import PIN, World

pytestmark = pytest.mark.prove

NAMED = {"Enter": ("Enter", 13), "F10": ("F10", 121), "F9": ("F9", 120), "Escape": ("Escape", 27)}


def type_at(page: Page, *keys: str) -> None:
    """A keyboard at this window, at a hand's pace: what comes faster is a scanner's."""
    for key in keys:
        if key in NAMED:
            page.tab.key(key, *NAMED[key])
        else:
            page.tab.call("Input.dispatchKeyEvent", type="char", text=key)
        page.look(0.15)


def sign_in(page: Page, name: str) -> None:
    page.wait_for("Who is at the counter?", seconds=60)
    page.tab.call("Page.bringToFront")
    type_at(page, *name, "Enter", *PIN, "Enter")
    page.wait_for(f"{name} is signed in")
    page.wait_for("Today")


def test_cash_is_taken_on_a_page_and_a_reload_finds_the_clerk_signed_in(
    kiosk: World, chromium: Chromium, tmp_path: Path
) -> None:
    """By keys and by touch; no seat is taken, no queue is worked, and the PIN goes back to nobody."""
    order = an_order(kiosk)
    with served(kiosk, "--counter") as server:
        page = Page(chromium, server.url)
        sign_in(page, "mei")
        page.wait_for("mei at web1")
        counter = server.screens()
        page.touch("Cash")
        page.wait_for("Which order is paid in cash?")
        type_at(page, "1", "Enter")
        page.wait_for("24.50 USD is due")
        type_at(page, *"30", "Enter", *PIN, "Enter")
        page.wait_for("change 5.50 USD")

        page.reload()
        page.wait_for("mei is signed in")
        page.wait_for("mei at web1")
        page.tab.photograph(tmp_path / "counter.png")

        assert server.screens() == counter
        assert kiosk.orders()[0]["reference"] == order.reference
        assert [row["by"] for row in kiosk.rows("SELECT by FROM events WHERE event = 'paid'")] == ["clerk:mei"]
        assert kiosk.orders()[0]["state"] == "SUBMITTING"
        assert kiosk.rows("SELECT * FROM seats") == []
        assert PIN.encode() not in page.raw
        assert page.tab.errors == []


def test_two_pages_are_two_counters_and_a_closed_one_leaves_no_process(kiosk: World, chromium: Chromium) -> None:
    """Whoever was signed in there is signed out, on record; the other one goes on, and ends by its own key."""
    kiosk.hire("bob", "clerk")
    with served(kiosk, "--counter", grace_s=2) as server:
        one = Page(chromium, server.url)
        sign_in(one, "mei")
        two = Page(chromium, server.url)
        sign_in(two, "bob")
        two.wait_for("mei at web1, bob at web2")
        server.wait_for_screens(2)

        one.kill()

        server.wait_for_screens(1)
        kiosk.wait_for("SELECT 1 FROM events WHERE event = 'signed_out' AND by = 'clerk:mei'")
        two.wait_for("bob at web2")
        assert "mei at" not in two.look(1.5)
        type_at(two, "F10")
        server.wait_for_screens(0)


def test_a_page_that_nobody_touches_locks_itself(kiosk: World, chromium: Chromium) -> None:
    """Reloaded or not: the same clerk signs in again."""
    kiosk.set("[counter]\nlock_after_s = 3")
    with served(kiosk, "--counter") as server:
        page = Page(chromium, server.url)
        sign_in(page, "mei")
        page.reload()
        page.wait_for("Locked: nobody has touched it")
        sign_in(page, "mei")


def test_a_kiosk_and_a_counter_in_one_browser_keep_their_places(kiosk: World, chromium: Chromium) -> None:
    """A cookie is a host's, whatever the port: neither finds the other's place, and each its own after a start."""
    with served(kiosk) as shop, served(kiosk, "--counter") as desk:
        customer, clerk = Page(chromium, shop.url), Page(chromium, desk.url)
        customer.touch("English")
        customer.wait_for("What is the number of your card?")
        sign_in(clerk, "mei")
        for page in (customer, clerk):
            page.kill()
        time.sleep(0.5)

        again, desk_again = Page(chromium, shop.url), Page(chromium, desk.url)
        again.wait_for("What is the number of your card?")
        desk_again.wait_for("mei is signed in")
        clerk_screens, customer_screens = desk.screens(), shop.screens()

    assert (len(clerk_screens), len(customer_screens)) == (1, 1)
