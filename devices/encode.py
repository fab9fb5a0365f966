"""A document as the bytes of an ESC/POS printer. Pure.

Only this file writes commands. Text reaches the printer as bytes from 0x20 up, so nothing that a plan, a shop or a
payment is called can command it (`ESC p` opens a cash drawer, `DLE DC4` resets). What the printer's fonts cannot say
is written in plainer characters, or as `?`; it is never sent raw.

One byte is one cell: ASCII and code pages are half as wide as the two bytes of a hanzi, also for signs that a
terminal draws narrow (“ ” … °). So lines are laid out by their bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import assert_never

from devices.profiles import Profile
from kiosk.plain import row_lines
from kiosk.receipt import Block, Document, Paragraph, Qr, Row, Rule, Title
from kiosk.texts import printable, wrapped

START = b"\x1b@"  # ESC @: forget what the job before has set
LEFT, CENTRE = b"\x1ba\x00", b"\x1ba\x01"
BOLD, NOT_BOLD = b"\x1bE\x01", b"\x1bE\x00"
DOUBLE, SINGLE = b"\x1d!\x11", b"\x1d!\x00"
CHINESE, NOT_CHINESE = b"\x1c&", b"\x1c."  # FS & … FS .: two bytes are one hanzi
CODE_PAGES = (("cp437", b"\x1bt\x00"), ("cp858", b"\x1bt\x13"))  # ESC t 0 and 19: one has ¥, the other €
FEED_AND_CUT = b"\x1dVB\x00"  # GS V 66: feed to the knife first
FEED = b"\x1bd\x05"  # ESC d 5: past the tear bar

# U+00A5 is four bytes of GB18030, which printers' fonts lack; NFKC would turn ￥ back into it.
_PLAINER = {"¥": "￥", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "−": "-", "×": "x"}


def escpos(document: Document, profile: Profile) -> bytes:
    """The whole job, from ESC @ to the cut."""
    blocks = b"".join(_block(block, profile) for block in document.blocks)
    return START + blocks + (FEED_AND_CUT if profile.cutter else FEED)


def sayable(text: str, profile: Profile) -> str:
    """The text in characters that the printer has: the same, plainer ones, or `?`."""
    return "".join(_sayable(char, profile) for char in printable(text))


def _sayable(char: str, profile: Profile) -> str:
    for candidate in (char, _PLAINER.get(char, ""), unicodedata.normalize("NFKC", char)):
        if candidate and all(_encoded(each, profile) for each in candidate):
            return candidate
    return "" if unicodedata.combining(char) else "?"


def _encoded(char: str, profile: Profile) -> bytes:
    """One character in the first of the printer's fonts that has it, or nothing.

    GBK and not all of GB18030: its four-byte codes are in no printer's font.
    """
    for codec in ("gbk",) if profile.chinese else (name for name, _ in CODE_PAGES):
        try:
            return char.encode(codec)
        except UnicodeEncodeError:
            continue
    return b""


def _bytes(text: str, profile: Profile) -> bytes:
    """A sayable line, with what switches the printer's font where ASCII is not enough."""
    if text.isascii():
        return text.encode("ascii")
    if profile.chinese:
        return CHINESE + text.encode("gbk") + NOT_CHINESE
    encoded, present = b"", b""
    for char in text:
        select = next(select for codec, select in CODE_PAGES if _has(codec, char))
        encoded += (b"" if select == present or char.isascii() else select) + _encoded(char, profile)
        present = present if char.isascii() else select
    return encoded


def _has(codec: str, char: str) -> bool:
    return char.encode(codec, "ignore") != b""


def _block(block: Block, profile: Profile) -> bytes:
    match block:
        case Title(text):
            return CENTRE + BOLD + DOUBLE + _lines(text, profile, profile.columns // 2) + SINGLE + NOT_BOLD + LEFT
        case Paragraph(text, bold, centred):
            return _set(_lines(text, profile, profile.columns), bold=bold, centred=centred)
        case Row(key, value, bold):
            row = Row(sayable(key, profile), sayable(value, profile))
            return _set(_printed(row_lines(row, profile.columns, _cells(profile)), profile), bold=bold)
        case Rule():
            return b"-" * profile.columns + b"\n"
        case Qr(text) if profile.native_qr:
            return CENTRE + _qr(printable(text).encode()) + LEFT
        case Qr(text):
            return _set(_lines(text, profile, profile.columns), centred=True)
        case _:
            assert_never(block)


def _cells(profile: Profile) -> Callable[[str], int]:
    return lambda char: len(_encoded(char, profile))


def _lines(text: str, profile: Profile, columns: int) -> bytes:
    return _printed(wrapped(sayable(text, profile), columns, _cells(profile)), profile)


def _printed(lines: list[str], profile: Profile) -> bytes:
    return b"".join(_bytes(line, profile) + b"\n" for line in lines)


def _set(lines: bytes, *, bold: bool = False, centred: bool = False) -> bytes:
    if bold:
        lines = BOLD + lines + NOT_BOLD
    return CENTRE + lines + LEFT if centred else lines


def _qr(data: bytes) -> bytes:
    """GS ( k: model 2, six dots a module, level M, store, print."""
    steps = (b"1A2\x00", b"1C\x06", b"1E1", b"1P0" + data, b"1Q0")
    return b"".join(b"\x1d(k" + len(step).to_bytes(2, "little") + step for step in steps) + b"\n"
