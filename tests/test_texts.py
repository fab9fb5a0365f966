"""The words: every sentence in the code is there in every language, and nothing from outside commands a device."""

from __future__ import annotations

import ast
import string
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import ConfigError
from kiosk.money import Money
from kiosk.texts import FOLDER, LANGUAGES, SOURCE, printable, texts, width, wrapped

ROOT = Path(__file__).parent.parent
SPOKEN_IN = ("kiosk", "screens", "devices")
KEYWORDS = {"say": None, "plural": (1, 2)}


@cache
def sentences() -> dict[str, tuple[str, ...]]:
    """Every sentence in the code by its name, with all its forms."""
    found: dict[str, tuple[str, ...]] = {}
    for folder in SPOKEN_IN:
        rows = extract_from_dir(ROOT / folder, [("**.py", "python")], keywords=KEYWORDS)
        for _, _, message, _, _ in rows:
            found[forms_of(message)[0]] = forms_of(message)
    return found


def catalogue(language: str) -> Catalog:
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file)


def forms_of(message: object) -> tuple[str, ...]:
    """The forms of a sentence or translation: one, or two with a plural."""
    match message:
        case str():
            return (message,)
        case tuple() | list():
            return tuple(message)
    return ()


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


TRANSLATED = [language for language in LANGUAGES if language != SOURCE]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_in_the_code_is_there_in_every_language(language: str) -> None:
    """A customer who chose a language never meets an English sentence. The failure prints the entries to write."""
    spoken = catalogue(language)

    missing = [
        f'msgid "{forms[0]}"\n' + (f'msgid_plural "{forms[1]}"\nmsgstr[0] ""\n' if len(forms) > 1 else 'msgstr ""\n')
        for name, forms in sentences().items()
        if (entry := spoken.get(name)) is None or not all(forms_of(entry.string) or ("",))
    ]

    assert not missing, f"add to kiosk/locale/{language}.po:\n\n" + "\n".join(missing)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_plural_has_the_forms_of_its_language(language: str) -> None:
    """French says "0 jour", Spanish "0 días", Japanese has one form: as many as the language's rule picks."""
    spoken = catalogue(language)

    wrong = [entry.id for entry in spoken if entry.pluralizable and len(forms_of(entry.string)) != spoken.num_plurals]

    assert not wrong


def test_every_catalogue_is_a_language_that_is_offered() -> None:
    """A file that nobody reads, or a language without a file, is a slip."""
    assert {path.stem for path in FOLDER.glob("*.po")} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_is_of_doubtful_width(language: str) -> None:
    """What some terminals draw in one cell and others in two would push the rest of its line out of place.

    Signs such as the ellipsis are ambiguous; in Chinese and Japanese their own fonts settle it.
    """
    settled = "“”‘’…·－–—" if language.startswith(("zh", "ja")) else "–¿¡"

    doubtful = {
        char
        for entry in catalogue(language)
        for form in forms_of(entry.string)
        for char in form
        if unicodedata.east_asian_width(char) == "A" and char not in settled and not char.isalpha()
    }

    assert doubtful == set()


def comparisons() -> Iterator[tuple[str, ast.Compare]]:
    for folder in SPOKEN_IN:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Compare):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_no_code_compares_a_translated_word() -> None:
    """What a customer reads decides nothing: a reworded sentence would change what the kiosk does."""
    compared = [
        where
        for where, node in comparisons()
        for side in (node.left, *node.comparators)
        for call in ast.walk(side)
        if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) in KEYWORDS
    ]

    assert compared == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_puts_in_the_same_values(language: str) -> None:
    """An amount or a deadline that the English names is named in every language, and no other."""
    known = sentences()
    for entry in catalogue(language):
        if entry.id:
            forms = forms_of(entry.id)
            for translation in forms_of(entry.string):
                assert places(translation) == places(known.get(forms[0], forms)[-1]), f"{language}.po: {forms[0]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_catalogue_keeps_a_sentence_that_nobody_says(language: str) -> None:
    """What was reworded in the code leaves the catalogues too."""
    known = sentences()

    left_over = [entry.id for entry in catalogue(language) if entry.id and forms_of(entry.id)[0] not in known]

    assert not left_over, f"in kiosk/locale/{language}.po, but said nowhere: {left_over}"


def spoken_calls() -> Iterator[tuple[Path, ast.Call]]:
    for folder in SPOKEN_IN:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                    if name in KEYWORDS:
                        yield path, node


def test_every_sentence_is_written_where_it_is_said() -> None:
    """A sentence in a variable or an f-string would escape the catalogues."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, call in spoken_calls()
        for message in call.args[: 2 if len(call.args) > 1 else 1]
        if not (isinstance(message, ast.Constant) and isinstance(message.value, str))
    ]

    assert not hidden


def test_an_unknown_language_is_refused_with_the_ones_there_are() -> None:
    """A typing mistake in the configuration is named."""
    with pytest.raises(ConfigError, match=r"'tlh' is not a language of this kiosk; it speaks en, zh, zh_Hant, es, ja"):
        texts("tlh")


def test_a_sentence_without_a_translation_is_said_in_english() -> None:
    """Nothing is worse than an empty line on a payment screen."""
    assert texts("zh").say("A {thing} that nobody translated.", thing="line") == "A line that nobody translated."


def test_plurals_follow_the_number() -> None:
    """One day is not "1 days"."""
    english = texts("en")

    said = [english.plural("{n} day", "{n} days", n) for n in (1, 2)]

    assert said == ["1 day", "2 days"]


def test_a_value_cannot_smuggle_in_a_place_or_a_command() -> None:
    """A plan that is called `{total}` or carries an escape sequence is only text."""
    assert texts("en").say("Plan: {plan}", plan="{total}\x1b[2J") == "Plan: {total}[2J"


AMOUNTS = {
    "en": "-$1,839.50",
    "zh": "-US$1,839.50",
    "zh_Hant": "-US$1,839.50",
    "es": "-US$1,839.50",
    "ja": "-US$1,839.50",
    "ko": "-US$1,839.50",
    "fr": "-1\u202f839,50\xa0$US",
    "pt": "-US$\xa01.839,50",
}


@pytest.mark.parametrize(("language", "written"), AMOUNTS.items())
def test_an_amount_is_written_as_its_readers_write_it(language: str, written: str) -> None:
    """Whoever may have dollars or pesos of their own at home sees that these are US dollars."""
    assert texts(language).money(Money(-183950, "USD")) == written


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_has_the_same_point_as_the_amount_in_a_sentence(language: str) -> None:
    """`23.50` beside `23,50 $US` would be two ways to write one amount on one screen."""
    spoken = texts(language)

    assert spoken.figure(Money(2350, "USD")) in spoken.money(Money(2350, "USD"))


def test_an_amount_in_a_sentence_needs_no_formatting_by_the_caller() -> None:
    """Money put into a sentence is written in its language."""
    assert texts("en").say("Pay {amount}", amount=Money(1800, "USD")) == "Pay $18.00"


@pytest.mark.parametrize(
    ("language", "zone", "written"),
    [
        ("en", "America/New_York", "1 Aug 2026, 14:32 EDT"),
        ("zh", "America/New_York", "2026年8月1日 14:32 EDT"),
        ("en", "Asia/Shanghai", "2 Aug 2026, 02:32 CST"),
    ],
)
def test_a_time_carries_its_zone(language: str, zone: str, written: str) -> None:
    """A traveller knows whose clock is meant, and never mistakes a day for a month."""
    at = datetime(2026, 8, 1, 18, 32, tzinfo=UTC)

    assert texts(language).when(at, ZoneInfo(zone)) == written


@pytest.mark.parametrize(
    ("tender", "english", "chinese"),
    [
        ("alipay", "Alipay", "支付宝"),
        ("wechat", "WeChat Pay", "微信支付"),
        ("card", "Bank card", "银行卡"),
        ("cash", "Cash", "现金"),
        ("wechat_scan", "WeChat Pay", "微信支付"),
        ("paypal", "Paypal", "Paypal"),
    ],
)
def test_a_way_to_pay_is_called_as_its_customers_call_it(tender: str, english: str, chinese: str) -> None:
    """A new tender goes by its own name until somebody words it."""
    assert (texts("en").tender(tender), texts("zh").tender(tender)) == (english, chinese)


@given(st.text() | st.characters(codec=None).map(lambda char: f"a{char}b"))
def test_printable_text_has_no_character_that_commands(text: str) -> None:
    """No control character, no bidi override, no half of a surrogate pair; and twice is as good as once."""
    clean = printable(text)

    assert not {unicodedata.category(char) for char in clean} & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(clean) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
    assert printable(clean) == clean


def test_printable_text_keeps_its_words_apart() -> None:
    """A line feed in an address becomes a space; Chinese and signs stay."""
    assert printable("出境通\r\n上网卡\t– 10 GB¥") == "出境通 上网卡 – 10 GB¥"


@given(st.text(alphabet="ab 1，。（）中文é\u0301", max_size=60), st.integers(4, 20))
def test_wrapped_lines_fit_and_lose_nothing_but_spaces(text: str, columns: int) -> None:
    """No line is wider than the paper, and every sign of the text is there, in order."""
    lines = wrapped(text, columns)

    assert all(width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("columns", [-20, -1, 0, 1])
def test_wrapping_ends_where_there_is_no_room(columns: int) -> None:
    """A part of a screen that has no size yet: a sign a line, and not for ever."""
    assert wrapped("a 中", columns) == ["a", "中"]


def test_a_number_is_never_broken_where_a_line_can_hold_it() -> None:
    """`US$18.00` stays in one piece between hanzi, and no line begins with a comma."""
    assert wrapped("已付款US$18.00，请稍候", 12) == ["已付款", "US$18.00，请", "稍候"]


def test_a_korean_word_is_not_broken() -> None:
    """It has spaces between its words, and hangul are no hanzi."""
    assert wrapped("완료된 충전은 취소할 수 없습니다.", 12) == ["완료된", "충전은", "취소할 수", "없습니다."]


MAINLAND = "充值 套餐 短信 網絡 屏幕 打印 默認 二維碼 信息 視頻 軟件 程序 菜單 郵箱 條形碼 小票 激活 獲取"


def test_traditional_chinese_is_written_as_in_taiwan_and_hong_kong() -> None:
    """No sign that only simplified Chinese has (their own code page knows none of these), and no mainland word."""
    said = [form for entry in catalogue("zh_Hant") for form in forms_of(entry.string)]

    simplified = {sign for form in said for sign in form if not _in_big5(sign)}

    assert simplified == set()
    assert [word for word in MAINLAND.split() if any(word in form for form in said)] == []


def _in_big5(sign: str) -> bool:
    try:
        return bool(sign.encode("cp950"))
    except UnicodeEncodeError:
        return False
