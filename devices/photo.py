"""A picture of a printed receipt, as wide as its paper: for the simulated printer, and for docs/.

It draws what the bytes have put on the paper, with a font that this machine has: the printer's own looks different.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from devices.paper import Area, Code, Feed, Line, Picture, Printed, Style
from kiosk.fonts import face_for
from kiosk.qr import modules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PIL.Image import Image

PITCH, MARGIN = 30, 24
PAPER, INK = 255, 0


def photograph(sheet: Iterable[Printed], dots: int, font: str = "") -> Image:
    """The sheet in grey, one pixel a dot, with some white around it."""
    from PIL import Image

    stripes = [_stripe(printed, dots, font) for printed in sheet]
    paper = Image.new("L", (dots + 2 * MARGIN, sum(stripe.height for stripe in stripes) + 2 * MARGIN), PAPER)
    top = MARGIN
    for stripe in stripes:
        paper.paste(stripe, (MARGIN, top))
        top += stripe.height
    return paper


def _stripe(printed: Printed, dots: int, font: str) -> Image:
    from PIL import Image, ImageOps

    match printed:
        case Line(area=area):
            return _placed(_line(printed, font), dots, area)
        case Picture(data, wide, scale, area):
            rows = len(data) // wide
            picture = ImageOps.invert(Image.frombytes("1", (wide * 8, rows), data).convert("L"))
            return _placed(picture.resize((picture.width * scale, rows * scale), Image.Resampling.NEAREST), dots, area)
        case Code(text, module, area):
            return _placed(_code(text, module), dots, area)
        case Feed(rows):
            return Image.new("L", (dots, rows), PAPER)
        case _:
            assert_never(printed)


def _placed(picture: Image, dots: int, area: Area) -> Image:
    """As wide as the paper; what is wider is cut off, as on paper."""
    from PIL import Image

    stripe = Image.new("L", (dots, picture.height), PAPER)
    room = (area.dots or dots - area.margin) - picture.width
    stripe.paste(picture, (area.margin + (room // 2 if area.centred else 0), 0))
    return stripe


def _line(line: Line, font: str) -> Image:
    from PIL import Image, ImageDraw

    scale = max((piece.style.scale for piece in line.pieces), default=1)
    picture = Image.new("L", (max(1, sum(piece.dots for piece in line.pieces)), PITCH * scale), PAPER)
    pen, left = ImageDraw.Draw(picture), 0
    for piece in line.pieces:
        for char in piece.text:
            wide = _dots(char, piece.style, len(piece.text), piece.dots)
            if face := face_for(char, font):
                glyphs = face.at((18 if piece.style.small else 22) * piece.style.scale)
                at = (left + max(0.0, (wide - glyphs.getlength(char)) / 2), 24 * scale)
                pen.text(at, char, INK, glyphs, "ls", stroke_width=0.5 * piece.style.scale if piece.style.bold else 0)
            left += wide
    return picture


def _dots(char: str, style: Style, count: int, dots: int) -> int:
    """How wide one character of a piece is: a letter has its cell, and a hanzi what is twice as wide."""
    narrow = (9 if style.small else 12) * style.scale
    return narrow if char.isascii() or count * narrow == dots else 24 * style.scale


def _code(text: str, module: int) -> Image:
    from PIL import Image

    code = modules(text)
    picture = Image.new("L", (len(code), len(code)))
    picture.putdata([INK if dark else PAPER for row in code for dark in row])
    return picture.resize((len(code) * module, len(code) * module), Image.Resampling.NEAREST)
