"""A keyboard at a kiosk whose Chromium has a window: none of the browser's keys leads anywhere."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium
from tests.web.server import served
from tests.world import World

pytestmark = pytest.mark.prove

UNIT = Path(__file__).parent.parent.parent / "docs" / "machine" / "kiosk-page.service"
KEYS = (
    "ctrl+w", "ctrl+t", "ctrl+n", "ctrl+shift+n", "ctrl+shift+t", "ctrl+shift+w", "ctrl+Tab", "ctrl+q", "ctrl+shift+q",
    "ctrl+l", "ctrl+p", "ctrl+s", "ctrl+o", "ctrl+h", "ctrl+j", "ctrl+u", "ctrl+f", "ctrl+r", "ctrl+plus",
    "ctrl+shift+i", "ctrl+shift+o", "ctrl+shift+Delete", "shift+Escape", "shift+F10", "alt+Left", "alt+Home", "alt+f",
    "F1", "F3", "F5", "F6", "F7", "F11", "F12", "Escape",
)  # fmt: skip


@pytest.fixture
def display(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A screen in memory; its number, as an environment."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    yield dict(os.environ) | {"DISPLAY": f":{number}"}
    server.terminate()
    server.wait()


def test_no_key_of_the_browser_leads_out_of_the_kiosk(kiosk: World, tmp_path: Path, display: dict[str, str]) -> None:
    """Started as the machine's unit does it: whatever is pressed, the one window stays, with the same page."""
    assert "--app=http://127.0.0.1:8760/ --kiosk" in UNIT.read_text(encoding="utf-8")

    def hand(*does: str) -> None:
        subprocess.run(["xdotool", *does], env=display, check=True)
        time.sleep(0.4)

    with (
        served(kiosk) as server,
        Chromium(tmp_path / "chromium", f"--app={server.url}", "--kiosk", env=display) as chromium,
    ):
        kiosk.wait_for("SELECT 1 FROM seats WHERE language <> ''", 40)  # the first screen is up
        screens, before = server.screens(), pages(chromium)
        hand("search", "--sync", "--onlyvisible", "--class", "chromium", "windowfocus")
        hand("key", "1")
        kiosk.wait_for("SELECT 1 FROM seats WHERE step = 'number'", 10)  # what is pressed reaches the page
        for key in KEYS:
            hand("key", key)
            assert pages(chromium) == before, key

        assert len(before) == 1
        assert server.screens() == screens
        kiosk.wait_for("SELECT 1 FROM seats WHERE step = 'welcome'", 10)  # by Escape


def pages(chromium: Chromium) -> list[str]:
    """What every window and tab shows."""
    found = chromium.call("Target.getTargets")["targetInfos"]
    return [each["url"] for each in found if each["type"] == "page"]
