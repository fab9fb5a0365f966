"""Makes the pictures of the README from the running screens and the twin's paper: `make pictures`.

The paper takes a font with hanzi: `apt install fonts-wqy-microhei`.
"""

from __future__ import annotations

import asyncio
import os
import sys
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


def receipts() -> None:
    """The paper of a Chinese customer, read by an English clerk, on both widths."""
    from PIL import Image

    sys.path.insert(0, str(DOCS.parent))
    from benchmarks.receipt import bilingual_receipt
    from devices.encode import escpos
    from devices.paper import Paper
    from devices.photo import photograph
    from devices.profiles import MODELS

    photos = []
    for model in ("generic-80mm", "generic-58mm"):
        paper = Paper()
        paper.feed(escpos(bilingual_receipt(), MODELS[model]))
        photos.append(photograph(paper.sheets[0], MODELS[model].dots))
    gap, height = 40, max(photo.height for photo in photos)
    table = Image.new("L", (sum(photo.width + gap for photo in photos) + gap, height + 2 * gap), 200)
    left = gap
    for photo in photos:
        table.paste(photo, (left, gap))
        left += photo.width + gap
    table.convert("P", palette=Image.Palette.ADAPTIVE, colors=16).save(DOCS / "receipt.png", optimize=True)


def main() -> None:
    receipts()
    with tempfile.TemporaryDirectory() as state:
        os.environ["XDG_STATE_HOME"] = state
        asyncio.run(take("1"))


if __name__ == "__main__":
    main()
