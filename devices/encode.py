"""A document as the bytes of an ESC/POS printer.

Only this file and raster.py write commands. Text reaches the printer as bytes from 0x20 up, so nothing that a plan, a
shop or a payment is called can command it (`ESC p` opens a cash drawer, `DLE DC4` resets).

The printer's own letters come first: hanzi and kana between `FS &` and `FS .`, the letters of Europe in the code page
that has them. A line with a character that it does not have becomes a picture, where a font is found; without one the
character is said plainer, or as `?`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from devices import raster
from devices.alphabet import CELL, NO_BREAK, SMALL_CELL, cells, codec_of, dots, readable, said, select
from devices.profiles import Profile
from kiosk.receipt import Block, Document, Logo, Paragraph, Qr, Row, Rule, Title
from kiosk.texts import printable, width, wrapped

START = b"\x1b@"  # ESC @: forget what the job before has set
LEFT, CENTRE = b"\x1ba\x00", b"\x1ba\x01"
BOLD, NOT_BOLD = b"\x1bE\x01", b"\x1bE\x00"
DOUBLE, SINGLE = b"\x1d!\x11", b"\x1d!\x00"
SMALL, NOT_SMALL = b"\x1bM\x01", b"\x1bM\x00"  # ESC M: font B, three quarters as wide as font A
CHINESE, NOT_CHINESE = b"\x1c&", b"\x1c."  # FS & … FS .: two bytes are one hanzi
FEED_AND_CUT = b"\x1dVB\x00"  # GS V 66: feed to the knife first
FEED = b"\x1bd\x05"  # ESC d 5: past the tear bar

Runs = Sequence[tuple[str, bool]]
"""One line: texts, each with whether it is in the small font."""


def escpos(document: Document, profile: Profile) -> bytes:
    """The whole job, from ESC @ to the cut."""
    blocks = b"".join(_block(block, profile) for block in document.blocks)
    return _start(profile) + blocks + (FEED_AND_CUT if profile.cutter else FEED)


def _start(profile: Profile) -> bytes:
    """A printer with a Chinese font may wake up in Chinese. Where the paper is wider than our lines, they stand in its

    middle: GS L and GS W, left margin and width.
    """
    lines = profile.columns * CELL
    margin = max(0, profile.dots - lines) // 2
    area = b"\x1dL" + margin.to_bytes(2, "little") + b"\x1dW" + lines.to_bytes(2, "little")
    return START + (NOT_CHINESE if profile.chinese else b"") + (area if margin else b"")


def can_say(document: Document, profile: Profile) -> bool:
    """Whether every letter on it can be printed, as the printer's own or in a picture."""
    return all(readable(text, profile) for block in document.blocks for text in _texts(block))


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Title(text) | Paragraph(text):
            yield text
        case Row(key, value, small=small):
            yield from (key, value, small)
        case Logo() | Rule() | Qr():
            return
        case _:
            assert_never(block)


def _block(block: Block, profile: Profile) -> bytes:
    columns = profile.columns
    match block:
        case Logo(path):
            picture = raster.logo(path, profile.dots)
            return CENTRE + picture + LEFT if picture else b""
        case Title(text):
            lines = [[(line, False)] for line in _wrapped(text, profile, columns // 2)]
            return CENTRE + BOLD + DOUBLE + _lines(lines, profile, scale=2, bold=True) + SINGLE + NOT_BOLD + LEFT
        case Paragraph(text, bold, centred, small):
            broken = _small_lines(text, profile) if small else _wrapped(text, profile, columns)
            lines = [[(line, small)] for line in broken]
            return _set(_lines(lines, profile, bold=bold), bold=bold, centred=centred)
        case Row(bold=bold):
            return _set(_lines(_row(block, profile), profile, bold=bold), bold=bold)
        case Rule():
            return b"-" * columns + b"\n"
        case Qr(text):
            native = profile.native_qr
            return CENTRE + (_qr(printable(text).encode()) if native else raster.qr(printable(text))) + LEFT
        case _:
            assert_never(block)


def _wrapped(text: str, profile: Profile, columns: int) -> list[str]:
    return wrapped(said(text, profile), columns, lambda char: cells(char, profile))


def _small_lines(text: str, profile: Profile) -> list[str]:
    """Broken for the small font, in its own cells; a hanzi has not quite three of them."""
    columns = profile.columns * CELL // SMALL_CELL
    return wrapped(said(text, profile), columns, lambda char: -(-dots(char, profile, small=True) // SMALL_CELL))


def _row(row: Row, profile: Profile) -> list[list[tuple[str, bool]]]:
    """The key and the value at the right edge, on one line where both fit. The small key stands where there is room

    for it; below, where the row must not be missed.
    """

    def wide(text: str) -> int:
        return width(text, lambda char: cells(char, profile))

    lines = [[(line, False)] for line in _wrapped(row.key, profile, profile.columns)]
    values = _wrapped(row.value, profile, profile.columns) if row.value else []
    used, gaps = wide(lines[-1][0][0]), [profile.columns - wide(value) for value in values]
    together = bool(values) and used < gaps[0]
    small, taken = _small(row.small, profile)
    beside = bool(small) and used + 1 + taken < (gaps[0] if together else profile.columns)
    if beside:
        lines[-1] += [(" ", False), (small, True)]
        used += 1 + taken
    for number, (gap, value) in enumerate(zip(gaps, values, strict=True)):
        if number == 0 and together:
            lines[-1].append((" " * (gap - used) + value, False))
        else:
            lines.append([(" " * gap + value, False)])
    below = row.small and not beside and (row.bold or ":" in row.small)
    return [*lines, *([(line, True)] for line in _small_lines(row.small, profile) if below)]


def _small(text: str, profile: Profile) -> tuple[str, int]:
    """The text, filled up with small spaces to whole cells of font A; and how many of these it takes."""
    text = said(text, profile)
    while (taken := sum(dots(char, profile, small=True) for char in text)) % CELL:
        text += " "
    return text, taken // CELL


def _lines(lines: Sequence[Runs], profile: Profile, *, scale: int = 1, bold: bool = False) -> bytes:
    return b"".join(_line(runs, profile, scale, bold) for runs in lines)


def _line(runs: Runs, profile: Profile, scale: int, bold: bool) -> bytes:
    """In the printer's letters; one that it does not have makes the line a picture."""
    text = "".join(text for text, _ in runs)
    if any(codec_of(char, profile) is None for char in text):
        drawn = [raster.Drawn(char, cells(char, profile), small) for text, small in runs for char in text]
        return raster.line(drawn, profile.font, scale=scale, bold=bold)
    return b"".join(_bytes(text, profile, small) for text, small in runs) + b"\n"


def _bytes(text: str, profile: Profile, small: bool) -> bytes:
    """What the printer can say, with what switches its fonts where ASCII is not enough."""
    encoded, chinese, page = b"", False, ""
    for char in text:
        codec = codec_of(char, profile, page) or "ascii"
        if codec == "gbk" and not chinese:
            encoded, chinese = encoded + CHINESE, True
        elif codec not in ("ascii", "gbk"):
            encoded += NOT_CHINESE if chinese else b""
            encoded += select(codec, profile) if codec != page else b""
            chinese, page = False, codec
        encoded += char.replace(NO_BREAK, " ").encode(codec)
    encoded += NOT_CHINESE if chinese else b""
    return SMALL + encoded + NOT_SMALL if small and encoded else encoded


def _set(lines: bytes, *, bold: bool = False, centred: bool = False) -> bytes:
    if bold:
        lines = BOLD + lines + NOT_BOLD
    return CENTRE + lines + LEFT if centred else lines


def _qr(data: bytes) -> bytes:
    """GS ( k: model 2, six dots a module, level M, store, print; above and below, paper for its quiet zone."""
    steps = (b"1A2\x00", b"1C\x06", b"1E1", b"1P0" + data, b"1Q0")
    code = b"".join(b"\x1d(k" + len(step).to_bytes(2, "little") + step for step in steps)
    return raster.QUIET + code + b"\n" + raster.QUIET
