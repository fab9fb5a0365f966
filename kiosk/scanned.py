"""What a scanner has read: a SIM's number, our receipt, a wallet's payment code, an eSIM's code; or nothing for us.

The one place where a scan is judged. Pure, and it never raises. What is money, and whatever is not ours, must never be
shown, logged or stored: it leaves this file as a `PaymentCode`, which gives stars, or not at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kiosk.bank_cards import is_bank_card
from kiosk.errors import BadReference
from kiosk.identifiers import ICCID_HEAD, Doubt, IccidReading, SimRule, parse_reference
from kiosk.payment_codes import PaymentCode
from kiosk.phones import PhoneDoubt, Reading, clean_number, read_number

SCAN_MAX = 2000
"""Characters; the largest 2D codes hold more, but none of ours does."""
GS = "\x1d"
"""What a scanner sends for FNC1: the end of a field (GS1 General Specifications)."""


class ScanKind(StrEnum):
    """What a scan is."""

    SIM = "sim"
    RECEIPT = "receipt"
    PAYMENT_CODE = "payment_code"
    ESIM = "esim"
    BANK_CARD = "bank_card"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan, judged. `text` is a SIM's number as read (its check digit may be in doubt), or a reference of ours;

    else empty. `code` is there only where it may be a wallet's.
    """

    kind: ScanKind
    text: str = ""
    code: PaymentCode | None = None


_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]")
"""ISO/IEC 15424: `]C0` or `]C1` before Code 128, `]Q1` before QR, `]d2` before DataMatrix, if the scanner says so."""
_GS1 = ("]C1", "]e0", "]d2", "]Q3", "]J1")
"""These say that an FNC1 came first, and so that GS1's fields follow; many scanners say ]C1 of every Code 128."""
_ESIM = re.compile(r"LPA:1\$|1\$[\w.-]+\$", re.IGNORECASE)
"""GSMA SGP.22: `LPA:1$SERVER$MATCHING-ID`. It installs an eSIM; the SIM's number is not in it."""
_WALLET = re.compile(r"1[0-6][0-9]{16}|(?:2[5-9]|30)[0-9]{14,22}")
"""WeChat Pay's and Alipay's payment codes as documented: known before any adapter of theirs is loaded."""
_RUN = re.compile(r"(?<![0-9A-Za-z])89[0-9]{16,20}(?![0-9A-Za-z])")


def read_scan(raw: str, rules: Sequence[SimRule] = ()) -> Scan:
    """Judge one scan as it came. Never raises."""
    text = _trimmed(raw)
    if _ESIM.match(text):
        return Scan(ScanKind.ESIM)
    plain = re.sub(r"\s+", "", text)
    if read_number(plain, rules).whole:
        return Scan(ScanKind.SIM, clean_number(plain, rules))
    if is_bank_card(text):
        return Scan(ScanKind.BANK_CARD)
    if looks_like_payment(plain):
        return Scan(ScanKind.PAYMENT_CODE, code=PaymentCode(plain))
    if reference := _reference(plain):
        return Scan(ScanKind.RECEIPT, reference)
    if inside := _numbers_inside(text, rules):
        return Scan(ScanKind.SIM, inside)
    if _nearly(read_number(plain, rules)):
        return Scan(ScanKind.SIM, clean_number(plain, rules))
    return Scan(ScanKind.UNKNOWN, code=PaymentCode(plain))


def looks_like_payment(digits: str) -> bool:
    """Whether these digits look like what a wallet shows to be scanned: money."""
    return _WALLET.fullmatch(digits) is not None


def is_money(typed: str) -> bool:
    """Whether what is being typed looks like a bank card or a payment code: nobody may read it off a screen."""
    return is_bank_card(typed) or looks_like_payment(typed)


def _trimmed(raw: str) -> str:
    """Without the scanner's own signs around the code: its frame, its word on the symbology. A GS stays."""
    text = unicodedata.normalize("NFKC", raw[:SCAN_MAX]).strip("\x00\x02\x03 \t\r\n")
    if found := _SYMBOLOGY.match(text):
        text = (GS if found[0] in _GS1 else "") + text[found.end() :]
    return text


def _reference(text: str) -> str:
    """A whole reference of ours, as on a receipt. Its first character is a letter: digits alone are never one."""
    try:
        reference = parse_reference(text)
    except BadReference:
        return ""
    return reference if reference[0].isalpha() else ""


def _numbers_inside(text: str, rules: Sequence[SimRule]) -> str:
    """The one card number in a longer text, such as a labelled 2D code or a field of GS1. Empty for none or several."""
    found = {read_number(each, rules).digits for each in _runs(text) if _is_card_number(read_number(each, rules))}
    return found.pop() if len(found) == 1 else ""


def _runs(text: str) -> Iterator[str]:
    yield from (match[0] for match in _RUN.finditer(text))
    fields = text.split(GS)
    for field in fields if len(fields) > 1 else []:  # an application identifier stands before each: (21)8901…
        for length in range(18, 23):
            tail = field[-length:]
            if len(tail) == length and tail.startswith(ICCID_HEAD) and 2 <= len(field) - length <= 20:
                yield tail


def _is_card_number(reading: Reading) -> bool:
    return isinstance(reading, IccidReading) and reading.whole


def _nearly(reading: Reading) -> bool:
    """Read as a SIM's number with something wrong that its owner can see and mend."""
    if isinstance(reading, IccidReading):
        return reading.doubt in (Doubt.SHORT, Doubt.LONG, Doubt.CHECK_DIGIT)
    return reading.doubt not in (PhoneDoubt.EMPTY, PhoneDoubt.CHARACTERS) and len(reading.digits) <= 12
