"""A SIM's US phone number, as people write it, and which of its two numbers somebody means; and any mobile number.

The one file that knows phonenumbers. Whether a number is somebody's, and whose, only the mobile network can tell: a
number that is read here is one that a US SIM may have, no more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.errors import BadPhone
from kiosk.identifiers import (
    ICCID_HEAD,
    IccidReading,
    SimNumber,
    SimRule,
    clean_iccid,
    is_phone,
    parse_iccid,
    read_iccid,
    several,
)

if TYPE_CHECKING:
    import phonenumbers

LENGTH = 10
"""Digits of a US number without its country code 1: an area code of three, and seven more."""


class Kind(StrEnum):
    """What a SIM may be known by."""

    CARD = "card"
    PHONE = "phone"


class PhoneDoubt(StrEnum):
    """What may be wrong with a phone number as it was read."""

    NONE = "none"
    EMPTY = "empty"
    CHARACTERS = "characters"
    COUNTRY = "country"
    SHORT = "short"
    LONG = "long"
    AREA = "area"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """What was read, without the country code, and what is in doubt. `missing` counts digits, as in IccidReading."""

    digits: str
    doubt: PhoneDoubt
    missing: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        return self.doubt is PhoneDoubt.NONE


Reading = IccidReading | PhoneReading


def takes(rules: Sequence[SimRule]) -> tuple[Kind, ...]:
    """Which kinds of number these rules know. Without any they are card numbers."""
    known = {Kind.PHONE if is_phone(rule.prefix) else Kind.CARD for rule in rules}
    return tuple(kind for kind in Kind if kind in known) or (Kind.CARD,)


def clean_number(text: str, rules: Sequence[SimRule]) -> str:
    """The characters of the number alone, a leading + among them where phone numbers are taken."""
    cleaned = clean_iccid(text)
    return re.sub(r"^TEL:|[()/]", "", cleaned) if Kind.PHONE in takes(rules) else cleaned


def kind_of(text: str, rules: Sequence[SimRule]) -> Kind | None:
    """Which number this is, or begins to be; None where it may become either.

    Card numbers begin with 89, and no US area code does: its middle digit is never a 9 (NANP numbering plan).
    """
    if len(kinds := takes(rules)) == 1:
        return kinds[0]
    digits = clean_number(text, rules)
    heads = [ICCID_HEAD, *(rule.prefix for rule in rules if not is_phone(rule.prefix))]
    if any(digits.startswith(head) for head in heads):
        return Kind.CARD
    return None if any(head.startswith(digits) for head in heads) else Kind.PHONE


def read_number(text: str, rules: Sequence[SimRule]) -> Reading:
    """Read what was typed or scanned as what it is. Never raises: a customer is still typing."""
    return read_phone(text) if kind_of(text, rules) is Kind.PHONE else read_iccid(text, rules)


def parse_number(text: str, rules: Sequence[SimRule], *, checked: bool = False) -> SimNumber:
    """A whole card number or phone number. Raises BadIccid or BadPhone; `checked` as in `parse_iccid`."""
    if kind_of(text, rules) is Kind.PHONE:
        return parse_phone(text)
    return parse_iccid(text, rules, checked=checked)


def read_phone(text: str) -> PhoneReading:
    """Read a US phone number as people type it: (305) 555-0142, 1-305-..., +1 305 ..., 001 305 .... Never raises."""
    written = re.sub(r"^TEL:|[()/]", "", clean_iccid(text))
    if not written:
        return PhoneReading("", PhoneDoubt.EMPTY)
    if not re.fullmatch(r"\+?[0-9]*", written):
        return PhoneReading(written, PhoneDoubt.CHARACTERS)
    abroad = re.match(r"\+|00", written)
    whole = written[abroad.end() :] if abroad else written
    digits = whole.removeprefix("1")
    if abroad and whole and digits == whole:
        return PhoneReading(whole, PhoneDoubt.COUNTRY)
    if len(digits) > LENGTH:
        return PhoneReading(digits, PhoneDoubt.COUNTRY if _is_elsewhere(whole) else PhoneDoubt.LONG)
    if digits[:1] in ("0", "1") and written != "0":  # which may become 001
        return PhoneReading(digits, PhoneDoubt.AREA)
    if len(digits) < LENGTH:
        return PhoneReading(digits, PhoneDoubt.SHORT, (LENGTH - len(digits),))
    return PhoneReading(digits, _doubt_of(digits, whole))


def _doubt_of(digits: str, whole: str) -> PhoneDoubt:
    """What the numbering plan says of ten digits."""
    import phonenumbers  # costs 30 ms: not before there is a whole number

    number = phonenumbers.PhoneNumber(country_code=1, national_number=int(digits))
    region = phonenumbers.region_code_for_number(number)
    if region is None:
        return PhoneDoubt.COUNTRY if len(whole) > LENGTH and _is_elsewhere(whole) else PhoneDoubt.AREA
    if region != "US":
        return PhoneDoubt.COUNTRY
    kinds = phonenumbers.PhoneNumberType
    is_sims = phonenumbers.number_type(number) in (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE)
    return PhoneDoubt.NONE if is_sims else PhoneDoubt.SERVICE


def _is_elsewhere(whole: str) -> bool:
    """Whether it is a number of another country, with its country code; or a Chinese mobile number, as at home.

    That one begins with 1 too, and is the likeliest to be typed here by mistake: the traveller's own.
    """
    import phonenumbers

    for region, text in ((None, "+" + whole), ("CN", whole)):
        try:
            number: phonenumbers.PhoneNumber = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if number.country_code != 1 and phonenumbers.is_valid_number(number):
            return True
    return False


AT_HOME = {"zh": "CN", "zh_Hant": "TW", "ja": "JP", "ko": "KR", "fr": "FR", "pt": "BR", "es": "MX"}
"""Where a number without a country code may be from, by its owner's language, if it is no US number."""


def read_mobile(text: str, language: str = "en") -> str:
    """Any country's mobile number, as E.164 has it: `+8613800138000`; empty while it is none. Never raises.

    Without a country code it is a US number; or, if it cannot be one, a number as it is written where this language is
    at home.
    """
    import phonenumbers  # costs 30 ms: only where somebody wants a message

    written = re.sub(r"^\s*00", "+", text)
    for region in ("US", AT_HOME.get(language)):
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in _mobiles():
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return ""


def _mobiles() -> tuple[int, ...]:
    """The kinds of number that may get an SMS: some countries do not tell mobile numbers from others."""
    import phonenumbers

    kinds = phonenumbers.PhoneNumberType
    return kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE, kinds.PERSONAL_NUMBER, kinds.UNKNOWN


def international(number: str) -> str:
    """As people read it: `+86 138 0013 8000`."""
    import phonenumbers

    style = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(phonenumbers.parse(number), style))


def parse_phone(text: str) -> SimNumber:
    """A whole US phone number, as E.164 has it: `+13055550142`. Raises BadPhone."""
    reading = read_phone(text)
    if reading.doubt is PhoneDoubt.NONE:
        return SimNumber("+1" + reading.digits)
    raise BadPhone(explain_phone(reading), reading)


def explain_phone(reading: PhoneReading) -> str:
    """The doubt as an English sentence for the clerk (the screens have their own, in each language)."""
    count = len(reading.digits)
    match reading.doubt:
        case PhoneDoubt.NONE:
            return "The number is complete."
        case PhoneDoubt.EMPTY:
            return "There is no number yet: type the ten digits of the SIM's US phone number."
        case PhoneDoubt.CHARACTERS:
            return "A phone number has digits only: check the number again."
        case PhoneDoubt.COUNTRY:
            return "This is a phone number of another country: a US SIM has a US phone number."
        case PhoneDoubt.SHORT:
            verb = "is" if reading.missing == (1,) else "are"
            return f"{count} of {LENGTH} digits: {several(reading.missing)} {verb} missing."
        case PhoneDoubt.LONG:
            return f"{count} digits: at least one too many for a US phone number, which has {LENGTH}."
        case PhoneDoubt.AREA:
            return "There is no such US phone number: check its first six digits."
        case PhoneDoubt.SERVICE:
            return f"No SIM has a phone number that begins with {reading.digits[:3]}: check the number again."
