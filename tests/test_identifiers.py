"""Card numbers as people and scanners give them, and our own references."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn

from kiosk.errors import BadIccid, BadReference
from kiosk.identifiers import (
    CROCKFORD,
    Doubt,
    Purpose,
    Reference,
    SimRule,
    explain,
    grouped_iccid,
    grouped_number,
    grouped_reference,
    masked_number,
    new_reference,
    parse_iccid,
    parse_reference,
    read_iccid,
    wire_reference,
)

CARD = "8901260862291477122"
TWENTY = "8985200012345678901" + luhn.calc_check_digit("8985200012345678901")
unhurried = settings(deadline=None)
references = st.integers(0, 2**32).map(lambda seed: new_reference("K07", random.Random(seed).choice))  # noqa: S311


def card(length: int) -> str:
    """A number of so many digits whose check digit matches."""
    body = ("8901260862291477122" * 2)[: length - 1]
    return body + str(luhn.calc_check_digit(body))


# --- card numbers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        "8901 2608 6229 1477 122",
        "8901-2608-6229-1477-122",
        " 8901\u00a02608\u20136229 1477 122\r\n",
        "]C0" + CARD,
        "]C1" + CARD,
        "ICCID: " + CARD,
        "iccid" + CARD,
        "ICCID：" + CARD,
        CARD + "F",
        CARD + "f",
        "]C1" + CARD + "FFF\r",
        CARD.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ],
)
def test_a_number_is_read_however_it_is_typed_or_scanned(text: str) -> None:
    """Spaces, hyphens, a scanner's prefix, a label, the filler and an input method's wide digits are no mistakes."""
    assert parse_iccid(text) == CARD


def test_the_filler_of_a_real_card_is_dropped() -> None:
    """A stored number of 19 digits ends in F (commaai/openpilot PR 38021)."""
    assert read_iccid("8944476500008878576F").digits == "8944476500008878576"


@pytest.mark.parametrize("length", [19, 20])
def test_both_usual_lengths_are_whole_numbers(length: int) -> None:
    """Issuers use 19 or 20 digits."""
    assert len(parse_iccid(card(length))) == length


@pytest.mark.parametrize(
    ("digits", "sentence"),
    [
        (1, "1 digit: 18 or 19 are missing."),
        (13, "13 digits: 6 or 7 are missing."),
        (17, "17 digits: two or three are missing."),
        (18, "18 digits: one or two are missing."),
        (21, "21 digits: at least one too many."),
        (22, "22 digits: at least one too many."),
    ],
)
def test_a_wrong_length_is_counted_out(digits: int, sentence: str) -> None:
    """Whoever mistyped reads how many digits there are, and how many are missing."""
    with pytest.raises(BadIccid) as caught:
        parse_iccid(card(22)[:digits])

    assert str(caught.value) == sentence


def test_an_issuer_of_one_length_says_exactly_what_is_missing() -> None:
    """Where the shop knows the card, there is no "or"."""
    rules = (SimRule("89", (19, 20), True, "a"), SimRule("8901", (20,), True, "a"))

    assert explain(read_iccid(CARD, rules)) == "19 digits: one is missing."
    assert read_iccid(card(20), rules).doubt is Doubt.NONE


def test_the_longest_fitting_prefix_decides() -> None:
    """A rule for one issuer goes before the rule for all."""
    rules = (SimRule("890126", (19,), False, "a"), SimRule("89", (20,), True, "b"))

    assert parse_iccid("8901260000000000000", rules) == "8901260000000000000"


@pytest.mark.parametrize(
    "wrong",
    [
        "8901260862291477123",
        "8901260862291477212",
        "8901260862291477721",
    ],
)
def test_a_check_digit_that_does_not_match_asks_to_look_again(wrong: str) -> None:
    """It is no hard stop: a person who compared the number with the card may go on."""
    reading = read_iccid(wrong)

    assert reading.doubt is Doubt.CHECK_DIGIT
    assert explain(reading) == "The last digit does not match: check the number again."
    assert parse_iccid(wrong, checked=True) == wrong


def test_a_comparison_by_eye_does_not_excuse_missing_digits() -> None:
    """`checked` waives the check digit alone."""
    with pytest.raises(BadIccid):
        parse_iccid(CARD[:-1], checked=True)


def test_what_the_check_digit_cannot_see_passes() -> None:
    """09 and 90 swapped, or 22 for 55, look alike to it: the provider's answer decides in the end."""
    assert read_iccid("8901290862291477129").doubt is read_iccid("8901209862291477129").doubt
    assert read_iccid(CARD.replace("22", "55", 1)).doubt is Doubt.NONE


@unhurried
@given(position=st.integers(2, 18), digit=st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_seen(position: int, digit: str) -> None:
    """The check digit catches every single wrong digit."""
    mistyped = CARD[:position] + digit + CARD[position + 1 :]

    assert (read_iccid(mistyped).doubt is Doubt.NONE) is (mistyped == CARD)


def test_chinese_cards_may_have_letters() -> None:
    """A number with A to F inside has no check digit to compare (898604B7…)."""
    assert parse_iccid("898604b7112070001234") == "898604B7112070001234"


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("", Doubt.EMPTY),
        ("   ", Doubt.EMPTY),
        ("89012X", Doubt.CHARACTERS),
        ("https://example.com", Doubt.CHARACTERS),
        ("7901260862291477122", Doubt.PREFIX),
        ("4929", Doubt.PREFIX),
        ("8", Doubt.SHORT),
        ("89", Doubt.SHORT),
    ],
)
def test_every_doubt_has_a_sentence(text: str, doubt: Doubt) -> None:
    """Whatever is wrong, a person reads what to do."""
    reading = read_iccid(text)

    assert reading.doubt is doubt
    assert explain(reading).endswith(".")


@unhurried
@given(text=st.text(max_size=40))
def test_reading_never_raises(text: str) -> None:
    """A customer is still typing."""
    assert explain(read_iccid(text))


def test_a_number_is_shown_in_fours_and_masked_on_paper() -> None:
    """Paper shows the first four and the last four digits, no others."""
    assert grouped_iccid(CARD) == "8901 2608 6229 1477 122"
    assert masked_number(CARD) == "8901 **** **** ***7 122"
    assert masked_number(TWENTY).replace(" ", "")[4:-4] == "*" * 12
    assert grouped_number("+13055550142") == "+1 305 555 0142"
    assert masked_number("+13055550142") == "+1 *** *** 0142"


# --- references --------------------------------------------------------------------------------------------------


@unhurried
@given(reference=references)
def test_a_reference_is_read_back_as_people_write_it(reference: Reference) -> None:
    """Grouped, in small letters, with spaces, with O for 0 and l for 1."""
    grouped = grouped_reference(reference)

    assert parse_reference(grouped) == reference
    assert parse_reference(grouped.lower().replace("-", " ")) == reference
    assert parse_reference(grouped.replace("0", "O").replace("1", "l")) == reference


@unhurried
@given(reference=references, purpose=st.sampled_from(Purpose), number=st.integers(1, 31))
def test_what_a_remote_shows_is_read_back_as_its_order(reference: Reference, purpose: Purpose, number: int) -> None:
    """An owner finds the order of a line in the provider's or the rail's own list."""
    assert parse_reference(wire_reference(reference, purpose, number)) == reference


@unhurried
@given(reference=references, position=st.integers(0, 14), character=st.sampled_from(CROCKFORD))
def test_one_wrong_character_is_always_caught(reference: Reference, position: int, character: str) -> None:
    """No single slip leads to another customer's order."""
    mistyped = reference[:position] + character + reference[position + 1 :]
    if mistyped == reference:
        return

    with pytest.raises(BadReference, match="mistyped"):
        parse_reference(mistyped)


@settings(deadline=None, max_examples=300)
@given(reference=references, position=st.integers(2, 13))
def test_two_neighbours_swapped_are_always_caught(reference: Reference, position: int) -> None:
    """The check cannot tell 0Z from Z0: no reference has them side by side."""
    swapped = reference[:position] + reference[position + 1] + reference[position] + reference[position + 2 :]
    if swapped == reference:
        return

    with pytest.raises(BadReference, match="mistyped"):
        parse_reference(swapped)


def test_a_reference_is_drawn_again_where_a_swap_would_not_be_seen() -> None:
    """0 beside Z comes in one reference of fifty; it is not given out."""
    names = [new_reference("K00", random.Random(seed).choice) for seed in range(2000)]  # noqa: S311

    assert [name for name in names if "0Z" in name or "Z0" in name] == []


def test_a_kiosk_whose_own_name_has_0_beside_z_still_gets_references() -> None:
    """Its own three characters are the same on every reference: nobody is taken for another by them."""
    assert new_reference("K0Z", random.Random(1).choice).startswith("K0Z")  # noqa: S311


@pytest.mark.parametrize("text", ["", "K07", "K07-7Q3F-9XKD-2MW", "K07-7Q3F-9XKD-2MWBB", "K07-7Q3F-9XKD-2MU!"])
def test_what_is_no_reference_is_shown_what_one_looks_like(text: str) -> None:
    """The sentence carries an example."""
    with pytest.raises(BadReference, match="K07-7Q3F-9XKD-2MWB"):
        parse_reference(text)


@unhurried
@given(reference=references, purpose=st.sampled_from(Purpose), number=st.integers(1, 31))
def test_a_reference_on_the_wire_suits_every_remote(reference: Reference, purpose: Purpose, number: int) -> None:
    """17 capital letters and digits: no hyphen (Alipay), no underscore (Airalo), at most 32 (WeChat)."""
    wire = wire_reference(reference, purpose, number)

    assert len(wire) == 17
    assert wire.isascii()
    assert wire.isalnum()
    assert wire == wire.upper()


@unhurried
@given(
    orders=st.lists(references, min_size=2, max_size=4, unique=True),
    numbers=st.lists(st.integers(1, 31), min_size=2, max_size=4, unique=True),
)
def test_no_reference_on_the_wire_contains_another(orders: list[Reference], numbers: list[int]) -> None:
    """A remote that searches by part of a reference finds one call, not two."""
    wires = [wire_reference(order, purpose, number) for order in orders for purpose in Purpose for number in numbers]

    assert len(set(wires)) == len(wires)
    assert not [(a, b) for a in wires for b in wires if a is not b and a in b]
