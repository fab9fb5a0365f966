"""What is said of what is written: digit by digit, sentence by sentence, and never a picture."""

from __future__ import annotations

import pytest

from kiosk.speech import sentences
from kiosk.texts import LANGUAGES, texts


def said(line: str, language: str = "en") -> list[str]:
    return [sentence.text for sentence in sentences(line, texts(language))]


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("Card 8901 2608 6229 1477 122", ["Card 8 9 0 1, 2 6 0 8, 6 2 2 9, 1 4 7 7, 1 2 2"]),
        ("8901260862291477122", ["8 9 0 1 2 6 0 8 6 2 2 9 1 4 7 7 1 2 2"]),
        ("24.50  USD in total", ["2 4 point 5 0 USD in total"]),
        ("Choose a plan for 8900 **** **** ***0 635", ["Choose a plan for 8 9 0 0, hidden digits, 0, 6 3 5"]),
        ("Order T07 W65G DZM0", ["Order T 0 7, W 6 5 G, D Z M 0"]),
        ("+1 305 555 0142", ["+ 1, 3 0 5, 5 5 5, 0 1 4 2"]),
        ("Is this right? Then choose how to pay.", ["Is this right?", "Then choose how to pay."]),
        ("╭────╮ 10 GB █▌▐ ▶", ["10 GB"]),
        ("──────", []),
        ("", []),
        ("18:09:33  Paid", ["18:09:33 Paid"]),
    ],
)
def test_a_line_is_said_as_a_person_would(written: str, heard: list[str]) -> None:
    """Long numbers, references and amounts sign by sign; hidden digits by a word; lines and blocks not at all."""
    assert said(written) == heard


def test_chinese_sentences_end_at_their_own_stops() -> None:
    """And amounts have the word for the point in that language."""
    assert said("请核对。然后选择付款方式：24.50 USD", "zh") == ["请核对。", "然后选择付款方式：2 4 点 5 0 USD"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_words_for_numbers(language: str) -> None:
    """No English word is left in the middle of another language."""
    (sentence,) = said("1234.50 USD, *** 77", language)
    assert ("point" in sentence) == (language == "en")


def test_an_amount_with_a_comma_is_said_as_one_with_a_point() -> None:
    """French and Portuguese have a comma before the cents, and say so."""
    said = [sentences("23,50 USD", texts(language))[0].text for language in ("fr", "pt")]

    assert said == ["2 3 virgule 5 0 USD", "2 3 vírgula 5 0 USD"]
