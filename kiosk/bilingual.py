"""One paper for two readers: the customer's language, and in small what the clerk must understand of it. Pure.

It must never change what the customer reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kiosk.receipt import Block, Document, Paragraph, Row, Title


def bilingual(document: Document, clerk: Document) -> Document:
    """`document` with what `clerk` says in small: titles, keys, and what must not be missed.

    Both are the same paper, block by block, in two languages. Raises ValueError where they are not.
    """
    pairs = zip(document.blocks, clerk.blocks, strict=True)
    return replace(document, blocks=tuple(block for own, other in pairs for block in _both(own, other)))


def _both(own: Block, other: Block) -> Iterator[Block]:
    match own, other:
        case Row(), Row():
            yield replace(own, small=_beside(own, other))
        case (Title(), Title(text)) if text not in own.text:
            yield own
            yield Paragraph(text, centred=True, small=True)
        case (Paragraph(bold=True), Paragraph(text)) if text != own.text:
            yield own
            yield Paragraph(text, small=True)
        case _:
            yield own


def _beside(own: Row, other: Row) -> str:
    """The clerk's key; and the value where it is words: a number reads the same in both."""
    if other.value != own.value and not any(char.isdigit() for char in other.value):
        return f"{other.key}: {other.value}"
    return other.key if other.key != own.key else ""
