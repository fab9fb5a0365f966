"""Text from outside, made harmless: for a terminal, a printer, a mail, a log line, the name of a file. Pure.

An ESC or OSC in a text commands the terminal, `ESC p` opens a cash drawer, a line break forges a line of the log or a
header of a mail, a bidi override turns an amount round, and letters that nobody sees make two names look the same.
What is left is always one line; it must never say anything that the text did not.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

MARKS_MAX = 3
"""Accents on one letter: no language needs more, and a heap of them paints over the lines above and below."""

_BREAKS = re.compile("[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_CONTROLS = "\x00-\x1f\x7f-\x9f"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = (  # Default_Ignorable_Code_Point (Unicode 15.1), other format characters that draw nothing, braille's blank
    "\xad\u034f\u070f\u0890\u0891\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u2800"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_NOBODYS = (  # surrogates, private use and noncharacters: what they look like, nobody can say
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000efffe-\U0010ffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0xE0000, 0x10000))
)
_UNPRINTABLE = re.compile(f"[{_CONTROLS}{_BIDI}{_UNSEEN}{_NOBODYS}]")
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_.-]+|\.\.+")


def printable(text: str) -> str:
    """The text on one line without what could command a device: control, bidi and invisible characters, surrogates."""
    if text.isascii() and text.isprintable():
        return text
    clean = _UNPRINTABLE.sub("", _BREAKS.sub(" ", text))
    return clean if clean.isascii() else _few_marks(clean)


def printable_lines(text: str) -> str:
    """The same for a text of our own making whose line feeds are meant."""
    return "\n".join(map(printable, text.split("\n")))


def file_name(text: str) -> str:
    """The text as one name within a folder: no path leads out of it, and no name is hidden or an option."""
    return _NOT_IN_A_NAME.sub("_", printable(text)[:100]).strip(".-") or "_"


FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a spreadsheet takes as a command at the beginning of a cell, in wide letters, too."""


def cell(text: str) -> str:
    """The text as a cell of a table that a spreadsheet reads: none of it is a formula."""
    clean = printable(text)
    return f"'{clean}" if clean.lstrip().startswith(FORMULA) else clean


def json_text(value: Any, indent: int | None = None) -> str:
    """As JSON that reads back as the same; with anything in it that could command a terminal, in ASCII alone."""
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    if printable_lines(written) == written:
        return written
    return json.dumps(value, indent=indent).replace("\x7f", "\\u007f")


def _few_marks(text: str) -> str:
    kinds = [unicodedata.category(char) for char in text]
    if "Mn" not in kinds and "Me" not in kinds:
        return text
    kept, marks = [], 0
    for char, kind in zip(text, kinds, strict=True):
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if marks <= MARKS_MAX:
            kept.append(char)
    return "".join(kept)
