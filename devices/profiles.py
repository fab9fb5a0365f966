"""What each printer model can do: paper, characters in a line, code pages, QR codes, knife, Chinese font.

config.toml names the model; single keys beside it say where this one differs. What python-escpos lists of a model is
taken from there (tests/devices/test_profiles.py compares); whether it has a Chinese font, and answers questions, it
does not list: that is from the makers' manuals.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.tables import PrinterTable

LATIN = (("cp437", 0), ("cp858", 19))
"""Codec, and n of ESC t: the first has the yen sign, the other the euro."""
WIDER_LATIN = (("cp437", 0), ("cp850", 2), ("cp1252", 16), ("cp858", 19))


@dataclass(frozen=True, slots=True)
class Profile:
    """What a printer can do. `columns` counts ASCII characters; `chinese` says that it has a GB18030 font.

    `dots` is how wide it prints; `code_pages` are Python's codecs with the number of each for ESC t, the first choice
    first. `answers` says that it is known to answer DLE EOT: its silence means that something is wrong. `font` is the
    file to draw with what it has no letters for; "" takes one that is found.
    """

    columns: int
    chinese: bool
    native_qr: bool
    cutter: bool
    dots: int = 576
    code_pages: tuple[tuple[str, int], ...] = LATIN
    answers: bool = False
    font: str = ""

    @classmethod
    def of(cls, table: PrinterTable) -> Profile:
        """The model's profile, with what config.toml says otherwise."""
        asked = {key: getattr(table, key) for key in ("columns", "chinese", "native_qr", "cutter", "font")}
        return replace(MODELS[table.model], **{key: value for key, value in asked.items() if value is not None})


def _epson(columns: int, dots: int, *, native_qr: bool = True) -> Profile:
    return Profile(columns, False, native_qr, True, dots, WIDER_LATIN, answers=True)


MODELS: dict[str, Profile] = {
    "generic-58mm": Profile(32, True, False, False, 384),
    "generic-80mm": Profile(42, True, True, True, 576),
    "pos-5890": Profile(32, True, False, False, 384, WIDER_LATIN),
    "zj-5870": Profile(32, True, False, False, 384, (("cp437", 0), ("cp850", 2), ("cp1252", 16))),
    "nt-5890k": Profile(32, True, False, False, 384, WIDER_LATIN),
    "sunmi-v2": Profile(32, True, True, False, 384, WIDER_LATIN),
    "xp-58": Profile(32, True, True, False, 384),
    "xp-80": Profile(48, True, True, True, 576),
    "rp326": Profile(42, False, True, True, 576, WIDER_LATIN),
    "ct-s651": Profile(48, False, True, True, 640, (("cp437", 0), ("cp850", 2), ("cp1252", 16), ("cp858", 19))),
    "tm-t20ii": _epson(48, 576),
    "tm-t88iii": _epson(42, 512),
    "tm-t88iv": _epson(42, 512),
    "tm-t88v": _epson(42, 512),
    "tm-l90": _epson(48, 576),
    "tm-p80": _epson(42, 576),
}
