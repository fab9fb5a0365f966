"""What looks like a bank card's number or stripe. Whoever holds one here has it by mistake: it is thrown away, unread.

A SIM's card number is never one of these: it begins with 89, and no bank card does (ISO/IEC 7812: 89 is telecoms').
"""

from __future__ import annotations

import re
import unicodedata

IINS: tuple[tuple[str, str, frozenset[int]], ...] = tuple(
    (first, last, frozenset(lengths))
    for first, last, lengths in (
        ("1", "1", (15,)),  # UATP
        ("2200", "2204", range(16, 20)),  # Mir
        ("2221", "2720", (16,)),  # Mastercard
        ("300", "305", (14, 16)),  # Diners Club
        ("3095", "3095", (14, 16)),
        ("34", "34", (15,)),  # American Express
        ("3528", "3589", range(16, 20)),  # JCB
        ("36", "36", range(14, 20)),  # Diners Club
        ("37", "37", (15,)),
        ("38", "39", range(14, 20)),
        ("4", "4", (13, 16, 18, 19)),  # Visa
        ("50", "50", range(13, 20)),  # Maestro, Verve
        ("51", "55", (16,)),
        ("56", "69", range(13, 20)),  # Maestro, UnionPay, Discover, RuPay
        ("81", "82", range(16, 20)),  # UnionPay, RuPay
        ("9792", "9792", (16,)),  # Troy
    )
)
"""First digits from … to …, and how many digits such a number has, as the schemes publish them."""

_STRIPE = re.compile(r"[%;+]?[A-Z]?\d{13,19}[\^=]|%[A-Z]\d{8,}|;\d{8,}=")
"""ISO/IEC 7813: `%B4111…^NAME^2512…?`, `;4111…=2512…?`; also where the first sign was lost, or half of the rest."""


def is_bank_card(text: str) -> bool:
    """Whether a bank card's number, with spaces or hyphens or not, or a piece of its stripe stands here."""
    text = unicodedata.normalize("NFKC", text).upper().strip()
    if _STRIPE.search(text):
        return True
    digits = re.sub(r"[\s\-‐-―.]+", "", text)
    return bool(re.fullmatch(r"[0-9]{13,19}", digits)) and _is_issued(digits) and _fits(digits)


def _is_issued(digits: str) -> bool:
    return any(first <= digits[: len(first)] <= last and len(digits) in lengths for first, last, lengths in IINS)


def _fits(digits: str) -> bool:
    from stdnum import luhn  # costs 25 ms: not before it is needed

    return bool(luhn.is_valid(digits))
