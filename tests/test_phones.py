"""Phone numbers as people type them, and which of a SIM's two numbers somebody means."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import BadIccid, BadPhone
from kiosk.identifiers import IccidReading, SimRule, grouped_number, masked_number
from kiosk.phones import Kind, PhoneDoubt, kind_of, parse_number, parse_phone, read_number, read_phone

CARD = "8900000461442300635"
PHONE = "+13055550142"
CARDS = (SimRule("89", (19, 20), True, "airalo"),)
BOTH = (*CARDS, SimRule("+1", (), False, "airtime"))


@pytest.mark.parametrize(
    "typed",
    [
        "3055550142",
        "(305) 555-0142",
        "305.555.0142",
        "305 555 0142",
        "305/555-0142",
        "13055550142",
        "1-305-555-0142",
        "+1 305 555 0142",
        "+1 (305) 555-0142",
        "0013055550142",
        "001 305 555 0142",
        "３０５５５５０１４２",
        "＋１（３０５）５５５－０１４２",
        "+1\u00a0305\u2011555\u20110142",
        "tel:+1-305-555-0142",
        " 305 555 0142\r\n",
    ],
)
def test_a_us_number_is_read_however_people_write_it(typed: str) -> None:
    """Brackets, dots, hyphens, country code, a Chinese input method's wide digits: one number."""
    assert parse_phone(typed) == PHONE


@pytest.mark.parametrize(
    ("typed", "doubt", "sentence"),
    [
        ("", PhoneDoubt.EMPTY, "There is no number yet"),
        (" ()- ", PhoneDoubt.EMPTY, "There is no number yet"),
        ("305-CALL-NOW", PhoneDoubt.CHARACTERS, "digits only"),
        ("305+5550142", PhoneDoubt.CHARACTERS, "digits only"),
        ("3", PhoneDoubt.SHORT, "1 of 10 digits: 9 are missing"),
        ("+1 305 555 014", PhoneDoubt.SHORT, "9 of 10 digits: one is missing"),
        ("0", PhoneDoubt.SHORT, "digits"),
        ("00", PhoneDoubt.SHORT, "0 of 10 digits"),
        ("+", PhoneDoubt.SHORT, "0 of 10 digits"),
        ("+1", PhoneDoubt.SHORT, "0 of 10 digits"),
        ("30555501423", PhoneDoubt.LONG, "11 digits: at least one too many"),
        ("+1 305 555 0142 9", PhoneDoubt.LONG, "11 digits: at least one too many"),
        ("+44 7911 123456", PhoneDoubt.COUNTRY, "another country"),
        ("0044", PhoneDoubt.COUNTRY, "another country"),
        ("8613800138000", PhoneDoubt.COUNTRY, "another country"),
        ("13800138000", PhoneDoubt.COUNTRY, "another country"),
        ("+1 416 555 0142", PhoneDoubt.COUNTRY, "another country"),
        ("055 555 0142", PhoneDoubt.AREA, "no such US phone number"),
        ("1 155 555 0142", PhoneDoubt.AREA, "no such US phone number"),
        ("299 555 0142", PhoneDoubt.AREA, "no such US phone number"),
        ("305 155 0142", PhoneDoubt.AREA, "no such US phone number"),
        ("800 555 0142", PhoneDoubt.SERVICE, "begins with 800"),
        ("900 555 0142", PhoneDoubt.SERVICE, "begins with 900"),
    ],
)
def test_what_is_wrong_with_a_phone_number_is_said_in_a_sentence(typed: str, doubt: PhoneDoubt, sentence: str) -> None:
    """Too short, too long, of another country, of no area: the clerk reads which."""
    with pytest.raises(BadPhone, match=sentence.replace("(", r"\(")) as caught:
        parse_phone(typed)

    assert caught.value.reading.doubt is doubt


@pytest.mark.parametrize("typed", ["3055550142"[:length] for length in range(1, 10)])
def test_a_number_that_is_being_typed_is_only_short(typed: str) -> None:
    """Nobody is told that a number is wrong while it may still become right."""
    reading = read_phone(typed)

    assert (reading.doubt, reading.missing) == (PhoneDoubt.SHORT, (10 - len(typed),))


@given(st.text() | st.from_regex(r"[+0-9 ()-]{0,24}", fullmatch=True))
def test_no_text_breaks_the_reading(text: str) -> None:
    """Whatever a scanner or a paste brings: a reading, and a number only where it is a whole one."""
    for rules in ((), CARDS, BOTH, BOTH[1:]):
        read_number(text, rules)
        with suppress(BadIccid, BadPhone):
            assert re.fullmatch(r"89[0-9A-F]{16,20}|\+1[2-9][0-9]{9}", parse_number(text, rules))


# --- card or phone -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("", None),
        ("8", None),
        ("89", Kind.CARD),
        (CARD, Kind.CARD),
        ("ICCID: 8900 0004", Kind.CARD),
        ("81", Kind.PHONE),
        ("3", Kind.PHONE),
        ("+", Kind.PHONE),
        ("(", None),
        ("(3", Kind.PHONE),
        ("001", Kind.PHONE),
        ("1234567890123456789", Kind.PHONE),
    ],
)
def test_the_first_two_digits_tell_a_card_from_a_phone(typed: str, kind: Kind | None) -> None:
    """89 begins every card number, and no US phone number."""
    assert kind_of(typed, BOTH) is kind


def test_a_shop_with_one_kind_asks_for_no_other() -> None:
    """Without a rule for phones everything is a card number, as ever; with nothing else, everything is a phone."""
    assert {kind_of(typed, CARDS) for typed in ("", "3", CARD)} == {Kind.CARD}
    assert {kind_of(typed, ()) for typed in ("", "3", CARD)} == {Kind.CARD}
    assert {kind_of(typed, BOTH[1:]) for typed in ("", "3", CARD)} == {Kind.PHONE}


def test_either_kind_is_read_and_parsed_as_what_it_is() -> None:
    """Where both are taken."""
    assert parse_number("8900 0004 6144 2300 635", BOTH) == CARD
    assert parse_number("(305) 555-0142", BOTH) == PHONE
    assert isinstance(read_number("8", BOTH), IccidReading)
    with pytest.raises(BadIccid):
        parse_number("(305) 555-0142", CARDS)


def test_an_owners_own_prefix_is_a_card_before_it_is_a_phone() -> None:
    """Cards that do not begin with 89 exist where a rule says so."""
    rules = (*BOTH, SimRule("305", (12,), False, "airalo"))

    assert kind_of("3055550142", rules) is Kind.CARD
    assert kind_of("30", rules) is None


def test_people_see_a_phone_number_grouped_and_paper_only_its_end() -> None:
    """Enough to recognise it by."""
    assert grouped_number(parse_phone("3055550142")) == "+1 305 555 0142"
    assert masked_number(parse_phone("3055550142")) == "+1 *** *** 0142"


def test_phonenumbers_is_loaded_for_a_whole_number_only() -> None:
    """Its tables cost more than the welcome screen has to spare."""
    program = (
        "import sys; from kiosk.phones import read_phone; read_phone('305555');"
        " assert 'phonenumbers' not in sys.modules; read_phone('3055550142'); assert 'phonenumbers' in sys.modules"
    )

    subprocess.run([sys.executable, "-c", program], check=True)
