"""The languages that customers can read: one line each. Their sentences stand in `locale/`, in a file of the same name.

Pure data: it loads nothing, and the first picture needs no more of it than the names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Language(NamedTuple):
    """`name` as its own readers write it; `locale` and `day` are Babel's: how amounts and dates are written."""

    name: str
    locale: str
    day: str
    gap: str = ", "
    """What stands between a day and its hour."""
    point: str = "."
    """What stands before the cents: Babel's too, which the screens with large figures do not wait for."""
    dollar: str = ""
    """How US dollars are written where the locale writes a bare $, and its readers may have other dollars or pesos."""


TABLE = {
    "en": Language("English", "en_US", "d MMM y"),
    "zh": Language("简体中文", "zh_Hans_CN", "y年M月d日", " "),
    "zh_Hant": Language("繁體中文", "zh_Hant_TW", "y年M月d日", " "),
    "es": Language("Español", "es_US", "d MMM y", dollar="US$"),
    "ja": Language("日本語", "ja_JP", "y年M月d日", " ", dollar="US$"),
    "ko": Language("한국어", "ko_KR", "y년 M월 d일", " "),
    "fr": Language("Français", "fr_FR", "d MMM y", point=","),
    "pt": Language("Português", "pt_BR", "d MMM y", point=","),
}
"""In the order in which they are offered: who counts on 1 for English and 2 for Chinese finds them there."""

LANGUAGES = {code: language.name for code, language in TABLE.items()}


def the_other(languages: Sequence[str], language: str) -> str:
    """Of two languages, the one that is not this one; an empty text where there are more, or just one."""
    return next((other for other in languages if other != language), "") if len(languages) == 2 else ""
