"""Makes docs/contact-sheet.png from the running screens: each of them once, through the languages and the themes.

`make sheet`. It takes two fonts: `apt install fonts-dejavu-core fonts-wqy-microhei`.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from rich.cells import cell_len
from rich.segment import Segment

sys.path.insert(0, str(Path(__file__).parent.parent))

from kiosk.texts import LANGUAGES
from screens.frame import KioskScreen
from screens.theme import TOKENS
from tests.screens.room import Host, on
from tests.screens.test_matrix import EVERY
from tests.screens.test_room_enough import a_wordy_room

SIZE, ACROSS, GAP = (100, 30), 4, 12
WIDE, HIGH = 7, 14
"""Pixels of one cell."""
LATIN = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono{}.ttf"
HANZI = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"
FONTS = {bold: ImageFont.truetype(LATIN.format("-Bold" if bold else ""), 11) for bold in (False, True)}
FONT_OF_HANZI = ImageFont.truetype(HANZI, 12)


def picture(app: Host) -> Image.Image:
    """The screen as its cells are."""
    image = Image.new("RGB", (SIZE[0] * WIDE, SIZE[1] * HIGH), TOKENS[app.theme]["ground"])
    draw = ImageDraw.Draw(image)
    for row, strip in enumerate(app.screen._compositor.render_strips(app.size)):
        column = 0
        for segment in strip:
            for sign in segment.text:
                cells = cell_len(sign)
                _draw(draw, segment, sign, (column * WIDE, row * HIGH), cells)
                column += cells
    return image


def _draw(draw: ImageDraw.ImageDraw, segment: Segment, sign: str, at: tuple[int, int], cells: int) -> None:
    style = segment.style
    if style is None or style.color is None or style.bgcolor is None:
        return
    ink, ground = style.color.get_truecolor().hex, style.bgcolor.get_truecolor().hex
    left, top = at
    draw.rectangle((left, top, left + cells * WIDE - 1, top + HIGH - 1), fill=ground)
    half = top + HIGH // 2
    match sign:
        case "█":
            draw.rectangle((left, top, left + WIDE - 1, top + HIGH - 1), fill=ink)
        case "▀":
            draw.rectangle((left, top, left + WIDE - 1, half - 1), fill=ink)
        case "▄":
            draw.rectangle((left, half, left + WIDE - 1, top + HIGH - 1), fill=ink)
        case _:
            draw.text(at, sign, fill=ink, font=FONT_OF_HANZI if cells == 2 else FONTS[bool(style.bold)])


async def taken(folder: Path) -> list[tuple[str, Image.Image]]:
    """A picture of each screen, with its name, its language and its theme."""
    pictures = []
    languages, themes = cycle(LANGUAGES), cycle(TOKENS)
    for name, make in EVERY.items():
        room = a_wordy_room(folder / name)
        app = Host(room, make)
        async with app.run_test(size=SIZE) as pilot:
            await on(pilot, KioskScreen)
            app.language, app.theme = next(languages), next(themes)
            await pilot.pause(0.6)
            pictures.append((f"{name} - {LANGUAGES[app.language]}, {app.theme}", picture(app)))
        room.close()
    return pictures


def places(count: int) -> Iterator[tuple[int, int]]:
    for number in range(count):
        row, column = divmod(number, ACROSS)
        yield GAP + column * (SIZE[0] * WIDE + GAP), GAP + row * (SIZE[1] * HIGH + 2 * HIGH + GAP)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        pictures = asyncio.run(taken(Path(folder)))
    *_, (_, last) = places(len(pictures))
    sheet = Image.new("RGB", (GAP + ACROSS * (SIZE[0] * WIDE + GAP), last + SIZE[1] * HIGH + 3 * HIGH), "#5b6470")
    draw = ImageDraw.Draw(sheet)
    for (name, image), (left, top) in zip(pictures, places(len(pictures)), strict=True):
        column = 0
        for sign in name:
            font = FONT_OF_HANZI if cell_len(sign) == 2 else FONTS[True]
            draw.text((left + column * WIDE, top), sign, fill="#ffffff", font=font)
            column += cell_len(sign)
        sheet.paste(image, (left, top + HIGH + 4))
    sheet.quantize(48).save(Path(__file__).with_name("contact-sheet.png"), optimize=True)


if __name__ == "__main__":
    main()
