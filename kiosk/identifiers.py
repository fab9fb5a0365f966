"""The names of things: what a SIM is known by, and our own references. Read once, at the edge, into types.

A function called `parse_…` is the only way to make its type; it raises where the text is wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NewType

from kiosk.errors import BadIccid, BadReference

SimNumber = NewType("SimNumber", str)
"""What a SIM is known by: its card number, the ICCID, or, with some providers, its phone number.

An ICCID has 18 to 22 characters, 89 first, no spaces; digits, and A to F on some Chinese cards. A phone number (a US
mobile number, made by phones.py) stands as E.164 has it: `+13055550142`.
"""

Reference = NewType("Reference", str)
"""The name of an order as it stands on disk and on the wire: `K077Q3F9XKD2MWB`."""

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ICCID_HEAD = "89"
"""How a card number begins, unless a rule says otherwise: the industry's own country code."""
LIKELY_LENGTHS = (19, 20)  # in practice one of these, fixed per issuer (facts: E.118)


@dataclass(frozen=True, slots=True)
class SimRule:
    """Card numbers that begin with `prefix` have one of these `lengths`; `provider` tops them up.

    The prefix "+1" stands for every US phone number; lengths and check digit say nothing of those.
    """

    prefix: str
    lengths: tuple[int, ...]
    check_digit: bool
    provider: str


class Doubt(StrEnum):
    """What may be wrong with a card number as it was read."""

    NONE = "none"
    EMPTY = "empty"
    CHARACTERS = "characters"
    PREFIX = "prefix"
    SHORT = "short"
    LONG = "long"
    CHECK_DIGIT = "check_digit"


@dataclass(frozen=True, slots=True)
class IccidReading:
    """What was read, cleaned, and what is in doubt. `missing` counts digits: (1, 2) is "one or two"."""

    digits: str
    doubt: Doubt
    missing: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        return self.doubt is Doubt.NONE


def _luhn() -> Any:
    from stdnum import luhn  # costs 25 ms: not before it is needed

    return luhn


def clean_iccid(text: str) -> str:
    """The characters of the number alone: no spaces, hyphens, scanner prefix, label or filler F."""
    text = unicodedata.normalize("NFKC", text)  # a Chinese input method types wide digits: ８９
    text = re.sub(r"[\s\-‐-―.]+", "", text).upper()
    text = text.removeprefix("]C0").removeprefix("]C1")
    text = re.sub(r"^ICCID:?", "", text)
    return re.sub(r"F+$", "", text)


def lengths_of(digits: str, rules: Sequence[SimRule]) -> tuple[tuple[int, ...], bool]:
    """Which lengths a number that begins so can have, and whether its last digit is a check digit."""
    fitting = [rule for rule in rules if digits.startswith(rule.prefix)]
    if not fitting:
        return LIKELY_LENGTHS, True
    rule = max(fitting, key=lambda rule: len(rule.prefix))
    return rule.lengths, rule.check_digit


def read_iccid(text: str, rules: Sequence[SimRule] = ()) -> IccidReading:
    """Read what was typed or scanned and say what is in doubt. Never raises: a customer is still typing."""
    digits = clean_iccid(text)
    if not digits:
        return IccidReading("", Doubt.EMPTY)
    if not re.fullmatch(r"[0-9A-F]+", digits):
        return IccidReading(digits, Doubt.CHARACTERS)
    lengths, has_check_digit = lengths_of(digits, rules)
    if not digits.startswith(ICCID_HEAD[: len(digits)]) and not any(digits.startswith(rule.prefix) for rule in rules):
        return IccidReading(digits, Doubt.PREFIX)
    if len(digits) > max(lengths):
        return IccidReading(digits, Doubt.LONG)
    if len(digits) not in lengths:
        missing = tuple(length - len(digits) for length in sorted(lengths) if length > len(digits))
        return IccidReading(digits, Doubt.SHORT, missing)
    if has_check_digit and digits.isdecimal() and not _luhn().is_valid(digits):
        return IccidReading(digits, Doubt.CHECK_DIGIT)
    return IccidReading(digits, Doubt.NONE)


def parse_iccid(text: str, rules: Sequence[SimRule] = (), *, checked: bool = False) -> SimNumber:
    """A whole card number. Raises BadIccid; `checked` says that a human compared it with the card,

    so a check digit that does not match no longer stands in the way (some issuers print none).
    """
    reading = read_iccid(text, rules)
    if reading.doubt is Doubt.NONE or (checked and reading.doubt is Doubt.CHECK_DIGIT):
        return SimNumber(reading.digits)
    raise BadIccid(explain(reading), reading)


def several(numbers: tuple[int, ...]) -> str:
    """`one or two`"""
    words = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
    in_words = all(number in words for number in numbers)
    return " or ".join(words[number] if in_words else str(number) for number in numbers)


def explain(reading: IccidReading) -> str:
    """The doubt as an English sentence for the clerk (the screens have their own, in each language)."""
    count = len(reading.digits)
    match reading.doubt:
        case Doubt.NONE:
            return "The number is complete."
        case Doubt.EMPTY:
            return "There is no number yet: type the digits beside the barcode."
        case Doubt.CHARACTERS:
            return "A card number has digits only: check the number again."
        case Doubt.PREFIX:
            return "A card number begins with 89: check that this is the number beside the barcode."
        case Doubt.SHORT:
            verb = "is" if reading.missing == (1,) else "are"
            return f"{count} {'digit' if count == 1 else 'digits'}: {several(reading.missing)} {verb} missing."
        case Doubt.LONG:
            return f"{count} digits: at least one too many."
        case Doubt.CHECK_DIGIT:
            return "The last digit does not match: check the number again."


def grouped_iccid(digits: str) -> str:
    """As on the card, in fours: `8901 2608 6229 1477 122`."""
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def is_phone(number: str) -> bool:
    """Whether a SIM is known by its phone number; otherwise by its card number."""
    return number.startswith("+")


def grouped_number(number: str) -> str:
    """A SimNumber as people read it: `8901 2608 6229 1477 122`, or `+1 305 555 0142`."""
    if is_phone(number):
        return f"{number[:-10]} {number[-10:-7]} {number[-7:-4]} {number[-4:]}"
    return grouped_iccid(number)


def masked_number(number: str) -> str:
    """A SimNumber as on a receipt or in a log: `8901 **** **** ***7 122`, or `+1 *** *** 0142`."""
    shown = 2 if is_phone(number) else 4
    return grouped_number(number[:shown] + "*" * (len(number) - shown - 4) + number[-4:])


_PHONES = re.compile(r"(?<![\w+])(?:\+\d{3,11}|1[2-9]\d{2}[2-9]\d{2})(\d{4})(?!\w)")
"""With their country code, a + before it or not: so we send US numbers, and so remotes repeat them."""


def without_phones(text: str) -> str:
    """The text with the phone numbers in it masked: `+****0142`."""
    return _PHONES.sub(r"+****\1", text)


def new_reference(kiosk: str, choose: Callable[[str], str]) -> Reference:
    """A fresh name for an order of `kiosk` ("K07"). `choose` picks one character (a seeded one in the simulator).

    The check character sees every single wrong character, and every swap of two neighbours but 0 and Z: those are
    never side by side, but for a kiosk that is called so.
    """
    while True:
        body = kiosk + "".join(choose(CROCKFORD) for _ in range(11))
        name = body + str(_luhn().calc_check_digit(body, CROCKFORD))
        if "0Z" not in name[2:] and "Z0" not in name[2:]:
            return Reference(name)


def parse_reference(text: str) -> Reference:
    """Read a reference as people type it: any case, spaces or hyphens, O for 0, I or L for 1. Raises BadReference.

    Also as a remote's own list shows it, with what it stood for at the end.
    """
    name = re.sub(r"[\s\-]+", "", text).upper().translate(str.maketrans("OIL", "011"))
    name = re.sub(f"(?<=^.{{15}})[{''.join(Purpose)}][{CROCKFORD}]$", "", name)
    if not re.fullmatch(f"[{CROCKFORD}]{{15}}", name):
        raise BadReference(f"{text.strip()!r} is not a reference; one looks like K07-7Q3F-9XKD-2MWB.")
    if not _luhn().is_valid(name, CROCKFORD):
        raise BadReference(f"{text.strip()!r} is mistyped: its last character does not match. Check it again.")
    return Reference(name)


def grouped_reference(reference: str) -> str:
    """As people see it: `K07-7Q3F-9XKD-2MWB`."""
    return "-".join((reference[:3], reference[3:7], reference[7:11], reference[11:15]))


class Purpose(StrEnum):
    """What a reference on the wire stands for. Its letter is the suffix's first character."""

    PAYMENT = "P"
    TOP_UP = "T"
    REFUND = "R"


def wire_reference(reference: Reference, purpose: Purpose, number: int = 1) -> str:
    """What a remote sees: 17 capital letters and digits, the same on every retry, none inside another.

    Alipay takes no hyphen, Airalo's search no underscore, WeChat no more than 32 characters.
    """
    return f"{reference}{purpose}{CROCKFORD[number]}"
