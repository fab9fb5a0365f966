"""Makes the pictures of the README from the running screens: `make pictures`."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

from textual.pilot import Pilot

DOCS = Path(__file__).parent
SIZE = (100, 30)
PORT = 8739  # not that of somebody's training kiosk


async def wait_for(pilot: Pilot[None], words: str) -> None:
    """Until the words stand on the screen."""
    for _ in range(200):
        if words in pilot.app.export_screenshot().replace("&#160;", " "):
            return
        await pilot.pause(0.1)
    raise SystemExit(f"never saw {words!r}")


async def take(language: str) -> None:
    """One visit, from the welcome screen to the payment; a picture of each screen worth one."""
    from kiosk import training
    from kiosk.assembly import House
    from kiosk.holder import Workers
    from screens.app import KioskApp

    house = House(training.config(port=PORT))
    with house.lock("pictures"):
        workers = Workers(house.queue(), 2)
        async with KioskApp(house).run_test(size=SIZE) as pilot:
            pilot.app.title = "kiosk run --training"
            await wait_for(pilot, "line up")
            pilot.app.save_screenshot("welcome.svg", str(DOCS))
            await pilot.press(language)
            await wait_for(pilot, "8900 0004")
            await pilot.press("d", "enter")
            await wait_for(pilot, "10 GB")
            pilot.app.save_screenshot("plan.svg", str(DOCS))
            await pilot.press("5")
            await pilot.pause(0.5)
            await pilot.press("2")
            await wait_for(pilot, "▀")
            await pilot.pause(0.5)
            pilot.app.save_screenshot("pay.svg", str(DOCS))
        workers.stop()
    house.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as state:
        os.environ["XDG_STATE_HOME"] = state
        asyncio.run(take("1"))


if __name__ == "__main__":
    main()
