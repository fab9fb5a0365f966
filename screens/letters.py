"""Letters several lines high, made of quarter blocks: how a terminal shows large text, which has one size of letters.

They are drawn from the same font files as receipts. Pillow is loaded when the first large letter is drawn.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from kiosk.fonts import face_for
from kiosk.texts import cell_width, wrapped

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont, ImageFont

BLOCKS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""By the sum of its quarters: 1 upper left, 2 upper right, 4 lower left, 8 lower right."""
EM, BASELINE = 0.85, 0.80
"""Of the height of a line: so an É keeps its accent, and a g its tail."""
UNKNOWN = "?"
"""For what no font has."""
FINE = 4
"""Drawn so many times as large first: what covers nearly half of a quarter block fills it."""
FILLED = 110
BLANK = 0.6
"""Of a font's own blank, which is as wide as a letter in some."""
BOLD = 4
"""From so many rows on; a hanzi would close up."""
NARROW = 2.0
"""`wrapped` takes what is narrower for letters of a word: a letter is measured in halves of a hanzi."""


def can_draw(text: str, font: str) -> bool:
    """Whether each of these letters is in a font of this machine. `font` is the configured file, or empty."""
    return all(_font(char, font, 8) is not None for char in text)


def large(text: str, columns: int, rows: int, font: str) -> list[str]:
    """The text in letters that are `rows` high, broken to lines of so many columns; each line is `rows` of the list."""
    half = rows
    drawn: list[str] = []
    for long in text.split("\n"):
        lines = wrapped(long, columns / half, lambda char: min(NARROW, columns_of(char, rows, font) / half))
        for line in lines:
            glyphs = [_glyph(char, rows, font) for char in line]
            drawn += ["".join(glyph[row] for glyph in glyphs).rstrip() for row in range(rows)]
    return drawn


def columns_of(char: str, rows: int, font: str) -> int:
    return len(_glyph(char, rows, font)[0])


def _font(char: str, font: str, size: int) -> FreeTypeFont | ImageFont | None:
    if face := face_for(char, font):
        return face.at(size)
    if not char.isascii():
        return None
    from PIL import ImageFont

    return ImageFont.load_default(size)  # Pillow brings one for ASCII


@lru_cache(maxsize=4096)
def _glyph(char: str, rows: int, font: str) -> tuple[str, ...]:
    """One letter: `rows` texts of the same width."""
    from PIL import Image, ImageDraw

    high = 2 * rows
    face = _font(char, font, round(EM * high * FINE))
    if face is None:
        return _glyph(UNKNOWN, rows, font)
    told = face.getlength(char) * (BLANK if char == " " else 1)
    wide = max(1, round(told * 2 / FINE))  # a quarter block is half as wide as it is high
    wide += wide % 2
    picture = Image.new("L", (round(wide * FINE / 2), high * FINE), 0)
    bold = FINE // 4 if cell_width(char) < 2 and rows >= BOLD else 0
    ImageDraw.Draw(picture).text((0, BASELINE * high * FINE), char, fill=255, font=face, anchor="ls", stroke_width=bold)
    dots = picture.resize((wide, high), Image.Resampling.BOX).tobytes()
    return tuple("".join(_block(dots, x, y, wide) for x in range(0, wide, 2)) for y in range(0, high, 2))


def _block(dots: bytes, x: int, y: int, wide: int) -> str:
    """The two by two dots from here on, in one cell."""
    upper, lower = y * wide + x, (y + 1) * wide + x
    corner = dots[upper], dots[upper + 1], dots[lower], dots[lower + 1]
    return BLOCKS[sum((dot > FILLED) << place for place, dot in enumerate(corner))]
