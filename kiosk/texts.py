"""What people read, in their language: sentences, amounts, dates, and how wide they are on paper or in a terminal.

A sentence is named by its English text; `locale/*.po` holds the others (`locale/README.md` says how to add one).
Whatever came from outside passes through `printable` (untrusted.py) before it gets near a terminal or a printer.
It must never decide anything, and never load Babel before a text is asked for: that costs start-up time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from kiosk.errors import ConfigError
from kiosk.identifiers import SimNumber, is_phone
from kiosk.languages import LANGUAGES, TABLE
from kiosk.money import Money
from kiosk.plans import Line, LineKind, Place, Plan
from kiosk.untrusted import printable

__all__ = ["FOLDER", "LANGUAGES", "SOURCE", "Texts", "cell_width", "printable", "texts", "width", "wrapped"]

SOURCE = "en"
"""The language that sentences are named in: while its catalogue has no entries, the first screen needs no Babel."""

FOLDER = Path(__file__).parent / "locale"

_OPENING = "（《「『“‘【〔("
_CLOSING = "，。、：；！？）》」』”’】〕…"


@cache
def cell_width(char: str) -> int:
    """How many terminal cells one character takes: 2 for 中, 0 for an accent that joins the one before."""
    from wcwidth import wcwidth  # costs 65 ms: not before it is needed

    return max(0, wcwidth(char))


def width(text: str, measure: Callable[[str], int] = cell_width) -> int:
    """How wide a text is, in cells. A printer measures differently from a terminal: `measure` takes one character."""
    return sum(map(measure, text))


def wrapped(text: str, columns: float, measure: Callable[[str], float] = cell_width) -> list[str]:
    """The text in lines of at most `columns` cells, at least one. Only a word wider than that is ever broken."""
    lines, line = [], ""
    for piece in _pieces(text, measure):
        if line and sum(map(measure, line + piece.rstrip())) > columns:
            lines.append(line.rstrip())
            line = ""
        piece = piece if line else piece.lstrip()
        while piece.rstrip() and sum(map(measure, piece.rstrip())) > columns:
            head = _head(piece, columns, measure)
            lines.append(piece[:head])
            piece = piece[head:]
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.rstrip() or not lines else lines


def _pieces(text: str, measure: Callable[[str], float]) -> list[str]:
    """What may stand on a line of its own: a word with the spaces after it, or a hanzi with its punctuation.

    Korean has spaces between its words: they are broken no more than others.
    """
    pieces: list[str] = []
    for char in text:
        last = pieces[-1][-1] if pieces else ""
        joins = char in _CLOSING or char == " " or measure(char) == 0 or (last and last in _OPENING)
        word = last not in ("", " ") and all(measure(each) < 2 or "가" <= each <= "힣" for each in (last, char))
        if pieces and (joins or word):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _head(piece: str, columns: float, measure: Callable[[str], float]) -> int:
    """How many characters of `piece` fit; at least one, or the caller would never end."""
    fitting = 1
    while sum(map(measure, piece[: fitting + 1])) <= columns:
        fitting += 1
    return fitting


class Texts:
    """The words of one language. Values are made printable; Money becomes an amount in the language's own writing."""

    def __init__(self, language: str, catalogue: NullTranslations) -> None:
        self.language = language
        self.locale = TABLE[language].locale
        self._catalogue = catalogue

    def say(self, message: str, **values: object) -> str:
        """The sentence `message` in this language, with its {named} values put in."""
        return self._filled(self._catalogue.gettext(message), values)

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """The sentence for `n` of something. Both forms may use {n}."""
        return self._filled(self._catalogue.ngettext(one, many, n), {"n": n, **values})

    def money(self, amount: Money) -> str:
        """As a shop writes it: `$18.00` in English; `US$18.00` in Chinese, whose readers have other dollars, too."""
        from babel.numbers import format_currency  # costs 30 ms: not before it is needed

        written = printable(format_currency(amount.decimal, amount.currency, locale=self.locale))
        dollar = TABLE[self.language].dollar
        return written.replace("$", dollar) if dollar and amount.currency == "USD" else written

    def figure(self, amount: Money) -> str:
        """The amount alone, for large figures and what has its currency beside it: `18.00`, in French `18,00`."""
        return str(amount.decimal).replace(".", TABLE[self.language].point)

    def cost(self, line: Line) -> str:
        """What a line of an order costs; nothing is written beside what the provider gives on top."""
        return "" if line.kind is LineKind.BONUS else self.money(line.amount)

    def when(self, at: datetime, zone: tzinfo) -> str:
        """Date, time and zone: `1 Aug 2026, 14:32 EDT`. No order of day and month that a traveller could mistake."""
        from babel.dates import format_datetime

        local = at.astimezone(zone)
        form = TABLE[self.language].day + TABLE[self.language].gap + "HH:mm"
        written = format_datetime(local, form, locale=self.locale)
        return printable(f"{written} {local.tzname() or ''}".rstrip())

    def day(self, day: date) -> str:
        """A day alone: `1 Aug 2026`."""
        from babel.dates import format_date

        return printable(format_date(day, TABLE[self.language].day, self.locale))

    def data(self, data_mb: int | None) -> str:
        """`10 GB`, `1.2 GB`, `312 MB`, or that there is no limit."""
        if data_mb is None:
            return self.say("Unlimited")
        if data_mb < 1024:
            return self.say("{n} MB", n=data_mb)
        return self.say("{n} GB", n=f"{data_mb / 1024:.1f}".removesuffix(".0"))

    def content(self, plan: Plan) -> str:
        """What is in a plan: `10 GB`; or `10.00 USD credit`, which is no data by itself, and must not look like it."""
        return self.say("{amount} credit", amount=plan.title) if plan.is_credit else self.data(plan.data_mb)

    def halves(self, plan: Plan) -> tuple[str, str]:
        """The same on two short lines: `10 GB` and `30 days`, or `10.00 USD` and `credit`: nobody says how long."""
        if plan.is_credit:
            return printable(plan.title), self.say("credit")
        return self.data(plan.data_mb), self.plural("{n} day", "{n} days", plan.days)

    def plan(self, plan: Plan) -> str:
        """What is sold, in the customer's own words, whatever the provider calls it: `10 GB, 30 days`."""
        data, days = self.halves(plan)
        return self.content(plan) if plan.is_credit else self.say("{data}, {days}", data=data, days=days)

    def place(self, place: Place) -> str:
        """A country as this language calls it; what has no code that everybody knows, by its own name."""
        from babel import Locale
        from babel.core import get_global

        known = get_global("territory_aliases").get(place.code, [place.code]) if place.code.isalpha() else []
        names = Locale.parse(self.locale).territories
        return printable(names.get(known[0], place.name) if known else place.name)

    def number_name(self, number: SimNumber) -> str:
        """What customers call the number that this SIM is known by."""
        return self.say("Phone number") if is_phone(number) else self.say("Card number")

    def tender(self, name: str) -> str:
        """What customers call a way to pay: `wechat` and `wechat_scan` are both WeChat Pay. One without words here goes

        by its name in config.toml.
        """
        match name.partition("_")[0]:
            case "alipay":
                return self.say("Alipay")
            case "wechat":
                return self.say("WeChat Pay")
            case "card":
                return self.say("Bank card")
            case "cash":
                return self.say("Cash")
        return printable(name).capitalize()

    def brand(self, name: str) -> str:
        """What a bank card's brand is called: proper names, but for the one that Chinese customers know as 银联."""
        named = {"amex": "American Express", "mastercard": "Mastercard", "unionpay": self.say("UnionPay"), "jcb": "JCB"}
        return named.get(name) or printable(name).capitalize()

    def _filled(self, sentence: str, values: dict[str, object]) -> str:
        shown = {name: self._shown(value) for name, value in values.items()}
        return sentence.format_map(shown) if shown else sentence

    def _shown(self, value: object) -> object:
        if isinstance(value, Money):
            return self.money(value)
        return printable(value) if isinstance(value, str) else value


@cache
def texts(language: str) -> Texts:
    """The words of `language`, one of LANGUAGES. Raises ConfigError for another one."""
    if language not in LANGUAGES:
        raise ConfigError(f"{language!r} is not a language of this kiosk; it speaks {', '.join(LANGUAGES)}.")
    path = FOLDER / f"{language}.po"
    if language == SOURCE and path.read_text(encoding="utf-8").count("\nmsgid") <= 1:
        return Texts(language, NullTranslations())
    return Texts(language, _catalogue(path, TABLE[language].locale))


def _catalogue(path: Path, locale: str) -> GNUTranslations:
    """The catalogue in a .po file. Compiled in memory, so that editing the file is all it takes."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=locale))
    compiled.seek(0)
    return GNUTranslations(compiled)
