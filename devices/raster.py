"""Pictures for a receipt printer: a line in letters that it does not have, the owner's logo, a QR code.

Each is cropped to its ink and sent as `GS v 0`, one bit a dot. Pictures are data that a printer reads on the fly:
`DLE EOT`, `DLE ENQ` and `DLE DC4` work wherever they stand, and the last may clear its memory or open a drawer, so no
picture holds them. What is drawn comes from outside: its size is bounded here, whatever a file says of itself.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.fonts import face_for
from kiosk.qr import modules

if TYPE_CHECKING:
    from PIL.Image import Image

CELL, HEIGHT, PITCH = 12, 24, 30  # dots: font A is 12 x 24, and a line of it 1/6 inch
SMALL_CELL, SMALL_HEIGHT = 9, 18
LOGO_ROWS = 256
QUIET = b"\x1bJ\x18"  # ESC J 24: four modules of a QR code at six dots
BASELINE = 0.83  # of a line's height, from its top

_REAL_TIME = re.compile(rb"\x10(?=[\x04\x05\x14])")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A character, how many cells it takes, and whether in the small font."""

    char: str
    cells: int
    small: bool = False

    @property
    def dots(self) -> int:
        return SMALL_CELL if self.small and self.cells == 1 else self.cells * CELL


def line(chars: Sequence[Drawn], font: str, *, scale: int = 1, bold: bool = False) -> bytes:
    """A line of text as a picture, each character in its cells, so that columns stand under one another."""
    from PIL import Image, ImageDraw

    pitch = PITCH * scale
    canvas = Image.new("1", (max(1, sum(drawn.dots for drawn in chars) * scale), pitch))
    pen, left = ImageDraw.Draw(canvas), 0
    pen.fontmode = "1"  # no grey: thermal paper has none
    for drawn in chars:
        height = (SMALL_HEIGHT if drawn.small else HEIGHT) * scale
        if drawn.cells and (face := face_for(drawn.char, font)):
            glyphs = face.at(height)
            middle = left + max(0.0, (drawn.dots * scale - glyphs.getlength(drawn.char)) / 2)
            for shift in range(1 + bold * scale):
                pen.text((int(middle) + shift, HEIGHT * scale * BASELINE), drawn.char, fill=1, font=glyphs, anchor="ls")
        left += drawn.dots * scale
    return _cropped(canvas, pitch)


def _cropped(canvas: Image, pitch: int) -> bytes:
    """The ink of a line, with paper fed above and below it (ESC J)."""
    box = canvas.getbbox()
    if box is None:
        return _feed(pitch)
    _, top, right, bottom = box
    return _feed(top) + raster(canvas.crop((0, top, right, bottom))) + _feed(pitch - bottom)


def _feed(rows: int) -> bytes:
    return b"\x1bJ" + bytes([rows]) if rows else b""


def raster(picture: Image, mode: int = 0) -> bytes:
    """GS v 0: ink is 1. `mode` 3 prints each dot as two by two. At most 910 rows, which every printer takes at once."""
    width, rows = (picture.width + 7) // 8, picture.height
    if rows > 910:
        raise ValueError(f"a picture of {rows} rows is sent in parts")
    head = b"\x1dv0" + bytes([mode]) + width.to_bytes(2, "little") + rows.to_bytes(2, "little")
    return head + harmless(picture.tobytes())


def harmless(data: bytes) -> bytes:
    """The picture without real-time commands: one dot more, beside another, where bytes would be one.

    To move the whole picture by a dot could make one elsewhere; a dot more never does, and nobody sees it.
    """
    return _REAL_TIME.sub(b"\x18", data)


@lru_cache(maxsize=8)
def qr(text: str) -> bytes:
    """A QR code at six dots a module, three of them printed double. What stands around it is its quiet zone."""
    from PIL import Image

    code = modules(text)
    picture = Image.new("1", (len(code), len(code)))
    picture.putdata([module for row in code for module in row])
    return QUIET + raster(picture.resize((len(code) * 3, len(code) * 3)), mode=3) + QUIET


@lru_cache(maxsize=4)
def logo(path: str, dots: int) -> bytes:
    """The owner's PNG in black and white, made narrower where the paper is; nothing where it cannot be read."""
    from PIL import Image

    try:
        with Image.open(Path(path).expanduser(), formats=["PNG"]) as found:
            if max(found.size) > 4096:
                raise ValueError(f"{found.width} x {found.height} dots are too many")
            ink = Image.alpha_composite(Image.new("RGBA", found.size, "white"), found.convert("RGBA")).convert("L")
        ink.thumbnail((dots, LOGO_ROWS))
        picture = ink.point(lambda grey: 255 * (grey < 128)).convert("1")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        log.warning("the logo %s cannot be printed: %s", path, error)
        return b""
    box = picture.getbbox()
    return raster(picture.crop(box)) + _feed(12) if box else b""
