"""The kiosk in a real browser: a stranger buys by touch alone, and nothing of a browser is left to play with."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium
from tests.browser.page import Page, read_by_camera
from tests.journeys.test_wechat import books_agree
from tests.journeys.visits import pay, shop
from tests.web.server import served
from tests.world import SIM, World

pytestmark = pytest.mark.prove

PANELS = [(1280, 800), (1920, 1080), (1080, 1920)]


def to_number(page: Page) -> None:
    page.touch("English")
    page.wait_for("What is the number of your card?")


def presses(page: Page) -> int:
    """How many touches have reached the screens since this page was opened."""
    page.look(0.3)
    return sum(text.count("M") for text in page.sent if text.startswith("\x1b[<0;"))


def wait_until(page: Page, what: str, seconds: float = 15) -> None:
    """Until this is so in the page; `notice` is what covers the terminal. A page that is just loading has none."""
    end = time.monotonic() + seconds
    while not page.tab.ask(
        f"(() => {{ const notice = document.getElementById('notice'); return notice !== null && ({what}); }})()"
    ):
        assert time.monotonic() < end, what
        time.sleep(0.1)


@pytest.mark.parametrize("size", PANELS, ids=str)
def test_a_whole_sale_by_touch_with_a_reload_in_the_middle(
    tmp_path: Path, chromium: Chromium, size: tuple[int, int]
) -> None:
    """The code is read off the page's picture, before and after; no other host is asked for anything."""
    with shop(tmp_path) as kiosk, served(kiosk) as server:
        page = Page(chromium, server.url, size)
        to_number(page)
        for digit in SIM:
            page.touch_key(digit)
        page.touch_key("OK")
        page.touch("10 GB")
        page.wait_for("Is this right?")
        page.touch("WeChat Pay")
        page.wait_for("Scan with WeChat")
        code = read_by_camera(page, tmp_path)
        screens = server.screens()

        page.reload()
        page.wait_for("Scan with WeChat")
        assert read_by_camera(page, tmp_path) == code
        assert server.screens() == screens
        pay(code)

        page.wait_for("Delivered: 10 GB")
        page.wait_for("receipt is printed")
        assert [url for url in page.tab.requests if not url.split("//")[1].startswith(server.url.split("//")[1])] == []
        assert any(url.startswith("ws:") for url in page.tab.requests)
        assert page.tab.errors == []
        books_agree(kiosk, "Delivered on")


def test_the_first_touch_counts_and_every_touch_once(kiosk: World, chromium: Chromium) -> None:
    """Nobody has clicked into the page; a finger may also rest, or slip a little."""
    with served(kiosk) as server:
        page = Page(chromium, server.url)
        page.wait_for("Choose your language")

        to_number(page)
        assert presses(page) == 1
        page.hold_s = 1.2
        page.touch_key("8")
        page.hold_s = 0.01
        page.touch_key("9")

        page.wait_for("┣━┫┗━┫")
        assert presses(page) == 3


def test_two_pages_are_two_seats_and_a_closed_one_leaves_no_process(kiosk: World, chromium: Chromium) -> None:
    """After its grace time it is gone, and the other goes on."""
    with served(kiosk, grace_s=2) as server:
        one, two = Page(chromium, server.url), Page(chromium, server.url)
        to_number(one)
        two.wait_for("Choose your language")
        assert [row["seat"] for row in kiosk.rows("SELECT seat FROM seats ORDER BY seat")] == ["web1", "web2"]
        server.wait_for_screens(2)

        one.kill()

        server.wait_for_screens(1)
        two.look(0.5)
        to_number(two)
        two.kill()
        server.wait_for_screens(0)
    assert kiosk.rows("SELECT * FROM seats") == []


def test_a_page_comes_back_by_itself_when_its_server_does(kiosk: World, chromium: Chromium) -> None:
    """It says meanwhile that it is out of service."""
    with served(kiosk) as server:
        page = Page(chromium, server.url)
        page.wait_for("Choose your language")
        port = server.url.rstrip("/").rpartition(":")[2]
    page.forgive = True  # each knock at the door is an error to the browser
    wait_until(page, "!notice.hidden && notice.innerText.startsWith('Out of service')")
    page.look()
    page.screen.reset()

    with served(kiosk, "--port", port):
        wait_until(page, "notice.hidden")
        page.wait_for("Choose your language")


def test_the_terminal_fills_the_window_in_large_letters(kiosk: World, chromium: Chromium) -> None:
    """As large as a hundred columns and thirty rows let them be, whatever the panel; no bar to scroll by."""
    with served(kiosk) as server:
        for width, height in PANELS:
            page = Page(chromium, server.url, (width, height))
            page.wait_for("Choose your language")
            box = page.box()
            across, down = box[2] / page.screen.columns, box[3] / page.screen.lines

            assert page.screen.columns >= 100
            assert page.screen.lines >= 30
            assert (box[0], box[1]) == (0, 0)
            assert 0 <= width - box[2] < across
            assert 0 <= height - box[3] < down
            assert min(page.screen.columns / 100, page.screen.lines / 30) < 1.15
            page.kill()


PREVENTED = """
(name, kind, init) => {
  const target = document.querySelector("textarea");
  return !target.dispatchEvent(new window[kind](name, { bubbles: true, cancelable: true, ...init }));
}
"""


def test_the_browser_itself_is_out_of_reach(kiosk: World, chromium: Chromium) -> None:
    """No menu, no selection, no key of the browser's that a page can have, no way back, no other address."""
    with served(kiosk) as server:
        page = Page(chromium, server.url)
        page.wait_for("Choose your language")
        address = page.tab.ask("location.href")

        def prevented(name: str, kind: str, init: str) -> bool:
            return bool(page.tab.ask(f"({PREVENTED})('{name}', '{kind}', {init})"))

        for name in ("contextmenu", "dragstart", "drop", "selectstart", "auxclick"):
            assert prevented(name, "MouseEvent", "{}"), name
        for name in ("copy", "cut", "paste"):
            assert prevented(name, "ClipboardEvent", "{}"), name
        for key in ("{key: 'F5'}", "{key: 'F1'}", "{key: 'F11'}", "{key: 'F12'}", "{key: 'p', ctrlKey: true}",
                    "{key: 'u', ctrlKey: true}", "{key: 'ArrowLeft', altKey: true}", "{key: 'f', metaKey: true}",
                    "{key: 'BrowserHome'}"):  # fmt: skip
            assert prevented("keydown", "KeyboardEvent", key), key
        assert prevented("wheel", "WheelEvent", "{ctrlKey: true, deltaY: 100}")
        assert page.tab.ask("window.open('https://example.com')") is None

        page.tab.drag((100, 200), (900, 520), shift=True)
        assert page.tab.ask("String(getSelection())") == ""
        assert page.tab.ask("document.querySelectorAll('.xterm-selection div').length") == 0
        for _ in range(3):
            page.tab.ask("history.back()")
            time.sleep(0.3)
        assert page.tab.ask("location.href") == address
        page.tab.key("F10", "F10", 121)
        page.wait_for("PIN")  # the screens hear each of them
        page.tab.key("Escape", "Escape", 27)
        to_number(page)
