"""A receipt on the screen, as the printer has it: what is bold there is bold here, and its code can be scanned."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from kiosk.plain import lines_of
from kiosk.qr import half_blocks, modules
from kiosk.receipt import Block, Document, Paragraph, Qr, Row, Rule, Title
from kiosk.texts import width
from screens.parts import Words

INK_ON_PAPER = "#000000 on #ffffff"
QUIET = 2
"""Modules of paper around the code: what decoders need."""


class Paper(Words):
    """Shows a document, so many columns wide. `said` is its text."""

    def draw(self, document: Document, columns: int) -> None:
        lines = [line for block in document.blocks for line in _drawn(block, columns)]
        self.said = "\n".join(line.plain for line in lines)
        self.update(Content("\n").join(lines))

    def on_resize(self) -> None:
        """It is as wide as it was drawn."""


def _drawn(block: Block, columns: int) -> Iterator[Content]:
    if isinstance(block, Qr):
        yield from _code(block.text, columns)
    style = _style(block)
    for line in lines_of(block, columns):
        yield Content.styled(line, style) if style else Content(line)


def _style(block: Block) -> str:
    match block:
        case Title() | Paragraph(bold=True) | Row(bold=True):
            return "bold"
        case Paragraph(small=True) | Rule() | Qr():
            return "$k-dim"
    return ""


def _code(text: str, columns: int) -> Iterator[Content]:
    """The code, centred; not where it is wider than the paper: a part of a code is none."""
    lines = half_blocks(modules(text), QUIET).split("\n")
    room = columns - width(lines[0])
    if room >= 0:
        for line in lines:
            yield Content(" " * (room // 2)) + Content.styled(line, INK_ON_PAPER)
