"""A receipt as plain text, so many columns wide: for files, the terminal and the screen."""

from __future__ import annotations

from typing import assert_never

from kiosk.receipt import Block, Document, Logo, Paragraph, Qr, Row, Rule, Title
from kiosk.texts import width, wrapped
from kiosk.untrusted import printable


def plain(document: Document, columns: int) -> str:
    """The document as text, `columns` cells wide, for files and the terminal. Ends in a line feed."""
    return "".join(line.rstrip() + "\n" for block in document.blocks for line in lines_of(block, columns))


def lines_of(block: Block, columns: int) -> list[str]:
    """One block as printable lines of at most so many cells. Nothing in them is bold or small: who shows them may make

    it so.
    """
    match block:
        case Title(text):
            return [_centred(line, columns) for line in wrapped(printable(text), columns)]
        case Paragraph(text, centred=centred):
            return [_centred(line, columns) if centred else line for line in wrapped(printable(text), columns)]
        case Row():
            return row_lines(block, columns)
        case Rule():
            return ["-" * columns]
        case Qr(text):
            return [_centred(line, columns) for line in wrapped(f"[ {printable(text)} ]", columns)]
        case Logo():
            return []
        case _:
            assert_never(block)


def row_lines(row: Row, columns: int) -> list[str]:
    """The key at the left, the value at the right: on the key's last line where it fits, else on its own.

    The small key stands beside the other where there is room for it.
    """
    lines, values = wrapped(printable(row.key), columns), wrapped(printable(row.value), columns)
    small = printable(row.small)
    together = width(lines[-1]) + width(values[0]) < columns
    if small and width(f"{lines[-1]} {small} {values[0] if together else ''}") <= columns:
        lines[-1] += " " + small
    for number, value in enumerate(values):
        room = columns - width(value)
        if number == 0 and together:
            lines[-1] += " " * (room - width(lines[-1])) + value
        else:
            lines.append(" " * room + value)
    return lines


def _centred(text: str, columns: int) -> str:
    return " " * ((columns - width(text)) // 2) + text
